"""The words of an entry go, who wrote it and when stays, and the chain is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from linli.core.database import backup, raw_sql
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.faces.cli.main import main
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.attachments.models import Attachment
from linli.workbench.journal import actions, hash_chain
from linli.workbench.journal.models import JournalEntry
from linli.workbench.journal.photos import checked
from linli.workbench.journal.queries import entries_about
from linli.workbench.journal.rules import as_ranges, numbers_in
from linli.workbench.journal.tests.test_journal import a_photo, at_the_door
from linli.workbench.retention import jobs
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, by_the_system, working_as
from tests.retention.builders import everything_kept
from tests.tampering import go_round_the_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
TABLE = "journal_journalentry"
WORD = "霁月canary"


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def worker(town: Subdistrict) -> User:
    return a_user("linfang", "grid_worker", town.grids[0])


@pytest.fixture
def secretary(town: Subdistrict) -> User:
    return a_user("yinhong", "secretary", town.community)


def noted(town: Subdistrict, worker: User) -> Person:
    """Write a note, its correction, a day to come back and a photo about somebody."""
    person = a_person(town.home("1", "101"), "虞阿香", aged=92)
    with at_the_door(town, worker):
        person = Person.objects.select_related("home", "household").get(pk=person.pk)
        actions.write_note(about=person, text=WORD, by=worker, follow_up_on=today())
        entry = JournalEntry.objects.get(kind="journal.noted")
        actions.correct_note(entry=entry, about=person, text=f"改：{WORD}", by=worker)
        actions.keep_photo(about=person, picture=checked(a_photo(size=(40, 30))), by=worker)
    return person


def the_entry(kind: str) -> JournalEntry:
    with system_scope("test"):
        entry: JournalEntry = JournalEntry.objects.get(kind=kind)
        return entry


def direct(sql: str, params: list[Any] | None = None) -> None:
    """Somebody at the database itself."""
    with by_the_system():
        raw_sql.run(sql, params or [], reason="test: tampering")


def test_a_note_goes_with_its_correction_and_its_task_and_the_chain_is_whole(
    town: Subdistrict, worker: User, secretary: User, capsys: pytest.CaptureFixture[str]
) -> None:
    person = noted(town, worker)
    assert everything_kept().count(WORD) >= 4, "the negative control: note, correction, task twice"
    page = Client()
    page.force_login(secretary)
    corrected = the_entry("journal.corrected")
    address = f"/journal/note/people.person/{person.pk}/{corrected.pk}/"
    assert f"{address}redact/" in page.get(address).content.decode()
    assert page.post(f"{address}redact/", {"reason": ""}).status_code == 422, (
        "a reason is asked for"
    )
    assert page.post(f"{address}redact/", {"reason": "asked"}).status_code == 302
    assert WORD not in everything_kept()
    with system_scope("test"):
        assert [one.is_redacted for one in entries_about(person)].count(True) == 3
        assert Task.objects.get(kind="journal.follow_up").title == "（内容已删除）"
        act = JournalEntry.objects.get(kind="journal.redacted")
        assert list(numbers_in(act.data["redacted"])) == sorted(
            JournalEntry.objects.filter(redacted_by=act.seq).values_list("seq", flat=True)
        )
        assert Attachment.objects.count() == 1, "the photo is another matter"
    assert "（内容已删除）" in page.get(f"/people/{person.pk}/").content.decode()
    assert main(["journal", "verify"]) == 0
    assert f"其中3条的内容已清空：第 {act.seq} 条，清空日志内容" in capsys.readouterr().out


def as_secretary(town: Subdistrict, secretary: User) -> Any:
    return working_as("secretary", town.community.path, user=secretary)


def test_a_photo_goes_by_itself(town: Subdistrict, worker: User, secretary: User) -> None:
    noted(town, worker)
    with as_secretary(town, secretary):
        actions.redact_entry(entry=the_entry("journal.photo_kept"), reason="wrong", by=secretary)
        assert not Attachment.objects.exists()
        assert JournalEntry.objects.filter(redacted_by__isnull=False).count() == 1
    assert list(hash_chain.verify()) == []


def test_who_may_and_what_may_not(town: Subdistrict, worker: User, secretary: User) -> None:
    person = noted(town, worker)
    entry = the_entry("journal.noted")
    with at_the_door(town, worker), pytest.raises(Refused, match="岗位"):
        actions.redact_entry(entry=entry, reason="asked", by=worker)
    client = Client()
    client.force_login(worker)
    address = f"/journal/note/people.person/{person.pk}/{entry.pk}/redact/"
    assert client.get(address).status_code == 404
    with as_secretary(town, secretary):
        system = JournalEntry.objects.exclude(kind__startswith="journal.").first()
        with pytest.raises(Refused, match="系统写的"):
            actions.redact_entry(entry=system, reason="asked", by=secretary)
        with pytest.raises(Refused, match="为什么"):
            actions.redact_entry(entry=entry, reason="因为", by=secretary)
        actions.redact_entry(entry=entry, reason="asked", by=secretary)
        entry.refresh_from_db()
        with pytest.raises(Refused, match="已经清空"):
            actions.redact_entry(entry=entry, reason="asked", by=secretary)


@pytest.mark.parametrize(
    "change",
    [
        "text = ''",
        "salt = ''",
        "redacted_by = 99",  # says so, and is not empty
        "text = '', purpose = '', salt = '', data = '{}'",  # empty, and does not say so
        "text = '', purpose = '', salt = '', data = '{}', redacted_by = 1",  # by an earlier one
    ],
)
def test_the_database_itself_refuses_half_of_it(
    town: Subdistrict, worker: User, change: str
) -> None:
    noted(town, worker)
    seq = the_entry("journal.noted").seq
    with pytest.raises(IntegrityError), transaction.atomic():
        direct(f"UPDATE {TABLE} SET {change} WHERE seq = %s", [seq])
    whole = "text = '', purpose = '', salt = '', data = '{}', redacted_by = 99"
    with transaction.atomic():
        direct(f"UPDATE {TABLE} SET {whole} WHERE seq = %s", [seq])  # the negative control
    for again in ("text = '又有了'", "redacted_by = NULL", "redacted_by = 98"):
        with pytest.raises(IntegrityError), transaction.atomic():
            direct(f"UPDATE {TABLE} SET {again} WHERE seq = %s", [seq])
    assert [one.why for one in hash_chain.verify()] == ["redacted by nobody"], "no act names it"


def test_who_goes_round_the_database_is_found(
    town: Subdistrict, worker: User, secretary: User
) -> None:
    noted(town, worker)
    entry, photo = the_entry("journal.noted"), the_entry("journal.photo_kept")
    with as_secretary(town, secretary):
        actions.redact_entry(entry=entry, reason="asked", by=secretary)
    assert list(hash_chain.verify()) == []
    act = the_entry("journal.redacted").seq
    go_round_the_triggers()
    whole = "text = '', purpose = '', salt = '', data = '{}'"
    for change, seq in (
        (f"{whole}, redacted_by = {act}", photo.seq),  # the act names others
        ("redacted_by = NULL", entry.seq),
        (f"record = '{entry.record}0'", entry.seq),  # told of somebody else
        ("content_hash = ''", entry.seq),
        (f"data = '{{\"redacted\": [[1, {photo.seq}]]}}'", act),  # a sealed act
    ):
        point = transaction.savepoint()
        direct(f"UPDATE {TABLE} SET {change} WHERE seq = %s", [seq])
        assert list(hash_chain.verify()), change
        transaction.savepoint_rollback(point)
    assert list(hash_chain.verify()) == []


def test_without_the_salt_words_cannot_be_tried(town: Subdistrict, worker: User) -> None:
    """Two entries that say the same have nothing in common; with the salt they would."""
    with at_the_door(town, worker):
        for home in ("101", "102"):
            person = a_person(town.home("1", home), aged=90)
            actions.write_note(about=person, text="卧床", by=worker)
    with system_scope("test"):
        one, other = JournalEntry.objects.filter(kind="journal.noted")
        assert one.content_hash != other.content_hash
        other.salt, other.data = one.salt, one.data
        assert hash_chain.content_hash_of(other) == one.content_hash, "the negative control"


@pytest.mark.django_db(transaction=True)
def test_a_restored_backup_is_redacted_again(
    town: Subdistrict, worker: User, secretary: User, tmp_path: Path, monkeypatch: Any
) -> None:
    noted(town, worker)
    backup.back_up(tmp_path / "a.zip")
    with as_secretary(town, secretary):
        actions.redact_entry(entry=the_entry("journal.noted"), reason="asked", by=secretary)
    with monkeypatch.context() as without:
        without.setattr(backup, "_outlives", {})
        jobs.before_restore()
        backup.restore(tmp_path / "a.zip", force=True)
        assert f"改：{WORD}" in everything_kept(), "the negative control"
    backup.restore(tmp_path / "a.zip", force=True)
    assert f"改：{WORD}" not in everything_kept()
    assert list(hash_chain.verify()) == []
    assert the_entry("journal.redacted_again").by is None


def test_what_is_empty_already_is_passed_over(
    town: Subdistrict, worker: User, secretary: User
) -> None:
    noted(town, worker)
    seq = the_entry("journal.noted").seq
    with system_scope("test"):
        assert actions.redact_again(numbers=[seq], by=None) == 1
        act = the_entry("journal.redacted_again").seq
        assert actions.redact_again(numbers=[seq, act], by=None) == 0, "nor is an act emptied"
    assert list(hash_chain.verify()) == []


def test_ranges_name_every_number_once() -> None:
    assert as_ranges([5, 1, 2, 3, 9, 2]) == [[1, 3], [5, 5], [9, 9]]
    assert list(numbers_in([[1, 3], [5, 5]])) == [1, 2, 3, 5]
    assert as_ranges([]) == []
