"""Who has lost their abilities: a change brings a visit; very many at once are confirmed first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.visits import rules
from linli.capabilities.visits.actions.plans import may_plan, may_system
from linli.capabilities.visits.actions.visits import visit_at_once
from linli.capabilities.visits.models import CareLevelSeen, Visit
from linli.capabilities.visits.queries import frail_waiting
from linli.capabilities.visits.terms import MANY_FRAIL, LossOfAbility
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.paths import ancestors
from linli.core.scope import current_scope
from linli.register.people.models import FactStamp, Person
from linli.register.people.queries import lives_here
from linli.register.people.terms import CareLevel
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.tasks.actions import finish_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED

LOST = (CareLevel.SEVERE, CareLevel.FULL)
LOOK_BACK = 3  # days: what was entered late is still heard
AT_A_TIME = 500


@dataclass
class Frail:
    """Who is to be remembered anew, and who is not frail any more."""

    heard: dict[int, tuple[str, date]]  # a change of the last days: person, level, its day
    known: dict[int, str]  # known from elsewhere: registered so, or long ago
    over: list[int]

    @property
    def is_nothing(self) -> bool:
        """Has nothing changed since the last look?"""
        return not (self.heard or self.known or self.over)


def frail_since(on: date) -> Frail:
    """Compare who is frail with who was: a new day on the same fact is no change."""
    now = dict(
        Person.objects.filter(lives_here(), care_level__in=LOST, home__isnull=False).values_list(
            "pk", "care_level"
        )
    )
    before = dict(CareLevelSeen.objects.values_list("person_id", "level"))
    worse = [pk for pk, level in now.items() if _is_worse(before.get(pk), level)]
    better = {pk: now[pk] for pk in now if pk in before and before[pk] != now[pk]}
    stamped: dict[int, date] = {}
    for start in range(0, len(worse), AT_A_TIME):
        rows = FactStamp.objects.filter(
            person__in=worse[start : start + AT_A_TIME],
            field="care_level",
            confirmed_on__gte=on - timedelta(days=LOOK_BACK),
        )
        stamped |= dict(rows.values_list("person_id", "confirmed_on"))
    # What was confirmed long ago is no change of today: it is only remembered.
    heard = {pk: (now[pk], stamped[pk]) for pk in worse if pk in stamped}
    known = better | {pk: now[pk] for pk in worse}
    quiet = {pk: level for pk, level in known.items() if pk not in heard}
    # Who is better is forgotten, so that a relapse is heard again.
    return Frail(heard, quiet, [pk for pk in before if pk not in now])


def _is_worse(before: str | None, level: str) -> bool:
    return before is None or (before == CareLevel.SEVERE and level == CareLevel.FULL)


@action(
    "visit.hear_frail",
    term=gettext_noop("记下谁刚失能"),
    may=may_system,
    journal="visit.frail_heard",
)
def hear_frail(*, found: Frail, on: date, by: User | None) -> int:
    """Have those visited who have just lost their abilities; return how many are new.

    Where very many of one community come at once it was a list, and somebody is asked first.
    """
    people = Person.objects.select_related("home").in_bulk([*found.heard, *found.known])
    CareLevelSeen.objects.filter(person__in=[*found.over, *people]).delete()
    rows = {
        pk: CareLevelSeen(
            person=person,
            scope_path=person.scope_path,
            day=on,
            level=found.heard[pk][0] if pk in found.heard else found.known[pk],
        )
        for pk, person in people.items()
    }
    visited = 0
    for place, keys in _by_community([people[pk] for pk in found.heard]).items():
        asks = rules.asks_before_visiting(people=len(keys))
        for pk in keys:
            occasion = f"frail:{found.heard[pk][1]}"
            rows[pk].day = found.heard[pk][1]
            # Remembered all the same: the next look must not take them for new ones.
            rows[pk].waits = asks
            if not asks:
                visited += _visit(people[pk], occasion, by)
        if asks and place is not None:
            _ask(place, len(keys), on, by)
    CareLevelSeen.objects.bulk_create(rows.values(), batch_size=AT_A_TIME)
    data = {"heard": len(found.heard), "visited": visited, "over": len(found.over)}
    write_journal("visit.frail_heard", data=data, by=by)
    return visited


def _visit(person: Person, occasion: str, by: User | None) -> bool:
    """Have somebody visited at once, where nobody was sent for this before."""
    if Visit.objects.filter(person=person, occasion=occasion).exists():
        return False
    why = str(LossOfAbility.FRAIL.label)
    visit_at_once(person=person, why=why, change=LossOfAbility.FRAIL, occasion=occasion, by=by)
    return True


def _by_community(people: list[Person]) -> dict[Place | None, list[int]]:
    communities = {place.path: place for place in Place.objects.filter(kind="community")}
    by_place: dict[Place | None, list[int]] = defaultdict(list)
    for person in people:
        above = [path for path in ancestors(person.scope_path) if path in communities]
        by_place[communities[above[-1]] if above else None].append(person.pk)
    return by_place


def _ask(place: Place, people: int, on: date, by: User | None) -> None:
    open_task(
        kind=MANY_FRAIL,
        about=place,
        place=place,
        by=by,
        occasion=f"frail:{place.pk}:{on}",
        title=_("%(n)s人一次被记为失能，要不要马上去看") % {"n": people},
        note=_("请打开“看望与承诺”确认：是刚失能的就去看，是补录名单的就不用"),
    )


@action(
    "visit.settle_frail",
    term=gettext_noop("确认一批失能"),
    may=may_plan,
    journal="visit.frail_settled",
)
def settle_frail(*, go: bool, confirmed: int | None, by: User | None) -> int:
    """Say of very many at once whether they are visited now; return how many are."""
    waiting = list(frail_waiting())
    if go and confirmed != len(waiting):
        raise Refused(
            "visit.many_frail",
            _("要马上看望%(n)s人") % {"n": len(waiting)},
            "confirmed",
            _("确实刚失能的，请填上这个数目。"),
        )
    visited = 0
    for seen in waiting:
        if go:
            visited += _visit(seen.person, f"frail:{seen.day}", by)
    CareLevelSeen.objects.filter(pk__in=[seen.pk for seen in waiting]).update(waits=False)
    answer = _("马上看望") if go else _("不用马上去")
    for task in Task.objects.filter(kind=MANY_FRAIL, state__in=UNFINISHED):
        finish_task(task=task, by=by, result=answer)
    data = {"people": len(waiting), "visited": visited}
    paths = current_scope().paths
    write_journal(
        "visit.frail_settled", text=answer, data=data, scope_path=paths[0] if paths else "", by=by
    )
    return visited
