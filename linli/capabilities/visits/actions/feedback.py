"""Afterwards the resident is asked, now and then, by another person or by a page of their own."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.visits import rules
from linli.capabilities.visits.models import FeedbackRequest, Promise, Visit
from linli.capabilities.visits.queries import days_since_asked, index_of, is_own, token_of
from linli.capabilities.visits.terms import ASK, AnsweredBy, FeedbackState, Rating
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import record_contact
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.tasks.actions import cancel_task, finish_task, open_task
from linli.workbench.tasks.terms import UNFINISHED

may_ask = role_in(rules.MAY_VISIT)


def ask_now_and_then(
    *,
    visit: Visit | None = None,
    promise: Promise | None = None,
    draw: float | None,
    by: User | None,
) -> FeedbackRequest | None:
    """Ask about a visit or a promise when the lot falls on it: nobody knows beforehand which."""
    source = visit or promise
    if source is None:
        return None
    # Not `random`: whoever visits must not be able to work out which visits are asked about.
    lot = secrets.randbelow(10_000) / 10_000 if draw is None else draw
    rested = days_since_asked(source.person, today())
    if not rules.is_asked(draw=lot, days_since_asked=rested):
        return None
    return ask_how_it_was(person=source.person, visit=visit, promise=promise, by=by)


@action("asking.open", term=gettext_noop("请人回访"), may=may_ask, journal="asking.opened")
def ask_how_it_was(
    *, person: Person, visit: Visit | None, promise: Promise | None, by: User | None
) -> FeedbackRequest:
    """Have the resident asked by the community, or let them answer on their own page."""
    source = visit or promise
    if source is None:
        raise Refused("asking.about", _("请选问哪一次"))
    on = (visit.done_on if visit is not None else None) or today()
    feedback_request: FeedbackRequest
    # The unique constraints make one of two at once: nobody is asked twice about one visit.
    feedback_request, is_new = FeedbackRequest.objects.get_or_create(
        visit=visit,
        promise=promise,
        defaults={
            "person": person,
            "place": source.place,
            "scope_path": source.place.path,
            "about_on": on,
            "ends_on": today() + timedelta(days=rules.ANSWER_WITHIN),
        },
    )
    if is_new:
        feedback_request.token_index = index_of(token_of(feedback_request))
        feedback_request.task = open_task(
            kind=ASK,
            about=feedback_request,
            place=source.place,
            person=person,
            by=by,
            title=_("回访%(name)s") % {"name": person.name},
            occasion=f"asking:{feedback_request.pk}",
            note=promise.what if promise else _("问问来过没有、感觉怎样"),
        )
        feedback_request.save()
    write_journal(
        "asking.opened", about=person, data={"feedback_request": feedback_request.pk}, by=by
    )
    return feedback_request


def may_answer(
    *, feedback_request: FeedbackRequest, by: User | None, reader: User | None = None, **_given: Any
) -> bool:
    """Not whoever made the visit or the promise: nobody marks their own work.

    ``reader`` is whoever is signed in where the resident's own page was opened.
    """
    return may_ask() and not any(is_own(feedback_request, user) for user in (by, reader))


@action("asking.answer", term=gettext_noop("记回访"), may=may_answer, journal="asking.answered")
def answer_feedback(
    *,
    feedback_request: FeedbackRequest,
    visited: bool | None,
    kept: bool | None,
    rating: str,
    words: str,
    answered_by: str,
    by: User | None,
    reader: User | None = None,
) -> FeedbackRequest:
    """Keep what the resident said; ``by`` is None when they said it on their own page."""
    if rating and rating not in Rating.values:
        raise Refused("asking.felt", _("请选一张脸"), "rating")
    if answered_by not in AnsweredBy.values:
        raise Refused("asking.who", _("请选是谁回答的"), "answered_by")
    if visited is None and kept is None and not rating and not words.strip():
        raise Refused("asking.empty", _("一项都没有填；不想说可以选“不想说”"), "rating")
    if len(words) > rules.LONGEST_WORDS:
        raise Refused("asking.long", _("最多%s字") % rules.LONGEST_WORDS, "words")
    _close(
        feedback_request,
        FeedbackState.ANSWERED,
        by,
        visited=visited,
        kept=kept,
        rating=rating,
        words=words.strip(),
        answered_by=answered_by,
        answered_on=today(),
    )
    if feedback_request.promise is not None and kept is not None:
        Promise.objects.filter(pk=feedback_request.promise.pk).update(
            resident_verdict="yes" if kept else "no"
        )
    # A colleague asked them; nobody was spoken with where they wrote on their own page.
    if by is not None and answered_by == AnsweredBy.SELF:
        record_contact(
            person=feedback_request.person,
            channel="",
            on=today(),
            by=by,
            step=f"asking.answer:{feedback_request.pk}",
        )
    data = {"visited": visited, "kept": kept, "rating": rating, "by": answered_by}
    write_journal(
        "asking.answered", about=feedback_request.person, text=words.strip(), data=data, by=by
    )
    return feedback_request


@action("asking.decline", term=gettext_noop("不想说"), may=may_answer, journal="asking.declined")
def decline_feedback(*, feedback_request: FeedbackRequest, by: User | None) -> FeedbackRequest:
    """Keep that the resident does not want to say: it is nobody's failing."""
    _close(feedback_request, FeedbackState.DECLINED, by)
    write_journal("asking.declined", about=feedback_request.person, by=by)
    return feedback_request


def _close(feedback_request: FeedbackRequest, state: str, by: User | None, **answer: Any) -> None:
    changed = FeedbackRequest.objects.filter(
        pk=feedback_request.pk, state=FeedbackState.OPEN
    ).update(state=state, **answer)
    feedback_request.refresh_from_db()
    if not changed:
        raise Refused("asking.ended", _("已经回答过了，谢谢"))
    task = feedback_request.task
    if task is None or task.state not in UNFINISHED:
        return
    result = str(feedback_request.get_state_display())
    if by is None:
        # The resident answered themselves: nobody's post is asked whether that may be.
        with system_scope("a resident answers on their own page"):
            finish_task(task=task, by=None, result=result)
    else:
        finish_task(task=task, by=by, result=result)


def close_feedback_requests(on: date) -> int:
    """Close the questions whose time is over, or whose resident died or moved away."""
    closed = 0
    with system_scope("questions end with their time, wherever they are"):
        rows = FeedbackRequest.objects.select_related("person", "task").filter(
            state=FeedbackState.OPEN
        )
        for feedback_request in rows:
            gone = feedback_request.person.status != PersonStatus.CURRENT
            if feedback_request.ends_on < on or gone:
                reason = _("居民已不在这里住") if gone else _("过了时间")
                expire_feedback(feedback_request=feedback_request, reason=reason, by=None)
                closed += 1
    return closed


@action("asking.expire", term=gettext_noop("回访到期"), may=may_ask, journal="asking.expired")
def expire_feedback(
    *, feedback_request: FeedbackRequest, reason: str, by: User | None
) -> FeedbackRequest:
    """End a question that got no answer."""
    if feedback_request.task is not None and feedback_request.task.state in UNFINISHED:
        cancel_task(task=feedback_request.task, by=by, reason=reason)
    FeedbackRequest.objects.filter(pk=feedback_request.pk).update(state=FeedbackState.EXPIRED)
    feedback_request.refresh_from_db()
    write_journal("asking.expired", about=feedback_request.person, text=reason, by=by)
    return feedback_request
