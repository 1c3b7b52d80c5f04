"""A promise made at a door: to whom, by when; kept, not kept, or not wanted any more."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.visits import rules
from linli.capabilities.visits.actions.feedback import ask_now_and_then
from linli.capabilities.visits.models import Promise
from linli.capabilities.visits.terms import PROMISE, PromiseState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.tasks.actions import cancel_task, finish_task, open_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED, TaskEvent

may_promise = role_in(rules.MAY_VISIT)


@action("promise.make", term=gettext_noop("答应居民"), may=may_promise, journal="promise.made")
def make_promise(
    *, person: Person, what: str, due_on: date, by: User | None, form_token: str = ""
) -> Promise:
    """Write down what was promised to somebody and by when; it is a task from now on.

    ``form_token`` is the key of the page: the same page saved twice is one promise.
    """
    before = _saved_before(person, form_token)
    if before is not None:
        write_journal("promise.made", about=person, data={"again": True}, by=by)
        return before
    if person.status != PersonStatus.CURRENT or person.home is None:
        raise Refused("promise.gone", _("这位居民已不在这里住"))
    what_was_promised, on = _what_was_said(what), today()
    if not on <= due_on <= on + timedelta(days=rules.MOST_PROMISED_AHEAD):
        raise Refused("promise.due", _("请选今天起一年以内的日期"), "promise_on")
    promise = Promise(
        person=person,
        place=person.home,
        scope_path=person.home.path,
        what=what_was_promised,
        due_on=due_on,
        made_on=on,
        by=by,
        form_token=form_token,
    )
    try:
        with transaction.atomic():
            promise.save()
    # The same page came twice in the same moment: the constraint decides.
    except IntegrityError:
        before = _saved_before(person, form_token)
        if before is None:
            raise
        write_journal("promise.made", about=person, data={"again": True}, by=by)
        return before
    promise.task = open_task(
        kind=PROMISE,
        about=promise,
        place=person.home,
        person=person,
        due_on=due_on,
        by=by,
        title=_("答应%(name)s：%(what)s") % {"name": person.name, "what": what_was_promised},
        occasion=f"promise:{promise.pk}",
    )
    promise.save(update_fields=["task"])
    write_journal(
        "promise.made", about=person, text=f"{what_was_promised}（{due_on.isoformat()}）", by=by
    )
    return promise


def _what_was_said(what: str) -> str:
    promised = " ".join(what.split())
    if not rules.SHORTEST_REASON <= len(promised) <= rules.LONGEST_PROMISE:
        most = {"most": rules.LONGEST_PROMISE}
        raise Refused("promise.what", _("请写答应了什么，最多%(most)s字") % most, "promise")
    return promised


def _saved_before(person: Person, form_token: str) -> Promise | None:
    if not form_token:
        return None
    promise: Promise | None = Promise.objects.filter(person=person, form_token=form_token).first()
    return promise


@action("promise.keep", term=gettext_noop("兑现承诺"), may=may_promise, journal="promise.kept")
def keep_promise(
    *, promise: Promise, words: str, by: User | None, draw: float | None = None
) -> Promise:
    """Say that what was promised is done; now and then the resident is asked whether it was."""
    _settle(promise, PromiseState.KEPT, words, by)
    write_journal("promise.kept", about=promise.person, text=promise.what, by=by)
    ask_now_and_then(promise=promise, draw=draw, by=by)
    return promise


@action("promise.break", term=gettext_noop("说明没做到"), may=may_promise, journal="promise.broken")
def break_promise(
    *, promise: Promise, reason: str, by: User | None, draw: float | None = None
) -> Promise:
    """Say openly that a promise cannot be kept, and why: it counts as not kept.

    Whoever was let down is asked how that was as often as anybody: the lot decides.
    """
    _settle(promise, PromiseState.BROKEN, _reason(reason), by)
    text = f"{promise.what}：{promise.words}"
    write_journal("promise.broken", about=promise.person, text=text, by=by)
    ask_now_and_then(promise=promise, draw=draw, by=by)
    return promise


@action(
    "promise.withdraw",
    term=gettext_noop("居民不需要了"),
    may=may_promise,
    journal="promise.withdrawn",
)
def withdraw_promise(*, promise: Promise, reason: str, by: User | None) -> Promise:
    """Say that the resident does not want it any more: it counts neither way."""
    _settle(promise, PromiseState.WITHDRAWN, _reason(reason), by)
    text = f"{promise.what}：{promise.words}"
    write_journal("promise.withdrawn", about=promise.person, text=text, by=by)
    return promise


def _reason(reason: str) -> str:
    why = reason.strip()
    if not rules.SHORTEST_REASON <= len(why) <= rules.LONGEST_WORDS:
        raise Refused("promise.reason", _("请写明原因"), "words")
    return why


def _settle(promise: Promise, state: str, words: str, by: User | None) -> None:
    changed = Promise.objects.filter(pk=promise.pk, state=PromiseState.OPEN).update(
        state=state,
        words=words.strip()[: rules.LONGEST_WORDS],
        kept_on=today() if state == PromiseState.KEPT else None,
    )
    promise.refresh_from_db()
    if not changed:
        raise Refused("promise.ended", _("这个承诺已经是“%s”") % promise.get_state_display())
    task = promise.task
    if task is None or task.state not in UNFINISHED:
        return
    if state == PromiseState.KEPT:
        finish_task(task=task, by=by, result=promise.words)
    else:
        cancel_task(task=task, by=by, reason=promise.words)


def follow_promise(task: Task, what: str, by: User | None) -> None:
    """A promise follows its task when that is ended elsewhere: done is kept, cancelled is not."""
    for promise in Promise.objects.filter(task=task, state=PromiseState.OPEN):
        if what == TaskEvent.DONE:
            keep_promise(promise=promise, words=task.result, by=by)
        elif what == TaskEvent.CANCELLED:
            break_promise(promise=promise, reason=task.result, by=by)
