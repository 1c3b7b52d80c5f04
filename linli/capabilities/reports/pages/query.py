"""Ask, tick, list, cross-tabulate: parse, call, show."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from linli.capabilities.reports.pages import presenter
from linli.capabilities.reports.pages import url_state as asked
from linli.capabilities.reports.pages.cross import default_fields, grid
from linli.capabilities.reports.pages.url_state import QueryState
from linli.capabilities.reports.pages.values import ValueForm
from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.register.posts.rules import READS_REGISTER
from linli.workbench.conditions import queries


def reader_only() -> None:
    """Refuse posts that read no register; they have no such page."""
    if current_scope().role not in READS_REGISTER:
        raise NotFound()


@login_required
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Show the boxes, the count and the list; only the answer when htmx asks."""
    reader_only()
    try:
        state = asked.read(request.GET)
        context = presenter.answer(state)
    except Refused as refused:
        return _say_why(request, refused)
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        answer = render(request, "reports/live.html", context)
        # The address asks what is ticked now, so that it can be kept, sent and gone back to.
        answer["HX-Push-Url"] = state.href()
        return answer
    return render(request, "reports/ask.html", {**context, **presenter.boxes(state)})


def _say_why(request: HttpRequest, refused: Refused) -> HttpResponse:
    """Show the page again with what is wrong; nothing that was asked is lost."""
    state = QueryState(subject=_known_subject(request.GET.get("s", "")))
    context = {"refused": refused, "state": replace(state, sentence=request.GET.get("q", ""))}
    # Words not understood are asked back, and nothing was wrong with the asking.
    status = 200 if refused.details else 422
    if request.headers.get("HX-Request"):
        return render(request, "reports/refused.html", context, status=status)
    page = {**presenter.heading(state), **context, **presenter.boxes(state)}
    return render(request, "reports/ask.html", page, status=status)


def _known_subject(subject: str) -> str:
    return subject if subject in presenter.subject_keys() else QueryState().subject


@login_required
@require_safe
def cross(request: HttpRequest) -> HttpResponse:
    """Show two facts against each other."""
    reader_only()
    state = asked.read(request.GET)
    row, column = default_fields(state, request.GET.get("r", ""), request.GET.get("k", ""))
    table = queries.cross_tab(state.condition, row, column) if row else None
    offered = [
        field_offered
        for field_offered in queries.fields_offered(state.subject)
        if field_offered.spread
    ]
    return render(
        request,
        "reports/cross.html",
        {
            "state": state,
            "offered": offered,
            "row": row,
            "column": column,
            "grid": grid(state, table) if table else None,
            "table": table,
            **(presenter.beside(state, table.total) if table else {}),
            **presenter.heading(state, current="cross"),
        },
    )


@login_required
@require_safe
def columns(request: HttpRequest) -> HttpResponse:
    """Choose what the list shows."""
    reader_only()
    state = asked.read(request.GET)
    offered = queries.fields_offered(state.subject)
    chosen = state.columns or tuple(queries.default_columns(state.subject))
    return render(
        request,
        "reports/columns.html",
        {
            "state": state,
            "groups": presenter.grouped(offered),
            "chosen": chosen,
            "back": state.href(),
        },
    )


@login_required
@require_safe
def more(request: HttpRequest) -> HttpResponse:
    """Add any fact as a condition: choose the fact, then what is asked of it."""
    reader_only()
    state = asked.read(request.GET)
    offered = {
        field_offered.key: field_offered for field_offered in queries.fields_offered(state.subject)
    }
    key = request.GET.get("f", "")
    if key not in offered:
        matching = presenter.matching(list(offered.values()), request.GET.get("find", ""))
        context = {
            "state": state,
            "groups": presenter.grouped(matching),
            "back": state.href(),
            "find": request.GET.get("find", ""),
            "here": state.href("reports:more"),
        }
        return render(request, "reports/more.html", context)
    form = ValueForm(offered[key], request.GET if "op" in request.GET else None)
    if form.is_bound and form.is_valid():
        try:
            part = form.node()
            return redirect(_checked(state.with_part(part)).href())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    context = {
        "state": state,
        "field": offered[key],
        "form": form,
        "back": state.href("reports:more"),
    }
    return render(request, "reports/value.html", context, status=422 if form.errors else 200)


def _checked(state: QueryState) -> QueryState:
    queries.check(state.condition)
    return state
