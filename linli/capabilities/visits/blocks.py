"""What the page of a resident says of visits and promises."""

from __future__ import annotations

from typing import Any

from linli.capabilities.visits import rules
from linli.capabilities.visits.queries import of_person as about
from linli.core.scope import current_scope
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus


def of_person(_request: Any, person: Person) -> dict[str, Any] | None:
    """Return the next and the last visit and what was promised, for those who visit."""
    if current_scope().role not in rules.MAY_VISIT or person.status != PersonStatus.CURRENT:
        return None
    facts = about(person)
    return {**vars(facts), "person": person}
