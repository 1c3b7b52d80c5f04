"""Forms as this post may see them: its forms, the catalogue, questions at a door, progress."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.models import (
    Distribution,
    FormInstance,
    FormReturn,
    FormTemplate,
    OpenQuestion,
)
from linli.capabilities.form_filling.terms import UNFINISHED, FormState, QuestionState
from linli.core.scope import current_scope, one_or_not_found
from linli.register.people.terms import PersonStatus
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.workbench.conditions.disclosure import known, may_know

FILLS_AT = (PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY, PlaceKind.GRID)


def form_instances(called: str = "") -> QuerySet[FormInstance]:
    """Return the forms of this scope, the latest first, without their files.

    ``called`` looks for a title.
    """
    rows: QuerySet[FormInstance] = FormInstance.objects.select_related(
        "place", "by", "distribution"
    )
    if called:
        rows = rows.filter(title__icontains=called)
    return _known(rows.defer("file", "original", "form"))


def _known(rows: QuerySet[FormInstance]) -> QuerySet[FormInstance]:
    """Leave out the forms about people whom the reader may not ask for."""
    return known(rows, "condition", of=lambda row: may_know(row["condition"]))


def open_form_instances() -> QuerySet[FormInstance]:
    """Return the forms that are not handed in, the soonest due first."""
    return form_instances().filter(state__in=UNFINISHED).order_by("due_on", "-uploaded_at")


def ended_form_instances() -> QuerySet[FormInstance]:
    """Return what was handed in, accepted or put aside."""
    return form_instances().exclude(state__in=UNFINISHED)


def form_instance_or_not_found(link: str) -> FormInstance:
    """Return one form; out of scope is not found."""
    rows: QuerySet[FormInstance] = FormInstance.objects.select_related(
        "place", "by", "distribution", "person"
    )
    return one_or_not_found(_known(rows.filter(link=link)), link=link)


def record_or_not_found(pk: int) -> FormInstance:
    """Return one form by its key."""
    return one_or_not_found(form_instances(), pk=pk)


def form_return_or_not_found(form_instance: FormInstance, pk: int) -> FormReturn:
    """Return one archived file of a form."""
    rows: QuerySet[FormReturn] = FormReturn.objects.filter(form_instance=form_instance)
    return one_or_not_found(rows, pk=pk)


def form_returns(form_instance: FormInstance) -> list[FormReturn]:
    """Return what was handed in for a form, the latest first, without the files."""
    return list(
        FormReturn.objects.filter(form_instance=form_instance)
        .select_related("by")
        .defer("file", "rows")
    )


def form_templates() -> QuerySet[FormTemplate]:
    """Return the catalogue."""
    return FormTemplate.objects.select_related("confirmed_by")


def distribution_or_not_found(link: str) -> Distribution:
    """Return one form given out."""
    rows: QuerySet[Distribution] = Distribution.objects.select_related("by")
    return one_or_not_found(rows, link=link)


def places_to_fill_for() -> list[Place]:
    """Return the places of this scope for which forms are filled, widest first."""
    scope = current_scope()
    rows = Place.objects.filter(kind__in=FILLS_AT, ended_on__isnull=True).order_by("path")
    mine = [place for place in rows if scope.holds(place.path)]
    return sorted(mine, key=lambda one: (one.path.count("/"), one.path))


@dataclass(frozen=True)
class QuestionProgress:
    """How far the questions of a form are."""

    total: int
    answered: int
    cannot: int

    @property
    def open(self) -> int:
        """Questions nobody answered yet."""
        return self.total - self.answered - self.cannot


def asked_of(form_instance: FormInstance) -> QuestionProgress:
    """Count the questions of a form."""
    return asked_of_all([form_instance]).get(form_instance.pk, QuestionProgress(0, 0, 0))


def asked_of_all(found: list[FormInstance]) -> dict[int, QuestionProgress]:
    """Count the questions of several forms at once."""
    rows = (
        OpenQuestion.objects.filter(form_instance__in=found)
        .exclude(state=QuestionState.DROPPED)
        .order_by()
        .values("form_instance_id")
        .annotate(
            total=Count("pk"),
            answered=Count("pk", filter=Q(state=QuestionState.ANSWERED)),
            cannot=Count("pk", filter=Q(state=QuestionState.CANNOT)),
        )
    )
    return {
        row["form_instance_id"]: QuestionProgress(row["total"], row["answered"], row["cannot"])
        for row in rows
    }


def _open_at(door: Place) -> QuerySet[OpenQuestion]:
    """Return the questions at a door about whoever is still there to be asked."""
    rows: QuerySet[OpenQuestion] = OpenQuestion.objects.filter(
        place=door, state=QuestionState.OPEN, person__status=PersonStatus.CURRENT
    )
    return rows


def open_questions_at(door: Place) -> list[OpenQuestion]:
    """Return the open questions at a door, person by person, each once for all forms."""
    rows = _open_at(door)
    once: dict[tuple[int, str | int], OpenQuestion] = {}
    for open_question in rows.select_related("person", "task").order_by("person_id", "pk"):
        once.setdefault(
            (open_question.person_id, open_question.field or open_question.pk), open_question
        )
    return list(once.values())


def titles_at(door: Place) -> list[str]:
    """Return which forms ask something at a door."""
    rows = _open_at(door).order_by("pk")
    return list(dict.fromkeys(rows.values_list("title", flat=True)))


def open_question_or_not_found(pk: int) -> OpenQuestion:
    """Return one question."""
    rows: QuerySet[OpenQuestion] = OpenQuestion.objects.select_related("person", "task")
    return one_or_not_found(rows, pk=pk)


def form_instances_of(distribution: Distribution) -> list[FormInstance]:
    """Return the form of every place it was given out to."""
    return list(form_instances().filter(distribution=distribution).order_by("place__path"))


def form_instances_in_progress() -> list[FormInstance]:
    """Return all forms that were given out and that some place has still to hand in."""
    waiting = form_instances().filter(distribution__isnull=False, state__in=UNFINISHED)
    rows = form_instances().filter(distribution__in=waiting.order_by().values("distribution"))
    return list(rows.order_by("distribution__due_on", "distribution_id", "place__path"))


def waiting_for_decision() -> int:
    """Count what was handed in and not yet accepted or returned."""
    return int(form_instances().filter(state=FormState.HANDED_IN).count())


def meant_by(form_instance: FormInstance, people: Set[int], user_id: int) -> Set[int]:
    """Return whom a form means beyond the budget: all rows when somebody else gave it out."""
    distributed_by = (
        form_instance.distribution.by_id if form_instance.distribution is not None else None
    )
    return people if rules.is_asked_for(by=user_id, distributed_by=distributed_by) else set()
