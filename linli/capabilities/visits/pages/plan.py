"""What is due and promised here, and the plans behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.visits import actions, queries, rules
from linli.capabilities.visits.forms import PlanForm, SwitchOnPlanForm
from linli.capabilities.visits.library import LIBRARY, shipped
from linli.capabilities.visits.models import CarePlan
from linli.capabilities.visits.scheduling import measured
from linli.capabilities.visits.scheduling_input import period_plan
from linli.core.errors import NotFound, Refused
from linli.core.interface.registry import record_address
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.people.queries import lives_here
from linli.register.places.queries import my_place
from linli.register.posts.models import User
from linli.register.posts.queries import signed_in
from linli.workbench.conditions import queries as conditions
from linli.workbench.web.action_page import action_page, add_refusal, in_words, require_role

A_PAGE, AHEAD, MOST_PROMISES, MOST_WAITING = 50, 14, 20, 100


def _may_plan() -> bool:
    return current_scope().role in rules.MAY_PLAN


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show who is due in the coming days, what was promised, and the plans."""
    require_role(rules.MAY_VISIT)
    until = today() + timedelta(days=AHEAD)
    rows = queries.planned_visits().filter(day__lte=until)
    plans = list(queries.plans_here())
    taken = {plan.key for plan in plans}
    context = {
        "page": Paginator(rows.order_by("day", "place__path", "pk"), A_PAGE).get_page(
            request.GET.get("page")
        ),
        "promises": queries.open_promises()[:MOST_PROMISES],
        "today": today(),
        "on": [plan for plan in plans if plan.is_on],
        "off": [plan for plan in plans if not plan.is_on],
        "library": [each for each in LIBRARY if each.key not in taken] if _may_plan() else [],
        "waiting": queries.frail_waiting().count() if _may_plan() else 0,
        "may_plan": _may_plan(),
        "may_see": current_scope().role in rules.MAY_SEE_FIGURES,
    }
    return render(request, "visits/home.html", context)


@login_required
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one plan: whom, how often, and what it costs in visits a day."""
    require_role(rules.MAY_VISIT)
    plan = queries.plan_or_not_found(pk)
    context: dict[str, Any] = {
        "plan": plan,
        "may_change": _may_plan() and current_scope().holds(plan.scope_path),
    }
    try:
        people = queries.people_of(plan)
        context["sentence"] = conditions.said(queries.condition_of(plan))
        context["people"] = len(people)
        context["beside"] = queries.said_beside(plan)
        if context["may_change"]:
            day = today()
            period = period_plan([plan], day, day + timedelta(days=89))
            measures = measured(period.slots, period.needs, period.days)
            context["measured"] = measures
            context["a_day"] = round(measures.trips / max(len(period.days), 1), 1)
    except Refused as refused:
        context["wrong"] = in_words(refused)
    return render(request, "visits/plan.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write a plan."""
    require_role(rules.MAY_PLAN)
    return _write(request, CarePlan(place=my_place()), _("写一个看望安排"), reverse("visits:home"))


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plan; visits that are planned follow with the next night."""
    plan = _mine(pk)
    return _write(request, plan, _("改看望安排"), reverse("visits:plan", args=[pk]))


def _mine(pk: int) -> CarePlan:
    require_role(rules.MAY_PLAN)
    plan = queries.plan_or_not_found(pk)
    if not current_scope().holds(plan.scope_path):
        raise NotFound()
    return plan


def _write(request: HttpRequest, plan: CarePlan, title: str, back: str) -> HttpResponse:
    from_address = {} if plan.pk else {"sentence": request.GET.get("c", "")}
    form = PlanForm(request.POST or None, plan=plan, initial=from_address)
    by, was_on = signed_in(request), plan.is_on

    def run(_given: dict[str, Any]) -> str:
        made = actions.save_plan(plan=plan, given=form.given(), by=by)
        from_address = _("已保存")
        if was_on and not made.is_on and not _on_again(made, by):
            from_address = _("已保存，先停用了：请看看人数，再启用")
        messages.success(request, from_address)
        return reverse("visits:plan", args=[made.pk])

    return action_page(request, form, title=title, said="", back=back, run=run, button=_("保存"))


def _on_again(plan: CarePlan, by: User) -> bool:
    """Switch a changed plan on again when nobody needs to confirm its number."""
    try:
        people = len(queries.people_of(plan))
        actions.switch_plan(
            plan=plan, on=True, people=people, of=_all_of(plan), confirmed=None, by=by
        )
    except Refused:
        return False
    return True


def _all_of(plan: CarePlan) -> int:
    rows = Person.objects.filter(lives_here(), scope_path__startswith=plan.place.path)
    return rows.count()


@login_required
@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, key: str) -> HttpResponse:
    """Take a plan of the library for one's own place; it is switched on afterwards."""
    require_role(rules.MAY_PLAN)
    library_plan = shipped(key)
    if library_plan is None:
        raise NotFound()
    by = signed_in(request)

    def run(_given: dict[str, Any]) -> str:
        place = my_place()
        plan = queries.plans_here().filter(key=key, place=place).first()
        if plan is None:
            facts = {
                "name": library_plan.name,
                "every": library_plan.every,
                "in_person": library_plan.in_person,
                "condition": library_plan.condition,
            }
            plan = actions.save_plan(plan=CarePlan(place=place, key=key), given=facts, by=by)
            messages.success(request, _("已采用；看看人数，再启用"))
        return reverse("visits:plan", args=[plan.pk])

    return action_page(
        request,
        Form(request.POST or None),
        title=_("采用“%(name)s”") % {"name": _(library_plan.name)},
        said="",
        back=reverse("visits:home"),
        run=run,
        note=library_plan.note,
    )


@login_required
@require_http_methods(["GET", "POST"])
def switch_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a plan on, with the number of residents in sight."""
    plan = _mine(pk)
    by = signed_in(request)
    form = SwitchOnPlanForm(request.POST or None)
    try:
        people = len(queries.people_of(plan))
    except Refused as refused:
        people = 0
        add_refusal(form, refused)
    of = _all_of(plan)

    def run(given: dict[str, Any]) -> None:
        actions.switch_plan(
            plan=plan, on=True, people=people, of=of, confirmed=given["confirmed"], by=by
        )

    return action_page(
        request,
        form,
        title=_("启用看望安排"),
        said=_("已启用，今晚排好日子"),
        run=run,
        back=reverse("visits:plan", args=[pk]),
        note=_("要看望%(n)s人") % {"n": people},
    )


@login_required
@require_http_methods(["GET", "POST"])
def switch_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a plan off; its planned visits go with the next night."""
    plan = _mine(pk)
    if request.method == "POST":
        actions.switch_plan(
            plan=plan, on=False, people=0, of=0, confirmed=None, by=signed_in(request)
        )
        return redirect("visits:plan", pk)
    return action_page(
        request,
        Form(),
        title=_("停用看望安排"),
        said="",
        run=lambda _given: None,
        back=reverse("visits:plan", args=[pk]),
        note=plan.name,
    )


@login_required
@require_http_methods(["GET", "POST"])
def changes(request: HttpRequest) -> HttpResponse:
    """Show who came to be frail with very many others; their number typed sends somebody."""
    require_role(rules.MAY_PLAN)
    by, waiting = signed_in(request), queries.frail_waiting()
    form = SwitchOnPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            visited = actions.settle_frail(go=True, by=by, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("已派给网格员，一天内上门：%(n)s人") % {"n": visited})
            return redirect("visits:home")
    context = {
        "form": form,
        "of": waiting.count(),
        "rows": [
            (seen, record_address("people.person", seen.person_id))
            for seen in waiting[:MOST_WAITING]
        ],
    }
    return render(request, "visits/changes.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def not_now(request: HttpRequest) -> HttpResponse:
    """Say that nobody of them needs a visit at once: the list only caught up."""
    require_role(rules.MAY_PLAN)
    by = signed_in(request)
    return action_page(
        request,
        Form(request.POST or None),
        title=_("不用马上去"),
        said=_("已记下"),
        back=reverse("visits:home"),
        note=_("%(n)s人是补录的，不是刚失能") % {"n": queries.frail_waiting().count()},
        run=lambda _given: actions.settle_frail(go=False, confirmed=None, by=by) and None,
    )
