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
from linli.core.errors import NotFound
from linli.core.scope import current_scope, one_or_not_found, path_q
from linli.core.time import age_on, today
from linli.core.time.ages import born_on_or_before
from linli.register.people.care_kinds import CHILD_BELOW
from linli.register.people.models import Household, Person, Residence
from linli.register.people.normalise import identity_index, phone_index, phone_tail_index
from linli.register.people.terms import NOT_LIVING_HERE, PersonStatus
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.rules import READS_PEOPLE, sees_children

MOST_WORDS = 6
MOST_AREAS = 40
_PINYIN = re.compile(r"[a-zA-ZüÜv' ]{1,60}")
_IDENTITY = re.compile(r"\d{14,17}[\dXx]")
_PHONE = re.compile(r"\+?\d[\d -]{6,18}\d")
_TAIL = re.compile(r"\d{4}")
# Places that are searched by name; everything smaller is found by the address of the dwelling.
AREAS = (PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY, PlaceKind.GRID, PlaceKind.MICRO_GRID)


def lives_here(of: str = "") -> Q:
    """Tell who lives here now; ``of`` leads to the person ("person__").

    Whoever only has the registered household here stays in the register, and is not counted
    among those who live here (decision 0029).
    """
    here = Q(**{f"{of}status": PersonStatus.CURRENT})
    return here & ~Q(**{f"{of}residence_status__in": NOT_LIVING_HERE})


def shown_people() -> QuerySet[Person]:
    """Return the people of the scope whose files the active post may open.

    Nobody for those who read no files; nobody below 14 for those who are shown no children.
    """
    rows: QuerySet[Person] = Person.objects.all()
    role = current_scope().role
    if role not in READS_PEOPLE:
        return rows.none()
    if sees_children(role=role):
        return rows
    # exclude() keeps those whose birth date nobody knows.
    return rows.exclude(birth_date__gt=born_on_or_before(CHILD_BELOW, today()))


def people_found(asked: str, *, also_gone: bool = False) -> QuerySet[Person]:
    """Return the people whom every word fits: name, pinyin, initials, address.

    Numbers find nobody here: looking somebody up by number is an act of its own (look_up.py).
    """
    rows = shown_people().select_related("home", "household")
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
    return text.split()[:MOST_WORDS]


def number_kind(asked: str) -> str:
    """Return what kind of number a text is: "identity", "phone", "tail", or "" for none."""
    text = re.sub(r"[ -]", "", tidy(asked))
    if _IDENTITY.fullmatch(text):
        return "identity"
    if _PHONE.fullmatch(text) and phone_index(text):
        return "phone"
    return "tail" if _TAIL.fullmatch(text) else ""


def people_by_number(number: str) -> QuerySet[Person]:
    """Return the people of the scope with this identity number, phone, or tail of a phone."""
    text, kind = re.sub(r"[ -]", "", tidy(number)), number_kind(number)
    index = {
        "identity": ("identity_index", identity_index),
        "phone": ("phone_index", phone_index),
        "tail": ("phone_tail_index", phone_tail_index),
    }.get(kind)
    if index is None or not index[1](text):
        return Person.objects.none()
    rows = shown_people().select_related("home", "household")
    return rows.filter(**{index[0]: index[1](text)}).order_by("name_pinyin", "name", "pk")


def _fits(word: str) -> Q:
    ways = [Q(search_text__finds=word)]
    if word.isascii() and word.isalpha():
        spoken = typed_pinyin(word)
        ways += [_starts("name_pinyin", spoken), _starts("name_initials", spoken)]
    else:
        ways.append(_lives_at(word))
    # Each way by its own index: with OR between them SQLite reads everybody of the scope.
    found = [Person.objects.filter(way).order_by().values("pk") for way in ways]
    return Q(pk__in=found[0].union(*found[1:]))


def _starts(column: str, text: str) -> Q:
    """Compare as a range: ``startswith`` would use no index on SQLite."""
    return Q(**{f"{column}__gte": text, f"{column}__lt": text + "\x7f"})


def _lives_at(word: str) -> Q:
    places = Place.objects.filter(search_text__finds=word)
    fits = Q(home_id__in=places.filter(kind=PlaceKind.DWELLING).values("pk"))
    areas = places.filter(kind__in=AREAS).values_list("path", flat=True)[:MOST_AREAS]
    scope = current_scope()
    for path in areas:
        # A name may be that of a place above the scope: of it only the scope counts.
        below = scope.narrowed(path)
        if below.paths:
            fits |= path_q(below)
    return fits


def person_or_not_found(pk: int) -> Person:
    """Return one person whose file the active post may open, with home and household."""
    rows = shown_people().select_related("home", "household", "confirmed_by")
    person: Person = one_or_not_found(rows, pk=pk)
    return person


def household_or_not_found(pk: int) -> Household:
    """Return one household of the scope with its dwelling, for those who open files."""
    if current_scope().role not in READS_PEOPLE:
        raise NotFound()
    rows = Household.objects.select_related("dwelling", "head")
    household: Household = one_or_not_found(rows, pk=pk)
    return household


def members(household: Household) -> list[Person]:
    """Return who lives in a household, the head first, then the oldest."""
    rows = shown_people().filter(household=household, status=PersonStatus.CURRENT)
    return sorted(rows, key=lambda person: (person.pk != household.head_id, *oldest_first(person)))


def oldest_first(person: Person) -> tuple[bool, int, int]:
    """Return what puts people in order by full years of age; a birthday orders nothing."""
    birth = person.birth_date
    return birth is None, -age_on(birth, today()) if birth else 0, person.pk


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
    lines = [
        Stay(r.dwelling, r.get_tenure_display(), r.from_date, r.to_date, r.is_home) for r in rows
    ]

    def latest(stay: Stay) -> tuple[bool, bool, date, date]:
        begin, end = stay.from_date or date.min, stay.to_date or date.max
        return stay.to_date is None, stay.is_home, end, begin

    return sorted(lines, key=latest, reverse=True)


def facts_line(person: Person, on: date) -> str:
    """Say sex and age in one line: 女 · 92岁."""
    parts = [person.get_sex_display()] if person.sex else []
    if person.birth_date:
        parts.append(_("%(age)s岁") % {"age": age_on(person.birth_date, on)})
    return " · ".join(parts)


def people_by_key(keys: Sequence[int]) -> dict[int, Person]:
    """Return people of the scope by key, with home and household."""
    return shown_people().select_related("home", "household").in_bulk(keys)
