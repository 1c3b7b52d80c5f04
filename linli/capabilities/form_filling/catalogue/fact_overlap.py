"""Do two forms ask the same, whatever their words: the facts asked, and of whom?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.terms import ColumnUse
from linli.core.errors import Refused
from linli.core.fields import EVERYONE, Condition, all_of
from linli.workbench.conditions import queries

ALIKE = 0.8
# Every list names people by these: they alone make no form the same as another.
NAMES = frozenset({"name", "address", "phone", "identity_number", "sex"})
Headings = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class FactOverlap:
    """How many of the facts of a form an earlier one asks too, and of how many of its people."""

    shared: int
    asked: int
    people: int
    of_people: int
    same_people: bool

    @property
    def words(self) -> str:
        """Say what is the same."""
        facts = _("%(asked)d项里%(shared)d项相同") % {"asked": self.asked, "shared": self.shared}
        if self.same_people:
            return f"{facts}，{_('问的是同样的人')}"
        told = {"people": self.people, "all": self.of_people}
        return f"{facts}，{_('%(all)d人里%(people)d人上次问过') % told}"


def facts_of(headings: Headings) -> frozenset[str]:
    """Return the facts that headings stand for; what is filled by hand stands for none."""
    found: set[str] = set()
    for heading in headings:
        if heading["use"] == ColumnUse.COUNT:
            found.add(json.dumps(heading["where"], sort_keys=True))
        elif heading["use"] == ColumnUse.FIELD:
            found.update(heading["fields"])
    return frozenset(found)


def overlap(
    subject: str,
    mine: tuple[Headings, Mapping[str, Any] | None],
    theirs: tuple[Headings, Mapping[str, Any] | None],
) -> FactOverlap | None:
    """Compare (headings, condition) of a form with an earlier one's about the same subject.

    None when they differ in facts or in people. A form that asks less than the earlier one is the
    same: the earlier one answers it.
    """
    asked, before = facts_of(mine[0]), facts_of(theirs[0])
    shared = asked & before
    if not shared - NAMES or len(shared) < ALIKE * _what_is_asked(mine[0], asked):
        return None
    try:
        people, all_people, same = _people(subject, mine[1], theirs[1])
    except Refused:
        return None  # a condition this post may not ask tells it nothing
    if not same and (not all_people or people < ALIKE * all_people):
        return None
    return FactOverlap(
        len(shared), _what_is_asked(mine[0], asked), people, all_people, same_people=same
    )


def _what_is_asked(headings: Headings, facts: frozenset[str]) -> int:
    """Count the facts and the headings that no fact stands for: these are asked anew."""
    new = [one for one in headings if one["use"] in (ColumnUse.ONE_OFF, ColumnUse.LEFT)]
    return len(facts) + len(new)


def _people(
    subject: str, mine: Mapping[str, Any] | None, theirs: Mapping[str, Any] | None
) -> tuple[int, int, bool]:
    """Return how many of my people theirs are too, of how many, and whether both say the same."""
    if (mine or {}) == (theirs or {}):
        return 0, 0, True
    mine_asked, theirs_asked = (
        queries.read_json(each) if each else Condition(subject, EVERYONE) for each in (mine, theirs)
    )
    if mine_asked.where == theirs_asked.where:
        return 0, 0, True
    both = Condition(subject, all_of(mine_asked.where, theirs_asked.where))
    return queries.count(both), queries.count(mine_asked), False
