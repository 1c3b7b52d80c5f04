"""Taking a death or a move out back, when it was recorded by mistake."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.endings import PERSON, reopen_what_ended
from linli.core.errors import Refused
from linli.register.people.actions.stays import check_dwelling, locked, refused_when_doubled
from linli.register.people.models import Departure, Household, Person
from linli.register.people.reversal import Memory, Obstacle, obstacles_of, read_memory, restore
from linli.register.people.terms import PersonStatus, Relation
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_EDIT_PEOPLE


def remember_departure(person: Person, memory: Memory) -> None:
    """Keep what stood before somebody left or died, in place of what an earlier one kept."""
    Departure.objects.filter(person=person).delete()
    Departure(
        person=person, status=person.status, memory=memory.sealed(), scope_path=person.scope_path
    ).save()


def departure_of(person: Person) -> Departure | None:
    """Return the death or move out that can be taken back, if there is one."""
    if person.status == PersonStatus.CURRENT:
        return None
    departure: Departure | None = person.departures.filter(status=person.status).first()
    return departure


def departure_obstacles(departure: Departure) -> list[Obstacle]:
    """Return what stands in the way of taking a death or a move out back."""
    return obstacles_of(_memory(departure))


def _memory(departure: Departure) -> Memory:
    memory = read_memory(departure.memory)
    heads = dict(
        Household.objects.filter(pk__in=list(memory.households)).values_list("pk", "head_id")
    )
    for key, change in memory.households.items():
        if "head_id" in change and heads.get(key) not in (change["head_id"][1], None):
            # Those who stayed have a head by now: theirs stays, and nothing is guessed of it.
            del change["head_id"]
            for one in memory.people.values():
                one.pop("relation_to_head", None)
    return memory


@action(
    "person.undo_departure",
    term=gettext_noop("撤销身故或迁出登记"),
    may=role_in(MAY_EDIT_PEOPLE),
    journal="person.departure_undone",
)
def undo_departure(*, person: Person, by: User | None) -> Person:
    """Take a death or a move out back: status, stay, household, its head and what was open."""
    person = locked(person)
    departure = departure_of(person)
    if departure is None:
        raise Refused(
            "person.no_departure",
            _("没有可以撤销的身故或迁出登记"),
            hint=_("迁出的人回来住，请用“迁入”"),
        )
    # The home may have gone to others, but it must stand.
    check_dwelling(person.home)
    memory = _memory(departure)
    if found := obstacles_of(memory):
        raise Refused(
            "person.undo_blocked",
            _("登记之后又有%(n)s处变动，不能撤销，什么都没有改") % {"n": len(found)},
            hint=_("撤销页列出了是哪些变动"),
        )
    with refused_when_doubled():
        restore(memory)
    label = PersonStatus(departure.status).label
    departure.delete()
    person.refresh_from_db()
    _no_second_head(person)
    reopen_what_ended(PERSON, [person.pk], by=by)
    write_journal("person.departure_undone", about=person, text=_("撤销登记：%s") % label, by=by)
    return person


def _no_second_head(person: Person) -> None:
    """Whoever comes back to a household that has another head by now is not its head."""
    household = person.household
    if household is None or person.relation_to_head != Relation.HEAD:
        return
    if household.head_id not in (None, person.pk):
        person.relation_to_head = ""
        person.save(update_fields=["relation_to_head", "changed_at"])
