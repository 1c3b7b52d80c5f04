"""How long a case stood in each state: where its time went, and for whom it waited.

The journal says when a case was assigned, answered, reopened; the shares say when each party
accepted and finished. Stamps on the case itself are only those of the last round.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linli.capabilities.cases.models import Case, Handling
from linli.capabilities.cases.rules import may_follow
from linli.capabilities.cases.terms import CaseState, HandlingState
from linli.core.time import to_china
from linli.workbench.journal.models import JournalEntry

WITH_PARTIES = (CaseState.ASSIGNED, CaseState.ACCEPTED, CaseState.IN_HAND)
_ENTERED = {
    "case.assigned": CaseState.ASSIGNED,
    "case.started": CaseState.IN_HAND,
    "case.answered": CaseState.ANSWERED,
    "case.reopened": CaseState.RECEIVED,
    "case.unmerged": CaseState.RECEIVED,
}


@dataclass(frozen=True)
class CaseSpan:
    """One state a case stood in; ``shares`` are of those it then waited for or who worked on it."""

    state: str
    starts: date
    ends: date | None
    shares: tuple[Handling, ...] = ()


def spans_of(case: Case, shares: Sequence[Handling]) -> list[CaseSpan]:
    """Return the states of a case one after the other; the last is open while the case is."""
    turns = [(case.received_at, str(CaseState.RECEIVED))]
    for at, state in sorted(_turns(case, shares)):
        # What does not follow was told twice, or by a share that no longer mattered.
        if may_follow(now=turns[-1][1], then=state):
            turns.append((at, state))
    spans = []
    for number, (at, state) in enumerate(turns):
        if state != CaseState.CLOSED:
            until = turns[number + 1][0] if number + 1 < len(turns) else case.closed_at
            with_whom = _during(shares, at, until) if state in WITH_PARTIES else ()
            ends = to_china(until) if until else None
            spans.append(CaseSpan(state, to_china(at), ends, with_whom))
    return spans


def _turns(case: Case, shares: Sequence[Handling]) -> Iterator[tuple[datetime, str]]:
    entries = JournalEntry.objects.filter(subject_kind="cases.case", subject_id=case.pk)
    for at, kind, data in entries.values_list("at", "kind", "data"):
        if kind in _ENTERED:
            yield at, str(_ENTERED[kind])
        elif kind == "case.verdict_given" and data.get("fixed") is False:
            yield at, str(CaseState.RECEIVED)
        elif kind == "case.reviewed" and data.get("approved") is False:
            yield at, str(CaseState.ASSIGNED)
    rounds: dict[datetime, list[Handling]] = {}
    for share in shares:
        rounds.setdefault(share.assigned_at, []).append(share)
        if share.accepted_at:
            yield share.accepted_at, str(CaseState.ACCEPTED)
    for together in rounds.values():
        ended = [share.ended_at for share in together if share.ended_at]
        if len(ended) == len(together):
            is_done = any(share.state == HandlingState.DONE for share in together)
            yield max(ended), str(CaseState.HANDLED if is_done else CaseState.RECEIVED)
    if case.closed_at:
        yield case.closed_at, str(CaseState.CLOSED)


def _during(
    shares: Sequence[Handling], at: datetime, until: datetime | None
) -> tuple[Handling, ...]:
    return tuple(
        share
        for share in shares
        if (until is None or share.assigned_at < until)
        and (share.ended_at is None or share.ended_at > at)
    )
