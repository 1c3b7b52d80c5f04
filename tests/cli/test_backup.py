"""Nothing is lost: an installation goes into one file and comes back row for row."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from linli.core.actions import write_journal
from linli.core.database import backup, marks, raw_sql, triggers
from linli.core.database.backup_values import from_json, to_json
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.workbench.journal import hash_chain
from tests import postgres, prepared
from tests.core.test_canonical_json import HARD
from tests.scope.world import OURS, a_community, a_town, by_the_system

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


LONG = ("殷家0".encode(), ("殷" * 300).encode())


def a_small_town() -> None:
    ours = a_community(a_town(), OURS, "殷家", 3)
    with by_the_system():
        Person.objects.filter(pk=ours.person.pk).update(phone="13800000000", low_income=True)


def hashes(written: list[backup.ArchiveTable]) -> dict[str, tuple[int, str]]:
    return {table.name: (table.rows, table.sha256) for table in written}


def test_it_comes_back_row_for_row(tmp_path: Path) -> None:
    a_small_town()
    file = tmp_path / "linli.zip"
    before = hashes(backup.back_up(file))
    assert before["people_person"][0] == 3
    with by_the_system():
        Person.objects.update(workplace="改了")
        Person.objects.order_by("pk").last().residences.all().delete()
    assert hashes(backup.back_up(tmp_path / "other.zip")) != before, "a changed row shows"
    compared = backup.restore(file, force=True)
    assert all(then.sha256 == now.sha256 for then, now in compared)
    assert hashes(backup.back_up(tmp_path / "again.zip")) == before
    with by_the_system():
        assert "13800000000" in [person.phone for person in Person.objects.all()]
        assert not list(hash_chain.verify())
        assert not triggers.misplaced(connection)
        Person.objects.create(
            name="后来", home=(p := Person.objects.first()).home, scope_path=p.scope_path
        )
    assert sorted(triggers.present(connection)) == triggers.expected_triggers(connection)


@pytest.mark.parametrize("as_old", [False, True])
def test_real_data_takes_the_mark_of_the_demonstration_away(
    tmp_path: Path, monkeypatch: Any, as_old: bool
) -> None:
    a_small_town()
    all_tables = backup.tables
    if as_old:  # an archive from before there was such a table
        monkeypatch.setattr(
            backup,
            "tables",
            lambda: [table for table in all_tables() if table.name != "core_installationmark"],
        )
    written = backup.back_up(tmp_path / "real.zip")
    assert "core_limit" not in hashes(written), "who has tried how often does not leave"
    marks.set_mark()
    whose = marks.identity()
    if as_old:
        _harm(tmp_path / "real.zip", "unmarked")
    backup.restore(tmp_path / "real.zip", force=True)
    assert not marks.bears_the_mark()
    assert marks.identity() == whose, "its own backups are still its own"


def test_sealed_values_stay_sealed_and_keys_stay_home(tmp_path: Path) -> None:
    a_small_town()
    backup.back_up(tmp_path / "plain.zip")
    with zipfile.ZipFile(tmp_path / "plain.zip") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        assert "keys.json" not in archive.namelist()
    assert b"13800000000" not in everything
    assert (tmp_path / "plain.zip").stat().st_mode & 0o077 == 0
    backup.back_up(tmp_path / "keys.zip", with_keys=True)
    with zipfile.ZipFile(tmp_path / "keys.zip") as archive:
        assert json.loads(archive.read("keys.json"))["FIELD_KEYS"]


def test_it_does_not_write_over_what_is_there(tmp_path: Path) -> None:
    a_small_town()
    backup.back_up(tmp_path / "a.zip")
    with pytest.raises(Refused, match="已有"):
        backup.restore(tmp_path / "a.zip")


@pytest.mark.parametrize("harm", ["cut", "changed", "misplaced", "other", "newer"])
def test_a_harmed_archive_changes_nothing(tmp_path: Path, harm: str) -> None:
    a_small_town()
    file = tmp_path / "a.zip"
    before = hashes(backup.back_up(file))
    _harm(file, harm)
    with pytest.raises((Refused, zipfile.BadZipFile, ValueError)):
        backup.restore(file, force=True)
    assert hashes(backup.back_up(tmp_path / "b.zip")) == before
    assert sorted(triggers.present(connection)) == triggers.expected_triggers(connection)


def _harm(file: Path, harm: str) -> None:
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-200])
        return
    if harm == "other":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("hello.txt", "x")
        return
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts["manifest.json"])
    if harm == "unmarked":
        del manifest["marks"]
    if harm == "newer":
        manifest["migrations"].append(["people", "9999_from_the_future"])
    if harm == "changed":
        parts["tables/people_person.jsonl"] = parts["tables/people_person.jsonl"].replace(
            "殷家0".encode(), "殷家9".encode()
        )
    if harm in ("misplaced", "long"):
        import hashlib

        this, that = (b"330212007009", b"330212007010") if harm == "misplaced" else LONG
        moved = parts["tables/people_person.jsonl"].replace(this, that)
        parts["tables/people_person.jsonl"] = moved
        table = next(t for t in manifest["tables"] if t["name"] == "people_person")
        table["sha256"] = hashlib.sha256(moved).hexdigest()
    parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)


@pytest.mark.skipif(not postgres.wanted(), reason="SQLite takes it")
def test_what_the_other_database_cannot_hold_is_said_with_table_and_rows(tmp_path: Path) -> None:
    """SQLite takes a name of any length."""
    a_small_town()
    file = tmp_path / "a.zip"
    before = hashes(backup.back_up(file))
    _harm(file, "long")
    with pytest.raises(Refused, match=r"people_person（id \d+–\d+）里有这个数据库放不下的值"):
        backup.restore(file, force=True)
    assert hashes(backup.back_up(tmp_path / "b.zip")) == before


def test_what_is_refused_is_refused_before_any_table_goes_back(
    tmp_path: Path, monkeypatch: Any
) -> None:
    """An older archive needs the tables of its day, and going back to them loses rows."""
    a_small_town()
    file, gone_back = tmp_path / "a.zip", []
    backup.back_up(file)
    monkeypatch.setattr(backup, "_same_shape", lambda *_, **__: gone_back.append(1))
    with pytest.raises(Refused, match="已有"):
        backup.restore(file)
    _harm(file, "changed")
    with pytest.raises(Refused, match="不一致"):
        backup.restore(file, force=True)
    assert gone_back == []


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: Any) -> None:
    a_small_town()
    file = tmp_path / "linli.zip"
    file.write_bytes(b"the backup of yesterday")

    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        backup.back_up(file)
    assert file.read_bytes() == b"the backup of yesterday"
    assert list(tmp_path.iterdir()) == [file]


def test_the_archive_of_one_database_opens_on_the_other(tmp_path: Path) -> None:
    """Whatever this run uses, SQLite takes it over and gives it back, and hashes the same."""
    a_small_town()
    with by_the_system():
        write_journal("place.added", data=HARD, scope_path="/", by=None)
    before = hashes(backup.back_up(tmp_path / "a.zip", with_keys=True))
    env = {**os.environ, "LINLI_DATA": str(tmp_path / "data"), "LINLI_MODE": "embedded"}
    env.pop("DATABASE_URL", None)

    def linli(*words: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "linli.faces.cli.main", *words, "--json"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    (tmp_path / "data").mkdir()
    if prepared.copy().is_file():
        shutil.copyfile(prepared.copy(), tmp_path / "data" / "linli.sqlite3")
    else:
        linli("migrate")
    linli("restore", str(tmp_path / "a.zip"))
    found = linli("backup", str(tmp_path / "b.zip"))
    after = {name: (t["rows"], t["sha256"]) for name, t in found["tables"].items()}
    same = {n: (h, after[n]) for n, h in before.items() if h != after[n]}
    assert not same
    assert linli("journal", "verify")["broken"] == []
    with by_the_system():
        Person.objects.update(workplace="改了")
    backup.restore(tmp_path / "b.zip", force=True)
    assert hashes(backup.back_up(tmp_path / "c.zip")) == before
    with by_the_system():
        assert list(hash_chain.verify()) == []


@pytest.mark.parametrize(
    ("kind", "sqlite", "postgresql"),
    [
        ("BooleanField", 1, True),
        ("DateField", "2026-11-23", __import__("datetime").date(2026, 11, 23)),
        ("DecimalField", 89.5, __import__("decimal").Decimal("89.50")),
        ("JSONField", '{"a": "中"}', {"a": "中"}),
        ("CharField", "=1+1", "=1+1"),
        ("CharField", None, None),
    ],
)
def test_the_same_value_is_the_same_text(kind: str, sqlite: Any, postgresql: Any) -> None:
    assert to_json(kind, sqlite) == to_json(kind, postgresql)
    assert from_json("BinaryField", to_json("BinaryField", b"\x00\xff"), "sqlite") == b"\x00\xff"


def test_the_order_of_keys_is_no_difference() -> None:
    """PostgreSQL keeps none: an archive of SQLite was refused there for it."""
    as_sqlite_has_it = '{"b": {"d": 1, "c": 2}, "a": 3}'
    as_postgresql_has_it = {"a": 3, "b": {"c": 2, "d": 1}}
    assert json.dumps(to_json("JSONField", as_sqlite_has_it)) == json.dumps(as_postgresql_has_it)


def test_every_table_is_in_it(tmp_path: Path) -> None:
    """A table nobody thought of would be a table that is lost."""
    with system_scope("test"), connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    kept = {table.name for table in backup.tables()}
    search_indexes = {name for name in there if "_words" in name or "_fts" in name}
    search_indexes |= {"linli_path_debt", "linli_nothing"}  # empty after every commit
    assert there - kept - backup.NOT_KEPT - {"django_migrations"} - search_indexes == set()
    assert raw_sql.run("SELECT 1", reason="test") == [(1,)]
