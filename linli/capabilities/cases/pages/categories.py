"""The taxonomy, as the subdistrict edits it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linli.capabilities.cases import actions
from linli.capabilities.cases.actions.categories import may_edit_categories
from linli.capabilities.cases.actions.permits import may_take
from linli.capabilities.cases.forms.workers import CategoryForm, EditCategoryForm
from linli.capabilities.cases.models import Category
from linli.capabilities.cases.queries import categories
from linli.core.errors import NotFound, Refused
from linli.core.scope import one_or_not_found
from linli.register.places.queries import roots
from linli.register.posts.queries import signed_in
from linli.workbench.web.action_page import add_refusal
from linli.workbench.web.edit_form import editing, status_of


@login_required
@never_cache
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """Show the taxonomy: what there is, in how many days, who handles it first."""
    if not may_take.holds():
        raise NotFound()
    below: dict[int | None, list[Category]] = {}
    for category in categories(also_retired=may_edit_categories.holds()):
        below.setdefault(category.parent_id, []).append(category)
    tops = [(top, _lines(top, below)) for top in below.get(None, [])]
    context = {"tops": tops, "may_edit": may_edit_categories.holds()}
    return render(request, "cases/categories.html", context)


def _lines(top: Category, below: dict[int | None, list[Category]]) -> list[tuple[Category, str]]:
    lines = []
    for middle in below.get(top.pk, []):
        lines.append((middle, _note(middle)))
        lines.extend(
            (leaf, f"{_(middle.name)} · {_note(leaf)}") for leaf in below.get(middle.pk, [])
        )
    return lines


def _note(category: Category) -> str:
    parts = [
        ngettext("%(n)s个工作日", "%(n)s个工作日", category.working_days)
        % {"n": category.working_days}
    ]
    if category.role:
        parts.append(category.get_role_display())
    if category.needs_review:
        parts.append(_("须复核"))
    if category.danger:
        parts.append(category.get_danger_display())
    if category.confidential:
        parts.append(_("保密"))
    if not category.is_active:
        parts.append(_("已停用"))
    return " · ".join(parts)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a category below another one or at the top."""
    if not may_edit_categories.holds():
        raise NotFound()
    parent_key = request.GET.get("parent", "")
    parent = one_or_not_found(categories(), pk=int(parent_key)) if parent_key.isdigit() else None
    form = CategoryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            place = parent.place if parent else roots()[0]
            actions.add_category(
                place=place, parent=parent, by=signed_in(request), **form.cleaned_data
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("已新增"))
            return redirect("cases:categories")
    return _show(request, form, parent.name if parent else _("新的大类"))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or retire a category."""
    category = one_or_not_found(categories(also_retired=True), pk=pk)
    if not may_edit_categories.holds():
        raise NotFound()
    form = EditCategoryForm(request.POST or None, category=category)
    if request.method == "POST" and form.is_valid():
        try:
            with editing(request, form):
                actions.edit_category(category=category, by=signed_in(request), **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _("已保存"))
            return redirect("cases:categories")
    return _show(request, form, category.name, category)


def _show(
    request: HttpRequest, form: CategoryForm, title: str, category: Category | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "category": category}
    return render(request, "cases/category.html", context, status=status_of(form))
