"""Whom one of several lists of a form is about: those of the whole form, or fewer of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.answers.cells import Knowledge, RowKnown, at_place_level
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.reading.blank_form import FormTable
from linli.capabilities.form_filling.reading.form import Form, TableLayout
from linli.capabilities.form_filling.reading.subject_guess import PAPER, TELLING
from linli.capabilities.form_filling.terms import ColumnUse
from linli.core.errors import Refused
from linli.core.fields import Compare, Condition, Kind, Node, Op, all_of
from linli.workbench.conditions import queries
from linli.workbench.conditions.own_fields import dictionary

Before = Sequence[tuple[TableLayout, FormTable | None]]
# A sheet that nobody named says nothing.
NAMELESS = re.compile(r"^(sheet|工作表|表)?\s*\d*$", re.IGNORECASE)
OF_ONES_OWN = {"", "本人", "居民", "户主", "人员", "村民"}


class _NotUnderstood(Exception):
    """A list says whom it is about in words nobody understands."""


def own_rows(
    form_instance: FormInstance,
    knowledge: Knowledge,
    table: TableLayout,
    grid: FormTable | None,
    before: Before,
) -> tuple[list[RowKnown], list[str]]:
    """Return the rows of a list and what to say of them; the form's first list has all of them."""
    if not before or grid is None or form_instance.subject not in _subjects():
        return list(knowledge.rows), []
    titles = list(_titles(grid, table, knowledge.form))
    name = titles[0] if titles else _("第%(n)d张表") % {"n": len(before) + 1}
    first, first_grid = before[0]
    same = set(_titles(first_grid, first, knowledge.form) if first_grid else ())
    words = {"list": name}
    try:
        wanted = [
            one for title in titles if title not in same for one in _said_by(title, form_instance)
        ]
        wanted += _asked_by(form_instance, table, first)
        if not wanted:
            # The same headings without a word of its own: a second copy of the list, not other
            # people.
            if any(
                _texts(knowledge.form, one) == _texts(knowledge.form, table)
                for one, _grid in before
            ):
                return [], [_("“%(list)s”和前面的一样，没有再填一遍") % words]
            return list(knowledge.rows), []
        condition = Condition(
            form_instance.subject,
            all_of(at_place_level(form_instance.subject, form_instance.place), *wanted),
        )
        ids = set(queries.ids(condition))
        words["condition"] = queries.condition_text(
            Condition(form_instance.subject, all_of(*wanted))
        )
    except _NotUnderstood:
        return [], [_("“%(list)s”没有填：没有看懂要哪些人，请单独填") % words]
    except Refused:
        return [], [_("“%(list)s”没有填：您的岗位不能按这个条件查") % words]
    rows = [row for row in knowledge.rows if row.id in ids]
    counted = words | {"n": str(len(rows))}
    return rows, [_("“%(list)s”只填了其中的：%(condition)s，%(n)s行") % counted]


def _subjects() -> set[str]:
    return {subject.key for subject in dictionary().subjects}


def _titles(grid: FormTable, table: TableLayout, form: Form) -> Iterator[str]:
    """Yield what stands alone right above a list's headings, and the name of its sheet."""
    top = min(
        form.headings[heading].at.row - len(form.headings[heading].above)
        for _column, heading in table.columns
    )
    for number in (top - 1, top - 2):
        texts = [form_cell.text for form_cell in grid.row(number) if form_cell.text]
        if len(texts) > 1:
            break
        if texts and not texts[0].rstrip("_ ").endswith(("：", ":")):
            yield texts[0]
            break
    if not NAMELESS.match(grid.name):
        yield grid.name


def _said_by(title: str, form_instance: FormInstance) -> list[Node]:
    words = PAPER.sub("", title).strip()
    if not words or words == PAPER.sub("", form_instance.title).strip():
        return []
    question = queries.ask(words)
    nodes = [
        chip.where for chip in question.chips if not _is_place(form_instance.subject, chip.where)
    ]
    doubtful = question.unknown or any(chip.note for chip in question.chips)
    # Half understood would list the wrong people without a word; nobody is better.
    if doubtful or not question.chips or question.condition.subject != form_instance.subject:
        raise _NotUnderstood
    return nodes


def _is_place(subject: str, where: Node) -> bool:
    if not isinstance(where, Compare):
        return False
    return dictionary().field(subject, where.field).kind is Kind.PLACE


def _asked_by(form_instance: FormInstance, table: TableLayout, first: TableLayout) -> list[Node]:
    """Return what a list's own headings say of its people: 残疾类别, 党员姓名."""
    known = {
        key for _c, heading in first.columns for key in form_instance.headings[heading]["fields"]
    }
    nodes: list[Node] = []
    for _column, heading in table.side(0):
        meant = form_instance.headings[heading]
        if meant["use"] != ColumnUse.FIELD:
            continue
        nodes += [
            Compare(key, Op.KNOWN) for key in meant["fields"] if key in TELLING and key not in known
        ]
        whose = re.sub(r"\s|姓名|名字|名单", "", meant["text"])
        if meant["fields"] == ["name"] and whose not in OF_ONES_OWN:
            nodes += _said_by(whose, form_instance)
    return nodes


def _texts(form: Form, table: TableLayout) -> list[str]:
    return [re.sub(r"\s", "", form.headings[heading].text) for _column, heading in table.columns]
