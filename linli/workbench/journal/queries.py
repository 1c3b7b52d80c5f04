"""Reading the journal: what happened to somebody, and the log of who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.core.actions import ACTIONS
from linli.core.fields import DICTIONARY
from linli.register.posts.terms import Role
from linli.workbench.journal.models import JournalEntry, Mention, Photo

MOST_SHOWN = 30


@dataclass(frozen=True)
class Shown:
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

    @property
    def may_be_corrected(self) -> bool:
        """Is it somebody's own words, not yet put right?"""
        return self.kind in (NOTED, CORRECTED) and self.corrected_at is None


def words_of_kind(kind: str) -> str:
    """Return what an entry of this kind is called: the term of the action that writes it."""
    return next((_(one.term) for one in ACTIONS.values() if one.journal == kind), kind)


def kinds() -> list[tuple[str, str]]:
    """Return every kind there can be with its words."""
    found = {one.journal: _(one.term) for one in ACTIONS.values()}
    return sorted(found.items(), key=lambda pair: pair[0])


def words_of_role(role: str) -> str:
    """Return what a role is called; the installation's own work has a word too."""
    return str(Role(role).label) if role in Role.values else _("系统") if role else ""


def entries_about(
    record: models.Model, *, only: Sequence[str] = (), limit: int = MOST_SHOWN
) -> list[Shown]:
    """Return what happened to a record, the latest first; ``only`` names kinds."""
    rows = rows_about(record).select_related("by")
    if only:
        rows = rows.filter(kind__in=only)
    return with_corrections([(row, shown(row)) for row in rows[:limit]])


def rows_about(record: models.Model) -> QuerySet[JournalEntry]:
    """Return the entries about a record or that mention it, the latest first."""
    key = {"subject_kind": record._meta.label_lower, "subject_id": record.pk}
    mentioned = Mention.objects.filter(**key).values("entry_id")
    rows: QuerySet[JournalEntry] = JournalEntry.objects.filter(Q(**key) | Q(pk__in=mentioned))
    return rows.order_by("-seq")


CORRECTED = "journal.corrected"
NOTED = "journal.noted"
_looks: list[str] = ["person.field_revealed"]


def register_look(kind: str) -> None:
    """Count entries of this kind as looks at a person's covered values."""
    if kind not in _looks:
        _looks.append(kind)


def looks_at(record: models.Model) -> list[Shown]:
    """Return who saw covered values of a record, when and what for."""
    return entries_about(record, only=_looks)


def with_corrections(rows: list[tuple[JournalEntry, Shown]]) -> list[Shown]:
    """Mark what was corrected later: the entry itself stays as it was written."""
    seqs = [row.seq for row, _one in rows if row.kind in (NOTED, CORRECTED)]
    later = {}
    if seqs:
        for row in JournalEntry.objects.filter(kind=CORRECTED, data__corrects__in=seqs):
            later[row.data["corrects"]] = row.at
    return [
        replace(one, corrected_at=later.get(row.seq), seq=row.seq, pk=row.pk, kind=row.kind)
        for row, one in rows
    ]


def shown(row: JournalEntry, *, with_text: bool = True) -> Shown:
    """Lay one entry out; without its text no address or name of a place is told."""
    return Shown(
        at=row.at,
        what=words_of_kind(row.kind),
        who=str(row.by) if row.by else _("系统"),
        role=words_of_role(row.role),
        text=row.text if with_text else "",
        purpose=row.purpose,
        facts=facts_named(row.data),
        about=_about(row),
    )


def facts_named(data: dict[str, Any]) -> str:
    """Say which facts an entry is about, by their labels; never a value."""
    names = [data["field"]] if "field" in data else data.get("fields", [])
    return "、".join(_label(name) for name in names if isinstance(name, str))


def _label(name: str) -> str:
    found = next((one for one in DICTIONARY.fields_of("person", all=True) if one.key == name), None)
    return _(found.label) if found else name


def _about(row: JournalEntry) -> str:
    if not row.subject_kind or row.subject_id is None:
        return ""
    try:
        name = apps.get_model(row.subject_kind)._meta.verbose_name
    except LookupError:
        name = row.subject_kind
    return f"{name} {row.subject_id}"


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see of the log; empty means all."""

    kind: str = ""
    who: str = ""
    purpose: str = ""
    since: date | None = None
    until: date | None = None


def log(asked: Asked) -> QuerySet[JournalEntry]:
    """Return the entries of the active scope that were asked for, the latest first."""
    rows: QuerySet[JournalEntry] = JournalEntry.objects.select_related("by")
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.who:
        rows = rows.filter(Q(by__username=asked.who) | Q(by__name__contains=asked.who))
    if asked.purpose:
        rows = rows.filter(purpose__contains=asked.purpose)
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    return rows.order_by("-seq")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def photos_of(record: models.Model) -> list[int]:
    """Return the keys of the photos of a record, the first one first."""
    rows = Photo.objects.filter(subject_kind=record._meta.label_lower, subject_id=record.pk)
    return list(rows.order_by("at", "pk").values_list("pk", flat=True))
