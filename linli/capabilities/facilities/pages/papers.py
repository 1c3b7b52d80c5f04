"""Papers of a facility: kept, read, declared void."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.facilities.forms import PaperForm
from linli.core.errors import NotFound, Refused
from linli.core.personal_data.crypto import CannotOpen
from linli.core.personal_data.unreadable import is_unreadable
from linli.register.facilities import actions
from linli.register.facilities.actions import NewPaper
from linli.register.facilities.queries import facility_or_not_found, paper_or_not_found
from linli.register.facilities.rules import LARGEST_PAPER
from linli.register.posts.rules import MAY_EDIT_PLACES, READS_REGISTER
from linli.workbench.journal import photos
from linli.workbench.web.action_page import action_page, require_role

PDF, JPEG = "application/pdf", "image/jpeg"


@login_required
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a certificate of a facility."""
    require_role(MAY_EDIT_PLACES)
    facility = facility_or_not_found(pk)
    user: Any = request.user

    def run(given: dict[str, Any]) -> None:
        kind, data = _kept(given.pop("file"))
        name = getattr(request.FILES.get("file"), "name", "") if data else ""
        paper = NewPaper(file_name=name, file_kind=kind, data=data, **given)
        actions.keep_paper(facility=facility, paper=paper, by=user)

    return action_page(
        request,
        PaperForm(request.POST or None, request.FILES or None),
        title=_("登记设施证件"),
        said=_("已登记"),
        back=reverse("facilities:facility", args=[facility.pk]),
        run=run,
        note=facility.name,
    )


def _kept(file: Any) -> tuple[str, bytes]:
    """Return kind and bytes of a file as it is kept: a PDF as it is, a picture made anew."""
    if file is None:
        return "", b""
    # The bytes say what it is, not the name.
    if file.read(5) == b"%PDF-":
        file.seek(0)
        if file.size > LARGEST_PAPER:
            raise Refused("paper.large", _("文件超过5MB"), "file", _("请缩小后再传"))
        return PDF, file.read()
    file.seek(0)
    try:
        return JPEG, photos.checked(file).data
    except Refused as refused:
        raise Refused(refused.code, refused.sentence, "file", refused.hint) from refused


@login_required
@require_GET
def read(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """Show the file of a paper."""
    require_role(READS_REGISTER)
    paper_read = paper_or_not_found(facility_or_not_found(pk), paper)
    if not paper_read.file:
        raise NotFound()
    if is_unreadable(paper_read.file):
        raise CannotOpen
    is_picture = paper_read.file_kind == JPEG
    name = f"{paper_read.name}.{'jpg' if is_picture else 'pdf'}"
    answer = HttpResponse(base64.b64decode(paper_read.file), content_type=paper_read.file_kind)
    # A PDF may carry script: it is saved, never opened within the pages.
    kind = content_disposition_header(as_attachment=not is_picture, filename=name)
    answer.headers["Content-Disposition"] = str(kind)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int, paper: int) -> HttpResponse:
    """Say that a paper holds no more."""
    require_role(MAY_EDIT_PLACES)
    paper_ended = paper_or_not_found(facility_or_not_found(pk), paper)
    user: Any = request.user
    back = reverse("facilities:facility", args=[pk])
    if request.method == "POST":
        actions.end_paper(paper=paper_ended, by=user)
        messages.success(request, _("已作废"))
        return redirect(back)
    return action_page(
        request,
        Form(),
        title=_("作废设施证件"),
        said="",
        back=back,
        run=lambda _given: None,
        note=f"{paper_ended.facility.name} · {paper_ended.name}",
    )
