"""What was found out at a door goes into the register, once, for every form that waits for it."""

from __future__ import annotations

import contextlib
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.answers.cells import OWN
from linli.capabilities.form_filling.models import FormInstance, OpenQuestion
from linli.capabilities.form_filling.terms import QuestionState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.people.actions import change_facts, contact_by_facts
from linli.register.people.terms import FactSource
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.conditions.actions import set_value
from linli.workbench.conditions.models import OwnField
from linli.workbench.tasks.actions import finish_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED as UNFINISHED_TASKS

may_collect = role_in(rules.MAY_COLLECT | {"system"})


@action("form.answer", term=gettext_noop("填缺项"), may=may_collect, journal="form.answered")
def answer_question(
    *,
    open_question: OpenQuestion,
    value: Any,
    by: User | None,
    source: str = FactSource.VISIT,
    cannot: bool = False,
) -> OpenQuestion:
    """Say what was found out, into the register with source and day; or that it cannot be known.

    Whatever form asks the same of the same person is answered with it. Of two who answer at once
    one is first, and the other is told so before anything is written.
    """
    state = QuestionState.CANNOT if cannot else QuestionState.ANSWERED
    same = _same_question(open_question)
    mine = OpenQuestion.objects.filter(pk=open_question.pk).exclude(state=QuestionState.ANSWERED)
    # "Cannot" may still be answered; only an answer closes a question for good.
    if not mine.update(state=state, answered_by=by, answered_on=today()):
        raise Refused("form.answered", _("这一项已经有人填了"), hint=_("刷新后可看到"))
    if not cannot:
        # After the update that decides who is first, so that the second writes nothing.
        _into_the_register(open_question, value, source, by)
        contact_by_facts(person=open_question.person, source=source, on=today(), by=by)
    waiting = OpenQuestion.objects.filter(pk__in=[one.pk for one in same], state=QuestionState.OPEN)
    waiting.update(state=state, answered_by=by, answered_on=today())
    data = {"field": open_question.field, "cannot": cannot, "forms": 1 + len(same)}
    write_journal(
        "form.answered", about=open_question.person, text=open_question.question, data=data, by=by
    )
    open_question.state, open_question.answered_by, open_question.answered_on = state, by, today()
    finish_when_done(open_question.task, by)
    for task in {
        one.task_id: one.task for one in same if one.task_id != open_question.task_id
    }.values():
        # What a colleague has taken for another form is theirs to end.
        with contextlib.suppress(Refused):
            finish_when_done(task, by)
    return open_question


def _same_question(open_question: OpenQuestion) -> list[OpenQuestion]:
    """Return the open questions of other forms for the same fact of the same person."""
    if not open_question.field:
        return []
    # Locked in one order, so that two who answer for two forms wait for each other.
    group = OpenQuestion.objects.filter(person=open_question.person_id, field=open_question.field)
    locked = list(group.select_for_update().order_by("pk").values_list("pk", "state"))
    if any(state == QuestionState.ANSWERED and pk == open_question.pk for pk, state in locked):
        return []
    others = [pk for pk, state in locked if pk != open_question.pk and state == QuestionState.OPEN]
    return list(OpenQuestion.objects.filter(pk__in=others).select_related("task"))


def _into_the_register(
    open_question: OpenQuestion, value: Any, source: str, by: User | None
) -> None:
    if value in ("", None):
        raise Refused(
            "form.no_answer", _("请填“%(what)s”") % {"what": open_question.question}, "value"
        )
    if not open_question.field:
        open_question.value = str(value).strip()[: rules.LONGEST_ANSWER]
        open_question.save(update_fields=["value"])
    elif open_question.field.startswith(OWN):
        attribute = OwnField.objects.get(pk=int(open_question.field.removeprefix(OWN)))
        set_value(attribute=attribute, subject_id=open_question.person_id, value=value, by=by)  # type: ignore[arg-type]
    else:
        change_facts(
            person=open_question.person,
            changes={open_question.field: value},
            source=source,
            confirmed_on=today(),
            by=by,
        )


def finish_when_done(task: Task | None, by: User | None) -> None:
    """End the task at a door once nothing is open there any more."""
    if task is None or task.state not in UNFINISHED_TASKS:
        return
    mine = OpenQuestion.objects.filter(task=task).exclude(state=QuestionState.DROPPED)
    if mine.filter(state=QuestionState.OPEN).exists():
        return
    cannot = _questions(mine.filter(state=QuestionState.CANNOT))
    counts = {"n": _questions(mine) - cannot, "cannot": cannot}
    words = _("问到%(n)d项，问不到%(cannot)d项") if cannot else _("问到%(n)d项")
    finish_task(task=task, by=by, result=words % counts)


def _questions(rows: Any) -> int:
    """Count questions, each once however many forms ask it."""
    return len(
        {(person, field or pk) for person, field, pk in rows.values_list("person", "field", "pk")}
    )


@action(
    "form.close_known",
    term=gettext_noop("已知的缺项自动填上"),
    may=may_collect,
    journal="form.closed_known",
)
def close_known_questions(*, form_instance: FormInstance, by: User | None) -> int:
    """Close the questions whose answer has come into the register some other way."""
    open_ones = list(
        OpenQuestion.objects.filter(form_instance=form_instance, state=QuestionState.OPEN)
        .exclude(field="")
        .select_related("person", "task")
    )
    closed = 0
    for open_question in open_ones:
        # Fields of an office's own are kept elsewhere than on the person.
        if open_question.field.startswith(OWN) or getattr(
            open_question.person, open_question.field, None
        ) in ("", None):
            continue
        mine = OpenQuestion.objects.filter(pk=open_question.pk, state=QuestionState.OPEN)
        closed += mine.update(state=QuestionState.ANSWERED, answered_on=today())
        finish_when_done(open_question.task, by)
    write_journal(
        "form.closed_known",
        about=form_instance,
        text=form_instance.title,
        data={"n": closed},
        by=by,
    )
    return closed
