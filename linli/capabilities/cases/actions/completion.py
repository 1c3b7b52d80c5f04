"""Whoever did it says so and answers in one go; who may not answer leaves it to who may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions.closing import give_answer
from linli.capabilities.cases.actions.handling import may_handle
from linli.capabilities.cases.actions.transitions import required_text, write_case_journal
from linli.capabilities.cases.models import Answer, Case, Handling
from linli.capabilities.cases.terms import ACTIVE_HANDLINGS, AnswerKind, CaseState
from linli.core.actions import action
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.workbench.journal.actions import keep_photo
from linli.workbench.journal.photos import Picture
from linli.workbench.tasks.actions import finish_task, may_work_on
from linli.workbench.tasks.models import Task


@dataclass(frozen=True)
class Finishing:
    """What whoever finishes a share can do: which one, and whether the answer goes out at once."""

    share: Handling | None
    rest: int = 0  # shares of others that are not done
    needs_review: bool = False

    @property
    def may_answer(self) -> bool:
        """Does the answer go out with it? Not before the others are done, nor before a review."""
        return not self.rest and not self.needs_review


def finishing_of(case: Case, task: Task | None = None) -> Finishing:
    """Return what this post would finish here: the share of that task, else the first of its own.

    Whoever dispatches here may finish any share, and does so by its task.
    """
    rows = case.handlings.filter(state__in=ACTIVE_HANDLINGS)
    shares = list(rows.select_related("task__seat_place", "task__place", "party").order_by("pk"))
    asked = [one for one in shares if task is not None and one.task_id == task.pk]
    own = asked or [one for one in shares if may_work_on(task=one.task)]
    # One's own first: whoever dispatches may work on all of them.
    own.sort(key=lambda one: one.task.seat_role != current_scope().role)
    share = own[0] if own else None
    return Finishing(
        share=share,
        rest=len(shares) - 1 if share else len(shares),
        needs_review=bool(case.category and case.category.needs_review),
    )


@action(
    "case.finish", term=gettext_noop("办好并答复"), may=may_handle, journal="case.share_finished"
)
def finish_case(
    *,
    case: Case,
    by: User | None,
    result: str,
    answer: str = "",
    task: Task | None = None,
    photos: Sequence[Picture] = (),
) -> Answer | None:
    """Say what was done, with photos, and answer the reporters where this ends it.

    Without an answer, or where others still work or must review, the answer stays a task of theirs.
    """
    ask = _("请写明做了什么")
    done = required_text(result, most=rules.LONGEST_ANSWER, field="result", ask=ask)
    finishing = finishing_of(case, task)
    if finishing.share is None:
        raise Refused(
            "case.no_share", _("这件事现在没有要您办的"), hint=_("刷新后看看进展到哪一步")
        )
    if answer.strip() and not finishing.may_answer:
        raise Refused(
            "case.answer_later", _("现在还不能答复"), "answer", _("先写结果，答复随后再写")
        )
    # A photo that is refused leaves nothing half done.
    for number, picture in enumerate(photos):
        keep_photo(about=case, picture=picture, by=by, beside=number)
    finish_task(task=finishing.share.task, by=by, result=done)
    case.refresh_from_db()
    write_case_journal("case.share_finished", case, by, done)
    if not answer.strip() or case.state != CaseState.HANDLED:
        return None
    return give_answer(case, by=by, text=answer, kind=AnswerKind.HANDLED, field="answer")
