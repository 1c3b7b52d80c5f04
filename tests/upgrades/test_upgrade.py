"""Every installation that a release stored is upgraded by this version, and nothing is lost."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from linli.core.personal_data.crypto import open_file
from tests import postgres
from tests.upgrades import allowed
from tests.upgrades.comparison import StoredTable, losses, tables_in
from tests.upgrades.stored_versions import StoredInstallation, unpacked, versions
from tests.upgrades.upgrading import KNOWN_PHONE

pytestmark = pytest.mark.postgres
ENGINE = "postgresql" if postgres.wanted() else "sqlite"
# The server of a test run does not wait for the disk, and that is what this finding says.
OF_THE_TEST_SERVER = "落盘" if postgres.wanted() else "nothing"


@pytest.mark.parametrize("version", versions())
def test_an_upgrade_keeps_what_is_there(version: str, tmp_path: Path) -> None:
    stored = StoredInstallation(version, ENGINE)
    data = tmp_path / "data"
    data.mkdir()
    old = stored.folder / "backup.zip"
    upgraded, restored = tmp_path / "upgraded.zip", tmp_path / "restored.zip"
    words = ("-m", "tests.upgrades.upgrading", str(old), str(upgraded), str(restored))
    said = json.loads(unpacked(stored, data).run(*words).splitlines()[-1])
    before = tables_in(old)
    for name, archive in (("upgraded", upgraded), ("restored", restored)):
        _is_sound(said[name])
        after = tables_in(archive)
        _put_back_what_was_emptied(before, after)
        assert losses(before, after) == [], name
        _photos_open(before, after, stored)


def _put_back_what_was_emptied(
    before: dict[str, StoredTable], after: dict[str, StoredTable]
) -> None:
    """Overlook words about people who were deleted, which retention empties after a restore."""
    people = after["people_person"].rows
    for key, row in after["journal_journalentry"].rows.items():
        if row["emptied_by"] is not None:
            assert row["subject_kind"] == "people.person"
            assert row["subject_id"] not in people
            for column in ("text", "data", "purpose"):
                assert not row[column]
                row[column] = before["journal_journalentry"].rows[key][column]


def _is_sound(said: dict[str, Any]) -> None:
    assert [bad for bad in said["bad"] if not bad.startswith(OF_THE_TEST_SERVER)] == []
    assert (said["journal"]["code"], said["journal"]["broken"]) == (0, [])
    assert said["phone"] == KNOWN_PHONE, "what is sealed opens with the keys of that day"


def _photos_open(
    before: dict[str, StoredTable], after: dict[str, StoredTable], stored: StoredInstallation
) -> None:
    """Each photo that was kept is there, byte for byte as its hash says."""
    then, now = before["journal_photo"], after[allowed.MOVED.get("journal_photo", "journal_photo")]
    assert len(then.rows) > 3
    keys = json.loads((stored.folder / "keys.json").read_text())["FIELD_KEYS"].split(",")
    for key, row in then.rows.items():
        sealed = base64.b64decode(now.rows[key]["content"]["base64"])
        with override_settings(LINLI_FIELD_KEYS=keys):
            assert hashlib.sha256(open_file(sealed)).hexdigest() == row["sha256"]
