"""What a release stores is whole: a row in every table, nothing of anybody, small."""

from __future__ import annotations

import json
import zipfile

import pytest

from tests.upgrades.allowed import STAY_EMPTY
from tests.upgrades.stored_versions import ENGINES, StoredInstallation, versions

LARGEST = 400_000
STORED = [StoredInstallation(version, engine) for version in versions() for engine in ENGINES]


def empty_tables(tables: dict[str, dict[str, object]]) -> set[str]:
    """Return the tables in which nothing was stored."""
    return {name for name, about in tables.items() if not about["rows"]}


@pytest.fixture(params=STORED, ids=lambda stored: f"{stored.version}-{stored.engine}")
def stored(request: pytest.FixtureRequest) -> StoredInstallation:
    """Each installation that was stored."""
    found: StoredInstallation = request.param
    return found


def test_every_table_that_people_write_has_a_row(stored: StoredInstallation) -> None:
    tables = stored.expected()["tables"]
    assert empty_tables(tables) - set(STAY_EMPTY) == set()
    assert tables["people_person"]["rows"] >= 20


def test_a_table_nobody_thought_of_is_found() -> None:
    assert empty_tables({"toys_toy": {"rows": 0}, "people_person": {"rows": 3}}) == {"toys_toy"}


def test_no_table_is_excepted_that_has_rows() -> None:
    newest = STORED[-1].expected()["tables"]
    assert set(STAY_EMPTY) <= empty_tables(newest)


def test_the_archive_is_the_one_that_was_made_then(stored: StoredInstallation) -> None:
    expected = stored.expected()
    with zipfile.ZipFile(stored.backup) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    tables = {t["name"]: {"rows": t["rows"], "sha256": t["sha256"]} for t in manifest["tables"]}
    assert (manifest["database"], tables) == (stored.engine, expected["tables"])
    assert manifest["migrations"] == expected["migrations"]


def test_it_is_small_and_its_keys_open_nothing_else(stored: StoredInstallation) -> None:
    assert max(file.stat().st_size for file in stored.folder.iterdir()) <= LARGEST
    keys = json.loads((stored.folder / "keys.json").read_text())
    assert "for-the-tests-of-upgrades-alone" in keys["INDEX_KEY"]
    assert "for-the-tests-of-upgrades-alone" in keys["SECRET_KEY"]


def test_who_was_deleted_for_good_is_in_no_archive(stored: StoredInstallation) -> None:
    with zipfile.ZipFile(stored.backup) as archive:
        said = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "旧人旧事" not in said
    assert "孙旧人" not in said
    assert "留着的事" in said, "the negative control: who is held is there"


def test_both_databases_hold_the_same() -> None:
    for version in versions():
        one, other = (StoredInstallation(version, e).expected()["tables"] for e in ENGINES)
        assert {n: t["rows"] for n, t in one.items()} == {n: t["rows"] for n, t in other.items()}
