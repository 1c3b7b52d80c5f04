"""Taking one person out of every table, as the declarations say; called inside an action only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, QuerySet

from linli.core.batches import keys_in_batches
from linli.core.retention import HOUSEHOLD, PERSON, ErasureMode, TableDeclaration, declared
from linli.register.people.models import Person, Residence
from linli.workbench.journal.models import JournalEntry, Mention

POINTER = ("subject_kind", "subject_id")


@dataclass
class ErasureResult:
    """What went: rows by table, records by label, and the journal's entries that go with them."""

    rows: Counter[str] = field(default_factory=Counter)
    records: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    entries: set[int] = field(default_factory=set)


def erase(person: int) -> ErasureResult:
    """Delete or empty every row about a person, the person last; then households left empty.

    The entries of the journal that go with them are returned; whoever calls has them emptied by
    the act that says so.
    """
    done = ErasureResult()
    # Before anything goes: afterwards nothing says where they lived.
    households = _households_of(person)
    _erase_record(PERSON, person, done)
    for household in sorted(households):
        if not _is_lived_in(household):
            _erase_record(HOUSEHOLD, household, done)
    _follow_pointers(done)
    for label, keys in done.records.items():
        for some in keys_in_batches(keys):
            done.entries |= _numbers(Q(subject_kind=label, subject_id__in=some))
    return done


def _erase_record(about: str, key: int, done: ErasureResult) -> None:
    done.entries |= _said_of_it_alone(f"people.{about}", key)
    mine = [one for one in declared() if one.about == about]
    for declaration in mine:
        if declaration.entries is not None:
            done.entries |= _numbers(declaration.entries(key))
    for declaration in mine:
        if declaration.fate is not ErasureMode.STAYS:
            _treat(declaration, declaration.of(key), done)


def _said_of_it_alone(label: str, key: int) -> set[int]:
    """Return entries that mention this person or household and no other: what they say is of it."""
    mentioned = Mention.objects.filter(subject_kind=label, subject_id=key).values("entry")
    rows = Mention.objects.filter(entry__in=mentioned, subject_kind=label)
    counted = rows.order_by().values("entry__seq").annotate(number=Count("pk"))
    return set(counted.filter(number=1).values_list("entry__seq", flat=True))


def _numbers(condition: Q) -> set[int]:
    return set(JournalEntry.objects.filter(condition).order_by().values_list("seq", flat=True))


def _households_of(person: int) -> set[int]:
    stays = Residence.objects.filter(person=person, household__isnull=False)
    lived_in = set(stays.values_list("household", flat=True))
    own = Person.objects.filter(pk=person, household__isnull=False)
    return lived_in | set(own.values_list("household", flat=True))


def _is_lived_in(household: int) -> bool:
    lived = Residence.objects.filter(household=household).exists()
    return lived or Person.objects.filter(household=household).exists()


def _treat(
    declaration: TableDeclaration,
    rows: QuerySet[Any],
    done: ErasureResult,
    *,
    keeping: Collection[str] = (),
) -> None:
    keys = list(rows.order_by().values_list("pk", flat=True))
    if not keys:
        return
    # By key, for `first` may take away what the rows were chosen by.
    rows = rows.model._default_manager.filter(pk__in=keys)
    if declaration.first is not None:
        declaration.first(rows)
    if declaration.fate is ErasureMode.DELETE:
        rows.delete()
    else:
        blank = {name: value for name, value in declaration.blank.items() if name not in keeping}
        rows.update(**blank)
    done.rows[declaration.model] += len(keys)
    if declaration.takes_along:
        done.records[rows.model._meta.label_lower] |= set(keys)


def _follow_pointers(done: ErasureResult) -> None:
    """Treat what points at a record that went, and what points at that, until nothing is left."""
    followed: dict[str, set[int]] = defaultdict(set)
    while fresh := {
        label: keys - followed[label]
        for label, keys in done.records.items()
        if keys - followed[label]
    }:
        for label, keys in fresh.items():
            followed[label] |= keys
            for some in keys_in_batches(keys):
                _treat_pointing(label, list(some), done)


def _treat_pointing(label: str, keys: list[int], done: ErasureResult) -> None:
    record: Any = apps.get_model(label)
    stays = record.objects.filter(pk__in=keys).exists()
    for declaration in declared():
        if not declaration.points_at_records or declaration.fate is ErasureMode.STAYS:
            continue
        model: Any = apps.get_model(declaration.model)
        # A pointer without words may go on pointing at a row that stays as a figure.
        if stays and model is Mention:
            continue
        rows = model.objects.filter(subject_kind=label, subject_id__in=keys)
        rows = rows.exclude(pk__in=done.records[model._meta.label_lower])
        _treat(declaration, rows, done, keeping=POINTER if stays else ())
