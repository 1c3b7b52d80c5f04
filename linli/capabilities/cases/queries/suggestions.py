"""What the text of a case suggests: category, place, post, and cases like it. Only advice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import QuerySet

from linli.capabilities.cases.models import Case, Category
from linli.capabilities.cases.queries.cases import cases, categories
from linli.capabilities.cases.terms import OPEN_STATES
from linli.core.paths import path_after
from linli.core.scope import system_scope
from linli.core.time import to_china, today
from linli.register.places.models import Place
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.queries import Seat
from linli.workbench.tasks.queries.seats import seat_of_role
from linli.workbench.text_analysis.category_model import LEARNER
from linli.workbench.text_analysis.classifier import Model
from linli.workbench.text_analysis.similarity import ComparedMessage, Index
from linli.workbench.text_analysis.texts import as_learnt
from linli.workbench.text_analysis.topics import USUAL_DAYS, HotTopic, hot_topics

MOST_LEARNT = 20_000
MOST_ALIKE = 5
MOST_COMPARED = 400
LONGEST_COMPARED = 600
MOST_IN_TOPICS = 3000
MOST_TOPICS_SHOWN = 8
MOST_LIKELY = 3
NEIGHBOURHOODS = ("community", "estate")


@dataclass(frozen=True)
class TextSuggestion:
    """Advice for one text with its confidence from 0 to 1; ``category`` is None where unsure."""

    category: Category | None = None
    confidence: float = 0.0
    runner_up: Category | None = None
    seat: Seat | None = None
    is_unsure: bool = False

    place_sure: float = 1.0

    @property
    def percent(self) -> int:
        """Return how sure it is, in percent."""
        return round(self.confidence * 100)

    @property
    def seat_percent(self) -> int:
        """Return how sure the post is, in percent: it hangs on the category and on the place."""
        return round(self.confidence * self.place_sure * 100)

    def at(self, percent: int) -> TextSuggestion:
        """Return the same where the place itself is only so sure."""
        return replace(self, place_sure=percent / 100)


def model() -> Model:
    """Return what was learnt, with the newest choices of dispatchers."""
    with system_scope("how many choices of dispatchers there are, to know whether to learn again"):
        # A case put into another category is a change as well: the journal has every one.
        changed = JournalEntry.objects.filter(kind="case.category_set").order_by("-pk")
        mark = _chosen().count(), changed.values_list("pk", flat=True).first()
    return LEARNER.model(mark, corrections)


def suggest(text: str, place: Place | None, *, title: str = "") -> TextSuggestion:
    """Return the likely category of a text and the post that answers for it; only advice.

    Where it is not sure there is none, and ``is_unsure`` says that it has read the text.
    """
    codes = set(categories().values_list("code", flat=True))
    if not codes:
        return TextSuggestion()
    suggestion = model().suggest(as_learnt(title, text), codes)
    known = {
        one.code: one
        for one in categories().filter(code__in=[suggestion.category, suggestion.runner_up])
    }
    category = known.get(suggestion.category)
    if suggestion.unsure or category is None:
        return TextSuggestion(is_unsure=True)
    seat = seat_of_role(category.role, place) if category.role and place else None
    return TextSuggestion(category, suggestion.confidence, known.get(suggestion.runner_up), seat)


def likely_categories(text: str, *, title: str = "") -> list[tuple[Category, int]]:
    """Return the three likeliest categories of a text, with how sure each is in percent."""
    known = {one.code: one for one in categories().select_related("parent__parent")}
    if not text.strip() or not known:
        return []
    ranked = model().likeliest(as_learnt(title, text), known, MOST_LIKELY)
    sure = [(known[code], round(chance * 100)) for code, chance in ranked]
    # What is all but ruled out is no suggestion.
    return [(category, percent) for category, percent in sure if percent]


def corrections() -> list[tuple[str, str]]:
    """Return what dispatchers decided: texts with the code of the category they chose."""
    with system_scope("suggestions learn from every dispatcher, and tell nothing but a category"):
        rows = _chosen().order_by("-pk").values_list("title", "text", "category__code")
        return [(as_learnt(title, text), code) for title, text, code in rows[:MOST_LEARNT]]


def _chosen() -> QuerySet[Case]:
    """Return the cases somebody put into a category: all there is to learn from."""
    rows: QuerySet[Case] = Case.objects.filter(
        # The model serves every post: what few may read must not be in it.
        category__isnull=False,
        category_by__isnull=False,
        confidential=False,
    )
    return rows


def neighbourhood_of(place: Place) -> str:
    """Return the path within which cases are neighbours: the estate, else the community."""
    rows = Place.objects.filter(path__in=[*place.above, place.path], kind__in=NEIGHBOURHOODS)
    path: str | None = rows.order_by("-path").values_list("path", flat=True).first()
    return path or place.path


def similar_open(text: str, place: Place, *, but: Case | None = None) -> list[tuple[Case, float]]:
    """Return the open cases nearby that say much the same, the most alike first (0 to 1)."""
    area = neighbourhood_of(place)
    nearby = cases().filter(
        state__in=OPEN_STATES,
        confidential=False,
        scope_path__gte=area,
        scope_path__lt=path_after(area),
    )
    if but is not None:
        nearby = nearby.exclude(pk=but.pk)
    latest = nearby.select_related("place", "category").order_by("-received_at")
    nearby_cases = {case.pk: case for case in latest[:MOST_COMPARED]}
    if not nearby_cases or not text.strip():
        return []
    index = Index(message_of(case) for case in nearby_cases.values())
    compared_message = ComparedMessage(
        "asked", text[:LONGEST_COMPARED], place=place.path, day=today()
    )
    alike = index.similar(compared_message, most=MOST_ALIKE)
    return [(nearby_cases[int(str(one.key))], one.likeness) for one in alike]


def message_of(case: Case) -> ComparedMessage:
    """Return a case as the reader of messages compares it."""
    return ComparedMessage(
        case.pk, case.text[:LONGEST_COMPARED], "", case.scope_path, to_china(case.received_at)
    )


def topics(place: Place | None = None) -> list[HotTopic]:
    """Return what several cases of the last days are about, named by their own words."""
    since = today() - timedelta(days=2 * USUAL_DAYS)
    rows = cases().filter(confidential=False, received_at__date__gte=since)
    if place is not None:
        rows = rows.filter(scope_path__gte=place.path, scope_path__lt=path_after(place.path))
    latest = rows.order_by("-received_at")[:MOST_IN_TOPICS]
    return hot_topics(map(message_of, latest), until=today(), most=MOST_TOPICS_SHOWN)
