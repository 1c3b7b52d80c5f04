"""What stands on a file: facts with source and day, care kinds, covered values, who looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.residents.terms import GROUPS
from linli.core.fields import DICTIONARY, PERSON, Field
from linli.core.interface.registry import Words, record_address
from linli.core.personal_data.masking import STAR
from linli.core.scope import current_scope
from linli.core.time import day_words
from linli.register.people.birth import fact_of
from linli.register.people.care_kinds import care_kinds
from linli.register.people.models import Person
from linli.register.people.normalise import EDITABLE
from linli.register.people.provenance import Stamp, stamps_of
from linli.register.people.queries import facts_line
from linli.register.people.terms import FactSource
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.care_groups import groups_of
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.read_budget.actions import ListOf


@dataclass(frozen=True)
class FactLine:
    """One fact as it is shown: its value or its cover, where it comes from, since when."""

    key: str
    label: str
    text: str
    is_covered: bool
    source: str
    confirmed_on: date | None
    has_own_stamp: bool


@dataclass(frozen=True)
class FactGroup:
    """Facts that belong together."""

    title: Words
    lines: list[FactLine]


@dataclass(frozen=True)
class CareLine:
    """A reason to look after somebody, and why we think so."""

    label: str
    reason: str


def listed_by(asked: str, total: int) -> ListOf:
    """Return what a search is in the journal: how it asked, never the name that was typed."""

    def said() -> str:
        return _("找人：%(words)s") % {"words": hint_of(asked)}

    return ListOf(f"search {asked}", said, total)


def hint_of(asked: str) -> str:
    """Keep the first character of each word that was typed: 张**."""
    return " ".join(word[0] + STAR * min(len(word) - 1, 3) for word in asked.split())


def person_fields() -> dict[str, Field]:
    """Return the declared facts of a person by key."""
    return {field.key: field for field in DICTIONARY.fields_of("person")}


def fact_groups(person: Person) -> tuple[list[FactGroup], str]:
    """Return what this role may see of a person, and the names of what is not known.

    Hidden facts are not even named.
    """
    stamps, fields, role = stamps_of(person), person_fields(), current_scope().role
    whole = Stamp(person.source, person.confirmed_on, person.confirmed_by_id)
    groups = []
    missing: list[str] = []
    for title, keys in GROUPS:
        seen = [key for key in keys if access_to(fields[key], role) is not Access.HIDDEN]
        known = [key for key in seen if getattr(person, key) not in ("", None)]
        lines = [_line(person, fields[key], stamps[key], whole, role) for key in known]
        missing += [_(fields[key].label) for key in seen if key not in known]
        if lines:
            groups.append(FactGroup(title, lines))
    return groups, "、".join(missing)


def _line(person: Person, field: Field, stamp: Stamp, whole: Stamp, role: str) -> FactLine:
    covered = access_to(field, role) is Access.MASKED
    return FactLine(
        key=field.key,
        label=_(field.label),
        text=cover(person, field) if covered else words_of(person, field.key),
        is_covered=covered,
        source=source_words(stamp.source),
        confirmed_on=stamp.confirmed_on,
        has_own_stamp=stamp != whole,
    )


def source_words(source: str) -> str:
    """Return what a source is called."""
    return str(FactSource(source).label) if source in FactSource.values else ""


def words_of(person: Person, key: str) -> str:
    """Say a stored fact in words."""
    value: Any = fact_of(person, key)
    if value in ("", None):
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return day_words(value)
    spoken = getattr(person, f"get_{key}_display", None)
    return str(spoken() if spoken else value)


def cover(person: Person, one: Field) -> str:
    """Return the covered value of a fact."""
    text = words_of(person, one.key)
    return one.mask(text) if one.mask else "*" * len(text)


def care_lines(person: Person, on: date) -> list[CareLine]:
    """Return the care kinds with their reasons that this role may see."""
    fields, role, words = person_fields(), current_scope().role, dictionary()
    lines = []
    for kind, reason in care_kinds(_row(person), on, groups_of(words)):
        own = words.field(PERSON, kind.key) if words.has(PERSON, kind.key) else None
        declared = own or fields.get(kind.key)
        if declared is None or access_to(declared, role) is not Access.HIDDEN:
            lines.append(CareLine(_(kind.label), reason))
    return lines


def _row(person: Person) -> Mapping[str, Any]:
    household = person.household
    row: dict[str, Any] = {name: getattr(person, name) for name in EDITABLE}
    row["household_size"] = household.size if household else None
    row["household_youngest_birth_date"] = household.youngest_birth_date if household else None
    row["household_awaits_head"] = household.awaits_head if household else None
    row["household_low_income"] = household.low_income if household else None
    return row


def person_row(person: Person, on: date) -> dict[str, Any]:
    """Return what the component ``person_row`` takes."""
    tags = [line.label for line in care_lines(person, on)]
    if person.status != "current":
        tags = [str(person.get_status_display())]
    return {
        "name": person.name,
        "href": record_address("people.person", person.pk),
        "facts": facts_line(person, on),
        "address": str(person.home),
        "tags": tags,
        "confirmed_on": person.confirmed_on,
    }
