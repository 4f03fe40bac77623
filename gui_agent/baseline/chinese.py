"""What a Chinese clause may mean: splitting, and a table of sentence forms. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import Match

from gui_agent.baseline import questions, words
from gui_agent.baseline.forms import Forms, each, filled
from gui_agent.baseline.goals import (
    Clause,
    Commit,
    Detail,
    Fill,
    Gist,
    Hover,
    Keys,
    Leave,
    Move,
    Order,
    Pause,
    Pick,
    Press,
    Reading,
    Remember,
    ScrollTo,
    Search,
    Toggle,
)
from gui_agent.baseline.phrases import Quotes, is_quoted, phrase

FORMS = Forms()

_CLICK = "点击|单击|点按|点选|点开|点一下|按下|轻点|点|按"
_GO = "打开|进入|前往|转到|切换到|切换至|切到|跳转到|访问|去到|查看|去"
_TYPE = "输入|填写为|填写|填入|填上|键入|写上|写入|写|填为|填"
_CHOOSE = "选择|选取|挑选|选为|选中|选"
_SET = "设置为|设置成|设定为|设为|设成|改为|改成|修改为|更改为|调整为|调整到|调到|调成|换成|选为|填为|变更为"
_ON = "勾选上|勾选|打勾|开启|启用|打开|选中"
_OFF = "取消勾选|取消选中|去掉勾选|不勾选|关闭|关掉|禁用|停用"
_DEED = (
    "搜索|查找|删除|移除|添加|加入|新增|新建|创建|保存|提交|发送|确认|确定|取消|关闭|购买|下单|结算|预订|预定|支付"
    "|付款|登录|登陆|登出|退出|注册|订阅|退订|下载|导出|上传|导入|分享|回复|转发|归档|收藏|批准|拒绝|接受|同意"
    "|应用|预约|挂号|领取|查询|对调|互换|交换|注销|绑定|续借|续费|冻结|收起|签到|排序|筛选|显示|隐藏|展开|收起|编辑|修改|重命名|复制|打印|刷新|重置|继续|播放|暂停|发布|评论|滚动|悬停"
    "|等待|返回|拖动|拖|清空|标记"
)
_OPENING = "告诉|回答|按照?|把|将|在|从|用|使用|向下|向上"
"""How a clause may begin without a verb."""
_VERB = f"(?:{_CLICK}|{_GO}|{_TYPE}|{_CHOOSE}|{_ON}|{_OFF}|{_DEED}|{_OPENING})"
_SPLIT = re.compile(
    rf"\s*[，,；;、]\s*(?:然后|接着|之后|随后|最后|再|并且|并|同时)?(?={_VERB})"
    rf"|\s*[，,；;]\s*(?:然后|接着|之后|随后|最后|再|并且|并|同时)?"
    rf"|[。！!？?\n]+|(?:然后|接着|之后再|之后|随后|最后)(?={_VERB})|(?:并且|并|再|后)(?={_VERB})"
    rf"|(?:和|以及)(?=(?:{_CLICK}|{_CHOOSE}|{_TYPE}|{_ON}|{_OFF}))"
)
_FILLER = re.compile(
    "^(?:请你?|麻烦你?|能不能|可以|可不可以|帮我|帮忙|替我|首先|先|然后|接着|之后|最后|再|并且|并"
    "|我想要?|我要|我需要|需要|给我|我(?=只))+"
)
_TRAILER = re.compile("(?:一下子?|吧|好吗|可以吗|行吗|谢谢)+$")
_ONLY = "(?:只|仅|就)(?:给我|让我)?(?:想|要|需要)?(?:看|查看|显示|保留|列出)"
_UNCLEAR = re.compile(
    "如果|除了|除非|不要|请勿|(?<![性级类区分特个])别(?=[点按删选提买打])|否则|除外|以外|以下|以上"
    "|低于|高于|超过|至少|至多|不超过|或者|直到"
)
_BACKGROUND = re.compile(
    "(?:因为|由于|家里|家中|我家|最近|这几天)[^把将点选]*(?:有|是|了|没|太|不)[^把将点选]*"
)
"""A reason, which asks for nothing."""
_PLACE = re.compile(
    "(?:在|到)(?P<place>[^，把将]+?)(?:页面|标签页|选项卡|栏目)?(?:里面|里|中|内|下)"
    f"(?P<verb>把|将|{_CLICK}|{_GO}|勾选|开启|启用|取消勾选|关闭|禁用|删除)(?P<rest>.+)"
)
_QUESTION = re.compile(
    "多少|多[长久大高重远]|几[号楼层座路页门]|什么|哪|几个|几封|几条|几件|几点|谁|吗|是否|告诉我|何时"
)
_UNIT = "[个位件名人份晚间张条杯台本]"
_DIGITS = "[一二两三四五六七八九十]|\\d+"


def clauses(masked: str, quotes: Quotes) -> list[Clause]:
    """The clauses of a masked goal with their readings, likeliest first."""
    parts = list(_split(masked))
    asked = [part for part in parts if not _BACKGROUND.fullmatch(part)] or parts
    return [Clause(quotes.restore(part), tuple(_readings(part, quotes))) for part in asked]


def unclear(text: str) -> str:
    """The first condition, negation or comparison in a masked text, or ""."""
    match = _UNCLEAR.search(text)
    return match[0] if match else ""


def _split(masked: str) -> Iterator[str]:
    for piece in _SPLIT.split(masked):
        part = _TRAILER.sub("", _FILLER.sub("", piece.strip()))
        part = re.sub("^(把|将)(?:里面|其中|里边|那里)的", r"\1", part)
        if place := _PLACE.fullmatch(part):
            yield f"{place['verb']}{place['place']}的{place['rest']}"
        elif part:
            yield part


def _readings(part: str, quotes: Quotes) -> list[Reading]:
    if _QUESTION.search(part) and (ask := questions.chinese(part, quotes)):
        return each(ask)
    return [*FORMS.readings(part, quotes), _gist(part, quotes)]


def _gist(part: str, quotes: Quotes) -> Reading:
    """What a clause says, as a bag of words."""
    text = quotes.restore(part)
    verb = re.match(f"{_DEED}", part)
    deed = words.terms(verb[0])[0] if verb else ""
    plain = (
        part[verb.end() :] if verb else re.sub(f"^(?:{_ONLY}|{_CLICK}|{_GO}|{_CHOOSE})", "", part)
    )
    terms = words.content(quotes.restore(re.sub("的(?=$|那)", "", plain)))
    vital = tuple(t for t in terms if t.isdigit())
    return (Gist(text, terms, deed, not re.match(f"{_OFF}|隐藏", part), vital),) if terms else ()


@FORMS(f"{_ONLY}(?P<what>.+?)(?:的[^的]*)?")
def _only(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = phrase(match["what"], quotes)
    return each(Toggle(what, True), Pick(what), Press(what))


@FORMS("(?:查询|查找|搜索|查看|查|买|预订|预定)(?:一下)?(?P<rest>.*从.+)")
def _journey(match: Match[str], quotes: Quotes) -> list[Reading]:
    rest = match["rest"]
    day = re.search("(?:\\d+年)?\\d+月\\d+[日号]", rest)
    places = re.search(
        "从(?P<from>.+?)(?:出发)?(?:去|到|至|飞往|飞)(?P<to>.+?)(?:的.+)?$",
        rest.replace(day[0], "") if day else rest,
    )
    if not places:
        return []
    ends = [Detail(places["from"], "from"), Detail(places["to"], "to")]
    days = [Detail(day[0], "on")] if day else []
    return [(Order("search", phrase("", quotes), (*ends, *days)),)]


def _listed(text: str) -> list[str]:
    return [part for part in re.split("、|和|以及|及|，|,", text) if part.strip()]


@FORMS("(?:返回|后退|回到)(?:上一?页|上一个页面|前一页)?")
def _back(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Leave(), Press(phrase("返回", quotes)))


@FORMS("(?:打开|访问|前往)\\s*(https?://\\S+)")
def _address(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Leave(match[1]))


@FORMS("(?:按下?|敲)\\s*(回车|回车键|Enter|enter|ESC|Esc|退出键|Tab|空格)键?")
def _keys(match: Match[str], quotes: Quotes) -> list[Reading]:
    names = {
        "回车": "enter",
        "回车键": "enter",
        "退出键": "escape",
        "空格": "space",
        "esc": "escape",
    }
    said = match[1].lower()
    return each(Keys((names.get(said, said),)))


@FORMS("(?P<kind>双击|右键点击|右击|右键单击)(?P<what>.+)")
def _special_click(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = phrase(match["what"], quotes)
    if match["kind"] == "双击":
        return each(Press(what, count=2))
    return each(Press(what, button="right"))


@FORMS(f"(?:把|将)(?P<field>.+?)(?:从.+?)?(?:{_SET}|{_TYPE})(?P<value>.+)"
       f"|(?P<field2>[^把将]+?)(?:{_SET})(?P<value2>.+)"
       f"|(?:设置|修改|更改|调整|选择|填写)(?P<field3>.+?)(?:(?<!作)为|成|：|:)(?P<value3>.+)")  # fmt: skip
def _set_to(match: Match[str], quotes: Quotes) -> list[Reading]:
    field = match["field"] or match["field2"] or match["field3"]
    value = match["value"] or match["value2"] or match["value3"]
    value = re.sub("(?<=.)的$", "", value)
    return each(filled(field, value, quotes, literal=False))


@FORMS(f"(?:在|往|向|到)(?P<field>.+?)(?:里面|里|中|内|上|处|一栏|栏)?(?P<verb>{_TYPE}|{_CHOOSE})"
       "(?:上|为|了)?(?P<value>.+)")  # fmt: skip
def _in_field(match: Match[str], quotes: Quotes) -> list[Reading]:
    literal = not re.fullmatch(_CHOOSE, match["verb"])
    pick = [] if literal else [Pick(phrase(f"{match['field']}的{match['value']}", quotes))]
    return each(filled(match["field"], match["value"], quotes, literal), *pick)


@FORMS("(?:使用|用|以)(?P<pairs>.+?)(?P<verb>登录|登陆|注册)")
def _sign_in(match: Match[str], quotes: Quotes) -> list[Reading]:
    pairs = tuple(pair for part in _listed(match["pairs"]) if (pair := _pair(part, quotes)))
    verb = words.terms(match["verb"])[0]
    return [(*pairs, Commit(verb))] if len(pairs) == len(_listed(match["pairs"])) else []


def _pair(text: str, quotes: Quotes) -> Fill | None:
    match = re.fullmatch(
        f"(?P<f>[^\ue000-\uf8ff\\x21-\\x7e]+?)(?:是|为|：|:|{_TYPE}|{_CHOOSE})?\\s*"
        r"(?P<v>[\ue000-\uf8ff]|[\x21-\x7e]+)",
        text.strip(),
    )
    return filled(match["f"], match["v"], quotes, literal=True) if match else None


@FORMS(f"(?:{_TYPE})?(?P<rest>[^\ue000-\uf8ff].*)")
def _pairs(match: Match[str], quotes: Quotes) -> list[Reading]:
    pairs = [_pair(part, quotes) for part in _listed(match["rest"])]
    found = tuple(pair for pair in pairs if pair)
    verbs = re.match(f"(?:{_CLICK}|{_GO}|{_ON}|{_OFF}|搜索|查找|添加|删除|把|将|在)", match[0])
    return [found] if found and len(found) == len(pairs) and not verbs else []


@FORMS(f"(?P<verb>{_TYPE}|{_CHOOSE})(?P<value>.+?)(?:作为|当作|到|进|为)(?P<field>.+)")
def _value_as(match: Match[str], quotes: Quotes) -> list[Reading]:
    literal = not re.fullmatch(_CHOOSE, match["verb"])
    field = re.sub("(?:里面|里|中)$", "", match["field"])
    return each(filled(field, match["value"], quotes, literal))


@FORMS(f"(?!{_VERB})(?P<field>[^\ue000-\uf8ff]+?)(?P<verb>{_TYPE}|{_CHOOSE})(?P<value>.+)")
def _field_first(match: Match[str], quotes: Quotes) -> list[Reading]:
    literal = not re.fullmatch(_CHOOSE, match["verb"])
    return each(filled(match["field"], match["value"], quotes, literal))


@FORMS(f"(?:{_CHOOSE}|设置|设为)(?P<n>{_DIGITS})\\s*{_UNIT}?(?P<field>.+)")
def _so_many(match: Match[str], quotes: Quotes) -> list[Reading]:
    amount = words.number(match["n"])
    return each(Fill(phrase(match["field"], quotes), f"{amount:g}", literal=False))


@FORMS(f"(?:{_TYPE})(?P<value>.+)")
def _just_type(match: Match[str], quotes: Quotes) -> list[Reading]:
    if not (is_quoted(match["value"]) or match[0].startswith(("输入", "键入"))):
        return []
    return each(Fill(None, quotes.restore(match["value"])))


@FORMS(f"(?P<off>{_OFF})?(?P<on>{_ON})?(?P<every>所有的?|全部的?)?(?P<what>.+)")
def _toggle(match: Match[str], quotes: Quotes) -> list[Reading]:
    if not match["off"] and not match["on"]:
        return []
    on, every = not match["off"], bool(match["every"])
    parts = tuple(Toggle(phrase(part, quotes), on, every) for part in _listed(match["what"]))
    return [(Toggle(phrase(match["what"], quotes), on, every),), parts]


@FORMS(f"(?:{_CHOOSE})(?P<every>所有的?|全部的?)?(?P<what>.+)")
def _pick(match: Match[str], quotes: Quotes) -> list[Reading]:
    if match["every"]:
        return each(Toggle(phrase(match["what"], quotes), True, every=True))
    parts = tuple(Pick(phrase(part, quotes)) for part in _listed(match["what"]))
    return [(Pick(phrase(match["what"], quotes)),), parts]


@FORMS(f"(?:{_CLICK}|{_GO})(?P<what>.+)")
def _click(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Press(phrase(match["what"], quotes)))


@FORMS("(?:按照|按|根据)?(?P<key>.+?)(?:来)?(?:(?:给|对|把).+?)?(?:排序|排个序|排一下序|排列)")
def _sort(match: Match[str], quotes: Quotes) -> list[Reading]:
    key = match["key"]
    return each(Fill(phrase("排序", quotes), quotes.restore(key), literal=False),
                Press(phrase(key, quotes), verb="sort"), Press(phrase(key, quotes)))  # fmt: skip


@FORMS("(?:搜索|查找|搜一下|搜)(?:一下)?(?:关键词)?(?P<text>.+)")
def _search(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Search(quotes.restore(match["text"])))


@FORMS(
    "(?:把|将)(?P<what>.+?)(?P<verb>加入|添加到|加到|放入|放进|放到|排到|排进|塞进|收进|列入|移到|移动到|标记为|标为)"
    "(?P<to>.+?)(?:里面|里边|里|中)?"
)
def _put_into(match: Match[str], quotes: Quotes) -> list[Reading]:
    verb = {"移": "move", "标": "mark"}.get(match["verb"][0], "add")
    what = phrase(f"{match['what']} {match['to']}", quotes)
    move = [Move(phrase(match["what"], quotes), phrase(match["to"], quotes))]
    return each(Press(what, verb), *(move if verb == "move" else []))


@FORMS("(?:把|将)(?P<what>.+?)(?:拖动到|拖拽到|拖到|拖放到|拖入)(?P<onto>.+?)(?:里|中|上)?"
       "|拖动(?P<what2>.+?)到(?P<onto2>.+?)(?:里|中|上)?")  # fmt: skip
def _drag(match: Match[str], quotes: Quotes) -> list[Reading]:
    what, onto = match["what"] or match["what2"], match["onto"] or match["onto2"]
    return each(Move(phrase(what, quotes), phrase(onto, quotes)))


@FORMS("(?:把|将)(?P<what>.+?)复制(?:并粘贴)?(?:到|进)(?P<to>.+?)(?:里|中)?")
def _copy(match: Match[str], quotes: Quotes) -> list[Reading]:
    return [(Remember(phrase(match["what"], quotes)), filled(match["to"], "它", quotes))]


@FORMS("(?:悬停在|悬停到|悬停|把?鼠标(?:移动?到|悬停在))(?P<what>.+?)(?:上面|上)?")
def _hover(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Hover(phrase(match["what"], quotes)))


@FORMS(
    "(?:向|往)?(?P<way>下|上)?(?:滚动|滑动|翻)(?:页面)?(?:到|至)?(?P<what>.+?)?(?:部分|处|为止)?"
)
def _scroll(match: Match[str], quotes: Quotes) -> list[Reading]:
    what = match["what"] or ""
    if end := re.fullmatch("(?:页面)?(?:最)?(底|末尾|下面|顶|上面)[部端]?", what):
        return each(ScrollTo(direction="up" if end[1] in "顶上面" else "down", to_end=True))
    target = phrase(what, quotes) if what else None
    return each(ScrollTo(target, direction="up" if match["way"] == "上" else "down"))


@FORMS("等待?(?P<n>\\d+|[一二两三四五十])?\\s*秒?钟?")
def _wait(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Pause(min(words.number(match["n"] or "2") or 1.0, 60.0)))


@FORMS(
    "(?:把|将)(?P<what>.+?)(?P<verb>删除|移除|删掉|归档|收藏|展开|收起|保存|发送|提交|打开|关闭|取消|下载|分享)掉?"
)
def _do_to(match: Match[str], quotes: Quotes) -> list[Reading]:
    what, verb = phrase(match["what"], quotes), words.terms(match["verb"])[0]
    if match["verb"] in ("打开", "关闭"):
        return each(
            Toggle(what, match["verb"] == "打开"), Press(what, "" if verb == "open" else verb)
        )
    return each(Press(what, verb=verb))


@FORMS("(?:把|将)?(?P<what>.+?)(?P<verb>对调|互换|交换)(?:过来)?")
def _swap(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Press(phrase(match["what"], quotes), "swap"), Press(phrase("", quotes), "swap"))


@FORMS("给(?P<what>.+?)(?:加上?|添加|打上?)(?P<mark>星标|标签|收藏|点赞|标记)")
def _give(match: Match[str], quotes: Quotes) -> list[Reading]:
    return each(Press(phrase(f"{match['what']}的{match['mark']}", quotes)))


@FORMS("写(?:一?封)?(?:新?邮件|信)(?:给\\s*(?P<to>\\S+))?")
def _write(match: Match[str], quotes: Quotes) -> list[Reading]:
    opener = Press(phrase("写信", quotes))
    if not match["to"]:
        return each(opener, Press(phrase("写邮件", quotes)))
    return [(opener, filled("收件人", match["to"], quotes))]


@FORMS(f"(?P<verb>{_DEED})(?P<what>.*)")
def _deed(match: Match[str], quotes: Quotes) -> list[Reading]:
    """Any other verb: it has to be found on what is clicked, with the words that follow it."""
    return each(Press(phrase(match["what"], quotes), verb=words.terms(match["verb"])[0]))
