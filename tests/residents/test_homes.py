"""Who lives where: moving in and out, and no two homes at a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.core.errors import NotFound, Refused
from linli.core.time import today
from linli.register.people.actions import (
    change_facts,
    form_household,
    move_home,
    move_in,
    move_out,
    record_death,
    record_stay,
    recount_household,
    set_head,
    split_household,
)
from linli.register.people.models import Household, Person, Residence
from linli.register.people.rules import stays_overlap
from linli.register.places.models import Dwelling
from linli.workbench.journal.models import JournalEntry
from tests.residents.world import (
    Neighbourhood,
    an_identity_number,
    by_the_system,
    someone,
    working_as,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_somebody_registered_lives_in_a_household_of_one(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], birth_date=date(1934, 3, 8), lives_since=date(2019, 5, 1))
        household = Household.objects.get(pk=person.household_id)
        assert (household.size, household.head_id) == (1, person.pk)
        assert household.oldest_birth_date == date(1934, 3, 8)
        assert person.name_pinyin == "yuaxiang"
        dwelling = Dwelling.objects.get(pk=here.homes[0].pk)
        assert (dwelling.resident_count, dwelling.household_count) == (1, 1)
        assert JournalEntry.objects.get().kind == "person.registered"


def test_the_number_tells_birthday_and_sex_and_must_agree(here: Neighbourhood) -> None:
    number = an_identity_number(date(1934, 3, 8))
    with working_as("community_worker"):
        person = someone(here.homes[0], identity_number=number.lower())
        assert (person.birth_date, person.sex) == (date(1934, 3, 8), "2")
        with pytest.raises(Refused) as wrong:
            someone(here.homes[1], identity_number=number, birth_date=date(1935, 3, 8))
        assert wrong.value.field == "birth_date"
        with pytest.raises(Refused, match="校验不符"):
            someone(here.homes[1], identity_number=number[:16] + "9" + number[17])


def test_one_number_belongs_to_one_person(here: Neighbourhood) -> None:
    number = an_identity_number(date(1950, 1, 2))
    with working_as("subdistrict_officer", here.town.path):
        someone(here.homes[0], identity_number=number)
        with pytest.raises(Refused, match="已登记") as wrong:
            someone(here.elsewhere, "虞香", identity_number=number)
        assert wrong.value.code == "person.identity_twice"
        assert Person.objects.count() == 1
        assert Household.objects.count() == 1


def test_moving_home_takes_the_counts_along(here: Neighbourhood) -> None:
    old, new = here.homes[:2]
    with working_as("grid_worker"):
        person = someone(old, lives_since=date(2020, 1, 1))
        before = person.household_id
        person = move_home(person=person, dwelling=new, on=date(2026, 5, 1), by=None)
        assert Dwelling.objects.get(pk=old.pk).resident_count == 0
        assert Dwelling.objects.get(pk=new.pk).household_count == 1
        assert Household.objects.get(pk=before).ended_on == date(2026, 5, 1)
        homes = Residence.objects.filter(person=person).order_by("from_date")
        assert [stay.to_date for stay in homes] == [date(2026, 5, 1), None]
        assert person.scope_path == new.path


def test_out_and_in_again_keeps_what_is_known(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], phone="138 0000 1234", lives_since=date(2020, 1, 1))
        change_facts(
            person=person,
            changes={"veteran": True},
            source="visit",
            confirmed_on=date(2026, 11, 1),
            by=None,
        )
        person = move_out(person=person, on=date(2026, 6, 1), to="杭州", by=None)
        assert person.status == "moved_out"
        with pytest.raises(Refused, match="已迁出"):
            move_out(person=person, on=date(2026, 6, 1), by=None)
        with pytest.raises(Refused, match="重叠"):
            move_in(person=person, dwelling=here.homes[1], on=date(2026, 5, 1), by=None)
        person = move_in(person=person, dwelling=here.homes[1], on=date(2026, 9, 1), by=None)
        assert person.phone == "13800001234"
        assert person.veteran is True
        assert person.household.size == 0 or Household.objects.get(pk=person.household_id).size == 1


def test_a_death_ends_the_stay_and_names_the_one_left_alone(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        husband = someone(here.homes[0], "邬根发", birth_date=date(1931, 1, 1))
        wife = someone(
            here.homes[0], "虞阿香", household=husband.household, birth_date=date(1934, 1, 1)
        )
        record_death(person=husband, on=date(2026, 10, 3), by=None)
        household = Household.objects.get(pk=wife.household_id)
        assert (household.size, household.head_id) == (1, wife.pk)
        assert household.youngest_birth_date == date(1934, 1, 1)
        assert Residence.objects.get(person=husband).to_date == date(2026, 10, 3)


def test_a_day_in_the_future_is_refused(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0])
        with pytest.raises(Refused, match="将来"):
            move_out(person=person, on=today() + timedelta(days=40), by=None)


def test_a_place_that_is_no_dwelling_is_no_home(here: Neighbourhood) -> None:
    with working_as("community_worker"), pytest.raises(Refused, match="不是户室"):
        someone(here.community)


def test_nobody_is_registered_outside_the_scope(here: Neighbourhood) -> None:
    with working_as("community_worker"), pytest.raises(NotFound):
        someone(here.elsewhere)


@pytest.mark.parametrize("role", ["micro_grid_lead", "property_manager", "auditor"])
def test_only_those_who_keep_the_register_change_it(here: Neighbourhood, role: str) -> None:
    with working_as(role), pytest.raises(Refused, match="您的岗位不能") as wrong:
        someone(here.homes[0])
    assert wrong.value.code == "person.register.not_allowed"


def test_a_family_splits_and_each_part_is_counted(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        father = someone(here.homes[0], "邬根发", birth_date=date(1950, 1, 1), relation_to_head="0")
        mother = someone(here.homes[0], "虞阿香", household=father.household, relation_to_head="1")
        son = someone(
            here.homes[0], "邬军", household=father.household, birth_date=date(1980, 1, 1)
        )
        new = split_household(household=father.household, leaving=[son], head=son, by=None)
        old = Household.objects.get(pk=father.household_id)
        assert (old.size, new.size) == (2, 1)
        # Her birthday is not known, so nobody can say that all of them are old.
        assert (old.oldest_birth_date, old.youngest_birth_date) == (date(1950, 1, 1), None)
        assert Dwelling.objects.get(pk=here.homes[0].pk).household_count == 2
        set_head(household=old, head=mother, by=None)
        father.refresh_from_db()
        assert father.relation_to_head == "1"
        with pytest.raises(Refused, match="户主要在这一户里"):
            set_head(household=old, head=son, by=None)
        form_household(dwelling=here.homes[0], people=[father, mother, son], head=son, by=None)
        assert Household.objects.filter(ended_on__isnull=True).count() == 1


def test_a_household_counted_wrongly_is_put_right(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        person = someone(here.homes[0], birth_date=date(1934, 3, 8))
        with by_the_system():
            Household.objects.update(size=7, oldest_birth_date=None)
        household = recount_household(household=person.household, by=None)
        assert (household.size, household.oldest_birth_date) == (1, date(1934, 3, 8))


days = st.one_of(st.none(), st.dates(date(2015, 1, 1), date(2026, 1, 1)))


@settings(max_examples=200, deadline=None)
@given(st.tuples(days, days), st.tuples(days, days))
def test_overlap_is_the_same_both_ways_and_means_a_shared_day(first, second) -> None:  # type: ignore[no-untyped-def]
    for begin, end in (first, second):
        if begin and end and end <= begin:
            return
    answer = stays_overlap(first=first, second=second)
    assert answer == stays_overlap(first=second, second=first)
    low = max(first[0] or date.min, second[0] or date.min)
    high = min(first[1] or date.max, second[1] or date.max)
    assert answer == (low < high)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(days, days), min_size=1, max_size=8))
def test_whatever_is_recorded_no_two_homes_overlap(here: Neighbourhood, spans) -> None:  # type: ignore[no-untyped-def]
    with working_as("community_worker"):
        person = someone(here.homes[0], lives_since=date(2026, 2, 1))
        for begin, end in spans:
            try:
                record_stay(
                    person=person,
                    dwelling=here.homes[1],
                    from_date=begin,
                    to_date=end,
                    is_home=True,
                    by=None,
                )
            except Refused as refused:
                assert refused.code.startswith("residence.")  # noqa: PT017
        stays = list(Residence.objects.filter(person=person))
        for n, one in enumerate(stays):
            for other in stays[n + 1 :]:
                spans_ = (one.from_date, one.to_date), (other.from_date, other.to_date)
                assert not stays_overlap(first=spans_[0], second=spans_[1])


steps = st.lists(
    st.tuples(st.sampled_from(["in", "out", "move", "die", "split"]), st.integers(0, 20)),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_counts_are_right_after_any_story(here: Neighbourhood, story) -> None:  # type: ignore[no-untyped-def]
    with working_as("community_worker"):
        for verb, number in story:
            people = list(Person.objects.filter(status="current").order_by("pk"))
            home = here.homes[number % len(here.homes)]
            chosen = people[number % len(people)] if people else None
            try:
                if verb == "in" or chosen is None:
                    someone(home, birth_date=date(1930 + number, 1, 1) if number % 3 else None)
                elif verb == "out":
                    move_out(person=chosen, on=today(), by=None)
                elif verb == "move":
                    move_home(person=chosen, dwelling=home, on=today(), by=None)
                elif verb == "die":
                    record_death(person=chosen, on=today(), by=None)
                else:
                    split_household(
                        household=chosen.household, leaving=[chosen], head=chosen, by=None
                    )
            except Refused:
                pass
        _check_counts()


def _check_counts() -> None:
    for household in Household.objects.all():
        births = [p.birth_date for p in household.members.filter(status="current")]
        known = [birth for birth in births if birth]
        assert household.size == len(births)
        assert household.oldest_birth_date == min(known, default=None)
        complete = bool(births) and len(known) == len(births)
        assert household.youngest_birth_date == (max(known) if complete else None)
        assert (household.ended_on is None) == bool(births)
    for dwelling in Dwelling.objects.all():
        living = Person.objects.filter(home_id=dwelling.pk, status="current")
        assert dwelling.resident_count == living.count()
        open_ = Household.objects.filter(dwelling_id=dwelling.pk, ended_on__isnull=True)
        assert dwelling.household_count == open_.count()
