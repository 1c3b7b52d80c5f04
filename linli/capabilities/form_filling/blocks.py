"""What forms put on the page of a person: what is still asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.models import OpenQuestion
from linli.capabilities.form_filling.terms import QuestionState
from linli.core.scope import current_scope
from linli.register.people.models import Person


def of_person(_request: HttpRequest, person: Person) -> dict[str, Any] | None:
    """Return the questions still open about somebody, for those who fill forms."""
    if current_scope().role not in rules.MAY_FILL:
        return None
    open_questions = OpenQuestion.objects.filter(person=person, state=QuestionState.OPEN)
    questions = "、".join(dict.fromkeys(open_questions.values_list("question", flat=True)))
    if not questions or not person.home_id:
        return None
    return {"asked": questions, "door": person.home_id}
