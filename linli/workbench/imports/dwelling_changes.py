"""Facts of dwellings and buildings set from a list, remembered, and put back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from linli.core.batches import in_batches
from linli.core.scope import system_scope
from linli.register.people.models import Person, Residence
from linli.register.places.models import Building, Dwelling, Place
from linli.register.places.terms import PlaceKind
from linli.workbench.imports.plan import PlannedRow, building_facts, dwelling_facts
from linli.workbench.imports.terms import RowFate

_GONE = "gone"
MODELS: dict[str, Any] = {"dwelling": Dwelling, "building": Building, "place": Place}


def change(rows: Iterable[PlannedRow], *, source: str, confirmed_on: date) -> list[dict[str, Any]]:
    """Set what rows say of dwellings and their buildings; return how to put it back."""
    memory: list[dict[str, Any]] = []
    changed = [row for row in rows if row.fate == RowFate.CHANGED]
    for batch in in_batches(changed):
        homes = Dwelling.objects.in_bulk([row.subject_id for row in batch if row.subject_id])
        buildings = Building.objects.in_bulk({home.building_id for home in homes.values()})
        touched: list[PlannedRow] = []
        for row in batch:
            home = homes.get(row.subject_id or 0)
            if home is None:
                continue
            touched.append(row)
            memory += _set("dwelling", home, dwelling_facts(row.told), row.number)
            building = buildings.get(home.building_id)
            if building is not None:
                memory += _set("building", building, building_facts(row.told), row.number)
        memory += _stamp(touched, {"source": source, "confirmed_on": confirmed_on})
    return memory


def _stamp(rows: Sequence[PlannedRow], stamp: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Say where what is known of dwellings comes from; return what was said before."""
    row_of = {row.subject_id: row.number for row in rows}
    places = Place.objects.filter(pk__in=list(row_of))
    memory = [
        _change("place", pk, row_of[pk], {"source": source, "confirmed_on": day}, stamp)
        for pk, source, day in places.values_list("pk", "source", "confirmed_on")
    ]
    places.update(**stamp, changed_at=timezone.now())
    return memory


def _change(
    kind: str, pk: int, row: int, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, Any]:
    said = {name: _said(value) for name, value in after.items()}
    return {
        "kind": kind,
        "pk": pk,
        "row": row,
        "before": {name: _said(before[name]) for name in said},
        "after": said,
    }


def _set(kind: str, thing: Any, facts: Mapping[str, Any], row: int) -> list[dict[str, Any]]:
    before = {name: getattr(thing, name) for name in facts}
    differing = {name: value for name, value in facts.items() if before[name] != value}
    if not differing:
        return []
    for name, value in differing.items():
        setattr(thing, name, value)
    thing.save(update_fields=list(differing))
    return [_change(kind, thing.pk, row, before, differing)]


def _said(value: Any) -> Any:
    return value if isinstance(value, bool | int | str | type(None)) else str(value)


def changed_since(memory: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the rows whose facts say something else by now."""
    left: set[int] = set()
    now: dict[tuple[str, int], dict[str, Any]] = {}
    # Backwards: several rows may have changed the same building, one after another.
    for change in reversed(memory):
        here = now.setdefault((change["kind"], change["pk"]), {})
        missing = [name for name in change["after"] if name not in here]
        if missing:
            thing = MODELS[change["kind"]].objects.filter(pk=change["pk"]).first()
            here |= {name: _said(getattr(thing, name, _GONE)) for name in missing}
        if any(here[name] != value for name, value in change["after"].items()):
            left.add(change["row"])
        here |= change["before"]
    return sorted(left)


def put_back(memory: Sequence[Mapping[str, Any]]) -> int:
    """Restore former values; return how many records there are."""
    for change in reversed(memory):
        thing = MODELS[change["kind"]].objects.get(pk=change["pk"])
        for name, value in change["before"].items():
            # The memory is JSON, so a day or a decimal comes back as text.
            setattr(thing, name, type(thing)._meta.get_field(name).to_python(value))
        thing.save(update_fields=list(change["before"]))
    return len({(change["kind"], change["pk"]) for change in memory})


def places_used(keys: Sequence[int], going: Mapping[str, Collection[int]]) -> dict[int, str]:
    """Return which places that an import made are used by something that stays, and by what.

    ``going`` are the rows that go with the import.
    """
    used: dict[int, str] = {}
    with system_scope("whether a place that an import made is used"):
        for link in Place._meta.related_objects:
            model: Any = link.related_model
            goes = set(keys) if model in (Dwelling, Building, Place) else going_of(model, going)
            # Where somebody stayed goes with them.
            whose, column = (
                ("person_id", going_of(Person, going)) if model is Residence else ("pk", set())
            )
            for some in in_batches(keys):
                rows = model.objects.filter(**{f"{link.field.name}__in": some}).order_by()
                for pk, owner, place in rows.values_list("pk", whose, link.field.attname):
                    # Compared here: an import may have made more than a question can name.
                    if pk not in goes and owner not in column:
                        used[place] = str(model._meta.verbose_name)
    return used


def going_of(model: Any, going: Mapping[str, Collection[int]]) -> set[int]:
    """Return the rows of a table that go with an import."""
    return set(going.get(model._meta.label, ()))


def remove_places(keys: Sequence[int]) -> int:
    """Delete places that an import made, the lowest first."""
    rows = Place.objects.filter(pk__in=list(keys)).order_by("-path")
    for pk, kind in list(rows.values_list("pk", "kind")):
        if kind == PlaceKind.DWELLING:
            Dwelling.objects.filter(pk=pk).delete()
        Place.objects.filter(pk=pk).delete()
    return len(keys)
