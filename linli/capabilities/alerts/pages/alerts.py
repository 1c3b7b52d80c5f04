"""Alerts: what waits, one alert, why it was wrong; warnings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.alerts import actions, rules
from linli.capabilities.alerts.forms import AdvisoryForm, FalseAlarmForm, OutcomeForm
from linli.capabilities.alerts.models import Alert
from linli.capabilities.alerts.queries import (
    advisories_here,
    advisory_or_not_found,
    alert_or_not_found,
    note_named,
)
from linli.capabilities.alerts.queries.alert_closure import closing_of
from linli.capabilities.alerts.queries.alert_list import listed
from linli.capabilities.alerts.queries.strip import alert_strip
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.alerts.terms import LIVE
from linli.core.interface.picture_models import Strip, StripRow, strip_segments
from linli.core.interface.record_lists import ListRow, RecordList
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import Cell
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.facilities.actions import may_keep
from linli.register.places.queries import my_place
from linli.register.posts.queries import signed_in
from linli.workbench.tasks.queries import tasks_on_page
from linli.workbench.web.action_page import action_page, require_role

A_PAGE = 50


@login_required
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """Show the alerts that wait, the next day first; or what is over."""
    require_role(rules.MAY_READ)
    found = listed(request.GET)
    page = Paginator(found.rows, A_PAGE).get_page(request.GET.get("page"))
    note_named(page.object_list)
    view = RecordList(
        caption=_("已经过去的") if found.is_over else _("在等的"),
        sorting=found.sorting,
        rows=[_row(alert) for alert in page],
        found=page.paginator.count,
        key="" if found.is_over else "alerts.all",
        page=page,
        empty=_("现在没有要提醒的"),
        empty_note=_("规则每晚看一遍，改动后几分钟内再看"),
    )
    may_issue_advisory = current_scope().role in rules.MAY_SIGNAL
    context = {
        "view": view,
        "is_over": found.is_over,
        "said": found.said,
        "may_issue_advisory": may_issue_advisory,
        "advisories": advisories_here(today()),
    }
    if not (found.is_over or found.said):
        context |= _strip(found.readable)
    return render(request, "alerts/all.html", context)


def _row(alert: Alert) -> ListRow:
    is_late = alert.state in LIVE and alert.day is not None and alert.day < today()
    day = alert.day.isoformat() if alert.day else ""
    cells = {
        "name": alert.name,
        "day": Cell(_("%(day)s 已过") % {"day": day}, tone="bad") if is_late else day,
        "rule": str(alert.rule),
        "place": str(alert.place),
        "state": alert.get_state_display(),
    }
    return ListRow(alert.pk, reverse("alerts:alert", args=[alert.pk]), cells)


def _strip(readable: QuerySet[Alert]) -> dict[str, Any]:
    """Draw the coming days, a row for each rule; beside it what lies in none of them."""
    day, here = today(), reverse("alerts:all")
    parts = strip_segments(day)
    last = parts[-1][1]
    counted = alert_strip(readable, day, last)
    rows = []
    for one in counted.rows:
        address = f"{here}?rule={one.rule}"
        hrefs = [f"{address}&from={first}&to={until}" for first, until in parts]
        rows.append(StripRow(one.name, one.by_day, hrefs, f"{address}&from={day}&to={last}"))
    beside = [
        (_("已过日子"), counted.before, f"{here}?to={day - timedelta(1)}", "warn"),
        (_("60天以后"), counted.after, f"{here}?from={last + timedelta(1)}", ""),
        (_("没有日子的"), counted.undated, f"{here}?undated=1", ""),
    ]
    strip = Strip(_("今后60天"), _("项"), day, rows, empty=_("今后60天里没有要提醒的"))
    return {"strip": strip, "beside": [one for one in beside if one[1]]}


@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one alert: what it says, about what, what became of it."""
    require_role(rules.MAY_READ)
    alert = alert_or_not_found(pk)
    note_named([alert])
    context = {
        "one": alert,
        "is_live": alert.state in LIVE,
        "is_closed_here": closing_of(alert) is not None,
        "record_href": record_address(alert.subject_kind, alert.subject_id),
        "tasks_here": tasks_on_page(alert, signed_in(request)),
        "message": actions.message_for(alert.rule, alert.name, alert.day, alert.place),
    }
    return render(request, "alerts/alert.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was done: the date, the result, the next date where no cycle tells it."""
    require_role(rules.MAY_READ)
    alert = alert_or_not_found(pk)
    note_named([alert])
    closing, back = closing_of(alert), reverse("alerts:alert", args=[alert.pk])
    if closing is None:
        return redirect(back)
    user: Any = request.user

    def run(given: dict[str, Any]) -> None:
        actions.finish_alert(alert=alert, outcome=actions.Outcome(**given), by=user)

    return action_page(
        request,
        OutcomeForm(request.POST or None, closing=closing, may_keep=may_keep.holds()),
        title=_("办好了"),
        said=_("已记下，日期和待办都跟着变了"),
        back=back,
        run=run,
        note=f"{alert.name} · {closing.label}",
    )


@login_required
@require_http_methods(["GET", "POST"])
def false_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an alert was wrong."""
    require_role(rules.MAY_READ)
    alert = alert_or_not_found(pk)
    user: Any = request.user

    def run(given: dict[str, Any]) -> None:
        actions.call_false(alert=alert, reason=given["reason"], by=user)

    back = reverse("alerts:alert", args=[alert.pk])
    return action_page(
        request,
        FalseAlarmForm(request.POST or None),
        title=_("是误报"),
        said=_("已记下，谢谢"),
        back=back,
        run=run,
        note=alert.name,
    )


@login_required
@require_http_methods(["GET", "POST"])
def advisory(request: HttpRequest) -> HttpResponse:
    """Give a warning for one's own place; the rules for it raise alerts at once."""
    require_role(rules.MAY_SIGNAL)
    place = my_place()
    user: Any = request.user
    day = today()
    form = AdvisoryForm(request.POST or None, initial={"from_on": day, "until_on": day})

    def run(given: dict[str, Any]) -> None:
        actions.issue_advisory(place=place, by=user, **given)
        run_rules(when="advisory")

    return action_page(
        request,
        form,
        title=_("发出预警"),
        said=_("已发出，要看望的人在吹哨里"),
        back=reverse("alerts:all"),
        run=run,
        note=place.name,
    )


@login_required
@require_http_methods(["GET", "POST"])
def end_advisory(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a warning is over; the alerts for it are taken back at once."""
    require_role(rules.MAY_SIGNAL)
    one = advisory_or_not_found(pk)
    user: Any = request.user
    back = reverse("alerts:all")
    if request.method == "POST":
        actions.end_advisory(advisory=one, by=user)
        run_rules(when="advisory")
        messages.success(request, _("已解除，还没办的看望已收回"))
        return redirect(back)
    return action_page(
        request,
        Form(),
        title=_("解除预警"),
        said="",
        back=back,
        run=lambda _given: None,
        note=f"{one} · {one.place}",
    )
