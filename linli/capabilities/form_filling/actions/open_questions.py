"""What nobody knows yet becomes questions at doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.answers.cells import MISSING, OWN, Knowledge, at_a_glance
from linli.capabilities.form_filling.models import FormInstance, FormReturn, OpenQuestion
from linli.capabilities.form_filling.terms import ASK, UNFINISHED, QuestionState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.core.time import add_working_days, today
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.tasks.actions import cancel_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import calendar
from linli.workbench.tasks.terms import UNFINISHED as UNFINISHED_TASKS

Question = tuple[int, str]


@dataclass(frozen=True)
class QuestionsSent:
    """How many doors somebody was sent to, with how many questions."""

    doors: int
    open_questions: int


@dataclass
class _Door:
    place: Place
    open_questions: list[OpenQuestion] = field(default_factory=list)


def may_ask(*, form_instance: FormInstance, by: User | None) -> bool:
    """Whoever fills forms at this place."""
    return current_scope().role in rules.MAY_FILL


@action("form.ask", term=gettext_noop("派人去问缺项"), may=may_ask, journal="form.asked")
def ask_open_questions(
    *,
    form_instance: FormInstance,
    headings: Sequence[int],
    by: User | None,
    due_on: date | None = None,
) -> QuestionsSent:
    """Open a question for every missing value of some headings, one task a door.

    What another form asks at the same door is not asked again: its answer answers both.
    """
    if form_instance.state not in UNFINISHED:
        raise Refused("form.closed", _("这张表已经上交，不能再派人去问"))
    wanted = _missing(form_instance, at_a_glance(form_instance), set(headings))
    doors = _doors(form_instance, wanted)
    if not doors:
        raise Refused("form.nothing_missing", _("选的栏目没有缺项"), "headings")
    if len(doors) > rules.MOST_DOORS:
        data = {"doors": len(doors), "most": rules.MOST_DOORS}
        raise Refused(
            "form.many_doors",
            _("要上%(doors)d户，一次最多%(most)d户") % data,
            "headings",
            _("请少选几个栏目，或先按网格分开填"),
        )
    day = (
        due_on
        or form_instance.due_on
        or add_working_days(today(), rules.DAYS_TO_COLLECT, calendar())
    )
    for door in doors.values():
        _send(form_instance, door, day, by)
    sent = QuestionsSent(len(doors), sum(len(one.open_questions) for one in doors.values()))
    data = {"doors": sent.doors, "open_questions": sent.open_questions}
    write_journal("form.asked", about=form_instance, text=form_instance.title, data=data, by=by)
    return sent


def _missing(
    form_instance: FormInstance, knowledge: Knowledge, headings: set[int]
) -> dict[int, dict[Question, None]]:
    """Return, person by person, what is lacking: every fact of a heading, each fact once."""
    wanted: dict[int, dict[Question, None]] = {}
    for row in knowledge.rows:
        lacking: dict[str, Question] = {}
        for number, cell in enumerate(row.cells):
            if number in headings and cell.state == MISSING:
                for key in cell.lacking:
                    lacking.setdefault(key or f"#{number}", (number, key))
        if lacking:
            wanted[row.id] = dict.fromkeys(lacking.values())
    return wanted


def _doors(
    form_instance: FormInstance, wanted: dict[int, dict[Question, None]]
) -> dict[int, _Door]:
    """Return what is asked door by door; everybody of the register has one."""
    asked_before = _asked_before(form_instance)
    # A form may list who has died; nobody is sent to ask them.
    here = Person.objects.filter(pk__in=wanted, status=PersonStatus.CURRENT)
    people = here.select_related("home")
    doors: dict[int, _Door] = {}
    for person in people:
        still = [
            (number, key)
            for number, key in wanted[person.pk]
            if (person.pk, key or number) not in asked_before and not _is_known(person, key)
        ]
        if still:
            door = doors.setdefault(person.home_id, _Door(person.home))
            door.open_questions += [
                _blank(form_instance, person, number, key) for number, key in still
            ]
    return doors


def _asked_before(form_instance: FormInstance) -> set[tuple[int, str | int]]:
    """Return what this form asked and has not taken back: it is not asked twice."""
    rows = OpenQuestion.objects.filter(form_instance=form_instance).exclude(
        state=QuestionState.DROPPED
    )
    return {
        (person, key or number)
        for person, number, key in rows.values_list("person_id", "heading", "field")
    }


def _is_known(person: Person, key: str) -> bool:
    """Is a fact there, though what is worked out of it and others is not?"""
    return bool(key) and not key.startswith(OWN) and getattr(person, key, None) not in ("", None)


def _blank(form_instance: FormInstance, person: Person, number: int, field: str) -> OpenQuestion:
    label = (
        dictionary().field("person", field).label
        if field
        else form_instance.headings[number]["text"]
    )
    return OpenQuestion(
        form_instance=form_instance,
        person=person,
        place=person.home,
        heading=number,
        field=field,
        question=label[:120],
        title=form_instance.title,
        scope_path=person.home.path,
    )


def _send(form_instance: FormInstance, door: _Door, day: date, by: User | None) -> None:
    """Send somebody for what nobody is asking there yet; what is being asked is waited for."""
    others = {
        (one.person_id, one.field): one.task
        for one in OpenQuestion.objects.filter(place=door.place, state=QuestionState.OPEN)
        .exclude(field="")
        .exclude(form_instance=form_instance)
        .select_related("task")
        if one.task is not None and one.task.state in UNFINISHED_TASKS
    }
    fresh = [
        question
        for question in door.open_questions
        if (question.person_id, question.field) not in others
    ]
    task = _task(form_instance, door.place, fresh, day, by) if fresh else None
    for open_question in door.open_questions:
        open_question.task = others.get((open_question.person_id, open_question.field), task)
    OpenQuestion.objects.filter(
        form_instance=form_instance,
        state=QuestionState.DROPPED,
        person__in={question.person_id for question in door.open_questions},
        # Those withdrawn when the form went out, or the constraint would keep the same ones out.
    ).delete()
    # Two who send at once: the constraint decides, and nobody is asked twice.
    OpenQuestion.objects.bulk_create(door.open_questions, ignore_conflicts=True)


def _task(
    form_instance: FormInstance,
    door: Place,
    open_questions: list[OpenQuestion],
    day: date,
    by: User | None,
) -> Task:
    told = {"title": form_instance.title, "n": len(open_questions)}
    first = open_questions[0]
    # After a return the same question is another occasion.
    times = FormReturn.objects.filter(form_instance=form_instance).count()
    return open_task(
        kind=ASK,
        about=door,
        place=door,
        by=by,
        due_on=day,
        title=_("问%(n)d项：%(title)s") % told,
        occasion=f"{form_instance.link}:{door.pk}:{first.person_id}:{first.heading}:{times}",
        note="、".join(dict.fromkeys(open_question.question for open_question in open_questions)),
    )


def stop_asking(form_instance: FormInstance, by: User | None) -> None:
    """Take open questions of a form back, with tasks nobody else needs; answers stay."""
    open_ones = OpenQuestion.objects.filter(
        form_instance=form_instance, state=QuestionState.OPEN
    ).select_related("task")
    tasks = {
        open_question.task_id: open_question.task
        for open_question in open_ones
        if open_question.task is not None
    }
    # Another form may wait for the same answer at the same door.
    needed = set(
        OpenQuestion.objects.filter(task__in=tasks, state=QuestionState.OPEN)
        .exclude(form_instance=form_instance)
        .values_list("task_id", flat=True)
    )
    for pk, task in tasks.items():
        if pk not in needed and task.state in UNFINISHED_TASKS:
            cancel_task(task=task, by=by, reason=_("这张表不再需要"))
    open_ones.update(state=QuestionState.DROPPED)


def is_collecting(form_instance: FormInstance) -> bool:
    """Are there questions still open?"""
    return form_instance.state in UNFINISHED and bool(
        OpenQuestion.objects.filter(form_instance=form_instance, state=QuestionState.OPEN).exists()
    )
