"""The shell's own pages: 走访, ＋记, 地方, 我的, everything there is, and the two switches."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.core.interface import registry, shell
from linli.core.interface.return_address import return_address
from linli.core.interface.view_models import Tab
from linli.core.scope import scope_or_none
from linli.core.time import today
from linli.faces.web.context import current_post
from linli.faces.web.menu import menu_of, open_pages
from linli.faces.web.middleware import POST_IN_SESSION
from linli.faces.web.tags.library import CARE_COOKIE
from linli.register.posts.models import Post
from linli.register.posts.queries import posts_held

A_YEAR = 365 * 24 * 3600
STOPS_SHOWN = 12
MOST_QUICK_VERBS = 6


@login_required
@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """全部功能: every page of the menu in its groups, one tap from 今日."""
    groups = [group for group in menu_of(request).groups if group.key != "today"]
    return render(request, "web/everything.html", {"groups": groups})


@login_required
@require_GET
def walk(request: HttpRequest) -> HttpResponse:
    """走访: doors to go to and calls to make, of all that knows some."""
    sources = shell.stop_sources.open_to(scope_or_none())
    if not sources:
        raise Http404
    by = request.GET.get("by", "")
    by = by if by in ("door", "call") else ""
    found = [(source, source.build(request, STOPS_SHOWN)) for source in sources]
    lists = [(source.label, _by(stops, by)) for source, stops in found if stops is not None]
    here = reverse("web:walk")
    tabs = [
        Tab(label, f"{here}?by={key}" if key else here, current=key == by)
        for key, label in (("", _("全部")), ("door", _("上门")), ("call", _("打电话")))
    ]
    context = {
        "lists": [(label, stops) for label, stops in lists if stops.rows],
        "tabs": tabs,
        "pages": [
            p
            for key in registry.GROUPS
            for p in open_pages(key, scope_or_none())
            if p.tab == "walk" and p.url_name != "web:walk"
        ],
    }
    return render(request, "web/walk.html", context)


def _by(stops: shell.Stops, by: str) -> shell.Stops:
    rows = [stop for stop in stops.rows if not by or stop.by == by]
    return shell.Stops(rows, stops.total if len(rows) == len(stops.rows) else 0, stops.href)


@login_required
@require_GET
def add(request: HttpRequest) -> HttpResponse:
    """＋记: what can be written down on the way, one tap each."""
    verbs = shell.quick_verbs.open_to(scope_or_none())
    if not verbs:
        raise Http404
    return render(request, "web/add.html", {"verbs": verbs[:MOST_QUICK_VERBS]})


@login_required
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """地方: the page of my own place; with several, the page where one is chosen."""
    scope = scope_or_none()
    first = next((p for p in open_pages("register", scope) if p.tab == "places"), None)
    post = current_post(request)
    href = registry.record_address("places.place", post.place_id) if isinstance(post, Post) else ""
    if first is None or scope is None:
        raise Http404
    return redirect(href if href and len(scope.paths) == 1 else first.url_name)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """我的: who I am here, language, 关怀版, settings, signing out."""
    menu, here = menu_of(request), reverse("web:mine")
    own, settings_group = menu.group("mine"), menu.group("settings")
    entries = [page for page in own.pages if page.href != here] if own else []
    context = {"entries": entries, "settings": settings_group.pages if settings_group else ()}
    return render(request, "web/mine.html", context)


@login_required
@require_POST
def choose_post(request: HttpRequest) -> HttpResponse:
    """Work in another of the posts I hold; a post that is not mine changes nothing."""
    held = {str(post.pk): post.pk for post in posts_held(request.user, today())}  # type: ignore[arg-type]
    chosen = held.get(request.POST.get("post", ""))
    if chosen is None:
        raise Http404
    request.session[POST_IN_SESSION] = chosen
    return redirect("web:home")


@require_POST
def care(request: HttpRequest) -> HttpResponse:
    """Switch 关怀版 on or off and remember it in this browser."""
    answer = _back(request)
    wanted = "on" if request.POST.get("care") == "on" else "off"
    _remember(answer, CARE_COOKIE, wanted)
    return answer


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages and remember it in this browser."""
    answer = _back(request)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        _remember(answer, settings.LANGUAGE_COOKIE_NAME, code)
    return answer


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name, value, max_age=A_YEAR, samesite="Lax", httponly=True, secure=settings.BEHIND_HTTPS
    )


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page the switch stood on; never to another host."""
    return HttpResponseRedirect(return_address(request, otherwise="/"))
