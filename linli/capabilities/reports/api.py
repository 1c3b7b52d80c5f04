"""Saved reports for programs: the list, and one answered under the asker's own scope."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from linli.capabilities.reports.models import SavedReport
from linli.capabilities.reports.queries import saved_report, saved_reports
from linli.core.errors import NotFound
from linli.core.interface.api_schemas import Paging, answers
from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.workbench.conditions import queries
from linli.workbench.conditions.schemas import NotRecordedOut, QuestionOut, RowsOut

router = Router()


class ReportOut(Schema):
    """A saved question."""

    link: str
    name: str
    subject: str
    shared: bool
    saved_by: str
    saved_at: datetime


class ReportsOut(Schema):
    """One page of saved questions."""

    total: int
    offset: int
    reports: list[ReportOut]


class OneReportOut(ReportOut):
    """A saved question, and one page of its answer today."""

    question: QuestionOut
    answer: RowsOut
    beside: NotRecordedOut | None = None


@router.get("", response=answers(ReportsOut), url_name="reports")
def reports(request: HttpRequest, asked: Query[Paging]) -> ReportsOut:
    """List one's own saved questions and those shared in this scope."""
    saved = saved_reports(_who_asks())
    page = saved[asked.offset : asked.offset + asked.limit]
    return ReportsOut(total=saved.count(), offset=asked.offset, reports=[_out(one) for one in page])


@router.get("/{link}", response=answers(OneReportOut), url_name="report")
def report(
    request: HttpRequest, link: Annotated[str, Path(max_length=16)], asked: Query[Paging]
) -> OneReportOut:
    """Answer a saved question; out of scope or not shared looks like missing."""
    saved = saved_report(link, _who_asks())
    condition = queries.read_json(saved.condition)
    rows = queries.rows(
        condition, columns=saved.columns, sort=saved.sort, limit=asked.limit, offset=asked.offset
    )
    return OneReportOut(
        **_out(saved).dict(),
        question=QuestionOut.of_condition(condition),
        answer=RowsOut.of(rows),
        beside=NotRecordedOut.of(condition, rows.total),
    )


def _who_asks() -> User:
    user = User.objects.filter(pk=current_scope().user_id or 0).first()
    if user is None:
        raise NotFound()
    return user


def _out(report: SavedReport) -> ReportOut:
    return ReportOut(
        link=report.link,
        name=report.name,
        subject=report.subject,
        shared=report.shared,
        saved_by=str(report.by),
        saved_at=report.saved_at,
    )
