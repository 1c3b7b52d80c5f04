"""Forms as this post may see them: its sheets, the catalogue, questions at a door, progress."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.models import Blank, HandIn, Issue, Pattern, Sheet
from linli.capabilities.form_filling.terms import UNFINISHED, BlankState, SheetState
from linli.core.scope import current_scope, one_or_not_found
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.workbench.conditions.disclosure import known, may_know

FILLS_AT = (PlaceKind.SUBDISTRICT, PlaceKind.COMMUNITY, PlaceKind.GRID)


def sheets() -> QuerySet[Sheet]:
    """Return the forms of this scope, the latest first, without their files."""
    rows: QuerySet[Sheet] = Sheet.objects.select_related("place", "by", "issue")
    return _known(rows.defer("file", "original", "form"))


def _known(rows: QuerySet[Sheet]) -> QuerySet[Sheet]:
    """Leave out the forms about people whom the reader may not ask for."""
    return known(rows, "condition", of=lambda row: may_know(row["condition"]))


def open_sheets() -> QuerySet[Sheet]:
    """Return the forms that are not handed in, the soonest due first."""
    return sheets().filter(state__in=UNFINISHED).order_by("due_on", "-brought_at")


def ended_sheets() -> QuerySet[Sheet]:
    """Return what was handed in, accepted or put aside."""
    return sheets().exclude(state__in=UNFINISHED)


def sheet_or_not_found(link: str) -> Sheet:
    """Return one form; out of scope is not found."""
    rows: QuerySet[Sheet] = Sheet.objects.select_related("place", "by", "issue", "person")
    return one_or_not_found(_known(rows.filter(link=link)), link=link)


def record_or_not_found(pk: int) -> Sheet:
    """Return one form by its key."""
    return one_or_not_found(sheets(), pk=pk)


def hand_in_or_not_found(sheet: Sheet, pk: int) -> HandIn:
    """Return one archived file of a form."""
    rows: QuerySet[HandIn] = HandIn.objects.filter(sheet=sheet)
    return one_or_not_found(rows, pk=pk)


def hand_ins(sheet: Sheet) -> list[HandIn]:
    """Return what was handed in for a form, the latest first, without the files."""
    return list(HandIn.objects.filter(sheet=sheet).select_related("by").defer("file", "rows"))


def patterns() -> QuerySet[Pattern]:
    """Return the catalogue."""
    return Pattern.objects.select_related("confirmed_by")


def issue_or_not_found(link: str) -> Issue:
    """Return one form given out."""
    rows: QuerySet[Issue] = Issue.objects.select_related("by")
    return one_or_not_found(rows, link=link)


def places_to_fill_for() -> list[Place]:
    """Return the places of this scope for which forms are filled, widest first."""
    scope = current_scope()
    rows = Place.objects.filter(kind__in=FILLS_AT, ended_on__isnull=True).order_by("path")
    mine = [one for one in rows if scope.holds(one.path)]
    return sorted(mine, key=lambda one: (one.path.count("/"), one.path))


@dataclass(frozen=True)
class Asked:
    """How far the questions of a form are."""

    total: int
    answered: int
    cannot: int

    @property
    def open(self) -> int:
        """Questions nobody answered yet."""
        return self.total - self.answered - self.cannot


def asked_of(sheet: Sheet) -> Asked:
    """Count the questions of a form."""
    return asked_of_all([sheet]).get(sheet.pk, Asked(0, 0, 0))


def asked_of_all(found: list[Sheet]) -> dict[int, Asked]:
    """Count the questions of several forms at once."""
    rows = (
        Blank.objects.filter(sheet__in=found).exclude(state=BlankState.DROPPED)
        .order_by()
        .values("sheet_id")
        .annotate(
            total=Count("pk"),
            answered=Count("pk", filter=Q(state=BlankState.ANSWERED)),
            cannot=Count("pk", filter=Q(state=BlankState.CANNOT)),
        )
    )
    return {row["sheet_id"]: Asked(row["total"], row["answered"], row["cannot"]) for row in rows}


def open_blanks_at(door: Place) -> list[Blank]:
    """Return the open questions at a door, person by person, each once for all forms."""
    rows = Blank.objects.filter(place=door, state=BlankState.OPEN)
    once: dict[tuple[int, str | int], Blank] = {}
    for one in rows.select_related("person", "task").order_by("person_id", "pk"):
        once.setdefault((one.person_id, one.field or one.pk), one)
    return list(once.values())


def titles_at(door: Place) -> list[str]:
    """Return which forms ask something at a door."""
    rows = Blank.objects.filter(place=door, state=BlankState.OPEN).order_by("pk")
    return list(dict.fromkeys(rows.values_list("title", flat=True)))


def blank_or_not_found(pk: int) -> Blank:
    """Return one question."""
    rows: QuerySet[Blank] = Blank.objects.select_related("person", "task")
    return one_or_not_found(rows, pk=pk)


def sheets_of_issue(issue: Issue) -> list[Sheet]:
    """Return the form of every place it was given out to."""
    return list(sheets().filter(issue=issue).order_by("place__path"))


def waiting_for_decision() -> int:
    """Count what was handed in and not yet accepted or returned."""
    return int(sheets().filter(state=SheetState.HANDED_IN).count())


def meant_by(sheet: Sheet, people: Set[int], user_id: int) -> Set[int]:
    """Return whom a form means beyond the budget: all rows when somebody else gave it out."""
    issued_by = sheet.issue.by_id if sheet.issue is not None else None
    return people if rules.is_asked_for(by=user_id, issued_by=issued_by) else set()
