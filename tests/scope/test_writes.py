"""Nothing of the neighbours' is changed from our scope, whichever way it is tried."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core import serializers
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Value

from linli.core.actions import WriteOutsideAction, writes_allowed
from linli.core.database import raw_sql
from linli.core.errors import NotFound
from linli.core.scope import (
    NoScope,
    guard_switched_off_for_negative_control,
    system_scope,
    use_scope,
)
from linli.register.parties.models import Party
from linli.register.people.models import FactStamp, Household, Person
from linli.register.places.models import Place
from linli.workbench.journal.models import JournalEntry
from tests.scope.world import OURS, THEIRS, TOWN, Community, a_community, a_town, scope_of
from tests.tampering import go_round_the_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

Try = Callable[[Community, Community], Any]
TRIES: dict[str, Try] = {}


def tries(function: Try) -> Try:
    TRIES[function.__name__] = function
    return function


def an_entry(path: str, seq: int) -> JournalEntry:
    return JournalEntry(
        seq=seq, kind="x", at=datetime.now(UTC), before="", seal="", scope_path=path
    )


@tries
def save_theirs(ours: Community, theirs: Community) -> None:
    theirs.person.name = "改了"
    theirs.person.save()


@tries
def save_theirs_under_our_path(ours: Community, theirs: Community) -> None:
    entry = an_entry(ours.home.path, 900)
    with system_scope("test: which key have they"):
        entry.pk = JournalEntry.objects.filter(scope_path=theirs.home.path).get().pk
    entry._state.adding = False
    entry.save()


@tries
def update_everything(ours: Community, theirs: Community) -> None:
    Person.objects.update(workplace="改了")


@tries
def update_through_a_key(ours: Community, theirs: Community) -> None:
    Person.objects.filter(home__parent__kind="building").update(workplace="改了")


@tries
def update_a_place_above(ours: Community, theirs: Community) -> None:
    Place.objects.filter(path=TOWN).update(name="改了")


@tries
def save_a_place_above(ours: Community, theirs: Community) -> None:
    town = Place.objects.get(path=TOWN)
    town.name = "改了"
    town.save()


@tries
def delete_everything(ours: Community, theirs: Community) -> None:
    FactStamp.objects.all().delete()


@tries
def delete_theirs(ours: Community, theirs: Community) -> None:
    theirs.stamp.delete()


@tries
def cascade_into_theirs(ours: Community, theirs: Community) -> None:
    type(theirs.person)._base_manager.filter(pk=theirs.person.pk).delete()
    theirs.lift.delete()


@tries
def move_ours_to_them(ours: Community, theirs: Community) -> None:
    JournalEntry.objects.update(scope_path=THEIRS)


@tries
def move_ours_by_an_expression(ours: Community, theirs: Community) -> None:
    JournalEntry.objects.filter(kind="test.happened").update(scope_path=Value(THEIRS))


@tries
def move_ours_by_another_column(ours: Community, theirs: Community) -> None:
    JournalEntry.objects.update(role=THEIRS)
    JournalEntry.objects.update(scope_path=F("role"))


@tries
def create_there(ours: Community, theirs: Community) -> None:
    Party.objects.create(name="外来", place=theirs.place, scope_path=THEIRS)


@tries
def bulk_create_there(ours: Community, theirs: Community) -> None:
    Party.objects.bulk_create([Party(name="外来", place=theirs.place, scope_path=THEIRS)])


@tries
def overwrite_on_conflict(ours: Community, theirs: Community) -> None:
    mine = Party(pk=theirs.party.pk, name="盖掉", place=ours.place, scope_path=OURS)
    Party.objects.bulk_create(
        [mine], update_conflicts=True, unique_fields=["id"], update_fields=["name"]
    )


@tries
def bulk_update_theirs(ours: Community, theirs: Community) -> None:
    theirs.person.name = "改了"
    Person.objects.bulk_update([theirs.person], ["name"])


@tries
def bulk_update_theirs_in_disguise(ours: Community, theirs: Community) -> None:
    mine = Person(pk=theirs.person.pk, name="改了", scope_path=ours.home.path)
    Person.objects.bulk_update([mine], ["name"])


@tries
def get_or_create_there(ours: Community, theirs: Community) -> None:
    Party.objects.get_or_create(name="外来", place=theirs.place, scope_path=THEIRS)


@tries
def update_or_create_there(ours: Community, theirs: Community) -> None:
    Party.objects.update_or_create(
        name=theirs.party.name,
        defaults={"hours": "改了", "place": theirs.place, "scope_path": THEIRS},
    )


@tries
def deserialize_there(ours: Community, theirs: Community) -> None:
    fields = {"name": "外来", "place": theirs.place.pk, "scope_path": THEIRS}
    text = json.dumps([{"model": "parties.party", "fields": fields}])
    for one in serializers.deserialize("json", text):
        one.save()


@tries
def deserialize_over_theirs(ours: Community, theirs: Community) -> None:
    fields = {"name": "盖掉", "place": ours.place.pk, "scope_path": OURS}
    text = json.dumps([{"model": "parties.party", "pk": theirs.party.pk, "fields": fields}])
    for one in serializers.deserialize("json", text):
        one.save()


@tries
def create_through_a_related_manager(ours: Community, theirs: Community) -> None:
    theirs.place.parties.create(name="外来", scope_path=THEIRS)


@tries
def add_to_a_related_manager(ours: Community, theirs: Community) -> None:
    ours.party.maintains.add(theirs.lift)


@tries
def set_a_related_manager(ours: Community, theirs: Community) -> None:
    ours.party.maintains.set([theirs.lift])


@tries
def clear_their_related_manager(ours: Community, theirs: Community) -> None:
    theirs.party.maintains.clear()


@tries
def save_only_one_field(ours: Community, theirs: Community) -> None:
    theirs.household.number = "改了"
    theirs.household.save(update_fields=["number"])


@tries
def write_for_nobody(ours: Community, theirs: Community) -> None:
    with use_scope(None):
        Party.objects.bulk_create([Party(name="外来", place=theirs.place, scope_path=THEIRS)])


def their_rows() -> str:
    """Write down every row that is not ours."""
    found: list[Any] = []
    with system_scope("test: what do the others have"):
        for model in raw_sql.scoped_tables(connection):
            rows = model.objects.exclude(scope_path__gte=OURS, scope_path__lt=f"{OURS[:-1]}0")
            found += [str(row) for row in rows.order_by("pk").values()]
    return json.dumps(found)


def is_harmed_by(attempt: Try) -> bool:
    """Try it inside our scope; is anything different outside?"""
    town = a_town()
    ours, theirs = a_community(town, OURS, "殷家", 2), a_community(town, THEIRS, "芝兰", 2)
    go_round_the_triggers()  # the first guard is tried here; what the database refuses is another's
    before = their_rows()
    with writes_allowed("test"), use_scope(scope_of(ours)):
        try:
            with transaction.atomic():
                attempt(ours, theirs)
        except (NotFound, NoScope, DatabaseError):
            pass
    return their_rows() != before


@pytest.mark.parametrize("name", sorted(TRIES))
def test_theirs_stays_as_it_is(name: str) -> None:
    assert not is_harmed_by(TRIES[name])


@pytest.mark.parametrize("name", sorted(TRIES))
def test_without_the_guard_it_would_not(name: str) -> None:
    with guard_switched_off_for_negative_control():
        assert is_harmed_by(TRIES[name])


def test_our_own_can_be_changed() -> None:
    """The guard is no wall around our own rows: each way works at home."""
    ours = a_community(a_town(), OURS, "殷家", 2)
    with writes_allowed("test"), use_scope(scope_of(ours)):
        assert Person.objects.update(workplace="家") == 2
        ours.person.name = "新名"
        ours.person.save()
        Party.objects.update_or_create(name="殷家物业", defaults={"hours": "全天"})
        Person.objects.bulk_update(ours.persons, ["name"])
        ours.place.parties.create(name="另一家", scope_path=OURS)
        assert Place.objects.filter(kind="grid").update(name="一网格") == 1
        assert FactStamp.objects.all().delete()[0] == 1


def test_a_write_outside_an_action_raises() -> None:
    ours = a_community(a_town(), OURS, "殷家", 2)
    with use_scope(scope_of(ours)):
        for write in (
            lambda: Person.objects.update(workplace="x"),
            lambda: ours.person.save(),
            lambda: ours.stamp.delete(),
            lambda: Household.objects.create(dwelling=ours.home, scope_path=ours.home.path),
            lambda: Household.objects.bulk_create(
                [Household(dwelling=ours.home, scope_path=ours.home.path)]
            ),
        ):
            with pytest.raises(WriteOutsideAction), transaction.atomic():
                write()
        with writes_allowed("the negative control: now the same writes pass"):
            Person.objects.update(workplace="x")
            ours.person.save()


def test_born_today_is_no_stranger() -> None:
    """A date on the row does not matter to the scope; only its path does."""
    ours = a_community(a_town(), OURS, "殷家", 1)
    with writes_allowed("test"), use_scope(scope_of(ours)):
        Person.objects.create(
            name="新生儿", birth_date=date(2026, 11, 1), home=ours.home, scope_path=ours.home.path
        )
        assert Person.objects.count() == 2
