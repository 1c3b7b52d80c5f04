"""The price tag of a form: what is known, what it will cost, whether it was asked before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.answers.cells import (
    BY_HAND,
    COVERED,
    KNOWN,
    MISSING,
    at_a_glance,
    share,
)
from linli.capabilities.form_filling.catalogue.fact_overlap import FactOverlap, overlap
from linli.capabilities.form_filling.models import Distribution, FormInstance, FormTemplate
from linli.capabilities.form_filling.terms import Cadence, ColumnUse, FormState
from linli.core.chinese.normalise import for_matching
from linli.core.errors import Refused
from linli.core.scope import current_scope, use_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind

ALIKE = 0.8
# Nothing is given out without an asker and a basis: the price is that of a form with both.
TO_BE_WRITTEN = "下发时写明"


@dataclass(frozen=True)
class PriceOf:
    """What a form costs one place."""

    place: Place
    rows: int = 0
    known: int = 0
    missing: int = 0
    by_hand: int = 0
    covered: int = 0
    doors: int = 0
    minutes: int = 0
    error_text: str = ""

    @property
    def is_answered(self) -> bool:
        """Can it be answered for this place without asking anybody there?"""
        return not self.error_text and rules.is_answered_without_asking(
            known=self.known, missing=self.missing, by_hand=self.by_hand, covered=self.covered
        )


@dataclass(frozen=True)
class SimilarForm:
    """A form that asks nearly the same: of the catalogue, or given out on a day by somebody."""

    title: str
    asked_by: str
    given_on: date | None = None
    by: str = ""
    link: str = ""  # of the earlier one, whose answers may be used
    facts: FactOverlap | None = None  # the same by its facts, in other words

    @property
    def words(self) -> str:
        """Say who asked for it and when."""
        if self.given_on is None:
            return f"{self.title}（{self.asked_by}）" if self.asked_by else self.title
        told = {"title": self.title, "who": self.asked_by, "day": self.given_on, "by": self.by}
        said = _("%(title)s（%(who)s要的，%(by)s %(day)s下发）") % told
        return f"{said}：{self.facts.words}" if self.facts else said


@dataclass(frozen=True)
class Price:
    """What a form costs in all; ``alike`` are forms that ask nearly the same."""

    parts: tuple[PriceOf, ...]
    by_hand: tuple[str, ...]
    alike: tuple[SimilarForm, ...]

    @property
    def rows(self) -> int:
        """Rows of all places together."""
        return sum(part.rows for part in self.parts)

    @property
    def known(self) -> int:
        """Cells the register already knows."""
        return sum(part.known for part in self.parts)

    @property
    def missing(self) -> int:
        """Cells somebody would have to ask for."""
        return sum(part.missing for part in self.parts)

    @property
    def pen(self) -> int:
        """Cells left to the pen."""
        return sum(part.by_hand for part in self.parts)

    @property
    def percent(self) -> int:
        """The known share of all that is asked."""
        covered = sum(part.covered for part in self.parts)
        return share(
            {KNOWN: self.known, MISSING: self.missing, COVERED: covered, BY_HAND: self.pen}
        )

    @property
    def minutes(self) -> int:
        """Minutes of all places together, filled by hand."""
        return sum(part.minutes for part in self.parts)

    @property
    def answered(self) -> int:
        """How many places need not fill it?"""
        return sum(part.is_answered for part in self.parts)

    @property
    def is_answered(self) -> bool:
        """Can it be answered without asking anybody anywhere?"""
        return bool(self.parts) and self.answered == len(self.parts)


def communities(place: Place) -> list[Place]:
    """Return the communities below a place, or the place itself."""
    if place.kind != PlaceKind.SUBDISTRICT:
        return [place]
    places = Place.objects.filter(
        kind=PlaceKind.COMMUNITY, path__startswith=place.path, ended_on__isnull=True
    )
    return list(places.order_by("path")) or [place]


def price_of(form_instance: FormInstance, places: list[Place]) -> Price:
    """Price a form that need not be saved yet, for each of some places."""
    return Price(
        tuple(_priced(form_instance, place) for place in places),
        tuple(
            heading["text"]
            for heading in form_instance.headings
            if heading["use"] == ColumnUse.LEFT
        ),
        tuple(alike(form_instance)),
    )


def _priced(form_instance: FormInstance, place: Place) -> PriceOf:
    # Never saved: each place is priced as if it had been given the form.
    trial = FormInstance(
        place=place,
        form=form_instance.form,
        subject=form_instance.subject,
        condition=form_instance.condition,
        headings=form_instance.headings,
        asked_by=form_instance.asked_by or TO_BE_WRITTEN,
        basis=form_instance.basis or TO_BE_WRITTEN,
        by=form_instance.by,
        scope_path=place.path,
    )
    try:
        # From the place that will fill it: what only a wider scope sees is not known there.
        with use_scope(current_scope().narrowed(place.path)):
            knowledge = at_a_glance(trial)
    except Refused as refused:
        return PriceOf(place, error_text=refused.sentence)
    counts = knowledge.counts
    lacking = [row.id for row in knowledge.rows if any(c.state == MISSING for c in row.cells)]
    doors = _doors(form_instance.subject, lacking)
    by_hand, covered = counts[BY_HAND], counts[COVERED]
    cost = rules.minutes(
        # By hand everything that is not known has to be asked for, covered or not.
        known=counts[KNOWN],
        missing=counts[MISSING] + by_hand + covered,
        doors=doors,
    )
    return PriceOf(
        place, counts["rows"], counts[KNOWN], counts[MISSING], by_hand, covered, doors, cost
    )


def _doors(subject: str, ids: list[int]) -> int:
    if subject != "person" or not ids:
        return len(ids)
    return int(Person.objects.filter(pk__in=ids).values("home_id").distinct().count())


def alike(form_instance: FormInstance) -> list[SimilarForm]:
    """Return forms that ask nearly the same: given out in this period, or in the catalogue."""
    mine = _words(form_instance.headings)
    fingerprint = form_instance.form["fingerprint"]
    given_out = list(_given_out(form_instance, fingerprint, mine))
    titles = {one.title for one in given_out}
    of_the_catalogue = [
        SimilarForm(form_template.title, form_template.asked_by)
        for form_template in FormTemplate.objects.all()
        if not _is_its_own(form_template, form_instance)
        and form_template.title not in titles
        and (form_template.fingerprint == fingerprint or _nearly(mine, form_template.headings))
    ]
    return given_out + of_the_catalogue


def _is_its_own(form_template: FormTemplate, form_instance: FormInstance) -> bool:
    same = form_template.fingerprint == form_instance.form["fingerprint"]
    return form_instance.state != FormState.READ and (
        same or form_template.pk == form_instance.form_template_id
    )


def _given_out(
    form_instance: FormInstance, fingerprint: str, mine: set[str]
) -> Iterable[SimilarForm]:
    """Yield what was given out in the same period, or is still to be handed in."""
    cadence = (
        form_instance.form_template.cadence
        if form_instance.form_template is not None
        else Cadence.ONCE
    )
    since = rules.same_period_since(cadence=cadence, today=today())
    recent = Distribution.objects.filter(
        Q(distributed_at__date__gte=since) | Q(due_on__gte=today())
    )
    shapes = {
        distribution: (shape, headings, subject, condition)
        for distribution, shape, headings, subject, condition in FormInstance.objects.filter(
            distribution__in=recent.values("pk")
        )
        .order_by("pk")
        .values_list("distribution_id", "form__fingerprint", "headings", "subject", "condition")
    }
    for given in recent.select_related("by").order_by("-distributed_at"):
        shape, headings, subject, condition = shapes.get(given.pk, ("", [], "", {}))
        facts = None
        if shape != fingerprint and not _nearly(mine, headings):
            if subject != form_instance.subject:
                continue
            facts = overlap(
                subject, (form_instance.headings, form_instance.condition), (headings, condition)
            )
            if facts is None:
                continue
        given_on = localtime(given.distributed_at).date()
        yield SimilarForm(given.title, given.asked_by, given_on, given.by.name, given.link, facts)


def _nearly(mine: set[str], headings: list[dict[str, object]]) -> bool:
    theirs = _words(headings)
    # A form of a single heading would be like every list of names.
    return len(mine) > 1 and len(mine & theirs) / max(len(mine | theirs), 1) >= ALIKE


def _words(headings: list[dict[str, object]]) -> set[str]:
    return {for_matching(str(heading["text"])).replace(" ", "") for heading in headings}
