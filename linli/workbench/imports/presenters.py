"""Rows of an import in words, covered as the register covers them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from linli.core.fields import DWELLING, PERSON, Field, Kind
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import Cell, Column, Tab
from linli.core.personal_data.masking import STAR
from linli.core.time import day_from, day_words
from linli.register.people.terms import FactSource
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.own_fields import dictionary, read_once
from linli.workbench.imports.encrypted_rows import opened_or_none
from linli.workbench.imports.models import Batch, ImportRow
from linli.workbench.imports.terms import ImportState, ImportSubject, RowFate
from linli.workbench.read_budget.actions import note_read

TONES = {
    RowFate.NEW: "good",
    RowFate.CHANGED: "warn",
    RowFate.REFUSED: "bad",
    RowFate.UNCHANGED: "",
}


@dataclass(frozen=True)
class Count:
    """One figure of an import."""

    label: str
    value: int
    tone: str = ""


def counts(batch: Batch) -> list[Count]:
    """Return how many rows have each fate."""
    return [
        Count(str(RowFate(fate).label), batch.count(fate), TONES[RowFate(fate)])
        for fate in (RowFate.NEW, RowFate.CHANGED, RowFate.UNCHANGED, RowFate.REFUSED)
    ]


def to_apply(batch: Batch) -> int:
    """Return how many rows importing would do something about."""
    return batch.count(RowFate.NEW) + batch.count(RowFate.CHANGED) + batch.count("gone")


def ask(batch: Batch) -> str:
    """Return what somebody may say once so that more comes in."""
    asked = []
    if batch.count("words"):
        asked.append(_("有%(n)s个词不认识") % {"n": batch.count("words")})
    if batch.count("missing"):
        asked.append(_("有%(n)s处楼栋或户室底册里没有") % {"n": batch.count("missing")})
    return "，".join(asked)


def tabs(batch: Batch, current: str) -> list[Tab]:
    """Return the filters over the rows."""
    shown = [Tab(_("全部"), "?", current == "", sum(batch.count(fate) for fate in RowFate.values))]
    for fate in (RowFate.NEW, RowFate.CHANGED, RowFate.UNCHANGED, RowFate.REFUSED):
        if batch.count(fate):
            shown.append(Tab(fate.label, f"?fate={fate.value}", current == fate, batch.count(fate)))
    if batch.count("doubts"):
        shown.append(Tab(_("有提醒"), "?fate=doubts", current == "doubts", batch.count("doubts")))
    return shown


def columns(batch: Batch) -> list[Column]:
    """Return the headings of the preview."""
    who = _("姓名") if batch.subject == ImportSubject.PERSON else _("户室")
    return [Column(_("行"), "number"), Column(who), Column(_("结果")), Column(_("内容"))]


def lines(batch: Batch, rows: Iterable[ImportRow], role: str) -> list[list[object]]:
    """Return the rows of the preview; whom of the register they name is noted."""
    rows = list(rows)
    if batch.subject == ImportSubject.PERSON:
        note_read(import_row.subject_id for import_row in rows if import_row.subject_id)
    with read_once():
        return [_line(batch, row, opened_or_none(row.told), role) for row in rows]


def _line(batch: Batch, row: ImportRow, told: dict[str, Any] | None, role: str) -> list[object]:
    # One row that cannot be opened must not hide the others.
    if told is None:
        return [row.number, Cell(_("〔打不开〕")), Cell(RowFate(row.fate).label), Cell("—")]
    is_person = batch.subject == ImportSubject.PERSON
    href = record_address("people.person", row.subject_id) if is_person and row.subject_id else ""
    name = covered(batch.subject, "name", told["name"], role) if is_person else told["place"]
    fate = RowFate(row.fate)
    return [
        row.number,
        Cell(name or "—", href=href, note=told["place"] if is_person else ""),
        Cell(fate.label, tone=TONES[fate]),
        Cell(_content(batch, fate, told, role), note="；".join(map(doubt_words, told["doubts"]))),
    ]


def _content(batch: Batch, fate: str, told: dict[str, Any], role: str) -> str:
    if fate == RowFate.REFUSED:
        return "；".join(problem_words(one) for one in told["problems"])
    if fate == RowFate.NEW:
        return "，".join(
            f"{label_of(batch.subject, key)} {covered(batch.subject, key, value, role)}"
            for key, value in {**told["facts"], **told.get("own", {})}.items()
            if key != "name"
        )
    return "；".join(change_words(batch.subject, one, role) for one in told["changes"])


def problem_words(problem: dict[str, str]) -> str:
    """Say one problem in a line: C5 出生日期：…。…"""
    where = f"{problem['cell']} {problem['label']}".strip()
    sentence = "。".join(filter(None, (problem["sentence"], problem["hint"])))
    return f"{where}：{sentence}" if where else sentence


def doubt_words(doubt: dict[str, str] | str) -> str:
    """Say one doubt in a line; rows kept by an earlier version have it in words already."""
    return doubt if isinstance(doubt, str) else problem_words(doubt)


def change_words(subject: str, change: dict[str, Any], role: str) -> str:
    """Say one change: what was known, from where and when, and what comes."""
    key = change["field"]
    old = covered(subject, key, change["old"], role) or _("空")
    new = covered(subject, key, change["new"], role) or _("空")
    sources = dict(FactSource.choices)
    source = " ".join(
        filter(None, (str(sources.get(change["source"], change["source"]) or ""), change["on"]))
    )
    known = f"{old}（{source}）" if source and old != _("空") else old
    if change["kept"]:
        words = {"label": label_of(subject, key), "known": known, "new": new}
        return _("%(label)s：保留%(known)s，较新；表中是%(new)s") % words
    return f"{label_of(subject, key)}：{known} → {new}"


def _field(subject: str, key: str) -> Field | None:
    of = PERSON if subject == ImportSubject.PERSON else DWELLING
    words = dictionary()
    return words.field(of, key) if words.has(of, key) else None


def label_of(subject: str, key: str) -> str:
    """Return what a fact is called."""
    field = _field(subject, key)
    return field.label if field else key


def covered(subject: str, key: str, value: Any, role: str) -> str:
    """Return a value in words, as much of it as the role may see."""
    if value in (None, ""):
        return ""
    field = _field(subject, key)
    if field is None:
        return str(value)
    allowed = access_to(field, role)
    if allowed == Access.HIDDEN:
        return STAR * 3
    text = _in_words(field, value)
    if allowed == Access.OPEN:
        return text
    return field.mask(text) if field.mask else STAR * 3


def _in_words(field: Field, value: Any) -> str:
    if field.kind is Kind.FLAG:
        return _("是") if value else _("否")
    if field.kind is Kind.CHOICE:
        choice = field.choice(value)
        return choice.label if choice else str(value)
    if field.kind is Kind.NUMBER:
        return f"{Decimal(str(value)).normalize():f}{field.unit}"
    if field.kind is Kind.DATE:
        return day_words(day_from(value) if isinstance(value, str) else value)
    return str(value)


def notes(batch: Batch, told: dict[str, Any] | None = None) -> list[str]:
    """Return what the result page says beside the figures."""
    remarks = []
    if batch.state == ImportState.UNDONE and batch.left:
        rows = "、".join(map(str, batch.left[:50]))
        remarks.append(_("第%(rows)s行在导入后又有修改，保留现状，没有撤销") % {"rows": rows})
    if batch.state == ImportState.APPLIED and batch.count("awaiting_head"):
        remarks.append(
            _("%(n)s户的户主没有导入：独居、空巢先不判断；更正户主那一行再导入，会归到同一户")
            % {"n": batch.count("awaiting_head")}
        )
    if batch.error_text and batch.state in (ImportState.READ, ImportState.PREVIEWED):
        remarks.append(batch.error_text)
    return remarks
