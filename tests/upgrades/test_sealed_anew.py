"""A chain that did not hold before an upgrade sealed it anew is not whole afterwards."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.upgrades.stored_versions import StoredInstallation, unpacked

VERIFY = (
    "from linli.faces.cli.main import main; main(['migrate', '--json']);"
    " main(['journal', 'verify', '--json'])"
)


@pytest.mark.nightly
def test_what_was_tampered_with_before_is_told_after(tmp_path: Path) -> None:
    there = unpacked(StoredInstallation("0.2", "sqlite"), tmp_path)
    database = sqlite3.connect(there.data / "linli.sqlite3")
    with database:
        database.execute('DROP TRIGGER "linli_kept_journal_journalentry_update"')
        database.execute("UPDATE journal_journalentry SET text = '改' WHERE seq = 5")
    database.close()
    said = json.loads(there.run("-c", VERIFY).splitlines()[-1])
    assert said["broken"] == [{"seq": 5, "why": "changed before it was sealed anew"}]
