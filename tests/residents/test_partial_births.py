"""A year and month of birth is kept as that: it gives an age and never a day nobody named."""

from __future__ import annotations

from datetime import date

import pytest

from linli.capabilities.record_linkage.register_entries import everybody
from linli.capabilities.residents.forms import PersonFactsForm
from linli.capabilities.residents.queries import words_of
from linli.core.errors import Refused
from linli.core.fields import Compare, Condition, Op
from linli.core.time import PartialDate, age_on, day_from, today
from linli.register.people.actions import change_facts
from linli.register.people.bulk import ChangedRow, NewRow, apply_rows, undo_rows
from linli.register.people.models import Person
from linli.register.people.normalise import prepare
from linli.workbench.conditions import queries
from linli.workbench.conditions.listing.lines import ListColumns
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.imports.addresses import Tree
from tests.residents.world import Neighbourhood, an_identity_number, someone, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SPRING, AUTUMN = date(2026, 4, 1), date(2026, 10, 1)
MARCH = day_from("1950-03")


def stored(person: Person) -> tuple[date | None, str]:
    person.refresh_from_db()
    return person.birth_date, person.birth_precision


def says(person: Person, born: date, **more: object) -> None:
    changes = {"birth_date": born, **more}
    change_facts(person=person, changes=changes, source="department", confirmed_on=AUTUMN, by=None)


def test_a_month_equals_itself_and_no_day() -> None:
    assert day_from("1950-03") == MARCH != date(1950, 3, 1)
    assert date(1950, 3, 1) != MARCH
    assert str(MARCH) == "1950-03"
    assert isinstance(MARCH, PartialDate)
    assert MARCH.holds(date(1950, 3, 31))
    assert not MARCH.holds(date(1951, 3, 1))


def test_a_month_is_stored_shown_listed_and_matched_as_a_month(here: Neighbourhood) -> None:
    with working_as("secretary"):
        person = someone(here.homes[0], "殷阿月", confirmed_on=SPRING, birth_date=MARCH)
        assert stored(person) == (date(1950, 3, 1), "month")
        assert words_of(person, "birth_date") == "1950年3月"
        only = Condition("person", Compare("name", Op.EQ, "殷阿月"))
        [line] = queries.lines(only, columns=["birth_date", "age"])
        assert line.cells[0].text in ("1950年3月", "1950-**-**")
        assert line.cells[0].value in ("1950-03", "1950-**-**")
        assert line.cells[1].value == age_on(date(1950, 3, 1), today())
        [entry] = [one for one in everybody(Tree()) if one.key == person.pk]
        assert (entry.born, entry.part) == (None, "1950-03")


def test_the_list_shows_the_month_to_who_sees_dates(here: Neighbourhood) -> None:
    with working_as("secretary"):
        someone(here.homes[0], "殷阿月", birth_date=MARCH)
        someone(here.homes[0], "殷阿日", birth_date=date(1950, 3, 1))
        words = dictionary()
        columns = [words.field("person", key) for key in ("name", "birth_date")]
        listed = ListColumns("person", columns, words, "secretary", today(), uncovered=True)
        lines = listed.lines(list(Person.objects.values_list("pk", flat=True)))
        shown = {line.cells[0].text: line.cells[1] for line in lines}
    assert (shown["殷阿月"].text, shown["殷阿月"].value) == ("1950年3月", "1950-03")
    assert (shown["殷阿日"].text, shown["殷阿日"].value) == ("1950-03-01", date(1950, 3, 1))


def test_a_month_takes_no_day_away_and_a_day_completes_a_month(here: Neighbourhood) -> None:
    with working_as("secretary"):
        person = someone(here.homes[0], confirmed_on=SPRING, birth_date=date(1950, 3, 8))
        says(person, MARCH)
        assert stored(person) == (date(1950, 3, 8), "")
        says(person, day_from("1951-03"))
        assert stored(person) == (date(1951, 3, 1), "month"), "another month is other news"
        says(person, date(1951, 3, 1))
        assert stored(person) == (date(1951, 3, 1), "")


def test_a_number_tells_the_day_of_the_month(here: Neighbourhood) -> None:
    number = an_identity_number(date(1950, 3, 8))
    with working_as("secretary"):
        person = someone(here.homes[0], confirmed_on=SPRING, birth_date=MARCH)
        says(person, MARCH, identity_number=number)
        assert stored(person) == (date(1950, 3, 8), "")
    with pytest.raises(Refused, match="不一致"):
        prepare({"birth_date": day_from("1950-04"), "identity_number": number})
    with pytest.raises(Refused, match="请写成日期"):
        prepare({"lives_since": MARCH})


def test_the_form_shows_the_month_and_leaves_it_alone(here: Neighbourhood) -> None:
    with working_as("secretary"):
        person = someone(here.homes[0], confirmed_on=SPRING, birth_date=MARCH)
        typed = {"name": person.name, "source": "visit", "confirmed_on": "2026-10-01"}
        form = PersonFactsForm(person=person)
        if form.fields["birth_date"].initial is not None:
            assert 'value="1950-03"' in str(form["birth_date"])
        for text, facts in (
            ("1950-03", None),
            ("1950年3月", None),
            ("1950-03-08", date(1950, 3, 8)),
            ("1950-04", day_from("1950-04")),
        ):
            form = PersonFactsForm({**typed, "birth_date": text}, person=person)
            assert form.is_valid(), form.errors
            assert form.facts().get("birth_date") == facts, text
        for text in ("1950年", "三月"):
            form = PersonFactsForm({**typed, "birth_date": text}, person=person)
            assert not form.is_valid()


def test_a_day_from_a_sheet_is_taken_back_to_the_month(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], confirmed_on=SPRING, birth_date=MARCH)
        born = {"birth_date": date(1950, 3, 8)}
        done = apply_rows(
            new=[NewRow(2, here.homes[1], {"name": "殷阿月", "birth_date": MARCH})],
            changed=[ChangedRow(3, person.pk, born)],
            source="import",
            confirmed_on=AUTUMN,
            by=None,
        )
        assert stored(person) == (date(1950, 3, 8), "")
        assert stored(Person.objects.get(pk=done.created[2])) == (date(1950, 3, 1), "month")
        undo_rows(undo=done.undo, by=None)
        assert stored(person) == (date(1950, 3, 1), "month")
