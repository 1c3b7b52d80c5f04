"""Taking back what a spreadsheet did: all of it, or nothing while something stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.batches import keys_in_batches
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.register.people.models import Person
from linli.register.people.reversal import Memory, Obstacle, obstacles_of, read_memory, restore
from linli.register.people.reversal.obstacles import Besides
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_IMPORT


@dataclass(frozen=True)
class Undone:
    """How many records were taken back."""

    removed: int
    restored: int


@dataclass(frozen=True)
class UndoOutlook:
    """What an undo would take back, and what stands in its way."""

    removed: int
    restored: int
    obstacles: Sequence[Obstacle] = ()
    rows_going: Mapping[str, set[int]] = field(default_factory=dict)


def undo_outlook(*, undo: str, besides: Besides | None = None) -> UndoOutlook:
    """Say beforehand what ``undo_rows`` would take back and what stands in its way."""
    memory = read_memory(undo)
    return UndoOutlook(
        len(memory.created),
        _restored(memory),
        obstacles_of(memory, besides=besides),
        memory.rows_going(),
    )


def _restored(memory: Memory) -> int:
    return len(memory.people.keys() | memory.stamps.keys())


@action(
    "people.undo_rows",
    term=gettext_noop("撤销导入"),
    may=role_in(MAY_IMPORT),
    journal="people.rows_undone",
)
def undo_rows(*, undo: str, besides: Besides | None = None, by: User) -> Undone:
    """Take back all that ``apply_rows`` did, or refuse while something rests on it."""
    memory = read_memory(undo)
    for keys in keys_in_batches([*memory.created, *memory.people]):
        # Held until the end: what is compared next stays as it is.
        list(Person.objects.select_for_update(of=("self",)).filter(pk__in=keys).values_list("pk"))
    if found := obstacles_of(memory, besides=besides):
        raise blocked(len(found))
    try:
        restore(memory)
    except ProtectedError as wrong:
        raise blocked(len(wrong.protected_objects)) from wrong
    done = Undone(len(memory.created), _restored(memory))
    paths = current_scope().paths
    write_journal(
        "people.rows_undone",
        data={"removed": done.removed, "restored": done.restored},
        scope_path=paths[0] if paths else "",
        by=by,
    )
    return done


def blocked(count: int) -> Refused:
    """Return the refusal of an undo that later changes stand in the way of."""
    return Refused(
        "people.undo_blocked",
        _("之后又有%(n)s处变动，现在不能撤销，什么都没有改") % {"n": count},
        hint=_("撤销页列出了是哪些变动：先撤销或更正它们，再来撤销"),
    )
