"""The file itself: made when it is fetched, under the reader's own scope and masks."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from linli.capabilities.reports import actions, rules
from linli.capabilities.reports.models import ExportRequest
from linli.capabilities.reports.paper import large_print
from linli.capabilities.reports.rules import ALONE_UP_TO
from linli.capabilities.reports.terms import FileKind
from linli.core.fields import DICTIONARY, Condition, Field
from linli.core.interface.workbook import WorkbookSheet, write
from linli.core.personal_data.watermark import mark, number_of
from linli.core.scope import current_scope
from linli.core.time import to_china
from linli.register.posts.models import User
from linli.workbench.conditions import queries
from linli.workbench.conditions.results import ResultLine
from linli.workbench.read_budget.exempt_records import leaving_in_a_file, read_for

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_ON_PAPER = 2000
# In the name of the file: the list is not the answer to the whole sentence.
ONLY_UNDERSTOOD = "只按看懂的算"


def export_response(export: ExportRequest, *, by: User) -> HttpResponse:
    """Return the file as a download, after the journal has it."""
    condition = queries.read_json(export.condition)
    # What is refused on the way has not left: neither is it on the account then.
    with (
        transaction.atomic(),
        read_for(export),
        leaving_in_a_file(
            alone_up_to=ALONE_UP_TO,
            agreed=rules.is_agreed(by=by.pk, consent_by=export.consent_by_id),
        ),
    ):
        lines = list(queries.lines(condition, columns=export.columns, sort=export.sort))
        actions.take_export(export=export, rows=len(lines), by=by)
    headings = [*(column.label for column in _columns(export, condition)), _("最近核实")]
    if export.kind == FileKind.EXCEL:
        body, kind = _excel(export, headings, lines, by), EXCEL
    else:
        body, kind = _paper(export, headings, lines, by), "application/pdf"
    answer = HttpResponse(body, content_type=kind)
    part = f"-{ONLY_UNDERSTOOD}" if condition.unread else ""
    name = f"linli-{to_china(timezone.now()):%Y%m%d-%H%M}{part}.{export.kind}"
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    # A list of people: no browser or proxy keeps a copy.
    answer["Cache-Control"] = "no-store"
    return answer


def _columns(export: ExportRequest, condition: Condition) -> tuple[Field, ...]:
    return queries.headings(condition.subject, export.columns)


def _about(export: ExportRequest, by: User, rows: int) -> list[tuple[str, str]]:
    subject = DICTIONARY.subject(export.subject)
    second = export.consent_by.name if export.consent_by else ""
    condition = queries.read_json(export.condition)
    about = [
        (_("注意"), _left_out(export)),
        (_("条件"), export.condition_text or _("全部")),
        (_("数量"), f"{rows} {subject.counter}"),
        (_("没有记录的"), queries.said_beside(condition, rows)),
        (_("用途"), f"{export.get_purpose_display()}：{export.words}"),
        (_("导出的人"), f"{by.name}（{_role()}）"),
        (_("第二人"), second),
        (_("时间"), f"{to_china(timezone.now()):%Y-%m-%d %H:%M}"),
        (_("编号"), export.link),
        (_("说明"), _("仅限上述用途，用后删除；每行带有隐形编号，转发可追溯。")),
    ]
    return [(label, text) for label, text in about if text]


def _left_out(export: ExportRequest) -> str:
    return queries.left_out(queries.read_json(export.condition).unread)


def _role() -> str:
    from linli.register.posts.terms import Role

    role = current_scope().role
    return str(Role(role).label) if role in Role.values else role


def _excel(export: ExportRequest, headings: list[str], lines: list[ResultLine], by: User) -> bytes:
    rows = ([*(shown.value for shown in line.cells), line.confirmed_on] for line in lines)
    title = f"{_('名单')}（{ONLY_UNDERSTOOD}）" if _left_out(export) else _("名单")
    sheet = WorkbookSheet(title, headings, rows)
    about = _about(export, by, len(lines))
    return write(sheet, about=about, number=number_of(export.link), yes=_("是"), no=_("否"))


def _paper(export: ExportRequest, headings: list[str], lines: list[ResultLine], by: User) -> bytes:
    number = number_of(export.link)
    rows = [
        _marked([*(shown.text for shown in line.cells), str(line.confirmed_on or "")], number, row)
        for row, line in enumerate(lines[:LONGEST_ON_PAPER], start=1)
    ]
    counted = f"{len(lines)} {DICTIONARY.subject(export.subject).counter}"
    beside = queries.said_beside(queries.read_json(export.condition), len(lines))
    return large_print(
        title="　".join(filter(None, (export.words, _left_out(export)))),
        note=" · ".join(filter(None, (counted, export.condition_text, beside))),
        footer=f"{by.name} · {export.get_purpose_display()} · {export.link}",
        author=by.name,
        columns=headings,
        rows=rows,
    )


def _marked(texts: list[str], number: int, row: int) -> list[str]:
    """Put the mark behind the last text of a row, as in a workbook: copied rows carry it too."""
    last = max((place for place, text in enumerate(texts) if text), default=None)
    if last is not None:
        texts[last] += mark(number, row)
    return texts
