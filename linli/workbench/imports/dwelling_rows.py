"""The fate of every row of a list of dwellings, and of the buildings they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.core.batches import in_batches
from linli.core.fields import DICTIONARY, DWELLING
from linli.register.places.models import Building, Dwelling
from linli.register.places.terms import PlaceKind
from linli.workbench.imports import own_values
from linli.workbench.imports.addresses import Tree
from linli.workbench.imports.parsed_row import Draft, FactColumns, drafted, is_blank
from linli.workbench.imports.people_rows import Progress
from linli.workbench.imports.reading import SheetRow
from linli.workbench.imports.targets import BUILDING_COLUMNS, DWELLING_COLUMNS
from linli.workbench.imports.terms import RowFate


def column_of(key: str) -> str:
    """Return the column of Dwelling or Building that holds a fact."""
    column: str = DICTIONARY.field(DWELLING, key).column.rsplit("__", 1)[-1]
    return column


def previewed(
    rows: Sequence[SheetRow],
    columns: FactColumns,
    *,
    offered_on: date,
    make_dwellings: bool,
    progress: Progress = lambda done, of: None,
) -> list[Draft]:
    """Decide the fate of every row that says anything; whole buildings are made when ticked."""
    tree = Tree()
    drafts: list[Draft] = []
    for count, row in enumerate(rows):
        draft = drafted(row, columns)
        if not is_blank(draft):
            _place(draft, tree, columns, make_dwellings)
            drafts.append(draft)
        if count % 500 == 0:
            progress(count, len(rows))
    _refuse_repeated(drafts)
    _compare([one for one in drafts if one.place_id and not one.problems], tree)
    for draft in drafts:
        draft.subject_id = draft.place_id
    own_values.compare(drafts, DWELLING, offered_on=offered_on)
    for draft in drafts:
        draft.fate = _fate(draft)
    progress(len(rows), len(rows))
    return drafts


def _fate(draft: Draft) -> str:
    if draft.problems:
        return RowFate.REFUSED
    if draft.place_id is None:
        return RowFate.NEW
    return RowFate.CHANGED if draft.changes else RowFate.UNCHANGED


def _place(draft: Draft, tree: Tree, columns: FactColumns, make: bool) -> None:
    match = tree.find(tree.asked(draft.where))
    if match.place_id is not None:
        draft.place_id, draft.place = match.place_id, tree.address[match.place_id]
    elif match.parent is not None and (make or not match.needs_building):
        draft.parent, draft.chain = match.parent, match.chain
        draft.place = tree.address[match.parent] + "".join(name for _kind, name in match.chain)
        if match.needs_building:
            draft.doubt(_("将建立楼栋%(name)s") % {"name": match.chain[0][1]})
    else:
        key = next((key for key in ("address", "door", "building") if key in columns.of), None)
        cell = columns.cell(draft.number, key)
        draft.refuse(match.sentence, match.hint, cell, columns.label(key))
        if match.parent is not None:
            draft.missing = "".join([tree.address[match.parent], *(n for _k, n in match.chain)])


def _refuse_repeated(drafts: Sequence[Draft]) -> None:
    seen: dict[Any, int] = {}
    for draft in drafts:
        if draft.problems:
            continue
        # What does not exist yet has no key; the way to it stands for it.
        key = draft.place_id or (draft.parent, draft.chain)
        if key in seen:
            sentence = _("与第%(row)s行是同一户室") % {"row": seen[key]}
            draft.refuse(sentence, _("请删掉重复的一行"))
        seen.setdefault(key, draft.number)


def _compare(drafts: Sequence[Draft], tree: Tree) -> None:
    for batch in in_batches(drafts):
        keys = [one.place_id for one in batch if one.place_id is not None]
        homes = Dwelling.objects.select_related("place").in_bulk(keys)
        of_home = {pk: tree.above(pk).get(PlaceKind.BUILDING) for pk in keys}
        buildings = Building.objects.in_bulk([pk for pk in of_home.values() if pk is not None])
        for draft in batch:
            home = homes.get(draft.place_id or 0)
            building = buildings.get(of_home.get(draft.place_id or 0) or 0)
            stamp = {
                "source": home.place.source if home else "",
                "on": _said(home.place.confirmed_on) if home else None,
            }
            _compare_one(draft, DWELLING_COLUMNS, home, stamp)
            _compare_one(draft, BUILDING_COLUMNS, building, stamp)


def _compare_one(draft: Draft, keys: Sequence[str], known: Any, stamp: Mapping[str, Any]) -> None:
    for key in keys:
        if key not in draft.facts:
            continue
        old, new = getattr(known, column_of(key), None), draft.facts[key]
        if old != new:
            change = {"field": key, "old": _said(old), "new": _said(new), "kept": False}
            draft.changes.append({**change, **stamp})


def _said(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, bool | int | str | type(None)) else str(value)
