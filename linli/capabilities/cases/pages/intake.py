"""The list of a hotline: brought, looked over, taken in, with every row linked."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.capabilities.cases.actions import may_dispatch
from linli.capabilities.cases.actions.intake import begin_list, bring_list, drop_list
from linli.capabilities.cases.forms.intake import BringListForm, TakeListForm
from linli.capabilities.cases.intake import left, showing, work
from linli.capabilities.cases.intake.models import Intake
from linli.capabilities.cases.intake.plan import as_plan, looked_over_again, sealed
from linli.capabilities.cases.intake.preview import preview
from linli.capabilities.cases.intake.terms import IntakeState
from linli.capabilities.cases.queries.lists import list_or_not_found, lists, reports_of_list
from linli.core.errors import NotFound, Refused
from linli.register.places.queries import place_or_not_found
from linli.register.posts.queries import signed_in

ROWS_A_PAGE = 50
SHOWN_IN_LIST = 50
SECONDS_BETWEEN_LOOKS = 2


def _dispatchers_only() -> None:
    """Posts that may not dispatch have no such page."""
    if not may_dispatch.holds():
        raise NotFound()


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest) -> HttpResponse:
    """The lists of my place, and the form to bring another one."""
    _dispatchers_only()
    form = BringListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("cases:intake-list", _brought(request, form).link)
        except Refused as refused:
            words = f"{refused.sentence}。{refused.hint}" if refused.hint else refused.sentence
            form.add_error(refused.field if refused.field in form.fields else None, words)
    context = {"form": form, "lists": lists()[:SHOWN_IN_LIST]}
    return render(request, "cases/intake/all.html", context, status=422 if form.errors else 200)


def _brought(request: HttpRequest, form: BringListForm) -> Intake:
    """Look the file over and keep it with what was seen."""
    file = form.cleaned_data["file"]
    data, name = file.read(), (file.name or "")[-200:]
    place = place_or_not_found(int(form.cleaned_data["place"]))
    seen = preview(data, name, place=place)
    intake = Intake(
        place=place, file_name=name, file=sealed(data), plan=as_plan(seen), counts=seen.counts(),
        rows=len(seen.orders()),
    )  # fmt: skip
    return bring_list(intake=intake, by=signed_in(request))


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, link: str) -> HttpResponse:
    """What a list would bring, how far it is, or what it brought."""
    _dispatchers_only()
    intake = list_or_not_found(link)
    if intake.state == IntakeState.DROPPED:
        return redirect("cases:intake")
    if intake.state == IntakeState.TAKING:
        return _taking(request, intake)
    if intake.state == IntakeState.TAKEN:
        return _taken(request, intake)
    seen = looked_over_again(intake)
    fate = request.GET.get("fate", "")
    rows = showing.rows_of(seen, fate)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "intake": intake, "page": page, "tiles": showing.tiles(seen.counts()),
        "notes": showing.notes(seen), "tabs": showing.tabs(seen.counts(), fate),
        "rows": [showing.shown(one) for one in page],
        "form": TakeListForm(), "can_take": bool(seen.orders()),
    }  # fmt: skip
    return render(request, "cases/intake/preview.html", context)


def _taking(request: HttpRequest, intake: Intake) -> HttpResponse:
    stalled = work.is_stalled(intake)
    answer = render(request, "cases/intake/taking.html", {"intake": intake, "stalled": stalled})
    if not stalled:
        answer["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer


def _taken(request: HttpRequest, intake: Intake) -> HttpResponse:
    page = Paginator(reports_of_list(intake), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "intake": intake, "page": page, "tiles": showing.result_tiles(intake.counts),
        "rows": [showing.result_shown(one) for one in page],
        "left": left.sentences(intake.left),
    }  # fmt: skip
    return render(request, "cases/intake/taken.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, link: str) -> HttpResponse:
    """Take the list by the order given; one that stopped goes on by the same order."""
    _dispatchers_only()
    intake = list_or_not_found(link)
    if request.method != "POST":
        return redirect("cases:intake-list", link)
    if intake.state == IntakeState.TAKING and not work.is_stalled(intake):
        return redirect("cases:intake-list", link)  # somebody is at it
    order: dict[str, Any] = {"dispatch": intake.dispatch, "merge": intake.merge}
    if intake.state == IntakeState.LOOKED_AT:
        form = TakeListForm(request.POST)
        if not form.is_valid():
            return redirect("cases:intake-list", link)
        order = form.cleaned_data
    user = signed_in(request)
    begun = begin_list(intake=intake, dispatch=order["dispatch"], merge=order["merge"], by=user)
    work.run(begun, user)
    return redirect("cases:intake-list", link)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, link: str) -> HttpResponse:
    """Ask, then give the list up."""
    _dispatchers_only()
    intake = list_or_not_found(link)
    if request.method != "POST":
        context = {
            "question": _("放弃这张表格？"), "button": _("放弃"), "tone": "danger",
            "note": _("文件和预览会删除，一件都没有受理"),
            "cancel_href": reverse("cases:intake-list", args=[link]),
        }  # fmt: skip
        return render(request, "web/confirm_page.html", context)
    drop_list(intake=intake, by=signed_in(request))
    return redirect("cases:intake")


@login_required
@require_safe
def rows_left(request: HttpRequest, link: str) -> HttpResponse:
    """Download the rows that were left, to correct them and bring them again."""
    _dispatchers_only()
    intake = list_or_not_found(link)
    if not left.sentences(intake.left):
        raise NotFound()
    answer = HttpResponse(
        left.as_csv(intake.left).encode("utf-8-sig"), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="left-{intake.pk}.csv"'
    return answer
