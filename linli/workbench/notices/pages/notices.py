"""The notices, one notice with its recipients, and what needs a person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.core.errors import NotFound, Refused
from linli.core.interface.record_lists import ListColumn, ListRow, RecordList, sorting
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import Tab
from linli.register.posts.queries import signed_in
from linli.workbench.conditions.disclosure import may_know_said
from linli.workbench.journal.queries import entries_about
from linli.workbench.notices import actions, queries
from linli.workbench.notices.models import Delivery, Notice
from linli.workbench.notices.pages.common import senders_only, tell_page
from linli.workbench.notices.queries import DeliveryCounts
from linli.workbench.notices.terms import STILL_TO_CALL, DeliveryState, NoticeState
from linli.workbench.read_budget.actions import note_read

NOTICES_A_PAGE = 50
RECIPIENTS_A_PAGE = 50
# A tab of the recipients: its word, and which rows it shows.
TABS: dict[str, dict[str, Any]] = {
    "": {},
    "told": {"state__in": (DeliveryState.SENT, DeliveryState.REACHED)},
    "read": {"read_at__isnull": False},
    "answered": {"answered_at__isnull": False},
    "open": {
        "state__in": (
            DeliveryState.QUEUED,
            DeliveryState.SENDING,
            DeliveryState.FAILED,
            DeliveryState.UNKNOWN,
            *STILL_TO_CALL,
        )
    },
}


@login_required
@never_cache
@require_GET
def show_all(request: HttpRequest) -> HttpResponse:
    """Show the notices of this place, the latest first, and how far each has come."""
    senders_only()
    asked = sorting(request.GET, COLUMNS)
    rows = queries.notices()
    rows = rows.order_by(*asked.order) if asked.order else rows
    page = Paginator(rows, NOTICES_A_PAGE).get_page(request.GET.get("page"))
    counts = queries.counts_of_many([notice.pk for notice in page])
    context = {
        "view": RecordList(
            caption=_("发过的通知"),
            sorting=asked,
            rows=[_row(_as_may_be_known(one), counts.get(one.pk)) for one in page],
            found=page.paginator.count,
            page=page,
        ),
        "to_call": queries.call_list().count(),
        "to_settle": queries.to_settle().count(),
        "may_set_channels": actions.may_set_channels.holds(),
        "may_write_templates": actions.may_write_templates.holds(),
        "down": [
            channel_setting
            for channel_setting in queries.channels_here()
            if channel_setting.is_active and channel_setting.down_since
        ],
    }
    return render(request, "notices/notices.html", context)


# To whom it went is not sorted by: a condition may ask what the reader may not.
COLUMNS = (
    ListColumn("subject", gettext_lazy("标题"), order=("subject", "pk")),
    ListColumn("made", gettext_lazy("什么时候"), order=("made_at", "pk")),
    ListColumn("told", gettext_lazy("告知")),
    ListColumn("whom", gettext_lazy("告诉谁")),
    ListColumn("by", gettext_lazy("谁发的"), extra=True),
)


def _row(notice: Notice, counts: DeliveryCounts | None) -> ListRow:
    figures = {"told": counts.told if counts else 0, "total": counts.total if counts else 0}
    is_stopped = notice.state == NoticeState.STOPPED
    told = _("已停止") if is_stopped else _("告知 %(told)s/%(total)s") % figures
    cells = {
        "subject": (_("紧急：") if notice.urgent else "") + notice.subject,
        "made": timezone.localtime(notice.made_at).strftime("%m-%d %H:%M"),
        "told": told,
        "whom": notice.condition_text,
        "by": notice.by.name if notice.by is not None else "",
    }
    return ListRow(notice.pk, reverse("notices:notice", args=[notice.pk]), cells)


def _as_may_be_known(notice: Notice) -> Notice:
    """Leave out to whom it went where the condition asks what the reader may not ask.

    What it says everybody who got it has read; who is meant by it may be told nobody else.
    """
    if notice.condition_text and not may_know_said("person", notice.condition_text):
        notice.condition_text = ""
    return notice


@login_required
@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one notice: what it says, to whom it went, who read it, who answered."""
    senders_only()
    notice = _as_may_be_known(queries.notice_or_not_found(pk))
    rows = queries.deliveries_of(notice)
    counts = queries.counts_of(rows)
    # A boosted link also comes from htmx but wants the whole page.
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "notices/progress.html", {"notice": notice, "counts": counts})
    only = request.GET.get("only", "")
    only = only if only in TABS else ""
    pages = Paginator(rows.filter(**TABS[only]), RECIPIENTS_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    note_read(delivery.person_id for delivery in page if delivery.person_id)
    context = {
        "notice": notice,
        "counts": counts,
        "page_obj": page,
        "tabs": _tabs(notice, counts, only),
        "entries": entries_about(notice),
        "about_href": record_address(notice.subject_kind, notice.subject_id),
        "may_stop": notice.state == "open" and counts.waiting + counts.to_call > 0,
    }
    return render(request, "notices/notice.html", context)


def _tabs(notice: Notice, counts: DeliveryCounts, only: str) -> list[Tab]:
    rest = counts.waiting + counts.failed + counts.unknown + counts.to_call
    labels = {
        "": (_("全部"), counts.total),
        "told": (_("已告知"), counts.told),
        "read": (_("看到了"), counts.read),
        "answered": (_("回复了"), counts.answered),
        "open": (_("还没告知"), rest),
    }
    here = reverse("notices:notice", args=[notice.pk])
    return [
        Tab(label, f"{here}?only={key}" if key else here, current=key == only, count=count)
        for key, (label, count) in labels.items()
    ]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what has not gone out yet."""
    senders_only()
    notice = queries.notice_or_not_found(pk)
    here = reverse("notices:notice", args=[pk])
    if request.method != "POST":
        context = {
            "question": _("停止发送“%(subject)s”？") % {"subject": notice.subject},
            "note": _("已经发出的收不回来"),
            "button": _("停止发送"),
            "cancel_href": here,
            "tone": "danger",
        }
        return render(request, "web/confirm_page.html", context)
    try:
        actions.stop_notice(notice=notice, by=signed_in(request))
        messages.success(request, _("已停止，没发出的不再发"))
    except Refused as refused:
        tell_page(request, refused)
    return redirect(here)


@login_required
@never_cache
@require_GET
def unsure(request: HttpRequest) -> HttpResponse:
    """Show what the product does not know or could not do: a person decides."""
    senders_only()
    page = Paginator(queries.to_settle(), RECIPIENTS_A_PAGE).get_page(request.GET.get("page"))
    note_read(delivery.person_id for delivery in page if delivery.person_id)
    return render(request, "notices/unsure.html", {"page_obj": page})


@login_required
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide about one message: it arrived, send it again, or call."""
    senders_only()
    delivery: Delivery = queries.delivery_or_not_found(pk)
    by, what = signed_in(request), request.POST.get("what", "")
    try:
        if what == "call":
            actions.call_instead(delivery=delivery, by=by)
            messages.success(request, _("已放进电话通知单：%(name)s") % {"name": delivery.name})
        elif what in ("sent", "again"):
            actions.settle_unknown(delivery=delivery, was_sent=what == "sent", by=by)
            messages.success(request, _("已记下：%(name)s") % {"name": delivery.name})
        else:
            raise NotFound()
    except Refused as refused:
        # NotFound is a refusal too, with a page of its own.
        if isinstance(refused, NotFound):
            raise
        tell_page(request, refused)
    return redirect("notices:unsure")
