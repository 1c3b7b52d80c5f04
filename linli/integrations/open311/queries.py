"""Cases as GeoReport requests: what a program with a key may read in its scope, and the public.

Confidential cases are in none of it. Without a key there is no text, no title (it is the beginning
of the text) and no address nearer than ``cases.rules.kinds_shown`` says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.capabilities.cases import rules as case_rules
from linli.capabilities.cases.models import Case, Category, Report
from linli.capabilities.cases.queries import cases, categories
from linli.capabilities.cases.queries.programs import named_places
from linli.capabilities.cases.terms import CaseOutcome, CaseState, WantsAnswer
from linli.core.paths import ancestors
from linli.core.time import CHINA
from linli.integrations.open311.georeport_types import (
    AttributeValue,
    Service,
    ServiceAttribute,
    ServiceRequest,
)
from linli.integrations.open311.parameters import LONGEST_DESCRIPTION, RequestsQuery
from linli.register.places.models import Place
from linli.register.places.queries import below
from linli.workbench.journal.models import JournalEntry

_NUMBER = re.compile(r"\d{6}-(\d{1,18})")
_CATEGORIES_CHANGED = ("case.categories_loaded", "case.category_added", "case.category_edited")


def jurisdiction(code: str) -> Place | None:
    """Return the subdistrict or community that a jurisdiction_id means: its division code."""
    rows = Place.objects.filter(kind__in=("subdistrict", "community"), ended_on__isnull=True)
    place: Place | None = rows.filter(code=code[:12]).order_by("path").first() if code else None
    return place


def services(area: Place | None) -> list[Service]:
    """Return what can be reported: the categories in use that have none below them."""
    return [_service(category) for category in offered(area)]


def offered(area: Place | None) -> list[Category]:
    """Return the categories that can be chosen; of two with one code the first."""
    rows = categories().select_related("parent__parent").order_by("code", "pk")
    if area is not None:
        # Categories belong to the subdistrict, above the area.
        rows = rows.filter(scope_path__in=[*ancestors(area.path), area.path])
    by_code = {row.code: row for row in reversed(rows)}
    parents = {one.parent_id for one in by_code.values()}
    return sorted((one for one in by_code.values() if one.pk not in parents), key=lambda o: o.code)


def category_of(code: str, area: Place | None) -> Category | None:
    """Return the category behind a service code."""
    return next((category for category in offered(area) if category.code == code), None)


def _line(category: Category) -> list[str]:
    """Return the names from the widest level down."""
    names, category_above = [category.name], category.parent
    while category_above is not None and len(names) < 4:  # three levels at most
        names.insert(0, category_above.name)
        category_above = category_above.parent
    return names


def _service(category: Category) -> Service:
    names = _line(category)
    kind = "blackbox" if category.confidential else "realtime"
    return Service(
        category.code, category.name, " / ".join(names), names[0], tuple(dict.fromkeys(names)), kind
    )


def attributes() -> tuple[ServiceAttribute, ...]:
    """Return what else may be told with any report."""
    choices = tuple(AttributeValue(str(way.value), str(way.label)) for way in WantsAnswer)
    return (
        ServiceAttribute("SPOT", "string", _("具体位置，例如“三单元门口”"), 1),
        ServiceAttribute("ANSWER", "singlevaluelist", _("怎样答复"), 2, values=choices),
    )


def shown_cases() -> QuerySet[Case]:
    """Return the cases that programs may read: never a confidential one."""
    # A category may have become confidential after its cases were taken.
    open_kind = Q(category__isnull=True) | Q(category__confidential=False)
    return cases().filter(open_kind, confidential=False)


def requests_asked(asked: RequestsQuery, area: Place | None) -> tuple[int, list[Case]]:
    """Return how many requests fit, and one page of them, the newest first."""
    rows = shown_cases()
    if area is not None:
        rows = rows.filter(below(area.path))
    # The specification: a number given overrides every other parameter.
    if asked.numbers:
        rows = rows.filter(pk__in=[key for number in asked.numbers if (key := key_of(number))])
    else:
        rows = rows.filter(received_at__gte=asked.start, received_at__lte=asked.end)
        if asked.codes:
            rows = rows.filter(category__code__in=asked.codes)
        if len(set(asked.statuses)) == 1:
            is_closed = Q(state=CaseState.CLOSED)
            rows = rows.filter(is_closed if asked.statuses[0] == case_rules.CLOSED else ~is_closed)
    page = rows.select_related("place", "category__parent__parent", "merged_into")
    ordered = page.order_by("-received_at", "-pk")
    return rows.count(), list(ordered[asked.offset : asked.offset + asked.page_size])


def key_of(number: str) -> int | None:
    """Return the key in a service_request_id."""
    match = _NUMBER.fullmatch(number)
    return int(match[1]) if match and number.isascii() else None


def request_or_none(number: str) -> Case | None:
    """Return one case by its number, if it may be read."""
    rows = shown_cases().select_related("place", "category__parent__parent", "merged_into")
    case = rows.filter(pk=key_of(number) or 0).first()
    # The number has the day in it: another day with the same key is a guess, not a number.
    return case if case is not None and case.number == number else None


def request_of_token(token: str) -> Case | None:
    """Return the case of a tracking number, if it may be read."""
    digits = token if token.isascii() and token.isdigit() and len(token) <= 12 else ""
    report = Report.objects.filter(tracking=digits).values_list("case_id", flat=True).first()
    return shown_cases().filter(pk=report or 0).first()


def as_requests(
    found: Iterable[Case], *, has_key: bool, extended: bool = False
) -> list[ServiceRequest]:
    """Return cases in the words of GeoReport, as much as the asker may know."""
    rows = list(found)
    places = {row.pk: row.place for row in rows} if has_key else named_places(rows)
    return [_request(row, places.get(row.pk), has_key=has_key, extended=extended) for row in rows]


def status_notes(case: Case) -> str:
    """Say where a case stands, in a closed one how it ended."""
    if case.outcome == CaseOutcome.MERGED and case.merged_into is not None:
        names = {"number": case.merged_into.number}
        return _("与 %(number)s 是同一件事，已合并") % names
    return case.get_outcome_display() if case.outcome else case.get_state_display()


def _local(moment: datetime | None) -> datetime | None:
    return timezone.localtime(moment, CHINA) if moment else None


def _request(case: Case, place: Place | None, *, has_key: bool, extended: bool) -> ServiceRequest:
    category = case.category
    kind = " / ".join(_line(category)) if category else _("未分类")
    # The place named may be the estate; the position would still point at the home.
    shows_position = has_key or case.place.kind not in case_rules.HOMES
    due = datetime.combine(case.due_on, time(23, 59, 59), CHINA) if case.due_on else None
    more = {
        "state": case.state,
        "outcome": case.outcome,
        "channel": case.channel,
        "reopened_times": str(case.reopened_times),
    }
    return ServiceRequest(
        number=case.number,
        status=case_rules.status_of(state=case.state),
        status_notes=status_notes(case),
        service_code=category.code if category else "",
        service_name=category.name if category else _("未分类"),
        description=case.text[:LONGEST_DESCRIPTION] if has_key else kind,
        requested_at=_local(case.received_at) or case.received_at,
        updated_at=_local(case.closed_at or case.changed_at) or case.changed_at,
        expected_at=due,
        address=str(place) if place else "",
        address_id=str(place.pk) if place else "",
        latitude=case.latitude if shows_position else None,
        longitude=case.longitude if shows_position else None,
        more=more if extended else {},
    )


def services_changed_at() -> datetime | None:
    """Return when the list of services last changed."""
    rows = JournalEntry.objects.filter(kind__in=_CATEGORIES_CHANGED).order_by("-seq")
    changed_at: datetime | None = rows.values_list("at", flat=True).first()
    return changed_at
