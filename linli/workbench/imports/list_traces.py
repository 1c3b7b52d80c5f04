"""Which later lists rest on an earlier one: by the records and facts that each wrote and named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from linli.core.scope import system_scope
from linli.core.time import today
from linli.workbench.imports.models import ListTrace

Names = dict[str, list[str]]  # record: facts, "*" for all of them
ALL = "*"
# A number tells these of a person.
OF_A_NUMBER = ("birth_date", "sex", "identity_kind")


@dataclass(frozen=True)
class LaterList:
    """A list applied since, and how many records of the earlier one it speaks of."""

    label: str
    href: str
    applied_at: datetime
    records: int


def names(pairs: Iterable[tuple[str, Iterable[str]]]) -> Names:
    """Gather facts by record."""
    gathered: dict[str, set[str]] = {}
    for record, facts in pairs:
        gathered.setdefault(record, set()).update(facts)
    return {record: sorted(facts) for record, facts in gathered.items()}


def of_person(pk: int, facts: Iterable[str], *, has_home: bool = False) -> tuple[str, list[str]]:
    """Return what a row says of somebody."""
    said = set(facts)
    if "identity_number" in said:
        said |= set(OF_A_NUMBER)
    return f"person:{pk}", sorted(said | ({"home_id"} if has_home else set()))


def keep(
    *,
    page: str,
    link: str,
    label: str,
    written: Mapping[str, Sequence[str]],
    named: Mapping[str, Sequence[str]],
    purge_on: date,
    scope_path: str,
) -> None:
    """Keep what a list wrote and named; what it wrote it also named."""
    everything = names([*written.items(), *named.items()])
    ListTrace(
        page=page,
        link=link,
        label=label[:240],
        written=names(written.items()),
        named=everything,
        purge_on=purge_on,
        scope_path=scope_path,
    ).save()


def later_lists(*, page: str, link: str) -> list[LaterList]:
    """Return the lists applied since that rest on what this one wrote."""
    mine = ListTrace.objects.filter(page=page, link=link).first()
    if mine is None:
        return []
    # A list of the subdistrict rests on one of a community too.
    with system_scope("which later lists rest on one that is to be taken back"):
        rows = list(ListTrace.objects.filter(pk__gt=mine.pk, purge_on__gt=today()))
    in_sight = set(ListTrace.objects.filter(pk__gt=mine.pk).values_list("pk", flat=True))
    found = []
    for row in rows:
        if records := _shared(mine.written, row.named):
            seen = row.pk in in_sight
            label, href = (row.label, _address(row)) if seen else (_("上级或别处的名单"), "")
            found.append(LaterList(label, href, row.applied_at, records))
    return found


def _shared(written: Mapping[str, Any], named: Mapping[str, Any]) -> int:
    return sum(
        bool({ALL} & {*written[record], *named[record]} or {*written[record]} & {*named[record]})
        for record in written.keys() & named.keys()
    )


def _address(row: ListTrace) -> str:
    try:
        return reverse(row.page, args=[row.link])
    except NoReverseMatch:
        return ""


def forget(*, page: str, link: str) -> None:
    """Forget a list that was taken back: nothing rests on another list by it any more."""
    ListTrace.objects.filter(page=page, link=link).delete()


def purge() -> None:
    """Forget lists whose former values are past their day: they cannot be taken back."""
    ListTrace.objects.filter(purge_on__lte=today()).delete()
