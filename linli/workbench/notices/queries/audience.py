"""Who a condition means, and by which way each of them will be told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.fields import PERSON, Condition
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.workbench.conditions import queries as conditions
from linli.workbench.notices.recipients import channel_of, recipient_of
from linli.workbench.notices.terms import ChannelKind

AT_ONCE = 500


def people_of(condition: Condition) -> list[Person]:
    """Return the residents of the active scope that a condition fits, with their homes."""
    if condition.subject != PERSON:
        raise Refused("notice.not_people", _("通知只能发给人，不能发给房屋或楼栋"), "audience")
    keys = conditions.ids(condition)
    people: list[Person] = []
    for start in range(0, len(keys), AT_ONCE):
        # A condition may also ask for those who left; they are told nothing.
        rows = Person.objects.filter(
            pk__in=keys[start : start + AT_ONCE], status=PersonStatus.CURRENT
        )
        people += rows.select_related("home").order_by("pk")
    return people


@dataclass(frozen=True)
class People:
    """How many a condition means and by which way they are told, the commonest first."""

    total: int
    by_channel: tuple[tuple[str, int], ...]
    first: Person | None


def people_told(condition: Condition) -> People:
    """Count before anything is sent."""
    people = people_of(condition)
    ways = Counter(channel_of(recipient_of(person)) for person in people)
    named = tuple((str(ChannelKind(key).label), number) for key, number in ways.most_common())
    return People(len(people), named, people[0] if people else None)
