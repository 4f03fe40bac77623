"""What words mean to the baseline: one table of synonyms, and a few classes of words. Data only.

English and Chinese share the rows, so a goal in one finds a button in the other.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONCEPTS: dict[str, str] = {
    # account
    "login": "log in, login, log on, logon, sign in, signin, 登录, 登陆, 登入",
    "logout": "log out, logout, log off, sign out, signout, 退出登录, 登出, 退出账号",
    "signup": "sign up, signup, register, create account, create an account,"
    " create a new account, register a new account, new account, open an account, 注册",
    "account": "account, 账户, 账号, 帐户, 帐号",
    "profile": "profile, 个人资料, 个人信息",
    "username": "username, user name, user id, userid, login name, 用户名, 用户名称, 登录名",
    "password": "password, passcode, 密码, 口令",
    "email": "email, e-mail, mail, email address, e-mail address, mail address, 电子邮箱地址, 邮箱地址,"
    " 电子邮箱, 电子邮件, 邮箱, 邮件",
    "phone": "phone, telephone, phone number, telephone number, mobile number, 电话号码, 手机号码,"
    " 手机号, 联系电话, 电话, 手机",
    "firstname": "first name, firstname, given name, forename",
    "lastname": "last name, lastname, surname, family name",
    "name": "name, 姓名, 名称, 名字",
    "address": "address, 地址",
    "city": "city, town, 城市",
    "country": "country, 国家",
    "postcode": "postcode, postal code, zip, zip code, zipcode, post code, 邮编, 邮政编码",
    "language": "language, 语言",
    "gender": "gender, 性别",
    "birthday": "birthday, date of birth, birth date, 出生日期, 生日",
    # things on pages
    "cart": "cart, basket, shopping cart, shopping basket, shopping bag, trolley, 购物车, 购物篮, 购物袋",
    "settings": "settings, setting, preferences, preference, configuration, 设置, 设定, 偏好设置",
    "notification": "notification, notifications, 通知",
    "darkmode": "dark mode, dark theme, night mode, dark appearance, 深色模式, 暗色模式, 夜间模式,"
    " 深色主题, 暗黑模式",
    "quantity": "quantity, qty, 数量, 件数",
    "price": "price, 价格, 价钱, 单价, 售价",
    "color": "color, colour, 颜色",
    "date": "date, 日期",
    "time": "time, 时间",
    "inbox": "inbox, 收件箱",
    "draft": "draft, drafts, 草稿, 草稿箱",
    "comment": "comment, comments, 评论",
    "message": "message, messages, 消息, 留言",
    "order": "order, orders, 订单",
    "home": "home, homepage, home page, 首页, 主页",
    "help": "help, 帮助",
    "coupon": "coupon, voucher, promo, promo code, promotion code, discount code, coupon code,"
    " voucher code, 优惠券, 优惠码, 折扣码",
    "newsletter": "newsletter, news letter",
    "favorite": "favorite, favourite, favorites, favourites, bookmark, bookmarks, 收藏, ♡, ♥, ❤, 🤍",
    "watch": "watch, watchlist, watch list",
    "wishlist": "wishlist, wish list, 心愿单, 愿望清单",
    "file": "file, files, 文件",
    "folder": "folder, folders, 文件夹",
    "note": "note, notes, 备注, 笔记",
    "title": "title, 标题",
    "status": "status, state, 状态",
    "department": "department, dept, 部门",
    "total": "total, sum, 总计, 合计, 总价, 总额",
    "invoice": "invoice, 发票",
    "menu": "menu, 菜单",
    "page": "page, 页面, 页",
    "user": "user, users, 用户",
    "all": "all, every, everything, 全部, 所有",
    "more": "more, 更多",
    "theme": "theme, appearance, 主题, 外观",
    "guest": "guest, guests, 客人, 入住人数, 人数",
    "room": "room, rooms, 房间, 客房",
    "destination": "destination",
    "delivery": "delivery, shipping, 配送, 送货, 配送方式",
    "payment": "payment, 付款方式, 支付方式",
    # deeds
    "add": "add, 添加, 加入, 新增, 加到, 加进, 增加",
    "create": "create, new, 新建, 创建, 建立",
    "terminate": "terminate, 注销",
    "delete": "delete, remove, erase, trash, 删除, 移除, 删掉, 移出, 🗑",
    "compose": "compose, write, new message, new mail, 写信, 写邮件",
    "edit": "edit, modify, 编辑, 修改",
    "save": "save, 保存, 储存, 存储",
    "submit": "submit, 提交",
    "send": "send, 发送, 发出",
    "confirm": "confirm, 确认",
    "ok": "ok, okay, 确定, 好的",
    "cancel": "cancel, 取消",
    "close": "close, dismiss, 关闭, 关掉, ×, ✕, ✖, ╳, ⨯",
    "swap": "swap, 对调, 互换, 交换, 调换, ⇄, ⇆, ↔, ⇅, ⇌",
    "claim": "claim, redeem, 领取, 领",
    "freeze": "freeze, lock, 冻结",
    "rename": "rename, 重命名, 改名",
    "renew": "renew, extend, 续借, 续费, 续订",
    "report": "report, flag, 举报",
    "now": "now, 立即, 马上, 立刻",
    "to": "to, 目的地, 到达地, 到达",
    "from": "from, origin, 出发地, 始发地, 出发",
    "search": "search, find, search for, look for, 查询, 搜索, 查找, 搜寻, 检索, 🔍, 🔎",
    "filter": "filter, 筛选, 过滤",
    "sort": "sort, order by, 排序",
    "download": "download, 下载",
    "export": "export, 导出",
    "upload": "upload, 上传",
    "import": "import, 导入",
    "share": "share, 分享, 转发给",
    "reply": "reply, respond, 回复, 答复",
    "forward": "forward, 转发",
    "archive": "archive, 归档, 存档",
    "pay": "pay, 支付, 付款",
    "buy": "buy, purchase, 购买, 立即购买",
    "placeorder": "place order, place the order, place my order, place your order, submit order,"
    " submit the order, 提交订单, 下单, 下订单",
    "checkout": "checkout, check out, 结算, 去结算, 结账, 去结账",
    "checkin": "check in, checkin, arrival, arrival date, 入住, 入住日期",
    "departure": "departure, departure date, leaving, 离店, 退房, 离店日期",
    "book": "book, reserve, 预订, 预定, 预约",
    "subscribe": "subscribe, 订阅",
    "unsubscribe": "unsubscribe, 退订, 取消订阅",
    "next": "next, 下一步, 下一个",
    "nextpage": "next page, 下一页",
    "previous": "previous, prev, 上一步, 上一个",
    "previouspage": "previous page, prev page, 上一页",
    "back": "back, 返回, 后退",
    "apply": "apply, 应用",
    "accept": "accept, agree, 接受, 同意",
    "decline": "decline, reject, refuse, 拒绝",
    "approve": "approve, 批准, 通过",
    "enable": "enable, turn on, switch on, activate, 启用, 开启, 打开",
    "disable": "disable, turn off, switch off, deactivate, 禁用, 停用",
    "expand": "expand, unfold, 展开",
    "collapse": "collapse, fold, 收起, 折叠",
    "show": "show, display, 显示",
    "hide": "hide, 隐藏",
    "view": "view, 查看",
    "details": "details, detail, info, information, 详情, 详细信息, 信息",
    "print": "print, 打印",
    "copy": "copy, 复制",
    "refresh": "refresh, reload, 刷新",
    "reset": "reset, 重置",
    "publish": "publish, 发布, 发表",
    "like": "like, 点赞",
    "follow": "follow, 关注",
    "play": "play, 播放",
    "pause": "pause, 暂停",
    "complete": "complete, completed, done, finish, finished, 完成, 已完成",
    "mark": "mark, 标记, 标记为, 标为",
    "read": "read, 已读",
    "unread": "unread, 未读",
    "open": "open, 打开",
    "yes": "yes, 是",
    "no": "no, 否",
    # adjectives that name options
    "express": "express, 快递, 加急",
    "standard": "standard, 标准",
    "available": "available, 可用, 有货",
    "red": "red, 红色",
    "blue": "blue, 蓝色",
    "green": "green, 绿色",
    "black": "black, 黑色",
    "white": "white, 白色",
    "chinese": "chinese, 中文, 简体中文",
    "english": "english, 英文, 英语",
}
"""Concept → what people and pages call it."""

NEAR: tuple[str, ...] = (
    "download export",
    "copy duplicate",
    "upload import attach",
    "next continue proceed",
    "add create plus + ＋",
    "buy placeorder order",
    "book buy",
    "favorite star wishlist like heart",
    "ok confirm yes apply",
    "details view open",
    "see view look",
    "username email login account",
    "spreadsheet csv excel xlsx",
    "mobile phone cell",
    "destination to where",
    "guest people person traveller traveler adult visitor",
    "done complete",
    "bin trash",
    "close hide",
    "notification alert",
    "help support",
    "cart bag",
    "job position role",
    "picture photo image avatar",
    "cost price fee rate",
    "summary subject title topic",
    "comment review",
    "remark note comment",
    "message text body",
    "telephone tel",
    "decrease minus - − less",
    "checkout departure",
    "increase plus + more",
)
"""Words that often, but not always, stand for each other; they count a little less."""

STOP = _words(
    """a an the to of in into on onto at for from with by as and or is are be was it its this that
    these those there here my your our his her their me i you we please now just then so up out
    over under within via per do does did can could would should will has have had which who whose
    what called about number amount below above following named labelled labeled titled saying says reading following given any some
    的 了 在 把 将 请 这 那 里 个 和 与 及 到 为 成 给 从 对 并 再 就 也 是 我 你 您 们 一 该 其 之 地
    得 着 吗 呢 吧 帮 需 要 用 于 项 条 件 位 款"""
)
"""Words that carry no evidence."""

CONTROLS = _words(
    """button link tab checkbox box field input textbox text icon option item entry row line card
    section list menu dropdown switch toggle radio dialog popup window panel page screen form area
    column table cell image picture heading header element value bar label select control view
    choice thing one website site paragraph text sentence
    按钮 链接 标签 标签页 选项卡 复选框 输入框 文本框 框 栏 字段 图标 选项 行 列表 菜单 下拉框 开关 单选 单选框
    对话框 弹窗 页面"""
)
"""Nouns for parts of a page: they help a match, but need not be on the page."""

KINDS = _words(
    """message email issue product article post result story task ticket record file document name
    order comment user member contact person event appointment meeting note room reservation flight
    song question account notification guest book slot folder day detail details info information
    place ticket class lesson
    医生 车票 班次 列车 次 课程 老师 商品 产品 文章 任务 结果 记录 客户 联系人 会议 日程 活动 问题"""
)
"""Nouns for what rows and cards stand for: the same, except that a field may be called so."""

SOFT = CONTROLS | KINDS

ROLES: dict[str, str] = {
    "button": "button",
    "btn": "button",
    "link": "link",
    "hyperlink": "link",
    "tab": "tab",
    "checkbox": "checkbox",
    "check box": "checkbox",
    "tick box": "checkbox",
    "switch": "switch",
    "toggle": "switch",
    "radio": "radio",
    "radio button": "radio",
    "field": "field",
    "textbox": "field",
    "text box": "field",
    "text field": "field",
    "input": "field",
    "input field": "field",
    "input box": "field",
    "box": "field",
    "bar": "field",
    "text area": "area",
    "textarea": "area",
    "dropdown": "list",
    "drop-down": "list",
    "drop down": "list",
    "drop down list": "list",
    "pull-down": "list",
    "dropdown menu": "list",
    "drop-down list": "list",
    "dropdown list": "list",
    "drop-down menu": "list",
    "select box": "list",
    "combobox": "list",
    "combo box": "list",
    "list box": "list",
    "listbox": "list",
    "scroll list": "list",
    "select list": "list",
    "selection list": "list",
    "slider": "slider",
    "spinner": "spinbutton",
    "menu item": "menuitem",
    "按钮": "button",
    "链接": "link",
    "标签页": "tab",
    "选项卡": "tab",
    "标签": "tab",
    "复选框": "checkbox",
    "勾选框": "checkbox",
    "开关": "switch",
    "单选框": "radio",
    "单选按钮": "radio",
    "输入框": "field",
    "文本框": "field",
    "框": "field",
    "栏": "field",
    "下拉框": "list",
    "下拉菜单": "list",
    "下拉列表": "list",
    "滑块": "slider",
}
"""What people call a kind of control → a class of roles (see ROLE_CLASSES)."""

ROLE_CLASSES: dict[str, frozenset[str]] = {
    "button": frozenset({"button", "menuitem", "switch", "tab"}),
    "link": frozenset({"link"}),
    "tab": frozenset({"tab", "link", "button"}),
    "checkbox": frozenset({"checkbox", "switch", "menuitemcheckbox"}),
    "switch": frozenset({"switch", "checkbox", "menuitemcheckbox", "button"}),
    "radio": frozenset({"radio", "menuitemradio"}),
    "area": frozenset({"textbox"}),
    "field": frozenset({"textbox", "searchbox", "spinbutton", "combobox", "slider"}),
    "list": frozenset({"combobox", "listbox", "button", "menu"}),
    "slider": frozenset({"slider"}),
    "spinbutton": frozenset({"spinbutton"}),
    "menuitem": frozenset({"menuitem", "link", "button", "option"}),
}

RISKY = _words(
    """delete pay buy placeorder send submit transfer unsubscribe publish post withdraw
    wipe purge erase deactivate terminate refund discard uninstall"""
)
"""Deeds that can't be taken back: done only on a perfect match with words that ask for them."""

ORDINALS: dict[str, int] = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
    "sixth": 6,
    "6th": 6,
    "seventh": 7,
    "7th": 7,
    "eighth": 8,
    "8th": 8,
    "ninth": 9,
    "9th": 9,
    "tenth": 10,
    "10th": 10,
    "last": -1,
    "final": -1,
    "bottom": -1,
    "top": 1,
    "topmost": 1,
}

NUMBERS: dict[str, int] = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
