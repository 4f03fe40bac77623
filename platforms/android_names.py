"""Names under which people and models know apps, in English and Chinese, and their packages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Known:
    """One app, or one purpose that makers serve with apps of their own."""

    names: tuple[str, ...]
    """The first one is shown where the phone tells no label."""
    packages: tuple[str, ...]
    """In the order in which they are tried."""
    brand: bool
    """The name belongs to this app alone: another app is never meant by it."""


_BRANDS = """
Airbnb | com.airbnb.android
Alipay, 支付宝 | com.eg.android.AlipayGphone
Amap, 高德地图, 高德 | com.autonavi.minimap
Amazon Shopping, Amazon, 亚马逊 | com.amazon.mShop.android.shopping
Audio Recorder | com.dimowner.audiorecorder
Baidu, 百度 | com.baidu.searchbox
Baidu Maps, 百度地图 | com.baidu.BaiduMap
Baidu Netdisk, 百度网盘 | com.baidu.netdisk
bilibili, 哔哩哔哩, B站 | tv.danmaku.bili
Booking.com, Booking | com.booking
Broccoli | com.flauschcode.broccoli
Ctrip, 携程, 携程旅行 | ctrip.android.view
Dianping, 大众点评 | com.dianping.v1
DiDi, 滴滴, 滴滴出行 | com.sdu.didi.psnger
DingTalk, 钉钉 | com.alibaba.android.rimet
Discord | com.discord
Douban, 豆瓣 | com.douban.frodo
Doubao, 豆包 | com.larus.nova
Douyin, 抖音 | com.ss.android.ugc.aweme
Duolingo, 多邻国 | com.duolingo
Ele.me, 饿了么 | me.ele
Facebook, 脸书 | com.facebook.katana
Feishu, 飞书 | com.ss.android.lark
Firefox, 火狐 | org.mozilla.firefox
Fliggy, 飞猪, 飞猪旅行 | com.taobao.trip
Freshippo, Hema, 盒马 | com.wudaokou.hippo
Gmail, 谷歌邮箱 | com.google.android.gm
Google, Google Search, 谷歌 | com.google.android.googlequicksearchbox
Google Calendar, 谷歌日历 | com.google.android.calendar
Google Chat | com.google.android.apps.dynamite
Google Chrome, Chrome, 谷歌浏览器 | com.android.chrome
Google Docs, 谷歌文档 | com.google.android.apps.docs.editors.docs
Google Drive, 谷歌云端硬盘 | com.google.android.apps.docs
Google Keep, Keep Notes, Keep | com.google.android.keep
Google Maps, 谷歌地图 | com.google.android.apps.maps
Google Photos, 谷歌相册 | com.google.android.apps.photos
Google Play, Google Play Store, Play Store | com.android.vending
Google Sheets, 谷歌表格 | com.google.android.apps.docs.editors.sheets
Google Slides, 谷歌幻灯片 | com.google.android.apps.docs.editors.slides
Google Translate, 谷歌翻译 | com.google.android.apps.translate
Instagram | com.instagram.android
iQIYI, 爱奇艺 | com.qiyi.video
JD, JD.com, 京东 | com.jingdong.app.mall
Joplin | net.cozic.joplin
Keep | com.gotokeep.keep
KFC, 肯德基 | com.yek.android.kfc.activitys
Kuaishou, 快手 | com.smile.gifmaker
Kugou Music, 酷狗, 酷狗音乐 | com.kugou.android
LinkedIn, 领英 | com.linkedin.android
Luckin Coffee, 瑞幸, 瑞幸咖啡 | com.lucky.luckyclient
Mango TV, 芒果TV | com.hunantv.imgo.activity
Markor | net.gsantner.markor
McDonald's, 麦当劳 | com.mcdonalds.gma.cn
Meituan, 美团 | com.sankuai.meituan
Meituan Waimai, 美团外卖 | com.sankuai.meituan.takeoutnew
Messenger, Facebook Messenger | com.facebook.orca
Microsoft Edge, Edge | com.microsoft.emmx
Microsoft Teams, Teams | com.microsoft.teams
NetEase Cloud Music, 网易云音乐, 网易云 | com.netease.cloudmusic
Netflix, 奈飞, 网飞 | com.netflix.mediaclient
OpenTracks, Open Tracks Sports Tracker | de.dennisguse.opentracks
OsmAnd | net.osmand net.osmand.plus
Outlook, Microsoft Outlook | com.microsoft.office.outlook
Pinduoduo, 拼多多 | com.xunmeng.pinduoduo
Pinterest | com.pinterest
Pro Expense | com.arduia.expense
QQ | com.tencent.mobileqq
QQ Browser, QQ浏览器 | com.tencent.mtt
QQ Mail, QQ邮箱 | com.tencent.androidqqmail
QQ Music, QQ音乐 | com.tencent.qqmusic
Qunar, 去哪儿, 去哪儿旅行 | com.Qunar
Railway 12306, 12306, 铁路12306 | com.MobileTicket
Reddit | com.reddit.frontpage
Retro Music | code.name.monkey.retromusic
Signal | org.thoughtcrime.securesms
Simple Calendar Pro | com.simplemobiletools.calendar.pro
Simple Draw Pro | com.simplemobiletools.draw.pro
Simple Gallery Pro | com.simplemobiletools.gallery.pro
Simple SMS Messenger | com.simplemobiletools.smsmessenger
Snapchat | com.snapchat.android
Spotify | com.spotify.music
Starbucks, 星巴克 | com.starbucks.mobilecard com.starbucks.cn
Taobao, 淘宝 | com.taobao.taobao
Telegram, 电报 | org.telegram.messenger
Temu | com.einnovation.temu
Tencent Meeting, 腾讯会议 | com.tencent.wemeet.app
Tencent News, 腾讯新闻 | com.tencent.news
Tencent Video, 腾讯视频 | com.tencent.qqlive
TikTok | com.zhiliaoapp.musically com.ss.android.ugc.trill
Tmall, 天猫 | com.tmall.wireless
Tomato Novel, 番茄小说, 番茄免费小说 | com.dragon.read
Tongcheng Travel, 同程, 同程旅行 | com.tongcheng.android
Toutiao, 今日头条, 头条 | com.ss.android.article.news
Tripadvisor, 猫途鹰 | com.tripadvisor.tripadvisor
Uber, 优步 | com.ubercab
VLC, VLC media player | org.videolan.vlc
WeChat, 微信, Weixin | com.tencent.mm
WeCom, 企业微信, WeChat Work | com.tencent.wework
Weibo, 微博, 新浪微博 | com.sina.weibo
WeRead, 微信读书 | com.tencent.weread
WhatsApp | com.whatsapp
WPS Office, WPS | cn.wps.moffice_eng
X, Twitter, 推特 | com.twitter.android
Xianyu, Goofish, 闲鱼 | com.taobao.idlefish
Xiaohongshu, RedNote, 小红书 | com.xingin.xhs
Ximalaya, 喜马拉雅 | com.ximalaya.ting.android
Youku, 优酷, 优酷视频 | com.youku.phone
YouTube, 油管 | com.google.android.youtube
YouTube Music | com.google.android.apps.youtube.music
Zhihu, 知乎 | com.zhihu.android
Zoom | us.zoom.videomeetings
"""

_PURPOSES = """
App Store, 应用商店, 应用市场, 软件商店 | com.android.vending com.xiaomi.market com.huawei.appmarket
    com.heytap.market com.bbk.appstore com.sec.android.app.samsungapps
Browser, 浏览器, Internet | com.android.browser com.sec.android.app.sbrowser com.huawei.browser
    com.heytap.browser com.vivo.browser com.android.chrome
Calculator, 计算器 | com.android.calculator2 com.google.android.calculator com.miui.calculator
    com.sec.android.app.popupcalculator com.coloros.calculator com.huawei.calculator
Calendar, 日历 | com.android.calendar com.google.android.calendar com.samsung.android.calendar
Camera, 相机, 照相机 | com.android.camera com.android.camera2 com.google.android.GoogleCamera
    com.sec.android.app.camera com.huawei.camera com.oppo.camera
Clock, 时钟, 闹钟, Alarm, Alarms | com.android.deskclock com.google.android.deskclock
    com.sec.android.app.clockpackage com.coloros.alarmclock com.android.BBKClock
    com.huawei.deskclock
Contacts, 联系人, 通讯录, 电话本 | com.android.contacts com.google.android.contacts
    com.samsung.android.app.contacts
Email, Mail, 邮件, 电子邮件, 邮箱 | com.android.email com.samsung.android.email.provider
    com.google.android.gm
Files, 文件, 文件管理, 文件管理器, File Manager, My Files | com.android.documentsui
    com.google.android.documentsui com.google.android.apps.nbu.files com.android.fileexplorer
    com.mi.android.globalFileexplorer com.sec.android.app.myfiles com.coloros.filemanager
    com.huawei.hidisk
Gallery, 相册, 图库, Photos, 照片 | com.miui.gallery com.sec.android.gallery3d com.android.gallery3d
    com.coloros.gallery3d com.vivo.gallery com.huawei.photos com.google.android.apps.photos
Maps, 地图 | com.google.android.apps.maps com.autonavi.minimap com.baidu.BaiduMap
Messages, 信息, 短信, SMS, Messaging | com.android.mms com.android.messaging
    com.google.android.apps.messaging com.samsung.android.messaging
Music, 音乐 | com.android.music com.miui.player com.sec.android.app.music
Notes, 备忘录, 便签, 笔记, 记事本, Notepad | com.miui.notes com.samsung.android.app.notes
    com.coloros.note com.example.android.notepad com.google.android.keep
Phone, 电话, 拨号, Dialer | com.android.dialer com.google.android.dialer com.samsung.android.dialer
    com.android.contacts
Recorder, 录音机, 录音, Voice Recorder | com.android.soundrecorder com.google.android.apps.recorder
    com.sec.android.app.voicenote
Settings, 设置, 系统设置, System Settings | com.android.settings
Tasks, 任务, 待办 | org.tasks com.google.android.apps.tasks
Weather, 天气 | com.miui.weather2 com.sec.android.daemonapp com.coloros.weather2
    com.huawei.android.totemweather
"""


@lru_cache(maxsize=1)
def known() -> tuple[Known, ...]:
    """All of them, brands first."""
    return (*_read(_BRANDS, True), *_read(_PURPOSES, False))


def _read(table: str, brand: bool) -> tuple[Known, ...]:
    """One entry a line: names, a bar, packages; indented lines go on with the packages."""
    lines = table.strip().replace("\n    ", " ").split("\n")
    rows = (line.partition(" | ") for line in lines)
    return tuple(Known(tuple(names.split(", ")), tuple(p.split()), brand) for names, _, p in rows)
