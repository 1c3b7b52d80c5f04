"""The resident says that nobody came, or that nothing was done: it stands until looked into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.visits import rules
from linli.capabilities.visits.actions.visits import (
    CONTACTS,
    contact_step,
    stop_visit,
    visit_at_once,
)
from linli.capabilities.visits.models import FeedbackRequest, Promise, Visit
from linli.capabilities.visits.queries import is_own, owners_of, word_against, words_of
from linli.capabilities.visits.terms import (
    DISPUTED,
    TELL,
    Finding,
    LossOfAbility,
    PromiseState,
    VisitState,
)
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import record_contact, take_contacts_back
from linli.register.people.models import Person, PersonContact
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.tasks.actions import finish_task, open_task, reopen_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED, TaskEvent, TaskState

may_dispute = role_in(rules.MAY_VISIT)


@action(
    "visit.dispute",
    term=gettext_noop("居民说没来或没做到"),
    may=may_dispute,
    journal="visit.disputed",
)
def dispute(*, feedback_request: FeedbackRequest, by: User | None) -> Task:
    """Let a resident's word stand: the visit counts no more, what was promised is open again.

    Whoever leads there looks into it, with both words before them; never the visitor.
    """
    person: Person = feedback_request.person
    with system_scope("what a resident says reopens what somebody said was done"):
        if feedback_request.visit is not None:
            _take_back_visit(feedback_request.visit, by)
        if feedback_request.promise is not None:
            _open_promise_again(feedback_request.promise, by)
        task = open_task(
            kind=DISPUTED,
            about=feedback_request,
            place=feedback_request.place,
            person=person,
            title=_("%(name)s：%(word)s")
            % {"name": person.name, "word": word_against(feedback_request)},
            note=words_of(feedback_request),
            # Whoever leads there, or one up where that is whoever made the visit.
            excluded=list(User.objects.filter(pk__in=owners_of(feedback_request))),
            occasion=f"dispute:{feedback_request.pk}",
            by=by,
        )
        feedback_request.dispute = task
        feedback_request.save(update_fields=["dispute"])
        text = f"{feedback_request.about_on.isoformat()} {word_against(feedback_request)}"
        data = {"feedback_request": feedback_request.pk, "visit": feedback_request.visit_id}
        write_journal("visit.disputed", about=person, text=text, data=data, by=by)
    return task


def held_together(visit: Visit) -> Sequence[Visit]:
    """Return a visit with what else was planned and held by it: those have no way of their own."""
    also = Visit.objects.filter(
        person=visit.person, done_on=visit.done_on, by=visit.by, state=visit.state, way=""
    ).exclude(pk=visit.pk)
    return [visit, *also]


def _take_back_visit(visit: Visit, by: User | None) -> None:
    together = [one.pk for one in held_together(visit)]
    Visit.objects.filter(pk__in=together, state=VisitState.DONE).update(state=VisitState.DISPUTED)
    visit.refresh_from_db()
    _take_back_contact(visit, by)
    person: Person = visit.person
    if person.status == PersonStatus.CURRENT and person.home is not None and person.is_living_here:
        visit_at_once(
            person=person,
            why=_("%(day)s的看望，居民说没来过") % {"day": visit.done_on},
            change=LossOfAbility.DISPUTED,
            occasion=_occasion(visit),
            in_person=visit.in_person,
            by=by,
        )


def _occasion(visit: Visit) -> str:
    return f"disputed:{visit.pk}"


def _take_back_contact(visit: Visit, by: User | None) -> None:
    """The register says again when they were last reached, as far as this visit had set it."""
    person: Person = visit.person
    step, day = contact_step(visit), visit.done_on
    if visit.way not in CONTACTS or day is None:
        return
    person.refresh_from_db(fields=["last_contact_on"])
    # A visit from before contacts were kept one by one.
    if person.last_contact_on == day and not person.contacts.filter(on=day).exists():
        PersonContact(person=person, on=day, step=step, scope_path=person.scope_path).save()
    take_contacts_back(step, by)


def _open_promise_again(promise: Promise, by: User | None) -> None:
    """A promise that was not kept is open; the day it was said to be kept on stays."""
    if not Promise.objects.filter(pk=promise.pk, state=PromiseState.KEPT).update(
        state=PromiseState.OPEN
    ):
        return
    promise.refresh_from_db()
    task = promise.task
    if task is not None and task.state == TaskState.DONE:
        reopen_task(task=task, by=by)


def may_settle(*, feedback_request: FeedbackRequest, by: User | None, **_given: Any) -> bool:
    """Whoever leads there, and never whoever made the visit or the promise."""
    return role_in(rules.MAY_SETTLE).holds() and not is_own(feedback_request, by)


@action("visit.settle", term=gettext_noop("查明看望"), may=may_settle, journal="visit.settled")
def settle_dispute(
    *, feedback_request: FeedbackRequest, finding: str, words: str, by: User | None
) -> FeedbackRequest:
    """Say what came out, with words; the resident hears of it by the way they had said it."""
    if finding not in Finding.values:
        raise Refused("dispute.finding", _("请选查明的结果"), "finding")
    why = words.strip()
    if not rules.SHORTEST_REASON <= len(why) <= rules.LONGEST_WORDS:
        most = {"most": rules.LONGEST_WORDS}
        raise Refused("dispute.words", _("请写明怎么查明的，最多%(most)s字") % most, "words")
    changed = FeedbackRequest.objects.filter(
        pk=feedback_request.pk, dispute__isnull=False, finding=""
    ).update(
        finding=finding,
        finding_words=why,
        found_by=by,
        found_on=today(),
        # Their own page shows it as long again as it had waited for their answer.
        ends_on=max(feedback_request.ends_on, today() + timedelta(days=rules.ANSWER_WITHIN)),
    )
    feedback_request.refresh_from_db()
    if not changed:
        raise Refused("dispute.ended", _("这件事没有要查的，或已经查明"))
    _follow_finding(feedback_request, by)
    _tell_resident(feedback_request, by)
    write_journal(
        "visit.settled",
        about=feedback_request.person,
        text=f"{feedback_request.get_finding_display()}：{why}",
        data={"feedback_request": feedback_request.pk, "finding": finding},
        by=by,
    )
    return feedback_request


def _follow_finding(feedback_request: FeedbackRequest, by: User | None) -> None:
    took_place = feedback_request.finding == Finding.TOOK_PLACE
    if feedback_request.visit is not None:
        _settle_visit(feedback_request.visit, by, took_place=took_place)
    if feedback_request.promise is not None and took_place:
        _keep_again(feedback_request.promise, by)
    task = feedback_request.dispute
    if task is not None and task.state in UNFINISHED:
        finish_task(task=task, by=by, result=feedback_request.finding_words)


def _settle_visit(visit: Visit, by: User | None, *, took_place: bool) -> None:
    if visit.state != VisitState.DISPUTED:
        return
    together = [one.pk for one in held_together(visit)]
    state = VisitState.DONE if took_place else VisitState.NOT_MADE
    Visit.objects.filter(pk__in=together, state=VisitState.DISPUTED).update(state=state)
    if not took_place:
        return
    visit.refresh_from_db()
    if (channel := CONTACTS.get(visit.way)) and visit.done_on:
        step = contact_step(visit)
        record_contact(person=visit.person, channel=channel, on=visit.done_on, by=by, step=step)
    anew = Visit.objects.filter(
        person=visit.person, occasion=_occasion(visit), state=VisitState.PLANNED
    ).first()
    if anew is not None:
        stop_visit(visit=anew, reason=_("查明确实去过"), by=by)


def _keep_again(promise: Promise, by: User | None) -> None:
    opened = Promise.objects.filter(pk=promise.pk, state=PromiseState.OPEN)
    changed = opened.update(state=PromiseState.KEPT)
    Promise.objects.filter(pk=promise.pk).update(resident_verdict="")
    promise.refresh_from_db()
    task = promise.task
    if changed and task is not None and task.state in UNFINISHED:
        finish_task(task=task, by=by, result=_("查明确实做到了"))


def _tell_resident(feedback_request: FeedbackRequest, by: User | None) -> None:
    """Who said it on a page of their own reads it there; whoever was asked is told by somebody."""
    if feedback_request.on_own_page or feedback_request.person.status != PersonStatus.CURRENT:
        return
    person: Person = feedback_request.person
    open_task(
        kind=TELL,
        about=feedback_request,
        place=feedback_request.place,
        person=person,
        title=_("告诉%(name)s查明的结果") % {"name": person.name},
        note=f"{feedback_request.get_finding_display()}：{feedback_request.finding_words}",
        occasion=f"tell:{feedback_request.pk}",
        by=by,
    )


def follow_dispute(task: Task, what: str, by: User | None) -> None:
    """What a resident said is ended by a finding alone, or when they are no longer here."""
    if what not in (TaskEvent.DONE, TaskEvent.CANCELLED):
        return
    waiting = FeedbackRequest.objects.filter(dispute=task, finding="").select_related("person")
    refuse_while_here(
        waiting,
        what,
        by,
        _("居民说了没来、没做到，要查明才算办完"),
        _("请打开这一条，选查明的结果"),
    )


def refuse_while_here(waiting: Any, what: str, by: User | None, says: str, do: str) -> None:
    """Refuse to end by one tap what only a resident's word ends; who is gone says nothing more."""
    for feedback_request in waiting:
        is_here = feedback_request.person.status == PersonStatus.CURRENT
        if what == TaskEvent.DONE or (by is not None and is_here):
            raise Refused("asking.not_by_hand", says, hint=do)
