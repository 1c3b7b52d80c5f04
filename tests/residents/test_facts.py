"""Facts know where they come from, and older news does not overwrite newer."""

from __future__ import annotations

from datetime import date

import pytest

from linli.core.errors import Refused
from linli.register.people.actions import change_facts, confirm_facts, reveal_field
from linli.register.people.models import FactStamp, Household
from linli.register.people.provenance import stamps_of
from linli.workbench.journal.models import JournalEntry
from tests.residents.world import Neighbourhood, someone, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SPRING, SUMMER, AUTUMN = date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)


def test_older_news_is_kept_out_and_told(here: Neighbourhood) -> None:
    with working_as("grid_worker"):
        person = someone(here.homes[0], confirmed_on=SPRING, chronic_illness="hypertension")
        change_facts(
            person=person,
            changes={"chronic_illness": "diabetes"},
            source="visit",
            confirmed_on=AUTUMN,
            by=None,
        )
        merged = change_facts(
            person=person,
            changes={"chronic_illness": "heart", "workplace": "鄞州二院"},
            source="department",
            confirmed_on=SUMMER,
            by=None,
        )
        assert person.chronic_illness == "diabetes"
        assert person.workplace == "鄞州二院"
        assert [one.field for one in merged.kept] == ["chronic_illness"]
        stamps = stamps_of(person)
        assert stamps["workplace"].source == "department"
        assert stamps["chronic_illness"].confirmed_on == AUTUMN
        assert stamps["name"].confirmed_on == SPRING


def test_confirming_everything_makes_it_all_fresh(here: Neighbourhood) -> None:
    with working_as("grid_worker"):
        person = someone(here.homes[0], confirmed_on=SPRING)
        change_facts(
            person=person, changes={"veteran": True}, source="phone", confirmed_on=SUMMER, by=None
        )
        confirm_facts(person=person, source="visit", confirmed_on=SUMMER, fields=["phone"], by=None)
        assert stamps_of(person)["phone"].source == "visit"
        confirm_facts(person=person, source="visit", confirmed_on=AUTUMN, by=None)
        assert FactStamp.objects.count() == 0
        assert stamps_of(person)["veteran"].confirmed_on == AUTUMN


def test_a_birthday_that_changes_changes_the_household(here: Neighbourhood) -> None:
    with working_as("grid_worker"):
        person = someone(here.homes[0], confirmed_on=SPRING, birth_date=date(1950, 1, 1))
        change_facts(
            person=person,
            changes={"birth_date": date(1940, 1, 1)},
            source="visit",
            confirmed_on=AUTUMN,
            by=None,
        )
        assert Household.objects.get().oldest_birth_date == date(1940, 1, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "1380000"}, "phone"),
        ({"name": "  "}, "name"),
        ({"birth_date": date(2099, 1, 1)}, "birth_date"),
        ({"chronic_illness": "flu"}, "chronic_illness"),
        ({"workplace": "厂" * 200}, "workplace"),
        ({"scope_path": "330212007/"}, "scope_path"),
        ({"status": "died"}, "status"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    here: Neighbourhood, changes: dict[str, object], field: str
) -> None:
    with working_as("grid_worker"):
        person = someone(here.homes[0])
        with pytest.raises(Refused) as wrong:
            change_facts(
                person=person, changes=changes, source="visit", confirmed_on=AUTUMN, by=None
            )
        assert wrong.value.field == field


def test_the_journal_names_facts_and_never_values(here: Neighbourhood) -> None:
    with working_as("grid_worker"):
        person = someone(here.homes[0], phone="13800001234", confirmed_on=SPRING)
        change_facts(
            person=person,
            changes={"phone": "13900005678"},
            source="phone",
            confirmed_on=AUTUMN,
            by=None,
        )
        said = [f"{e.text}{e.data}" for e in JournalEntry.objects.all()]
        assert "phone" in said[0]
        assert not any("13900005678" in one or "虞阿香" in one for one in said)


def test_a_reveal_takes_a_purpose_and_leaves_one_entry(here: Neighbourhood) -> None:
    with working_as("grid_worker"):
        person = someone(here.homes[0], phone="13800001234")
        with pytest.raises(Refused) as wrong:
            reveal_field(person=person, field="phone", purpose="contact", words=" ", by=None)
        assert wrong.value.field == "words"
        with pytest.raises(Refused):
            reveal_field(person=person, field="name", purpose="contact", words="通知体检", by=None)
        shown = reveal_field(
            person=person, field="phone", purpose="contact", words="通知 13800001234 体检", by=None
        )
        assert shown.value == "13800001234"
        entry = JournalEntry.objects.get(kind="person.field_revealed")
        assert (entry.subject_id, entry.data["field"]) == (person.pk, "phone")
        assert entry.purpose == "联系本人或家属：通知 138****1234 体检"


@pytest.mark.parametrize("role", ["property_manager", "micro_grid_lead", "auditor"])
def test_some_roles_never_reveal(here: Neighbourhood, role: str) -> None:
    with working_as("grid_worker"):
        person = someone(here.homes[0], phone="13800001234")
    with working_as(role), pytest.raises(Refused, match="不能"):
        reveal_field(person=person, field="phone", purpose="contact", words="通知体检", by=None)
