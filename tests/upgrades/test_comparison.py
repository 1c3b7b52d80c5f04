"""The comparison finds what is lost: the negative controls of the upgrade."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import pytest
from django.test import override_settings

from linli.core.personal_data.crypto import keyring
from tests.upgrades import allowed
from tests.upgrades.comparison import NOTHING, Row, StoredTable, losses, tables_in
from tests.upgrades.stored_versions import ENGINES, StoredInstallation, versions

Tables = dict[str, StoredTable]


@pytest.fixture(scope="module")
def stored() -> Tables:
    """The tables of the first installation that was stored."""
    return tables_in(StoredInstallation(versions()[0], "sqlite").backup)


def _of(tables: Tables, name: str) -> tuple[StoredTable, int, Row]:
    table = tables[name]
    key = next(iter(table.rows))
    return table, key, table.rows[key]


def _change_a_name(tables: Tables) -> None:
    _of(tables, "people_person")[2]["name"] = "别人"


def _drop_a_row(tables: Tables) -> None:
    table, key, _row = _of(tables, "journal_photo")
    del table.rows[key]


def _double_a_row(tables: Tables) -> None:
    table, _key, row = _of(tables, "tasks_task")
    table.rows[9999] = row


def _drop_a_column(tables: Tables) -> None:
    table = tables["journal_journalentry"]
    columns = tuple(name for name in table.columns if name != "purpose")
    tables["journal_journalentry"] = replace(table, columns=columns)


def _drop_a_table(tables: Tables) -> None:
    del tables["canvasses_canvassstop"]


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (_change_a_name, "people_person.name"),
        (_drop_a_row, "journal_photo 1: the row is gone"),
        (_double_a_row, "tasks_task 9999: the row is new"),
        (_drop_a_column, "journal_journalentry.purpose: the column is gone"),
        (_drop_a_table, "canvasses_canvassstop: the table is gone"),
    ],
)
def test_what_an_upgrade_loses_is_found(
    stored: Tables, harm: Callable[[Tables], None], found: str
) -> None:
    after = deepcopy(stored)
    assert losses(stored, after, NOTHING) == [], "nothing was lost yet"
    harm(after)
    [said] = losses(stored, after, NOTHING)
    assert said.startswith(found)


def test_rows_may_move_under_their_keys_and_still_lose_nothing(stored: Tables) -> None:
    after = deepcopy(stored)
    after["attachments_attachment"] = after.pop("journal_photo")
    may = replace(NOTHING, moved={"journal_photo": "attachments_attachment"})
    assert losses(stored, after, may) == []
    _table, key, row = _of(after, "attachments_attachment")
    row["sha256"] = "0" * 64
    assert [said.split(":")[0] for said in losses(stored, after, may)] == [
        f"journal_photo.sha256 {key}"
    ]


def test_a_column_may_take_a_new_name_or_differ_on_purpose(stored: Tables) -> None:
    after = deepcopy(stored)
    table = after["people_person"]
    columns = tuple("full_name" if name == "name" else name for name in table.columns)
    for row in table.rows.values():
        row["full_name"] = row.pop("name")
        row["source"] = "?"
    after["people_person"] = replace(table, columns=columns)
    renamed = {"people_person.name": "full_name"}
    unknown = allowed.Change("for this test", lambda was, row: row["source"] == "?")
    may = replace(NOTHING, renamed=renamed, changed={"people_person.source": unknown})
    assert losses(stored, after, may) == []
    _of(after, "people_person")[2]["source"] = "otherwise than meant"
    assert [said.split()[0] for said in losses(stored, after, may)] == ["people_person.source"]


def test_what_is_sealed_by_now_is_compared_opened(stored: Tables) -> None:
    keys = json.loads(
        (StoredInstallation(versions()[0], "sqlite").folder / "keys.json").read_text()
    )
    with override_settings(LINLI_FIELD_KEYS=[keys["FIELD_KEYS"]]):
        data = keyring().encrypt(b"a picture")
    sealed = {"base64": base64.b64encode(data).decode()}
    assert base64.b64decode(allowed.opened(sealed)["base64"]) == b"a picture"


def test_what_is_allowed_names_what_was_stored() -> None:
    """A name that fits nothing would allow nothing, or the wrong thing one day."""
    tables: dict[str, set[str]] = {}
    for version in versions():
        for engine in ENGINES:
            archive = StoredInstallation(version, engine).backup
            for name, table in tables_in(archive).items():
                tables.setdefault(name, set()).update(table.columns)
    assert {*allowed.MOVED, *allowed.GROWS} <= set(tables)
    columns = {f"{name}.{column}" for name in tables for column in tables[name]}
    assert {*allowed.RENAMED, *allowed.CHANGED_ON_PURPOSE} <= columns
