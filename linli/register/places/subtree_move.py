"""Moving a branch: every scoped row below goes along, in one transaction."""

from __future__ import annotations

from django.db.models import Value
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.paths import ancestors, path_after
from linli.core.scope import ScopedModel, scoped_models, system_scope
from linli.register.places.bulk import last_ordinal
from linli.register.places.models import Dwelling, Place
from linli.register.places.path_allocation import describe, segment
from linli.register.places.plans import leave_plans
from linli.register.places.rules import fits_below, may_stand_below
from linli.register.places.terms import PlaceKind

AT_ONCE = 500


def move_branch(place: Place, to: Place) -> None:
    """Put ``place`` below ``to``; paths and addresses of everything in it follow."""
    line = [*Place.objects.filter(path__in=to.above).order_by("path"), to]
    kinds = [ancestor.kind for ancestor in line]
    if not (
        may_stand_below(parent=to.kind, child=place.kind)
        and fits_below(child=place.kind, above=kinds)
    ):
        names = {"child": PlaceKind(place.kind).label, "parent": PlaceKind(to.kind).label}
        raise Refused("place.kind", _("“%(child)s”不能划到“%(parent)s”下面") % names, "to")
    building = _building_of_its_doors(place, line)
    before, ordinal = place.path, last_ordinal(to) + 1
    after = f"{to.path}{segment(ordinal)}/"
    # The mover's scope holds both ends (the pages look them up in it); what lies between the old
    # path and the new one for a moment does not.
    with system_scope("a branch of the tree moves with everything in it"):
        leave_plans(before, to.path)
        _put_below(place, to, ordinal, after)
        _move_places(before, after)
        # The triggers compare each row with the one it points at, which has to be there first.
        for model in _from_the_ground_up():
            rows = model.objects.filter(**_below(before))
            if model is Dwelling and building is not None:
                rows.update(scope_path=_moved(before, after), building=building)
            elif model is not Place:
                rows.update(scope_path=_moved(before, after))
    place.refresh_from_db()
    redescribe(place)


def _building_of_its_doors(place: Place, line: list[Place]) -> Place | None:
    """Return the building to which the doors of an entrance or a floor belong after the move.

    None when they bring their building along, or there are none.
    """
    doors = Dwelling.objects.filter(**_below(place.path))
    if not doors.exclude(building__path__startswith=place.path).exists():
        return None
    building = next(
        (ancestor for ancestor in reversed(line) if ancestor.kind == PlaceKind.BUILDING), None
    )
    if building is None:
        raise Refused("place.no_building", _("户室要留在楼栋里"), "to")
    return building


def _put_below(place: Place, to: Place, ordinal: int, after: str) -> None:
    twin = Place.objects.filter(parent=to, kind=place.kind, name=place.name, ended_on__isnull=True)
    if twin.exists():
        raise Refused(
            "place.duplicate",
            _("“%(to)s”下面已经有“%(name)s”") % {"to": to.name, "name": place.name},
            "to",
            _("请先给其中一个改名。"),
        )
    Place.objects.filter(pk=place.pk).update(
        parent=to, ordinal=ordinal, path=after, scope_path=after
    )


def hand_over(place: Place, to: Place) -> None:
    """Let what stands at a place itself (a lift, an organisation) stand at another."""
    with system_scope("what stood at a merged place stands at the other one"):
        for model in scoped_models():
            # Its history and its past posts remain where they were.
            if model._meta.app_label in ("places", "posts"):
                continue
            for field in model._meta.concrete_fields:
                if field.related_model is Place and getattr(field, "follows", "") == "equal":
                    here = {field.name: place}
                    model.objects.filter(**here).update(**{field.name: to}, scope_path=to.path)


def _below(path: str) -> dict[str, str]:
    return {"scope_path__gte": path, "scope_path__lt": path_after(path)}


def _moved(before: str, after: str) -> Concat:
    return Concat(Value(after), Substr("scope_path", len(before) + 1))


def _move_places(before: str, after: str) -> None:
    """Move the places below, the upper ones first: each must stand below its parent."""
    rows = Place.objects.filter(**_below(before))
    lengths = rows.annotate(length=Length("path")).values_list("length", flat=True)
    for length in sorted(set(lengths.order_by())):
        level = rows.annotate(length=Length("path")).filter(length=length)
        moved = _moved(before, after)
        Place.objects.filter(pk__in=list(level.values_list("pk", flat=True))).update(
            scope_path=moved, path=moved
        )


def _from_the_ground_up() -> list[type[ScopedModel]]:
    """Return the scoped tables so that each comes after those it points at."""
    ordered: list[type[ScopedModel]] = []

    def visit(model: type[ScopedModel], visiting: frozenset[type]) -> None:
        if model in ordered or model in visiting:
            return
        for field in model._meta.concrete_fields:
            target = field.related_model
            is_tied = getattr(field, "follows", "free") != "free"
            if is_tied and isinstance(target, type) and issubclass(target, ScopedModel):
                visit(target, visiting | {model})
        ordered.append(model)

    for model in scoped_models():
        visit(model, frozenset())
    return ordered


def redescribe(place: Place) -> None:
    """Write the addresses of a branch again, after a move or a new name."""
    with system_scope("addresses below a moved or renamed place"):
        rows = list(Place.objects.filter(**_below(place.path)).order_by("path"))
        known = {
            ancestor.path: ancestor
            for ancestor in Place.objects.filter(path__in=ancestors(place.path))
        }
        known.update({row.path: row for row in rows})
        for row in rows:
            describe(row, [known[path] for path in ancestors(row.path) if path in known])
        fields = ["address", "address_key", "search_text"]
        Place.objects.bulk_update(rows, fields, batch_size=AT_ONCE)
    place.refresh_from_db()
