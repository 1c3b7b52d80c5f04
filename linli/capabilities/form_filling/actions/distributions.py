"""A form is given out to communities, after its price was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.actions.notify_fillers import ask_to_fill
from linli.capabilities.form_filling.catalogue.burden import price_of
from linli.capabilities.form_filling.models import Issue, Sheet
from linli.capabilities.form_filling.terms import SheetState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.places.models import Place
from linli.register.posts.models import User


def may_issue(*, sheet: Sheet, by: User | None) -> bool:
    """The subdistrict alone gives forms out."""
    return current_scope().role in rules.MAY_ISSUE


@action("form.issue", term=gettext_noop("下发表格"), may=may_issue, journal="form.issued")
def issue_form(
    *, sheet: Sheet, places: Sequence[Place], asked_by: str, basis: str, due_on: date,
    by: User, again: bool = False,
) -> Issue:  # fmt: skip
    """Give a confirmed form out to some places, each of which hears of it; twice only when meant.

    A place for which enough is known is answered by itself and hears nothing.
    """
    _check(sheet, places, asked_by, basis, due_on)
    price = price_of(sheet, list(places))
    if price.alike and not again:
        names = "、".join(dict.fromkeys(one.words for one in price.alike))
        raise Refused(
            "form.duplicate", _("和已有的表差不多：%(names)s") % {"names": names}, "again",
            _("请先看已有的表能不能用；确要下发就勾选"),
        )  # fmt: skip
    issue = Issue(
        title=sheet.title, asked_by=asked_by.strip()[:80], basis=basis.strip()[:200],
        due_on=due_on, by=by, scope_path=sheet.scope_path,
        price={"rows": price.rows, "known": price.known, "missing": price.missing,
               "percent": price.percent, "minutes": price.minutes, "by_hand": price.pen,
               "answered": price.answered},
    )  # fmt: skip
    issue.save()
    for part in price.parts:
        given = _give(sheet, part.place, issue, by, answers_itself=part.is_answered)
        if not part.is_answered:
            ask_to_fill(given, by)
    told = {**issue.price, "places": [place.name for place in places]}
    write_journal("form.issued", about=issue, text=issue.title, data=told, by=by)
    return issue


def _check(sheet: Sheet, places: Sequence[Place], asked_by: str, basis: str, due_on: date) -> None:
    if sheet.state != SheetState.OPEN:
        raise Refused("form.not_confirmed", _("请先确认栏目"))
    if not places:
        raise Refused("form.no_places", _("请选下发给哪些社区"), "places")
    if not asked_by.strip():
        raise Refused("form.asked_by", _("请写哪个单位要这张表"), "asked_by")
    if len(basis.strip()) < rules.SHORTEST_WORDS:
        raise Refused("form.basis", _("请写依据，至少4个字"), "basis", _("例如：文件名称和条款"))
    if due_on < today():
        raise Refused("form.past", _("期限已经过了"), "due_on")


def _give(
    sheet: Sheet, place: Place, issue: Issue, by: User, *, answers_itself: bool
) -> Sheet:
    given = Sheet(
        place=place, scope_path=place.path, issue=issue, pattern=sheet.pattern, by=by,
        title=sheet.title, file_name=sheet.file_name, file=bytes(sheet.file), form=sheet.form,
        subject=sheet.subject, condition=sheet.condition, headings=sheet.headings,
        asked_by=issue.asked_by, basis=issue.basis, due_on=issue.due_on, state=SheetState.OPEN,
        answers_itself=answers_itself,
    )  # fmt: skip
    given.save()
    return given
