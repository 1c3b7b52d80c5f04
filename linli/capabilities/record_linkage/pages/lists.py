"""Bring a list, say what its columns are, look at the buckets."""

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
from linli.capabilities.record_linkage.forms import LinkageUploadForm, ListColumnsForm
from linli.capabilities.record_linkage.models import LinkageRun
from linli.capabilities.record_linkage.pages.access import linkers_only
from linli.capabilities.record_linkage.terms import Bucket, LinkageState
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
    linkers_only()
    form = LinkageUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        linkage_run = _brought(request, form)
        if linkage_run is not None:
            return redirect("record_linkage:columns", linkage_run.link)
    context = {"form": form, "lists": queries.linkage_runs()[:SHOWN_IN_LIST]}
    return render(request, "record_linkage/all.html", context, status=422 if form.errors else 200)


def _brought(request: HttpRequest, form: LinkageUploadForm) -> LinkageRun | None:
    """Read the file and keep it; what cannot be read stays on the form as words."""
    typed = form.cleaned_data
    data, name = typed["file"].read(), typed["file"].name or ""
    try:
        read = read_list(data, name)
        return actions.bring_list(
            data=data,
            name=name,
            department=typed["department"],
            sheet=read.sheet.chosen,
            sheets=[sheet.name for sheet in read.sheet.sheets],
            by=signed_in(request),
            confirmed_on=typed["confirmed_on"],
        )
    except Refused as refused:
        field = refused.field if refused.field in form.fields else None
        form.add_error(field, f"{refused.sentence} {refused.hint}".strip())
        return None


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, link: str) -> HttpResponse:
    """What every column is; matching follows."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    if linkage_run.state not in (LinkageState.READ, LinkageState.MATCHED):
        return redirect("record_linkage:show", link)
    sheet_number = request.GET.get("sheet", "")
    number = (
        int(sheet_number)
        if sheet_number.isdecimal() and int(sheet_number) < len(linkage_run.sheets)
        else linkage_run.sheet
    )
    read = runner.list_of(linkage_run, number)
    form = ListColumnsForm(
        request.POST or None,
        table=read.table,
        guesses=read.guesses,
        words=read.words,
        # Columns chosen on one sheet say nothing of another one's.
        chosen=linkage_run.columns if number == linkage_run.sheet else {},
        sheet=read.sheet,
    )
    if request.method == "POST" and form.is_valid() and _matched(request, linkage_run, form, read):
        return redirect("record_linkage:show", link)
    context = {
        "linkage_run": linkage_run,
        "form": form,
        "number": number,
        "rows": len(read.table.rows),
        "sheets": [(n, name, n == number) for n, name in enumerate(linkage_run.sheets)],
    }
    return render(
        request, "record_linkage/columns.html", context, status=422 if form.errors else 200
    )


def _matched(
    request: HttpRequest, linkage_run: LinkageRun, form: ListColumnsForm, read: ReadList
) -> bool:
    user = signed_in(request)
    try:
        chosen = actions.choose_columns(
            linkage_run=linkage_run,
            columns=form.columns(),
            sheet=read.sheet.chosen,
            total=len(read.table.rows),
            by=user,
        )
    except Refused as refused:
        form.add_error(None, f"{refused.sentence} {refused.hint}".strip())
        return False
    runner.run_or_queue(chosen, user)
    return True


@login_required
@never_cache
@require_safe
def show(request: HttpRequest, link: str) -> HttpResponse:
    """How far a list is: waiting, the buckets to decide, or the result."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    if linkage_run.state == LinkageState.READ:
        return redirect("record_linkage:columns", link)
    if linkage_run.state in BUSY:
        return _waiting(request, linkage_run)
    bucket = request.GET.get("heap", "")
    if bucket not in Bucket.values:
        bucket = next((h for h in (Bucket.DECIDE, *Bucket) if linkage_run.count(h)), Bucket.SURE)
    page = Paginator(queries.rows_of(linkage_run, bucket), ROWS_A_PAGE).get_page(
        request.GET.get("page")
    )
    waiting = queries.undecided(linkage_run)
    first = waiting.first()
    context = {
        "linkage_run": linkage_run,
        "page": page,
        "bucket": bucket,
        "tabs": presenters.tabs(linkage_run, bucket),
        "tiles": presenters.tiles(linkage_run),
        "columns": presenters.columns(),
        "caption": _("名单的行"),
        "rows": presenters.lines(linkage_run, list(page), current_scope().role),
        "is_open": linkage_run.state == LinkageState.MATCHED,
        "results": presenters.results(linkage_run),
        "bulks": presenters.bulks(linkage_run),
        "undecided": waiting.count(),
        "first": first,
        "can_add": queries.rows_of(linkage_run, Bucket.NEW).filter(can_add=True).count(),
        "is_kept": bool(linkage_run.purge_on and linkage_run.can_undo),
    }
    return render(request, "record_linkage/linkage_run.html", context)


def _waiting(request: HttpRequest, linkage_run: LinkageRun) -> HttpResponse:
    stopped = bool(linkage_run.claim) and not is_running(
        RUN, linkage_run.pk, linkage_run.claimed_at
    )
    context = {"linkage_run": linkage_run, "stopped": stopped, "is_queued": not linkage_run.claim}
    answer = render(request, "record_linkage/waiting.html", context)
    if not stopped:
        answer["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer
