"""An office's own fields: list, add, retire, and what is known of one subject."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.core.errors import NotFound, Refused
from linli.core.fields import PERSON
from linli.core.interface.registry import record_address
from linli.core.rules import RULES
from linli.core.scope import current_scope, one_or_not_found
from linli.core.time import today
from linli.core.words import Said
from linli.register.people.care_kinds import KINDS
from linli.register.people.models import Household, Person
from linli.register.places.models import Building, Dwelling, Place
from linli.register.places.queries import my_place
from linli.register.posts.queries import signed_in
from linli.register.posts.rules import READS_REGISTER, Access
from linli.workbench.conditions import actions, queries
from linli.workbench.conditions.care_groups import (
    CHANGEABLE,
    NEW_GROUP,
    GroupRule,
    groups_of,
    in_force,
    rule_of_age,
    rules_of,
)
from linli.workbench.conditions.forms import AgeRuleForm, OwnFactForm, OwnFieldForm, OwnRuleForm
from linli.workbench.conditions.group_trial import GroupTrial, tried
from linli.workbench.conditions.models import OwnField
from linli.workbench.conditions.own_fields import dictionary, is_known, key_of
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
    fields = OwnField.objects.select_related("place").filter(retired_on__isnull=True, group="")
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
    attribute = one_or_not_found(OwnField.objects.filter(group=""), pk=pk, retired_on__isnull=True)
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


@login_required
@require_safe
def care_groups(request: HttpRequest) -> HttpResponse:
    """List the care groups with the rule that holds today, for everybody who reads the register."""
    if current_scope().role not in READS_REGISTER:
        raise NotFound()
    words = dictionary()
    changed = {kind.key for kind in groups_of(words)}
    fixed = [
        (kind.label, _(RULES[f"{says.__module__}.{says.__qualname__}"].says))
        for kind, says in KINDS
        if kind.key not in CHANGEABLE
    ]
    context = {
        "groups": [_group_shown(key) for key in (*CHANGEABLE, *sorted(changed - set(CHANGEABLE)))],
        "fixed": fixed,
        "may_set": actions.may_set_rules(by=signed_in(request)),
    }
    return render(request, "conditions/care_groups.html", context)


def _group_shown(key: str) -> dict[str, Any]:
    group = actions.group_or_not_found(key)
    if group is not None and not is_known(group):
        raise NotFound()
    rules = rules_of(group.group if group else key, group.versions if group else ())
    now = in_force(rules, today())
    versions = list(enumerate(group.versions)) if group else []
    return {
        "key": key,
        "label": group.label if group else CHANGEABLE[key].kind.label,
        "now": now.says if now else _("还没有开始"),
        "source": group.place.name if group and now and now.since else _("产品自带"),
        "rules": rules,
        "versions": [(number, version, _says(version)) for number, version in versions][::-1],
        "is_built_in": key in CHANGEABLE,
    }


def _says(version: dict[str, Any]) -> str:
    says = version.get("says") or rule_of_age(version["age"], alone=version["alone"]).says
    return Said("%(from)s起：%(says)s", **{"from": version["from"], "says": says})


@login_required
@require_safe
def care_group(request: HttpRequest, key: str) -> HttpResponse:
    """Show the rules of one group with their days and reasons."""
    if current_scope().role not in READS_REGISTER:
        raise NotFound()
    context = {**_group_shown(key), "may_set": actions.may_set_rules(by=signed_in(request))}
    return render(request, "conditions/care_group.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_care_group(request: HttpRequest, key: str) -> HttpResponse:
    """Try another rule, see who would join and leave, and only then let it hold."""
    if not actions.may_set_rules(by=signed_in(request)):
        raise NotFound()
    shown: dict[str, Any] = _group_shown(key) if key != NEW_GROUP else NOTHING_YET
    form = _group_form(request, shown)
    trial: GroupTrial | None = None
    if request.method == "POST" and form.is_valid():
        try:
            rule = _rule_asked(key, form)
            trial = tried(shown["rules"], rule, form.cleaned_data["since"])
            if request.POST.get("seen") == trial.seen:
                group = actions.change_group(
                    key=key, place=my_place(), by=signed_in(request), **_typed(key, form, rule)
                )
                messages.success(request, _("已保存“%(label)s”的规则") % {"label": group.label})
                return redirect("conditions:care-group", _key_of(group))
        except Refused as refused:
            trial = None
            _put_beside(form, refused)
    context = {**shown, "form": form, "trial": trial, "is_new": key == NEW_GROUP}
    return render(
        request, "conditions/change_group.html", context, status=422 if form.errors else 200
    )


NOTHING_YET: dict[str, Any] = {"key": NEW_GROUP, "label": "", "rules": []}


def _group_form(request: HttpRequest, shown: dict[str, Any]) -> AgeRuleForm | OwnRuleForm:
    now = in_force(shown["rules"], today())
    if shown["key"] in CHANGEABLE and now is not None:
        rule = {"age": now.age, "alone": now.alone, "since": today()}
        return AgeRuleForm(request.POST or None, initial=rule)
    first: dict[str, Any] = {
        "label": shown["label"],
        "sentence": now.says if now else "",
        "since": today(),
    }
    return OwnRuleForm(request.POST or None, initial=first)


def _rule_asked(key: str, form: AgeRuleForm | OwnRuleForm) -> GroupRule:
    given = form.cleaned_data
    if key in CHANGEABLE:
        return rule_of_age(given["age"], alone=given["alone"], since=given["since"])
    meant = queries.understood(PERSON, given["sentence"])
    return actions.own_rule(meant.where, since=given["since"])


def _typed(key: str, form: AgeRuleForm | OwnRuleForm, rule: GroupRule) -> dict[str, Any]:
    given = form.cleaned_data
    typed: dict[str, Any] = {"since": given["since"], "why": given["why"]}
    if key in CHANGEABLE:
        return typed | {"age": given["age"], "alone": given["alone"]}
    return typed | {"where": rule.where, "label": given["label"]}


def _key_of(group: OwnField) -> str:
    return group.group if group.group in CHANGEABLE else key_of(group.pk)


@login_required
@require_POST
def take_back_group_rule(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Take one rule back; the one before it holds again."""
    if not actions.may_set_rules(by=signed_in(request)):
        raise NotFound()
    try:
        group = actions.take_back_rule(key=key, number=number, by=signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("conditions:care-group", key)
    messages.success(request, _("已收回；之前的规则从今天起照用"))
    if group.retired_on:
        return redirect("conditions:care-groups")
    return redirect("conditions:care-group", key)
