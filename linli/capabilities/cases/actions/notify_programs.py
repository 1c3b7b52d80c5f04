"""Other programs hear of every step of a case that is not confidential."""

from __future__ import annotations

from linli.capabilities.cases import rules
from linli.capabilities.cases.models import Case
from linli.capabilities.cases.queries.programs import facts_for_programs
from linli.workbench.webhooks.outbox import write_for


def notify_programs(case: Case, before: str) -> None:
    """Write a message for every program that wants to hear of this step of a case."""
    event = rules.event_of(before=before, then=case.state)
    if event and not case.confidential:
        write_for(event, scope_path=case.scope_path, facts=lambda: facts_for_programs(case))
