"""Somebody says whether a matter is a danger; and what nobody takes up goes up by the minute."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions.danger import change_danger, tell_of_danger
from linli.capabilities.cases.actions.permits import may_take
from linli.capabilities.cases.actions.transitions import required_text, write_case_journal
from linli.capabilities.cases.models import Case
from linli.core.actions import action
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.posts.models import User
from linli.workbench.tasks.actions import escalate_dangers
from linli.workbench.tasks.terms import Danger


@action("case.set_danger", term=gettext_noop("设为危险"), may=may_take, journal="case.danger_set")
def set_danger(*, case: Case, danger: str, reason: str, by: User | None) -> Case:
    """Say that a case is a danger, or that it is none, and why."""
    if danger and danger not in Danger.values:
        raise Refused("case.danger", _("请选是哪种危险"), "danger")
    ask = _("请写明为什么")
    why = required_text(reason, most=rules.LONGEST_ANSWER, field="reason", ask=ask)
    case.danger_by = by
    change_danger(case, danger, by)
    write_case_journal("case.danger_set", case, by, why, danger=danger)
    return case


def raise_dangers() -> int:
    """Send dangers that nobody has taken up to the next post, and tell it; return how many."""
    went = escalate_dangers()
    with system_scope("whoever a danger was sent up to hears of it"):
        for task in went:
            case = Case.objects.filter(pk=task.subject_id).select_related("place").first()
            if case is not None and task.subject_kind == "cases.case":
                tell_of_danger(case, task, None, raised=True)
    return len(went)
