"""Every way that Django offers to read rows, each as one short function of our community.

The answer of each must be the same whether or not the neighbours' rows exist.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from django.core import serializers
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import connection, models
from django.db.models import (
    Avg,
    Count,
    Exists,
    F,
    FilteredRelation,
    Max,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Sum,
    Window,
    prefetch_related_objects,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber

from linli.core.scope import Scope, is_guard_off, use_scope
from linli.core.scope.active import _guard_off
from linli.register.facilities.models import Facility
from linli.register.parties.models import Party
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.places.models import Building, Dwelling, Place
from linli.register.posts.models import Post, User
from linli.workbench.journal.models import JournalEntry
from tests.scope.world import THEIRS, TOWN, Community, scope_of

Read = Callable[[Community], Any]
READS: dict[str, Read] = {}
REFUSED: dict[str, Read] = {}
NEEDS_POSTGRES = {"distinct_on"}


def reads(function: Read) -> Read:
    READS[function.__name__] = function
    return function


def refused(function: Read) -> Read:
    """A way that is closed: it must raise, and must leak when the guard is off."""
    REFUSED[function.__name__] = function
    return function


# The queryset's own methods, in one table.
_PEOPLE: dict[str, Callable[[models.QuerySet[Person]], Any]] = {
    "all": list,
    "iterator": lambda q: list(q.iterator(chunk_size=2)),
    "count": lambda q: q.count(),
    "len": len,
    "exists": lambda q: q.filter(birth_date__year=1935).exists(),
    "filter": lambda q: list(q.filter(workplace__gt="")),
    "exclude": lambda q: list(q.exclude(name="无人")),
    "get": lambda q: _or_none(lambda: q.get(birth_date="1935-01-01")),
    "first": lambda q: q.order_by("-birth_date").first(),
    "last": lambda q: q.order_by("birth_date").last(),
    "earliest": lambda q: q.earliest("-birth_date"),
    "latest": lambda q: q.latest("birth_date"),
    "in_bulk": lambda q: q.in_bulk(),
    "values": lambda q: list(q.values("name", "home__name", "household__size")),
    "values_list": lambda q: list(q.values_list("home__parent__name", flat=True)),
    "dates": lambda q: list(q.dates("birth_date", "day")),
    "datetimes": lambda q: len(q.datetimes("changed_at", "microsecond" and "second")) and q.count(),
    "aggregate": lambda q: q.aggregate(Count("pk"), Max("birth_date"), Sum("household__size")),
    "annotate": lambda q: list(q.values("home__kind").annotate(n=Count("pk"))),
    "distinct": lambda q: list(q.order_by("workplace").values("workplace").distinct()),
    "distinct_on": lambda q: list(q.order_by("workplace").distinct("workplace")),
    "order_by_join": lambda q: list(q.order_by("-home__name", "-pk")[:3]),
    "slice": lambda q: list(q.order_by("-pk")[:2]),
    "reverse": lambda q: list(q.order_by("pk").reverse()[:1]),
    "union": lambda q: list(q.filter(sex="").union(q.exclude(sex="")).order_by("pk")),
    "intersection": lambda q: list(q.intersection(q.filter(name__gt="")).order_by("pk")),
    "difference": lambda q: list(q.difference(q.filter(name="")).order_by("pk")),
    "window": lambda q: list(
        q.annotate(n=Window(RowNumber(), order_by=F("birth_date").desc())).values("n", "name")
    ),
    "deepcopy": lambda q: list(copy.deepcopy(q)),
    "pickled": lambda q: list(pickle.loads(pickle.dumps(q.all()))),
    "pickled_query": lambda q: _with_query(q),
    "serialized": lambda q: serializers.serialize("json", q),
    "select_for_update": lambda q: _locked(q),
    "only": lambda q: [p.workplace for p in q.only("name")],
    "subquery_in": lambda q: list(q.filter(pk__in=Residence.objects.values("person"))),
    "contains": lambda q: q.filter(pk__in=range(10_000)).count(),
    "alias": lambda q: q.alias(n=Count("residences")).filter(n__gt=0).count(),
    "negated_join": lambda q: list(q.filter(~Q(residences__tenure="x"))),
}


def _or_none(get: Callable[[], Any]) -> Any:
    try:
        return get()
    except ObjectDoesNotExist:
        return None
    except MultipleObjectsReturned:
        return "several"


def _locked(query: models.QuerySet[Person]) -> list[Person]:
    from django.db import transaction

    with transaction.atomic():
        return list(query.select_for_update())


def _with_query(query: models.QuerySet[Person]) -> list[Person]:
    other = Person.objects.all()
    other.query = pickle.loads(pickle.dumps(query.all().query))
    return list(other)


def _on_people(way: Callable[[models.QuerySet[Person]], Any]) -> Read:
    return lambda ours: way(Person.objects.all())


READS |= {f"people_{name}": _on_people(way) for name, way in _PEOPLE.items()}

# Every scoped table by its plain list, so that a new one is not forgotten.
READS |= {
    f"all_{model.__name__.lower()}": (lambda ours, model=model: list(model.objects.values()))
    for model in (
        Building,
        Dwelling,
        Facility,
        FactStamp,
        Household,
        JournalEntry,
        Party,
        Person,
        Place,
        Post,
        Residence,
    )
}


@reads
def default_and_base_manager(ours: Community) -> Any:
    return [Person._default_manager.count(), Person._base_manager.count()]


@reads
def annotate_over_a_reverse_join(ours: Community) -> Any:
    """The town lies above and may be named; its people must not be counted from a grid."""
    town = Place.objects.filter(path=TOWN)
    counted = town.annotate(n=Count("children__children__residents"), m=Count("children"))
    return list(counted.values("name", "n", "m"))


@reads
def aggregate_over_a_reverse_join(ours: Community) -> Any:
    return Place.objects.aggregate(
        n=Count("residents"), size=Avg("households__size"), posts=Count("posts")
    )


@reads
def filter_over_a_reverse_join(ours: Community) -> Any:
    return list(Place.objects.filter(children__households__size__gt=0).values("name"))


@reads
def exclude_over_a_reverse_join(ours: Community) -> Any:
    return list(Place.objects.exclude(children__name__gt="").values("name"))


@reads
def exclude_over_a_forward_and_a_reverse_join(ours: Community) -> Any:
    return list(Household.objects.exclude(dwelling__residents__workplace="x").values("number"))


@reads
def join_from_an_unscoped_table(ours: Community) -> Any:
    return list(
        User.objects.filter(posts__isnull=False).values("posts__title", "posts__place__name")
    )


@reads
def exclude_from_an_unscoped_table(ours: Community) -> Any:
    """Somebody who also works for the neighbours is not known to from here."""
    return User.objects.filter(username="both").exclude(posts__role="auditor").count()


@reads
def count_from_an_unscoped_table(ours: Community) -> Any:
    return User.objects.aggregate(n=Count("posts"))


@reads
def filtered_relation(ours: Community) -> Any:
    rows = Place.objects.annotate(
        olds=FilteredRelation("residents", condition=Q(residents__birth_date__gt="1900-01-01"))
    )
    return list(rows.filter(olds__isnull=False).values("olds__name"))


@reads
def forward_key(ours: Community) -> Any:
    """A row of ours that points at the neighbours': following the key finds nothing."""
    from tests.scope.world import by_the_system

    with by_the_system():
        other = Party.objects.exclude(scope_path=ours.path).exclude(scope_path=TOWN).first()
        if other is not None:
            Facility.objects.filter(pk=ours.lift.pk).update(maintainer=other)
        else:
            Facility.objects.filter(pk=ours.lift.pk).update(maintainer=None)
    lift = Facility.objects.get(pk=ours.lift.pk)
    return _or_none(lambda: lift.maintainer and lift.maintainer.name)  # guarded: DoesNotExist


@reads
def forward_key_joined(ours: Community) -> Any:
    forward_key(ours)
    lift = Facility.objects.select_related("maintainer").get(pk=ours.lift.pk)
    return [
        lift._state.fields_cache.get("maintainer"),
        list(Facility.objects.values_list("maintainer__name", flat=True)),
        Facility.objects.filter(maintainer__name__gt="").count(),
    ]


@reads
def reverse_key(ours: Community) -> Any:
    town = Place.objects.get(path=TOWN)
    return [list(town.children.all()), list(town.parties.all()), ours.home.residents.count()]


@reads
def reverse_one_to_one(ours: Community) -> Any:
    rows = Place.objects.filter(dwelling_facts__floor__gt=0, building_facts__isnull=True)
    return list(rows.values("dwelling_facts__door"))


@reads
def select_related(ours: Community) -> Any:
    rows = Person.objects.select_related("home__parent", "household__head").order_by("-pk")
    return [(p.name, p.home.parent.name, p.household.head.name) for p in rows]


@reads
def prefetch_related(ours: Community) -> Any:
    town = Place.objects.prefetch_related("children__children__children").get(path=TOWN)
    return [list(c.children.all()) for c in town.children.all()]


@reads
def prefetch_object(ours: Community) -> Any:
    rows = Prefetch("residents", queryset=Person.objects.order_by("pk"), to_attr="people")
    return [[p.name for p in place.people] for place in Place.objects.prefetch_related(rows)]


@reads
def prefetch_onto_objects(ours: Community) -> Any:
    from linli.core.scope import system_scope

    with system_scope("test: objects from elsewhere"):
        places = list(Place.objects.order_by("path"))
    prefetch_related_objects(places, "residents")
    return sorted(p.name for place in places for p in place.residents.all())


@reads
def subquery(ours: Community) -> Any:
    newest = Person.objects.order_by("-birth_date").values("name")[:1]
    return list(Place.objects.filter(path=TOWN).annotate(who=Subquery(newest)).values("who"))


@reads
def exists_with_outer_reference(ours: Community) -> Any:
    inside = Household.objects.filter(dwelling__path__startswith=OuterRef("path"))
    return list(Place.objects.annotate(n=Exists(inside)).values("name", "n"))


@reads
def subquery_under_an_unscoped_table(ours: Community) -> Any:
    titles = Post.objects.filter(user=OuterRef("pk")).values("title")[:1]
    rows = User.objects.annotate(title=Subquery(titles)).exclude(title=None)
    return list(rows.values("title"))


@reads
def refresh_from_db(ours: Community) -> Any:
    from tests.scope.world import by_the_system

    with by_the_system():
        theirs = Person.objects.exclude(home=ours.home).first()
    return theirs and _or_none(lambda: theirs.refresh_from_db() or theirs.pk)


@reads
def get_by_key(ours: Community) -> Any:
    found = []
    for key in range(ours.person.pk, ours.person.pk + 50):
        found += list(Person.objects.filter(pk=key)) + list(Residence.objects.filter(person=key))
    return found


@reads
def next_in_order(ours: Community) -> Any:
    return _or_none(lambda: ours.persons[-1].get_next_by_changed_at().name)


@reads
def get_or_create_finds(ours: Community) -> Any:
    return _or_none(lambda: Person.objects.get(name_pinyin="金丝雀").name)


@reads
def asynchronous(ours: Community) -> Any:
    """The same scope holds in a coroutine and in the thread it works in."""

    async def ask() -> list[Any]:
        names = [p.name async for p in Person.objects.order_by("pk")]
        return [names, await Person.objects.acount(), await Person.objects.alast()]

    return async_to_sync(ask)()


@reads
def no_path_at_all(ours: Community) -> Any:
    with use_scope(Scope((), "none")):
        return [
            Person.objects.count(),
            list(Place.objects.all()),
            User.objects.aggregate(n=Count("posts")),
        ]


@reads
def several_paths(ours: Community) -> Any:
    with use_scope(Scope((f"{ours.path}001/", f"{TOWN}zzz/"), "grid_worker")):
        return [Person.objects.count(), list(Place.objects.values_list("name", flat=True))]


@reads
def explained(ours: Community) -> Any:
    """The plan names our range and no other."""
    return "330212007010" in Person.objects.explain()


# Ways that are closed.


@refused
def raw(ours: Community) -> Any:
    return [p.name for p in Person.objects.raw("SELECT * FROM people_person")]


@refused
def raw_on_an_unscoped_table(ours: Community) -> Any:
    sql = "SELECT id, username, (SELECT count(*) FROM people_person) AS n FROM posts_user"
    return [u.n for u in User.objects.raw(sql)]


@refused
def extra(ours: Community) -> Any:
    return [p.name for p in Person.objects.extra(where=["1=1"])]


@refused
def extra_on_an_unscoped_table(ours: Community) -> Any:
    rows = User.objects.extra(select={"n": "SELECT count(*) FROM people_person"})
    return [u.n for u in rows]


@refused
def raw_sql_expression(ours: Community) -> Any:
    n = RawSQL("SELECT count(*) FROM people_person", [])
    return list(Place.objects.filter(path=TOWN).annotate(n=n).values("n"))


@refused
def raw_sql_in_order_by(ours: Community) -> Any:
    n = RawSQL("SELECT count(*) FROM people_person", [])
    return [list(User.objects.order_by(n)), Person.objects.count()]


@refused
def bare_cursor(ours: Community) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM people_person ORDER BY 1")
        return cursor.fetchall()


@refused
def bare_cursor_in_disguise(ours: Community) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("/* SELECT */ WITH a AS (SELECT name FROM people_person) SELECT * FROM a")
        return cursor.fetchall()


@refused
def queryset_made_by_hand(ours: Community) -> Any:
    return list(models.QuerySet(Person).values("name"))


@refused
def manager_made_by_hand(ours: Community) -> Any:
    manager = models.Manager()
    manager.model = Person
    return manager.count()


@refused
def lazy_queryset_from_another_scope(ours: Community) -> Any:
    with use_scope(scope_of(THEIRS)):
        rows = Person.objects.all()
    return list(rows)


@refused
def read_queryset_from_another_scope(ours: Community) -> Any:
    with use_scope(scope_of(THEIRS)):
        rows = Person.objects.all()
        len(rows)
    return [list(rows), rows.count(), rows.exists(), rows[0]]


@refused
def lazy_subquery_from_another_scope(ours: Community) -> Any:
    with use_scope(scope_of(THEIRS)):
        rows = Person.objects.values("home")
    return Place.objects.filter(pk__in=rows).count()


@refused
def prefetched_rows_from_another_scope(ours: Community) -> Any:
    with use_scope(scope_of(THEIRS)):
        places = list(Place.objects.prefetch_related("residents"))
    return [list(place.residents.all()) for place in places]


@refused
def nobody_asks(ours: Community) -> Any:
    with use_scope(None):
        return Person.objects.count()


@refused
def nobody_asks_from_an_unscoped_table(ours: Community) -> Any:
    with use_scope(None):
        return User.objects.filter(posts__title__gt="").count()


@refused
def another_thread(ours: Community) -> Any:
    """A new thread starts with no scope."""
    import contextvars

    fresh = contextvars.Context()
    if is_guard_off():
        fresh.run(_guard_off.set, "both")
    return fresh.run(lambda: Person.objects.count())
