"""民情日志: written in ten seconds, never changed, found on every page it concerns."""

from __future__ import annotations

import io
import random
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.core.actions import writes_allowed
from linli.core.errors import Refused
from linli.core.personal_data.crypto import keyring
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import record_contact
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.attachments.models import Attachment
from linli.workbench.journal import actions
from linli.workbench.journal.hash_chain import length_and_head, verify
from linli.workbench.journal.models import JournalEntry, Mention
from linli.workbench.journal.photos import checked
from linli.workbench.journal.queries import entries_about, photos_of
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as
from tests.tampering import go_round_the_triggers

pytestmark = [pytest.mark.django_db]
KINDS_OF_TAMPERING = ("text", "data", "by", "delete", "swap", "insert", "cut", "photo")


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def worker(town: Subdistrict) -> User:
    return a_user("linfang", "grid_worker", town.grids[0])


def at_the_door(town: Subdistrict, worker: User):  # type: ignore[no-untyped-def]
    return working_as("grid_worker", town.grids[0].path, user=worker)


def axiang(town: Subdistrict) -> Person:
    return a_person(town.home("1", "101"), "虞阿香", aged=92)


def a_photo(*, size: tuple[int, int] = (4000, 3000), position: bool = False) -> SimpleUploadedFile:
    image, out = Image.new("RGB", size, "green"), io.BytesIO()
    exif = Image.Exif()
    if position:
        gps = exif.get_ifd(0x8825)
        gps |= {1: "N", 2: (29.0, 50.0, 0.0), 3: "E", 4: (121.0, 36.0, 0.0)}
        exif[0x8825] = gps
    image.save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("door.jpg", out.getvalue(), "image/jpeg")


def test_a_note_stands_on_the_person_the_household_and_the_door(
    town: Subdistrict, worker: User
) -> None:
    person = axiang(town)
    with at_the_door(town, worker):
        person = Person.objects.select_related("home", "household").get(pk=person.pk)
        actions.write_note(about=person, text="腿脚还好，药快吃完了", by=worker, contact="visit")
        for record in (person, person.household, person.home):
            assert any("药快吃完了" in shown_entry.text for shown_entry in entries_about(record))
        assert person.last_contact_on == today()
    assert list(verify()) == []


def test_a_day_to_come_back_makes_a_task(town: Subdistrict, worker: User) -> None:
    person = axiang(town)
    with at_the_door(town, worker):
        person = Person.objects.select_related("home").get(pk=person.pk)
        day = today() + timedelta(days=7)
        actions.write_note(about=person, text="下周来量血压", by=worker, follow_up_on=day)
        task = Task.objects.get(kind="journal.follow_up")
        assert (task.due_on, task.person, task.seat_role) == (day, person, "grid_worker")
        with pytest.raises(Refused):
            actions.write_note(
                about=person, text="昨天", by=worker, follow_up_on=today() - timedelta(days=1)
            )


def test_a_correction_is_a_new_entry_and_the_old_one_stays(town: Subdistrict, worker: User) -> None:
    person = axiang(town)
    with at_the_door(town, worker):
        person = Person.objects.get(pk=person.pk)
        actions.write_note(about=person, text="儿子住3幢", by=worker)
        entry = JournalEntry.objects.get(kind="journal.noted")
        actions.correct_note(entry=entry, about=person, text="儿子住2幢", by=worker)
        old = next(
            shown_entry for shown_entry in entries_about(person) if shown_entry.text == "儿子住3幢"
        )
        assert old.corrected_at is not None
        with pytest.raises(Refused, match="更正过"):
            actions.correct_note(entry=entry, about=person, text="又改", by=worker)
        received = JournalEntry.objects.filter(kind="person.registered").first()
        assert received is None or received.kind != "journal.noted"
    assert list(verify()) == []


def test_an_older_contact_never_hides_a_newer_one(town: Subdistrict, worker: User) -> None:
    person = axiang(town)
    with at_the_door(town, worker):
        person = Person.objects.get(pk=person.pk)
        record_contact(person=person, channel="phone", on=today(), by=worker)
        earlier = today() - timedelta(days=30)
        record_contact(person=person, channel="visit", on=earlier, by=worker)
        assert person.last_contact_on == today()


def test_a_photo_is_made_smaller_and_forgets_where_it_was_taken(
    town: Subdistrict, worker: User
) -> None:
    person = axiang(town)
    with at_the_door(town, worker):
        person = Person.objects.get(pk=person.pk)
        kept = actions.keep_photo(about=person, picture=checked(a_photo(position=True)), by=worker)
        assert (kept.width, kept.height, kept.latitude) == (1600, 1200, None)
        with Image.open(io.BytesIO(kept.opened())) as image:
            assert not image.getexif()
        wanted = actions.keep_photo(
            about=person, picture=checked(a_photo(position=True)), by=worker, keep_position=True
        )
        assert wanted.latitude == pytest.approx(29.8333, abs=1e-3)
        assert photos_of(person) == [kept.pk, wanted.pk]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not a picture at all", "photo.not_one"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "photo.not_one"),
        (b"", "photo.not_one"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20, "photo.heic"),
        (b"\xff\xd8" + b"\x00" * (30 * 1024 * 1024), "photo.too_big"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(
    town: Subdistrict, worker: User, data: bytes, code: str
) -> None:
    person = axiang(town)
    with at_the_door(town, worker), pytest.raises(Refused) as refused:
        actions.keep_photo(
            about=Person.objects.get(pk=person.pk),
            by=worker,
            picture=checked(SimpleUploadedFile("a.jpg", data)),
        )
    assert refused.value.code == code
    with system_scope("look"):
        assert Attachment.objects.count() == 0


def test_a_bomb_of_pixels_is_refused(town: Subdistrict, worker: User) -> None:
    person = axiang(town)
    image, out = Image.new("1", (12_000, 12_000)), io.BytesIO()
    image.save(out, "PNG")
    with at_the_door(town, worker), pytest.raises(Refused, match="百万像素"):
        actions.keep_photo(
            about=Person.objects.get(pk=person.pk),
            by=worker,
            picture=checked(SimpleUploadedFile("a.png", out.getvalue())),
        )


def test_from_the_page_of_a_person_to_a_note_with_a_photo(town: Subdistrict, worker: User) -> None:
    person, client = axiang(town), Client()
    client.force_login(worker)
    page = client.get(f"/people/{person.pk}/").content.decode()
    href = f"/journal/note/people.person/{person.pk}/"
    assert href in page
    given = {"text": "灯泡坏了，已报修", "contact": "visit", "photos": [a_photo()]}
    assert client.post(href, given).status_code == 302
    page = client.get(f"/people/{person.pk}/").content.decode()
    assert "灯泡坏了" in page
    assert "更正" in page
    with system_scope("look"):
        photo = Attachment.objects.get()
        entry = JournalEntry.objects.get(kind="journal.noted")
    assert client.get(f"/journal/photo/{photo.pk}/")["Content-Type"] == "image/jpeg"
    assert client.get(f"{href}{entry.pk}/").status_code == 200
    assert client.post(f"{href}{entry.pk}/", {"text": "灯泡坏了，已换"}).status_code == 302
    assert "已更正于" in client.get(f"/people/{person.pk}/").content.decode()
    assert "灯泡" in client.get("/journal/").content.decode()
    assert client.get(f"/journal/about/people.person/{person.pk}/").status_code == 200


def test_a_refused_photo_leaves_no_half_note(town: Subdistrict, worker: User) -> None:
    person, client = axiang(town), Client()
    client.force_login(worker)
    given = {"text": "看过了", "photos": [SimpleUploadedFile("a.jpg", b"no picture")]}
    answer = client.post(f"/journal/note/people.person/{person.pk}/", given)
    assert answer.status_code == 422
    assert "看过了" in answer.content.decode()
    with system_scope("look"):
        assert not JournalEntry.objects.filter(kind="journal.noted").exists()


def test_the_photo_of_another_grid_is_not_there(town: Subdistrict, worker: User) -> None:
    person = axiang(town)
    with at_the_door(town, worker):
        kept = actions.keep_photo(
            about=Person.objects.get(pk=person.pk),
            by=worker,
            picture=checked(a_photo(size=(40, 30))),
        )
    other = a_user("zhouqiang", "grid_worker", town.grids[1])
    client = Client()
    client.force_login(other)
    assert client.get(f"/journal/photo/{kept.pk}/").status_code == 404


def tamper(kind: str, dice: random.Random) -> None:
    """Change the chain behind its back, as somebody with the database could."""
    rows = list(JournalEntry.objects.order_by("seq"))
    # Every entry but the last: a cut tail is found by the head written down elsewhere.
    row: Any = dice.choice(rows[:-1])
    Mention.objects.all().delete()
    if kind == "text":
        row.text += "改"
    elif kind == "data":
        row.data = {**row.data, "x": 1}
    elif kind == "by":
        row.role = "auditor" if row.role != "auditor" else "system"
    if kind in ("text", "data", "by"):
        row.save()
    elif kind == "delete":
        row.delete()
    elif kind == "cut":
        rows[-1].delete()
    elif kind == "photo":
        Attachment.objects.update(content=keyring().encrypt(b"another picture"), sha256="0" * 64)
    elif kind == "insert":
        JournalEntry.objects.create(
            seq=rows[-1].seq + 1,
            kind="journal.noted",
            text="从没写过",
            at=row.at,
            before=rows[-1].seal,
            seal="0" * 64,
            scope_path=row.scope_path,
        )
    elif kind == "swap":
        other = rows[(rows.index(row) + 1) % len(rows)]
        texts = (other.text + "x", row.text + "y")
        JournalEntry.objects.filter(pk=row.pk).update(text=texts[0])
        JournalEntry.objects.filter(pk=other.pk).update(text=texts[1])


def all_found(town: Subdistrict, worker: User, times: int) -> None:
    from django.db import transaction

    person = axiang(town)
    with at_the_door(town, worker):
        her = Person.objects.get(pk=person.pk)
        for n in range(8):
            actions.write_note(about=her, text=f"第{n}次", by=worker)
        actions.keep_photo(about=her, picture=checked(a_photo(size=(40, 30))), by=worker)
    head = length_and_head()
    go_round_the_triggers()
    dice = random.Random(7)
    for n in range(times):
        with system_scope("tamper"), writes_allowed("tamper"), transaction.atomic():
            tamper(KINDS_OF_TAMPERING[n % len(KINDS_OF_TAMPERING)], dice)
            found = bool(list(verify())) or length_and_head() != head
            transaction.set_rollback(True)
        assert found, KINDS_OF_TAMPERING[n % len(KINDS_OF_TAMPERING)]
    assert list(verify()) == []


def test_tampering_is_found(town: Subdistrict, worker: User) -> None:
    all_found(town, worker, 40)


@pytest.mark.nightly
def test_a_thousand_tamperings_are_all_found(town: Subdistrict, worker: User) -> None:
    all_found(town, worker, 1000)


def test_without_the_seal_tampering_would_go_unseen(
    town: Subdistrict, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with a seal that seals nothing the same test must fail."""
    from linli.workbench.journal import hash_chain

    monkeypatch.setattr(hash_chain, "seal_of", lambda entry: "0" * 64)
    with pytest.raises(AssertionError):
        all_found(town, worker, 7)
