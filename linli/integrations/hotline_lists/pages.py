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
from linli.core.errors import NotFound, Refused
from linli.integrations.hotline_lists import presenters, rejected_rows, runner
from linli.integrations.hotline_lists.actions import begin_list, bring_list, drop_list
from linli.integrations.hotline_lists.forms import HotlineListForm, TakeListForm
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.plan import as_plan, looked_over_again, sealed
from linli.integrations.hotline_lists.preview import preview
from linli.integrations.hotline_lists.queries import list_or_not_found, lists, reports_of_list
from linli.integrations.hotline_lists.terms import ListState
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
    form = HotlineListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("hotline_lists:list", _brought(request, form).link)
        except Refused as refused:
            text = f"{refused.sentence}。{refused.hint}" if refused.hint else refused.sentence
            form.add_error(refused.field if refused.field in form.fields else None, text)
    context = {"form": form, "lists": lists()[:SHOWN_IN_LIST]}
    return render(request, "hotline_lists/all.html", context, status=422 if form.errors else 200)


def _brought(request: HttpRequest, form: HotlineListForm) -> HotlineList:
    """Look the file over and keep it with what was seen."""
    file = form.cleaned_data["file"]
    data, name = file.read(), (file.name or "")[-200:]
    place = place_or_not_found(int(form.cleaned_data["place"]))
    seen = preview(data, name, place=place)
    hotline_list = HotlineList(
        place=place,
        file_name=name,
        file=sealed(data),
        plan=as_plan(seen),
        counts=seen.counts(),
        rows=len(seen.orders()),
    )
    return bring_list(hotline_list=hotline_list, by=signed_in(request))


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, link: str) -> HttpResponse:
    """What a list would bring, how far it is, or what it brought."""
    _dispatchers_only()
    hotline_list = list_or_not_found(link)
    if hotline_list.state == ListState.DROPPED:
        return redirect("hotline_lists:all")
    if hotline_list.state == ListState.TAKING:
        return _taking(request, hotline_list)
    if hotline_list.state == ListState.TAKEN:
        return _taken(request, hotline_list)
    seen = looked_over_again(hotline_list)
    fate = request.GET.get("fate", "")
    rows = presenters.rows_of(seen, fate)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "hotline_list": hotline_list,
        "page": page,
        "tiles": presenters.tiles(seen.counts()),
        "notes": presenters.notes(seen),
        "tabs": presenters.tabs(seen.counts(), fate),
        "rows": [presenters.row_view(row) for row in page],
        "form": TakeListForm(),
        "can_take": bool(seen.orders()),
    }
    return render(request, "hotline_lists/preview.html", context)


def _taking(request: HttpRequest, hotline_list: HotlineList) -> HttpResponse:
    stalled = runner.is_stalled(hotline_list)
    answer = render(
        request, "hotline_lists/taking.html", {"hotline_list": hotline_list, "stalled": stalled}
    )
    if not stalled:
        answer["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer


def _taken(request: HttpRequest, hotline_list: HotlineList) -> HttpResponse:
    page = Paginator(reports_of_list(hotline_list), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "hotline_list": hotline_list,
        "page": page,
        "tiles": presenters.result_tiles(hotline_list.counts),
        "rows": [presenters.result_shown(one) for one in page],
        "left": rejected_rows.sentences(hotline_list.rejected_rows),
    }
    return render(request, "hotline_lists/taken.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, link: str) -> HttpResponse:
    """Take the list by the order given; one that stopped goes on by the same order."""
    _dispatchers_only()
    hotline_list = list_or_not_found(link)
    if request.method != "POST":
        return redirect("hotline_lists:list", link)
    if hotline_list.state == ListState.TAKING and not runner.is_stalled(hotline_list):
        return redirect("hotline_lists:list", link)  # somebody is at it
    order: dict[str, Any] = {"dispatch": hotline_list.dispatch, "merge": hotline_list.merge}
    if hotline_list.state == ListState.LOOKED_AT:
        form = TakeListForm(request.POST)
        if not form.is_valid():
            return redirect("hotline_lists:list", link)
        order = form.cleaned_data
    user = signed_in(request)
    begun = begin_list(
        hotline_list=hotline_list, dispatch=order["dispatch"], merge=order["merge"], by=user
    )
    runner.run(begun, user)
    return redirect("hotline_lists:list", link)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, link: str) -> HttpResponse:
    """Ask, then give the list up."""
    _dispatchers_only()
    hotline_list = list_or_not_found(link)
    if request.method != "POST":
        context = {
            "question": _("放弃这张表格？"),
            "button": _("放弃"),
            "tone": "danger",
            "note": _("文件和预览会删除，一件都没有受理"),
            "cancel_href": reverse("hotline_lists:list", args=[link]),
        }
        return render(request, "web/confirm_page.html", context)
    drop_list(hotline_list=hotline_list, by=signed_in(request))
    return redirect("hotline_lists:all")


@login_required
@require_safe
def rows_left(request: HttpRequest, link: str) -> HttpResponse:
    """Download the rows that were left, to correct them and bring them again."""
    _dispatchers_only()
    hotline_list = list_or_not_found(link)
    if not rejected_rows.sentences(hotline_list.rejected_rows):
        raise NotFound()
    answer = HttpResponse(
        rejected_rows.as_csv(hotline_list.rejected_rows).encode("utf-8-sig"),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="left-{hotline_list.pk}.csv"'
    return answer
