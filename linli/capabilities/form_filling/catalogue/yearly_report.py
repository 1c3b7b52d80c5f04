"""What was asked in a year: how often each fact, which columns stayed empty, what nobody opened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.capabilities.form_filling.models import FormReturn
from linli.capabilities.form_filling.reading.form_json import is_intact
from linli.capabilities.form_filling.submissions.encrypted_rows import EMPTY, emptied
from linli.capabilities.form_filling.terms import ColumnUse
from linli.core.time import today

COLUMNS = (
    "pk",
    "form_instance_id",
    "counts",
    "opened_at",
    "form_instance__title",
    "form_instance__subject",
    "form_instance__headings",
    "form_instance__link",
    "form_instance__place__name",
)


@dataclass(frozen=True)
class HandedIn:
    """What a form said when it was last handed in; ``empty`` counts empty cells a heading."""

    title: str
    subject: str
    headings: list[dict[str, Any]]
    rows: int
    empty: list[int | None]
    link: str
    place: str
    is_opened: bool


def _readable(headings: Any) -> list[dict[str, Any]]:
    """Return the headings of a form; damaged ones are left out, and the list stands."""
    return [heading for heading in headings if is_intact(heading)]


def handed_in(year: int = 0) -> list[HandedIn]:
    """Return every form of a year once, as it was handed in last, without its files."""
    first = date(year or today().year, 1, 1)
    until = date(first.year + 1, 1, 1)
    form_returns = FormReturn.objects.filter(at__date__gte=first, at__date__lt=until)
    last = {
        # Later ones overwrite earlier ones: a form sent back and handed in again counts once.
        row["form_instance_id"]: row
        for row in form_returns.order_by("at", "pk").values(*COLUMNS)
    }
    uncounted = [row["pk"] for row in last.values() if EMPTY not in row["counts"]]
    # Files handed in before empty cells were counted: their rows have to be looked at.
    counted = {
        form_return.pk: emptied(form_return)
        for form_return in FormReturn.objects.filter(pk__in=uncounted).only("pk", "rows").iterator()
    }
    return [
        HandedIn(
            row["form_instance__title"],
            row["form_instance__subject"],
            _readable(row["form_instance__headings"]),
            int(row["counts"].get("rows", 0)),
            row["counts"].get(EMPTY) or counted.get(row["pk"], []),
            row["form_instance__link"],
            row["form_instance__place__name"] or "",
            row["opened_at"] is not None,
        )
        for row in last.values()
    ]


@dataclass(frozen=True)
class AskedThisYear:
    """How often a fact was asked this year, and how many cells that was."""

    key: str
    times: int
    cells: int


def asked_this_year(forms: Sequence[HandedIn]) -> list[AskedThisYear]:
    """Return every fact that the forms asked for, the most asked first."""
    times: Counter[str] = Counter()
    cells: Counter[str] = Counter()
    for form in forms:
        for key in {key for heading in form.headings for key in heading["fields"]}:
            times[f"{form.subject}.{key}"] += 1
            cells[f"{form.subject}.{key}"] += form.rows
    return [AskedThisYear(key, n, cells[key]) for key, n in times.most_common()]


@dataclass(frozen=True)
class NeverUsed:
    """A column that came back empty every time it was asked."""

    title: str
    heading: str
    times: int


def never_used(forms: Sequence[HandedIn]) -> list[NeverUsed]:
    """Return the columns in which no form of the year had a single value."""
    used: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for form in forms:
        for heading, empty in zip(form.headings, form.empty, strict=False):
            if form.rows and empty is not None and heading["use"] != ColumnUse.AUTO:
                used[(form.title, heading["text"])].append(empty < form.rows)
    never = {both: len(each) for both, each in used.items() if not any(each)}
    return [
        NeverUsed(title, text, n)
        for (title, text), n in sorted(never.items(), key=lambda one: -one[1])
    ]


def unopened(forms: Sequence[HandedIn]) -> list[HandedIn]:
    """Return the forms that the receiver never opened."""
    return [one for one in forms if not one.is_opened]
