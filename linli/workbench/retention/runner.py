"""A run: list, delete one by one, clean the places where the data stood, certify.

Each person is one transaction. Whatever is cut off goes on the next time: the open certificate
says that something is left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import DatabaseError, connection
from django.db.models import ProtectedError, Q, RestrictedError
from django.utils import timezone

from linli.core.batch_cache import batch_cache
from linli.core.database import raw_sql, text_index
from linli.core.errors import Refused
from linli.core.logger import get_logger
from linli.core.retention import waiting
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.workbench.conditions.snapshot import files as snapshot
from linli.workbench.imports import actions as imports
from linli.workbench.imports.queries import is_purge_due
from linli.workbench.journal.actions import redact_again
from linli.workbench.journal.redaction import full_again, redacted_identities
from linli.workbench.retention import actions, deleted_list, queries, rules
from linli.workbench.retention.deleted_list import HashedKey, RedactedEntry
from linli.workbench.retention.models import Certificate, DeletedKey, DuePerson

log = get_logger(__name__)


@dataclass
class RetentionRun:
    """What one run did: listed, deleted, failed; whether every place is clean."""

    listed: int = 0
    deleted: int = 0
    failed: int = 0
    clean: bool = True
    certificates: list[Certificate] = field(default_factory=list)


def towns() -> list[Place]:
    """Return the subdistricts: a certificate is one subdistrict's."""
    return list(Place.objects.filter(kind=PlaceKind.SUBDISTRICT).order_by("path"))


def publish(on: date) -> int:
    """Put everybody whose time is over soon on the list."""
    # The action writes an entry: none a day for a list that stays as it is.
    announced = bool(queries.to_be_announced(on)) or queries.no_longer_due().exists()
    if not announced:
        return 0
    return sum(actions.list_due(place=town, on=on, by=None) for town in towns())


def run(on: date) -> RetentionRun:
    """List, delete, clean and certify, as far as it can be done today."""
    ran = RetentionRun(listed=publish(on))
    keep_list()
    if is_purge_due():
        imports.purge(by=None)
    for town in towns():
        _one_town(town, on, ran)
    if queries.is_redacted_since(timezone.now() - timedelta(days=2)):
        # The words of single entries went: they leave index, snapshots and the file's log too.
        ran.clean = clean() and ran.clean
    return ran


def _one_town(town: Place, on: date, ran: RetentionRun) -> None:
    ready = _ready(town, on)
    # One that is still open says that an earlier run was cut off: it goes on.
    open_one = Certificate.objects.filter(scope_path=town.path, ended_at__isnull=True).first()
    if not ready and open_one is None:
        return
    certificate = actions.begin(place=town, by=None)
    with batch_cache():
        for due in ready:
            _one_person(due, certificate, on, ran)
    if not DeletedKey.objects.filter(certificate=certificate).exists():
        actions.drop_empty(certificate=certificate, by=None)
        return
    keep_list()
    # Only a clean file is certified; otherwise the next run tries again.
    if clean():
        ran.certificates.append(actions.certify(certificate=certificate, by=None))
    else:
        ran.clean = False


def _ready(town: Place, on: date) -> list[DuePerson]:
    over_or_asked = Q(kept_until__lt=on) | Q(asked_on__isnull=False)
    rows = queries.due_here().filter(over_or_asked, scope_path__startswith=town.path)
    over = [
        row
        for row in rows
        if rules.may_delete(
            left_on=row.left_on, shown_on=row.shown_on, asked_on=row.asked_on, today=on
        )
    ]
    held = waiting([due.person_id for due in over])
    return [due for due in over if due.person_id not in held]


def _one_person(due: DuePerson, certificate: Certificate, on: date, ran: RetentionRun) -> None:
    """Delete one person; what stands in the way stops nobody else."""
    try:
        actions.erase_person(due=due, certificate=certificate, on=on, by=None)
    except Refused:
        return  # held, taken off or deleted by another worker meanwhile: the list says so
    except (ProtectedError, RestrictedError, DatabaseError) as wrong:
        log.warning("retention failed", due=due.pk, why=type(wrong).__name__)
        ran.failed += 1
        actions.note_trouble(due=due, error_text=type(wrong).__name__, by=None)
    else:
        ran.deleted += 1


def clean() -> bool:
    """Take deleted words out of the index of words, the snapshots and the file; is it done?

    The file comes last: what the others let go of lies in it.
    """
    text_index.forget_deleted(connection)
    is_fresh = snapshot.forget_deleted()
    return raw_sql.write_file_anew() and is_fresh


def keep_list(also: Iterable[HashedKey] = ()) -> None:
    """Have the list beside the database name every deleted key and every emptied entry."""
    rows = DeletedKey.objects.order_by("pk").values_list("salt", "hash", "at")
    here = [HashedKey(salt, digest, at.isoformat()) for salt, digest, at in rows]
    emptied = (RedactedEntry(one, at.isoformat()) for one, at in redacted_identities().items())
    deleted_list.keep([*here, *also, *emptied])


def replay() -> int:
    """Delete and empty again what a restored backup brought back; return how many people."""
    known = deleted_list.deleted_keys()
    back = _who_came_back(known)
    again = sum(actions.erase_again(person=key, line=line, by=None) for key, line in back)
    if {one.hash for one in known} - set(DeletedKey.objects.values_list("hash", flat=True)):
        actions.take_list_over(lines=known, by=None)
    emptied = redact_what_came_back()
    if again or emptied:
        clean()
    return again


def redact_what_came_back() -> int:
    """Empty entries that were emptied once, and those about people who were deleted before.

    Before entries could be emptied, what was said about somebody outlived the person.
    """
    numbers = {*full_again(deleted_list.redacted_entries()), *queries.entries_of_deleted()}
    return redact_again(numbers=sorted(numbers), by=None) if numbers else 0


def _who_came_back(known: list[HashedKey]) -> list[tuple[int, HashedKey]]:
    by_hash = {hashed_key.hash: hashed_key for hashed_key in known}
    returned = []
    for salt in sorted({hashed_key.salt for hashed_key in known}):
        for key, changed in Person.objects.order_by("pk").values_list("pk", "changed_at"):
            line = by_hash.get(deleted_list.hash_of(key, salt))
            # A row changed since is somebody else with a reused key (decision 0026).
            if line is not None and changed < line.moment:
                returned.append((key, line))
    return returned


def after_restore(tell: Callable[[str], None]) -> None:
    """Delete again who was deleted since the backup was made, and say how many."""
    if again := replay():
        tell(f"备份之后已按期删除的{again}人，已重新删除。")
