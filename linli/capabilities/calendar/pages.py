"""The month and the list; feeds; the feed itself, for whoever holds its secret address."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from linli.capabilities.calendar import actions
from linli.capabilities.calendar.forms import FeedForm
from linli.capabilities.calendar.ics import calendar_of, month_of
from linli.capabilities.calendar.models import Covers
from linli.capabilities.calendar.queries import (
    feed_or_not_found,
    my_feeds,
    my_post,
    opened_by,
    seats_of,
)
from linli.capabilities.calendar.upcoming import by_day, everything
from linli.core.errors import NotFound, Refused
from linli.core.interface.picture_models import HeatCell, HeatMonth
from linli.core.network.rate_limit import address_of, is_rate_limited
from linli.core.scope import current_scope, use_scope
from linli.core.time import today
from linli.register.posts.rules import READS_REGISTER
from linli.workbench.read_budget.actions import note_read

GUESSES, READS, SECONDS, TOO_MUCH = 20, 120, 3600, 429
LONGEST_TOKEN = 64
DAYS_OPEN = 3
# What a calendar program is given: what is long past or far off is seen on the page of its month.
PAST, AHEAD = timedelta(days=92), timedelta(days=1098)


@login_required
@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """Show two months: how much on each day, and the list of the first, or of one day."""
    scope = current_scope()
    if scope.role not in READS_REGISTER:
        raise NotFound()
    only = _day(request.GET.get("day", ""))
    first, last = month_of(only or _asked(request.GET.get("month", "")))
    next_first, next_last = month_of(last + timedelta(days=1))
    is_mine = request.GET.get("whose") == "mine"
    seats = seats_of(scope.role, scope.paths[0]) if is_mine and scope.paths else None
    days = by_day(first, next_last, seats=seats)
    cut = [row.title for _day, rows in days for row in rows if row.is_cut]
    days = [(day, shown) for day, rows in days if (shown := [o for o in rows if not o.is_cut])]
    numbers = {day: len(rows) for day, rows in days}
    days = [(day, rows) for day, rows in days if (day == only if only else day <= last)]
    named = {row.person for _day, rows in days for row in rows if row.person is not None}
    note_read(named, assigned=is_mine)
    coming = [day for day, _rows in days if day >= today()]
    opened = (coming or [day for day, _rows in days])[:DAYS_OPEN]  # the others are folded
    context = {
        "first": first,
        "only": only,
        "month_href": f"?month={first:%Y-%m}{'&whose=mine' if is_mine else ''}",
        "days": [(day, rows, day in opened) for day, rows in days],
        "is_mine": is_mine,
        "cut": cut,
        "months": [_drawn(one, numbers, is_mine=is_mine) for one in (first, next_first)],
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": next_first.strftime("%Y-%m"),
    }
    return render(request, "calendar/month.html", context)


def _drawn(first: date, numbers: dict[date, int], *, is_mine: bool) -> HeatMonth:
    """Draw a month whose days open their list."""
    whose = "&whose=mine" if is_mine else ""

    def cell(day: date) -> HeatCell | None:
        if day.month != first.month:
            return None
        count = numbers.get(day, 0)
        href = f"?day={day.isoformat()}{whose}#days" if count else ""
        return HeatCell(count, href, label=str(day.day), is_today=day == today())

    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    return HeatMonth(
        first.strftime("%Y-%m"), _("件"), [[cell(day) for day in week] for week in weeks]
    )


def _asked(text: str) -> date:
    """Return a day of the month in the address, or today."""
    try:
        day = date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return today()
    return day if _is_near(day) else today()


def _day(text: str) -> date | None:
    """Return the day in the address, if there is one."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _is_near(day) else None


def _is_near(day: date) -> bool:
    # `date` ends at the year 9999, and the months after it must exist too.
    return 2000 <= day.year <= today().year + 50


@login_required
@require_http_methods(["GET", "POST"])
def feeds(request: HttpRequest) -> HttpResponse:
    """Show one's feeds and make another; its address is shown once."""
    user: Any = request.user
    post = my_post(user)
    form, link = FeedForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _feed, token = actions.add_feed(post=post, by=user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
        else:
            link = request.build_absolute_uri(reverse("calendar:feed", args=[token]))
            form = FeedForm()
    context = {"form": form, "feeds": my_feeds(user), "link": link, "post": post}
    return render(request, "calendar/feeds.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a secret address back."""
    user: Any = request.user
    feed = feed_or_not_found(user, pk)
    if request.method == "POST":
        actions.revoke_feed(feed=feed, by=user)
        messages.success(request, _("已停用，这个地址打不开了"))
        return redirect("calendar:feeds")
    context = {
        "question": _("停用“%(name)s”的订阅？") % {"name": feed.name},
        "button": _("停用"),
        "note": _("用这个地址的日历不再更新"),
        "cancel_href": reverse("calendar:feeds"),
        "tone": "danger",
        "action": request.path,
    }
    return render(request, "web/confirm_page.html", context)


@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give a calendar program what is coming, for whoever holds the secret address."""
    who = address_of(request)
    # Looked at before the token is: once the guesses are used up a right one opens nothing
    # either.
    wrong = is_rate_limited("calendar-guess", who, GUESSES, seconds=SECONDS, add=0)
    if wrong or is_rate_limited("calendar", who, READS, seconds=SECONDS):
        return HttpResponse(_("太频繁了，请一小时后再试"), status=TOO_MUCH)
    opened = opened_by(token) if len(token) <= LONGEST_TOKEN else None
    if opened is None:
        is_rate_limited("calendar-guess", who, GUESSES, seconds=SECONDS)
        return HttpResponse(_("这个日历地址不对，或已停用"), status=404)
    mine, scope = opened
    post = mine.post
    with use_scope(scope):
        seats = seats_of(post.role, post.scope_path) if mine.covers == Covers.POST else None
        coming = everything(since=today() - PAST, until=today() + AHEAD, seats=seats)
        body = calendar_of(
            f"{post.place.name} · {mine.get_covers_display()}",
            coming,
            at=timezone.now(),
            origin=request.build_absolute_uri("/").rstrip("/"),
        )
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="linli.ics"'
    return answer
