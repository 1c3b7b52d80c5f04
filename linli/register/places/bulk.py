"""Many places at once: a whole tree in seconds, level by level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.register.places import signs
from linli.register.places.models import Building, Dwelling, Place
from linli.register.places.path_allocation import describe, segment
from linli.register.places.rules import fits_below, may_stand_below
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PLACES

AT_ONCE = 2000


@dataclass(frozen=True)
class Spec:
    """A place to be made, what is known of it, and the places below it."""

    kind: str
    name: str
    children: Sequence[Spec] = ()
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class PlantedTree:
    """What was made: every new place with its spec, in the order of the tree's levels."""

    places: list[tuple[Spec, Place]] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Place]:
        """Return the new places of one kind."""
        return [place for _spec, place in self.places if place.kind == kind]


@action(
    "place.create_tree",
    term=gettext_noop("批量新增地方"),
    may=role_in(MAY_EDIT_PLACES),
    journal="place.tree_created",
)
def create_tree(*, parent: Place, specs: Sequence[Spec], by: User | None) -> PlantedTree:
    """Make whole branches below a place at once."""
    planted = plant(parent, specs)
    write_journal(
        "place.tree_created",
        about=parent,
        by=by,
        data={"places": len(planted.places)},
        text=_("新增%(n)d处") % {"n": len(planted.places)},
    )
    return planted


def plant(parent: Place, specs: Sequence[Spec]) -> PlantedTree:
    """Make branches below a place; inside an action only."""
    planted = PlantedTree()
    above = [*Place.objects.filter(path__in=parent.above).order_by("path"), parent]
    level: list[tuple[Place, Sequence[Place], Sequence[Spec]]] = [(parent, above, specs)]
    first_free = last_ordinal(parent) + 1
    while level:
        fresh: list[tuple[Spec, Place, Sequence[Place]]] = []
        for mother, line, children in level:
            # Only the parent was there before and may have children.
            start = first_free if mother is parent else 1
            for number, spec in enumerate(children, start=start):
                fresh.append((spec, _new(mother, line, spec, number), line))
        # Before the next level, which needs the keys of this one.
        _insert(fresh)
        planted.places += [(spec, place) for spec, place, _line in fresh]
        level = [
            (place, [*line, place], spec.children) for spec, place, line in fresh if spec.children
        ]
    return planted


def last_ordinal(parent: Place) -> int:
    """Return the highest ordinal among a place's children, ended ones too; 0 without any."""
    # The lock makes writers wait; the unique path decides.
    list(Place.objects.select_for_update().filter(pk=parent.pk).values_list("pk"))
    most = Place.objects.filter(parent=parent).aggregate(most=Max("ordinal"))["most"]
    return int(most or 0)


def _new(mother: Place, line: Sequence[Place], spec: Spec, ordinal: int) -> Place:
    kinds = [ancestor.kind for ancestor in line]
    if not (
        may_stand_below(parent=mother.kind, child=spec.kind)
        and fits_below(child=spec.kind, above=kinds)
    ):
        raise Refused(
            "place.kind",
            _("“%(child)s”不能建在“%(parent)s”下面")
            % {"child": PlaceKind(spec.kind).label, "parent": PlaceKind(mother.kind).label},
            "kind",
        )
    name = spec.name.strip()
    if not name:
        raise Refused("place.no_name", _("请填写名称"), "name")
    step = spec.code or segment(ordinal)
    path = f"{mother.path}{step}/"
    place = Place(
        kind=spec.kind,
        name=name[:80],
        code=spec.code,
        parent=mother,
        ordinal=ordinal,
        path=path,
        scope_path=path,
        source=str(spec.facts.get("source", "")),
        confirmed_on=spec.facts.get("confirmed_on"),
    )
    describe(place, line)
    return place


def _insert(fresh: Sequence[tuple[Spec, Place, Sequence[Place]]]) -> None:
    try:
        Place.objects.bulk_create([place for _spec, place, _line in fresh], batch_size=AT_ONCE)
    except IntegrityError as doubled:
        raise _doubled(place for _spec, place, _line in fresh) from doubled
    buildings = [_building(spec, place) for spec, place, _line in fresh if _is(place, "building")]
    homes = [_dwelling(spec, place, line) for spec, place, line in fresh if _is(place, "dwelling")]
    Building.objects.bulk_create(buildings, batch_size=AT_ONCE)
    Dwelling.objects.bulk_create(homes, batch_size=AT_ONCE)


def _is(place: Place, kind: str) -> bool:
    return bool(place.kind == kind)


def _doubled(places: Iterable[Place]) -> Refused:
    names = [place.address for place in places]
    repeated = next((name for name in names if names.count(name) > 1), names[0] if names else "")
    return Refused(
        "place.duplicate",
        _("“%(name)s”已经有了，或名称重复") % {"name": repeated},
        "name",
        _("请改一个名称，或在原来的那一处上修改。"),
    )


def _known(spec: Spec, names: Sequence[str]) -> dict[str, Any]:
    return {name: spec.facts[name] for name in names if name in spec.facts}


BUILDING_FACTS = (
    "floors",
    "doors_a_floor",
    "built_year",
    "has_lift",
    "lift_count",
    "structure",
    "usage",
    "property_managed",
    "gatekeeper",
)
DWELLING_FACTS = ("floor", "area", "usage")


def _building(spec: Spec, place: Place) -> Building:
    return Building(place=place, scope_path=place.path, **_known(spec, BUILDING_FACTS))


def _dwelling(spec: Spec, place: Place, line: Sequence[Place]) -> Dwelling:
    building = next(
        (ancestor for ancestor in reversed(line) if ancestor.kind == PlaceKind.BUILDING), None
    )
    if building is None:
        raise Refused("place.no_building", _("户室要建在楼栋里"), "parent")
    door = str(spec.facts.get("door") or spec.name.removesuffix("室"))
    return Dwelling(
        place=place,
        building=building,
        scope_path=place.path,
        door=door[:12],
        **_known(spec, DWELLING_FACTS),
    )


def floors_of_doors(
    floors: int, doors: int, *, first: int = 1, numbering: str = "floor"
) -> list[Spec]:
    """Return the dwellings of one entrance: 18 floors × 4 doors → 101 … 1804, or 1 … 72."""

    def spell(floor: int, door: int) -> str:
        if numbering == "running":
            return str((floor - first) * doors + door)
        return f"{floor}{door:02d}"

    return [
        Spec(
            PlaceKind.DWELLING,
            f"{spell(floor, door)}室",
            facts={"floor": floor, "door": spell(floor, door)},
        )
        for floor in range(first, first + floors)
        for door in range(1, doors + 1)
    ]


def ensure_dwelling(
    *, building: Place, door: str, floor: int | None, entrance: str, by: User | None
) -> Place:
    """Return the dwelling behind a door, made with its entrance when it is missing."""
    home = building
    if entrance:
        home = _child(building, PlaceKind.ENTRANCE, entrance, {}, by)
    return _child(home, PlaceKind.DWELLING, door, {"door": door, "floor": floor}, by)


def _child(parent: Place, kind: str, sign: str, facts: dict[str, Any], by: User | None) -> Place:
    rows = Place.objects.filter(parent=parent, kind=kind, ended_on__isnull=True)
    place: Place | None = rows.filter(name__in=[sign, f"{sign}{signs.UNITS[kind]}"]).first()
    if place is not None:
        return place
    specs = [Spec(kind, signs.named(kind, sign), facts=facts)]
    return create_tree(parent=parent, specs=specs, by=by).places[0][1]
