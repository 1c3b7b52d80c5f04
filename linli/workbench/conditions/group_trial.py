"""A care group's rule tried before it holds: who would join, who would leave, and how many stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from linli.core.fields import PERSON, Compare, Condition, Node, Not, Op, all_of
from linli.core.scope import current_scope
from linli.workbench.conditions import queries
from linli.workbench.conditions.access import check_access
from linli.workbench.conditions.care_groups import GroupRule, group_field
from linli.workbench.conditions.compilers import orm_compiler
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.results import ResultLine
from linli.workbench.read_budget.actions import note_read

SHOWN = 50
BEFORE, AFTER = "group_before", "group_after"


@dataclass(frozen=True)
class GroupTrial:
    """What a rule would change on the day it begins; the first of those it would change for."""

    now: int
    then: int
    join: int
    leave: int
    joining: Sequence[ResultLine]
    leaving: Sequence[ResultLine]
    rule: GroupRule

    @property
    def summary(self) -> str:
        """Say in one line how many there are now and would be then."""
        counts = {"now": self.now, "then": self.then, "join": self.join, "leave": self.leave}
        sentence = _("现在%(now)s人，改后%(then)s人：新进%(join)s人，退出%(leave)s人。")
        return sentence % counts

    @property
    def seen(self) -> str:
        """Return the rule and the numbers that somebody who saves it has seen."""
        return f"{self.join}-{self.leave} {self.rule.since} {self.rule.says}"


def tried(before: Sequence[GroupRule], after: GroupRule, day: date) -> GroupTrial:
    """Ask both rules of everybody in the scope, on the day the new one begins."""
    words = dictionary().with_fields(
        [group_field(BEFORE, BEFORE, before), group_field(AFTER, AFTER, [after])]
        if before
        else [group_field(AFTER, AFTER, [after])]
    )
    is_in = Compare(AFTER, Op.EQ, True)
    was_in: Node = Compare(BEFORE, Op.EQ, True) if before else Not(_everybody())
    check_access(all_of(is_in, was_in), PERSON, words, current_scope().role)

    def people(where: Node) -> list[int]:
        # By the plain reading: who is not known to be in the group is out of it.
        rows = orm_compiler.queryset(Condition(PERSON), words, day)
        return list(
            rows.filter(orm_compiler.to_q(where, PERSON, words, day)).values_list("pk", flat=True)
        )

    now, then = set(people(was_in)), set(people(is_in))
    joining, leaving = sorted(then - now), sorted(now - then)
    return GroupTrial(
        len(now), len(then), len(joining), len(leaving), _named(joining), _named(leaving), after
    )


def _everybody() -> Node:
    return all_of()


def _named(keys: Sequence[int]) -> list[ResultLine]:
    shown = list(keys[:SHOWN])
    note_read(shown)
    return queries.lines_of(PERSON, shown, columns=["name", "age", "address"])
