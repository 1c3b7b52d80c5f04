"""What people do with places: add, rename, end, move, merge, split, set up a subdistrict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.endings import PLACE, end_what_points_at
from linli.core.errors import NotFound, Refused
from linli.core.scope import check_write, current_scope
from linli.core.time import today
from linli.register.places import divisions
from linli.register.places.bulk import (
    AT_ONCE,
    BUILDING_FACTS,
    DWELLING_FACTS,
    Spec,
    floors_of_doors,
    plant,
)
from linli.register.places.models import (
    Building,
    Dwelling,
    EstateStatement,
    Place,
    PlaceHistory,
    PlanPosition,
)
from linli.register.places.path_allocation import describe
from linli.register.places.rules import LARGEST_BULK
from linli.register.places.subtree_move import hand_over, move_branch, redescribe
from linli.register.places.terms import PlaceChange, PlaceKind
from linli.register.posts.models import Post, User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PLACES, MAY_SHAPE_GRIDS
from linli.register.posts.seat_changes import seats_changed

edits = role_in(MAY_EDIT_PLACES)
shapes = role_in(MAY_SHAPE_GRIDS)


def may_set_up(*, by: User | None) -> bool:
    """Only the installation itself is set up, from the command line."""
    return current_scope().everything


def _remember(
    place: Place,
    change: str,
    *,
    by: User | None,
    before: str = "",
    after: str = "",
    reason: str = "",
) -> None:
    PlaceHistory(
        place=place,
        change=change,
        before=before[:240],
        after=after[:240],
        reason=reason[:200],
        on=today(),
        by=by,
        scope_path=place.path,
    ).save()


@action("place.add", term=gettext_noop("新增地方"), may=edits, journal="place.added")
def add_place(
    *, parent: Place, kind: str, name: str, by: User | None, facts: dict[str, Any] | None = None
) -> Place:
    """Add one place below another."""
    place = plant(parent, [Spec(kind, name, facts=facts or {})]).places[0][1]
    _remember(place, PlaceChange.ADDED, by=by, after=place.address)
    write_journal("place.added", about=place, text=place.address, by=by)
    return place


@action("place.add_building", term=gettext_noop("整栋新增"), may=edits, journal="place.added")
def add_building(
    *,
    parent: Place,
    name: str,
    floors: int,
    doors_a_floor: int,
    entrances: int,
    by: User | None,
    facts: dict[str, Any] | None = None,
    numbering: str = "floor",
) -> Place:
    """Add a building with all its entrances and doors: "3幢, 18 floors, 4 doors a floor"."""
    spec = building_spec(name, floors, doors_a_floor, entrances, facts or {}, numbering)
    building = plant(parent, [spec]).places[0][1]
    _remember(building, PlaceChange.ADDED, by=by, after=building.address)
    write_journal(
        "place.added",
        about=building,
        text=building.address,
        by=by,
        data={"floors": floors, "doors": doors_a_floor, "entrances": entrances},
    )
    return building


def building_spec(
    name: str,
    floors: int,
    doors_a_floor: int,
    entrances: int,
    facts: dict[str, Any],
    numbering: str = "floor",
) -> Spec:
    """Return what would be made, refused in words when it cannot be right."""
    for value, field, most in (
        (floors, "floors", 120),
        (doors_a_floor, "doors_a_floor", 40),
        (entrances, "entrances", 20),
    ):
        if not 1 <= value <= most:
            raise Refused("place.size", _("请填1到%(most)d") % {"most": most}, field)
    if floors * doors_a_floor * entrances > LARGEST_BULK:
        raise Refused("place.bulk", _("一次最多新增%(most)d户") % {"most": LARGEST_BULK}, "floors")
    homes = floors_of_doors(floors, doors_a_floor, numbering=numbering)
    below = homes
    if entrances > 1:
        below = [Spec(PlaceKind.ENTRANCE, f"{n}单元", homes) for n in range(1, entrances + 1)]
    known = {**facts, "floors": floors, "doors_a_floor": doors_a_floor}
    return Spec(PlaceKind.BUILDING, name, below, facts=known)


@action("place.rename", term=gettext_noop("地方改名"), may=edits, journal="place.renamed")
def rename_place(*, place: Place, name: str, by: User | None) -> Place:
    """Give a place another name; the addresses below follow."""
    before, name = place.name, name.strip()
    if not name:
        raise Refused("place.no_name", _("请填写名称"), "name")
    _check_not_national(place)
    place.name = name[:80]
    _save_unique(place, ["name"])
    redescribe(place)
    _remember(place, PlaceChange.RENAMED, by=by, before=before, after=name)
    write_journal("place.renamed", about=place, text=f"{before} → {name}", by=by)
    return place


def _check_not_national(place: Place) -> None:
    if place.kind in (PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY):
        raise Refused("place.national", _("街道和社区以国家区划为准，不能在这里改动"), "name")


def _check_nobody_works_here(place: Place, *, also_below: bool) -> None:
    held = Post.objects.filter(place=place, ended_at__isnull=True)
    if also_below:
        held = Post.objects.filter(scope_path__startswith=place.path, ended_at__isnull=True)
    if held.filter(Q(to_date__isnull=True) | Q(to_date__gte=today())).exists():
        raise Refused(
            "place.has_posts",
            _("“%(name)s”还有人任职") % {"name": place.name},
            "place",
            _("请先在“岗位”里改任或结束这些岗位。"),
        )


def _save_unique(place: Place, fields: list[str]) -> None:
    try:
        # A savepoint: on PostgreSQL the refused statement would spoil the whole transaction.
        with transaction.atomic():
            place.save(update_fields=[*fields, "changed_at"])
    except IntegrityError as doubled:
        raise Refused(
            "place.duplicate", _("“%(name)s”已经有了") % {"name": place.name}, "name"
        ) from doubled


@action(
    "place.change_building",
    term=gettext_noop("修改楼栋资料"),
    may=edits,
    journal="place.building_changed",
)
def change_building(*, building: Place, changes: dict[str, Any], by: User | None) -> Building:
    """Correct what is known of a building."""
    facts: Building | None = Building.objects.filter(place=building).first()
    if facts is None:
        raise NotFound()
    wrong = set(changes) - set(BUILDING_FACTS)
    if wrong:
        raise Refused("place.field", _("没有这个字段"), sorted(wrong)[0])
    for name, value in changes.items():
        setattr(facts, name, value)
    facts.save()
    building.confirmed_on = today()
    building.save(update_fields=["confirmed_on", "changed_at"])
    write_journal("place.building_changed", about=building, by=by, data={"fields": sorted(changes)})
    return facts


@action(
    "place.state_estate",
    term=gettext_noop("登记小区物业"),
    may=edits,
    journal="place.estate_stated",
)
def state_estate(
    *, estate: Place, property_managed: bool | None, gatekeeper: bool | None, by: User | None
) -> EstateStatement:
    """Say of a whole estate whether it is managed and has a gatekeeper; its buildings follow."""
    if estate.kind != PlaceKind.ESTATE:
        raise Refused("place.not_an_estate", _("“%(name)s”不是小区") % {"name": estate.name})
    if property_managed is None and gatekeeper is None:
        raise Refused("place.nothing_stated", _("请选有没有物业或门岗"), "property_managed")
    said = {"property_managed": property_managed, "gatekeeper": gatekeeper}
    given = {name: value for name, value in said.items() if value is not None}
    statement: EstateStatement
    statement, _made = EstateStatement.objects.update_or_create(
        place=estate, defaults={**given, "stated_on": today(), "scope_path": estate.path}
    )
    # A question about buildings counts the same as the page of gaps does.
    inside = Building.objects.filter(scope_path__startswith=estate.path)
    inside.update(**given, changed_at=timezone.now())
    write_journal("place.estate_stated", about=estate, data=given, by=by)
    return statement


@action(
    "place.change_dwellings",
    term=gettext_noop("修改户室资料"),
    may=edits,
    journal="place.dwellings_changed",
)
def change_dwellings(
    *, dwellings: Sequence[Place], changes: dict[str, Any], by: User | None
) -> int:
    """Correct what is known of dwellings: floor, area, use."""
    wrong = set(changes) - set(DWELLING_FACTS)
    if wrong or not dwellings:
        raise Refused("place.field", _("没有这个字段"), next(iter(sorted(wrong)), "dwellings"))
    pks = [place.pk for place in dwellings]
    done = 0
    for start in range(0, len(pks), AT_ONCE):
        rows = Dwelling.objects.filter(pk__in=pks[start : start + AT_ONCE])
        done += rows.update(**changes, changed_at=timezone.now())
    write_journal(
        "place.dwellings_changed",
        about=dwellings[0],
        by=by,
        data={"fields": sorted(changes), "count": done},
    )
    return done


@action("place.end", term=gettext_noop("撤销地方"), may=edits, journal="place.ended")
def end_place(*, place: Place, reason: str, by: User | None) -> None:
    """Take an empty place off the tree; refused while anybody lives there."""
    _check_not_national(place)
    if place.ended_on is not None:
        raise Refused("place.ended_already", _("“%(name)s”已经撤销了") % {"name": place.name})
    homes = Place.objects.filter(path__startswith=place.path)
    if homes.filter(residents__status="current").exists():
        raise Refused("place.lived_in", _("还有人住在这里，不能撤销"), hint=_("请先办理迁出。"))
    _check_nobody_works_here(place, also_below=True)
    ended = Place.objects.filter(path__startswith=place.path, ended_on__isnull=True)
    keys = list(ended.values_list("pk", flat=True))
    ended.update(ended_on=today())
    place.ended_on = today()
    PlanPosition.objects.filter(scope_path__startswith=place.path).delete()
    why = _("“%(place)s”已撤销：%(reason)s") % {"place": place.name, "reason": reason}
    end_what_points_at(PLACE, keys, reason=why[:200], by=by)
    _remember(place, PlaceChange.ENDED, by=by, before=place.address, reason=reason)
    write_journal("place.ended", about=place, text=reason, by=by)


@action("place.move", term=gettext_noop("划转"), may=shapes, journal="place.moved")
def move_place(*, place: Place, to: Place, reason: str, by: User | None) -> Place:
    """Move a branch of the tree below another place; everything in it goes along."""
    if to.path.startswith(place.path):
        raise Refused("place.into_itself", _("不能划到自己下面"), "to")
    if to.pk == place.parent_id:
        raise Refused("place.there_already", _("已经在“%(name)s”下面了") % {"name": to.name}, "to")
    _check_shaping(place, to, reason=reason)
    before = _where(place)
    moved = _move_or_join(place, _in_its_estate(place, to))
    _remember(place, PlaceChange.MOVED, by=by, before=before, after=_where(moved), reason=reason)
    write_journal("place.moved", about=moved, text=reason, by=by, data={"from": before})
    seats_changed(moved.path, by=by)
    return moved


def _in_its_estate(place: Place, to: Place) -> Place:
    """Return where a place goes so that it keeps the name of its estate, which is on its sign.

    An estate that lies in two grids is in the tree once in each, under the one name.
    """
    estate = _estate_at(place.above)
    # Within its estate it stays, and taken out to a place above that, it leaves the estate.
    if estate is None or to.kind not in (PlaceKind.COMMUNITY, PlaceKind.GRID):
        return to
    if to.path in place.above or _estate_at([*to.above, to.path]) is not None:
        return to
    same = {"kind": PlaceKind.ESTATE, "name": estate.name}
    there: Place | None = Place.objects.filter(parent=to, ended_on__isnull=True, **same).first()
    return there or plant(to, [Spec(PlaceKind.ESTATE, estate.name)]).places[0][1]


def _estate_at(paths: Sequence[str]) -> Place | None:
    estates = Place.objects.filter(path__in=paths, kind=PlaceKind.ESTATE)
    nearest: Place | None = estates.order_by("-path").first()
    return nearest


def _move_or_join(place: Place, to: Place) -> Place:
    """Move a branch; the part of an estate joins the other part of it. Return where it is now."""
    twin: Place | None = Place.objects.filter(
        parent=to, kind=place.kind, name=place.name, ended_on__isnull=True
    ).first()
    if twin is None or place.kind != PlaceKind.ESTATE:
        move_branch(place, to)
        return place
    _check_nobody_works_here(place, also_below=False)
    for child in Place.objects.filter(parent=place, ended_on__isnull=True).order_by("path"):
        _move_or_join(child, twin)
    _end_in(place, twin)
    return twin


def _end_in(place: Place, into: Place) -> None:
    hand_over(place, into)
    place.ended_on, place.merged_into = today(), into
    place.save(update_fields=["ended_on", "merged_into", "changed_at"])
    why = _("“%(place)s”已并入“%(into)s”") % {"place": place.name, "into": into.name}
    end_what_points_at(PLACE, [place.pk], reason=why, by=None, how="merged", into=into)


def _check_shaping(*ends: Place, reason: str) -> None:
    """Both ends lie in the post's own scope: a place above it may be read, not filled."""
    for end in ends:
        check_write(end.path)
        if end.ended_on is not None:
            raise Refused("place.ended_already", _("“%(name)s”已经撤销了") % {"name": end.name})
    _check_not_national(ends[0])
    if not reason.strip():
        raise Refused("place.no_reason", _("请写明原因"), "reason")


def _where(place: Place) -> str:
    names = Place.objects.filter(path__in=[*place.above, place.path]).order_by("path")
    return " / ".join(names.values_list("name", flat=True))


@action("place.merge", term=gettext_noop("合并网格"), may=shapes, journal="place.merged")
def merge_places(*, place: Place, into: Place, reason: str, by: User | None) -> Place:
    """Put everything of one grid into another of the same kind, and end the first."""
    if place.kind != into.kind or place.kind not in (PlaceKind.GRID, PlaceKind.MICRO_GRID):
        raise Refused("place.merge_kind", _("只能合并同一级的网格"), "into")
    if place.pk == into.pk:
        raise Refused("place.merge_self", _("请选另一个网格"), "into")
    if into.path.startswith(place.path):
        raise Refused("place.into_itself", _("不能并到自己下面"), "into")
    _check_shaping(place, into, reason=reason)
    # Posts further down move along with their places.
    _check_nobody_works_here(place, also_below=False)
    for child in Place.objects.filter(parent=place, ended_on__isnull=True).order_by("path"):
        _move_or_join(child, into)
    _end_in(place, into)
    _remember(place, PlaceChange.MERGED, by=by, before=place.name, after=into.name, reason=reason)
    _remember(into, PlaceChange.MERGED, by=by, before=place.name, after=into.name, reason=reason)
    write_journal("place.merged", about=into, text=reason, by=by, data={"from": place.name})
    seats_changed(into.path, by=by)
    return into


@action("place.split", term=gettext_noop("拆分网格"), may=shapes, journal="place.split")
def split_place(
    *, place: Place, name: str, children: Sequence[Place], reason: str, by: User | None
) -> Place:
    """Make a new grid beside this one out of some of its parts."""
    if place.kind not in (PlaceKind.GRID, PlaceKind.MICRO_GRID) or place.parent is None:
        raise Refused("place.split_kind", _("只能拆分网格"), "place")
    if not children or any(child.parent_id != place.pk for child in children):
        raise Refused("place.split_what", _("请选要划出去的部分"), "children")
    _check_shaping(place, place.parent, reason=reason)
    fresh = plant(place.parent, [Spec(place.kind, name)]).places[0][1]
    for child in children:
        _move_or_join(child, fresh)
    _remember(fresh, PlaceChange.SPLIT, by=by, before=place.name, after=name, reason=reason)
    _remember(place, PlaceChange.SPLIT, by=by, before=place.name, after=name, reason=reason)
    write_journal("place.split", about=fresh, text=reason, by=by, data={"from": place.name})
    seats_changed(fresh.path, by=by)
    return fresh


def division_of(code: str) -> divisions.Subdistrict:
    """Return a subdistrict of the national list; refuse an unknown code with the nearest ones."""
    try:
        return divisions.subdistrict(code)
    except divisions.UnknownDivision as unknown:
        near = "、".join(f"{name}（{number}）" for number, name in unknown.nearest)
        raise Refused(
            "place.unknown_division",
            _("没有区划代码“%(code)s”") % {"code": code},
            "code",
            _("最接近的是：%(near)s") % {"near": near} if near else "",
        ) from unknown


@action("place.set_up", term=gettext_noop("建立街道"), may=may_set_up, journal="place.set_up")
def set_up_subdistrict(*, code: str, by: User | None) -> Place:
    """Set a real subdistrict up with its communities, from the national list."""
    division = division_of(code)
    if Place.objects.filter(code=division.code).exists():
        raise Refused("place.set_up_already", _("“%(name)s”已经建好了") % {"name": division.name})
    path = f"{division.code}/"
    town = Place(
        kind=PlaceKind.SUBDISTRICT,
        name=division.name,
        code=division.code,
        path=path,
        scope_path=path,
    )
    describe(town, [])
    town.save()
    plant(
        town,
        [
            Spec(PlaceKind.COMMUNITY, name, code=community_code)
            for community_code, name in division.communities
        ],
    )
    write_journal(
        "place.set_up", about=town, text=division.name, by=by, data={"code": division.code}
    )
    return town
