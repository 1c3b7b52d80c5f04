"""Two cases are one: the reporters of both hear back; and apart again."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.cases.actions.closing import end_shares
from linli.capabilities.cases.actions.notify_reporters import tell_newcomers
from linli.capabilities.cases.actions.permits import may_dispatch
from linli.capabilities.cases.actions.transitions import keep_still, step, write_case_journal
from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.terms import CaseOutcome, CaseState
from linli.core.actions import action
from linli.core.errors import Refused
from linli.register.posts.models import User


@action("case.merge", term=gettext_noop("合并"), may=may_dispatch, journal="case.merged")
def merge_cases(*, case: Case, into: Case, by: User | None) -> Case:
    """Let a case go on as part of another one; its reporters go with it."""
    if case.pk == into.pk:
        raise Refused("case.itself", _("不能和自己合并"), "into")
    for one in sorted((case, into), key=lambda one: one.pk):  # two at once wait in one order
        keep_still(one)
    # Read under the lock: nobody may be merged into what has ended meanwhile.
    if CaseState.CLOSED in (case.state, into.state):
        raise Refused("case.closed", _("已结的办件不能合并"), "into")
    # An open case would show the confidential one's reports, or hide its own from its workers.
    if case.confidential != into.confidential:
        raise Refused("case.confidential", _("保密的和不保密的不能合并"), "into")
    step(
        case,
        CaseState.CLOSED,
        by=by,
        outcome=CaseOutcome.MERGED,
        merged_into=into,
        closed_at=timezone.now(),
    )
    end_shares(case, by, _("并入另一件"))
    # Only where it is empty: a report that was merged before keeps the case it came by.
    Report.objects.filter(case=case, first_case__isnull=True).update(first_case=case)
    # Read before they move: afterwards they cannot be told from the other case's own reports.
    moved = list(Report.objects.filter(case=case).values_list("pk", flat=True))
    Report.objects.filter(pk__in=moved).update(case=into, scope_path=into.scope_path)
    write_case_journal("case.merged", case, by, into.title, into=into.pk)
    write_case_journal("case.merged", into, by, case.title, taken=case.pk)
    tell_newcomers(into, Report.objects.filter(pk__in=moved).select_related("person"), by)
    return into


@action("case.unmerge", term=gettext_noop("撤销合并"), may=may_dispatch, journal="case.unmerged")
def unmerge_case(*, case: Case, by: User | None) -> Case:
    """Take a merge back: the case waits for dispatch again, with all who came by it.

    Where the other one was merged on, they are further down; who came with cases merged into
    this one before comes back with it.
    """
    if case.outcome != CaseOutcome.MERGED or case.merged_into is None:
        raise Refused("case.not_merged", _("这件事没有并入别的"))
    into = case.merged_into
    step(case, CaseState.RECEIVED, by=by, outcome="", merged_into=None, closed_at=None)
    before = _merged_before(case)
    Report.objects.filter(first_case__in=[case.pk, *before]).exclude(case=case).update(
        case=case, scope_path=case.scope_path
    )
    Report.objects.filter(case=case, first_case=case).update(first_case=None)
    write_case_journal("case.unmerged", case, by, into.title)
    return case


def _merged_before(case: Case) -> list[int]:
    """Return the cases that go on in this one, however many steps away."""
    before: list[int] = []
    layer = [case.pk]
    while layer:
        rows = Case.objects.filter(merged_into__in=layer).exclude(pk__in=[case.pk, *before])
        layer = list(rows.values_list("pk", flat=True))
        before += layer
    return before
