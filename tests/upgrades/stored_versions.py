"""The stored installations: which there are, and how one is laid out for use."""

from __future__ import annotations

import json
import lzma
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import postgres, prepared

FOLDER = Path(__file__).parent / "stored"
ENGINES = ("sqlite", "postgresql")


def versions() -> list[str]:
    """Return every version that was stored, the oldest first."""
    names = [folder.name for folder in FOLDER.iterdir() if folder.is_dir()]
    return sorted(names, key=lambda name: [int(part) for part in name.split(".")])


@dataclass(frozen=True)
class StoredInstallation:
    """What one version stored for one database."""

    version: str
    engine: str

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return FOLDER / self.version / self.engine

    @property
    def backup(self) -> Path:
        """What its own `linli backup` wrote."""
        return self.folder / "backup.zip"

    def expected(self) -> dict[str, Any]:
        """Return the migrations it had, and rows and hash of each table."""
        expected: dict[str, Any] = json.loads((self.folder / "expected.json").read_text())
        return expected


@dataclass(frozen=True)
class Installation:
    """A stored installation as it lay at an operator's: a data folder and a database."""

    data: Path
    database: str

    def run(self, *words: str) -> str:
        """Run this Python with the settings of the installation alone; return what it printed."""
        given = {name: text for name, text in os.environ.items() if not name.startswith("LINLI_")}
        given |= {"LINLI_DATA": str(self.data), "DATABASE_URL": self.database}
        done = subprocess.run(
            [sys.executable, *words],
            env=given,
            cwd=FOLDER.parents[2],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout


def unpacked(stored: StoredInstallation, folder: Path) -> Installation:
    """Lay a stored installation out in a folder, and for PostgreSQL in a database of its own."""
    data = _data_folder(stored, folder)
    database = lzma.decompress((stored.folder / "database.xz").read_bytes())
    if stored.engine == "sqlite":
        (data / "linli.sqlite3").write_bytes(database)
        return Installation(data, "")
    address = new_postgresql(stored.version)
    command = [postgres.binaries() / "psql", address, "-q"]
    subprocess.run(
        [*command, "-v", "ON_ERROR_STOP=1"], input=database, check=True, stdout=subprocess.DEVNULL
    )
    return Installation(data, address)


def an_empty_one(stored: StoredInstallation, engine: str, folder: Path) -> Installation:
    """Make an installation of this version with the keys of a stored one and nothing in it."""
    data = _data_folder(stored, folder)
    if engine == "postgresql":
        return Installation(data, new_postgresql("empty", "-T", postgres.TEMPLATE))
    if prepared.copy().is_file():
        shutil.copyfile(prepared.copy(), data / "linli.sqlite3")
    return Installation(data, "")


def _data_folder(stored: StoredInstallation, folder: Path) -> Path:
    data = folder / "data"
    data.mkdir(mode=0o700)
    for name in ("keys.json", "deleted-keys.jsonl"):
        shutil.copyfile(stored.folder / name, data / name)
    (data / "keys.json").chmod(0o600)
    return data


def new_postgresql(what: str, *words: str) -> str:
    """Make a database on the server of this run; return its address."""
    host = postgres.url().rpartition("host=")[2]
    name = f"stored_{what.replace('.', '_')}_{os.getpid()}"
    command = [postgres.binaries() / "createdb", "-h", host, "-U", "postgres"]
    subprocess.run([*command, *words, name], check=True)
    return f"postgresql://postgres@/{name}?host={host}"
