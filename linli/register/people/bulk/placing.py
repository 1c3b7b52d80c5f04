"""Which household a new row belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from linli.core.chinese.names import name_key
from linli.register.people.models import Household
from linli.register.people.terms import Relation
from linli.register.places.models import Place


class Placing:
    """Households by number; without one, the household of the head above in the sheet.

    Sheets list a family under its head. A second head in the same dwelling begins a second
    household; somebody without a head above joins the only household there is. Who stands below a
    head that does not come in begins a household of their own, unless that head lives there.
    """

    def __init__(self, dwellings: Sequence[Place], stamp: Mapping[str, Any]) -> None:
        self.made: list[Household] = []
        self._stamp = {key: stamp[key] for key in ("source", "confirmed_on")}
        self._there: dict[int, list[Household]] = defaultdict(list)
        self._last: dict[int, Household] = {}
        self._headed: set[int] = set()
        self._waiting: dict[tuple[int, str], Household] = {}
        keys = sorted({place.pk for place in dwellings})
        for start in range(0, len(keys), 500):
            for household in Household.objects.filter(
                dwelling_id__in=keys[start : start + 500], ended_on__isnull=True
            ).select_related("head"):
                self._there[household.dwelling_id].append(household)

    def household(
        self, dwelling: Place, number: str, relation: str, missing_head: str = ""
    ) -> Household:
        """Return the household for the next row of the sheet."""
        if missing_head and not number:
            return self._below(dwelling, missing_head)
        chosen = self._find(dwelling, number, relation) or self._make(dwelling, number)
        self._last[dwelling.pk] = chosen
        if relation == Relation.HEAD:
            # By identity: a household that is still to be stored has no key.
            self._headed.add(id(chosen))
        return chosen

    def _below(self, dwelling: Place, missing_head: str) -> Household:
        """Return the household of a head who does not come in: theirs, or one that waits."""
        key = dwelling.pk, name_key(missing_head)
        if key not in self._waiting:
            theirs = [
                one
                for one in self._there[dwelling.pk]
                if one.head is not None and one.head.name_key == key[1]
            ]
            self._waiting[key] = theirs[0] if len(theirs) == 1 else self._make(dwelling, "")
        return self._waiting[key]

    def _find(self, dwelling: Place, number: str, relation: str) -> Household | None:
        there = self._there[dwelling.pk]
        if number:
            return next((household for household in there if household.number == number), None)
        awaiting = [one for one in there if one.awaits_head and id(one) not in self._headed]
        if relation == Relation.HEAD and len(awaiting) == 1:
            # A head whose row was put right joins the family that waits for them.
            return awaiting[0]
        last = self._last.get(dwelling.pk) or (there[0] if len(there) == 1 else None)
        if last is None or relation != Relation.HEAD:
            return last
        return None if last.head_id is not None or id(last) in self._headed else last

    def _make(self, dwelling: Place, number: str) -> Household:
        household = Household(
            dwelling=dwelling, number=number, scope_path=dwelling.path, **self._stamp
        )
        self.made.append(household)
        self._there[dwelling.pk].append(household)
        return household
