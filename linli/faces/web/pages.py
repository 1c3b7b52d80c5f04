"""The shell's own pages: 今日, the list behind a tab, 我的, and the two switches."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import check_for_language
from django.views.decorators.http import require_GET, require_POST

from linli.core.interface import registry
from linli.core.interface.return_address import return_address
from linli.core.time import today
from linli.faces.web.menu import TABS, menu_of
from linli.faces.web.middleware import POST_IN_SESSION
from linli.faces.web.tags.library import CARE_COOKIE
from linli.register.posts.queries import posts_held

A_YEAR = 365 * 24 * 3600


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """今日: ask in a sentence, see the figures of my place and what waits for me."""
    ask, tabs = registry.ask_box(), menu_of(request)
    here = reverse("web:home")
    context: dict[str, Any] = {
        "ask_href": _address(ask.url_name) if ask else "",
        "ask": ask,
        "examples": ask.examples(request)[:4] if ask and ask.examples else [],
        "tiles": _blocks(request, "tiles"),
        "blocks": _blocks(request, "main"),
        "work": [
            page for tab in tabs if tab.key == "today" for page in tab.pages if page.href != here
        ],
        "tabs": [tab for tab in tabs if tab.key in ("ask", "register")],
    }
    return render(request, "web/home.html", context)


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _blocks(request: HttpRequest, slot: str) -> list[dict[str, Any]]:
    built = ((block, block.build(request)) for block in registry.home_blocks(slot))
    return [
        {"key": block.key, "template": block.template, "content": content}
        for block, content in built
        if content is not None
    ]


@login_required
@require_GET
def tab(request: HttpRequest, key: str) -> HttpResponse:
    """The list of pages behind a tab, for tabs that have several."""
    shown = next(
        (tab_entry for tab_entry in menu_of(request) if tab_entry.key == key and key in TABS), None
    )
    if shown is None:
        raise Http404
    return render(request, "web/tab.html", {"tab": shown})


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """我的: who I am here, language, 关怀版, signing out."""
    own_tab = next((tab_entry for tab_entry in menu_of(request) if tab_entry.key == "mine"), None)
    here = reverse("web:mine")
    entries = [page for page in own_tab.pages if page.href != here] if own_tab else []
    return render(request, "web/mine.html", {"entries": entries})


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
