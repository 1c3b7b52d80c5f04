"""The fate of every row of a list of residents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from linli.core.batches import in_batches
from linli.core.chinese.names import name_key
from linli.core.fields import PERSON
from linli.register.people.birth import fact_of
from linli.register.people.models import FactStamp, Person
from linli.register.people.provenance import Stamp, merge, own_stamp
from linli.register.people.terms import PersonStatus, Relation
from linli.workbench.imports import own_values
from linli.workbench.imports.addresses import Tree
from linli.workbench.imports.enumeration_guard import guesses_in, hint, sentence_of
from linli.workbench.imports.matching import Register
from linli.workbench.imports.parsed_row import (
    Draft,
    FactColumns,
    Problem,
    drafted,
    is_blank,
    prepare_person,
    refuse_repeated,
)
from linli.workbench.imports.reading import SheetRow
from linli.workbench.imports.terms import RowFate

Progress = Callable[[int, int], None]


def previewed(
    rows: Sequence[SheetRow],
    columns: FactColumns,
    *,
    offered: Stamp,
    make_dwellings: bool,
    progress: Progress = lambda done, of: None,
) -> list[Draft]:
    """Decide the fate of every row that says anything."""
    tree = Tree()
    drafts: list[Draft] = []
    for count, row in enumerate(rows):
        draft = drafted(row, columns)
        if not is_blank(draft):
            _place(draft, tree, columns, make_dwellings)
            prepare_person(draft, columns)
            drafts.append(draft)
        if count % 500 == 0:
            progress(count, len(rows))
    refuse_repeated(drafts)
    _refuse_guesses(drafts)
    seen: dict[int, int] = {}
    # Only now, so that rows which try a name out look nobody up.
    register = Register([one for one in drafts if not one.problems])
    for draft in drafts:
        if not draft.problems:
            register.match(draft)
            _once(draft, seen)
            _needs(draft, columns)
            _heed_gone(draft)
    _compare([one for one in drafts if one.subject_id and not one.problems], tree, offered)
    own_values.compare(drafts, PERSON, offered_on=offered.confirmed_on or date.min)
    for draft in drafts:
        draft.fate = draft.fate or _fate(draft)
    _miss_heads(drafts)
    progress(len(rows), len(rows))
    return drafts


def _refuse_guesses(drafts: Sequence[Draft]) -> None:
    """Refuse rows that try out one name, before anything is matched."""
    guesses = guesses_in((draft.number, name_key(draft.facts.get("name", ""))) for draft in drafts)
    for draft in drafts:
        if draft.number in guesses:
            draft.refuse(sentence_of(guesses[draft.number]), hint())


def _miss_heads(drafts: Sequence[Draft]) -> None:
    """Who stands below a refused head waits for that head, and is of no other family there."""
    heads: dict[Any, Draft] = {}
    for draft in drafts:
        home = (draft.place_id, draft.parent, draft.chain)
        if draft.facts.get("relation_to_head") == Relation.HEAD:
            heads[home] = draft
        elif draft.fate == RowFate.NEW and home in heads and not draft.household:
            head = heads[home]
            if head.fate == RowFate.REFUSED:
                draft.missing_head = head.name or str(head.number)
                sentence = _("第%(row)s行的户主不能导入：先单独立户，等户主补上")
                draft.doubt(sentence % {"row": head.number})


def _once(draft: Draft, seen: dict[int, int]) -> None:
    """Refuse a second row about the same person, once by number and once by name."""
    if draft.subject_id is None or draft.problems:
        return
    if draft.subject_id in seen:
        sentence = _("与第%(row)s行是同一个人") % {"row": seen[draft.subject_id]}
        draft.refuse(sentence, _("请删掉重复的一行"))
    seen.setdefault(draft.subject_id, draft.number)


def _fate(draft: Draft) -> str:
    if draft.problems:
        return RowFate.REFUSED
    if draft.subject_id is None:
        return RowFate.NEW
    # What stays because it is newer is no change.
    return RowFate.CHANGED if any(not c.get("kept") for c in draft.changes) else RowFate.UNCHANGED


def _place(draft: Draft, tree: Tree, columns: FactColumns, make_dwellings: bool) -> None:
    """Find the dwelling a row names."""
    parts = tree.asked(draft.where)
    if parts.is_empty:
        return
    match = tree.find(parts)
    if match.place_id is not None:
        draft.place_id, draft.place = match.place_id, tree.address[match.place_id]
    elif match.parent is not None and make_dwellings:
        draft.parent, draft.chain = match.parent, match.chain
        draft.place = tree.address[match.parent] + "".join(name for _kind, name in match.chain)
        draft.doubt(_("将建立%(place)s") % {"place": draft.place})
    else:
        key = next((key for key in ("address", "door", "building") if key in columns.of), None)
        cell = columns.cell(draft.number, key)
        draft.place_problem = Problem(match.sentence, match.hint, cell, columns.label(key))
        if match.parent is not None:
            draft.missing = "".join([tree.address[match.parent], *(n for _k, n in match.chain)])


def _needs(draft: Draft, columns: FactColumns) -> None:
    """Somebody new needs a name and a home; of somebody known a bad address is left out."""
    if draft.problems or draft.fate:
        return
    if draft.subject_id is not None:
        if draft.place_problem is not None:
            draft.doubted.append(draft.place_problem)
    elif not draft.facts.get("name"):
        cell, label = columns.cell(draft.number, "name"), columns.label("name")
        doubts = [one for one in draft.doubted if one.cell == cell and cell]
        draft.doubted = [one for one in draft.doubted if one not in doubts]
        draft.problems += doubts or [Problem(_("没有姓名"), _("请填写姓名"), cell, label)]
    elif draft.place_problem is not None:
        draft.problems.append(draft.place_problem)
    elif draft.place_id is None and draft.parent is None:
        cell = columns.cell(draft.number, "address")
        draft.refuse(_("没有住址"), _("新登记的人需要住址：小区、幢、单元、室"), cell)


def _heed_gone(draft: Draft) -> None:
    """What a list says of dying or moving is proposed, not done; nobody gone is registered."""
    if draft.problems or draft.fate or not draft.gone:
        return
    words = {"word": draft.gone_word, "status": PersonStatus(draft.gone).label}
    if draft.subject_id is None:
        sentence = _("表里写着“%(word)s”，底册里没有这个人，不登记为在住") % words
        draft.refuse(sentence, _("确实在住的，请改正后重新上传"))
        return
    draft.doubt(_("表里写着“%(word)s”：建议登记为%(status)s") % words, _("请核实后在人员页面登记"))


def _compare(drafts: Sequence[Draft], tree: Tree, offered: Stamp) -> None:
    """Lay what each row says beside what the register knows."""
    for batch in in_batches(drafts):
        keys = [one.subject_id for one in batch if one.subject_id is not None]
        people = Person.objects.select_related("home").in_bulk(keys)
        stamps: dict[int, dict[str, Stamp]] = defaultdict(dict)
        for row in FactStamp.objects.filter(person_id__in=keys):
            known = Stamp(row.source, row.confirmed_on, row.confirmed_by_id)
            stamps[row.person_id][row.field] = known
        for draft in batch:
            person = people[draft.subject_id or 0]
            _compare_one(draft, person, stamps[person.pk], tree, offered)


def _compare_one(
    draft: Draft, person: Person, stamps: Mapping[str, Stamp], tree: Tree, offered: Stamp
) -> None:
    whole = own_stamp(person)
    # A fact without a stamp of its own is as old as the whole record.
    known = defaultdict(lambda: whole, stamps)
    before = {name: fact_of(person, name) for name in draft.prepared}
    merged = merge(person, draft.prepared, offered, known)
    newer = {fact.field for fact in merged.kept}
    for name in [*merged.changed, *(fact.field for fact in merged.kept)]:
        # These three may come from the number; nothing else is told that the sheet does not say.
        if name not in draft.facts and name not in ("birth_date", "sex", "identity_kind"):
            continue
        stamp = known[name]
        draft.changes.append(
            _change(name, before.get(name), fact_of(draft.prepared, name), stamp, name in newer)
        )
    is_here = draft.place_id is None and draft.parent is None
    if is_here or draft.gone or draft.is_stranger:
        draft.parent, draft.chain = None, ()
        draft.place_id, draft.place = person.home_id, tree.address.get(person.home_id, "")
    elif draft.place_id != person.home_id:
        draft.moves = True
        old = person.home.address if person.home else ""
        draft.changes.append(_change("address", old, draft.place, whole, False))


def _change(name: str, old: Any, new: Any, stamp: Stamp, kept: bool) -> dict[str, Any]:
    def said(value: Any) -> Any:
        return value.isoformat() if hasattr(value, "isoformat") else value

    return {
        "field": name,
        "old": said(old),
        "new": said(new),
        "source": stamp.source,
        "on": said(stamp.confirmed_on),
        "kept": kept,
    }
