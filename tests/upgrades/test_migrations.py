"""Migrations add and move: none that came after a stored version loses data or cannot go back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from tests.upgrades.allowed import LOSES_ON_PURPOSE
from tests.upgrades.stored_versions import ENGINES, StoredInstallation, versions

Node = tuple[str, str]
# kind of column → kinds that hold every value of it
WIDENS = {
    "CharField": {"TextField"},
    "SmallIntegerField": {"IntegerField", "BigIntegerField"},
    "PositiveSmallIntegerField": {"PositiveIntegerField", "IntegerField", "BigIntegerField"},
    "IntegerField": {"BigIntegerField"},
    "PositiveIntegerField": {"BigIntegerField", "PositiveBigIntegerField"},
}


def stored_migrations(version: str) -> set[Node]:
    """Return what a stored version had applied."""
    nodes = (StoredInstallation(version, engine).expected()["migrations"] for engine in ENGINES)
    return {(app, name) for one in nodes for app, name in one}


def _ours(node: Node) -> bool:
    return node[0] in apps.app_configs and apps.get_app_config(node[0]).name.startswith("linli.")


def _to_the_database(migration: Any) -> Iterator[Any]:
    """Return the operations that change tables, those that only tell Django apart."""
    for operation in migration.operations:
        if isinstance(operation, ops.SeparateDatabaseAndState):
            yield from operation.database_operations
        else:
            yield operation


def _shrinks(old: models.Field[Any, Any], new: models.Field[Any, Any]) -> bool:
    before, after = old.get_internal_type(), new.get_internal_type()
    if before != after and after not in WIDENS.get(before, ()):
        return True
    if before == after and new.max_length and (old.max_length or 10**9) > new.max_length:
        return True
    places = ("max_digits", "decimal_places")
    if any((getattr(old, name, 0) or 0) > (getattr(new, name, 0) or 0) for name in places):
        return True
    return old.null and not new.null


def dangers(migration: Any, state: ProjectState) -> list[str]:
    """Return in words what a migration may lose, given the models as they were before it."""
    found = []
    for operation in _to_the_database(migration):
        what = type(operation).__name__
        if isinstance(operation, ops.DeleteModel):
            found.append(f"{what} {operation.name}")
        elif isinstance(operation, ops.RemoveField):
            found.append(f"{what} {operation.model_name}.{operation.name}")
        elif isinstance(operation, ops.AlterField):
            known = state.models.get((migration.app_label, operation.model_name_lower))
            old = known and known.fields.get(operation.name)
            if old is None or _shrinks(old, operation.field):
                found.append(f"{what} {operation.model_name}.{operation.name}")
        elif isinstance(operation, ops.RunSQL):
            found.append(f"{what}: use RunPython, whose rows the upgrade compares")
        if not operation.reversible:
            # Restoring an older archive goes back to its tables first.
            found.append(f"{what} cannot be undone")
        operation.state_forwards(migration.app_label, state)
    return found


def found_since(known: set[Node]) -> list[str]:
    """Return the dangers of every migration that is not among the known, as they are named."""
    loader = MigrationLoader(None)
    said = []
    for node in sorted(loader.graph.nodes, key=str):
        if _ours(node) and node not in known:
            migration = loader.disk_migrations[node]
            state = loader.project_state(node, at_end=False)
            said += [f"{node[0]}.{node[1]}: {danger}" for danger in dangers(migration, state)]
    return said


def test_no_migration_since_loses_data() -> None:
    found = found_since(stored_migrations(versions()[0]))
    assert sorted(set(found) - set(LOSES_ON_PURPOSE)) == []
    assert set(LOSES_ON_PURPOSE) <= set(found), "an exception that is none any more"


def test_what_was_applied_somewhere_is_still_there() -> None:
    there = set(MigrationLoader(None).disk_migrations)
    for version in versions():
        assert {node for node in stored_migrations(version) if _ours(node)} <= there, version


def _a_state() -> ProjectState:
    state = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=60)),
        ("note", models.TextField(null=True)),
        ("size", models.PositiveSmallIntegerField()),
    ]
    state.add_model(ModelState("toys", "Toy", fields))
    return state


@pytest.mark.parametrize(
    ("operation", "found"),
    [
        (ops.DeleteModel("Toy"), ["DeleteModel Toy"]),
        (ops.RemoveField("toy", "note"), ["RemoveField toy.note"]),
        (ops.AlterField("toy", "name", models.CharField(max_length=40)), ["AlterField toy.name"]),
        (ops.AlterField("toy", "name", models.IntegerField()), ["AlterField toy.name"]),
        (ops.AlterField("toy", "note", models.TextField(default="")), ["AlterField toy.note"]),
        (ops.RunPython(lambda apps, editor: None), ["RunPython cannot be undone"]),
        (
            ops.SeparateDatabaseAndState(database_operations=[ops.DeleteModel("Toy")]),
            ["DeleteModel Toy"],
        ),
        (ops.SeparateDatabaseAndState(state_operations=[ops.DeleteModel("Toy")]), []),
        (ops.AlterField("toy", "name", models.CharField(max_length=80)), []),
        (ops.AlterField("toy", "size", models.PositiveIntegerField()), []),
        (ops.AddField("toy", "colour", models.CharField(max_length=9, default="")), []),
        (ops.RunPython(lambda apps, editor: None, ops.RunPython.noop), []),
    ],
)
def test_what_loses_data_is_recognised(operation: Any, found: list[str]) -> None:
    migration = migrations.Migration("0002_toys", "toys")
    migration.operations = [operation]
    assert dangers(migration, _a_state()) == found


def test_every_migration_is_looked_at_when_none_is_known() -> None:
    """The negative control: the first migrations are found to alter what they made."""
    assert len(found_since(set())) > 0
