"""What people do with answers: keep them, share them, take them away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.capabilities.reports import rules
from linli.capabilities.reports.models import ExportRequest, SavedReport
from linli.capabilities.reports.terms import CONSENT, ExportState, FileKind, Purpose
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.fields import HOUSEHOLD, PERSON
from linli.core.scope import current_scope
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.rules import MAY_EXPORT, READS_REGISTER
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.listing.read_accounting import people_of
from linli.workbench.read_budget.queries import taken_together
from linli.workbench.tasks.actions import end_state_tasks, open_task


def may_ask(*, by: User) -> bool:
    """Whoever reads the register may ask and keep questions."""
    return current_scope().role in READS_REGISTER


def may_end(*, report: SavedReport, by: User) -> bool:
    """The one who saved it may take it off the list."""
    return report.by_id == by.pk


def may_take_away(*, by: User) -> bool:
    """Lists leave the product only with those who care for the people on them."""
    return current_scope().role in MAY_EXPORT


def may_decide(*, export: ExportRequest, by: User) -> bool:
    """A second person of the same place or above it decides."""
    return current_scope().role in MAY_EXPORT and rules.may_consent(
        asked_by=export.by_id, consents=by.pk
    )


def may_download(*, export: ExportRequest, by: User) -> bool:
    """Only the one who asked takes the list."""
    return export.by_id == by.pk and current_scope().role in MAY_EXPORT


def _own_path() -> str:
    paths = current_scope().paths
    if not paths:
        raise Refused("reports.no_place", _("您现在没有岗位范围"))
    return paths[0]


@action("report.save", term="存为常用名单", may=may_ask, journal="report.saved")
def save_report(
    *,
    name: str,
    subject: str,
    condition: dict[str, Any],
    columns: list[str],
    sort: str,
    shared: bool,
    by: User,
) -> SavedReport:
    """Keep a question under a name, with a link of its own."""
    name = name.strip()
    if not name:
        raise Refused("report.no_name", _("请给名单起个名字"), "name")
    report = SavedReport(
        name=name[:60],
        subject=subject,
        condition=condition,
        columns=columns,
        sort=sort,
        shared=shared,
        by=by,
        scope_path=_own_path(),
    )
    report.save()
    data: dict[str, Any] = {"shared": shared}
    if left_out := conditions.left_out_of(condition):
        data["left_out"] = left_out
    write_journal("report.saved", about=report, text=name, data=data, by=by)
    return report


@action("report.end", term="移除常用名单", may=may_end, journal="report.ended")
def end_report(*, report: SavedReport, by: User) -> None:
    """Take a saved question off the list."""
    report.ended = True
    report.save(update_fields=["ended"])
    write_journal("report.ended", about=report, text=report.name, by=by)


@action("report.restore", term="恢复常用名单", may=may_end, journal="report.restored")
def restore_report(*, report: SavedReport, by: User) -> None:
    """Put a saved question back on the list."""
    report.ended = False
    report.save(update_fields=["ended"])
    write_journal("report.restored", about=report, text=report.name, by=by)


def taken_with(subject: str, condition: dict[str, Any], rows: int) -> int:
    """Return how many people will have left today by this hand, or the rows if those are more."""
    # Lists of homes and buildings show nobody: only their rows count.
    if subject not in (PERSON, HOUSEHOLD):
        return rows
    people = people_of(subject, conditions.ids(conditions.read_json(condition)))
    return max(rows, taken_together(people))


@action("export.ask", term="导出名单", may=may_take_away, journal="export.asked")
def ask_export(
    *,
    subject: str,
    condition: dict[str, Any],
    condition_text: str,
    columns: list[str],
    sort: str,
    kind: str,
    rows: int,
    purpose: str,
    words: str,
    by: User,
) -> ExportRequest:
    """Ask to take a list away; a long one waits for a second person."""
    words = words.strip()
    if purpose not in Purpose.values:
        raise Refused("export.purpose", _("请选择用途"), "purpose")
    if len(words) < rules.SHORTEST_PURPOSE:
        raise Refused(
            "export.words", _("请写清用途，至少4个字"), "words", _("例如：重阳节上门慰问")
        )
    if kind not in FileKind.values:
        raise Refused("export.kind", _("请选择文件类型"), "kind")
    if rows > rules.LONGEST_LIST:
        raise Refused(
            "export.too_long",
            _("名单有%(rows)d行，一次最多%(most)d行") % {"rows": rows, "most": rules.LONGEST_LIST},
            hint=_("请加一个条件，或按社区分别导出。"),
        )
    # Together with what left today: a list of 3,644 people once went out in eleven small ones.
    waits = rules.needs_second_person(rows=taken_with(subject, condition, rows))
    export = ExportRequest(
        subject=subject,
        condition=condition,
        condition_text=condition_text,
        columns=columns,
        sort=sort,
        kind=kind,
        rows=rows,
        purpose=purpose,
        words=words[:120],
        by=by,
        state=ExportState.WAITING if waits else ExportState.READY,
        scope_path=_own_path(),
    )
    export.save()
    write_journal("export.asked", about=export, text=words, by=by, data=_about(export))
    if waits:
        _ask_second_person(export, by)
    return export


def _ask_second_person(export: ExportRequest, by: User) -> None:
    """Give the decision to the nearest post that somebody else holds."""
    open_task(
        kind=CONSENT,
        about=export,
        place=Place.objects.get(path=export.scope_path),
        by=by,
        # Neither the question nor whom it means: more posts read tasks than lists.
        title=_("导出名单（%(rows)s行）等第二人同意") % {"rows": export.rows},
        excluded=[by],
    )


def _about(export: ExportRequest) -> dict[str, Any]:
    return {
        "condition": export.condition_text,
        "columns": export.columns,
        "rows": export.rows,
        "purpose": export.purpose,
        "kind": export.kind,
    }


@action("export.decide", term="同意导出名单", may=may_decide, journal="export.decided")
def decide_export(*, export: ExportRequest, agreed: bool, by: User) -> ExportRequest:
    """Consent to a long list leaving the product, or not."""
    # The state decides who was first: two people may press at once.
    changed = ExportRequest.objects.filter(pk=export.pk, state=ExportState.WAITING).update(
        state=ExportState.READY if agreed else ExportState.REFUSED,
        consent_by=by,
        consent_at=timezone.now(),
    )
    if not changed:
        raise Refused("export.decided", _("这份名单已经处理过了"))
    export.refresh_from_db()
    decided = str(export.get_state_display())
    end_state_tasks(about=export, kinds=(CONSENT,), by=by, result=decided)
    write_journal("export.decided", about=export, by=by, data={"agreed": agreed})
    return export


@action("export.take", term="下载名单", may=may_download, journal="export.taken")
def take_export(*, export: ExportRequest, rows: int, by: User) -> ExportRequest:
    """Hand out the list; ``rows`` is how many lines it has at this moment."""
    if export.state not in (ExportState.READY, ExportState.TAKEN):
        raise Refused("export.not_ready", _("还没有得到第二人同意"))
    # From the consent, which may come days after the request.
    since = export.consent_at or export.asked_at
    if timezone.now() - since > timedelta(days=rules.CONSENT_DAYS):
        raise Refused("export.expired", _("已过期，请重新申请"))
    # Rows are counted when it is fetched: the register may have grown since.
    if rules.needs_second_person(rows=rows) and export.consent_at is None:
        raise Refused("export.grown", _("名单变长了，请重新申请"))
    export.state = ExportState.TAKEN.value
    export.save(update_fields=["state"])
    write_journal("export.taken", about=export, by=by, data={**_about(export), "rows": rows})
    return export
