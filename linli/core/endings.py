"""What happens to everything that points at somebody or something when that ends.

A death, a withdrawn place, a closed post: each leaves visits, promises, tasks and messages open.
Every table that points at one of these kinds declares here what becomes of its rows, a guard walks
the models and fails on one that says nothing, and the action that ends something calls
``end_what_points_at`` in its own transaction. What that closed is remembered, so that an ending
that was a mistake is taken back exactly.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from linli.core.batches import keys_in_batches
from linli.core.dotted_paths import function_at
from linli.core.models import EndingMemory
from linli.core.personal_data.crypto import decrypt, encrypt, open_json
from linli.core.scope import system_scope

# By the names under which pointers to any record know them.
PERSON, HOUSEHOLD = "people.person", "people.household"
PLACE, POST = "places.place", "posts.post"
PARTY, FACILITY = "parties.party", "facilities.facility"
KINDS = (PERSON, HOUSEHOLD, PLACE, POST, PARTY, FACILITY)
POINTER = "subject_id"


class Fate(StrEnum):
    """What becomes of a row whose person, place … has ended."""

    ENDS = "ends"  # closed, and it says why
    GOES_TO = "goes_to"  # somebody or something else takes it over
    STAYS = "stays"  # it is history, or others still need it: the reason says


@dataclass(frozen=True)
class EndingDeclaration:
    """What becomes of one table's rows when what their ``keys`` point at ends.

    ``waits`` says which rows are open. ``close`` (by its path) ends them or hands them on;
    ``done_in`` names the function that does so as part of the ending itself. ``changes`` are the
    columns that say whether a row is open: they are what is put back. ``reopened`` hears of rows
    that were put back, ``take_back`` of rows that only the ending had made.
    """

    model: str
    keys: tuple[str, ...]
    of: tuple[str, ...]
    fate: Fate
    why: str
    waits: Mapping[str, Any] = field(default_factory=dict)
    close: str = ""
    done_in: str = ""
    changes: tuple[str, ...] = ()
    reopened: str = ""
    take_back: str = ""
    order: int = 50  # whatever has tasks goes before the tasks

    @property
    def paths(self) -> list[str]:
        """Return what it names by its path, which the guard finds."""
        named = (self.close, self.done_in, self.reopened, self.take_back)
        return [path for path in named if path]

    def rows(self, kind: str, keys: Collection[int]) -> QuerySet[Any]:
        """Return the open rows that point at some records of a kind."""
        either = Q()
        for column in self.keys:
            here = {f"{column}__in": keys}
            either |= Q(subject_kind=kind, **here) if column == POINTER else Q(**here)
        model: Any = apps.get_model(self.model)
        rows: QuerySet[Any] = model.objects.filter(either, **self.waits)
        return rows

    def keys_pointed_at(self, kind: str, keys: Collection[int]) -> set[int]:
        """Return those of the keys at which open rows point."""
        found: set[int] = set()
        for column in self.keys:
            found |= set(self.rows(kind, keys).order_by().values_list(column, flat=True))
        return found & set(keys)


Rows = dict[str, dict[int, dict[str, Any]]]  # model: key: column: value, as JSON keeps it


@dataclass
class Ending:
    """One record ends: which, why, how ("died", "merged" …), by whom, and into what."""

    kind: str
    key: int
    reason: str
    by: Any
    how: str = ""
    into: Any = None
    before: Rows = field(default_factory=lambda: defaultdict(dict))
    made: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def remember(self, rows: Iterable[Any] | QuerySet[Any], model: str) -> None:
        """Keep how rows stand before they change; those that were declared are kept already."""
        for pk, row in _values(model, [row.pk for row in rows]).items():
            self.before[model].setdefault(pk, row)

    def note_made(self, record: models.Model) -> None:
        """Note a row that only this ending has made: taken back with it."""
        self.made[record._meta.label].append(record.pk)

    def memory(self) -> dict[str, Any]:
        """Return what changed, as [before, after] by column."""
        changed: dict[str, dict[int, Any]] = {}
        for model, rows in self.before.items():
            after = _values(model, rows)
            for pk, row in rows.items():
                both = {
                    name: [was, after[pk][name]]
                    for name, was in row.items()
                    if pk in after and after[pk][name] != was
                }
                if both:
                    changed.setdefault(model, {})[pk] = both
        return {"rows": changed, "made": dict(self.made)}


_declared: list[EndingDeclaration] = []
_reopened: dict[str, list[Callable[[int, Any], None]]] = defaultdict(list)
_moved: dict[str, list[Callable[[int, Any], None]]] = defaultdict(list)


def declare(*declarations: EndingDeclaration) -> None:
    """Say what becomes of the rows of tables."""
    _declared.extend(declarations)


def _at(path: str) -> Callable[..., None]:
    function: Callable[..., None] = import_string(path)
    return function


def declared() -> list[EndingDeclaration]:
    """Return every declaration, in the order in which rows are closed."""
    return sorted(_declared, key=lambda one: (one.order, one.model))


def when_reopened(kind: str, hook: str) -> None:
    """Have ``hook(key, by)`` called when the ending of a record is taken back."""
    _reopened[kind].append(function_at(hook))


def when_moved(kind: str, hook: str) -> None:
    """Have ``hook(key, by)`` called when a record lies elsewhere from now on, with all in it."""
    _moved[kind].append(function_at(hook))


def tell_moved(kind: str, key: int, *, by: Any) -> None:
    """Let what answers for a record follow it to where it lies now."""
    with system_scope("what is open about somebody or somewhere follows them"):
        for hook in _moved[kind]:
            hook(key, by)


def end_what_points_at(
    kind: str, keys: Collection[int], *, reason: str, by: Any, how: str = "", into: Any = None
) -> None:
    """Close, or hand on, whatever is open about records that end, and remember it."""
    with system_scope("what points at something ends with it, wherever it lies"):
        closing = [one for one in declared() if kind in one.of and one.close]
        for some in keys_in_batches(keys):
            EndingMemory.objects.filter(subject_kind=kind, subject_id__in=some).delete()
            waiting = {key for one in closing for key in one.keys_pointed_at(kind, some)}
            for key in sorted(waiting):
                _end(Ending(kind, key, reason, by, how, into), closing)


def _end(ending: Ending, closing: Collection[EndingDeclaration]) -> None:
    for one in closing:
        ending.remember(one.rows(ending.kind, [ending.key]).only("pk"), one.model)
    for one in closing:
        # Asked again: what an earlier one has closed along with its own is over.
        _at(one.close)(one.rows(ending.kind, [ending.key]), ending)
    memory = ending.memory()
    if not memory["rows"] and not memory["made"]:
        return
    record: Any = apps.get_model(ending.kind)
    EndingMemory(
        subject_kind=ending.kind,
        subject_id=ending.key,
        memory=encrypt(json.dumps(memory, ensure_ascii=False)),
        scope_path=record.objects.values_list("scope_path", flat=True).get(pk=ending.key),
    ).save()


def reopen_what_ended(kind: str, keys: Collection[int], *, by: Any) -> None:
    """Put back what the endings of records closed; what was changed since stays as it is."""
    with system_scope("what had ended with something is open again with it"):
        for some in keys_in_batches(keys):
            kept = EndingMemory.objects.filter(subject_kind=kind, subject_id__in=some)
            for one in list(kept):
                _reopen(open_json(decrypt(one.memory)), by)
                one.delete()
            for key in some:
                for hook in _reopened[kind]:
                    hook(key, by)


def _reopen(memory: Mapping[str, Any], by: Any) -> None:
    back = {
        model: [int(pk) for pk, change in rows.items() if _put_back(model, int(pk), change)]
        for model, rows in memory["rows"].items()
    }
    for one in declared():
        if one.take_back and (made := memory["made"].get(one.model)):
            _at(one.take_back)(_by_key(one.model, made), by)
        if one.reopened and (keys := back.pop(one.model, [])):
            _at(one.reopened)(_by_key(one.model, keys), by)


def _put_back(label: str, pk: int, change: Mapping[str, list[Any]]) -> bool:
    """Put one row back if it still stands as the ending left it."""
    now = _values(label, [pk]).get(pk)
    if now is None or any(now[name] != left for name, (_was, left) in change.items()):
        return False
    model: Any = apps.get_model(label)
    values = {
        name: model._meta.get_field(name).to_python(was) for name, (was, _left) in change.items()
    }
    try:
        # A savepoint: another may have come to stand in its place.
        with transaction.atomic():
            return bool(model.objects.filter(pk=pk).update(**values))
    except IntegrityError:
        return False


def _by_key(label: str, keys: Collection[int]) -> QuerySet[Any]:
    model: Any = apps.get_model(label)
    rows: QuerySet[Any] = model.objects.filter(pk__in=keys)
    return rows


def _columns(label: str) -> list[str]:
    return sorted({name for one in _declared if one.model == label for name in one.changes})


def _values(label: str, keys: Iterable[int]) -> dict[int, dict[str, Any]]:
    columns, found = _columns(label), {}
    for some in keys_in_batches(keys):
        for row in _by_key(label, some).values("pk", *columns):
            found[row["pk"]] = {
                name: row[name].isoformat() if hasattr(row[name], "isoformat") else row[name]
                for name in columns
            }
    return found


def undeclared(tables: Iterable[type[models.Model]]) -> list[str]:
    """Return the columns that point at one of the kinds and do not say what becomes of them."""
    told = {(one.model, key, kind) for one in _declared for key in one.keys for kind in one.of}
    return [
        f"{model._meta.label}.{column} → {kind}"
        for model in tables
        for column, kind in _pointers(model)
        if (model._meta.label, column, kind) not in told
    ]


def _pointers(model: type[models.Model]) -> list[tuple[str, str]]:
    names = {column.name for column in model._meta.concrete_fields}
    pointers: list[tuple[str, str]] = []
    for column in model._meta.concrete_fields:
        target = getattr(getattr(column.related_model, "_meta", None), "label_lower", "")
        if target in KINDS:
            pointers.append((column.name, target))
        elif column.name == POINTER:
            # Without a kind beside it, it points at people of a list.
            kinds = KINDS if "subject_kind" in names else (PERSON,)
            pointers += [(POINTER, kind) for kind in kinds]
    return pointers
