"""What can be ticked without typing: the questions asked most, by subject."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from linli.capabilities.reports.pages.url_state import QueryState
from linli.core.errors import Refused
from linli.core.fields import Compare, Condition, Node, Not, Op, Value
from linli.core.interface.registry import Words
from linli.workbench.conditions import queries


@dataclass(frozen=True)
class Tick:
    """One box: a fact, what is asked of it, and the words beside the box."""

    label: Words
    field: str
    op: Op = Op.EQ
    value: Value = True
    negated: bool = False

    @property
    def node(self) -> Node:
        """Return what the box asks."""
        compare = Compare(self.field, self.op, self.value)
        return Not(compare) if self.negated else compare


@dataclass(frozen=True)
class Box:
    """A tick as it is drawn."""

    label: Words
    text: str
    on: bool


@dataclass(frozen=True)
class FilterGroup:
    """Boxes under one heading."""

    label: Words
    boxes: tuple[Box, ...]

    @property
    def on(self) -> int:
        """How many are ticked?"""
        return sum(box.on for box in self.boxes)


GROUPS: dict[str, tuple[tuple[Words, tuple[Tick, ...]], ...]] = {
    "person": (
        (
            _("年龄"),
            (
                Tick(_("0至3岁"), "age", Op.LE, 3),
                Tick(_("16岁以下"), "age", Op.LT, 16),
                Tick(_("60岁以上"), "age", Op.GE, 60),
                Tick(_("70岁以上"), "age", Op.GE, 70),
                Tick(_("80岁以上"), "age", Op.GE, 80),
                Tick(_("90岁以上"), "age", Op.GE, 90),
            ),
        ),
        (_("家里"), (Tick(_("独居"), "lives_alone"), Tick(_("空巢"), "empty_nest"))),
        (
            _("照护"),
            (
                Tick(_("残疾"), "disabled"),
                Tick(_("慢性病"), "chronically_ill"),
                Tick(_("失能"), "frail"),
                Tick(_("怀孕"), "pregnant"),
                Tick(_("低保"), "low_income"),
                Tick(_("特困"), "extreme_hardship"),
            ),
        ),
        (
            _("身份"),
            (
                Tick(_("党员"), "political_status", Op.IN, ("01", "02")),
                Tick(_("退役军人"), "veteran"),
                Tick(_("志愿者"), "volunteer"),
                Tick(_("女"), "sex", Op.EQ, "2"),
                Tick(_("男"), "sex", Op.EQ, "1"),
            ),
        ),
        (
            _("居住"),
            (
                Tick(_("户籍在册"), "registered"),
                Tick(_("流动人口"), "registered", Op.EQ, False),
                Tick(_("租客"), "tenure", Op.EQ, "tenant"),
                Tick(_("业主"), "tenure", Op.EQ, "owner"),
            ),
        ),
        (
            _("联系"),
            (
                Tick(_("90天没联系"), "days_since_contact", Op.GE, 90),
                # Negated, so that those never confirmed are found too (decision 0008).
                Tick(_("一年没核实"), "confirmed_on", Op.WITHIN, 365, negated=True),
            ),
        ),
    ),
    "household": (
        (
            _("户内"),
            (
                Tick(_("一人户"), "size", Op.EQ, 1),
                Tick(_("5人以上"), "size", Op.GE, 5),
                Tick(_("低保户"), "low_income"),
            ),
        ),
    ),
    "dwelling": (
        (
            _("使用"),
            (
                Tick(_("自住"), "dwelling_usage", Op.EQ, "self"),
                Tick(_("出租"), "dwelling_usage", Op.EQ, "rented"),
                Tick(_("空置"), "dwelling_usage", Op.EQ, "vacant"),
                Tick(_("经营"), "dwelling_usage", Op.EQ, "commercial"),
            ),
        ),
    ),
    "building": (
        (
            _("楼栋"),
            (
                Tick(_("有电梯"), "has_lift"),
                Tick(_("没有电梯"), "has_lift", Op.EQ, False),
                Tick(_("没有物业"), "property_managed", Op.EQ, False),
                Tick(_("没有门岗"), "gatekeeper", Op.EQ, False),
            ),
        ),
    ),
}


def groups_for(state: QueryState) -> tuple[list[FilterGroup], set[str]]:
    """Return the boxes this post may tick, and the parts of the question that they stand for."""
    texts = set(state.texts)
    groups, stood_for = [], set()
    for label, ticks in GROUPS.get(state.subject, ()):
        boxes = []
        for tick in ticks:
            text = _text(state.subject, tick)
            if text:
                boxes.append(Box(tick.label, text, text in texts))
                stood_for.add(text)
        if boxes:
            groups.append(FilterGroup(label, tuple(boxes)))
    return groups, stood_for & texts


def _text(subject: str, tick: Tick) -> str:
    """Say a tick in canonical Chinese; empty when this post may not ask it."""
    condition = Condition(subject, tick.node)
    try:
        return queries.condition_text(queries.check(condition))
    except Refused:
        return ""
