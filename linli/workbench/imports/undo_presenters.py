"""What an undo would do and what stands in its way, in words with links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.core.fields import PERSON
from linli.core.interface.registry import record_address
from linli.core.record_keys import model_words
from linli.register.people.models import Household, Person
from linli.register.people.reversal import Obstacle, Reason
from linli.register.places.models import Place
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.own_fields import dictionary, read_once
from linli.workbench.imports.list_traces import LaterList
from linli.workbench.imports.presenters import covered
from linli.workbench.imports.undo_outlook import Outlook
from linli.workbench.journal.queries import rows_about, shown_entry
from linli.workbench.read_budget.actions import note_read

SHOWN = 50


@dataclass(frozen=True)
class InTheWay:
    """One thing that stands in the way: what it is, where it can be seen, what happened to it."""

    what: str
    why: str = ""
    href: str = ""


def page_context(
    *, question: str, takes: Sequence[str], in_the_way: Sequence[InTheWay], cancel_href: str
) -> dict[str, Any]:
    """Return what the page that asks before an undo shows."""
    return {
        "question": question,
        "note": _("全部撤销或全部不变"),
        "takes": takes,
        "obstacles": in_the_way[:SHOWN],
        "not_shown": max(0, len(in_the_way) - SHOWN),
        "cancel_href": cancel_href,
    }


def takes(outlook: Outlook) -> list[str]:
    """Say what an undo of an import takes back, in figures."""
    counted = (
        (outlook.people.removed, _("删除导入时新增的%(n)s人")),
        (outlook.people.restored, _("%(n)s人恢复导入前的资料")),
        (outlook.homes, _("删除导入时建立的%(n)s处地址")),
        (outlook.records, _("%(n)s处房屋恢复导入前的资料")),
    )
    return [words % {"n": n} for n, words in counted if n]


def in_the_way(outlook: Outlook, since: datetime | None, role: str) -> list[InTheWay]:
    """Say what stands in the way of an import's undo."""
    places = Place.objects.in_bulk(list(outlook.places))
    return [
        *lists_in_the_way(outlook.later),
        *people_in_the_way(outlook.people.obstacles, since, role, outlook.row_of),
        *(
            InTheWay(_("第%(row)s行") % {"row": row}, _("之后又改过，与导入的不同"))
            for row in outlook.rows
        ),
        *(
            InTheWay(
                str(places.get(key, _("一处地址"))),
                _("已有别的登记：%(what)s") % {"what": what},
                record_address("places.place", key) if key in places else "",
            )
            for key, what in sorted(outlook.places.items())
        ),
    ]


def lists_in_the_way(later: Sequence[LaterList]) -> list[InTheWay]:
    """Name the later lists that rest on one that is to be taken back."""
    return [
        InTheWay(
            _("名单“%(label)s”") % {"label": one.label},
            _("%(day)s导入，动过或说到其中%(n)s处：请先撤销它")
            % {"day": _day(one.applied_at), "n": one.records},
            one.href,
        )
        for one in later
    ]


def people_in_the_way(
    obstacles: Sequence[Obstacle],
    since: datetime | None,
    role: str,
    row_of: Mapping[int, int] | None = None,
) -> list[InTheWay]:
    """Name the people and households that were changed since, and what was done last."""
    # Only those that are named: the rest is counted by the page.
    shown = obstacles[:SHOWN]
    people = Person.objects.in_bulk([one.person for one in shown if one.person])
    households = Household.objects.select_related("dwelling").in_bulk(
        [one.household for one in shown if one.household]
    )
    note_read(people)
    with read_once():
        named = [
            _one(one, people, households, since, role, (row_of or {}).get(one.person or 0))
            for one in shown
        ]
    return named + [InTheWay("")] * (len(obstacles) - len(shown))


def _one(
    obstacle: Obstacle,
    people: Mapping[int, Person],
    households: Mapping[int, Household],
    since: datetime | None,
    role: str,
    row: int | None,
) -> InTheWay:
    person = people.get(obstacle.person or 0)
    household = households.get(obstacle.household or 0)
    what, href = _("一位不在您范围里的人"), ""
    if person is not None:
        what = covered(PERSON, "name", person.name, role)
        href = record_address("people.person", person.pk)
    elif obstacle.person is None:
        what = _("%(home)s的一户") % {"home": household.dwelling if household else ""}
        href = record_address("people.household", household.pk) if household else ""
    if row is not None:
        what = _("%(who)s（第%(row)s行）") % {"who": what, "row": row}
    last = _last(person, since) if person is not None else ""
    return InTheWay(what, " · ".join(filter(None, (_why(obstacle, role), last))), href)


def _why(obstacle: Obstacle, role: str) -> str:
    if obstacle.reason == Reason.USED:
        return _("已有记录：%(what)s") % {"what": model_words(obstacle.model)}
    labels = "、".join(dict.fromkeys(_labels(obstacle.facts, role)))
    words = {
        Reason.CHANGED: _("之后改过%(facts)s") % {"facts": labels},
        Reason.GONE: _("记录已删除，或已转到别处"),
        Reason.LIVED_IN: _("之后住进了导入时立的户"),
        Reason.DOUBLED: _("原来的证件号码已登记在别人名下"),
    }
    return words[obstacle.reason]


def _labels(facts: Sequence[str], role: str) -> Iterator[str]:
    others = {
        "home_id": _("住址"),
        "home": _("居住"),
        "household_id": _("所在户"),
        "head_id": _("户主"),
        "status": _("状态"),
        "ended_on": _("销户日期"),
    }
    words = dictionary()
    for name in facts:
        if name in others:
            yield others[name]
        elif words.has(PERSON, name) and access_to(words.field(PERSON, name), role) != (
            Access.HIDDEN
        ):
            yield words.field(PERSON, name).label


def _last(person: Person, since: datetime | None) -> str:
    rows = rows_about(person)
    entry = (rows.filter(at__gt=since) if since else rows).first()
    if entry is None:
        return ""
    shown = shown_entry(entry, with_text=False)
    return _("%(day)s %(what)s") % {"day": _day(shown.at), "what": shown.what}


def _day(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d")
