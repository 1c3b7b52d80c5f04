"""Store a small installation of this version, for the tests of upgrades: once at each release.

    .venv/bin/python tools/store_installation.py 0.2

It lies in ``tests/upgrades/stored/<version>/``, for each database: SQLite's file or PostgreSQL's
dump, the archive of ``linli backup``, keys that are for these tests alone, the list of deleted
keys, and how many rows each table has.
"""

from __future__ import annotations

import base64
import json
import lzma
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import postgres  # noqa: E402

STORED = ROOT / "tests" / "upgrades" / "stored"
KEYS = {
    "SECRET_KEY": "for-the-tests-of-upgrades-alone-and-nothing-else",
    "FIELD_KEYS": base64.urlsafe_b64encode(b"for-tests-of-upgrades-alone-----").decode(),
    "INDEX_KEY": "for-the-tests-of-upgrades-alone",
}
BUILD = "import linli.wsgi; from tests.upgrades.builders import build; build()"


def main(version: str) -> None:
    """Build it on both databases and store what an operator would have of it."""
    out = STORED / version
    if out.exists():
        sys.exit(f"{out} is there: what a release stored is never made again")
    with tempfile.TemporaryDirectory() as folder:
        for engine, address in (("sqlite", ""), ("postgresql", _an_empty_database())):
            data = Path(folder) / engine
            data.mkdir(mode=0o700)
            (data / "keys.json").write_text(json.dumps(KEYS, indent=1) + "\n")
            (data / "keys.json").chmod(0o600)
            linli(data, "migrate", database=address)
            python(data, "-c", BUILD, database=address)
            linli(data, "backup", str(data / "backup.zip"), database=address)
            keep(data, dump_of(address) if address else file_of(data), out / engine)
    for file in sorted(out.rglob("*.*")):
        print(f"{file.stat().st_size:>9,}  {file.relative_to(ROOT)}")


def keep(data: Path, database: bytes, out: Path) -> None:
    """Write what is kept of an installation."""
    out.mkdir(parents=True)
    (out / "database.xz").write_bytes(lzma.compress(database, preset=9 | lzma.PRESET_EXTREME))
    for name in ("backup.zip", "keys.json", "deleted-keys.jsonl"):
        shutil.copyfile(data / name, out / name)
    with zipfile.ZipFile(data / "backup.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    tables = {t["name"]: {"rows": t["rows"], "sha256": t["sha256"]} for t in manifest["tables"]}
    expected = {"migrations": manifest["migrations"], "tables": tables}
    (out / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


def file_of(data: Path) -> bytes:
    """Return SQLite's file with everything in it, and nothing that was deleted before."""
    file = data / "linli.sqlite3"
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA journal_mode=DELETE")
    database.execute("VACUUM")
    database.close()
    return file.read_bytes()


def _an_empty_database() -> str:
    subprocess.run([postgres.binaries() / "createdb", *_server(), "stored"], check=True)
    return f"postgresql://postgres@/stored?host={_server()[1]}"


def _server() -> list[str | Path]:
    return ["-h", postgres.url().rpartition("host=")[2], "-U", "postgres"]


def dump_of(_address: str) -> bytes:
    """Return a dump as PostgreSQL's own tool makes it: triggers and policies are in it."""
    command = [postgres.binaries() / "pg_dump", *_server(), "stored"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def linli(data: Path, *words: str, database: str = "") -> None:
    """Run a command of the installation."""
    python(data, "-m", "linli.faces.cli.main", *words, "--json", database=database)


def python(data: Path, *words: str, database: str = "") -> None:
    """Run this Python with the settings of the installation alone."""
    given = {name: text for name, text in os.environ.items() if not name.startswith("LINLI_")}
    given |= {"PYTHONPATH": str(ROOT), "LINLI_DATA": str(data), "DATABASE_URL": database}
    subprocess.run([sys.executable, *words], env=given, cwd=ROOT, check=True, stdout=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
