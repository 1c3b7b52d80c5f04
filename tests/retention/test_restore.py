"""A backup of an earlier day is restored: whoever was deleted since then does not come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linli.core.database import backup
from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.workbench.journal import hash_chain
from linli.workbench.retention import deleted_list, jobs, queries
from linli.workbench.retention.models import DeletedKey
from tests.people import a_person, a_subdistrict, by_the_system
from tests.retention.builders import a_leaver, all_over, everything_kept, run, shown

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
WORD = "霁月canary"


def _deleted_after_a_backup(file: Path) -> tuple[int, int]:
    """Return the keys of somebody deleted since the backup and of somebody who stays."""
    town = a_subdistrict(floors=1)
    stays = a_person(town.home("1", "102"), "邻居")
    person = a_leaver(town.home("1", "101"), WORD)
    all_over(town, person, WORD)
    shown()
    backup.back_up(file)
    assert run().deleted == 1
    assert WORD not in everything_kept()
    return person.pk, stays.pk


def _is_there(person: int) -> bool:
    with system_scope("test"):
        return Person.objects.filter(pk=person).exists()


def test_who_was_deleted_does_not_come_back(tmp_path: Path) -> None:
    gone, stays = _deleted_after_a_backup(tmp_path / "a.zip")
    said: list[str] = []
    backup.restore(tmp_path / "a.zip", force=True, tell=said.append)
    assert not _is_there(gone)
    assert _is_there(stays)
    assert WORD not in everything_kept()
    assert "1人" in said[0]
    with system_scope("test"):
        assert queries.proof_of(gone) is not None
        assert DeletedKey.objects.count() == 1
        assert list(hash_chain.verify()) == []
    backup.restore(tmp_path / "a.zip", force=True)
    assert not _is_there(gone), "as often as it is restored"


def test_without_the_replay_they_come_back_and_the_next_day_deletes_them(
    tmp_path: Path, monkeypatch: Any
) -> None:
    """The negative control; and a restore that was cut off before the replay."""
    gone, _stays = _deleted_after_a_backup(tmp_path / "a.zip")
    with monkeypatch.context() as without:
        without.setattr(backup, "_outlives", {})
        backup.restore(tmp_path / "a.zip", force=True)
    assert _is_there(gone)
    assert WORD in everything_kept()
    jobs.every_day()
    assert not _is_there(gone)
    assert WORD not in everything_kept()


def test_a_key_that_was_given_anew_is_somebody_else(tmp_path: Path) -> None:
    gone, _stays = _deleted_after_a_backup(tmp_path / "a.zip")
    with by_the_system():
        home = Person.objects.get(pk=_stays).home
        Person.objects.create(pk=gone, name="新来的", home=home, scope_path=home.path)
    jobs.every_day()
    assert _is_there(gone)


def test_the_list_goes_along_to_another_machine(tmp_path: Path, own_list: Path) -> None:
    from linli.faces.cli.main import main

    gone, _stays = _deleted_after_a_backup(tmp_path / "a.zip")
    taken = tmp_path / "taken.jsonl"
    own_list.rename(taken)
    assert taken.stat().st_mode & 0o077 == 0
    with by_the_system():
        DeletedKey.objects.all().delete()  # as if nobody had deleted anything here
    asked = ["restore", str(tmp_path / "a.zip"), "--force"]
    assert main(asked) == 0
    assert _is_there(gone)
    (tmp_path / "broken.jsonl").write_text("no list", encoding="utf-8")
    assert main([*asked, "--deleted", str(tmp_path / "broken.jsonl")]) == 2
    assert main([*asked, "--deleted", str(taken)]) == 0
    assert not _is_there(gone)
    assert [line.hash for line in deleted_list.deleted_keys()] == [
        deleted_list.hash_of(gone, line.salt) for line in deleted_list.deleted_keys()
    ]


def test_an_archive_older_than_retention_comes_back_whole(tmp_path: Path) -> None:
    """Tables that the archive does not know were empty on its day."""
    import json
    import zipfile

    gone, stays = _deleted_after_a_backup(tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts["manifest.json"])
    manifest["tables"] = [
        one for one in manifest["tables"] if not one["name"].startswith("retention_")
    ]
    parts["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    backup.restore(tmp_path / "old.zip", force=True)
    assert not _is_there(gone)
    assert _is_there(stays)
