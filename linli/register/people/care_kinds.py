"""Care kinds: who needs a second look, and why, as rules over facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from linli.core.rules import rule
from linli.core.time.ages import age_on
from linli.core.words import Said, Word
from linli.register.people.terms import NOT_LIVING_HERE

OLDER_FROM = 60
VERY_OLD_FROM = 80
CENTENARIAN_FROM = 100
CHILD_BELOW = 14
MINOR_BELOW = 18
INFANT_BELOW = 3
LONGEST_PREGNANCY_AHEAD = 300  # days
WITHOUT_FULL_ABILITY = ("light", "moderate", "severe", "full")
LOST_ABILITY = ("moderate", "severe", "full")
SEVERE_DISABILITY = ("1", "2")
# Recorded as having none; a blank says nothing.
NONE = "none"

Row = Mapping[str, Any]
Says = Callable[..., str]  # (*, row, today) -> the reason, "" for not
# What the kinds are worked out from, of a person and of the household.
CARE_FACTS = (
    "birth_date",
    "due_date",
    "disability_kind",
    "disability_level",
    "chronic_illness",
    "care_level",
    "low_income",
    "extreme_hardship",
    "residence_status",
    "sex",
    "veteran",
    "last_contact_on",
)
GROUP_FACTS = (
    *CARE_FACTS,
    "household_size",
    "household_youngest_birth_date",
    "household_awaits_head",
    "household_low_income",
)


@dataclass(frozen=True)
class CareKind:
    """A reason to look after somebody."""

    key: str
    label: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", Word(self.label))


OLDER = CareKind("older", "老人")
VERY_OLD = CareKind("very_old", "高龄")
CHILD = CareKind("child", "儿童")
PREGNANT = CareKind("pregnant", "孕妇")
DISABLED = CareKind("disabled", "残疾")
ILL = CareKind("chronically_ill", "慢性病")
FRAIL = CareKind("frail", "失能")
ALONE = CareKind("lives_alone", "独居")
EMPTY_NEST = CareKind("empty_nest", "空巢")
POOR = CareKind("low_income", "低保")
HARDSHIP = CareKind("extreme_hardship", "特困")


def _age(row: Row, today: date) -> int | None:
    birth = row.get("birth_date")
    return None if birth is None else age_on(birth, today)


def _of_age(age: int, bound: int) -> str:
    return Said("%(age)s岁（≥%(bound)s岁）", age=age, bound=bound)


@rule(
    says="年满60周岁为老人",
    source="老年人权益保障法第2条",
    since="2026-11-23",
    examples=(
        ({"row": {"birth_date": date(1966, 11, 23)}, "today": date(2026, 11, 23)}, "60岁（≥60岁）"),
    ),
)
def is_older(*, row: Row, today: date) -> str:
    """Is this person 60 or more? The answer is the reason, empty for no."""
    age = _age(row, today)
    return _of_age(age, OLDER_FROM) if age is not None and age >= OLDER_FROM else ""


@rule(
    says="年满80周岁为高龄",
    source="老年人权益保障法第33条（高龄津贴）；各省以80周岁起发",
    since="2026-11-23",
    examples=(
        ({"row": {"birth_date": date(1944, 2, 29)}, "today": date(2026, 11, 23)}, "82岁（≥80岁）"),
    ),
)
def is_very_old(*, row: Row, today: date) -> str:
    """Is this person 80 or more?"""
    age = _age(row, today)
    return _of_age(age, VERY_OLD_FROM) if age is not None and age >= VERY_OLD_FROM else ""


@rule(
    says="不满14周岁为儿童",
    source="个人信息保护法第28条；刑法第262条",
    since="2026-11-23",
    examples=(({"row": {"birth_date": date(2012, 11, 23)}, "today": date(2026, 11, 23)}, ""),),
)
def is_child(*, row: Row, today: date) -> str:
    """Is this person below 14?"""
    age = _age(row, today)
    if age is None or age >= CHILD_BELOW:
        return ""
    return Said("%(age)s岁（＜%(bound)s岁）", age=age, bound=CHILD_BELOW)


@rule(
    says="预产期在今天到300天内为孕妇",
    source="母婴保健法第14条；孕期约280天",
    since="2026-11-23",
    examples=(({"row": {"due_date": date(2026, 11, 22)}, "today": date(2026, 11, 23)}, ""),),
)
def is_pregnant(*, row: Row, today: date) -> str:
    """Is a birth expected?"""
    due = row.get("due_date")
    if due is None or not today <= due <= today + timedelta(days=LONGEST_PREGNANCY_AHEAD):
        return ""
    return Said("预产期%(day)s", day=due.isoformat())


@rule(
    says="登记了残疾类别或等级为残疾",
    source="残疾人保障法第2条；GB/T 26341",
    since="2026-11-23",
    examples=(({"row": {"disability_kind": "4"}, "today": date(2026, 11, 23)}, "登记有残疾"),),
)
def is_disabled(*, row: Row, today: date) -> str:
    """Is a disability registered?"""
    kind = row.get("disability_kind")
    return Said("登记有残疾") if (kind and kind != NONE) or row.get("disability_level") else ""


@rule(
    says="登记了慢性病为慢性病",
    source="国家基本公共卫生服务规范",
    since="2026-11-23",
    examples=(({"row": {"chronic_illness": NONE}, "today": date(2026, 11, 23)}, ""),),
)
def is_chronically_ill(*, row: Row, today: date) -> str:
    """Is a long illness registered?"""
    return Said("登记有慢性病") if row.get("chronic_illness") not in (None, "", NONE) else ""


@rule(
    says="中度及以上失能为失能",
    source="GB/T 42195—2022 老年人能力评估规范",
    since="2026-11-23",
    examples=(({"row": {"care_level": "light"}, "today": date(2026, 11, 23)}, ""),),
)
def is_frail(*, row: Row, today: date) -> str:
    """Does this person need help with daily living?"""
    return Said("失能评估为中度及以上") if row.get("care_level") in LOST_ABILITY else ""


def _is_elsewhere(row: Row) -> bool:
    """Has the person only the registered household here (decision 0029)?"""
    return row.get("residence_status") in NOT_LIVING_HERE


@rule(
    says="所在户只有一个人住为独居，户在人不在、空挂户的不算；户主还没登记的户先不判断",
    source="民政部：特殊困难老年人探访关爱服务（2022）",
    since="2026-11-23",
    examples=(
        ({"row": {"household_size": 1}, "today": date(2026, 11, 23)}, "户内1人"),
        (
            {
                "row": {"household_size": 1, "household_awaits_head": True},
                "today": date(2026, 11, 23),
            },
            "",
        ),
        (
            {
                "row": {"household_size": 1, "residence_status": "hukou_only"},
                "today": date(2026, 11, 23),
            },
            "",
        ),
    ),
)
def is_living_alone(*, row: Row, today: date) -> str:
    """Is this person the only one of the household?"""
    if row.get("household_awaits_head") or _is_elsewhere(row):
        return ""
    return Said("户内1人") if row.get("household_size") == 1 else ""


@rule(
    says="户内住着的人都年满60周岁为空巢，户在人不在、空挂户的不算；户主还没登记的户先不判断",
    source="民政部：特殊困难老年人探访关爱服务（2022）",
    since="2026-11-23",
    examples=(
        (
            {
                "row": {"household_size": 2, "household_youngest_birth_date": date(1960, 1, 1)},
                "today": date(2026, 11, 23),
            },
            "户内最年轻66岁（≥60岁）",
        ),
    ),
)
def is_empty_nest(*, row: Row, today: date) -> str:
    """Is everybody in the household 60 or more?"""
    youngest = row.get("household_youngest_birth_date")
    if _is_elsewhere(row):
        return ""
    if youngest is None or not row.get("household_size") or row.get("household_awaits_head"):
        return ""
    age = age_on(youngest, today)
    if age < OLDER_FROM:
        return ""
    return Said("户内最年轻%(age)s岁（≥%(bound)s岁）", age=age, bound=OLDER_FROM)


@rule(
    says="本人或所在户享受低保为低保",
    source="社会救助暂行办法第9条",
    since="2026-11-23",
    examples=(({"row": {"household_low_income": True}, "today": date(2026, 11, 23)}, "享受低保"),),
)
def is_poor(*, row: Row, today: date) -> str:
    """Does this person or the household receive the minimum living allowance?"""
    return Said("享受低保") if row.get("low_income") or row.get("household_low_income") else ""


@rule(
    says="享受特困供养为特困",
    source="社会救助暂行办法第14条",
    since="2026-11-23",
    examples=(({"row": {"extreme_hardship": None}, "today": date(2026, 11, 23)}, ""),),
)
def is_in_hardship(*, row: Row, today: date) -> str:
    """Is this person supported as being in extreme hardship?"""
    return Said("享受特困供养") if row.get("extreme_hardship") else ""


KINDS: tuple[tuple[CareKind, Callable[..., str]], ...] = (
    (VERY_OLD, is_very_old),
    (OLDER, is_older),
    (CHILD, is_child),
    (PREGNANT, is_pregnant),
    (DISABLED, is_disabled),
    (ILL, is_chronically_ill),
    (FRAIL, is_frail),
    (ALONE, is_living_alone),
    (EMPTY_NEST, is_empty_nest),
    (POOR, is_poor),
    (HARDSHIP, is_in_hardship),
)
# Living alone and an empty nest call for care when the person is old; the old are not also older.
ONLY_WHEN_OLDER = frozenset({ALONE, EMPTY_NEST})


def care_kinds(
    row: Row, today: date, groups: Mapping[CareKind, Says] | None = None
) -> list[tuple[CareKind, str]]:
    """Return the care kinds of a person with the reason for each, the weightiest first.

    ``row`` holds stored facts by the keys of the dictionary (birth_date, household_size …).
    ``groups`` are those whose rule the subdistrict changed or added.
    """
    of_kind = dict(KINDS) | dict(groups or {})
    matching = [
        (kind, reason) for kind, says in of_kind.items() if (reason := says(row=row, today=today))
    ]
    kinds = {kind for kind, _ in matching}
    return [
        (kind, reason)
        for kind, reason in matching
        if not (kind == OLDER and VERY_OLD in kinds)
        and not (kind in ONLY_WHEN_OLDER and OLDER not in kinds)
    ]
