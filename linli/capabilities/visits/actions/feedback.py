"""Afterwards the resident is asked, now and then, by another person or by a page of their own."""

from __future__ import annotations

from datetime import date, timedelta
from secrets import randbelow

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.visits import rules
from linli.capabilities.visits.models import FeedbackRequest, Promise, Visit
from linli.capabilities.visits.queries import days_since_asked, index_of, token_of
from linli.capabilities.visits.terms import ASK, FeedbackState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.tasks.actions import cancel_task, open_task
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
    lot = randbelow(10_000) / 10_000 if draw is None else draw
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
            # Nobody marks their own work: another asks, or the next post up.
            excluded=[source.by],
        )
        feedback_request.save()
    write_journal(
        "asking.opened", about=person, data={"feedback_request": feedback_request.pk}, by=by
    )
    return feedback_request


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
    # First: its task is not ended by hand while an answer is waited for.
    FeedbackRequest.objects.filter(pk=feedback_request.pk).update(state=FeedbackState.EXPIRED)
    feedback_request.refresh_from_db()
    if feedback_request.task is not None and feedback_request.task.state in UNFINISHED:
        cancel_task(task=feedback_request.task, by=by, reason=reason)
    write_journal("asking.expired", about=feedback_request.person, text=reason, by=by)
    return feedback_request
