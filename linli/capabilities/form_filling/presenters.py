"""How forms are laid out on pages: lines, tiles, headings to choose, a preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.answers.cells import (
    COVERED,
    KNOWN,
    MISSING,
    Knowledge,
    KnownCell,
    share,
    whose,
)
from linli.capabilities.form_filling.answers.left_open import LeftOpen
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.queries import QuestionProgress, asked_of_all
from linli.capabilities.form_filling.reading.form_json import from_json, intact
from linli.capabilities.form_filling.terms import ColumnUse, FormState
from linli.core.errors import Refused
from linli.core.fields import PERSON, AllOf, Condition, Node, all_of
from linli.core.interface.view_models import Cell, Column
from linli.core.time import today
from linli.workbench.conditions import queries
from linli.workbench.conditions.own_fields import dictionary

PREVIEW_ROWS = 5
SURE = 0.9
JOIN = "+"
NOBODY = "other"


@dataclass(frozen=True)
class Option:
    """One choice of a list."""

    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True)
class HeadingView:
    """A heading with what it may stand for, the likeliest chosen."""

    number: int
    text: str
    options: list[Option]
    note: str
    is_sure: bool


@dataclass(frozen=True)
class LineView:
    """A form in a list."""

    form_instance: FormInstance
    note: str
    value: str
    tone: str


def lines(form_instances: Sequence[FormInstance]) -> list[LineView]:
    """Return forms as lines, with how far their questions are."""
    progress_of = asked_of_all(list(form_instances))
    return [
        _line(form_instance, progress_of.get(form_instance.pk)) for form_instance in form_instances
    ]


def _line(form_instance: FormInstance, asked: QuestionProgress | None) -> LineView:
    parts = [form_instance.place.name, form_instance.asked_by]
    if form_instance.due_on:
        parts.append(_("%(day)s前交") % {"day": form_instance.due_on})
    if asked and asked.total:
        parts.append(
            _("问了%(total)d项，回来%(n)d项")
            % {"total": asked.total, "n": asked.answered + asked.cannot}
        )
    if form_instance.sent_back_words:
        parts.append(_("退回原因：%(why)s") % {"why": form_instance.sent_back_words})
    is_open = form_instance.state in (FormState.READ, FormState.OPEN, FormState.SENT_BACK)
    late = bool(is_open and form_instance.due_on and form_instance.due_on < today())
    tone = "bad" if late else "warn" if form_instance.state == FormState.SENT_BACK else ""
    value = _("已过期") if late else form_instance.get_state_display()
    return LineView(form_instance, " · ".join(filter(None, parts)), value, tone)


def about(form_instance: FormInstance) -> str:
    """Say of which place, for whom and on what basis a form is."""
    parts = [form_instance.place.name]
    if form_instance.asked_by:
        parts.append(_("交%(who)s") % {"who": form_instance.asked_by})
    if form_instance.basis:
        parts.append(_("依据：%(basis)s") % {"basis": form_instance.basis})
    if form_instance.due_on:
        parts.append(_("%(day)s前交") % {"day": form_instance.due_on})
    parts.append(queries.left_out_of(form_instance.condition))
    return " · ".join(filter(None, parts))


def tiles(
    knowledge: Knowledge, asked: QuestionProgress, left: LeftOpen
) -> list[tuple[str, str, str]]:
    """Return the figures above a form: rows, known, missing, not understood, asked."""
    counts = knowledge.counts
    missing = counts[MISSING]
    figures = [
        (str(counts["rows"]), _("行"), ""),
        (f"{share(counts)}%", _("已知"), "good" if share(counts) >= 80 else ""),
    ]
    # That nothing is missing would not be true of what was not understood.
    if missing or not left.not_understood:
        figures.append((_("缺%(n)s格") % {"n": missing}, _("要补的"), "warn" if missing else ""))
    if left.not_understood:
        figures.append((str(len(left.not_understood)), _("个栏目没看懂"), "warn"))
    if asked.total:
        figures.append((str(asked.open), _("项在问"), ""))
    return figures


@dataclass(frozen=True)
class ColumnView:
    """One heading with how much of it is known."""

    number: int
    text: str
    stands_for: str
    missing: int
    known: int
    can_ask: bool
    tick: bool


def columns(form_instance: FormInstance, knowledge: Knowledge) -> list[ColumnView]:
    """Return every heading with how many of its cells are known and can be asked for."""
    views = []
    for number, heading in enumerate(form_instance.headings):
        cells = [row.cells[number] for row in knowledge.rows]
        missing = [cell for cell in cells if cell.state == MISSING]
        known = sum(cell.state == KNOWN for cell in cells)
        can_ask = form_instance.subject == PERSON and any(cell.lacking for cell in missing)
        views.append(
            ColumnView(
                number,
                heading["text"],
                stands_for(form_instance.subject, heading),
                len(missing),
                known,
                can_ask,
                # Mostly known ones are ticked beforehand: an empty choice is "missing" where it
                # does not apply.
                can_ask and len(missing) <= known,
            )
        )
    return views


def stands_for(subject: str, heading: Mapping[str, Any]) -> str:
    """Say in words what a heading stands for."""
    if heading["use"] != ColumnUse.FIELD:
        return str(ColumnUse(heading["use"]).label)
    labels = {one.key: _(one.label) for one in _offered(subject)}
    return "＋".join(labels.get(key, key) for key in heading["fields"])


def _offered(subject: str) -> list[Any]:
    try:
        return queries.fields_offered(subject)
    except Refused:
        return []


def previewed(form_instance: FormInstance, knowledge: Knowledge) -> list[int]:
    """Return whose values the first rows show."""
    return whose(form_instance, (row.id for row in knowledge.rows[:PREVIEW_ROWS]))


def preview(form_instance: FormInstance, knowledge: Knowledge) -> dict[str, Any]:
    """Return the first rows as a table."""
    by_pen = (ColumnUse.LEFT, ColumnUse.AUTO)
    filled = [
        number for number, one in enumerate(form_instance.headings) if one["use"] not in by_pen
    ]
    heads = [Column(form_instance.headings[number]["text"]) for number in filled]
    rows = [
        [_shown(row.cells[number]) for number in filled] for row in knowledge.rows[:PREVIEW_ROWS]
    ]
    more = max(len(knowledge.rows) - PREVIEW_ROWS, 0)
    return {"columns": heads, "rows": rows, "more": more}


def _shown(cell: KnownCell) -> Any:
    if cell.state == MISSING:
        return Cell(cell.text or _("缺"), tone="warn")
    if cell.state == COVERED:
        return Cell(_("不显示"))
    return cell.text


def subjects(form_instance: FormInstance) -> list[Option]:
    """Return what a row of a form may be."""
    options = [
        Option(subject.key, subject.label, subject.key == form_instance.subject)
        for subject in dictionary().subjects
    ]
    is_none = not any(one.selected for one in options)
    return [*options, Option(NOBODY, _("别的（只能手填）"), is_none)]


def headings(form_instance: FormInstance) -> list[HeadingView]:
    """Return each heading with what it may stand for."""
    read = from_json(form_instance.form).headings
    fields = _offered(form_instance.subject)
    views = []
    for number, heading in enumerate(intact(form_instance.headings)):
        sure = bool(form_instance.form_template_id) or read[number].confidence >= SURE
        runner_up = read[number].runner_up
        label = next((_(each.label) for each in fields if each.key == runner_up), "")
        note = _("也可能是“%(label)s”") % {"label": label} if label else ""
        block = read[number].block
        if block:
            note = _("这是“%(block)s”一栏的，不是本人的，空着手填") % {"block": block}
        if read[number].hidden:
            note = _("这一列在表里是隐藏的，先不填；要填请选一项")
        views.append(
            HeadingView(
                number,
                f"{block}：{heading['text']}" if block else heading["text"],
                _options(heading, fields),
                note,
                sure and bool(heading["fields"]),
            )
        )
    return views


def _options(heading: Mapping[str, Any], fields: list[Any]) -> list[Option]:
    chosen = JOIN.join(heading["fields"]) if heading["use"] == ColumnUse.FIELD else heading["use"]
    by_itself = [ColumnUse.LEFT, ColumnUse.ONE_OFF, ColumnUse.AUTO]
    if heading["use"] in (ColumnUse.COUNT, ColumnUse.PLACE):
        by_itself.insert(0, ColumnUse(heading["use"]))
    fixed = [Option(one.value, str(one.label), chosen == one) for one in by_itself]
    known = [Option(field.key, field.label, field.key == chosen) for field in fields]
    if JOIN in chosen:
        labels = {field.key: _(field.label) for field in fields}
        both = "＋".join(labels.get(key, key) for key in heading["fields"])
        known.insert(0, Option(chosen, both, True))
    return [*fixed, *known]


def chosen(form_instance: FormInstance) -> dict[str, Any]:
    """Return what the page of a form begins with besides who asks for it."""
    about = next(one.value for one in subjects(form_instance) if one.selected)
    said = {
        f"h{one.number}": next(
            (each.value for each in one.options if each.selected), one.options[0].value
        )
        for one in headings(form_instance)
    }
    return {"subject": about, "keep": chips(form_instance), **said}


def headings_said(
    form_instance: FormInstance, subject: str, said: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return what the page says each heading stands for."""
    meant = []
    known = {heading.key for heading in _offered(subject)}
    for number, heading in enumerate(form_instance.headings):
        value = said.get(f"h{number}", "")
        # Their condition stands in the form and not on the page: it is kept as it was.
        if value == heading["use"] and value in (ColumnUse.COUNT, ColumnUse.PLACE):
            meant.append(heading)
            continue
        if value in (ColumnUse.LEFT, ColumnUse.ONE_OFF, ColumnUse.AUTO):
            meant.append({"text": heading["text"], "use": value, "fields": []})
            continue
        keys = [key for key in value.split(JOIN) if key in known]
        use = ColumnUse.FIELD if keys else ColumnUse.LEFT
        meant.append({"text": heading["text"], "use": use.value, "fields": keys})
    return meant


def chips(form_instance: FormInstance) -> list[str]:
    """Return the parts of the condition in words, each of which may be taken away."""
    if not form_instance.condition:
        return []
    try:
        condition = queries.read_json(form_instance.condition)
        parts = [Condition(condition.subject, part) for part in _parts(condition)]
        if condition.unread:
            parts.append(Condition(condition.subject, unread=condition.unread))
        return [queries.condition_text(part) for part in parts]
    except Refused:
        return []


def _parts(condition: Condition) -> tuple[Node, ...]:
    if isinstance(condition.where, AllOf):
        return condition.where.parts
    return (condition.where,)


def condition_said(
    subject: str, keep: Sequence[str], more: str, *, only_understood: bool = False
) -> dict[str, Any] | None:
    """Return the condition of the chips that stay and of what was typed besides."""
    if subject == NOBODY:
        return None
    said = [queries.read_text(subject, text) for text in keep]
    if more.strip():
        said.append(
            queries.understood(subject, more, only_understood=only_understood, field="more")
        )
    if not said:
        return None
    where = all_of(*(one.where for one in said))
    unread = tuple(word for one in said for word in one.unread)
    return queries.condition_json(queries.check(Condition(subject, where, unread)))
