"""From SQLite to PostgreSQL and back: every table is the same, row for row, and works there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests import postgres, prepared
from tests.upgrades.stored_versions import Installation, new_postgresql

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not postgres.wanted(), reason="it needs both databases"),
]
LINLI = ("-m", "linli.faces.cli.main")
# The server of a test run does not wait for the disk, and that is what this finding says.
OF_THE_TEST_SERVER = "落盘"


def an_empty_one(engine: str, keys: Path, folder: Path) -> Installation:
    """Make an installation with these keys and nothing in it."""
    folder.mkdir()
    shutil.copyfile(keys, folder / "keys.json")
    (folder / "keys.json").chmod(0o600)
    if engine == "sqlite":
        if prepared.copy().is_file():
            shutil.copyfile(prepared.copy(), folder / "linli.sqlite3")
        return Installation(folder, "")
    return Installation(folder, new_postgresql(folder.parent.name, "-T", postgres.TEMPLATE))


def hashes(file: Path, one: Installation) -> dict[str, tuple[int, str]]:
    """Back an installation up; return rows and hash of every table."""
    told = json.loads(one.run(*LINLI, "backup", str(file), "--json").splitlines()[-1])
    return {name: (table["rows"], table["sha256"]) for name, table in told["tables"].items()}


def bad(one: Installation) -> list[str]:
    """What `linli check` finds wrong, and the journal's chain."""
    code = (
        "from linli.faces.cli.main import main; main(['check', '--json']); "
        "main(['journal', 'verify', '--json'])"
    )
    checked, journal = map(json.loads, one.run("-c", code).splitlines()[-2:])
    wrong = [f"{f['what']}: {f['sentence']}" for f in checked["findings"] if f["state"] == "bad"]
    return [
        *(words for words in wrong if not words.startswith(OF_THE_TEST_SERVER)),
        *(journal["broken"]),
    ]


def there_and_back(here: Installation, folder: Path) -> None:
    """Take an installation of SQLite to PostgreSQL, and on to a second one of SQLite."""
    keys, before = here.data / "keys.json", hashes(folder / "a.zip", here)
    for engine, archive, name in (("postgresql", "a", "b"), ("sqlite", "b", "c")):
        there = an_empty_one(engine, keys, folder / engine)
        there.run(*LINLI, "migrate", "--json")
        there.run(*LINLI, "restore", str(folder / f"{archive}.zip"))
        after = hashes(folder / f"{name}.zip", there)
        assert {n: (one, after.get(n)) for n, one in before.items() if after.get(n) != one} == {}
        assert after.keys() == before.keys()
        assert bad(there) == []


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_the_whole_demonstration_goes_there_and_back(tmp_path: Path) -> None:
    """All 47,164 people of it."""
    here = Installation(tmp_path / "demo", "")
    code = (
        "import os, sys; os.environ['LINLI_DEMO'] = '1'; "
        "from linli.faces.cli.main import main; sys.exit(main(['demo', '--no-serve']))"
    )
    here.run("-c", code)
    there_and_back(here, tmp_path)
