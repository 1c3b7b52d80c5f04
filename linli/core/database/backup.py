"""A whole installation as one portable file, and back: on either database, shown row for row.

The archive is a zip: ``manifest.json`` (version, migrations, tables with their columns, number of
rows and SHA-256) and one ``tables/<name>.jsonl`` each, rows in the order of their keys. Sealed
columns stay sealed. Keys are not in it unless asked for: without them it cannot be read, with them
anybody who has the file can.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import DataError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from linli.core.actions import writes_allowed
from linli.core.database import marks, raw_sql, triggers
from linli.core.database.archive import (
    FORMAT,
    ArchiveTable,
    opened,
    read_manifest,
    refuse_damage,
    tables_of,
)
from linli.core.database.backup_values import canonical, from_json, to_json
from linli.core.database.row_security import as_owner
from linli.core.dotted_paths import function_at
from linli.core.errors import Refused
from linli.core.models import InstallationMark

BATCH = 500
# Who is signed in, who has tried how often, which worker is there and how large this database was
# does not survive a restore, and need not.
NOT_KEPT = frozenset({"django_session", "core_limit", "jobs_worker", "jobs_databasesize"})
# Written by every migration: in a new installation, too.
NOT_COUNTED = ("django_", "auth_", InstallationMark._meta.db_table)
# Tables of apps that are gone: an older archive may hold them.
GONE = "axes_"
REASON = "backup and restore"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Outlives:
    """What a restore must not undo: kept aside before it, done again after it."""

    before: Callable[[], None]
    after: Callable[[Tell], None]


_outlives: dict[str, Outlives] = {}


def register_outlives(
    key: str, *, before: Callable[[], None] | str, after: Callable[[Tell], None] | str
) -> None:
    """Have ``before`` keep something aside before a restore, and ``after`` do it again."""
    _outlives[key] = Outlives(function_at(before), function_at(after))


def tables() -> list[ArchiveTable]:
    """Return every table of this installation, as the code knows it now."""
    listed = []
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.db_table in there - NOT_KEPT and not meta.proxy:
            kinds = [(str(f.column), f.get_internal_type()) for f in meta.concrete_fields]
            listed.append(ArchiveTable(meta.db_table, kinds, str(meta.pk.column)))
    return sorted(listed, key=lambda table: table.name)


def select(table: ArchiveTable) -> str:
    """Return the statement that reads a table in the order of its key."""
    columns = ", ".join(f'"{column}"' for column, _ in table.columns)
    # Text in the order of its bytes, as SQLite has it: a server sorts by the rules of its language.
    is_text = dict(table.columns)[table.key] == "CharField" and connection.vendor == "postgresql"
    collate = ' COLLATE "C"' if is_text else ""
    return f'SELECT {columns} FROM "{table.name}" ORDER BY "{table.key}"{collate}'


@contextmanager
def _snapshot(copy: Path) -> Iterator[Any]:
    """Give a reader of one moment: SQLite copies itself, PostgreSQL keeps a transaction."""
    if connection.vendor == "sqlite":
        with _copy_of_sqlite(copy) as reader:
            yield lambda table: reader.execute(select(table))
        return
    with transaction.atomic(), as_owner():
        if len(connection.atomic_blocks) == 1:  # a test stands in a transaction already
            raw_sql.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", reason=REASON)
        yield _rows_of_postgresql


@contextmanager
def _copy_of_sqlite(copy: Path) -> Iterator[sqlite3.Connection]:
    """Copy the database to ``copy``, for this user's eyes alone, and remove it afterwards."""
    connection.ensure_connection()
    _remove_copy(copy)
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    reader = sqlite3.connect(copy)
    try:
        reader.execute("PRAGMA journal_mode=OFF")
        reader.execute("PRAGMA synchronous=OFF")
        connection.connection.backup(reader)
        yield reader
    finally:
        reader.close()
        _remove_copy(copy)


def _remove_copy(copy: Path) -> None:
    for beside in ("", "-journal", "-wal", "-shm"):
        copy.with_name(copy.name + beside).unlink(missing_ok=True)


def _rows_of_postgresql(table: ArchiveTable) -> Iterator[tuple[Any, ...]]:
    with raw_sql.origin(REASON), connection.chunked_cursor() as cursor:
        cursor.execute(select(table))
        while some := cursor.fetchmany(BATCH):
            yield from some


def _lines(table: ArchiveTable, rows: Any) -> Iterator[bytes]:
    kinds = [kind for _, kind in table.columns]
    for row in rows:
        values = [to_json(kind, value) for kind, value in zip(kinds, row, strict=True)]
        yield _line(values)


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _written(table: ArchiveTable, rows: Any, out: Any) -> ArchiveTable:
    digest, number = hashlib.sha256(), 0
    for line in _lines(table, rows):
        digest.update(line)
        out.write(line)
        number += 1
    return ArchiveTable(table.name, table.columns, table.key, number, digest.hexdigest())


def back_up(file: Path, *, with_keys: bool = False) -> list[ArchiveTable]:
    """Write the installation to ``file``, as a whole or not at all; return what was written."""
    if not tables():
        raise Refused("backup.no_tables", "这里还没有数据库", hint="先运行 linli migrate")
    # Renamed once it is whole: an interrupted backup never takes the place of a good one.
    part = file.with_name(f"{file.name}.part")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Nobody else may read it from the first byte on: it holds the register, perhaps the keys.
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                written = _write_all(archive, file, with_keys=with_keys)
            out.flush()
            # On the disk before it takes its name, or a power cut could leave an empty file there.
            os.fsync(out.fileno())
            # Read again from the disk, not from memory.
            os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with opened(part) as archive:
            refuse_damage(archive, tables_of(read_manifest(archive)))
        part.replace(file)
        _keep_names(file.parent)
    finally:
        part.unlink(missing_ok=True)
    return written


def _keep_names(folder: Path) -> None:
    """Have the disk keep the names of a folder, too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_all(archive: zipfile.ZipFile, file: Path, *, with_keys: bool) -> list[ArchiveTable]:
    written = []
    # Beside the archive: the system's own temporary folder may be small.
    with _snapshot(file.with_name(f"{file.name}.copy")) as rows_of:
        for table in tables():
            # The size is not known beforehand, and without zip64 a table beyond 2 GiB would fail.
            with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
                written.append(_written(table, rows_of(table), out))
    manifest = {
        "format": FORMAT,
        # By which retention knows a file that was given its name by hand.
        "name": file.name,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
        "keys": with_keys,
        # By which `linli check` tells whose backup this is, and whether the keys here open it.
        "marks": marks.values(),
        "tables": [asdict(table) for table in written],
    }
    archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    if with_keys:
        archive.writestr("keys.json", json.dumps(_keys()))
    return written


def _keys() -> dict[str, str]:
    return {
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_KEYS": ",".join(settings.LINLI_FIELD_KEYS),
        "INDEX_KEY": settings.LINLI_INDEX_KEY,
    }


def holdings() -> int:
    """Count the rows that a restore would write over: all but Django's lists and the marks."""
    own = [t for t in tables() if not t.name.startswith(NOT_COUNTED)]
    with as_owner():
        counts = [
            raw_sql.run(f'SELECT count(*) FROM "{table.name}"', reason="is this installation empty")
            for table in own
        ]
    return sum(int(count[0][0]) for count in counts)


def restore(
    file: Path, *, force: bool = False, tell: Tell = lambda _words: None
) -> list[tuple[ArchiveTable, ArchiveTable]]:
    """Put an archive back, all of it or nothing; return each table as written and as found.

    Tables are made as they were when the archive was, filled, checked, then brought up to date.
    What was deleted for good since then is deleted again, and ``tell`` hears of it.
    """
    with opened(file) as archive:
        manifest = read_manifest(archive)
        wanted = [t for t in tables_of(manifest) if not t.name.startswith(GONE)]
        is_of_today = _is_of_today(manifest["migrations"])
        # All that can refuse it comes first: going back to tables of another day loses rows.
        refuse_damage(archive, wanted)
        if not force and (rows := holdings()):
            raise Refused(
                "backup.not_empty", f"这里已有 {rows} 行数据", hint="确定要覆盖时，加上 --force"
            )
        _keep_aside()
        identity = marks.identity()
        try:
            with nullcontext() if is_of_today else triggers.left_down():
                _same_shape(manifest["migrations"], is_of_today=is_of_today)
                with writes_allowed("restore"), transaction.atomic(), as_owner():
                    compared = _fill(archive, wanted)
        finally:
            # After the commit: Django cannot rebuild SQLite's tables within an open transaction.
            with writes_allowed("restore"):
                call_command("migrate", verbosity=0)
        if identity and not manifest.get("marks"):
            # An archive from before there were marks does not say that it is another's.
            marks.keep(marks.INSTALLATION, identity)
    for _key, outlives in sorted(_outlives.items()):
        outlives.after(tell)
    return compared


def _keep_aside() -> None:
    """Keep aside what outlives a restore, where there is a database to keep it from."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    pending = {model._meta.db_table for model in apps.get_models()} - there
    for _key, outlives in sorted(_outlives.items()) if not pending else ():
        outlives.before()


def _is_of_today(migrations: list[list[str]]) -> bool:
    """Has the archive the tables of this code? One that is newer is refused."""
    then = {(app, name) for app, name in migrations}
    known = set(MigrationExecutor(connection).loader.graph.nodes)
    # Installed apps of the archive's day that are gone now left no tables worth refusing for.
    if unknown := sorted(
        node for node in then if node[0] in apps.app_configs and node not in known
    ):
        missing = "、".join(".".join(node) for node in unknown[:3])
        raise Refused("backup.newer", f"备份来自更新的版本（{missing}），请先升级邻里")
    return then >= known


def _same_shape(migrations: list[list[str]], *, is_of_today: bool) -> None:
    """Make the tables of the archive's own day."""
    with writes_allowed("restore"):
        if is_of_today:
            call_command("migrate", verbosity=0)
            return
        # Migrations are numbered and linear, so the last by name is the last. An app that is
        # younger than the archive goes as a whole: what it took over from other tables it takes
        # over again.
        targets = [
            (app, max((name for a, name in migrations if a == app), default=None))
            for app in sorted({app for app, _ in MigrationExecutor(connection).loader.graph.nodes})
        ]
        for back in (True, False):  # Django goes in one direction at a time
            _migrate(targets, back=back)


def _migrate(targets: list[tuple[str, str | None]], *, back: bool) -> None:
    """Migrate all apps at once: ``migrate`` does one, and each time walks every migration."""
    executor = MigrationExecutor(connection)
    plan = [step for step in executor.migration_plan(targets) if step[1] == back]
    if not plan:
        return
    about: dict[str, Any] = {"verbosity": 0, "interactive": False, "db": connection.alias}
    emit_pre_migrate_signal(**about, plan=plan)
    state = executor.migrate(targets, plan)
    state.clear_delayed_apps_cache()
    emit_post_migrate_signal(**about, plan=plan, apps=state.apps)


def _fill(
    archive: zipfile.ZipFile, wanted: list[ArchiveTable]
) -> list[tuple[ArchiveTable, ArchiveTable]]:
    triggers.take_down(connection)
    # An archive from before there were marks is of no demonstration.
    if InstallationMark._meta.db_table in connection.introspection.table_names():
        marks.forget()
    # A table that is younger than the archive was empty on its day.
    for name in {table.name for table in (*wanted, *tables())}:
        raw_sql.run(f'DELETE FROM "{name}"', reason=REASON)
    loaded = [_loaded(archive, table) for table in wanted]
    compared = [(table, _found(table)) for table in loaded]
    for before, after in compared:
        if before.sha256 != after.sha256:
            sentence = f"{before.name} 恢复后与备份不一致，没有写入任何数据"
            raise Refused("backup.differs", sentence)
    _count_on(wanted)
    triggers.put_up(connection)
    # The triggers look at writes, and these rows came in while they were down.
    if lost := triggers.misplaced(connection):
        raise Refused("backup.misplaced", f"备份中有不在其地方的行：{', '.join(lost)}")
    return compared


def _loaded(archive: zipfile.ZipFile, table: ArchiveTable) -> ArchiveTable:
    """Write a table's rows; return it with the hash of its lines as they are written today."""
    columns = ", ".join(f'"{column}"' for column, _ in table.columns)
    marks = ", ".join(["%s"] * len(table.columns))
    sql = f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})'
    kinds, batch = [kind for _, kind in table.columns], []
    as_written = hashlib.sha256()
    with archive.open(f"tables/{table.name}.jsonl") as lines:
        for line in lines:
            values = [canonical(*pair) for pair in zip(kinds, json.loads(line), strict=True)]
            as_written.update(_line(values))
            row = zip(kinds, values, strict=True)
            batch.append([from_json(kind, value, connection.vendor) for kind, value in row])
            if len(batch) == BATCH:
                _write(table, sql, batch)
                batch = []
    if batch:
        _write(table, sql, batch)
    return replace(table, sha256=as_written.hexdigest())


def _write(table: ArchiveTable, sql: str, rows: list[list[Any]]) -> None:
    """Write some rows; SQLite takes longer texts than the column says, and PostgreSQL does not."""
    try:
        raw_sql.run_many(sql, rows, reason=REASON)
    except (DataError, IntegrityError) as wrong:
        own = [column for column, _kind in table.columns].index(table.key)
        where = f"{table.key} {rows[0][own]}–{rows[-1][own]}"
        sentence = f"{table.name}（{where}）里有这个数据库放不下的值，没有写入任何数据"
        raise Refused("backup.does_not_fit", sentence, hint=type(wrong).__name__) from wrong


class _Nowhere:
    def write(self, line: bytes) -> None:
        """Let the line go: only its hash cases."""


def _found(table: ArchiveTable) -> ArchiveTable:
    """Read a table back and hash it, inside the transaction that wrote it."""
    with raw_sql.origin(REASON), connection.chunked_cursor() as cursor:
        cursor.execute(select(table))
        rows: Iterator[Any] = iter(cursor.fetchone, None)
        return _written(table, rows, _Nowhere())


def _count_on(wanted: list[ArchiveTable]) -> None:
    """Let PostgreSQL number new rows after the restored ones."""
    names = {table.name for table in wanted}
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.db_table in names]
    for sql in connection.ops.sequence_reset_sql(no_style(), models):
        raw_sql.run(sql, reason=REASON)
