"""Who is due and why somebody waits, how much is kept about them, what was deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from linli.core.fields.field import KEPT_YEARS
from linli.core.personal_data.masking import mask_name
from linli.core.retention import PERSON, ErasureMode, TableDeclaration, declared, waiting
from linli.core.scope import ScopedModel
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.workbench.journal.models import JournalEntry
from linli.workbench.journal.rules import REDACTED
from linli.workbench.retention.deleted_list import hash_of
from linli.workbench.retention.models import Certificate, DeletedKey, DuePerson, Hold
from linli.workbench.retention.rules import SHOWN_DAYS, is_announced, may_delete

LEFT = (PersonStatus.MOVED_OUT, PersonStatus.DIED)


def people_who_left() -> QuerySet[Any]:
    """Return whoever moved out or died, with the day; where none was noted, their last stay's."""
    rows: QuerySet[Any] = Person.objects.filter(status__in=LEFT).annotate(
        left_on=Coalesce(F("status_since"), Max("residences__to_date"))
    )
    return rows


def left_without_a_day() -> QuerySet[Any]:
    """Return whoever left nobody knows when: their time never ends until somebody says."""
    return people_who_left().filter(left_on__isnull=True)


def to_be_announced(on: date) -> list[tuple[Person, date]]:
    """Return whose time is over soon and who does not stand on the list yet."""
    # Roughly by the day, so that only those near it are read; the rule decides.
    near = on - timedelta(days=365 * KEPT_YEARS - SHOWN_DAYS)
    rows = people_who_left().filter(left_on__lte=near)
    rows = rows.exclude(pk__in=DuePerson.objects.values("person"))
    announced = []
    for person in rows.order_by("left_on", "pk"):
        left: date = person.left_on
        if is_announced(left_on=left, today=on):
            announced.append((person, left))
    return announced


def day_left(person: Person) -> date | None:
    """Return the day on which somebody moved out or died; None when they live here."""
    gone = people_who_left().filter(pk=person.pk).first()
    return gone.left_on if gone is not None else None


def no_longer_due() -> QuerySet[DuePerson]:
    """Return lines of the list whose person came back, or left on another day."""
    another_day = Q(person__status_since__isnull=False, asked_on__isnull=True)
    another_day &= ~Q(person__status_since=F("left_on"))
    rows: QuerySet[DuePerson] = DuePerson.objects.filter(~Q(person__status__in=LEFT) | another_day)
    return rows


@dataclass
class DueLine:
    """One line of the list: masked, how much there is, why it waits."""

    due: DuePerson
    name: str
    place: str
    rows: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    why: list[str] = field(default_factory=list)
    hold: Hold | None = None

    @property
    def is_ready(self) -> bool:
        """Would it be deleted today?"""
        return not self.why and may_delete(
            left_on=self.due.left_on,
            shown_on=self.due.shown_on,
            asked_on=self.due.asked_on,
            today=today(),
        )


def plan(dues: Sequence[DuePerson] | None = None) -> list[DueLine]:
    """Return the list of the active scope with figures and reasons."""
    rows = DuePerson.objects.select_related("person", "person__home")
    listed = (
        list(rows)
        if dues is None
        else list(rows.filter(pk__in=[due_person.pk for due_person in dues]))
    )
    keys = [due.person_id for due in listed]
    why, counted = waiting(keys), rows_by_person(keys)
    holds = {
        hold.person_id: hold
        for hold in Hold.objects.filter(
            person__in=keys, lifted_at__isnull=True, until__gte=today()
        ).select_related("by")
    }
    return [
        DueLine(
            due,
            mask_name(due.person.name),
            str(due.person.home),
            sum(counted.get(due.person_id, {}).values()),
            dict(counted.get(due.person_id, {})),
            why.get(due.person_id, []),
            holds.get(due.person_id),
        )
        for due in listed
    ]


def rows_by_person(people: Sequence[int]) -> dict[int, Counter[str]]:
    """Count what goes or is emptied, by person and table, with the entries about them."""
    counts: dict[int, Counter[str]] = {}
    for table_declaration in declared():
        if table_declaration.about != PERSON or table_declaration.fate is ErasureMode.STAYS:
            continue
        for person, _row in _pairs(table_declaration, people):
            counts.setdefault(person, Counter())[words_of(table_declaration)] += 1
    said = JournalEntry.objects.filter(
        subject_kind="people.person", subject_id__in=people, redacted_by__isnull=True
    )
    for person in said.order_by().values_list("subject_id", flat=True):
        counts.setdefault(person, Counter())[str(JournalEntry._meta.verbose_name)] += 1
    return counts


def _pairs(declaration: TableDeclaration, people: Sequence[int]) -> set[tuple[int, int]]:
    """Return (person, row) of one table: one question for all of them where a column tells."""
    if declaration.rows is not None:
        return {
            (person, row)
            for person in people
            for row in declaration.of(person).values_list("pk", flat=True)
        }
    rows: Any = apps.get_model(declaration.model).objects
    pairs: set[tuple[int, int]] = set()
    for column in declaration.keys:
        # `where` belongs to a pointer to any record; a real key needs no limit.
        limits = declaration.where if column.endswith("_id") else {}
        some = rows.filter(**{f"{column}__in": people}, **limits)
        pairs.update(some.order_by().values_list(column, "pk"))
    return pairs


def words_of(declaration: TableDeclaration) -> str:
    """Return what the rows of a table are called."""
    return str(apps.get_model(declaration.model)._meta.verbose_name)


def label_words(label: str) -> str:
    """Return what the rows of a table are called, by its label as a certificate keeps it."""
    try:
        return str(apps.get_model(label)._meta.verbose_name)
    except (LookupError, ValueError):  # a table that is gone, or no label at all
        return label


def due_here() -> QuerySet[DuePerson]:
    """Return the list of the active scope."""
    rows: QuerySet[DuePerson] = DuePerson.objects.select_related("person", "person__home")
    return rows


def certificates() -> QuerySet[Certificate]:
    """Return what was deleted in the places of the active scope and above, the latest first."""
    rows: QuerySet[Certificate] = Certificate.objects.filter(ended_at__isnull=False)
    return rows


def hashes_of(certificate: Certificate) -> list[str]:
    """Return the salted hashes a certificate covers, in the order of its digest."""
    rows = DeletedKey.objects.filter(certificate=certificate).order_by("hash")
    return list(rows.values_list("hash", flat=True))


def proof_of(person: int) -> DeletedKey | None:
    """Return the line that proves that the data of this key was deleted, if it was."""
    # A list taken over from another machine brings a salt of its own.
    for salt in DeletedKey.objects.order_by().values_list("salt", flat=True).distinct():
        deleted_key: DeletedKey | None = DeletedKey.objects.filter(
            hash=hash_of(person, salt)
        ).first()
        if deleted_key is not None:
            return deleted_key
    return None


def entries_of_deleted() -> list[int]:
    """Return the journal's entries that still say something about somebody who was deleted."""
    full = JournalEntry.objects.filter(
        ~Exists(Person.objects.filter(pk=OuterRef("subject_id"))),
        subject_kind="people.person",
        redacted_by__isnull=True,
    )
    gone = {
        key for key in set(full.order_by().values_list("subject_id", flat=True)) if proof_of(key)
    }
    rows = full.filter(subject_id__in=gone) if gone else full.none()
    return list(rows.order_by("seq").values_list("seq", flat=True))


def is_redacted_since(moment: datetime) -> bool:
    """Were single entries of the journal emptied since then?"""
    return JournalEntry.objects.filter(kind=REDACTED, at__gte=moment).exists()


def undeclared(models: Sequence[type[ScopedModel]]) -> list[str]:
    """Return the columns that point at people, households or any record and say nothing here."""
    told_here = {
        (table_declaration.model, key)
        for table_declaration in declared()
        for key in table_declaration.keys
    }
    missing = []
    for model in models:
        for column in model._meta.concrete_fields:
            target = getattr(column.related_model, "__name__", "")
            points = target in ("Person", "Household") or column.name in POINTERS
            if points and (model._meta.label, column.name) not in told_here:
                missing.append(f"{model._meta.label}.{column.name}")
    return missing


POINTERS = ("subject_id", "person_id", "household_id", "record_id", "object_id")
