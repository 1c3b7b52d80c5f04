"""People for programs: found and shown with the same masks as on their pages."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from linli.capabilities.residents.queries import care_lines, fact_groups, listed_by
from linli.core.interface.api_schemas import LARGEST_ID, Paging, answers
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.people.queries import facts_line, people_found, person_or_not_found
from linli.workbench.read_budget.actions import note_read

router = Router()


class CareOut(Schema):
    """A reason to look after somebody, and why we think so."""

    label: str
    reason: str


class PersonOut(Schema):
    """Somebody in a list."""

    id: int
    name: str
    facts_line: str
    address: str
    home_id: int
    household_id: int | None
    status: str
    care: list[CareOut]
    confirmed_on: date | None


class PersonFactOut(Schema):
    """A fact: its value or its cover, who says so, since when."""

    key: str
    label: str
    group: str
    text: str
    masked: bool
    source: str
    confirmed_on: date | None


class OnePersonOut(PersonOut):
    """Somebody with every fact this post may see; hidden ones are not named."""

    facts: list[PersonFactOut]


class PeopleOut(Schema):
    """One page of people."""

    total: int
    offset: int
    people: list[PersonOut]


class PeopleQuery(Paging):
    """Whom: name, pinyin, initials or address, never a number; also who moved out or died."""

    search: str = Field(min_length=1, max_length=80)
    also_gone: bool = False


@router.get("", response=answers(PeopleOut), url_name="people")
def people(request: HttpRequest, asked: Query[PeopleQuery]) -> PeopleOut:
    """Search people as their page does."""
    matching = people_found(asked.search, also_gone=asked.also_gone)
    day, end = today(), asked.offset + asked.limit
    rows, total = list(matching[asked.offset : end]), matching.count()
    note_read([row.pk for row in rows], listed=listed_by(asked.search, total))
    people = [_out(row, day) for row in rows]
    return PeopleOut(total=total, offset=asked.offset, people=people)


@router.get("/{person_id}", response=answers(OnePersonOut), url_name="person")
def person(
    request: HttpRequest, person_id: Annotated[int, Path(ge=1, le=LARGEST_ID)]
) -> OnePersonOut:
    """Return one person, covered as on their page; out of scope looks like missing."""
    person_found = person_or_not_found(person_id)
    note_read([person_found.pk])
    groups, _unknown = fact_groups(person_found)
    facts = [
        PersonFactOut(
            key=line.key,
            label=line.label,
            group=str(group.title),
            text=line.text,
            masked=line.is_covered,
            source=line.source,
            confirmed_on=line.confirmed_on,
        )
        for group in groups
        for line in group.lines
    ]
    return OnePersonOut(**_out(person_found, today()).dict(), facts=facts)


def _out(person_shown: Person, day: date) -> PersonOut:
    return PersonOut(
        id=person_shown.pk,
        name=person_shown.name,
        facts_line=facts_line(person_shown, day),
        address=str(person_shown.home),
        home_id=person_shown.home_id,
        household_id=person_shown.household_id,
        status=person_shown.status,
        care=[
            CareOut(label=line.label, reason=line.reason) for line in care_lines(person_shown, day)
        ],
        confirmed_on=person_shown.confirmed_on,
    )
