"""An office's own fields: list, add, retire, and what is known of one subject."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.core.errors import NotFound, Refused
from linli.core.interface.registry import record_address
from linli.core.scope import current_scope, one_or_not_found
from linli.register.people.models import Household, Person
from linli.register.places.models import Building, Dwelling, Place
from linli.register.posts.queries import signed_in
from linli.register.posts.rules import READS_REGISTER, Access
from linli.workbench.conditions import actions
from linli.workbench.conditions.forms import OwnFactForm, OwnFieldForm
from linli.workbench.conditions.models import OwnField
from linli.workbench.conditions.own_fields import is_known
from linli.workbench.conditions.own_values import access_at
from linli.workbench.web.edit_form import editing, status_of

TARGETS: dict[str, Any] = {
    "person": Person,
    "household": Household,
    "dwelling": Dwelling,
    "building": Building,
}


@login_required
@require_safe
def own_fields(request: HttpRequest) -> HttpResponse:
    """List the fields that offices of this place and above keep."""
    if current_scope().role not in READS_REGISTER:
        raise NotFound()
    fields = OwnField.objects.select_related("place").filter(retired_on__isnull=True)
    context = {
        "lines": [
            (own_field, _may_retire(request, own_field))
            for own_field in fields
            if is_known(own_field)
        ],
        "may_define": actions.may_define(by=signed_in(request)),
    }
    return render(request, "conditions/own_fields.html", context)


def _may_retire(request: HttpRequest, attribute: OwnField) -> bool:
    return actions.may_retire(attribute=attribute, by=signed_in(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_own_field(request: HttpRequest) -> HttpResponse:
    """Keep a fact that the dictionary does not have."""
    if not actions.may_define(by=signed_in(request)):
        raise NotFound()
    places = list(Place.objects.filter(path__in=current_scope().paths).order_by("path"))
    form = OwnFieldForm(request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            attribute = actions.define_attribute(
                label=cleaned["label"],
                subject=cleaned["subject"],
                kind=cleaned["kind"],
                choices=form.words("choices"),
                synonyms=form.words("synonyms"),
                unit=cleaned["unit"],
                sensitivity=cleaned["sensitivity"],
                by=signed_in(request),
                place=next(place for place in places if place.pk == cleaned["place"]),
            )
            messages.success(request, _("已新增字段“%(label)s”") % {"label": attribute.label})
            return redirect("conditions:own-fields")
        except Refused as refused:
            _put_beside(form, refused)
    context = {"form": form}
    return render(request, "conditions/add_field.html", context, status=422 if form.errors else 200)


def _put_beside(form: Any, refused: Refused) -> None:
    words = f"{refused.sentence}。{refused.hint}" if refused.hint else str(refused.sentence)
    form.add_error(refused.field if refused.field in form.fields else None, words)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def retire_own_field(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop offering a field, after asking once more."""
    attribute = one_or_not_found(OwnField.objects.all(), pk=pk, retired_on__isnull=True)
    if not _may_retire(request, attribute):
        raise NotFound()
    if request.method == "POST":
        actions.retire_attribute(attribute=attribute, by=signed_in(request))
        messages.success(request, _("已停用“%(label)s”") % {"label": attribute.label})
        return redirect("conditions:own-fields")
    return render(request, "conditions/retire_field.html", {"attribute": attribute})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_fact(request: HttpRequest, pk: int, subject_id: int) -> HttpResponse:
    """Say what is known of somebody or something in one of the office's own fields."""
    attribute = one_or_not_found(OwnField.objects.all(), pk=pk, retired_on__isnull=True)
    target = one_or_not_found(TARGETS[attribute.subject].objects.all(), pk=subject_id)
    # What the role may not see it does not fill in either.
    if access_at(attribute, target) is Access.HIDDEN or not actions.may_say(by=signed_in(request)):
        raise NotFound()
    form = OwnFactForm(attribute, request.POST or None, target=target)
    back = record_address(target._meta.label_lower, target.pk) or "/"
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                _say(attribute, target, form, signed_in(request))
            messages.success(request, _("已保存"))
            return redirect(back)
        except Refused as refused:
            _put_beside(form, refused)
    context = {"form": form, "attribute": attribute, "back": back, "about": str(target)}
    return render(request, "conditions/own_fact.html", context, status=status_of(form))


def _say(attribute: OwnField, target: Any, form: OwnFactForm, by: Any) -> None:
    # What was left alone is no news; a covered value that was not typed anew would be taken back.
    if form.changed:
        value = form.cleaned_data["value"]
        actions.set_value(attribute=attribute, subject_id=target.pk, value=value, by=by)
