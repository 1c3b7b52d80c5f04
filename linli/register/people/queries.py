"""Reading people: searching, and what stands on the page of a person or household."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.core.chinese.normalise import tidy
from linli.core.chinese.pinyin import typed_pinyin
from linli.core.scope import current_scope, one_or_not_found, path_q
from linli.core.time import age_on
from linli.register.people.facts import identity_index, phone_index, phone_tail_index
from linli.register.people.models import Household, Person, Residence
from linli.register.people.terms import PersonStatus
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.rules import MAY_REVEAL

MOST_WORDS = 6
MOST_AREAS = 40
_PINYIN = re.compile(r"[a-zA-ZüÜv' ]{1,60}")
_IDENTITY = re.compile(r"\d{14,17}[\dXx]")
_PHONE = re.compile(r"\+?\d[\d -]{6,18}\d")
_TAIL = re.compile(r"\d{4}")
# Places that are searched by name; everything smaller is found by the address of the dwelling.
AREAS = (PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY, PlaceKind.GRID, PlaceKind.MICRO_GRID)


def people_found(asked: str, *, also_gone: bool = False) -> QuerySet[Person]:
    """Return the people whom every word fits: name, pinyin, initials, number, tail, address.

    Numbers are compared only for roles that may see them: else a manager could try numbers out.
    """
    rows = Person.objects.select_related("home", "household")
    if not also_gone:
        rows = rows.filter(status=PersonStatus.CURRENT)
    words = _words(asked)
    if not words:
        return rows.none()
    for word in words:
        rows = rows.filter(_fits(word))
    return rows.order_by("name_pinyin", "name", "pk")


def _words(asked: str) -> list[str]:
    text = tidy(asked)
    # "zhang san" is one name in two words; "张三 1802" is a name and a door.
    if _PINYIN.fullmatch(text):
        return [typed_pinyin(text)] if typed_pinyin(text) else []
    if _PHONE.fullmatch(text):
        return [re.sub(r"[ -]", "", text)]
    return text.split()[:MOST_WORDS]


def _fits(word: str) -> Q:
    sees_numbers = current_scope().role in MAY_REVEAL | {"system"}
    if _IDENTITY.fullmatch(word):
        return Q(identity_index=identity_index(word)) if sees_numbers else Q(pk__in=[])
    if sees_numbers and _PHONE.fullmatch(word) and phone_index(word):
        return Q(phone_index=phone_index(word))
    fits = Q(pk__in=Person.objects.filter(search_text__finds=word).values("pk"))
    if word.isascii() and word.isalpha():
        spoken = typed_pinyin(word)
        fits |= _starts("name_pinyin", spoken) | _starts("name_initials", spoken)
        return fits
    if sees_numbers and _TAIL.fullmatch(word):
        fits |= Q(phone_tail_index=phone_tail_index(word))
    return fits | _lives_at(word)


def _starts(column: str, text: str) -> Q:
    """Compare as a range: ``startswith`` would use no index on SQLite."""
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + "\x7f"})


def _lives_at(word: str) -> Q:
    places = Place.objects.filter(search_text__finds=word)
    fits = Q(home_id__in=places.filter(kind=PlaceKind.DWELLING).values("pk"))
    areas = places.filter(kind__in=AREAS).values_list("path", flat=True)[:MOST_AREAS]
    scope = current_scope()
    for path in areas:
        below = scope.narrowed(path)
        if below.paths:
            fits |= path_q(below)
    return fits


def person_or_not_found(pk: int) -> Person:
    """Return one person of the scope with home and household."""
    rows = Person.objects.select_related("home", "household", "confirmed_by")
    found: Person = one_or_not_found(rows, pk=pk)
    return found


def household_or_not_found(pk: int) -> Household:
    """Return one household of the scope with its dwelling."""
    rows = Household.objects.select_related("dwelling", "head")
    found: Household = one_or_not_found(rows, pk=pk)
    return found


def members(household: Household) -> list[Person]:
    """Return who lives in a household, the head first, then the oldest."""
    rows = Person.objects.filter(household=household, status=PersonStatus.CURRENT)
    return sorted(
        rows,
        key=lambda p: (p.pk != household.head_id, p.birth_date is None, p.birth_date or date.max),
    )


def residents(dwelling: Place) -> list[Household]:
    """Return the households of a dwelling that have not ended."""
    return list(
        Household.objects.filter(dwelling=dwelling, ended_on__isnull=True)
        .select_related("head")
        .order_by("number", "pk")
    )


@dataclass(frozen=True)
class Stay:
    """One line of where somebody lived."""

    place: Place
    tenure: str
    from_date: date | None
    to_date: date | None
    is_home: bool


def stays(person: Person) -> list[Stay]:
    """Return where somebody lives, owns or lived, the latest first."""
    rows = Residence.objects.filter(person=person).select_related("dwelling")
    found = [
        Stay(r.dwelling, r.get_tenure_display(), r.from_date, r.to_date, r.is_home) for r in rows
    ]

    def latest(stay: Stay) -> tuple[bool, bool, date, date]:
        begin, end = stay.from_date or date.min, stay.to_date or date.max
        return stay.to_date is None, stay.is_home, end, begin

    return sorted(found, key=latest, reverse=True)


def facts_line(person: Person, on: date) -> str:
    """Say sex and age in one line: 女 · 92岁."""
    parts = [person.get_sex_display()] if person.sex else []
    if person.birth_date:
        parts.append(_("%(age)s岁") % {"age": age_on(person.birth_date, on)})
    return " · ".join(parts)


def people_by_key(keys: Sequence[int]) -> dict[int, Person]:
    """Return people of the scope by key."""
    return Person.objects.in_bulk(keys)
