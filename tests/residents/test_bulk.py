"""Many people at once: settled, imported, taken back."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.utils import timezone

from linli.core.actions import writes_allowed
from linli.core.errors import Refused
from linli.core.fields import PERSON, Compare, Condition, Op
from linli.core.personal_data.crypto import encrypt
from linli.register.people.actions import change_facts, move_home
from linli.register.people.bulk import (
    ChangedRow,
    NewHousehold,
    NewRow,
    apply_rows,
    settle_in_bulk,
    undo_outlook,
    undo_rows,
)
from linli.register.people.care_kinds import care_kinds
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.people.queries import people_by_number, people_found
from linli.register.places.models import Dwelling
from linli.workbench.conditions.queries import ids
from linli.workbench.journal.models import JournalEntry
from tests.residents.test_homes import _check_counts
from tests.residents.world import Neighbourhood, an_identity_number, someone, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SPRING, AUTUMN = date(2026, 4, 1), date(2026, 10, 1)


def test_whole_households_are_settled_with_everything_kept(here: Neighbourhood) -> None:
    number = an_identity_number(date(1934, 3, 8))
    with working_as("community_worker"):
        done = settle_in_bulk(
            households=[
                NewHousehold(
                    home,
                    [
                        {
                            "name": "邬根发",
                            "birth_date": date(1931, 1, n + 1),
                            "phone": "13800001234",
                        },
                        {
                            "name": "虞阿香",
                            "relation_to_head": "1",
                            "identity_number": number if n == 0 else "",
                        },
                    ],
                )
                for n, home in enumerate(here.homes)
            ],
            source="import",
            confirmed_on=SPRING,
            by=None,
        )
        assert (done.households, done.people) == (6, 12)
        first = Household.objects.order_by("pk")[0]
        assert first.youngest_birth_date == date(1934, 3, 8)
        assert first.head.name == "邬根发"
        assert people_found("阿香").count() == 6
        assert Residence.objects.count() == 12
        _check_counts()
        assert JournalEntry.objects.count() == 1


def _rows(here: Neighbourhood, person: Person) -> dict[str, object]:
    new = [
        NewRow(2, here.homes[1], {"name": "张一", "relation_to_head": "0"}),
        NewRow(3, here.homes[1], {"name": "张二", "relation_to_head": "2"}),
        NewRow(4, here.homes[1], {"name": "李一", "relation_to_head": "0"}),
        NewRow(5, here.homes[0], {"name": "虞二"}),
        NewRow(6, here.homes[2], {"name": "王一"}, "A"),
        NewRow(7, here.homes[2], {"name": "王二"}, "B"),
    ]
    changed = [ChangedRow(8, person.pk, {"phone": "13900005678", "chronic_illness": "heart"})]
    return {"new": new, "changed": changed, "source": "import", "confirmed_on": AUTUMN, "by": None}


def test_a_sheet_is_applied_and_taken_back_without_a_trace(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], phone="13800001234", confirmed_on=SPRING)
        change_facts(
            person=person,
            changes={"chronic_illness": "diabetes"},
            source="visit",
            confirmed_on=date(2026, 11, 1),
            by=None,
        )
        before = Person.objects.filter(pk=person.pk).values().get()
        done = apply_rows(**_rows(here, person))
        person.refresh_from_db()
        assert person.phone == "13900005678"
        assert people_by_number("5678").count() == 1
        assert done.kept == {8: ("chronic_illness",)}
        assert person.chronic_illness == "diabetes"
        assert Household.objects.filter(dwelling=here.homes[1]).count() == 2
        assert Household.objects.get(dwelling=here.homes[0]).size == 2
        assert Household.objects.filter(dwelling=here.homes[2]).count() == 2
        assert "13800001234" not in done.undo
        _check_counts()
        undone = undo_rows(undo=done.undo, by=None)
        assert (undone.removed, undone.restored) == (6, 1)
        after = Person.objects.filter(pk=person.pk).values().get()
        assert {k: v for k, v in after.items() if k != "changed_at"} == {
            k: v for k, v in before.items() if k != "changed_at"
        }
        assert list(FactStamp.objects.values_list("field", flat=True)) == ["chronic_illness"]
        assert Household.objects.count() == 1
        _check_counts()


def test_undoing_waits_for_what_was_changed_since(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], phone="13800001234", confirmed_on=SPRING)
        done = apply_rows(**_rows(here, person))
        new = Person.objects.get(pk=done.created[2])
        move_home(person=new, dwelling=here.homes[3], on=date(2026, 11, 1), by=None)
        change_facts(
            person=person,
            changes={"phone": "13900007777"},
            source="visit",
            confirmed_on=date(2026, 11, 2),
            by=None,
        )
        outlook = undo_outlook(undo=done.undo)
        assert (outlook.removed, outlook.restored) == (6, 1)
        # Whoever stayed behind became the head when the other moved: that is a change as well.
        in_the_way = {one.person for one in outlook.obstacles}
        assert in_the_way == {new.pk, person.pk, done.created[3]}
        with pytest.raises(Refused, match="现在不能撤销"):
            undo_rows(undo=done.undo, by=None)
        person.refresh_from_db()
        assert person.phone == "13900007777"
        assert Person.objects.count() == 7
        _check_counts()


def test_another_fact_of_the_same_person_does_not_stand_in_the_way(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], phone="13800001234", confirmed_on=SPRING)
        done = apply_rows(**{**_rows(here, person), "new": []})
        change_facts(
            person=person,
            changes={"veteran": True},
            source="visit",
            confirmed_on=date(2026, 11, 2),
            by=None,
        )
        undo_rows(undo=done.undo, by=None)
        person.refresh_from_db()
        assert (person.phone, person.chronic_illness, person.veteran) == ("13800001234", "", True)
        assert list(FactStamp.objects.values_list("field", flat=True)) == ["veteran"]


def test_a_move_by_sheet_is_taken_back_too(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], confirmed_on=SPRING, lives_since=date(2020, 1, 1))
        household = person.household_id
        done = apply_rows(
            new=[],
            changed=[ChangedRow(2, person.pk, {}, here.homes[4])],
            source="import",
            confirmed_on=AUTUMN,
            by=None,
        )
        person.refresh_from_db()
        assert person.home_id == here.homes[4].pk
        _check_counts()
        undo_rows(undo=done.undo, by=None)
        person.refresh_from_db()
        assert (person.home_id, person.household_id) == (here.homes[0].pk, household)
        assert Residence.objects.get(person=person).to_date is None
        assert Dwelling.objects.get(pk=here.homes[4].pk).resident_count == 0
        _check_counts()


def test_a_sheet_is_applied_as_a_whole_or_not_at_all(here: Neighbourhood) -> None:
    number = an_identity_number(date(1934, 3, 8))
    with working_as("community_worker"):
        someone(here.homes[0], identity_number=number)
        rows = [
            NewRow(2, here.homes[1], {"name": "张一"}),
            NewRow(3, here.homes[1], {"name": "张二", "identity_number": number}),
        ]
        with pytest.raises(Refused) as wrong:
            apply_rows(new=rows, changed=[], source="import", confirmed_on=AUTUMN, by=None)
        assert wrong.value.code == "person.identity_twice"
        assert Person.objects.count() == 1


OLD = date(1940, 1, 1)


def care_of(person: Person) -> set[str]:
    """Which care kinds the register finds, by the page's rule and by the condition."""
    day = date(2026, 11, 23)
    household = person.household
    row = {
        "birth_date": person.birth_date,
        "household_size": household.size,
        "household_youngest_birth_date": household.youngest_birth_date,
        "household_awaits_head": household.awaits_head,
    }
    by_rule = {kind.key for kind, _reason in care_kinds(row, day)}
    asked = {"lives_alone", "empty_nest"}
    found = {key for key in asked if person.pk in ids(Condition(PERSON, Compare(key, Op.EQ, True)))}
    assert found == by_rule & asked
    return found


def test_a_wife_whose_head_was_refused_is_not_alone_and_he_joins_her(here: Neighbourhood) -> None:
    home = here.homes[1]
    wife = NewRow(3, home, {"name": "虞阿香", "relation_to_head": "1", "birth_date": OLD})
    head = NewRow(2, home, {"name": "邬根发", "relation_to_head": "0", "birth_date": OLD})
    common = {"changed": [], "source": "import", "confirmed_on": AUTUMN, "by": None}
    with working_as("community_worker"):
        done = apply_rows(new=[wife], **common)
        assert done.awaiting_head == 1
        her = Person.objects.get(name="虞阿香")
        assert (her.relation_to_head, her.household.head_id) == ("1", None)
        assert her.household.awaits_head
        assert not care_of(her), "not alone and no empty nest before the group is complete"
        corrected = apply_rows(new=[head], **common)
        assert corrected.awaiting_head == 0
        household = Household.objects.get()
        assert (household.size, household.head.name) == (2, "邬根发")
        assert not household.awaits_head
        her.refresh_from_db()
        assert her.relation_to_head == "1"
        assert "empty_nest" in care_of(her)
        undo_rows(undo=corrected.undo, by=None)
        household.refresh_from_db()
        assert (household.size, household.head_id, household.awaits_head) == (1, None, True)
        undo_rows(undo=done.undo, by=None)
        assert not Household.objects.exists()


def test_who_says_nothing_of_a_head_is_alone(here: Neighbourhood) -> None:
    """The negative control: one person without a relation is a household of one."""
    with working_as("community_worker"):
        one = NewRow(2, here.homes[1], {"name": "虞阿香", "birth_date": OLD})
        apply_rows(new=[one], changed=[], source="import", confirmed_on=AUTUMN, by=None)
        assert "lives_alone" in care_of(Person.objects.get())


def an_earlier_memory(here: Neighbourhood, person: Person) -> str:
    """What lists kept before they also kept what they left behind."""
    columns = ("phone", "phone_index", "phone_tail_index", "chronic_illness")
    before = Person.objects.filter(pk=person.pk).values(*columns).get()
    done = apply_rows(**_rows(here, person))
    moment = timezone.now()
    created = list(done.created.values())
    Person.objects.filter(pk__in=[*created, person.pk]).update(changed_at=moment)
    formed = Household.objects.exclude(pk=person.household_id).values_list("pk", flat=True)
    content = {
        "moment": moment.isoformat(),
        "created": created,
        "formed": list(formed),
        "before": {person.pk: before},
        "stamps": {person.pk: []},
        "stays": {},
        "heads": {},
    }
    return encrypt(json.dumps(content))


def test_a_list_applied_before_an_upgrade_is_taken_back_too(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], phone="13800001234", confirmed_on=SPRING)
        with writes_allowed("what an earlier version kept"):
            undo = an_earlier_memory(here, person)
        undo_rows(undo=undo, by=None)
        person.refresh_from_db()
        assert (person.phone, Person.objects.count()) == ("13800001234", 1)
        assert Household.objects.count() == 1
        assert not FactStamp.objects.exists()
        _check_counts()


def test_who_was_touched_since_stands_in_its_way_as_before(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], phone="13800001234", confirmed_on=SPRING)
        with writes_allowed("what an earlier version kept"):
            undo = an_earlier_memory(here, person)
        change_facts(
            person=person,
            changes={"veteran": True},
            source="visit",
            confirmed_on=date(2026, 11, 2),
            by=None,
        )
        with pytest.raises(Refused, match="现在不能撤销"):
            undo_rows(undo=undo, by=None)
        assert Person.objects.count() == 7
