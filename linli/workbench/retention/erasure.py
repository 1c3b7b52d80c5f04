"""Taking one person out of every table, as the declarations say; called inside an action only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from linli.core.retention import HOUSEHOLD, PERSON, ErasureMode, TableDeclaration, declared
from linli.register.people.models import Person, Residence
from linli.workbench.journal.models import Photo


@dataclass
class ErasureResult:
    """What went: rows by table, and the photos that the journal no longer misses."""

    rows: Counter[str] = field(default_factory=Counter)
    photos: list[int] = field(default_factory=list)


def erase(person: int) -> ErasureResult:
    """Delete or empty every row about a person, the person last; then households left empty."""
    done = ErasureResult()
    # Before anything goes: afterwards nothing says where they lived.
    households = _households_of(person)
    for table_declaration in declared():
        if table_declaration.about == PERSON:
            _treat(table_declaration, person, done)
    for household in sorted(households):
        if not _is_lived_in(household):
            for table_declaration in declared():
                if table_declaration.about == HOUSEHOLD:
                    _treat(table_declaration, household, done)
    return done


def _households_of(person: int) -> set[int]:
    stays = Residence.objects.filter(person=person, household__isnull=False)
    lived_in = set(stays.values_list("household", flat=True))
    own = Person.objects.filter(pk=person, household__isnull=False)
    return lived_in | set(own.values_list("household", flat=True))


def _is_lived_in(household: int) -> bool:
    lived = Residence.objects.filter(household=household).exists()
    return lived or Person.objects.filter(household=household).exists()


def _treat(declaration: TableDeclaration, key: int, done: ErasureResult) -> None:
    if declaration.fate is ErasureMode.STAYS:
        return
    rows = declaration.of(key)
    keys = list(rows.order_by().values_list("pk", flat=True))
    if not keys:
        return
    # By key, for `first` may take away what the rows were chosen by.
    rows = rows.model._default_manager.filter(pk__in=keys)
    if declaration.first is not None:
        declaration.first(rows)
    if rows.model is Photo:
        done.photos += keys
    if declaration.fate is ErasureMode.DELETE:
        rows.delete()
    else:
        rows.update(**declaration.blank)
    done.rows[declaration.model] += len(keys)
