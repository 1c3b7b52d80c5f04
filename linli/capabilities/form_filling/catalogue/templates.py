"""The catalogue of forms, kept for the whole subdistrict above the place of whoever works."""

from __future__ import annotations

from typing import Any

from django.db.models import F

from linli.capabilities.form_filling.answers.cells import OWN
from linli.capabilities.form_filling.models import Pattern, Sheet
from linli.capabilities.form_filling.terms import ColumnUse, SheetState
from linli.core.fields import AllOf, Compare, Condition, Kind, Node, all_of
from linli.core.paths import ancestors
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import User
from linli.workbench.conditions import queries
from linli.workbench.conditions.models import Attribute
from linli.workbench.conditions.own_fields import dictionary


def remember(sheet: Sheet, *, cadence: str, by: User | None) -> Pattern:
    """Keep what a form's headings mean, for the whole subdistrict.

    The first to confirm a form says it for all. Who then sees it otherwise keeps that at their own
    place; the subdistrict itself changes it for all.
    """
    shared_at = catalogue_path(sheet.scope_path)
    is_mine = sheet.scope_path == shared_at
    mine = _said(sheet)
    for_all = mine if is_mine else _for_all(mine, shared_at)
    with system_scope("the catalogue of forms is the subdistrict's"):
        pattern, is_new = _kept(sheet, shared_at, by)
        if is_new or is_mine:
            _say(pattern, for_all, cadence, sheet, by)
        if not is_mine and (_has_own(sheet) or _differs(pattern, mine)):
            pattern, _made = _kept(sheet, sheet.scope_path, by)
            _say(pattern, mine, cadence, sheet, by)
        if sheet.state == SheetState.READ:
            Pattern.objects.filter(pk=pattern.pk).update(used_times=F("used_times") + 1)
    return pattern


def catalogue_path(path: str) -> str:
    """Return the path of the subdistrict above a place, else its own."""
    with system_scope("the catalogue of forms is the subdistrict's"):
        rows = Place.objects.filter(path__in=[path, *ancestors(path)], kind=PlaceKind.SUBDISTRICT)
        return rows.values_list("path", flat=True).first() or path


def _said(sheet: Sheet) -> dict[str, Any]:
    return {
        "subject": sheet.subject, "condition": sheet.condition, "headings": list(sheet.headings)
    }  # fmt: skip


def _for_all(said: dict[str, Any], shared_at: str) -> dict[str, Any]:
    """Leave out what only one place has: the places it was narrowed to, and fields of its own."""
    own = _fields_of_its_own(shared_at)
    headings = [
        {**one, "use": ColumnUse.LEFT.value, "fields": []} if own & set(one["fields"]) else one
        for one in said["headings"]
    ]
    left = None
    if said["condition"]:
        asked = queries.read_json(said["condition"])
        parts = asked.where.parts if isinstance(asked.where, AllOf) else (asked.where,)
        kept = [one for one in parts if _is_everybodys(asked.subject, one, own)]
        left = queries.condition_json(Condition(asked.subject, all_of(*kept))) if kept else None
    return {**said, "condition": left, "headings": headings}


def _fields_of_its_own(shared_at: str) -> set[str]:
    """Return the keys of fields that were made below the subdistrict."""
    above = [shared_at, *ancestors(shared_at)]
    made = Attribute.objects.exclude(scope_path__in=above).values_list("pk", flat=True)
    return {f"{OWN}{pk}" for pk in made}


def _is_everybodys(subject: str, where: Node, own: set[str]) -> bool:
    if not isinstance(where, Compare):
        return True
    is_place = dictionary().field(subject, where.field).kind is Kind.PLACE
    return not is_place and where.field not in own


def _kept(sheet: Sheet, path: str, by: User | None) -> tuple[Pattern, bool]:
    """Return the pattern of a form at a place; of two who confirm it at once one makes it."""
    given = {"title": sheet.title, "confirmed_by": by}
    key = {"fingerprint": sheet.form["fingerprint"], "scope_path": path}
    made: tuple[Pattern, bool] = Pattern.objects.get_or_create(**key, defaults=given)
    return made


def _has_own(sheet: Sheet) -> bool:
    key = {"fingerprint": sheet.form["fingerprint"], "scope_path": sheet.scope_path}
    return bool(Pattern.objects.filter(**key).exists())


def _differs(shared: Pattern, said: dict[str, Any]) -> bool:
    return any(getattr(shared, key) != value for key, value in said.items())


def _say(
    pattern: Pattern, said: dict[str, Any], cadence: str, sheet: Sheet, by: User | None
) -> None:
    for key, value in said.items():
        setattr(pattern, key, value)
    # The first title stays: the same form under another name is the same form.
    if sheet.title != pattern.title and sheet.title not in pattern.also_called:
        pattern.also_called = [*pattern.also_called, sheet.title]
    pattern.asked_by, pattern.basis, pattern.cadence = sheet.asked_by, sheet.basis, cadence
    pattern.confirmed_by = by
    pattern.save()
