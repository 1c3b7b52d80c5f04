"""What happens to forms by themselves: answered without asking, completed, reminded of."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.actions import answer_by_itself, close_known_questions
from linli.capabilities.form_filling.actions.notify_fillers import remind_of
from linli.capabilities.form_filling.models import FormInstance, OpenQuestion
from linli.capabilities.form_filling.terms import UNFINISHED, FormState, QuestionState
from linli.core.scope import Scope, system_scope, use_scope
from linli.core.time import today

MOST_AT_ONCE = 50


def answer_what_is_known() -> int:
    """Hand in, for every place, forms that were issued as answered without asking."""
    done = 0
    with system_scope("forms answered without asking"):
        waiting = list(
            FormInstance.objects.filter(state=FormState.OPEN, answers_itself=True)
            .select_related("place", "distribution", "by")
            # The oldest first: one that cannot be answered leaves the queue and keeps no other
            # waiting.
            .order_by("pk")[:MOST_AT_ONCE]
        )
    for form_instance in waiting:
        # As the officer who issued it, and no wider than the place itself.
        scope = Scope(
            (form_instance.place.path,), "subdistrict_officer", _("下发的表"), form_instance.by_id
        )
        with use_scope(scope):
            done += answer_by_itself(form_instance=form_instance, by=form_instance.by) is not None
    return done


def close_what_became_known() -> int:
    """Close questions whose answer came into the register some other way."""
    with system_scope("questions that are answered already"):
        waiting = FormInstance.objects.filter(
            state__in=UNFINISHED,
            pk__in=OpenQuestion.objects.filter(state=QuestionState.OPEN).values("form_instance"),
        )
        return sum(
            close_known_questions(form_instance=form_instance, by=None) for form_instance in waiting
        )


def remind() -> int:
    """Tell whoever has to fill a form that its day is near, once."""
    day = today() + timedelta(days=rules.REMIND_DAYS_BEFORE)
    done = 0
    with system_scope("forms that are due soon"):
        for form_instance in FormInstance.objects.filter(
            state__in=(FormState.OPEN, FormState.SENT_BACK),
            due_on__lte=day,
            due_on__gte=today(),
            answers_itself=False,
        ).select_related("by"):
            remind_of(form_instance)
            done += 1
    return done
