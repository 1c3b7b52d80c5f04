"""Where snapshots stand, and how a new one takes the place of the old one.

A snapshot is a folder of files that are never changed; CURRENT names it and is replaced in one
step. Whoever refreshes holds a lock on the folder; whoever comes meanwhile uses what is there.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from linli.core.fields import DICTIONARY, Dictionary
from linli.core.logger import get_logger
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.workbench.conditions.models import OwnField, OwnFieldValue
from linli.workbench.conditions.own_fields import dictionary as whole_dictionary
from linli.workbench.conditions.snapshot.columns import schema
from linli.workbench.conditions.snapshot.extract import (
    PlacesAbove,
    all_ids,
    batches,
    changed_ids,
    count_rows,
    places_above,
)
from linli.workbench.conditions.subjects import model_of

log = get_logger(__name__)

CURRENT, ABOUT = "CURRENT", "about.json"
# Somebody may have read the name of an older one and be about to open its files.
KEPT, KEPT_SECONDS = 2, 30
# A row changed within a transaction that ends later carries an earlier moment: on PostgreSQL by as
# much as an import takes, on SQLite by as long as one writer waits for another.
OVERLAPS = {"postgresql": timedelta(minutes=15), "sqlite": timedelta(seconds=40)}
# When so large a part has changed, reading everything is the shorter way.
MOST_CHANGED = 0.2
FORMAT = 2


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: its folder, when it was made, how it was made."""

    folder: Path
    as_of: datetime
    shape: str
    latest: str
    places: str
    made: dict[str, int]

    def file(self, subject: str) -> Path:
        """Return the file of one subject."""
        return self.folder / f"{subject}.parquet"


def snapshot_folder() -> Path:
    """Return where the snapshots of this installation stand."""
    if settings.TESTING:  # several processes test at once, each on a database of its own
        return Path(tempfile.gettempdir()) / f"linli-snapshot-{os.getpid()}"
    return Path(settings.DATA_DIR) / "snapshot" / "live"


def current(root: Path | None = None) -> Snapshot | None:
    """Return the snapshot in place, if there is one that can be read."""
    root = root or snapshot_folder()
    try:
        folder = root / (root / CURRENT).read_text(encoding="utf-8").strip()
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            return None
        as_of = datetime.fromisoformat(about["as_of"])
        return Snapshot(
            folder, as_of, *(about[key] for key in ("shape", "latest", "places", "made"))
        )
    except (OSError, ValueError, KeyError):
        return None


def refresh_if_behind(root: Path | None = None) -> Snapshot:
    """Return a snapshot that knows of every change, refreshed first when it has to be."""
    with system_scope("is the snapshot behind"):
        there = current(root)
        if there is not None and there.latest == _latest() and there.shape == _shape():
            return there
    return refresh(root)


def refresh(root: Path | None = None, *, from_nothing: bool = False) -> Snapshot:
    """Make a new snapshot: of what changed, or from nothing."""
    root = root or snapshot_folder()
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(root), system_scope("refresh the snapshot"):
        before = None if from_nothing else current(root)
        # Before anything is read: what changes meanwhile is read again the next time.
        moment, latest, shape = timezone.now(), _latest(), _shape()
        # Whoever waited for the lock may find the work done.
        if before is not None and (before.shape, before.latest) == (shape, latest):
            return before
        folder = _new_folder(root, moment)
        usable = before if before is not None and before.shape == shape else None
        places = _places()
        if usable is not None and usable.places != places:
            usable = None  # a name or a move above the dwellings touches every row below
        rows_written = _write(folder, usable)
        about = {
            "format": FORMAT,
            "as_of": moment.isoformat(),
            "shape": shape,
            "latest": latest,
            "places": places,
            "made": rows_written,
        }
        (folder / ABOUT).write_text(json.dumps(about), encoding="utf-8")
        _put_in_place(root, folder)
        log.info("snapshot", made=rows_written, from_nothing=usable is None)
        return Snapshot(folder, moment, shape, latest, places, rows_written)


def _write(folder: Path, before: Snapshot | None) -> dict[str, int]:
    dictionary, rows_written = whole_dictionary(), {}
    places = places_above()
    for subject in dictionary.subjects:
        target = folder / f"{subject.key}.parquet"
        if before is None:
            rows_written[subject.key] = _write_all(target, subject.key, dictionary, places)
        else:
            rows_written[subject.key] = _write_changed(
                target, subject.key, dictionary, places, before
            )
        target.chmod(0o600)
    return rows_written


def _write_all(target: Path, subject: str, dictionary: Dictionary, places: PlacesAbove) -> int:
    rows = 0
    with pq.ParquetWriter(target, schema(subject, dictionary)) as file:
        for batch in batches(subject, dictionary, places):
            file.write_batch(batch)
            rows += batch.num_rows
    return rows


def _write_changed(
    target: Path, subject: str, dictionary: Dictionary, places: PlacesAbove, before: Snapshot
) -> int:
    """Write the rows of before that are still there and did not change, and those that did."""
    ids = changed_ids(subject, dictionary, before.as_of - OVERLAPS[connection.vendor])
    there, old = count_rows(subject, dictionary), before.file(subject)
    if len(ids) > MOST_CHANGED * there:
        return _write_all(target, subject, dictionary, places)
    if not ids and pq.read_metadata(old).num_rows == there:
        # Nothing changed and nothing went: the old file serves under a second name.
        os.link(old, target)
        return 0
    shape = schema(subject, dictionary)
    changed = pa.Table.from_batches(list(batches(subject, dictionary, places, ids)), schema=shape)
    names = ", ".join(f'"{name}"' for name in shape.names)
    with duckdb.connect() as db:
        db.register("changed", changed)
        db.execute(
            f"CREATE TABLE whole AS SELECT {names} FROM read_parquet(?)"  # noqa: S608 - our columns
            f" WHERE id NOT IN (SELECT id FROM changed) UNION ALL SELECT {names} FROM changed",
            [str(old)],
        )
        # A row that is gone has no moment of change: only the number of rows tells.
        if db.sql("SELECT count(*) FROM whole").fetchall()[0][0] != there:
            db.register(
                "there", pa.table({"id": pa.array(all_ids(subject, dictionary), pa.int64())})
            )
            db.execute("DELETE FROM whole WHERE id NOT IN (SELECT id FROM there)")
        where = str(target).replace("'", "''")
        db.execute(f"COPY (FROM whole ORDER BY id) TO '{where}' (FORMAT parquet)")
    return len(ids)


def _latest() -> str:
    """Say in one text how far every table has come: another text means something changed."""
    states = []
    for subject in DICTIONARY.subjects:
        rows = model_of(subject).objects.order_by()
        states.append(f"{subject.key} {rows.count()} {rows.aggregate(m=Max('changed_at'))['m']}")
    for model in (Place, OwnFieldValue):
        rows = model.objects.order_by()
        states.append(f"{rows.count()} {rows.aggregate(m=Max('changed_at'))['m']}")
    return "; ".join(states)


def _shape() -> str:
    """Say which columns there are: another text means that the files are made from nothing."""
    attributes = OwnField.objects.filter(group="").order_by("pk").values_list("pk", "kind", "label")
    shapes = [str(schema(subject.key, DICTIONARY).to_string()) for subject in DICTIONARY.subjects]
    described = json.dumps(
        [shapes, [list(attribute) for attribute in attributes]], ensure_ascii=False
    )
    return hashlib.sha256(described.encode()).hexdigest()


def _places() -> str:
    rows = Place.objects.exclude(kind=PlaceKind.DWELLING).order_by()
    return f"{rows.count()} {rows.aggregate(m=Max('changed_at'))['m']}"


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    with (root / "LOCK").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _new_folder(root: Path, moment: datetime) -> Path:
    folder = root / f"{moment:%Y%m%dT%H%M%S%f}-{os.getpid()}"
    folder.mkdir(mode=0o700)
    return folder


def _put_in_place(root: Path, folder: Path) -> None:
    """Name the new snapshot in one step, then clear away what nobody reads any more."""
    fresh = root / f"{CURRENT}.{os.getpid()}"
    fresh.write_text(folder.name, encoding="utf-8")
    os.replace(fresh, root / CURRENT)
    old = sorted(path for path in root.iterdir() if path.is_dir() and path != folder)
    for path in old[: max(0, len(old) - KEPT + 1)]:
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


def forget_deleted(root: Path | None = None) -> bool:
    """Make the snapshot from nothing when there is one, and clear every older one away.

    Whoever opened a file of an older one goes on reading it; who comes later is given the new one.
    """
    root = root or snapshot_folder()
    if not root.exists():
        return True
    there = refresh(root, from_nothing=True).folder if current(root) is not None else None
    with _locked(root):
        for path in root.iterdir():
            if path.is_dir() and path != there:
                shutil.rmtree(path, ignore_errors=True)
        return all(path == there for path in root.iterdir() if path.is_dir())


def about(snapshot: Snapshot) -> dict[str, Any]:
    """Say what a snapshot is, for `linli check` and the figures."""
    size = sum(path.stat().st_size for path in snapshot.folder.iterdir())
    return {"as_of": snapshot.as_of.isoformat(), "rows": snapshot.made, "bytes": size}
