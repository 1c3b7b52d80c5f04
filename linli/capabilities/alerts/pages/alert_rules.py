"""Rules: the list and the library, one rule with its trial, writing one, on and off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.alerts import actions, rules
from linli.capabilities.alerts.forms import RuleForm, SwitchOnRuleForm, TryForm
from linli.capabilities.alerts.library import LIBRARY, shipped
from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries import (
    Trial,
    alerts,
    explained,
    note_named,
    record_of,
    rule_or_not_found,
    rules_here,
    trial,
)
from linli.capabilities.alerts.terms import LIVE
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.places.queries import my_place
from linli.workbench.web.action_page import action_page, require_role

SHOWN = 20


def _may_rule() -> bool:
    return current_scope().role in rules.MAY_RULE


@login_required
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """Show the rules that raise alerts here, and those of the library that nobody took yet."""
    require_role(rules.MAY_READ)
    listed_rules = list(rules_here())
    records = record_of(listed_rules)
    rows = [(alert_rule, records.get(alert_rule.pk)) for alert_rule in listed_rules]
    taken = {alert_rule.key for alert_rule in listed_rules}
    context = {
        "on": [row for row in rows if row[0].is_on],
        "off": [row for row in rows if not row[0].is_on],
        "library": [alert_rule for alert_rule in LIBRARY if alert_rule.key not in taken]
        if _may_rule()
        else [],
        "may_rule": _may_rule(),
        "may_issue_advisory": current_scope().role in rules.MAY_SIGNAL,
        "waiting": alerts().filter(state__in=LIVE).count(),
    }
    return render(request, "alerts/alert_rules.html", context)


@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one rule: its sentence, how it did, what it would have raised."""
    require_role(rules.MAY_READ)
    rule = rule_or_not_found(pk)
    form, tried, wrong = TryForm(TryForm.past_year()), None, ""
    if "since" in request.GET:
        form = TryForm(request.GET)
    if _may_rule():
        try:
            tried = _trial(rule, form)
        except Refused as refused:
            wrong = f"{refused.sentence}。{refused.hint}".rstrip("。")
    record = record_of([rule]).get(rule.pk)
    recent = list(alerts().filter(rule=rule).order_by("-opened_on", "-pk")[:SHOWN])
    note_named(recent)
    context = {
        "rule": rule,
        "sentence": _sentence(rule),
        "record": record,
        "form": form,
        "tried": tried,
        "wrong": wrong,
        "may_change": _may_change(rule),
        "may_rule": _may_rule(),
        "recent": recent,
        "library": shipped(rule.key),
    }
    return render(request, "alerts/alert_rule.html", context, status=422 if form.errors else 200)


def _sentence(rule: AlertRule) -> str:
    try:
        return explained(rule)
    except Refused as refused:
        return refused.sentence


def _trial(rule: AlertRule, form: TryForm) -> Trial | None:
    if not form.is_valid():
        return None
    period = form.cleaned_data
    return trial(rule, since=period["since"], until=period["until"], today=today())


def _may_change(rule: AlertRule) -> bool:
    return _may_rule() and current_scope().holds(rule.place.path)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write a rule for one's own place."""
    require_role(rules.MAY_RULE)
    return _write(request, AlertRule(place=my_place()), _("写一条规则"))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rule of one's own place."""
    return _write(request, _mine(pk), _("改规则"))


def _mine(pk: int) -> AlertRule:
    rule = rule_or_not_found(pk)
    if not _may_change(rule):
        raise NotFound()
    return rule


def _write(request: HttpRequest, rule: AlertRule, title: str) -> HttpResponse:
    from_address = {"subject": request.GET.get("s", "")[:16], "sentence": request.GET.get("c", "")}
    initial = {key: value for key, value in from_address.items() if value} if not rule.pk else {}
    form = RuleForm(request.POST or None, rule=rule, initial=initial)
    back = reverse("alerts:rule", args=[rule.pk]) if rule.pk else reverse("alerts:rules")

    def run(_given: dict[str, Any]) -> str:
        actions.save_rule(rule=rule, given=form.given(), by=_user(request))
        return reverse("alerts:rule", args=[rule.pk])

    return action_page(
        request,
        form,
        title=title,
        back=back,
        run=run,
        button=_("保存"),
        note=_("保存后先试一试，再启用"),
        said=_("已保存；请试一试，再启用"),
    )


@login_required
@require_http_methods(["GET", "POST"])
def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a rule on, after its number was seen."""
    rule = _mine(pk)
    try_form = TryForm(TryForm.past_year())
    tried = _trial(rule, try_form)
    if tried is None:
        raise NotFound()
    form: Form = SwitchOnRuleForm(request.POST or None)

    def run(typed: dict[str, Any]) -> None:
        actions.switch_on(
            rule=rule, would=tried.now, of=tried.of, confirmed=typed["confirmed"], by=_user(request)
        )

    if not tried.needs_confirming:
        del form.fields["confirmed"]
        form.cleaned_data = {}
        if request.method == "POST":
            actions.switch_on(
                rule=rule, would=tried.now, of=tried.of, confirmed=None, by=_user(request)
            )
            messages.success(request, _("已启用"))
            return redirect("alerts:rule", rule.pk)
    note = tried.words
    if tried.has_history:
        note = _("启用后马上吹%(n)s次；过去一年%(words)s") % {"n": tried.now, "words": note}
    note = "；".join(filter(None, (note, tried.beside)))
    back = reverse("alerts:rule", args=[rule.pk])
    return action_page(
        request, form, title=_("启用规则"), said=_("已启用"), back=back, run=run, note=note
    )


@login_required
@require_http_methods(["GET", "POST"])
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a rule off."""
    rule = _mine(pk)
    back = reverse("alerts:rule", args=[rule.pk])
    if request.method == "POST":
        actions.switch_off(rule=rule, by=_user(request))
        messages.success(request, _("已停用"))
        return redirect(back)
    note = _("已提醒的照常办完")
    return action_page(
        request, Form(), title=_("停用规则"), said="", back=back, run=lambda _given: None, note=note
    )


@login_required
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, key: str) -> HttpResponse:
    """Take a rule of the library for one's own place; it is switched on afterwards."""
    require_role(rules.MAY_RULE)
    library_rule = shipped(key)
    if library_rule is None:
        raise NotFound()
    back = reverse("alerts:rules")
    if request.method == "POST":
        # Sent twice it is still one rule.
        rule = rules_here().filter(key=key, place=my_place()).first()
        if rule is None:
            rule = actions.save_rule(
                rule=AlertRule(place=my_place()), given=library_rule.facts(), by=_user(request)
            )
            messages.success(request, _("已采用；请试一试，再启用"))
        return redirect("alerts:rule", rule.pk)
    return action_page(
        request,
        Form(),
        title=_("采用“%(name)s”") % {"name": _(library_rule.name)},
        said="",
        back=back,
        run=lambda _given: None,
        note=library_rule.why,
    )


def _user(request: HttpRequest) -> Any:
    return request.user
