"""What the database itself refuses: triggers on both, row-level security on PostgreSQL."""

from __future__ import annotations

import time

import pytest
from django.db import IntegrityError, connection, transaction

from linli.core.actions import writes_allowed
from linli.core.database import raw_sql, row_security, triggers
from linli.core.scope import Scope, guard_switched_off_for_negative_control, system_scope, use_scope
from linli.register.people.models import Person
from linli.register.places.models import Place
from tests.scope.read_paths import READS
from tests.scope.world import OURS, THEIRS, a_community, a_town, by_the_system, scope_of

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

# Direct SQL that puts a row where it does not belong. {ours} and {theirs} are keys.
MISPLACED = {
    "a person away from home": (
        "UPDATE people_person SET scope_path = %s WHERE id = %s",
        lambda o, t: [THEIRS, o.person.pk],
    ),
    "a home that is elsewhere": (
        "UPDATE people_person SET home_id = %s WHERE id = %s",
        lambda o, t: [t.home.pk, o.person.pk],
    ),
    "a household away from its dwelling": (
        "UPDATE people_household SET scope_path = %s WHERE id = %s",
        lambda o, t: [OURS, o.household.pk],
    ),
    "a place that is not below its parent": (
        "UPDATE places_place SET path = %s, scope_path = %s WHERE id = %s",
        lambda o, t: [f"{THEIRS}999/", f"{THEIRS}999/", o.grid.pk],
    ),
    "a stamp beside its person": (
        "UPDATE people_factstamp SET scope_path = %s WHERE id = %s",
        lambda o, t: [OURS, o.stamp.pk],
    ),
    "a post that claims more than its place": (
        "INSERT INTO posts_post (scope_path, role, title, from_date, place_id)"
        " VALUES (%s, 'secretary', '', '2026-01-01', %s)",
        lambda o, t: ["330212007/", o.grid.pk],
    ),
    "a path that is none": (
        "UPDATE journal_journalentry SET scope_path = %s WHERE subject_id = %s",
        lambda o, t: ["330212007009", o.person.pk],
    ),
}


def is_refused(name: str) -> bool:
    town = a_town()
    ours, theirs = a_community(town, OURS, "殷家", 2), a_community(town, THEIRS, "芝兰", 2)
    sql, params = MISPLACED[name]
    try:
        with transaction.atomic(), by_the_system():
            raw_sql.run(sql, params(ours, theirs), reason="test: past the product")
    except IntegrityError as no:
        return "linli:" in str(no)
    return False


@pytest.mark.parametrize("name", sorted(MISPLACED))
def test_the_database_refuses(name: str) -> None:
    assert is_refused(name)


@pytest.mark.parametrize("name", sorted(MISPLACED))
def test_without_triggers_it_would_not(name: str) -> None:
    triggers.take_down(connection)
    try:
        assert not is_refused(name)
        if "path that is none" not in name:
            assert triggers.misplaced(connection), "and the daily check finds it"
    finally:
        if connection.vendor == "sqlite":
            transaction.set_rollback(True)


def test_every_scoped_table_has_its_triggers() -> None:
    tables = {model._meta.db_table for model in raw_sql.scoped_tables(connection)}
    assert {table for table in triggers.present(connection).values()} == tables


@pytest.mark.django_db(transaction=True)
def test_who_moves_a_place_takes_its_people_along() -> None:
    """A dwelling that moves alone is refused at the commit; with all that hangs on it it may."""
    ours = a_community(a_town(), OURS, "殷家", 2)
    moved = f"{OURS}001/001/009/"

    def move(*tables: str) -> None:
        with transaction.atomic(), by_the_system():
            raw_sql.run(
                "UPDATE places_place SET path = %s, scope_path = %s WHERE id = %s",
                [moved, moved, ours.home.pk],
                reason="test",
            )
            for table in tables:
                raw_sql.run(
                    f"UPDATE {table} SET scope_path = %s WHERE scope_path = %s",
                    [moved, ours.home.path],
                    reason="test",
                )

    everything = (
        "places_dwelling",
        "people_household",
        "people_person",
        "people_residence",
        "people_factstamp",
        "facilities_facility",
    )
    for left_out in everything:
        with pytest.raises(IntegrityError):
            move(*[table for table in everything if table != left_out])
    assert not triggers.misplaced(connection)
    move(*everything)
    assert not triggers.misplaced(connection)
    with use_scope(scope_of(OURS)):
        assert {p.scope_path for p in Person.objects.all()} == {moved}


@pytest.mark.django_db(transaction=True)
def test_without_triggers_its_people_would_be_left_behind() -> None:
    ours = a_community(a_town(), OURS, "殷家", 2)
    triggers.take_down(connection)
    moved = f"{OURS}001/001/009/"
    try:
        with transaction.atomic(), by_the_system():
            Place.objects.filter(pk=ours.home.pk).update(path=moved, scope_path=moved)
        assert triggers.misplaced(connection)["people_person.home_id"] == 2
    finally:
        triggers.put_up(connection)


@pytest.mark.nightly
def test_bulk_loads_stay_fast() -> None:
    """The triggers add less than the load itself."""
    ours = a_community(a_town(), OURS, "殷家", 1)
    number = 20_000

    def load() -> float:
        people = [
            Person(
                name=f"人{n}", home=ours.home, household=ours.household, scope_path=ours.home.path
            )
            for n in range(number)
        ]
        begun = time.perf_counter()
        with by_the_system():
            Person.objects.bulk_create(people, batch_size=1000)
        return time.perf_counter() - begun

    held = load()
    triggers.take_down(connection)
    free = load()
    print(f"{number} rows: {held:.2f} s with triggers, {free:.2f} s without")
    assert held < 2 * free + 0.5


# Row-level security, the second line of defence.

only_postgres = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="only PostgreSQL has it"
)


@only_postgres
def test_the_belt_binds_every_scoped_table() -> None:
    made = {model._meta.db_table for model in raw_sql.scoped_tables(connection)}
    assert made.isdisjoint(row_security.unprotected_tables(connection))


@only_postgres
def test_alone_it_still_answers_nothing_of_theirs() -> None:
    """With our own guard off, PostgreSQL shows our rows and no others."""
    town = a_town()
    ours = a_community(town, OURS, "殷家", 3)
    theirs = a_community(town, THEIRS, "芝兰", 5)
    with guard_switched_off_for_negative_control(keep_database=True):
        with use_scope(scope_of(ours)):
            assert Person.objects.count() == 3
            assert Person.objects.filter(pk=theirs.person.pk).first() is None
            assert {p.name for p in Place.objects.all()} >= {"潘火街道", "殷家社区"}
            assert not Place.objects.filter(name__startswith="芝兰").exists()
            with writes_allowed("test"):
                assert Person.objects.filter(name__startswith="芝兰").update(workplace="x") == 0
        with use_scope(Scope((f"{OURS}001/", f"{THEIRS}001/001/"), "grid_worker")):
            assert Person.objects.count() == 8
        with use_scope(None):
            assert Person.objects.count() == 0
    with guard_switched_off_for_negative_control(), use_scope(scope_of(ours)):
        assert Person.objects.count() == 8, "with both guards off the neighbours show"


@only_postgres
def test_it_refuses_to_put_a_row_elsewhere() -> None:
    from django.db import ProgrammingError

    from linli.register.parties.models import Party

    town = a_town()
    ours, theirs = a_community(town, OURS, "殷家", 1), a_community(town, THEIRS, "芝兰", 1)
    stray = Party(name="外来", place=theirs.place, scope_path=THEIRS)
    with (
        guard_switched_off_for_negative_control(keep_database=True),
        use_scope(scope_of(ours)),
        writes_allowed("test"),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        stray.save()


@only_postgres
def test_a_rollback_does_not_leave_the_wrong_scope_behind() -> None:
    ours = a_community(a_town(), OURS, "殷家", 3)
    with guard_switched_off_for_negative_control(keep_database=True), use_scope(scope_of(ours)):
        sid = transaction.savepoint()
        with system_scope("test"):
            assert Person.objects.count() == 3
        transaction.savepoint_rollback(sid)
        with use_scope(scope_of(THEIRS)):
            assert Person.objects.count() == 0
        assert Person.objects.count() == 3


@only_postgres
def test_the_scope_is_told_only_when_it_changes(django_assert_num_queries: object) -> None:
    ours = a_community(a_town(), OURS, "殷家", 3)
    told = []
    original = connection.connection.cursor

    def counting(*args: object, **kwargs: object) -> object:
        told.append(1)
        return original(*args, **kwargs)

    with use_scope(scope_of(ours)):
        Person.objects.count()
        connection.connection.cursor = counting
        try:
            for _ in range(10):
                Person.objects.count()
        finally:
            del connection.connection.cursor
    assert len(told) == 10, "ten questions, ten cursors, none of them to tell the scope again"


@only_postgres
@pytest.mark.parametrize("name", ["people_all", "subquery", "annotate_over_a_reverse_join"])
def test_paths_are_compared_byte_by_byte(name: str) -> None:
    column = raw_sql.run(
        "SELECT collation_name FROM information_schema.columns"
        " WHERE table_name = 'people_person' AND column_name = 'scope_path'",
        reason="test",
    )
    assert column == [("C",)]
    assert READS[name]
