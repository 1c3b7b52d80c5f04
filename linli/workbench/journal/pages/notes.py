"""Writing a note in ten seconds, putting one right, looking at all of a record's entries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.core.errors import NotFound, Refused
from linli.core.interface.registry import record_address, record_or_not_found
from linli.core.scope import one_or_not_found
from linli.register.people.models import Person
from linli.register.places.queries import my_place
from linli.register.posts.queries import signed_in
from linli.workbench.attachments.models import Attachment
from linli.workbench.journal import actions
from linli.workbench.journal.forms import CorrectForm, NoteForm, RedactForm
from linli.workbench.journal.models import JournalEntry
from linli.workbench.journal.photos import checked_all
from linli.workbench.journal.queries import (
    mine_of,
    photos,
    rows_about,
    shown_entry,
    with_corrections,
)
from linli.workbench.web.action_page import action_page, add_refusal

A_PAGE = 30


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    """Write a note about a record: words, photos, a day to come back, whether it was a contact."""
    record = record_or_not_found(label, pk)
    if not actions.may_write_notes.holds():
        raise NotFound()
    form = NoteForm(request.POST or None, request.FILES or None, is_person=_is_person(record))
    if request.method == "POST" and form.is_valid():
        try:
            _write(request, record, form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("已记下"))
            return redirect(record_address(label, pk) or "journal:mine")
    context = {"record": record, "form": form, "back": record_address(label, pk)}
    return render(request, "journal/note.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def note_here(request: HttpRequest) -> HttpResponse:
    """Write a note about my own place; what is about a person or a thing is written there."""
    if not actions.may_write_notes.holds():
        raise NotFound()
    return redirect("journal:note", "places.place", my_place().pk)


def _is_person(record: Any) -> bool:
    return isinstance(record, Person)


def _write(request: HttpRequest, record: Any, cleaned: dict[str, Any]) -> None:
    """Keep words and photos together: one refused photo leaves nothing half written."""
    by = signed_in(request)
    # Documents are opened before any transaction begins (decision 0024).
    pictures = checked_all(cleaned["photos"])
    with transaction.atomic():
        for picture in pictures:
            actions.keep_photo(
                about=record, picture=picture, by=by, keep_position=cleaned["keep_position"]
            )
        actions.write_note(
            about=record,
            text=cleaned["text"],
            by=by,
            contact=cleaned.get("contact", ""),
            follow_up_on=cleaned["follow_up_on"],
        )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, label: str, pk: int, entry: int) -> HttpResponse:
    """Put one's words right: the old ones stay, the new ones stand beside them."""
    record = record_or_not_found(label, pk)
    journal_entry: JournalEntry = one_or_not_found(rows_about(record), pk=entry)
    form = CorrectForm(request.POST or None, initial={"text": journal_entry.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_note(
                entry=journal_entry,
                about=record,
                text=form.cleaned_data["text"],
                by=signed_in(request),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("已更正，原来的一条仍然保留"))
            return redirect(record_address(label, pk) or "journal:mine")
    context = {
        "record": record,
        "form": form,
        "entry": shown_entry(journal_entry),
        "back": record_address(label, pk),
        "redact_href": (
            reverse("journal:redact", args=[label, pk, entry]) if actions.may_redact.holds() else ""
        ),
    }
    return render(request, "journal/correct.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def redact(request: HttpRequest, label: str, pk: int, entry: int) -> HttpResponse:
    """Take the words or the photo out of an entry; who wrote it and when stays."""
    record = record_or_not_found(label, pk)
    if not actions.may_redact.holds():
        raise NotFound()
    journal_entry: JournalEntry = one_or_not_found(rows_about(record), pk=entry)
    by = signed_in(request)

    def run(given: dict[str, Any]) -> None:
        actions.redact_entry(entry=journal_entry, reason=given["reason"], by=by)

    return action_page(
        request,
        RedactForm(request.POST or None),
        title=_("清空日志内容"),
        run=run,
        said=_("内容已删除"),
        note=_("文字、照片和对它的更正都会删掉，不能恢复；谁在什么时候写的仍然保留"),
        button=_("清空"),
        back=record_address(label, pk) or reverse("journal:mine"),
    )


@login_required
@never_cache
@require_GET
def about(request: HttpRequest, label: str, pk: int) -> HttpResponse:
    """Show everything that happened to a record."""
    record = record_or_not_found(label, pk)
    page = Paginator(rows_about(record).select_related("by"), A_PAGE).get_page(
        request.GET.get("page")
    )
    entries = with_corrections([(row, shown_entry(row)) for row in page])
    context = {
        "record": record,
        "entries": entries,
        "page_obj": page,
        "back": record_address(label, pk),
        "may_redact": actions.may_redact.holds(),
    }
    return render(request, "journal/about.html", context)


@login_required
@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show what I wrote and did, the latest first."""
    by = signed_in(request)
    rows = mine_of(by).filter(purpose="").select_related("by")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    entries = [(shown_entry(row), record_address(row.subject_kind, row.subject_id)) for row in page]
    return render(request, "journal/mine.html", {"entries": entries, "page_obj": page})


@login_required
@require_GET
def photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve a photo to whoever may see the record it is about."""
    picture: Attachment = one_or_not_found(photos(), pk=pk)
    record_or_not_found(picture.subject_kind, picture.subject_id)
    answer = HttpResponse(picture.opened(), content_type="image/jpeg")
    answer["Content-Disposition"] = f'inline; filename="{picture.sha256[:12]}.jpg"'
    # Whatever the bytes look like, the browser shows a JPEG or nothing.
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
