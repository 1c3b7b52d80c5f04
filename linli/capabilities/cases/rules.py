"""What may follow what, who sees what, how long things take: no Django, no clock."""

from __future__ import annotations

import re
from datetime import date, timedelta

from linli.core.fields.field import KEPT_YEARS
from linli.core.rules import rule
from linli.workbench.retention.rules import kept_until

TAKES_CASES = frozenset(
    {
        "subdistrict_officer",
        "secretary",
        "community_worker",
        "grid_worker",
        "micro_grid_lead",
        "property_manager",
    }
)
DISPATCHES = frozenset({"subdistrict_officer", "secretary", "community_worker"})
SEES_ALL_CASES = frozenset({"subdistrict_officer", "secretary", "community_worker", "grid_worker"})
SEES_CONFIDENTIAL = frozenset({"subdistrict_officer", "secretary"})
EDITS_CATEGORIES = frozenset({"subdistrict_officer"})

LONGEST_TEXT = 5000  # characters
LONGEST_ANSWER = 2000
LONGEST_OUTSIDE = 20_000  # of another office: what it took down is not cut short
TITLE_LENGTH = 40
SHORTEST_REASON = 2
USUAL_WORKING_DAYS = 5
USUAL_ROLE = "community_worker"
DISPATCH_WITHIN_DAYS = 1  # working days
ANSWER_WITHIN_DAYS = 2
_STEPS_TOLD = {
    ("", "received"): "received",
    ("received", "assigned"): "assigned",
    ("assigned", "accepted"): "in_hand",
    ("assigned", "in_hand"): "in_hand",
    ("answered", "received"): "reopened",
    ("closed", "received"): "reopened",
}
TASK_OF_STATE = {"received": "cases.dispatch", "handled": "cases.answer"}
UNCONFIRMED_AFTER_DAYS = 7
ROLE_OF_DANGER = {
    "trapped": "property_manager",
    "gas": "property_manager",
    "fire": "grid_worker",
    "life": "grid_worker",
}
TOLD_WITHIN_HOURS = 24  # what came in longer ago, as in an old list, wakes nobody
REOPENED_WITHIN_DAYS = 30
SECRET_LENGTH = 8
MOST_TRIES = 10  # wrong tries of one tracking number, or from one address, in an hour
MOST_PARTIES = 8
CAN_BE_SPOKEN_OF = frozenset({"", "fixed", "unconfirmed"})  # outcomes

NEXT: dict[str, frozenset[str]] = {
    "received": frozenset({"assigned", "answered", "closed"}),
    "assigned": frozenset({"accepted", "in_hand", "received", "handled", "answered", "closed"}),
    "accepted": frozenset({"assigned", "in_hand", "received", "handled", "answered", "closed"}),
    "in_hand": frozenset({"received", "handled", "answered", "closed"}),
    "handled": frozenset({"assigned", "answered", "closed"}),
    "answered": frozenset({"received", "closed"}),
    "closed": frozenset({"received"}),
}


@rule(
    says="办件只能按次序往下走；退回的回到待分派；结了的只有居民说没解决或社区重开才回来",
    source="设计：事事有回应（A1）",
    since="2026-11-23",
    examples=(
        ({"now": "received", "then": "assigned"}, True),
        ({"now": "received", "then": "handled"}, False),
        ({"now": "closed", "then": "received"}, True),
        ({"now": "closed", "then": "answered"}, False),
    ),
)
def may_follow(*, now: str, then: str) -> bool:
    """May a case go from one state to another?"""
    return then in NEXT.get(now, frozenset())


@rule(
    says=f"新来的、退回的、重开的，社区{DISPATCH_WITHIN_DAYS}个工作日内分派；办好的，{ANSWER_WITHIN_DAYS}个工作日内答复；都有待办",
    source="设计：要人办的状态都有待办（决定0032）",
    since="2026-11-30",
    examples=(
        ({"state": "received"}, "cases.dispatch"),
        ({"state": "handled"}, "cases.answer"),
        ({"state": "assigned"}, ""),
        ({"state": "answered"}, ""),
    ),
)
def task_of(*, state: str) -> str:
    """Return the kind of task a state asks for beside those of the shares, "" for none."""
    return TASK_OF_STATE.get(state, "")


@rule(
    says="每一步告诉留了手机、要短信的反映人，一步一条，不重发；要电话的只打答复那一个；保密的不发",
    source="设计：件件有回音、不打扰（决定0032）",
    since="2026-11-30",
    examples=(
        ({"before": "", "then": "received"}, "received"),
        ({"before": "received", "then": "assigned"}, "assigned"),
        ({"before": "handled", "then": "assigned"}, ""),
        ({"before": "assigned", "then": "in_hand"}, "in_hand"),
        ({"before": "accepted", "then": "in_hand"}, ""),
        ({"before": "assigned", "then": "received"}, ""),
        ({"before": "answered", "then": "received"}, "reopened"),
        ({"before": "answered", "then": "closed"}, ""),
    ),
)
def step_told(*, before: str, then: str) -> str:
    """Return which step reporters hear of, "" for none; the answer goes out by itself."""
    return _STEPS_TOLD.get((before, then), "handled" if then == "handled" else "")


# Said of what was, may be or is only feared: no danger of now.
_NOT_NOW = re.compile(
    "怕|担心|万一|以免|免得|避免|防止|如果|要是|容易|可能会|会不会|曾经?|上次|上周|上个?月|昨天|前天|前几天|去年"
    "|已经?救出|救出来了|已经?扑灭|演练|预防|隐患|怎么办理|打不着火|点不着火|吵得|气得"
)
_SENTENCE = re.compile(r"[^。；！？;!?\n]+")
_COMMA = re.compile("[，,、]")
_GAP = "[^。！？]{0,8}"
DANGER_WORDS: dict[str, re.Pattern[str]] = {
    "trapped": re.compile(
        f"(困|关)在{_GAP}(电梯|轿厢)|电梯{_GAP}(困了?人|关了?人|困住|关住|被困|出不来)|被困{_GAP}(电梯|轿厢)"
        "|电梯[^。！？]{0,16}里面?(还?有|关着|困着)[一两好几个]{0,3}(人|老人|孩子|小孩)"
    ),
    "gas": re.compile(
        f"(燃气|煤气|天然气|液化气|瓦斯){_GAP}(味|泄漏|泄露|漏气|在漏|报警|挖断)|挖断{_GAP}(燃气|煤气|天然气)"
        f"|(煤气|燃气)没关|(煤气|一氧化碳)中毒"
    ),
    "fire": re.compile(
        "(?<!不)着火了|起火了?|失火|发生火灾|冒(黑|浓)烟|(?<!发)烧起来|火很?大|烧着了|充电.{0,6}爆炸|爆炸了"
    ),
    "life": re.compile(
        f"晕倒|昏倒|昏迷|不省人事|叫不醒|没了?呼吸|喘不上气|流血不止|大出血|触电|溺水|落水|掉进?河|坠楼"
        f"|(要|想)?(跳楼|轻生|自杀|割腕)|持刀|拿着?刀|砍人|(摔倒|摔了|跌倒){_GAP}(起不来|动不了|站不起)|心脏病发"
    ),
}


@rule(
    says="哪些是危险：分类写明的，或话里现在正有人困在电梯、燃气泄漏、起火、有人晕倒等；只是怕、以前的、演练的不算；"
    "工作人员可以写明理由设上或去掉",
    source="设计：困人、燃气、火情、人身危险按分钟办",
    since="2026-11-30",
    examples=(
        ({"category": "", "text": "有人困在电梯里，快来救人"}, "trapped"),
        ({"category": "trapped", "text": "电梯"}, "trapped"),
        ({"category": "", "text": "电梯停在五楼和六楼之间，里面有人，按铃没人应"}, "trapped"),
        ({"category": "", "text": "楼道里有燃气味"}, "gas"),
        ({"category": "", "text": "3幢起火了，冒黑烟"}, "fire"),
        ({"category": "", "text": "有人晕倒在东门口"}, "life"),
        ({"category": "", "text": "电梯坏了三天了，老人下不去楼"}, ""),
        ({"category": "", "text": "电梯老是抖，怕哪天困在电梯里"}, ""),
        ({"category": "", "text": "燃气表没电了，打不着火"}, ""),
        ({"category": "", "text": "楼道堆物，担心起火"}, ""),
        ({"category": "", "text": "上次有人困在电梯里，什么时候检修"}, ""),
    ),
)
def danger_of(*, category: str, text: str) -> str:
    """Return which danger a category or the words of a report name, "" for none."""
    if category:
        return category
    for sentence in _SENTENCE.findall("".join(text.split(" "))):
        for danger, words in DANGER_WORDS.items():
            if any(not _NOT_NOW.search(_around(match)) for match in words.finditer(sentence)):
                return danger
    return ""


def _around(match: re.Match[str]) -> str:
    """Return the parts of a sentence, between commas, in which something is said."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return _COMMA.split(before)[-1] + match[0] + _COMMA.split(after)[0]


@rule(
    says="危险的事不等分派：来了就直接交给管这里的岗位并马上告诉；困人、燃气先给物业，火情、人身危险先给网格员，"
    "分类写明由谁办的照分类；没有人就往上一级",
    source="设计：最急的事少一道手",
    since="2026-11-30",
    examples=(
        ({"danger": "trapped", "role": ""}, "property_manager"),
        ({"danger": "life", "role": ""}, "grid_worker"),
        ({"danger": "life", "role": "secretary"}, "secretary"),
        ({"danger": "", "role": ""}, USUAL_ROLE),
    ),
)
def role_for(*, danger: str, role: str) -> str:
    """Return which role answers for a matter: its category's, else that of its danger."""
    return role or ROLE_OF_DANGER.get(danger, USUAL_ROLE)


@rule(
    says="需要复核的事，这一轮办过其中任何一份的人都不能自己复核",
    source="设计：经办与复核分开",
    since="2026-11-23",
    examples=(
        ({"needs_review": True, "handlers": (3,), "reviewer": 3}, False),
        ({"needs_review": True, "handlers": (2, 3), "reviewer": 3}, False),
        ({"needs_review": True, "handlers": (2, 3), "reviewer": 4}, True),
        ({"needs_review": False, "handlers": (3,), "reviewer": 3}, True),
    ),
)
def may_review(*, needs_review: bool, handlers: tuple[int, ...], reviewer: int | None) -> bool:
    """May this person review what those people handled?"""
    return not needs_review or reviewer not in handlers


@rule(
    says="答复后7天居民没有表态，记为“已办结，未经确认”，不算解决",
    source="设计：关闭不等于解决",
    since="2026-11-23",
    examples=(
        ({"answered_on": date(2026, 11, 16), "today": date(2026, 11, 22)}, False),
        ({"answered_on": date(2026, 11, 16), "today": date(2026, 11, 23)}, True),
    ),
)
def ends_unconfirmed(*, answered_on: date, today: date) -> bool:
    """Has nobody said for so long whether an answer helped that the case is closed?"""
    return today - answered_on >= timedelta(days=UNCONFIRMED_AFTER_DAYS)


@rule(
    says="只有居民自己说解决了才算“解决”；办不了、不归我们、没人确认、撤回、合并各算各的",
    source="设计：任何数字都不把它们加进“解决”",
    since="2026-11-23",
    examples=(
        ({"answer": "handled", "verdict": "fixed"}, "fixed"),
        ({"answer": "handled", "verdict": ""}, "unconfirmed"),
        ({"answer": "cannot", "verdict": "fixed"}, "cannot"),
        ({"answer": "not_ours", "verdict": ""}, "not_ours"),
    ),
)
def outcome_of(*, answer: str, verdict: str) -> str:
    """Return how a case ended, from what was answered and what the reporter said."""
    if answer in ("cannot", "not_ours"):
        return answer
    return "fixed" if verdict == "fixed" else "unconfirmed"


@rule(
    says="结案30天内居民说没解决，办件重开并计数；再晚就是新的一件",
    source="设计：没解决就重开",
    since="2026-11-23",
    examples=(
        ({"closed_on": date(2026, 11, 1), "today": date(2026, 11, 23)}, True),
        ({"closed_on": date(2026, 9, 1), "today": date(2026, 11, 23)}, False),
        ({"closed_on": None, "today": date(2026, 11, 23)}, True),
    ),
)
def may_reopen(*, closed_on: date | None, today: date) -> bool:
    """Is it still the same case when somebody says it is not fixed?"""
    return closed_on is None or today - closed_on <= timedelta(days=REOPENED_WITHIN_DAYS)


@rule(
    says=f"办件结案满{KEPT_YEARS}年，反映人的称呼和电话清空；办件本身留着",
    source="个人信息保护法19、47条：期满主动删除（年限是本产品的设计，未核对）",
    since="2026-11-29",
    examples=(
        ({"closed_on": date(2021, 11, 29), "today": date(2026, 11, 29)}, False),
        ({"closed_on": date(2021, 11, 29), "today": date(2026, 11, 30)}, True),
        ({"closed_on": date(2020, 2, 29), "today": date(2025, 2, 28)}, False),
        ({"closed_on": date(2020, 2, 29), "today": date(2025, 3, 1)}, True),
    ),
)
def is_reporter_forgotten(*, closed_on: date, today: date) -> bool:
    """Is the time over for which name and number of whoever reported a case are kept?"""
    return today > kept_until(left_on=closed_on)


# What programs may be told of a case.
OPEN, CLOSED = "open", "closed"
HOMES = frozenset({"dwelling", "entrance", "micro_grid"})
NEIGHBOURHOODS = ("estate", "community", "subdistrict")
COMMON_PLACES = ("building", "gate", "station", "hall")


@rule(
    says="Open311 里只有结案才是 closed；已办、已答复但没结的都还是 open",
    source="Open311 GeoReport v2；设计：关闭不等于解决",
    since="2026-11-23",
    examples=(
        ({"state": "received"}, OPEN),
        ({"state": "answered"}, OPEN),
        ({"state": "closed"}, CLOSED),
    ),
)
def status_of(*, state: str) -> str:
    """Return the status of a case in the two words that GeoReport has."""
    return CLOSED if state == "closed" else OPEN


@rule(
    says="没有令牌的人看到的地点：家里的事只到小区，楼栋和公共场所的事到那里",
    source="设计：最少够用；个人信息保护法第6条",
    since="2026-11-23",
    examples=(
        ({"kind": "dwelling"}, NEIGHBOURHOODS),
        ({"kind": "building"}, (*COMMON_PLACES, *NEIGHBOURHOODS)),
    ),
)
def kinds_shown(*, kind: str) -> tuple[str, ...]:
    """Return the kinds of places that may be named for a case at a place of this kind."""
    return NEIGHBOURHOODS if kind in HOMES else (*COMMON_PLACES, *NEIGHBOURHOODS)


@rule(
    says="状态一变就推送：收到、分派、接办、退回、办好、答复、结案、重开",
    source="设计：事事有回应（A1）",
    since="2026-11-23",
    examples=(
        ({"before": "", "then": "received"}, "case.received"),
        ({"before": "assigned", "then": "received"}, "case.refused"),
        ({"before": "closed", "then": "received"}, "case.reopened"),
        ({"before": "accepted", "then": "in_hand"}, ""),
    ),
)
def event_of(*, before: str, then: str) -> str:
    """Return what programs hear when a case goes from one state to another, "" for nothing."""
    if then == "received":
        if not before:
            return "case.received"
        return "case.reopened" if before in ("answered", "closed") else "case.refused"
    if then == "in_hand":
        return "case.accepted" if before == "assigned" else ""
    return f"case.{then}"
