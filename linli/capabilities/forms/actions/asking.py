"""What nobody knows yet becomes questions at doors; what comes back goes into the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.forms import rules
from linli.capabilities.forms.knowing import MISSING, Knowledge, known
from linli.capabilities.forms.models import Blank, Sheet
from linli.capabilities.forms.terms import UNFINISHED, BlankState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.core.time import add_working_days, today
from linli.register.people.actions import change_facts
from linli.register.people.models import Person
from linli.register.people.terms import Source
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.conditions.actions import set_value
from linli.workbench.conditions.models import Attribute
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.tasks.actions import cancel_task, finish_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import calendar
from linli.workbench.tasks.terms import UNFINISHED as UNFINISHED_TASKS

TASK = "forms.ask"
OWN = "own_"
may_collect = role_in(rules.MAY_COLLECT | {"system"})


def may_ask(*, sheet: Sheet, by: User | None) -> bool:
    """Whoever fills forms at this place."""
    return current_scope().role in rules.MAY_FILL


@action("form.ask", term=gettext_noop("派人去问缺项"), may=may_ask, journal="form.asked")
def ask_for_blanks(
    *, sheet: Sheet, headings: Sequence[int], by: User | None, due_on: date | None = None
) -> int:
    """Open a question for every missing value of some headings, one task a door; return doors."""
    if sheet.state not in UNFINISHED:
        raise Refused("form.closed", _("这张表已经上交，不能再派人去问"))
    wanted = _missing(sheet, known(sheet), set(headings))
    if not wanted:
        raise Refused("form.nothing_missing", _("选的栏目没有缺项"), "headings")
    people = Person.objects.filter(pk__in=wanted, home__isnull=False).select_related("home")
    doors: dict[int, list[Blank]] = defaultdict(list)
    places: dict[int, Place] = {}
    for person in people:
        places[person.home_id] = person.home
        doors[person.home_id] += [_blank(sheet, person, number, field)
                                  for number, field in wanted[person.pk]]  # fmt: skip
    if len(doors) > rules.MOST_DOORS:
        told = {"doors": len(doors), "most": rules.MOST_DOORS}
        raise Refused(
            "form.many_doors", _("要上%(doors)d户，一次最多%(most)d户") % told, "headings",
            _("请少选几个栏目，或先按网格分开填"),
        )  # fmt: skip
    day = due_on or sheet.due_on or add_working_days(today(), rules.DAYS_TO_COLLECT, calendar())
    for door, blanks in doors.items():
        task = _task(sheet, places[door], blanks, day, by)
        for blank in blanks:
            blank.task = task
        Blank.objects.bulk_create(blanks, ignore_conflicts=True)
    told = {"doors": len(doors), "blanks": sum(map(len, doors.values()))}
    write_journal("form.asked", about=sheet, text=sheet.title, data=told, by=by)
    return len(doors)


def _missing(
    sheet: Sheet, knowledge: Knowledge, headings: set[int]
) -> dict[int, list[tuple[int, str]]]:
    asked = set(
        Blank.objects.filter(sheet=sheet).values_list("person_id", "heading")
    )  # what was asked before is not asked again
    wanted: dict[int, list[tuple[int, str]]] = {}
    for row in knowledge.rows:
        lacking = [
            (number, cell.lacking[0])
            for number, cell in enumerate(row.cells)
            if number in headings and cell.state == MISSING and cell.lacking
            and (row.id, number) not in asked
        ]  # fmt: skip
        if lacking:
            wanted[row.id] = lacking
    return wanted


def _blank(sheet: Sheet, person: Person, number: int, field: str) -> Blank:
    label = dictionary().field("person", field).label if field else sheet.headings[number]["text"]
    return Blank(
        sheet=sheet, person=person, place=person.home, heading=number, field=field,
        question=label[:120], title=sheet.title, scope_path=person.home.path,
    )  # fmt: skip


def _task(sheet: Sheet, door: Place, blanks: list[Blank], day: date, by: User | None) -> Task:
    told = {"title": sheet.title, "n": len(blanks)}
    first = blanks[0]
    return open_task(
        kind=TASK, about=door, place=door, by=by, due_on=day,
        title=_("问%(n)d项：%(title)s") % told,
        occasion=f"{sheet.link}:{door.pk}:{first.person_id}:{first.heading}",
        note="、".join(dict.fromkeys(one.question for one in blanks)),
    )  # fmt: skip


@action("form.answer", term=gettext_noop("填缺项"), may=may_collect, journal="form.answered")
def answer_blank(
    *, blank: Blank, value: Any, by: User | None, source: str = Source.VISIT, cannot: bool = False
) -> Blank:
    """Say what was found out, into the register with source and day; or that it cannot be known."""
    if blank.state == BlankState.ANSWERED:
        raise Refused("form.answered", _("这一项已经有人填了"), hint=_("刷新后可看到"))
    if not cannot:
        _into_the_register(blank, value, source, by)
    blank.state = BlankState.CANNOT if cannot else BlankState.ANSWERED
    blank.answered_by, blank.answered_on = by, today()
    blank.save()
    told = {"field": blank.field, "cannot": cannot}
    write_journal("form.answered", about=blank.person, text=blank.question, data=told, by=by)
    _finish_when_done(blank, by)
    return blank


def _into_the_register(blank: Blank, value: Any, source: str, by: User | None) -> None:
    if value in ("", None):
        raise Refused("form.no_answer", _("请填“%(what)s”") % {"what": blank.question}, "value")
    if not blank.field:
        blank.value = str(value).strip()[: rules.LONGEST_ANSWER]
    elif blank.field.startswith(OWN):
        attribute = Attribute.objects.get(pk=int(blank.field.removeprefix(OWN)))
        set_value(attribute=attribute, subject_id=blank.person_id, value=value, by=by)  # type: ignore[arg-type]
    else:
        change_facts(
            person=blank.person, changes={blank.field: value}, source=source,
            confirmed_on=today(), by=by,
        )  # fmt: skip


def _finish_when_done(blank: Blank, by: User | None) -> None:
    task = blank.task
    if task is None or task.state not in UNFINISHED_TASKS:
        return
    mine = Blank.objects.filter(task=task)
    if mine.filter(state=BlankState.OPEN).exists():
        return
    cannot = mine.filter(state=BlankState.CANNOT).count()
    told = {"n": mine.count() - cannot, "cannot": cannot}
    words = _("问到%(n)d项，问不到%(cannot)d项") if cannot else _("问到%(n)d项")
    finish_task(task=task, by=by, result=words % told)


@action(
    "form.close_known", term=gettext_noop("已知的缺项自动填上"), may=may_collect,
    journal="form.closed_known",
)  # fmt: skip
def close_known_blanks(*, sheet: Sheet, by: User | None) -> int:
    """Close the questions whose answer has come into the register some other way."""
    open_ones = list(
        Blank.objects.filter(sheet=sheet, state=BlankState.OPEN).exclude(field="")
        .select_related("person", "task")
    )  # fmt: skip
    closed = 0
    for blank in open_ones:
        if blank.field.startswith(OWN) or getattr(blank.person, blank.field, None) in ("", None):
            continue
        blank.state, blank.answered_on = BlankState.ANSWERED, today()
        blank.save()
        _finish_when_done(blank, by)
        closed += 1
    write_journal("form.closed_known", about=sheet, text=sheet.title, data={"n": closed}, by=by)
    return closed


def stop_asking(sheet: Sheet, by: User | None) -> None:
    """Take open questions of a form back, with their tasks; what was answered stays."""
    open_ones = Blank.objects.filter(sheet=sheet, state=BlankState.OPEN).select_related("task")
    tasks = {one.task_id: one.task for one in open_ones if one.task is not None}
    for task in tasks.values():
        if task.state in UNFINISHED_TASKS:
            cancel_task(task=task, by=by, reason=_("这张表不再需要"))
    open_ones.update(state=BlankState.CANNOT)


def is_collecting(sheet: Sheet) -> bool:
    """Are there questions still open?"""
    return sheet.state in UNFINISHED and bool(
        Blank.objects.filter(sheet=sheet, state=BlankState.OPEN).exists()
    )
