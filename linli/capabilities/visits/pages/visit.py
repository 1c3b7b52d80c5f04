"""A visit and a promise on the phone: what is known, what to write down, one button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.visits import actions, queries, rules
from linli.capabilities.visits.forms import PromiseForm, VisitForm, WhyForm, WordsForm
from linli.capabilities.visits.models import Promise, Visit
from linli.capabilities.visits.terms import PromiseState, VisitState
from linli.core.errors import Refused
from linli.core.interface.registry import record_address
from linli.register.people.models import Person
from linli.register.people.queries import person_or_not_found
from linli.register.posts.queries import signed_in
from linli.workbench.read_budget.actions import note_read
from linli.workbench.read_budget.call_page import may_call
from linli.workbench.web.action_page import action_page, add_refusal, require_role


def _home(person: Person) -> str:
    return record_address("people.person", person.pk) or reverse("visits:home")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def visit_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a visit down that nobody had planned."""
    require_role(rules.MAY_VISIT)
    person = person_or_not_found(pk)
    return _visiting(request, person, None)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a planned visit with what was said last, and write it down."""
    require_role(rules.MAY_VISIT)
    planned = queries.visit_or_not_found(pk)
    if planned.state != VisitState.PLANNED and request.method == "GET":
        context = {"visit": planned, "person_href": _home(planned.person)}
        return render(request, "visits/visits_so_far.html", context)
    return _visiting(request, planned.person, planned)


def _visiting(request: HttpRequest, person: Person, planned: Visit | None) -> HttpResponse:
    note_read([person.pk], within=planned)
    form = VisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            text = _save(request, person, planned, form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, text)
            return redirect("tasks:inbox" if planned else _home(person))
    context = {
        "form": form,
        "person": person,
        "visit": planned,
        "about": queries.of_person(person),
        "person_href": _home(person),
        "may_call": may_call(person),
        "is_done": bool(planned and planned.state == VisitState.DONE),
    }
    return render(request, "visits/visit.html", context, status=422 if form.errors else 200)


def _save(
    request: HttpRequest, person: Person, planned: Visit | None, given: dict[str, Any]
) -> str:
    """Keep visit and promise together; say what became of a visit that was held already."""
    by = signed_in(request)
    before = planned.state if planned else VisitState.PLANNED
    with transaction.atomic():
        held = actions.record_visit(
            person=person,
            way=given["way"],
            words=given["words"],
            form_token=given["form_token"],
            by=by,
        )
        if given["promise"]:
            actions.make_promise(
                person=person,
                what=given["promise"],
                due_on=given["promise_on"],
                by=by,
                form_token=given["form_token"],
            )
    if before == VisitState.DONE:
        return _("别人已经看望过；您这次也记下了")
    if planned and planned.in_person and not queries.counts_for(planned, held.way):
        return _("已记下；这一位要见到本人，还要再去一次")
    return _("已记下")


@login_required
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a planned visit back, with the reason."""
    require_role(rules.MAY_VISIT)
    planned = queries.visit_or_not_found(pk)
    by = signed_in(request)
    return action_page(
        request,
        WordsForm(request.POST or None),
        title=_("这次不用去了"),
        said=_("已取消"),
        back=reverse("visits:home"),
        note=str(planned.person),
        run=lambda given: actions.stop_visit(visit=planned, reason=given["words"], by=by) and None,
    )


@login_required
@require_http_methods(["GET", "POST"])
def at_once(request: HttpRequest, pk: int) -> HttpResponse:
    """Have somebody visited within a day."""
    require_role(rules.MAY_VISIT)
    person = person_or_not_found(pk)
    by = signed_in(request)

    def run(given: dict[str, Any]) -> None:
        actions.visit_at_once(person=person, why=given["why"], by=by, occasion=given["form_token"])

    return action_page(
        request,
        WhyForm(request.POST or None),
        title=_("马上去看看"),
        back=_home(person),
        said=_("已派给网格员，一天内上门"),
        note=str(person),
        run=run,
    )


@login_required
@require_http_methods(["GET", "POST"])
def promise_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was promised to somebody."""
    require_role(rules.MAY_VISIT)
    person = person_or_not_found(pk)
    by = signed_in(request)

    def run(given: dict[str, Any]) -> None:
        actions.make_promise(
            person=person,
            what=given["promise"],
            due_on=given["promise_on"],
            by=by,
            form_token=given["form_token"],
        )

    return action_page(
        request,
        PromiseForm(request.POST or None),
        title=_("答应一件事"),
        back=_home(person),
        said=_("已记下，到时候会提醒"),
        note=str(person),
        run=run,
    )


@login_required
@require_GET
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one promise and what became of it."""
    require_role(rules.MAY_VISIT)
    open_promise = queries.promise_or_not_found(pk)
    context = {
        "promise": open_promise,
        "is_open": open_promise.state == PromiseState.OPEN,
        "person_href": _home(open_promise.person),
    }
    return render(request, "visits/promise.html", context)


def _settle(request: HttpRequest, pk: int, *, title: str, said: str, what: Any) -> HttpResponse:
    require_role(rules.MAY_VISIT)
    open_promise: Promise = queries.promise_or_not_found(pk)
    return action_page(
        request,
        WordsForm(request.POST or None),
        title=title,
        said=said,
        note=open_promise.what,
        back=reverse("visits:promise", args=[open_promise.pk]),
        run=lambda given: what(open_promise, given["words"]) and None,
    )


@login_required
@require_http_methods(["GET", "POST"])
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a promise was kept."""
    by = signed_in(request)
    return _settle(
        request,
        pk,
        title=_("做到了"),
        said=_("已记下"),
        what=lambda one, words: actions.keep_promise(promise=one, words=words, by=by),
    )


@login_required
@require_http_methods(["GET", "POST"])
def broken(request: HttpRequest, pk: int) -> HttpResponse:
    """Say openly that a promise cannot be kept."""
    by = signed_in(request)
    return _settle(
        request,
        pk,
        title=_("没做到，说明原因"),
        said=_("已记下，请当面向居民说明"),
        what=lambda one, words: actions.break_promise(promise=one, reason=words, by=by),
    )


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the resident does not want it any more."""
    by = signed_in(request)
    return _settle(
        request,
        pk,
        title=_("居民不需要了"),
        said=_("已记下"),
        what=lambda one, words: actions.withdraw_promise(promise=one, reason=words, by=by),
    )
