"""The catalogue of forms, kept for the whole subdistrict above the place of whoever works."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import F

from linli.capabilities.form_filling.answers.cells import OWN
from linli.capabilities.form_filling.models import FormInstance, FormTemplate
from linli.capabilities.form_filling.terms import ColumnUse, FormState
from linli.core.fields import AllOf, Compare, Kind, Node, all_of
from linli.core.paths import ancestors
from linli.core.scope import system_scope
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import User
from linli.workbench.conditions import queries
from linli.workbench.conditions.models import OwnField
from linli.workbench.conditions.own_fields import dictionary


def remember(form_instance: FormInstance, *, cadence: str, by: User | None) -> FormTemplate:
    """Keep what a form's headings mean, for the whole subdistrict.

    The first to confirm a form says it for all. Who then sees it otherwise keeps that at their own
    place; the subdistrict itself changes it for all.
    """
    shared_at = catalogue_path(form_instance.scope_path)
    is_mine = form_instance.scope_path == shared_at
    mine = _said(form_instance)
    for_all = mine if is_mine else _for_all(mine, shared_at)
    with system_scope("the catalogue of forms is the subdistrict's"):
        form_template, is_new = _kept(form_instance, shared_at, by)
        if is_new or is_mine:
            _say(form_template, for_all, cadence, form_instance, by)
        # An own one is kept up to date too: it is nearer and would hide what was just confirmed.
        if not is_mine and (_has_own(form_instance) or _differs(form_template, mine)):
            form_template, _made = _kept(form_instance, form_instance.scope_path, by)
            _say(form_template, mine, cadence, form_instance, by)
        # Confirmed again after a correction is still one use.
        if form_instance.state == FormState.READ:
            FormTemplate.objects.filter(pk=form_template.pk).update(used_times=F("used_times") + 1)
    return form_template


def catalogue_path(path: str) -> str:
    """Return the path of the subdistrict above a place, else its own."""
    with system_scope("the catalogue of forms is the subdistrict's"):
        rows = Place.objects.filter(path__in=[path, *ancestors(path)], kind=PlaceKind.SUBDISTRICT)
        return rows.values_list("path", flat=True).first() or path


def _said(form_instance: FormInstance) -> dict[str, Any]:
    return {
        "subject": form_instance.subject,
        "condition": form_instance.condition,
        "headings": list(form_instance.headings),
    }


def _for_all(said: dict[str, Any], shared_at: str) -> dict[str, Any]:
    """Leave out what only one place has: the places it was narrowed to, and fields of its own."""
    own = _fields_of_its_own(shared_at)
    headings = [
        {**one, "use": ColumnUse.LEFT.value, "fields": []} if own & set(one["fields"]) else one
        for one in said["headings"]
    ]
    left = None
    if said["condition"]:
        condition = queries.read_json(said["condition"])
        parts = condition.where.parts if isinstance(condition.where, AllOf) else (condition.where,)
        shared = [part for part in parts if _is_everybodys(condition.subject, part, own)]
        left = queries.condition_json(replace(condition, where=all_of(*shared))) if shared else None
    return {**said, "condition": left, "headings": headings}


def _fields_of_its_own(shared_at: str) -> set[str]:
    """Return the keys of fields that were made below the subdistrict."""
    above = [shared_at, *ancestors(shared_at)]
    keys = OwnField.objects.exclude(scope_path__in=above).values_list("pk", flat=True)
    return {f"{OWN}{pk}" for pk in keys}


def _is_everybodys(subject: str, where: Node, own: set[str]) -> bool:
    if not isinstance(where, Compare):
        return True
    is_place = dictionary().field(subject, where.field).kind is Kind.PLACE
    return not is_place and where.field not in own


def _kept(form_instance: FormInstance, path: str, by: User | None) -> tuple[FormTemplate, bool]:
    """Return the template of a form at a place; of two who confirm it at once one makes it."""
    defaults = {"title": form_instance.title, "confirmed_by": by}
    key = {"fingerprint": form_instance.form["fingerprint"], "scope_path": path}
    template: tuple[FormTemplate, bool] = FormTemplate.objects.get_or_create(
        **key, defaults=defaults
    )
    return template


def _has_own(form_instance: FormInstance) -> bool:
    key = {"fingerprint": form_instance.form["fingerprint"], "scope_path": form_instance.scope_path}
    return bool(FormTemplate.objects.filter(**key).exists())


def _differs(shared: FormTemplate, said: dict[str, Any]) -> bool:
    return any(getattr(shared, key) != value for key, value in said.items())


def _say(
    form_template: FormTemplate,
    said: dict[str, Any],
    cadence: str,
    form_instance: FormInstance,
    by: User | None,
) -> None:
    for key, value in said.items():
        setattr(form_template, key, value)
    # The first title stays: the same form under another name is the same form.
    if (
        form_instance.title != form_template.title
        and form_instance.title not in form_template.also_called
    ):
        form_template.also_called = [*form_template.also_called, form_instance.title]
    form_template.asked_by, form_template.basis, form_template.cadence = (
        form_instance.asked_by,
        form_instance.basis,
        cadence,
    )
    form_template.confirmed_by = by
    form_template.save()
