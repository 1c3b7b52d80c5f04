"""潘火街道 made from a seed: the right numbers, believable people, nobody real."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.capabilities.form_filling.models import FormInstance
from linli.core.errors import Refused
from linli.core.personal_data.identity import DEMONSTRATION_DIVISION
from linli.core.scope import system_scope
from linli.demo import load
from linli.demo.commands import demo as command
from linli.demo.load import PANHUO, build_demo
from linli.demo.population import layout
from linli.demo.population.facts import FactMaker
from linli.demo.population.families import HEAD, families
from linli.demo.population.pyramid import ages
from linli.register.facilities.models import Facility
from linli.register.people.models import Household, Person
from linli.register.places import divisions
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import Post
from linli.register.posts.terms import Role

TODAY = date(2026, 11, 23)
CODES = [code for code, _name in divisions.subdistrict(PANHUO).communities]


def kinds(specs):
    """Count what stands in a tree of specs."""
    found = Counter()
    for spec in specs:
        found[str(spec.kind)] += 1
        found += kinds(spec.children)
    return found


def test_the_whole_subdistrict_has_the_numbers_of_the_story():
    random = Random(1)
    plan = layout.quarters(layout.HOUSEHOLDS, CODES, random)
    made = {quarter.code: kinds(layout.community_spec(quarter, random)) for quarter in plan}
    assert len(plan) == 19
    assert sum(quarter.households for quarter in plan) == 18_563
    assert sum(one["micro_grid"] for one in made.values()) == 638
    assert made[layout.YINJIA]["entrance"] == 19
    ours = next(quarter for quarter in plan if quarter.code == layout.YINJIA)
    assert ours.households == 1_443
    assert all(made[quarter.code]["dwelling"] >= quarter.households for quarter in plan)


def test_everybody_has_a_household_and_every_household_a_head():
    made = families(layout.PEOPLE, layout.HOUSEHOLDS, Random(1))
    assert len(made) == 18_563
    assert sum(len(family.members) for family in made) == 47_164
    assert all(sum(member.relation == HEAD for member in family.members) == 1 for family in made)
    assert not any(family.head.age < 15 and len(family.members) == 1 for family in made)


@settings(max_examples=20)
@given(people=st.integers(200, 4000), seed=st.integers(0, 9))
def test_any_size_comes_out_to_the_person(people, seed):
    households = max(76, round(people * layout.HOUSEHOLDS / layout.PEOPLE))
    made = families(people, households, Random(seed))
    assert (len(made), sum(len(one.members) for one in made)) == (households, people)


def test_ages_are_those_of_the_census():
    counts = ages(100_000, Random(1))
    older = sum(number for (age, _sex), number in counts.items() if age >= 60)
    children = sum(number for (age, _sex), number in counts.items() if age < 15)
    assert 18_400 < older < 19_200
    assert 17_700 < children < 18_300


@pytest.mark.django_db
def test_a_small_demonstration_is_whole():
    told: list[str] = []
    built = build_demo(people=400, today=TODAY, report=told.append, seed=5)
    assert built.people == 400
    assert len(told) > 19
    with system_scope("test"):
        assert Person.objects.count() == 400
        assert Household.objects.count() == built.households
        assert Place.objects.filter(kind=PlaceKind.COMMUNITY).count() == 19
        assert set(Post.objects.values_list("role", flat=True)) == set(Role.values)
        people = list(Person.objects.order_by("pk")[:40])
        names = [person.name for person in people]
        assert all(p.identity_number.startswith(DEMONSTRATION_DIVISION) for p in people)
        assert all(p.phone.startswith("143") for p in people if p.phone)
        ours = Person.objects.filter(home__path__startswith=f"{PANHUO}/{layout.YINJIA}/")
        assert set(ours.values_list("confirmed_by__name", flat=True)) >= {"林芳"}
        forms = dict(
            FormInstance.objects.filter(place__code=layout.YINJIA).values_list("title", "state")
        )
        assert forms == {
            "残疾人基本情况登记表": "open",
            "90岁以上老人牛奶发放名册": "handed_in",
            "常住人口月报表": "open",
        }
        from_files = ours.filter(source__in=("import", "department"))
        assert not from_files.filter(confirmed_by__isnull=False).exists()
    assert all(names)


@pytest.mark.parametrize("seed", [load.SEED, 1])
def test_in_yinjia_some_over_nineties_live_alone_and_nobody_shares_a_phone(seed):
    random = Random(seed)
    plan = layout.quarters(layout.HOUSEHOLDS, CODES, random)
    dealt = load._dealt(families(layout.PEOPLE, layout.HOUSEHOLDS, random), plan, random)
    assert 5 <= sum(map(load._is_very_old_alone, dealt[layout.YINJIA])) <= 15
    facts = FactMaker(random, TODAY)
    ours = [person for family in dealt[layout.YINJIA] for person in facts.household(family)]
    phones = [person["phone"] for person in ours if "phone" in person]
    assert len(set(phones)) == len(phones)


@pytest.mark.django_db
def test_the_demonstration_never_touches_data_it_did_not_make(tmp_path):
    from tests.people import a_subdistrict

    a_subdistrict()
    (tmp_path / "snapshot").mkdir()
    with pytest.raises(Refused) as refused:
        command._clear(tmp_path)
    assert refused.value.code == "demo.not_empty"
    assert (tmp_path / "snapshot").is_dir()


def test_what_an_interrupted_build_left_is_removed(tmp_path, settings, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("only a file of the demonstration's own is removed")
    file = tmp_path / "linli.sqlite3"
    database = {**settings.DATABASES["default"], "NAME": str(file)}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    (tmp_path / "snapshot" / "live").mkdir(parents=True)
    file.write_bytes(b"half a database")
    (tmp_path / command.BEGUN).touch()
    (tmp_path / "keys.json").touch()
    command._clear(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == [command.BEGUN, "keys.json"]


def crowd(seed):
    """Everybody of a small place with everything known of them."""
    random = Random(seed)
    made = families(400, 157, random)
    facts = FactMaker(random, TODAY)
    return [person for family in made for person in facts.household(family)]


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    assert crowd(5) == crowd(5)
    assert crowd(5) != crowd(6)
    numbers = [person["identity_number"] for person in crowd(5)]
    assert len(set(numbers)) == len(numbers)


def test_a_lift_of_a_tower_is_as_old_as_it_and_an_added_one_is_newer():
    tower = {"floors": 26, "built_year": 2009}
    walk_up = {"floors": 6, "built_year": 1996}
    assert load._installed(tower, 3) == date(2009, 6, 1)
    assert all(2019 <= load._installed(walk_up, n).year <= 2023 for n in range(60))


@pytest.mark.django_db
def test_lifts_are_added_through_an_action_with_who_maintains_them():
    from linli.register.facilities.actions import NewFacility, add_facilities
    from linli.register.parties.actions import add_party
    from tests.people import a_subdistrict

    town = a_subdistrict()
    with system_scope("test"):
        party = add_party(place=town.town, name="明州电梯维保公司", kind="维保", by=None)
        add_facilities(
            facilities=[
                NewFacility(
                    town.building("1"),
                    "电梯",
                    "1幢电梯",
                    maintainer=party,
                    next_inspection_on=date(2027, 1, 5),
                )
            ],
            by=None,
        )
        lift = Facility.objects.select_related("maintainer").get()
    assert lift.maintainer == party
    assert lift.scope_path == town.building("1").path
