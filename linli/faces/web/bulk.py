"""One page for what is done to many: it shows what will happen, does it row by row, says what was.

All or nothing per row: a row's action has its own transaction, a refused row is left as it was.
Keys outside the scope are as if they were not there. Sent twice, the second finds the work done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.core.errors import NotFound, Refused
from linli.core.interface.bulk import MOST, BulkList, BulkRow, BulkVerb, bulk_verb_or_not_found
from linli.core.interface.return_address import return_address
from linli.core.scope import scope_or_none
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import in_words


@dataclass(frozen=True)
class RowResult:
    """What became of one row: refused in words, or done, with how it is taken back."""

    row: BulkRow
    refused: str = ""
    undo: str = ""


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def many(request: HttpRequest, list_key: str, verb_key: str) -> HttpResponse:
    """Show what a verb would do to the ticked rows, or do it and say what was done."""
    listed, verb = bulk_verb_or_not_found(list_key, verb_key, scope_or_none())
    sent = request.POST if request.method == "POST" else request.GET
    back = return_address(request, otherwise=reverse(listed.url_name))
    rows = _ticked(listed, sent, back)
    form = _form(verb, rows, request)
    context: dict[str, Any] = {"verb": verb, "rows": rows, "form": form, "back": back}
    if request.method == "POST" and form.is_valid():
        results = [_do(verb, row, form.cleaned_data, signed_in(request)) for row in rows]
        context["done"] = [one for one in results if not one.refused]
        context["refused"] = [one for one in results if one.refused]
        status = 200 if context["done"] else 422
        return render(request, "web/bulk_done.html", context, status=status)
    return render(request, "web/bulk.html", context, status=422 if form.errors else 200)


def _ticked(listed: BulkList, sent: QueryDict, back: str) -> Sequence[BulkRow]:
    """Return the rows whose keys were sent, or everything the list on the page before found."""
    if sent.get("all"):
        keys = list(listed.found(QueryDict(urlsplit(back).query)))
    else:
        # Fifteen digits: a longer number fits no key of the databases.
        keys = [int(key[:15]) for key in dict.fromkeys(sent.getlist("k")) if key.isdigit()]
        if not keys:
            raise Refused("bulk.none", _("一条也没选"), hint=_("请回到名单，先勾选要办的"))
    if len(keys) > MOST:
        figures = {"n": len(keys), "most": MOST}
        raise Refused(
            "bulk.many",
            _("找到%(n)s条，一次最多办%(most)s条") % figures,
            hint=_("请先用条件收窄，或分几次勾选"),
        )
    rows = listed.find(keys)
    if not rows:
        raise NotFound()
    return rows


def _form(verb: BulkVerb, rows: Sequence[BulkRow], request: HttpRequest) -> Form:
    data = request.POST if request.method == "POST" else None
    if verb.form is None:
        return Form(data)
    return verb.form([row.record for row in rows], data)


def _do(verb: BulkVerb, row: BulkRow, given: dict[str, Any], by: Any) -> RowResult:
    try:
        return RowResult(row, undo=verb.run(record=row.record, given=given, by=by))
    except Refused as refused:
        return RowResult(row, refused=in_words(refused))
