"""What every step shares: going from state to state, once, and saying so in the journal."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.capabilities.cases.actions.notify_reporters import tell_progress
from linli.capabilities.cases.actions.state_tasks import follow_state
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.rules import SHORTEST_REASON, may_follow
from linli.capabilities.cases.step_listeners import tell_step
from linli.core.actions import write_journal
from linli.core.errors import NotFound, Refused
from linli.register.posts.models import User

# Databases refuse NUL; the other control characters are of no use to a reader.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def readable(text: str) -> str:
    """Return a text without control characters and outer blanks."""
    return _UNREADABLE.sub("", text.replace("\r\n", "\n")).strip()


def required_text(text: str, *, most: int, field: str, ask: str) -> str:
    """Return a text somebody must give, or say what is missing or how much too long it is."""
    checked = readable(text)
    if len(checked) < SHORTEST_REASON:
        raise Refused(f"case.no_{field}", ask, field)
    if len(checked) > most:
        figures = {"most": most, "now": len(checked)}
        raise Refused(
            f"case.long_{field}",
            _("太长了：最多%(most)s字，现在%(now)s字") % figures,
            field,
            _("请留下要紧的话，其余可以拍照附上"),
        )
    return checked


def write_case_journal(what: str, case: Case, by: User | None, text: str = "", **data: Any) -> None:
    """Write a step on the page of the case and of its place; a confidential one says nothing."""
    if case.confidential:
        write_journal(what, about=case, data=data, by=by)
        return
    title = f"{case.title}：{text}" if text else case.title
    write_journal(what, about=case, also=[case.place], text=title, data=data, by=by)


def keep_still(case: Case) -> None:
    """Read where a case stands now and let nobody move it before this action ends."""
    now = Case.objects.select_for_update(of=("self",)).filter(pk=case.pk).first()
    if now is None:
        raise NotFound()
    # What was read before the lock may be old; the decision is made on what stands now.
    for name in ("state", "outcome", "merged_into_id", "confidential", "scope_path", "place_id"):
        setattr(case, name, getattr(now, name))


def step(case: Case, then: str, *, by: User | None = None, words: str = "", **changes: Any) -> None:
    """Bring a case into another state if it still stands where it was read; else refuse.

    The task of whoever must act now opens and the one before ends in the same transaction.
    """
    if not may_follow(now=case.state, then=then):
        raise Refused(
            "case.order",
            _("“%(state)s”的办件不能这样办") % {"state": case.get_state_display()},
            hint=_("刷新后看看进展到哪一步"),
        )
    before = case.state
    changes |= {"state": then, "changed_at": timezone.now()}
    # The update decides who is first, never the read before it.
    changed = Case.objects.filter(pk=case.pk, state=before).update(**changes)
    if changed:
        # `update` goes past the object: without this the caller would go on with the old state.
        for name, value in changes.items():
            setattr(case, name, value)
    else:
        case.refresh_from_db()
        raise Refused(
            "case.moved_on",
            _("这件事刚刚有人更新过，现在是“%(state)s”") % {"state": case.get_state_display()},
            hint=_("刷新后再办"),
        )
    entered(case, before, by, words)


def entered(
    case: Case, before: str, by: User | None, words: str = "", *, asks: bool = True
) -> None:
    """Do what follows a step: the task of whoever must act now, the reporters, the listeners."""
    if asks:
        follow_state(case, before, by, words)
    tell_progress(case, before, by)
    tell_step(case, before)
