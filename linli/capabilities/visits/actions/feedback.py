"""Afterwards the resident is asked, now and then, by another person or by a page of their own."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.visits import rules
from linli.capabilities.visits.models import Asking, Promise, Visit
from linli.capabilities.visits.queries import days_since_asked, index_of, is_own, token_of
from linli.capabilities.visits.terms import AnsweredBy, AskingState, Felt
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.tasks.actions import cancel_task, finish_task, open_task
from linli.workbench.tasks.terms import UNFINISHED

ASK = "visits.ask"
may_ask = role_in(rules.MAY_VISIT)


def ask_now_and_then(
    *, visit: Visit | None = None, promise: Promise | None = None, draw: float | None,
    by: User | None,
) -> Asking | None:  # fmt: skip
    """Ask about a visit or a promise when the lot falls on it: nobody knows beforehand which."""
    source = visit or promise
    if source is None:
        return None
    lot = secrets.randbelow(10_000) / 10_000 if draw is None else draw
    rested = days_since_asked(source.person, today())
    if not rules.is_asked(draw=lot, days_since_asked=rested):
        return None
    return ask_how_it_was(person=source.person, visit=visit, promise=promise, by=by)


@action("asking.open", term=gettext_noop("请人回访"), may=may_ask, journal="asking.opened")
def ask_how_it_was(
    *, person: Person, visit: Visit | None, promise: Promise | None, by: User | None
) -> Asking:
    """Have the resident asked by the community, or let them answer on their own page."""
    source = visit or promise
    if source is None:
        raise Refused("asking.about", _("请选问哪一次"))
    on = (visit.done_on if visit is not None else None) or today()
    asking: Asking
    asking, made = Asking.objects.get_or_create(
        visit=visit, promise=promise,
        defaults={
            "person": person, "place": source.place, "scope_path": source.place.path,
            "about_on": on, "ends_on": today() + timedelta(days=rules.ANSWER_WITHIN),
        },
    )  # fmt: skip
    if made:
        asking.token_index = index_of(token_of(asking))
        asking.task = open_task(
            kind=ASK, about=asking, place=source.place, person=person, by=by,
            title=_("回访%(name)s") % {"name": person.name}, occasion=f"asking:{asking.pk}",
            note=promise.what if promise else _("问问来过没有、感觉怎样"),
        )  # fmt: skip
        asking.save()
    write_journal("asking.opened", about=person, data={"asking": asking.pk}, by=by)
    return asking


def may_answer(
    *, asking: Asking, by: User | None, reader: User | None = None, **_given: Any
) -> bool:
    """Not whoever made the visit or the promise: nobody marks their own work.

    ``reader`` is whoever is signed in where the resident's own page was opened.
    """
    return may_ask() and not any(is_own(asking, one) for one in (by, reader))


@action("asking.answer", term=gettext_noop("记回访"), may=may_answer, journal="asking.answered")
def answer_asking(
    *, asking: Asking, came: bool | None, kept: bool | None, felt: str, words: str,
    answered_by: str, by: User | None, reader: User | None = None,
) -> Asking:  # fmt: skip
    """Keep what the resident said; ``by`` is None when they said it on their own page."""
    if felt and felt not in Felt.values:
        raise Refused("asking.felt", _("请选一张脸"), "felt")
    if answered_by not in AnsweredBy.values:
        raise Refused("asking.who", _("请选是谁回答的"), "answered_by")
    if came is None and kept is None and not felt and not words.strip():
        raise Refused("asking.empty", _("一项都没有填；不想说可以选“不想说”"), "felt")
    if len(words) > rules.LONGEST_WORDS:
        raise Refused("asking.long", _("最多%s字") % rules.LONGEST_WORDS, "words")
    _close(
        asking, AskingState.ANSWERED, by, came=came, kept=kept, felt=felt, words=words.strip(),
        answered_by=answered_by, answered_on=today(),
    )  # fmt: skip
    if asking.promise is not None and kept is not None:
        Promise.objects.filter(pk=asking.promise.pk).update(said="yes" if kept else "no")
    data = {"came": came, "kept": kept, "felt": felt, "by": answered_by}
    write_journal("asking.answered", about=asking.person, text=words.strip(), data=data, by=by)
    return asking


@action("asking.decline", term=gettext_noop("不想说"), may=may_answer, journal="asking.declined")
def decline_asking(*, asking: Asking, by: User | None) -> Asking:
    """Keep that the resident does not want to say: it is nobody's failing."""
    _close(asking, AskingState.DECLINED, by)
    write_journal("asking.declined", about=asking.person, by=by)
    return asking


def _close(asking: Asking, state: str, by: User | None, **said: Any) -> None:
    changed = Asking.objects.filter(pk=asking.pk, state=AskingState.OPEN).update(
        state=state, **said
    )
    asking.refresh_from_db()
    if not changed:
        raise Refused("asking.ended", _("已经回答过了，谢谢"))
    task = asking.task
    if task is None or task.state not in UNFINISHED:
        return
    words = str(asking.get_state_display())
    if by is None:
        # The resident answered themselves: nobody's post is asked whether that may be.
        with system_scope("a resident answers on their own page"):
            finish_task(task=task, by=None, result=words)
    else:
        finish_task(task=task, by=by, result=words)


def close_askings(on: date) -> int:
    """Close the questions whose time is over, or whose resident died or moved away."""
    closed = 0
    with system_scope("questions end with their time, wherever they are"):
        rows = Asking.objects.select_related("person", "task").filter(state=AskingState.OPEN)
        for asking in rows:
            gone = asking.person.status != PersonStatus.CURRENT
            if asking.ends_on < on or gone:
                reason = _("居民已不在这里住") if gone else _("过了时间")
                expire_asking(asking=asking, reason=reason, by=None)
                closed += 1
    return closed


@action("asking.expire", term=gettext_noop("回访到期"), may=may_ask, journal="asking.expired")
def expire_asking(*, asking: Asking, reason: str, by: User | None) -> Asking:
    """End a question that got no answer."""
    if asking.task is not None and asking.task.state in UNFINISHED:
        cancel_task(task=asking.task, by=by, reason=reason)
    Asking.objects.filter(pk=asking.pk).update(state=AskingState.EXPIRED)
    asking.refresh_from_db()
    write_journal("asking.expired", about=asking.person, text=reason, by=by)
    return asking
