"""A small random town with every kind of gap, and its flat rows as plain Python sees them."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from linli.core.actions import writes_allowed
from linli.core.fields import Dictionary, Kind, Row
from linli.core.personal_data.crypto import blind_index
from linli.core.scope import system_scope
from linli.register.people import terms
from linli.register.people.models import Household, Person
from linli.register.places.models import Building, Dwelling, Place
from linli.register.places.terms import BuildingUsage, DwellingUsage, Structure
from linli.register.posts.models import User
from linli.workbench.conditions.models import OwnField, OwnFieldValue
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.conditions.subjects import model_of
from tests.conditions.strategies import DATES, TODAY

TOWN = "330212007/"
YIN, DONG = f"{TOWN}330212007009/", f"{TOWN}330212007010/"
WORDS = ["", "", "甲厂", "A1", "a1", "“引号”", "甲 且 乙", "100%"]
NAMES = ["甲", "乙东方丽都", "A1", "a1"]


@contextmanager
def by_the_system() -> Iterator[None]:
    with system_scope("set up a test"), writes_allowed("set up a test"):
        yield


@dataclass
class Town:
    """The rows in the database, and the same by the keys of the dictionary."""

    words: Dictionary
    rows: dict[str, list[Row]]
    paths: list[str]
    links: dict[tuple[str, str], dict[Any, list[Row]]] = field(default_factory=dict)

    def related(self, subject: str, row: Row, key: str) -> list[Row]:
        relation = self.words.subject(subject).relation(key)
        assert relation is not None
        here = (subject, key)
        if here not in self.links:
            by: dict[Any, list[Row]] = defaultdict(list)
            for each in self.rows[relation.target]:
                by[each[relation.link_key]].append(each)
            self.links[here] = by
        own = row[relation.link_key] if relation.target == subject else row["id"]
        return [] if own is None else self.links[here].get(own, [])


def a_place(kind: str, name: str, path: str, parent: Place | None, address: str = "") -> Place:
    return Place.objects.create(
        kind=kind, name=name, path=path, scope_path=path, parent=parent, address=address
    )


def make_town(seed: int = 7) -> Town:
    """Build the town; call with database access."""
    chance = random.Random(seed)
    with by_the_system():
        homes = _places(chance)
        _people(chance, homes)
        _own_facts(chance)
        words = dictionary()
        rows = {subject.key: _flat(subject.key, words) for subject in words.subjects}
        paths = list(Place.objects.order_by("path").values_list("path", flat=True))
    return Town(words, rows, paths)


def maybe(chance: random.Random, *values: Any, gap: Any = None) -> Any:
    return gap if chance.random() < 0.35 else chance.choice(values)


def day(chance: random.Random) -> date | None:
    return maybe(chance, *DATES, date(1910, 1, 1) + timedelta(days=chance.randrange(42_000)))


def _places(chance: random.Random) -> list[Place]:
    town = a_place("subdistrict", "潘火街道", TOWN, None)
    homes = []
    for path, name in ((YIN, "殷家社区"), (DONG, "东城社区")):
        community = a_place("community", name, path, town)
        estate = a_place("estate", f"{name[:2]}苑", f"{path}001/", community)
        grid = a_place("grid", "第一网格", f"{path}002/", community)
        for n, above in enumerate((estate, estate, grid), 1):
            homes += _building(chance, above, n)
    return homes


def _building(chance: random.Random, above: Place, n: int) -> list[Place]:
    path = f"{above.path}{n:03d}/"
    place = a_place("building", f"{n}幢", path, above, f"{above.name}{n}幢")
    if chance.random() < 0.2:
        place.ended_on = TODAY - timedelta(days=5)
        place.save()
    Building.objects.create(
        place=place,
        scope_path=path,
        floors=maybe(chance, 3, 6, 18),
        built_year=maybe(chance, 1985, 2004, 2026),
        has_lift=maybe(chance, True, False),
        lift_count=maybe(chance, 0, 1, 2),
        doors_a_floor=maybe(chance, 2, 4),
        structure=maybe(chance, *Structure.values, gap=""),
        usage=maybe(chance, *BuildingUsage.values, gap=""),
        property_managed=maybe(chance, True, False),
        gatekeeper=maybe(chance, True, False),
    )
    entrance = a_place("entrance", "1单元", f"{path}001/", place, f"{place.address}1单元")
    return [_dwelling(chance, place, entrance, door) for door in range(1, 6)]


def _dwelling(chance: random.Random, building: Place, entrance: Place, door: int) -> Place:
    path = f"{entrance.path}{door:03d}/"
    place = a_place("dwelling", f"{door}01室", path, entrance, f"{entrance.address}{door}01室")
    place.confirmed_on = day(chance)
    place.save()
    Dwelling.objects.create(
        place=place,
        building=building,
        scope_path=path,
        floor=maybe(chance, 1, 6, -1),
        door=f"{door}01",
        area=maybe(chance, Decimal("49.5"), Decimal("90"), Decimal("120.25")),
        usage=maybe(chance, *DwellingUsage.values, gap=""),
        household_count=chance.randrange(3),
        resident_count=chance.randrange(6),
    )
    return place


def _people(chance: random.Random, homes: list[Place]) -> None:
    for n, home in enumerate(homes):
        for _family in range(chance.choice([0, 1, 1, 2])):
            _household(chance, home, n)
        if chance.random() < 0.3:
            _person(chance, home, None)


def _household(chance: random.Random, home: Place, n: int) -> None:
    household = Household.objects.create(
        dwelling=home,
        scope_path=home.path,
        number=maybe(chance, f"{n}", gap=""),
        size=chance.choice([0, 1, 1, 2, 5]),
        oldest_birth_date=day(chance),
        youngest_birth_date=day(chance),
        low_income=maybe(chance, True, False),
        ended_on=TODAY if chance.random() < 0.15 else None,
        source=maybe(chance, *terms.FactSource.values, gap=""),
        confirmed_on=day(chance),
    )
    members = [_person(chance, home, household) for _ in range(chance.choice([0, 1, 2, 3]))]
    if members and chance.random() < 0.7:
        household.head = members[0]
        household.save()


CHOICES: dict[str, Any] = {
    "sex": terms.Sex,
    "identity_kind": terms.IdentityKind,
    "education": terms.Education,
    "marital_status": terms.Marital,
    "political_status": terms.Political,
    "employment": terms.Employment,
    "disability_kind": terms.DisabilityKind,
    "disability_level": terms.DisabilityLevel,
    "chronic_illness": terms.ChronicIllness,
    "care_level": terms.CareLevel,
    "medical_insurance": terms.MedicalInsurance,
    "pension": terms.Pension,
    "preferred_channel": terms.ContactChannel,
    "tenure": terms.Tenure,
    "relation_to_head": terms.Relation,
    "source": terms.FactSource,
}
DAYS = ("birth_date", "due_date", "last_contact_on", "lives_since", "confirmed_on")
FLAGS = ("low_income", "extreme_hardship", "veteran", "volunteer", "registered")


def _person(chance: random.Random, home: Place, household: Household | None) -> Person:
    phone = maybe(chance, "13800000000", "13900000001", gap="")
    facts = {key: maybe(chance, *named.values, gap="") for key, named in CHOICES.items()}
    facts |= {key: day(chance) for key in DAYS} | {key: maybe(chance, True, False) for key in FLAGS}
    return Person.objects.create(
        name=chance.choice(NAMES),
        workplace=chance.choice(WORDS),
        phone=phone,
        phone_index=blind_index(phone, "phone"),
        ethnicity=maybe(chance, "汉族", "回族", gap=""),
        home=home,
        household=household,
        scope_path=home.path,
        status=chance.choice(["current", "current", "current", "moved_out", "died"]),
        **facts,
    )


def _own_facts(chance: random.Random) -> None:
    user = User.objects.create(username="office", name="办公室")
    town, yin = Place.objects.get(path=TOWN), Place.objects.get(path=YIN)
    offices = {"person": town, "household": yin, "dwelling": town, "building": town}
    for subject, place in offices.items():
        for kind in ("number", "date", "choice", "flag", "text"):
            attribute = OwnField.objects.create(
                label=f"自定{subject}{kind}",
                subject=subject,
                kind=kind,
                place=place,
                by=user,
                choices=["甲类", "乙、类"] if kind == "choice" else [],
                scope_path=place.path,
            )
            _own_values(chance, attribute)


def _own_values(chance: random.Random, attribute: OwnField) -> None:
    models = {"person": Person, "household": Household, "dwelling": Dwelling, "building": Building}
    values: dict[str, tuple[Any, ...]] = {
        "number": (0, 1, Decimal("2.5"), 100),
        "date": tuple(DATES),
        "choice": ("甲类", "乙、类"),
        "flag": (True, False),
        "text": ("甲", "A1", "100%"),
    }
    link = {"dwelling": "place_id", "building": "place_id"}.get(
        attribute.subject, f"{attribute.subject}_id"
    )
    column = {"choice": "text"}.get(attribute.kind, attribute.kind)
    for pk, path in models[attribute.subject].objects.values_list("pk", "scope_path"):
        if path.startswith(attribute.scope_path) and chance.random() < 0.6:
            OwnFieldValue.objects.create(
                attribute=attribute,
                scope_path=path,
                **{link: pk, column: chance.choice(values[attribute.kind])},
            )


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__"):
        if row is None:
            return None
        row = getattr(row, name, None)
    return row


def _flat(subject: str, words: Dictionary) -> list[Row]:
    """Follow the objects by hand: nothing here is shared with the compilers."""
    about, made = words.subject(subject), []
    own = defaultdict(dict)
    for value in OwnFieldValue.objects.select_related("attribute"):
        filled = (value.number, value.date, value.flag, value.text)
        kept = next((each for each in filled if each not in (None, "")), None)
        key = value.person_id or value.household_id or value.place_id
        own[value.attribute.subject, key][f"own_{value.attribute_id}"] = kept
    for one in model_of(about).objects.order_by("pk"):
        row: dict[str, Any] = {"id": one.pk, "scope_path": one.scope_path}
        row |= {key: _follow(one, path) for key, path in (about.links or {}).items()}
        for fact in words.fields_of(subject, all=True):
            if fact.column and fact.kind is not Kind.PLACE:
                column = fact.index_column if fact.sealed and fact.index_column else fact.column
                row[fact.key] = _follow(one, column)
        made.append(row | own[subject, one.pk])
    return made
