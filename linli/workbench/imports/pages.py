"""Bring a spreadsheet, name its columns, look at what would happen, import it, take it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from linli.core.errors import NotFound, Refused
from linli.core.scope import current_scope
from linli.register.posts.queries import signed_in
from linli.workbench.imports import (
    actions,
    presenters,
    queries,
    refused_rows,
    runner,
    undo_outlook,
    undo_presenters,
)
from linli.workbench.imports.column_recognition import recognised
from linli.workbench.imports.forms import ColumnsForm, UploadForm, WordsForm
from linli.workbench.imports.models import Batch
from linli.workbench.imports.reading import SheetAsRead, UnreadableFile, read_file
from linli.workbench.imports.terms import ImportState, ImportSubject, RowFate
from linli.workbench.imports.unknown_words import MOST_WORDS, chosen_in, missing_in, unknown_in

ROWS_A_PAGE = 50
SHOWN_IN_LIST = 50
WAITING = (ImportState.PREVIEWING, ImportState.APPLYING)
WITH_ROWS = (ImportState.PREVIEWED, ImportState.APPLIED)
SECONDS_BETWEEN_LOOKS = 2


def importers_only() -> None:
    """Posts that may not import have no such page."""
    if not actions.imports():
        raise NotFound()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest) -> HttpResponse:
    """The imports of my place, and the form to bring another file."""
    importers_only()
    form = UploadForm(request.POST or None, request.FILES or None)
    if (subject := request.GET.get("subject")) in ImportSubject.values:
        form.fields["subject"].initial = subject
    if request.method == "POST":
        batch = _brought(request, form) if form.is_valid() else None
        if batch is not None:
            return redirect("imports:columns", batch.link)
    context = {"form": form, "batches": queries.batches()[:SHOWN_IN_LIST]}
    return render(request, "imports/all.html", context, status=422 if form.errors else 200)


def _brought(request: HttpRequest, form: UploadForm) -> Batch | None:
    """Read the file and keep it; what cannot be read stays on the form as words."""
    cleaned = form.cleaned_data
    file = cleaned["file"]
    data, name = file.read(), file.name or ""
    # Documents are opened before any transaction begins (decision 0024).
    read = read_file(data, name)
    if isinstance(read, UnreadableFile):
        form.add_error("file", f"{read.sentence}。{read.hint}")
        return None
    user = signed_in(request)
    if queries.is_purge_due():
        actions.purge(by=user)
    try:
        return runner.said_in_words(
            lambda: actions.bring_file(
                data=data,
                name=name,
                subject=cleaned["subject"],
                sheets=[sheet.name for sheet in read.sheets],
                sheet=read.chosen,
                source=cleaned["source"],
                confirmed_on=cleaned["confirmed_on"],
                by=user,
            )
        )
    except Refused as refused:
        form.add_error(
            refused.field if refused.field in form.fields else None,
            f"{refused.sentence} {refused.hint}".strip(),
        )
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, link: str) -> HttpResponse:
    """What every column is; the next page is the preview."""
    importers_only()
    batch = queries.batch_or_not_found(link)
    again = batch.state == ImportState.PREVIEWING and queries.is_stopped(batch)
    if not again and batch.state not in (ImportState.READ, ImportState.PREVIEWED):
        return redirect("imports:show", link)
    wanted = request.GET.get("sheet", "")
    number = int(wanted) if wanted.isdecimal() and int(wanted) < len(batch.sheets) else batch.sheet
    sheet = runner.sheet_of(batch, number)
    words = runner.words_for(batch)
    table = runner.table_in(batch, sheet, words)
    form = ColumnsForm(
        request.POST or None,
        table=table,
        guesses=recognised(table, words),
        words=words,
        # What was chosen for one sheet says nothing of the columns of another.
        chosen=batch.columns if number == batch.sheet else {},
        sheet=sheet,
        options={"fill_down": batch.fill_down, "make_dwellings": batch.make_dwellings},
    )
    if request.method == "POST" and form.is_valid():
        user = signed_in(request)
        chosen = actions.choose_columns(
            batch=batch,
            columns=form.columns(),
            sheet=number,
            by=user,
            fill_down=form.cleaned_data.get("fill_down", False),
            make_dwellings=form.cleaned_data["make_dwellings"],
        )
        runner.run(runner.preview, chosen, user, rows=len(table.rows))
        return redirect("imports:show", link)
    context = {
        "batch": batch,
        "form": form,
        "number": number,
        "remarks": _remarks(sheet, table),
        "sheets": [(n, name, n == number) for n, name in enumerate(batch.sheets)],
    }
    return render(request, "imports/columns.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, link: str) -> HttpResponse:
    """What the words mean that nobody knew, and what is to be built; then the preview again."""
    importers_only()
    batch = queries.batch_or_not_found(link)
    if batch.state != ImportState.PREVIEWED:
        return redirect("imports:show", link)
    unknown = unknown_in(batch, runner.words_for(batch))
    missing = missing_in(batch)
    shown = unknown[: MOST_WORDS + 1]
    form = WordsForm(
        request.POST or None, unknown=shown, missing=missing, build=batch.make_dwellings
    )
    if request.method == "POST" and form.is_valid():
        user = signed_in(request)
        means = chosen_in(form.cleaned_data, shown)
        if means:
            actions.explain_words(batch=batch, means=means, by=user)
        build = batch.make_dwellings or form.cleaned_data.get("make_dwellings", False)
        if means or build != batch.make_dwellings:
            chosen = actions.choose_columns(
                batch=batch,
                columns=batch.columns,
                sheet=batch.sheet,
                by=user,
                fill_down=batch.fill_down,
                make_dwellings=build,
            )
            rows = sum(batch.count(fate) for fate in RowFate.values)
            runner.run(runner.preview, chosen, user, rows=rows)
        return redirect("imports:show", link)
    context = {"batch": batch, "form": form, "words": len(unknown), "missing": len(missing)}
    context["more"] = len(unknown) - len(shown)
    return render(request, "imports/words.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def refused(request: HttpRequest, link: str) -> HttpResponse:
    """The rows that were refused, as an Excel with the reasons, to be put right and brought."""
    importers_only()
    batch = queries.batch_or_not_found(link)
    # Uncovered, as whoever brought the list has it; others see its rows covered.
    is_own = batch.by_id == signed_in(request).pk
    if not is_own or not batch.count(RowFate.REFUSED) or batch.state not in WITH_ROWS:
        raise NotFound()
    data = refused_rows.as_workbook(batch, runner.sheet_of(batch), runner.words_for(batch))
    answer = HttpResponse(data, content_type=refused_rows.EXCEL)
    name = _("不能导入的行-%(file)s") % {"file": batch.file_name.rpartition(".")[0][:60]}
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    return answer


def _remarks(sheet: SheetAsRead, table: Any) -> list[str]:
    """Return what may surprise about the sheet."""
    remarks = [_("表头在第%(rows)s行") % {"rows": "、".join(map(str, table.header_rows))}]
    remarks.append(ngettext("%(n)s行数据", "%(n)s行数据", len(table.rows)) % {"n": len(table.rows)})
    if sheet.hidden_rows:
        remarks.append(_("有%(n)s行隐藏，也会导入") % {"n": len(sheet.hidden_rows)})
    if sheet.hidden_columns:
        remarks.append(_("有%(n)s列隐藏，也会读入") % {"n": len(sheet.hidden_columns)})
    if sheet.has_macros:
        remarks.append(_("文件带宏：只读了数据，宏没有运行"))
    if table.footers:
        remarks.append(_("合计、签名等%(n)s行已略过") % {"n": len(table.footers)})
    return remarks


@login_required
@require_safe
def show(request: HttpRequest, link: str) -> HttpResponse:
    """How far an import is: waiting, the preview, or the result."""
    importers_only()
    batch = queries.batch_or_not_found(link)
    if batch.state == ImportState.READ:
        return redirect("imports:columns", link)
    if batch.state in WAITING:
        return _waiting(request, batch)
    fate = request.GET.get("fate", "")
    if fate == "doubts":
        rows = queries.doubtful_rows(batch)
    else:
        rows = queries.rows_of(batch, [fate] if fate in RowFate.values else RowFate.values)
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": batch,
        "page": page,
        "counts": presenters.counts(batch),
        "tabs": presenters.tabs(batch, fate),
        "columns": presenters.columns(batch),
        "rows": presenters.lines(batch, page, current_scope().role),
        "notes": presenters.notes(batch),
        "is_previewed": batch.state == ImportState.PREVIEWED,
        "is_applied": batch.state == ImportState.APPLIED,
        "can_apply": presenters.to_apply(batch) > 0,
        "ask": presenters.ask(batch) if batch.state == ImportState.PREVIEWED else "",
        "refused": batch.state in WITH_ROWS
        and batch.by_id == signed_in(request).pk
        and batch.count(RowFate.REFUSED),
    }
    return render(request, "imports/show.html", context)


def _waiting(request: HttpRequest, batch: Batch) -> HttpResponse:
    stopped = queries.is_stopped(batch)
    context = {
        "batch": batch,
        "how_far": runner.how_far(batch),
        "stopped": stopped,
        "is_applying": batch.state == ImportState.APPLYING,
    }
    answer = render(request, "imports/waiting.html", context)
    if not stopped:
        # The page looks again by itself, without script too.
        answer["Refresh"] = str(SECONDS_BETWEEN_LOOKS)
    return answer


def _question(batch: Batch) -> str:
    words = {"new": batch.count(RowFate.NEW), "changed": batch.count(RowFate.CHANGED)}
    if batch.count("gone"):
        words["gone"] = batch.count("gone")
        return _("新增%(new)s条、修改%(changed)s条，另开%(gone)s件待办核实去世或迁出？") % words
    return _("新增%(new)s条、修改%(changed)s条？") % words


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, link: str) -> HttpResponse:
    """Ask, then import all rows that can be."""
    importers_only()
    batch = queries.batch_or_not_found(link)
    if request.method != "POST":
        note = _("全部成功或全部不变；导入后可以撤销")
        return _asked(request, batch, _question(batch), _("导入"), note)
    user = signed_in(request)
    begun = actions.begin(batch=batch, by=user)
    rows = batch.count(RowFate.NEW) + batch.count(RowFate.CHANGED)
    runner.run(runner.apply, begun, user, rows=rows)
    # A long run goes on in a thread: only the row knows whether it is done.
    done = queries.batch_or_not_found(link)
    if done.state == ImportState.APPLIED:
        undo_at = reverse("imports:undo", args=[link])
        messages.success(request, _("已导入%(n)s条") % {"n": rows}, extra_tags=f"undo:{undo_at}")
    return redirect("imports:show", link)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, link: str) -> HttpResponse:
    """Say what would be restored and what stands in the way; then restore it."""
    importers_only()
    batch = queries.batch_or_not_found(link)
    if request.method != "POST":
        if batch.state != ImportState.APPLIED or not batch.can_undo:
            return redirect("imports:show", link)
        outlook = undo_outlook.outlook_of(batch)
        context = undo_presenters.page_context(
            question=_("撤销这次导入？"),
            takes=undo_presenters.takes(outlook),
            in_the_way=undo_presenters.in_the_way(outlook, batch.applied_at, current_scope().role),
            cancel_href=reverse("imports:show", args=[link]),
        )
        return render(request, "web/undo_page.html", context)
    actions.undo_batch(batch=batch, by=signed_in(request))
    messages.success(request, _("已撤销"))
    return redirect("imports:show", link)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, link: str) -> HttpResponse:
    """Ask, then give the import up."""
    importers_only()
    batch = queries.batch_or_not_found(link)
    if request.method != "POST":
        note = _("文件和预览会删除，底册不变")
        return _asked(request, batch, _("放弃这次导入？"), _("放弃"), note, "danger")
    actions.drop_batch(batch=batch, by=signed_in(request))
    return redirect("imports:all")


def _asked(
    request: HttpRequest, batch: Batch, question: str, button: str, note: str, tone: str = ""
) -> HttpResponse:
    context = {
        "question": question,
        "button": button,
        "note": note or batch.file_name,
        "tone": tone,
        "cancel_href": reverse("imports:show", args=[batch.link]),
    }
    return render(request, "web/confirm_page.html", context)
