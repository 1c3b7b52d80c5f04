"""Every installation that a release stored is upgraded by this version, and nothing is lost."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests import postgres
from tests.upgrades import allowed
from tests.upgrades.comparison import StoredTable, losses, tables_in
from tests.upgrades.stored_versions import StoredInstallation, an_empty_one, unpacked, versions
from tests.upgrades.upgrading import KNOWN_PHONE

pytestmark = pytest.mark.postgres
UPGRADING = ("-m", "tests.upgrades.upgrading")
ENGINE, OTHER = ("postgresql", "sqlite") if postgres.wanted() else ("sqlite", "postgresql")
# The server of a test run does not wait for the disk, and that is what this finding says.
OF_THE_TEST_SERVER = "落盘" if postgres.wanted() else "nothing"


@pytest.mark.parametrize("version", versions())
def test_an_upgrade_keeps_what_is_there(version: str, tmp_path: Path) -> None:
    stored = StoredInstallation(version, ENGINE)
    upgraded, restored = tmp_path / "upgraded.zip", tmp_path / "restored.zip"
    words = (str(stored.backup), str(restored), str(upgraded))
    said = json.loads(unpacked(stored, tmp_path).run(*UPGRADING, *words).splitlines()[-1])
    _lost_nothing(stored.backup, upgraded, said["upgraded"])
    _lost_nothing(stored.backup, restored, said["restored"])


@pytest.mark.nightly
@pytest.mark.parametrize("version", versions())
def test_a_backup_of_the_other_database_opens_here(version: str, tmp_path: Path) -> None:
    stored, restored = StoredInstallation(version, OTHER), tmp_path / "restored.zip"
    words = (str(stored.backup), str(restored))
    here = an_empty_one(stored, ENGINE, tmp_path)
    said = json.loads(here.run(*UPGRADING, *words).splitlines()[-1])
    _lost_nothing(stored.backup, restored, said["restored"])


def _lost_nothing(old: Path, new: Path, said: dict[str, Any]) -> None:
    before, after = tables_in(old), tables_in(new)
    _is_sound(said)
    assert losses(before, after) == []
    _photos_open(before, after)


def _is_sound(said: dict[str, Any]) -> None:
    assert [bad for bad in said["bad"] if not bad.startswith(OF_THE_TEST_SERVER)] == []
    assert (said["journal"]["code"], said["journal"]["broken"]) == (0, [])
    assert said["phone"] == KNOWN_PHONE, "what is sealed opens with the keys of that day"


def _photos_open(before: dict[str, StoredTable], after: dict[str, StoredTable]) -> None:
    """Each photo that was kept is there, byte for byte as its hash says."""
    then, now = before["journal_photo"], after[allowed.MOVED.get("journal_photo", "journal_photo")]
    column = allowed.RENAMED.get("journal_photo.picture", "picture")
    assert len(then.rows) > 3
    for key, row in then.rows.items():
        picture = now.rows[key][column]
        if picture != row["picture"]:
            picture = allowed.opened(picture)
        data = base64.b64decode(picture["base64"])
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
