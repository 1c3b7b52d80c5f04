"""Writing into the journal by hand: a note, its correction, a photo."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.personal_data.masking import mask_text
from linli.core.scope import current_scope, use_scope
from linli.core.time import today
from linli.register.people.actions import record_contact
from linli.register.people.models import Person
from linli.register.people.terms import ContactChannel
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_READ_LOGS
from linli.workbench.attachments.models import Attachment
from linli.workbench.journal import photos, rules
from linli.workbench.journal.follow_ups import FollowUp, forget_follow_up, open_follow_up
from linli.workbench.journal.models import JournalEntry, Mention
from linli.workbench.journal.photos import Picture
from linli.workbench.journal.queries import (
    BY_HAND,
    CORRECTED,
    NOTED,
    PHOTO_KEPT,
    also_about,
    log_about,
    photos_of,
)
from linli.workbench.journal.redaction import redact_entries
from linli.workbench.journal.rules import REDACTED, REDACTED_AGAIN
from linli.workbench.journal.terms import RedactionReason

may_write_notes = role_in(rules.WRITES_NOTES)
TITLE_LENGTH = 40
# PostgreSQL refuses a NUL in a text, and no screen shows the others.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def place_of(record: Any) -> Place | None:
    """Return where a record is: its home, dwelling or place, or the place itself."""
    if isinstance(record, Place):
        return record
    for name in ("home", "dwelling", "place"):
        place = getattr(record, name, None)
        if isinstance(place, Place):
            return place
    return None


def _words(text: str) -> str:
    # Browsers send a line's end as two characters; it counts as one.
    clean = _UNREADABLE.sub("", text.replace("\r\n", "\n")).strip()
    if not clean:
        raise Refused("note.empty", _("请写点什么"), "text")
    if len(clean) > rules.LONGEST_NOTE:
        figures = {"most": rules.LONGEST_NOTE, "now": len(clean)}
        raise Refused(
            "note.long",
            _("太长了：最多%(most)s字，现在%(now)s字") % figures,
            "text",
            _("请分成两条写"),
        )
    return clean


def is_confidential(record: models.Model) -> bool:
    """Is this a record that only few may see?"""
    return bool(getattr(record, "confidential", False))


@action(
    "journal.look_up_log",
    term=gettext_noop("查阅谁经办"),
    may=role_in(MAY_READ_LOGS),
    journal="journal.log_looked_up",
)
def look_up_log(
    *, label: str, pk: int, purpose: str, by: User, before: int | None = None, most: int = 50
) -> list[JournalEntry]:
    """Return the log of one record with who dealt with it; whoever asked and why is kept."""
    purpose_text = mask_text(" ".join(purpose.split()))
    if len(purpose_text) < rules.SHORTEST_LOG_PURPOSE:
        raise Refused(
            "log.purpose",
            _("请写清事由，至少%(n)s个字") % {"n": rules.SHORTEST_LOG_PURPOSE},
            "purpose",
        )
    # Read before it is noted, so that the note does not push the oldest off the page.
    entries = list(log_about(label, pk, before)[:most])
    scope = current_scope()
    path = entries[0].scope_path if entries else min(scope.paths, default="")
    with use_scope(replace(scope, purpose=purpose_text)):
        about = apps.get_model(label)(pk=pk) if entries else None
        write_journal("journal.log_looked_up", about=about, scope_path=path, by=by)
    return entries


def _concerned(about: models.Model, place: Place | None) -> list[models.Model]:
    """Return on whose pages a note also stands; what is confidential stands on none but its own."""
    if is_confidential(about):
        return []
    return [
        record
        for record in (getattr(about, "household", None), place)
        if record and record != about
    ]


@action("journal.note", term=gettext_noop("记日志"), may=may_write_notes, journal=NOTED)
def write_note(
    *,
    about: models.Model,
    text: str,
    by: User | None,
    contact: str = "",
    follow_up_on: date | None = None,
) -> None:
    """Write a free note about a record; a day to come back makes a task, a contact is noted."""
    note = _words(text)
    place = place_of(about)
    person = about if isinstance(about, Person) else None
    if follow_up_on is not None and follow_up_on < today():
        raise Refused("note.past", _("回访日期不能早于今天"), "follow_up_on")
    if contact and contact not in ContactChannel.values:
        raise Refused("note.channel", _("请选联系方式"), "contact")
    data: dict[str, Any] = {"contact": contact} if contact else {}
    if follow_up_on is not None:
        data["follow_up"] = follow_up_on.isoformat()
    write_journal(NOTED, about=about, also=_concerned(about, place), text=note, data=data, by=by)
    if contact and person is not None:
        record_contact(person=person, channel=contact, on=today(), by=by)
    if follow_up_on is not None and place is not None:
        hidden = is_confidential(about)
        title = note if len(note) <= TITLE_LENGTH else note[: TITLE_LENGTH - 1] + "…"
        open_follow_up(
            FollowUp(
                about=about,
                place=place,
                person=person,
                on=follow_up_on,
                # A confidential case gives its tasks no title (decision 0014).
                title=_("回访：%(title)s") % {"title": _("保密事项") if hidden else title},
                note=note,
                is_confidential=hidden,
                by=by,
            )
        )


@action("journal.correct", term=gettext_noop("更正日志"), may=may_write_notes, journal=CORRECTED)
def correct_note(*, entry: JournalEntry, about: models.Model, text: str, by: User | None) -> None:
    """Put an entry right by a new one; the old one stays and says so."""
    if entry.kind not in (NOTED, CORRECTED):
        raise Refused("note.not_one", _("系统写的记录不能更正"))
    if JournalEntry.objects.filter(kind=CORRECTED, data__corrects=entry.seq).exists():
        raise Refused("note.corrected", _("这一条已经更正过"), hint=_("请更正最新的那一条"))
    write_journal(
        CORRECTED,
        about=about,
        also=also_about(entry),
        text=_words(text),
        data={"corrects": entry.seq},
        by=by,
    )


# Whoever dispatches a case may learn that it is confidential.
may_take_off = role_in(rules.TAKES_PHOTOS_OFF)


@action(
    "journal.take_off_places",
    term=gettext_noop("日志保密"),
    may=may_take_off,
    journal="journal.taken_off",
)
def take_off_places(*, about: models.Model, by: User | None) -> int:
    """Take what was said about a record off the pages of places; the entries themselves stay."""
    entries = JournalEntry.objects.filter(
        subject_kind=about._meta.label_lower, subject_id=about.pk
    ).values("pk")
    gone, _kinds = Mention.objects.filter(
        subject_kind="places.place", entry_id__in=entries
    ).delete()
    write_journal("journal.taken_off", about=about, data={"places": gone}, by=by)
    return gone


@action("journal.keep_photo", term=gettext_noop("存照片"), may=may_write_notes, journal=PHOTO_KEPT)
def keep_photo(
    *,
    about: models.Model,
    picture: Picture,
    by: User | None,
    keep_position: bool = False,
    beside: int | None = None,
) -> Attachment:
    """Keep a photo about a record, made smaller; where it was taken only if that is wanted.

    ``beside`` is how many came before it from whom it is, where that counts and not the record's.
    """
    if (len(photos_of(about)) if beside is None else beside) >= rules.MOST_PHOTOS:
        raise photos.too_many()
    position = picture.position if keep_position else None
    photo = Attachment(
        subject_kind=about._meta.label_lower,
        subject_id=about.pk,
        width=picture.width,
        height=picture.height,
        by=by,
        at=timezone.now(),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        scope_path=getattr(about, "scope_path", ""),
    )
    photo.keep(picture.data)
    data = {"photo": photo.pk, "sha256": photo.sha256}
    write_journal(PHOTO_KEPT, about=about, data=data, by=by)
    return photo


may_redact = role_in(rules.MAY_REDACT)


@action("journal.redact", term=gettext_noop("清空日志内容"), may=may_redact, journal=REDACTED)
def redact_entry(*, entry: JournalEntry, reason: str, by: User | None) -> int:
    """Take the words or the photo out of what somebody wrote, with everything it corrected."""
    if entry.kind not in BY_HAND:
        raise Refused("journal.not_by_hand", _("系统写的记录不能清空"))
    if entry.redacted_by is not None:
        raise Refused("journal.is_empty", _("这一条已经清空"))
    if reason not in RedactionReason.values:
        raise Refused("journal.reason", _("请选为什么清空"), "reason")
    numbers = _with_corrections(entry)
    return redact_entries(
        [*numbers, *_of_follow_ups(entry, numbers)],
        kind=REDACTED,
        data={"reason": reason},
        scope_path=entry.scope_path,
        by=by,
    )


def _of_follow_ups(entry: JournalEntry, numbers: list[int]) -> list[int]:
    """Empty the tasks that notes asked for, and return the entries about them: they repeat it."""
    texts = JournalEntry.objects.filter(seq__in=numbers).exclude(text="")
    found: list[int] = []
    for text in texts.values_list("text", flat=True) if entry.subject_id is not None else ():
        for record in forget_follow_up(entry.subject_kind, entry.subject_id or 0, text):
            told = JournalEntry.objects.filter(
                subject_kind=record._meta.label_lower, subject_id=record.pk
            )
            found += told.values_list("seq", flat=True)
    return found


def _with_corrections(entry: JournalEntry) -> list[int]:
    """Return an entry and those that put it right, or that it puts right: one thing was said."""
    rows = JournalEntry.objects.filter(
        kind=CORRECTED, subject_kind=entry.subject_kind, subject_id=entry.subject_id
    )
    pairs = [
        (seq, data["corrects"])
        for seq, data in rows.values_list("seq", "data")
        if "corrects" in data
    ]
    found = {entry.seq}
    for _each in pairs:
        found |= {number for pair in pairs if found & set(pair) for number in pair}
    return sorted(found)


# Nobody does this by hand: a restored backup brought the words back.
by_itself = role_in(frozenset())


@action(
    "journal.redact_again",
    term=gettext_noop("恢复后重新清空"),
    may=by_itself,
    journal=REDACTED_AGAIN,
)
def redact_again(*, numbers: list[int], by: User | None) -> int:
    """Empty entries again that were emptied after the backup was made."""
    return redact_entries(numbers, kind=REDACTED_AGAIN, data={}, scope_path="/", by=by)
