"""The price tag of a form: what is known, what it will cost, whether it was asked before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from linli.capabilities.forms import rules
from linli.capabilities.forms.knowing import BY_HAND, KNOWN, MISSING, known, share
from linli.capabilities.forms.models import HandIn, Pattern, Sheet
from linli.capabilities.forms.terms import ColumnUse, SheetState
from linli.core.chinese.normalise import for_matching
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind

ALIKE = 0.8
MOST_COMMUNITIES = 400


@dataclass(frozen=True)
class PriceOf:
    """What a form costs one place."""

    place: Place
    rows: int
    known: int
    missing: int
    doors: int
    minutes: int
    trouble: str = ""


@dataclass(frozen=True)
class Price:
    """What a form costs in all; ``alike`` are forms of the catalogue that ask nearly the same."""

    parts: tuple[PriceOf, ...]
    by_hand: tuple[str, ...]
    alike: tuple[Pattern, ...]

    @property
    def rows(self) -> int:
        """Rows of all places together."""
        return sum(one.rows for one in self.parts)

    @property
    def known(self) -> int:
        """Cells the register already knows."""
        return sum(one.known for one in self.parts)

    @property
    def missing(self) -> int:
        """Cells somebody would have to ask for."""
        return sum(one.missing for one in self.parts)

    @property
    def percent(self) -> int:
        """The known share of what the register could know."""
        return share({KNOWN: self.known, MISSING: self.missing, "covered": 0})

    @property
    def minutes(self) -> int:
        """Minutes of all places together, filled by hand."""
        return sum(one.minutes for one in self.parts)

    @property
    def is_answered(self) -> bool:
        """Can it be answered without asking anybody?"""
        return rules.is_answered_without_asking(known=self.known, missing=self.missing)


def communities(place: Place) -> list[Place]:
    """Return the communities below a place, or the place itself."""
    if place.kind != PlaceKind.SUBDISTRICT:
        return [place]
    found = Place.objects.filter(
        kind=PlaceKind.COMMUNITY, path__startswith=place.path, ended_on__isnull=True
    )
    return list(found.order_by("path")[:MOST_COMMUNITIES]) or [place]


def price_of(sheet: Sheet, places: list[Place]) -> Price:
    """Price a form that need not be saved yet, for each of some places."""
    return Price(
        tuple(_priced(sheet, place) for place in places),
        tuple(one["text"] for one in sheet.headings if one["use"] == ColumnUse.LEFT),
        tuple(alike(sheet)),
    )


def _priced(sheet: Sheet, place: Place) -> PriceOf:
    one = Sheet(
        place=place, form=sheet.form, subject=sheet.subject, condition=sheet.condition,
        headings=sheet.headings, asked_by=sheet.asked_by, basis=sheet.basis, by=sheet.by,
        scope_path=place.path,
    )  # fmt: skip
    try:
        knowledge = known(one)
    except Refused as refused:
        return PriceOf(place, 0, 0, 0, 0, 0, refused.sentence)
    counts = knowledge.counts
    lacking = [row.id for row in knowledge.rows if any(c.state == MISSING for c in row.cells)]
    doors = _doors(sheet.subject, lacking)
    covered = counts["covered"]
    cost = rules.minutes(
        known=counts[KNOWN] + covered, missing=counts[MISSING] + counts[BY_HAND], doors=doors
    )
    # What is covered here is known all the same: nobody has to be asked for it.
    return PriceOf(place, counts["rows"], counts[KNOWN] + covered, counts[MISSING], doors, cost)


def _doors(subject: str, ids: list[int]) -> int:
    if subject != "person" or not ids:
        return len(ids)
    return int(Person.objects.filter(pk__in=ids).values("home_id").distinct().count())


def alike(sheet: Sheet) -> list[Pattern]:
    """Return forms of the catalogue that ask nearly the same: by shape, or by their headings."""
    mine = _words(sheet.headings)
    fingerprint = sheet.form["fingerprint"]
    found = []
    for pattern in Pattern.objects.all():
        if pattern.pk == sheet.pattern_id and sheet.state != SheetState.READ:
            continue
        theirs = _words(pattern.headings)
        both = len(mine & theirs) / max(len(mine | theirs), 1)
        if pattern.fingerprint == fingerprint or (both >= ALIKE and len(mine) > 1):
            found.append(pattern)
    return found


def _words(headings: list[dict[str, object]]) -> set[str]:
    return {for_matching(str(one["text"])).replace(" ", "") for one in headings}


@dataclass(frozen=True)
class AskedThisYear:
    """How often a fact was asked this year, and how many cells that was."""

    key: str
    times: int
    cells: int


def asked_this_year(year: int = 0) -> list[AskedThisYear]:
    """Return every fact that handed-in forms of this year asked for, the most asked first."""
    times: Counter[str] = Counter()
    cells: Counter[str] = Counter()
    for sheet, rows in _of_year(year):
        for one in sheet.headings:
            for key in one["fields"]:
                times[f"{sheet.subject}.{key}"] += 1
                cells[f"{sheet.subject}.{key}"] += rows
    return [AskedThisYear(key, n, cells[key]) for key, n in times.most_common()]


def _of_year(year: int) -> list[tuple[Sheet, int]]:
    first = date(year or today().year, 1, 1)
    until = date(first.year + 1, 1, 1)
    found = HandIn.objects.filter(Q(at__date__gte=first), Q(at__date__lt=until))
    return [(one.sheet, int(one.counts.get("rows", 0))) for one in found.select_related("sheet")]


@dataclass(frozen=True)
class NeverUsed:
    """A column that came back empty every time it was asked."""

    title: str
    heading: str
    times: int


def never_used(year: int = 0) -> list[NeverUsed]:
    """Return the columns that stayed empty in every hand-in of this year."""
    empty: Counter[tuple[str, str]] = Counter()
    for sheet, _rows in _of_year(year):
        for one in sheet.headings:
            if one["use"] == ColumnUse.LEFT:
                empty[(sheet.title, one["text"])] += 1
    return [NeverUsed(title, text, n) for (title, text), n in empty.most_common()]


def unopened(year: int = 0) -> list[Sheet]:
    """Return the forms handed in this year that the receiver never opened."""
    found = HandIn.objects.filter(at__year=year or today().year, opened_at__isnull=True)
    return [one.sheet for one in found.select_related("sheet", "sheet__place")]
