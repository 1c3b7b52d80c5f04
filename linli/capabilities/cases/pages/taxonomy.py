"""Beginning with a taxonomy: the shipped one, or one that an office has already."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.capabilities.cases.actions import bring_taxonomy, load_taxonomy
from linli.capabilities.cases.actions.categories import may_edit_categories
from linli.capabilities.cases.forms.taxonomy import BringTaxonomyForm
from linli.capabilities.cases.queries.taxonomy import TaxonomySeen, seen_of, taxonomy_of_file
from linli.capabilities.cases.taxonomy_text import taxonomy_in_words
from linli.core.errors import NotFound, Refused
from linli.register.places.models import Place
from linli.register.places.queries import roots
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import add_refusal

MOST_TROUBLES = 20


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Add the usual categories, or look a file over and then add what it says."""
    if not may_edit_categories.holds():
        raise NotFound()
    place, by, step = roots()[0], signed_in(request), request.POST.get("step", "")
    if step == "usual":
        messages.success(request, _said(load_taxonomy(place=place, by=by)))
        return redirect("cases:categories")
    if step == "apply":
        seen = _carried(request, place)
        messages.success(request, _said(bring_taxonomy(place=place, paths=seen.paths, by=by)))
        return redirect("cases:categories")
    form = BringTaxonomyForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            seen = taxonomy_of_file(file.read(), file.name or "", place)
            context |= _looked_over(seen)
        except Refused as refused:
            add_refusal(form, refused)
    status = 422 if form.errors else 200
    return render(request, "cases/taxonomy.html", context, status=status)


def _looked_over(seen: TaxonomySeen) -> dict[str, object]:
    return {
        "seen": seen,
        "words": taxonomy_in_words(seen.counts()),
        "troubles": seen.troubles[:MOST_TROUBLES],
        "carried": json.dumps(seen.paths, ensure_ascii=False),
    }


def _carried(request: HttpRequest, place: Place) -> TaxonomySeen:
    """Read again what the preview carried along: whatever came, only names are taken from it."""
    try:
        rows = json.loads(request.POST.get("paths", "[]"))
        names = [(n, tuple(str(name) for name in row[:3])) for n, row in enumerate(rows, 1)]
    # What the browser carries back may be anything, deeply nested lists among it.
    except (ValueError, TypeError, RecursionError):
        names = []
    return seen_of(names, place)


def _said(added: int) -> str:
    return _("新增了%(n)s个分类") % {"n": added} if added else _("没有新的分类，都已经有了")
