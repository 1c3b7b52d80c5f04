"""What an office's own fact may look like."""

from __future__ import annotations

from collections.abc import Sequence

from linli.core.rules import rule

LONGEST_LABEL = 20
LONGEST_CHOICE = 30
MOST_CHOICES = 50
MOST_OWN_FIELDS = 100
# These stand for something in the text of a condition.
RESERVED = frozenset("＝≠＞≥＜≤～、（）()“”〔〕\\ \t\n|")


@rule(
    says="自定义字段的名称为1到20个字，不含条件里用的符号",
    source="设计：条件的文字能读回原样",
    since="2026-11-23",
    examples=(({"label": "爱好"}, True), ({"label": "年龄≥60"}, False), ({"label": ""}, False)),
)
def is_fit_label(*, label: str) -> bool:
    """May a field be called so?"""
    return 0 < len(label) <= LONGEST_LABEL and not RESERVED & set(label)


@rule(
    says="选项字段有2到50个不同的选项，每个不超过30个字",
    source="设计：选项要能在手机上选",
    since="2026-11-23",
    examples=(
        ({"choices": ("常来", "偶尔")}, True),
        ({"choices": ("常来",)}, False),
        ({"choices": ("常来", "常来")}, False),
    ),
)
def are_fit_choices(*, choices: Sequence[str]) -> bool:
    """May a field have these choices?"""
    fit = all(0 < len(choice.strip()) <= LONGEST_CHOICE for choice in choices)
    return fit and 2 <= len(set(choices)) == len(choices) <= MOST_CHOICES


YOUNGEST_BOUND, OLDEST_BOUND = 60, 110
LONGEST_WHY = 100


@rule(
    says="关爱分类的年龄线在60到110周岁之间，从今天或以后某一天起用，要写理由",
    source="老年人权益保障法第2条（60周岁起）；设计：规则有日期有理由",
    since="2026-11-30",
    examples=(
        ({"age": 75, "days_ahead": 0, "why": "高龄津贴提前到75岁"}, ""),
        ({"age": 50, "days_ahead": 0, "why": "试试"}, "age"),
        ({"age": 75, "days_ahead": -1, "why": "高龄津贴提前到75岁"}, "since"),
        ({"age": 75, "days_ahead": 0, "why": ""}, "why"),
    ),
)
def wrong_in_group_rule(*, age: int | None, days_ahead: int, why: str) -> str:
    """Which part of a new rule of a group is wrong, "" for none?"""
    if age is not None and not YOUNGEST_BOUND <= age <= OLDEST_BOUND:
        return "age"
    if days_ahead < 0:
        return "since"
    return "" if 2 <= len(why.strip()) <= LONGEST_WHY else "why"


FEWEST_SHOWN = 5


@rule(
    says="看不到名单的人只看公布的数：少于5的写“＜5”，再多遮几格，使合计相减也推不出来",
    source="统计法：能推断出单个对象身份的资料不得对外提供；GB/T 37964—2019 去标识化指南",
    since="2026-11-29",
    examples=(({"count": 4}, True), ({"count": 5}, False), ({"count": 0}, True)),
)
def is_small(*, count: int) -> bool:
    """Is a declared figure so small that it would be of somebody?"""
    return count < FEWEST_SHOWN
