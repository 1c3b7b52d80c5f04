"""Rows and differences in words, covered as the register covers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.capabilities.record_linkage import queries
from linli.capabilities.record_linkage.actions.apply import PAGE
from linli.capabilities.record_linkage.actions.decide import NEWER
from linli.capabilities.record_linkage.differences import HOME, json_value
from linli.capabilities.record_linkage.models import Difference, LinkageRun, LinkedRow
from linli.capabilities.record_linkage.terms import (
    Bucket,
    DifferenceChoice,
    LinkageState,
    RowAnswer,
)
from linli.core.interface.registry import record_address
from linli.core.interface.view_models import Cell, Column, Tab
from linli.core.scope import current_scope
from linli.register.people.birth import fact_of
from linli.register.people.bulk import undo_outlook
from linli.register.people.models import Person
from linli.register.people.terms import FactSource, PersonStatus
from linli.workbench.conditions.own_fields import read_once
from linli.workbench.imports.encrypted_rows import opened_or_none
from linli.workbench.imports.list_traces import later_lists
from linli.workbench.imports.presenters import covered, label_of
from linli.workbench.imports.terms import ImportSubject
from linli.workbench.imports.undo_presenters import (
    lists_in_the_way,
    page_context,
    people_in_the_way,
)

PERSON = ImportSubject.PERSON
TONES = {
    Bucket.SURE: "good",
    Bucket.DECIDE: "warn",
    Bucket.NEW: "",
    Bucket.UNUSABLE: "bad",
    Bucket.ELSEWHERE: "",
}
BESIDE = ("name", "sex", "birth_date", "identity_number", "phone")
REASONS = {
    ("number", "same"): gettext_lazy("证件号码相同"),
    ("number", "near"): gettext_lazy("证件号码只差一位或两位颠倒"),
    ("number", "part"): gettext_lazy("号码露出的部分相符"),
    ("number", "front"): gettext_lazy("号码能看清的前几位相符"),
    ("number", "far"): gettext_lazy("证件号码校验不符，且不止差一位"),
    ("number", "other"): gettext_lazy("证件号码不同"),
    ("name", "same"): gettext_lazy("姓名相同"),
    ("name", "sound"): gettext_lazy("姓名同音"),
    ("name", "one"): gettext_lazy("姓名差一个字"),
    ("name", "short"): gettext_lazy("姓名少一个字"),
    ("name", "lost"): gettext_lazy("姓名看得清的字相同"),
    ("name", "covered"): gettext_lazy("姓名只看得清一个字，相同"),
    ("name", "dialect"): gettext_lazy("姓在方言里同音，名相同"),
    ("name", "surname"): gettext_lazy("只有姓相同"),
    ("name", "other"): gettext_lazy("姓名不同"),
    ("birth", "same"): gettext_lazy("生日相同"),
    ("birth", "month"): gettext_lazy("出生年月相同"),
    ("birth", "year"): gettext_lazy("出生年相同"),
    ("birth", "swapped"): gettext_lazy("生日月日颠倒"),
    ("birth", "digit"): gettext_lazy("生日差一位"),
    ("birth", "lunar"): gettext_lazy("生日相近，可能是农历"),
    ("birth", "other"): gettext_lazy("生日不同"),
    ("phone", "same"): gettext_lazy("电话相同"),
    ("phone", "near"): gettext_lazy("电话只差一位或两位颠倒"),
    ("phone", "tail"): gettext_lazy("电话后四位相同"),
    ("phone", "other"): gettext_lazy("电话不同"),
    ("place", "door"): gettext_lazy("同一户室"),
    ("place", "building"): gettext_lazy("同一幢楼"),
    ("place", "estate"): gettext_lazy("同一小区"),
    ("place", "other"): gettext_lazy("住址不同"),
    ("sex", "other"): gettext_lazy("性别不同"),
}


def value_in_words(key: str, value: Any, role: str) -> str:
    """Return a value in words, as much of it as the role may see."""
    return covered(PERSON, key, value, role)


def name_of(key: str) -> str:
    """Return what a fact is called."""
    return label_of(PERSON, key)


def reasons(levels: Mapping[str, str]) -> list[str]:
    """Say what agrees and what does not."""
    said = [str(REASONS[level]) for level in levels.items() if level in REASONS]
    if said and set(levels) <= {"number", "sex"} and levels.get("number") == "same":
        said.append(_("除号码外没有可对照的"))
    return said


def tiles(linkage_run: LinkageRun) -> list[tuple[int, str, str, str]]:
    """Return value, label, tone and address of each bucket that holds something."""
    shown = [
        bucket
        for bucket in Bucket
        if linkage_run.count(bucket) or bucket in (Bucket.SURE, Bucket.NEW)
    ]
    return [
        (linkage_run.count(each), str(each.label), TONES[each], f"?heap={each.value}")
        for each in shown
    ]


def tabs(linkage_run: LinkageRun, current: str) -> list[Tab]:
    """Return the views over the rows."""
    return [
        Tab(bucket.label, f"?heap={bucket.value}", current == bucket, linkage_run.count(bucket))
        for bucket in Bucket
        if linkage_run.count(bucket)
    ]


def columns() -> list[Column]:
    """Return the headings of the table of rows."""
    return [
        Column(_("行"), "number"),
        Column(_("姓名")),
        Column(_("怎么认的")),
        Column(_("不同之处")),
    ]


def lines(linkage_run: LinkageRun, rows: Sequence[LinkedRow], role: str) -> list[list[object]]:
    """Return the rows of one bucket."""
    with read_once():
        differ = queries.differences_of(rows)
        return [_line(linkage_run, row, differ.get(row.pk, []), role) for row in rows]


def _line(
    linkage_run: LinkageRun, row: LinkedRow, differ: Sequence[Difference], role: str
) -> list[object]:
    # One row that cannot be opened must not take the page of all the others with it.
    told = opened_or_none(row.told)
    if told is None:
        return [row.number, Cell(_("〔打不开〕")), Cell("—"), Cell("—")]
    href = ""
    if row.bucket in (Bucket.SURE, Bucket.DECIDE, Bucket.NEW):
        href = reverse("record_linkage:row", args=[linkage_run.link, row.number])
    name = value_in_words("name", told["name"], role) or "—"
    how = told["why"] or "、".join(reasons(told["rivals"][0]["levels"]) if told["rivals"] else [])
    if row.bucket == Bucket.NEW and not row.can_add:
        how = _("住址或姓名不全，不能新增")
    answer = RowAnswer(row.answer).label if row.answer else ""
    content = "；".join(
        f"{name_of(difference.field)}：{_became(difference)}" for difference in differ
    )
    return [
        row.number,
        Cell(name, href=href, note=told["place"]),
        Cell(answer or how or "—", note=how if answer else ""),
        Cell(content or (_("没有不同") if row.subject_id else "—"), note="；".join(told["doubts"])),
    ]


def _became(difference: Difference) -> str:
    return difference.get_outcome_display() or difference.get_choice_display()


@dataclass(frozen=True)
class Bulk:
    """All differences of one fact: how many, and how they are chosen."""

    field: str
    label: str
    note: str
    value: str
    choices: tuple[tuple[str, str], ...]


def bulks(linkage_run: LinkageRun) -> list[Bulk]:
    """Return what can be chosen for a whole column."""
    bulk_choices = []
    for counted in queries.by_column(linkage_run):
        note = _("%(of)s处不同，其中底册空着%(gaps)s，底册较新%(older)s") % counted
        value = _("用名单%(theirs)s · 留底册%(ours)s · 以后%(later)s") % counted
        field = str(counted["field"])
        bulk_choices.append(Bulk(field, name_of(field), note, value, _bulk_choices()))
    return bulk_choices


def _bulk_choices() -> tuple[tuple[str, str], ...]:
    return ((NEWER, str(_("谁新用谁"))), *((one.value, str(one.label)) for one in DifferenceChoice))


@dataclass(frozen=True)
class CandidateView:
    """A candidate beside the row: who, why, and whether it can be chosen."""

    key: int
    title: str
    reasons: str
    href: str
    is_gone: str
    is_chosen: bool


@dataclass(frozen=True)
class SideBySide:
    """The row and its candidates, fact by fact."""

    columns: list[Column]
    rows: list[list[object]]
    sides: list[CandidateView]


def side_by_side(row: LinkedRow, told: dict[str, Any], role: str) -> SideBySide:
    """Lay a row beside everybody it may be about."""
    rivals = told["rivals"]
    people = Person.objects.select_related("home").in_bulk([rival["key"] for rival in rivals])
    here = [(rival, people[rival["key"]]) for rival in rivals if rival["key"] in people]
    heads = [Column(_("事项")), Column(_("名单"))]
    heads += [Column(_candidate(number, len(here))) for number in range(1, len(here) + 1)]
    # A name that is not whole is no fact for the register, and is shown all the same.
    facts = {"name": told["name"], **told["facts"]}
    shown = [key for key in BESIDE if facts.get(key) or any(getattr(p, key) for _one, p in here)]
    with read_once():
        rows: list[list[object]] = [
            [
                name_of(key),
                value_in_words(key, facts.get(key), role) or "—",
                *(_theirs(key, facts.get(key), person, role) for _one, person in here),
            ]
            for key in shown
        ]
        rows.append(
            [
                _("住址"),
                told["place"] or "—",
                *(
                    value_in_words(HOME, p.home.address if p.home else "—", role)
                    for _one, p in here
                ),
            ]
        )
        rows.append([_("来源"), row.linkage_run.department, *(_rests_on(p) for _one, p in here)])
        sides = [
            CandidateView(
                person.pk,
                _candidate(number, len(here)),
                "、".join(reasons(one["levels"])),
                record_address("people.person", person.pk),
                _gone(person),
                row.subject_id == person.pk,
            )
            for number, (one, person) in enumerate(here, start=1)
        ]
    return SideBySide(heads, rows, sides)


def _candidate(number: int, of: int) -> str:
    return _("底册 %(n)s") % {"n": number} if of > 1 else _("底册")


def _theirs(key: str, mine: Any, person: Person, role: str) -> Cell:
    value = json_value(fact_of(person, key))
    differs = bool(mine and value and mine != value)
    return Cell(
        value_in_words(key, value, role) or "—",
        note=_("不同") if differs else "",
        tone="warn" if differs else "",
    )


def _rests_on(person: Person) -> str:
    source = str(dict(FactSource.choices).get(person.source, ""))
    return " ".join(filter(None, (source, str(json_value(person.confirmed_on) or "")))) or "—"


def _gone(person: Person) -> str:
    status = PersonStatus(person.status)
    return "" if status == PersonStatus.CURRENT else str(status.label)


@dataclass(frozen=True)
class Chooser:
    """One difference with both sides, and how it is chosen."""

    pk: int
    label: str
    theirs: str
    ours: str
    rests_on: str
    note: str
    outcome: str
    chosen: str
    choices: tuple[tuple[str, str, bool], ...]


def choosers(differ: Iterable[Difference], role: str) -> list[Chooser]:
    """Return the differences of one row."""
    with read_once():
        return [
            _chooser(difference, opened_or_none(difference.told), role) for difference in differ
        ]


def _chooser(difference: Difference, told: dict[str, Any] | None, role: str) -> Chooser:
    if told is None:
        lost = str(_("〔打不开〕"))
        return Chooser(difference.pk, name_of(difference.field), lost, lost, "", "", "", "", ())
    source = str(dict(FactSource.choices).get(told["source"], told["source"]))
    notes = [_("底册较新")] if difference.is_older else []
    notes += [
        _("%(label)s随号码改为%(new)s")
        % {"label": name_of(key), "new": value_in_words(key, new, role)}
        for key, _known, new in told["along"]
    ]
    return Chooser(
        difference.pk,
        name_of(difference.field),
        value_in_words(difference.field, told["offered"], role) or _("空"),
        value_in_words(difference.field, told["known"], role) or _("空"),
        " ".join(filter(None, (source, told["on"]))) if told["known"] else "",
        "；".join(notes),
        difference.get_outcome_display(),
        difference.get_choice_display(),
        tuple(
            (each.value, str(each.label), difference.choice == each) for each in DifferenceChoice
        ),
    )


def results(linkage_run: LinkageRun) -> list[str]:
    """Say in lines what was written, what was left, what was taken back."""
    lines = []
    if linkage_run.state in (LinkageState.APPLIED, LinkageState.UNDONE) and linkage_run.applied_at:
        lines.append(
            _("改了%(people)s人的%(written)s项，新增%(added)s人")
            % {key: linkage_run.count(key) for key in ("people", "written", "added")}
        )
        if linkage_run.count("changed_since"):
            lines.append(
                _("%(n)s项在比对之后底册又有修改，没有写入")
                % {"n": linkage_run.count("changed_since")}
            )
    if linkage_run.state == LinkageState.UNDONE:
        lines.append(_("已撤销，底册恢复到写入之前"))
        if linkage_run.left:
            rows = "、".join(map(str, linkage_run.left[:50]))
            lines.append(_("第%(rows)s行在写入后又有修改，保留现状") % {"rows": rows})
    return lines


def undo_page_context(linkage_run: LinkageRun) -> dict[str, Any]:
    """Return what the page that asks before an undo shows."""
    outlook = undo_outlook(undo=linkage_run.undo)
    counted = (
        (outlook.removed, _("删除合并时新增的%(n)s人")),
        (outlook.restored, _("%(n)s人恢复写入前的资料")),
    )
    later = later_lists(page=PAGE, link=linkage_run.link)
    obstacles = outlook.obstacles
    role = current_scope().role
    return page_context(
        question=_("撤销这次合并？"),
        takes=[words % {"n": n} for n, words in counted if n],
        in_the_way=[
            *lists_in_the_way(later),
            *people_in_the_way(obstacles, linkage_run.applied_at, role),
        ],
        cancel_href=reverse(PAGE, args=[linkage_run.link]),
    )
