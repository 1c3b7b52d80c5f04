"""Write what was chosen, take it back, give a list up, go on with what was left."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.capabilities.record_linkage import actions, queries, runner
from linli.capabilities.record_linkage.models import Difference
from linli.capabilities.record_linkage.pages.access import confirm_page, linkers_only
from linli.capabilities.record_linkage.presenters import undo_page_context
from linli.capabilities.record_linkage.terms import DifferenceChoice, LinkageState, RowAnswer
from linli.core.errors import Refused
from linli.register.posts.queries import signed_in
from linli.workbench.imports.encrypted_rows import opened_file


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, link: str) -> HttpResponse:
    """Ask, then write everything that was chosen."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    if request.method != "POST":
        chosen = Difference.objects.filter(linkage_run=linkage_run)
        words = {
            "facts": chosen.filter(choice=DifferenceChoice.THEIRS).count(),
            "new": queries.rows_of(linkage_run).filter(answer=RowAnswer.NEW, can_add=True).count(),
            "later": chosen.filter(choice=DifferenceChoice.LATER).count(),
            "open": queries.undecided(linkage_run).count(),
        }
        question = _("写入%(facts)s项，新增%(new)s人？") % words
        note = _("%(later)s处以后再说、%(open)s行没判断的不动。全部成功或全部不变，之后可以撤销")
        return confirm_page(request, linkage_run, question, _("写入底册"), note % words)
    user = signed_in(request)
    runner.run_or_queue(actions.begin_writing(linkage_run=linkage_run, by=user), user)
    done = queries.run_or_not_found(link)
    if done.state == LinkageState.APPLIED:
        undo_at = reverse("record_linkage:undo", args=[link])
        messages.success(request, _("已写入底册"), extra_tags=f"undo:{undo_at}")
    return redirect("record_linkage:show", link)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, link: str) -> HttpResponse:
    """Say what would be restored and what stands in the way; then restore it."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    if request.method != "POST":
        if not linkage_run.can_undo:
            return redirect("record_linkage:show", link)
        return render(request, "web/undo_page.html", undo_page_context(linkage_run))
    user = signed_in(request)
    runner.run_or_queue(actions.begin_undo(linkage_run=linkage_run, by=user), user)
    if queries.run_or_not_found(link).state == LinkageState.UNDONE:
        messages.success(request, _("已撤销"))
    return redirect("record_linkage:show", link)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def drop(request: HttpRequest, link: str) -> HttpResponse:
    """Ask, then give the list up."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    if request.method != "POST":
        note = _("名单和比对结果会删除，底册不变")
        return confirm_page(request, linkage_run, _("放弃这份名单？"), _("放弃"), note, "danger")
    actions.drop_list(linkage_run=linkage_run, by=signed_in(request))
    return redirect("record_linkage:all")


@login_required
@require_POST
def again(request: HttpRequest, link: str) -> HttpResponse:
    """Lay the same list against the register as it is now: what was left comes up again."""
    linkers_only()
    linkage_run = queries.run_or_not_found(link)
    data = opened_file(queries.file_of(linkage_run))
    if not data:
        raise Refused("record_linkage.purged", _("名单已过保存期限，请重新放进来"))
    fresh_run = actions.bring_list(
        data=data,
        name=linkage_run.file_name,
        department=linkage_run.department,
        sheets=linkage_run.sheets,
        sheet=linkage_run.sheet,
        confirmed_on=linkage_run.confirmed_on,
        by=signed_in(request),
    )
    return redirect("record_linkage:columns", fresh_run.link)
