"""Bring a list, say what its columns are, look at the heaps."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.capabilities.record_linkage import actions, presenters, queries, runner
from linli.capabilities.record_linkage.actions.upload import BUSY, RUN
from linli.capabilities.record_linkage.forms import BringListForm, ListColumnsForm
from linli.capabilities.record_linkage.models import Fusing
from linli.capabilities.record_linkage.pages.shared import fusers_only
from linli.capabilities.record_linkage.terms import Heap, State
from linli.capabilities.record_linkage.uploaded_table import ReadList, read_list
from linli.core.errors import Refused
from linli.core.runtime.liveness import is_running
from linli.core.scope import current_scope
from linli.register.posts.queries import signed_in

ROWS_A_PAGE = 30
SHOWN_IN_LIST = 50
SECONDS_BETWEEN_LOOKS = 2


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest) -> HttpResponse:
    """The lists of my place, and the form to bring another."""
    fusers_only()
    form = BringListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        fusing = _brought(request, form)
        if fusing is not None:
            return redirect("record_linkage:columns", fusing.link)
    context = {"form": form, "lists": queries.fusings()[:SHOWN_IN_LIST]}
    return render(request, "record_linkage/all.html", context, status=422 if form.errors else 200)


def _brought(request: HttpRequest, form: BringListForm) -> Fusing | None:
    """Read the file and keep it; what cannot be read stays on the form as words."""
    given = form.cleaned_data
    data, name = given["file"].read(), given["file"].name or ""
    try:
        read = read_list(data, name)
        return actions.bring_list(
            data=data, name=name, department=given["department"], sheet=read.sheet.chosen,
            sheets=[one.name for one in read.sheet.sheets], by=signed_in(request),
            confirmed_on=given["confirmed_on"],
        )  # fmt: skip
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, f"{refused.sentence} {refused.hint}".strip())
        return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, link: str) -> HttpResponse:
    """What every column is; matching follows."""
    fusers_only()
    fusing = queries.fusing_or_not_found(link)
    if fusing.state not in (State.READ, State.MATCHED):
        return redirect("record_linkage:show", link)
    asked = request.GET.get("sheet", "")
    number = int(asked) if asked.isdecimal() and int(asked) < len(fusing.sheets) else fusing.sheet
    read = runner.list_of(fusing, number)
    form = ListColumnsForm(
        request.POST or None, table=read.table, guesses=read.guesses, words=read.words,
        chosen=fusing.columns if number == fusing.sheet else {}, sheet=read.sheet,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _matched(request, fusing, form, read):
        return redirect("record_linkage:show", link)
    context = {
        "fusing": fusing, "form": form, "number": number, "rows": len(read.table.rows),
        "sheets": [(n, name, n == number) for n, name in enumerate(fusing.sheets)],
    }  # fmt: skip
    return render(request, "record_linkage/columns.html", context, status=422 if form.errors else 200)


def _matched(request: HttpRequest, fusing: Fusing, form: ListColumnsForm, read: ReadList) -> bool:
    user = signed_in(request)
    try:
        chosen = actions.choose_columns(
            fusing=fusing, columns=form.columns(), sheet=read.sheet.chosen,
            total=len(read.table.rows), by=user,
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, f"{refused.sentence} {refused.hint}".strip())
        return False
    runner.run_or_queue(chosen, user)
    return True


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, link: str) -> HttpResponse:
    """How far a list is: waiting, the heaps to decide, or the result."""
    fusers_only()
    fusing = queries.fusing_or_not_found(link)
    if fusing.state == State.READ:
        return redirect("record_linkage:columns", link)
    if fusing.state in BUSY:
        return _waiting(request, fusing)
    heap = request.GET.get("heap", "")
    if heap not in Heap.values:
        heap = next((h for h in (Heap.DECIDE, *Heap) if fusing.count(h)), Heap.SURE)
    page = Paginator(queries.rows_of(fusing, heap), ROWS_A_PAGE).get_page(request.GET.get("page"))
    waiting = queries.undecided(fusing)
    first = waiting.first()
    context = {
        "fusing": fusing, "page": page, "heap": heap, "tabs": presenters.tabs(fusing, heap),
        "tiles": presenters.tiles(fusing), "columns": presenters.columns(), "caption": _("名单的行"),
        "rows": presenters.lines(fusing, list(page), current_scope().role),
        "is_open": fusing.state == State.MATCHED, "results": presenters.results(fusing),
        "bulks": presenters.bulks(fusing), "undecided": waiting.count(), "first": first,
        "can_add": queries.rows_of(fusing, Heap.NEW).filter(can_add=True).count(),
        "is_kept": bool(fusing.purge_on and fusing.can_undo),
    }  # fmt: skip
    return render(request, "record_linkage/show.html", context)


def _waiting(request: HttpRequest, fusing: Fusing) -> HttpResponse:
    stopped = bool(fusing.claim) and not is_running(RUN, fusing.pk, fusing.claimed_at)
    context = {"fusing": fusing, "stopped": stopped, "is_queued": not fusing.claim}
    answer = render(request, "record_linkage/waiting.html", context)
    if not stopped:
        answer["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer
