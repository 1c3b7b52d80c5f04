"""Who reported a case is forgotten when its own time is over, registered here or not."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from linli.capabilities.cases import rules
from linli.capabilities.cases.models import Case, Report
from linli.capabilities.cases.terms import CaseState
from linli.core.actions import action, write_journal
from linli.core.scope import system_scope
from linli.core.time import to_china, today
from linli.register.posts.models import User
from linli.register.posts.permits import role_in

AT_ONCE = 500
# No post may run this: the dated rule decides, not a person (decision 0026).
by_itself = role_in(frozenset())


@action(
    "case.forget_reporters",
    term=gettext_noop("反映人到期清空"),
    may=by_itself,
    journal="case.reporters_forgotten",
)
def forget_reporters(*, case: Case, by: User | None) -> int:
    """Empty names and numbers of whoever reported a case that was closed long ago."""
    gone: int = Report.objects.filter(case=case).update(
        name="", phone="", phone_tail="", on_behalf_of="", consent_note=""
    )
    write_journal("case.reporters_forgotten", about=case, data={"reports": gone}, by=by)
    return gone


def forget_old_reporters() -> int:
    """Do it for every case whose time is over; return how many reports were emptied."""
    with system_scope("who reported long ago is forgotten, wherever the case was"):
        named = Report.objects.exclude(name="", phone_tail="", on_behalf_of="").values("case")
        closed = Case.objects.filter(state=CaseState.CLOSED, closed_at__isnull=False, pk__in=named)
        over = [
            case
            # The oldest first, so a day with more than one portion leaves the youngest for the
            # next.
            for case in closed.order_by("closed_at")[:AT_ONCE]
            if case.closed_at
            and rules.is_reporter_forgotten(closed_on=to_china(case.closed_at), today=today())
        ]
        return sum(forget_reporters(case=one, by=None) for one in over)
