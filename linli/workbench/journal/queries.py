"""Reading the journal: what happened to somebody, and the log of who did what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.core.actions import every_action
from linli.core.batch_cache import cached_on_page
from linli.core.dotted_paths import function_at
from linli.core.fields import DICTIONARY
from linli.core.scope import current_scope
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import SYSTEM
from linli.register.posts.rules import CARE, Access, access
from linli.register.posts.terms import Role
from linli.workbench.attachments.models import Attachment
from linli.workbench.attachments.terms import AttachmentKind
from linli.workbench.journal.models import JournalEntry, Mention
from linli.workbench.journal.rules import SAYS_CARE, SAYS_NO_CARE, SEALED_ANEW

MOST_SHOWN = 30


@dataclass(frozen=True)
class ShownEntry:
    """One entry as people read it."""

    at: datetime
    what: str
    who: str
    role: str
    text: str = ""
    purpose: str = ""
    facts: str = ""
    about: str = ""
    corrected_at: datetime | None = None
    seq: int = 0
    pk: int = 0
    kind: str = ""
    is_redacted: bool = False

    @property
    def may_be_corrected(self) -> bool:
        """Is it somebody's own words, not yet put right?"""
        return (
            self.kind in (NOTED, CORRECTED) and self.corrected_at is None and not self.is_redacted
        )

    @property
    def may_be_redacted(self) -> bool:
        """Is it what somebody wrote or photographed, and still there?"""
        return self.kind in BY_HAND and not self.is_redacted

    @property
    def is_photo(self) -> bool:
        """Is it a photo, which cannot be put right by words?"""
        return self.kind == PHOTO_KEPT


def words_of_kind(kind: str) -> str:
    """Return what an entry of this kind is called: the term of the action that writes it."""
    if kind == SEALED_ANEW:  # written by an upgrade, no action of anybody
        return _("升级时全部重新封存")
    return next((_(action.term) for action in every_action() if action.journal == kind), kind)


def kinds() -> list[tuple[str, str]]:
    """Return every kind there can be with its words."""
    terms = {action.journal: _(action.term) for action in every_action()}
    return sorted(terms.items(), key=lambda pair: pair[0])


def words_of_role(role: str) -> str:
    """Return what a role is called; the installation's own work has a word too."""
    return str(Role(role).label) if role in Role.values else _("系统") if role else ""


def entries_about(
    record: models.Model, *, limit: int = MOST_SHOWN, with_looks: bool = True
) -> list[ShownEntry]:
    """Return what happened to a record, the latest first; with or without reads of values."""
    rows = rows_about(record).select_related("by")
    if not with_looks:
        # Of what people did only reads of covered values carry a purpose; what the installation
        # did by itself carries the reason of its scope and reads nothing for anybody.
        rows = rows.filter(Q(purpose="") | Q(role=SYSTEM))
        if record._meta.label_lower == "people.person":
            rows = rows.exclude(kind__in=_looks)  # there they stand in a list of their own
    return with_corrections([(row, shown_entry(row)) for row in rows[:limit]])


def rows_about(record: models.Model) -> QuerySet[JournalEntry]:
    """Return the entries about a record or that mention it, the latest first, that may be seen."""
    rows = _about_or_mentioned(record)
    return rows if gives_care() else rows.filter(_says_no_care(record))


def _about_or_mentioned(record: models.Model) -> QuerySet[JournalEntry]:
    key = {"subject_kind": record._meta.label_lower, "subject_id": record.pk}
    mentioned = Mention.objects.filter(**key).values("entry_id")
    return _rows(record).filter(Q(**key) | Q(pk__in=mentioned)).order_by("-seq")


def also_about(entry: JournalEntry) -> list[models.Model]:
    """Return the records that an entry also concerns: its correction concerns them too."""
    records: list[models.Model] = []
    keys = [(entry.subject_kind, entry.subject_id)]
    keys += entry.mentions.values_list("subject_kind", "subject_id")
    for label, pk in keys:
        model: Any = apps.get_model(label) if label else None
        record = model.objects.filter(pk=pk).first() if model else None
        if record is not None:
            records.append(record)
    return records


def mine_of(user: User) -> QuerySet[JournalEntry]:
    """Return what somebody wrote and did, the latest first, as far as they may still see it."""
    return _rows().filter(by=user).exclude(kind__in=_watched).order_by("-seq")


def _rows(record: models.Model | None = None) -> QuerySet[JournalEntry]:
    """Return the entries whose own subject the active post may see: cases, tasks."""
    rows: QuerySet[JournalEntry] = JournalEntry.objects.all()
    for label, hidden in _hidden.items():
        # Whoever has the page of a record before them may see it.
        is_open = record and label == record._meta.label_lower
        closed = None if is_open else cached_on_page(("journal.hidden", label), hidden)
        if closed is not None:
            rows = rows.exclude(subject_kind=label, subject_id__in=closed.values("pk"))
    return rows


def gives_care() -> bool:
    """Does the active post see what people need care for?"""
    return access(role=current_scope().role, sensitivity=CARE) is not Access.HIDDEN


def _says_no_care(record: models.Model) -> Q:
    """Leave what the post wrote itself, what names no need, and steps of the record itself."""
    open_kinds = Q()
    for start in SAYS_NO_CARE:
        open_kinds |= Q(kind__startswith=start)
    seen = open_kinds & ~Q(kind__in=[*_looks, *SAYS_CARE])
    label = record._meta.label_lower
    if label not in ABOUT_PEOPLE:
        steps = Q(subject_kind=label, subject_id=record.pk) & ~Q(kind__in=(NOTED, CORRECTED))
        seen |= steps
    user = current_scope().user_id
    return seen | Q(by_id=user) if user else seen


ABOUT_PEOPLE = frozenset({"people.person", "people.household", "places.place"})
CORRECTED = "journal.corrected"
NOTED = "journal.noted"
PHOTO_KEPT = "journal.photo_kept"
# An entry by the system is evidence; only what people wrote or photographed may be emptied.
BY_HAND = (NOTED, CORRECTED, PHOTO_KEPT)
_looks: list[str] = ["person.field_revealed", "person.looked_up"]
_leaving: set[str] = set()
_watched: dict[str, Callable[[dict[str, Any]], str]] = {}
_hidden: dict[str, Callable[[], QuerySet[Any] | None]] = {}


def register_hidden(label: str, hidden: Callable[[], QuerySet[Any] | None] | str) -> None:
    """Have entries about records hidden from the active post left out; None hides nothing."""
    _hidden[label] = function_at(hidden)


def register_watched(kind: str, in_words: Callable[[dict[str, Any]], str] | str) -> None:
    """Keep entries of this kind to the log alone, where ``in_words`` says what their data says."""
    _watched[kind] = function_at(in_words)


def register_look(kind: str) -> None:
    """Count entries of this kind as looks at a person's covered values."""
    if kind not in _looks:
        _looks.append(kind)


def register_leaving(kind: str) -> None:
    """Count entries of this kind as data that left the product in a file."""
    _leaving.add(kind)


def watched_first() -> dict[str, QuerySet[JournalEntry]]:
    """Return what a watcher reads first: who looked, what left, what posts changed; latest first.

    Entries, never numbers: how often something was done would be a number about whoever does it.
    """
    rows = log(LogQuery())
    return {
        "looked": rows.filter(kind__in=_looks),
        "left": rows.filter(kind__in=_leaving),
        "changed": rows.filter(kind__startswith="post."),
    }


def looks_at(record: models.Model) -> list[ShownEntry]:
    """Return who saw covered values of a record, when and what for.

    Those who give no care read who and when: a purpose may name the need.
    """
    rows = _about_or_mentioned(record).filter(kind__in=_looks).select_related("by")
    looks = [shown_entry(row, with_text=gives_care()) for row in rows[:MOST_SHOWN]]
    return looks if gives_care() else [replace(look, purpose="", facts="") for look in looks]


def with_corrections(rows: list[tuple[JournalEntry, ShownEntry]]) -> list[ShownEntry]:
    """Mark what was corrected later: the entry itself stays as it was written."""
    seqs = [row.seq for row, _one in rows if row.kind in (NOTED, CORRECTED)]
    later = {}
    if seqs:
        for row in JournalEntry.objects.filter(kind=CORRECTED, data__corrects__in=seqs):
            later[row.data["corrects"]] = row.at
    taken = _where_taken([row.data["photo"] for row, _one in rows if "photo" in row.data])
    return [
        replace(
            shown,
            corrected_at=later.get(row.seq),
            seq=row.seq,
            pk=row.pk,
            kind=row.kind,
            text=shown.text or taken.get(row.data.get("photo", 0), ""),
        )
        for row, shown in rows
    ]


def _where_taken(keys: list[int]) -> dict[int, str]:
    """Say where photos were taken, of those whose position was kept."""
    if not keys:
        return {}
    rows = photos().filter(pk__in=keys, latitude__isnull=False, longitude__isnull=False)
    return {
        pk: _("拍摄位置：%(latitude).5f, %(longitude).5f") % {"latitude": north, "longitude": east}
        for pk, north, east in rows.values_list("pk", "latitude", "longitude")
    }


def shown_entry(row: JournalEntry, *, with_text: bool = True) -> ShownEntry:
    """Lay one entry out; without its text no address or name of a place is told."""
    is_redacted = row.redacted_by is not None
    return ShownEntry(
        at=row.at,
        what=words_of_kind(row.kind),
        who=str(row.by) if row.by else _("系统"),
        role=words_of_role(row.role),
        text=_("（内容已删除）") if is_redacted else row.text if with_text else "",
        purpose=row.purpose,
        is_redacted=is_redacted,
        facts=facts_of(row),
        about=_about(row),
    )


def facts_of(row: JournalEntry) -> str:
    """Say what the data of an entry says; nothing of one that was emptied."""
    if row.redacted_by is not None:
        return ""
    return _watched[row.kind](row.data) if row.kind in _watched else facts_named(row.data)


def facts_named(data: dict[str, Any]) -> str:
    """Say which facts an entry is about, by their labels; never a value."""
    names = [data["field"]] if "field" in data else data.get("fields", [])
    labels = (_label(name) for name in names if isinstance(name, str))
    return "、".join(label for label in labels if label)


def _label(name: str) -> str:
    fact = next(
        (field for field in DICTIONARY.fields_of("person", all=True) if field.key == name), None
    )
    # The name of such a fact tells the need.
    if fact and fact.sensitivity == CARE and not gives_care():
        return ""
    return _(fact.label) if fact else name


def _about(row: JournalEntry) -> str:
    if not row.subject_kind or row.subject_id is None:
        return ""
    try:
        name = apps.get_model(row.subject_kind)._meta.verbose_name
    except LookupError:
        name = row.subject_kind
    return f"{name} {row.subject_id}"


@dataclass(frozen=True)
class LogQuery:
    """What somebody wants to see of the log; empty means all. Never whose: that would rank them."""

    kind: str = ""
    purpose: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None


def log(query: LogQuery) -> QuerySet[JournalEntry]:
    """Return the entries of the active scope that were asked for, the latest first."""
    rows: QuerySet[JournalEntry] = JournalEntry.objects.select_related("by")
    if query.kind:
        rows = rows.filter(kind=query.kind)
    if query.purpose:
        rows = rows.filter(purpose__contains=query.purpose)
    if query.since:
        rows = rows.filter(at__gte=_midnight(query.since))
    if query.until:
        rows = rows.filter(at__lt=_midnight(query.until + timedelta(days=1)))
    return _older(rows, query.before)


def log_about(label: str, pk: int, before: int | None = None) -> QuerySet[JournalEntry]:
    """Return the entries of the log that concern one record, whoever wrote them."""
    key = {"subject_kind": label, "subject_id": pk}
    mentioned = Mention.objects.filter(**key).values("entry_id")
    rows = JournalEntry.objects.filter(Q(**key) | Q(pk__in=mentioned)).select_related("by")
    return _older(rows, before)


def _older(rows: QuerySet[JournalEntry], before: int | None) -> QuerySet[JournalEntry]:
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return rows.order_by("-seq")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def photos_of(record: models.Model) -> list[int]:
    """Return the keys of the photos of a record, the first one first."""
    rows = photos().filter(subject_kind=record._meta.label_lower, subject_id=record.pk)
    return list(rows.order_by("at", "pk").values_list("pk", flat=True))


def photos() -> QuerySet[Attachment]:
    """Return the photos of the scope; of people and their homes, only to those who give care.

    A photo of a kitchen table shows the medicine on it; whoever took it sees it anyway.
    """
    rows: QuerySet[Attachment] = Attachment.objects.filter(kind=AttachmentKind.IMAGE)
    if gives_care():
        return rows
    homes = Place.objects.filter(kind="dwelling").values("pk")
    inside = Q(subject_kind__in=("people.person", "people.household"))
    inside |= Q(subject_kind="places.place", subject_id__in=homes)
    user = current_scope().user_id
    return rows.filter(~inside | Q(by_id=user) if user else ~inside)
