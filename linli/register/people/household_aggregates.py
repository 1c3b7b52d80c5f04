"""What households and dwellings know of those who live there, counted anew after every change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.core.batches import keys_in_batches
from linli.core.endings import HOUSEHOLD, end_what_points_at, reopen_what_ended
from linli.register.people.models import Household, Person
from linli.register.people.queries import lives_here
from linli.register.people.terms import NOT_LIVING_HERE, PersonStatus, Relation
from linli.register.places.models import Dwelling


class Member(NamedTuple):
    """Somebody of a household, as far as it is counted."""

    person: int
    birth: date | None
    is_living_here: bool


COUNTED = (
    "size",
    "oldest_birth_date",
    "youngest_birth_date",
    "head",
    "awaits_head",
    "ended_on",
    "changed_at",
)


def recount(*, households: Iterable[int | None], dwellings: Iterable[int], on: date) -> None:
    """Count households and dwellings again; ``on`` is the day a household without people ended."""
    for keys in keys_in_batches(key for key in households if key is not None):
        _count_households(keys, on)
    for keys in keys_in_batches(dwellings):
        _count_dwellings(keys)


def _count_households(keys: list[int], on: date) -> None:
    members: dict[int, list[Member]] = defaultdict(list)
    # Whoever only has the registered household here keeps it going, uncounted (decision 0029).
    rows = Person.objects.filter(household_id__in=keys, status=PersonStatus.CURRENT)
    columns = ("household_id", "pk", "birth_date", "residence_status")
    for household, person, birth, residence in rows.values_list(*columns):
        members[household].append(Member(person, birth, residence not in NOT_LIVING_HERE))
    changed = []
    heads: list[int] = []
    moment = timezone.now()
    _empty([key for key in keys if key not in members], on, moment)
    for household in Household.objects.filter(pk__in=list(members)):
        new_head = _count(household, members[household.pk], on)
        if new_head is not None:
            heads.append(new_head)
        household.changed_at = moment
        changed.append(household)
    Household.objects.bulk_update(changed, COUNTED)
    # What had ended with one of them was closed by mistake: people live in it.
    reopen_what_ended(HOUSEHOLD, list(members), by=None)
    if heads:
        Person.objects.filter(pk__in=heads).update(
            relation_to_head=Relation.HEAD, changed_at=moment
        )


def _empty(keys: list[int], on: date, moment: datetime) -> None:
    """Households that nobody belongs to any more end, all in two statements."""
    if not keys:
        return
    rows = Household.objects.filter(pk__in=keys)
    ending = list(rows.filter(ended_on__isnull=True).values_list("pk", flat=True))
    rows.filter(pk__in=ending).update(ended_on=on)
    rows.update(
        size=0,
        head=None,
        awaits_head=False,
        oldest_birth_date=None,
        youngest_birth_date=None,
        changed_at=moment,
    )
    end_what_points_at(HOUSEHOLD, ending, reason=_("这一户已没有人"), by=None)


def set_counts(household: Household, members: Sequence[Person]) -> None:
    """Set size and birth dates from the people themselves."""
    _set_births(household, [person.birth_date for person in members if person.is_living_here])


def _set_births(household: Household, births: list[date | None]) -> None:
    known = [birth for birth in births if birth is not None]
    household.size = len(births)
    household.oldest_birth_date = min(known, default=None)
    # With one birth date missing nobody can say that all are old: the youngest is not known.
    household.youngest_birth_date = max(known) if known and len(known) == len(births) else None


def _count(household: Household, members: list[Member], on: date) -> int | None:
    """Set the columns; return the one who is left alone and so became the head."""
    _set_births(household, [member.birth for member in members if member.is_living_here])
    household.ended_on = None if members else household.ended_on or on
    there = [member.person for member in members]
    if household.head_id in there:
        household.awaits_head = False
        return None
    if household.awaits_head:
        # Whoever is here belongs to somebody who is still to come, and is not alone.
        household.head_id = None
        return None
    # Of several who stay nobody is guessed to be the head.
    household.head_id = there[0] if len(there) == 1 else None
    return household.head_id


def _count_dwellings(keys: list[int]) -> None:
    people = dict(
        Person.objects.filter(lives_here(), home_id__in=keys)
        .values_list("home_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    households = dict(
        Household.objects.filter(dwelling_id__in=keys, ended_on__isnull=True)
        .values_list("dwelling_id")
        .annotate(n=Count("pk"))
        .order_by()
    )
    # There are few different counts: one statement for all dwellings that have the same.
    same: dict[tuple[int, int], list[int]] = defaultdict(list)
    for key in keys:
        same[people.get(key, 0), households.get(key, 0)].append(key)
    for (residents, families), places in same.items():
        Dwelling.objects.filter(pk__in=places).update(
            resident_count=residents, household_count=families
        )


def store_heads(households: Iterable[int | None]) -> None:
    """Make the member who is registered as head the head, where a household has none."""
    head = Person.objects.filter(
        household=OuterRef("pk"), relation_to_head=Relation.HEAD, status=PersonStatus.CURRENT
    ).order_by("pk")
    for keys in keys_in_batches(key for key in households if key is not None):
        Household.objects.filter(pk__in=keys, head__isnull=True).update(
            head=Subquery(head.values("pk")[:1])
        )
