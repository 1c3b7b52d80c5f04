"""Pages without an account: report, follow, say whether it helped."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions import may_take, public
from linli.capabilities.cases.forms.public import ReportForm, SayForm, TrackForm
from linli.capabilities.cases.models import Report
from linli.capabilities.cases.queries import by_tracking, public_case
from linli.capabilities.cases.queries.codes import code_of, place_of_code
from linli.capabilities.cases.queries.public import (
    alike_in_public,
    place_in_words,
    report_of,
    was_sent,
)
from linli.capabilities.cases.queries.rescue import rescue_for, rescue_of
from linli.core.errors import NotFound, Refused
from linli.core.network.rate_limit import address_of, is_rate_limited
from linli.core.scope import current_scope
from linli.register.places.models import Place
from linli.register.places.queries import place_or_not_found
from linli.workbench.journal.photos import checked_all
from linli.workbench.web.action_page import add_refusal

AN_HOUR = 3600
SENT, OPEN = "cases_sent", "cases_open"
MOST_REPORTS = 30  # from one address in an hour: a whole building may share one


@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, code: str = "") -> HttpResponse:
    """Tell what is the matter, without an account."""
    place = place_of_code(code) if code else None
    if code and place is None:
        raise NotFound(_("这个二维码已经失效，请在首页选社区"))
    form = ReportForm(request.POST or None, request.FILES or None, place=place)
    if request.method == "POST" and form.is_valid():
        if _is_to_be_asked(request, form):
            form.add_error(None, _("附近有人反映过很像的事：请看看是不是同一件，再提交"))
        elif is_rate_limited("report", address_of(request), MOST_REPORTS, seconds=AN_HOUR):
            form.add_error(None, _("提交得太多了，请过一小时再来，或打电话给社区"))
        else:
            answer = _taken(request, form)
            if answer is not None:
                return answer
    context = {"form": form, "place": place} | _said_of(request, form)
    return render(request, "cases/public/report.html", context, status=422 if form.errors else 200)


def _is_to_be_asked(request: HttpRequest, form: ReportForm) -> bool:
    """Is there something alike that was not shown, as it is without script? Ask once.

    Whoever sends photos would have to choose them again and is not asked.
    """
    if "join" in request.POST or form.cleaned_data["photos"]:
        return False
    # One's own report, sent again, is always alike and must not be asked about.
    return not was_sent(form.cleaned_data["client_id"]) and bool(_alike(request, form))


def _taken(request: HttpRequest, form: ReportForm) -> HttpResponse | None:
    cleaned = form.cleaned_data
    place, spot = place_in_words(form.chosen_place(), cleaned["where"])
    join = request.POST.get("join", "")
    try:
        taken = public.report(
            text=cleaned["text"],
            place=place,
            spot=spot,
            reporter=form.reporter(),
            photos=checked_all(cleaned["photos"]),
            client_id=cleaned["client_id"],
            join=int(join) if join.isdigit() else None,
        )
    except Refused as refused:
        add_refusal(form, refused)
        return None
    # In the session and not in the address: what stands there is in histories and logs.
    request.session[SENT] = [taken.report.pk, taken.tracking, taken.secret]
    request.session[OPEN] = taken.report.pk
    return redirect("cases:sent")


def _alike(request: HttpRequest, form: ReportForm) -> list[Any]:
    text, place = request.POST.get("text", ""), _place_of(request, form)
    return alike_in_public(text, place) if text and place else []


def _place_of(request: HttpRequest, form: ReportForm) -> Place | None:
    known = getattr(form, "communities", {})
    return form.place or known.get(request.POST.get("community", ""))


def _said_of(request: HttpRequest, form: ReportForm) -> dict[str, Any]:
    """Return what is said of the text typed so far: whom to call first, and what is alike."""
    place = _place_of(request, form)
    # A whole community's lifts are kept by many companies: which one is known by the house.
    at = place if place is not None and place.kind not in ("subdistrict", "community") else None
    text = request.POST.get("text", "")
    return {"rescue": rescue_for(text, at), "alike": _alike(request, form)}


@never_cache
@require_POST
def alike(request: HttpRequest, code: str = "") -> HttpResponse:
    """Answer what is typed so far with open cases of the same neighbourhood."""
    form = ReportForm(request.POST, place=place_of_code(code) if code else None)
    return render(request, "cases/public/alike.html", _said_of(request, form))


@never_cache
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    """Show number and word in large print, right after sending."""
    number_and_word = request.session.get(SENT)
    if not number_and_word:
        return redirect("cases:track")
    row = report_of(number_and_word[0])
    link = request.build_absolute_uri(reverse("cases:track")) + f"?number={number_and_word[1]}"
    context = {
        "tracking": number_and_word[1],
        "secret": number_and_word[2],
        "qr": qr_of(link),
        "seen": public_case(row) if row else None,
        "rescue": rescue_of(row.case.danger, row.case.place) if row else None,
    }
    return render(request, "cases/public/sent.html", context)


def qr_of(link: str) -> str:
    """Return a QR code as a picture for an <img>: the policy allows data, not inline styles."""
    import segno

    return str(segno.make(link, error="m").svg_data_uri(scale=5, border=2))


@never_cache
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Open one's own case by number and word; a wrong pair tells nothing."""
    form = TrackForm(request.POST or None, initial={"tracking": request.GET.get("number", "")[:20]})
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        row = None
        # Looked at before and counted after: a right pair costs no try, a wrong one always does.
        if not _tried_too_often(request, cleaned["tracking"], add=0):
            row = by_tracking(cleaned["tracking"], cleaned["secret"])
        if row is not None:
            request.session[OPEN] = row.pk
            return redirect("cases:mine")
        if _tried_too_often(request, cleaned["tracking"], add=1):
            form.add_error(None, _("试得太多了，请过一小时再来，或打电话给社区"))
        else:
            form.add_error(None, _("编号或口令不对，请再看一看"))
    return render(
        request, "cases/public/track.html", {"form": form}, status=422 if form.errors else 200
    )


def _tried_too_often(request: HttpRequest, tracking: str, *, add: int) -> bool:
    digits = "".join(letter for letter in tracking if letter.isdigit())[:20]
    # By number too: guessers with many addresses would have a whole budget for each.
    tries = [("track", address_of(request)), ("track-number", digits)]
    return any(
        # A list, not a generator: both are counted, even when the first is over already.
        [
            is_rate_limited(what, who, rules.MOST_TRIES, seconds=AN_HOUR, add=add)
            for what, who in tries
        ]
    )


def _mine(request: HttpRequest) -> Report | None:
    pk = request.session.get(OPEN)
    return report_of(pk) if pk else None


@never_cache
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Show the reporter's own case, and let them say whether it helped."""
    row = _mine(request)
    if row is None:
        return redirect("cases:track")
    form = SayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fixed = form.cleaned_data["fixed"] == "yes"
            public.say_verdict(report=row, fixed=fixed, text=form.cleaned_data["text"])
        except Refused as refused:
            add_refusal(form, refused)
        else:
            thanks = _("谢谢您的确认") if fixed else _("已重新办理，办好后再请您看")
            messages.success(request, thanks)
            return redirect("cases:mine")
    context = {"seen": public_case(row), "form": form}
    return render(request, "cases/public/mine.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest) -> HttpResponse:
    """Ask, then take one's report back."""
    row = _mine(request)
    if row is None:
        return redirect("cases:track")
    # Links are fetched for previews; only a POST takes anything back.
    if request.method == "GET":
        return render(request, "cases/public/take_back.html")
    try:
        public.take_back(report=row, reason="")
        messages.success(request, _("已撤回"))
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("cases:mine")


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget on this device which case was open."""
    for key in (SENT, OPEN):
        request.session.pop(key, None)
    return redirect("cases:track")


@login_required
@never_cache
@require_GET
def qr_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """A sheet to print for a building: whoever scans it reports for that building."""
    place: Place = place_or_not_found(pk)
    if not may_take.holds() or not current_scope().holds(place.path):
        raise NotFound()
    link = request.build_absolute_uri(reverse("cases:report-at", args=[code_of(place)]))
    context = {"place": place, "qr": qr_of(link), "link": link}
    return render(request, "cases/public/qr.html", context)
