"""What a resident answers is kept, and a word that nobody came or nothing was done is followed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.visits import rules
from linli.capabilities.visits.actions.disputes import dispute, refuse_while_here
from linli.capabilities.visits.actions.feedback import may_ask
from linli.capabilities.visits.models import FeedbackRequest, Promise
from linli.capabilities.visits.queries import contradicts, is_own, word_against
from linli.capabilities.visits.terms import AnsweredBy, FeedbackState, Rating
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import record_contact
from linli.register.posts.models import User
from linli.workbench.tasks.actions import finish_task
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED, TaskEvent


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
        on_own_page=by is None,
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
    if contradicts(feedback_request):
        dispute(feedback_request=feedback_request, by=by)
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
    if word := word_against(feedback_request):
        result = f"{result}：{word}"
    if by is None:
        # The resident answered themselves: nobody's post is asked whether that may be.
        with system_scope("a resident answers on their own page"):
            finish_task(task=task, by=None, result=result)
    else:
        finish_task(task=task, by=by, result=result)


def follow_asking(task: Task, what: str, by: User | None) -> None:
    """Nobody ends an asking by a tap: what the resident says ends it, or that they are gone."""
    if what not in (TaskEvent.DONE, TaskEvent.CANCELLED):
        return
    waiting = FeedbackRequest.objects.filter(task=task, state=FeedbackState.OPEN)
    says, do = (
        _("回访要记下居民怎么说才算办完"),
        _("请打开这次回访，记下居民说的，或选“居民不想说”"),
    )
    refuse_while_here(waiting.select_related("person"), what, by, says, do)
    # Ended by the system, or the resident is gone: nobody is asked any more.
    waiting.update(state=FeedbackState.EXPIRED)
