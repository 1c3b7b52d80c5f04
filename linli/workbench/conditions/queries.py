"""Ask, count, list, cross-tabulate: the one door for pages, the API and the command line.

Everything here answers under the active scope (``use_scope``): rows outside it do not exist, a
condition or a column on a field hidden from the role is Refused, masked values come out masked.

    question = asked("殷家社区90岁以上独居老人")
    count(question.condition)
    beside(question.condition, found=3) -> of whom nothing is recorded, when it asks "no"
    rows(question.condition, columns=["name", "address", "age"], sort="-age", limit=50)
    cross_tab(question.condition, "community", "age")
    condition_json(question.condition) -> dict that goes into a URL or a saved report
    read_json(data) -> Condition, validated, or Refused
    condition_text(condition) -> 「社区＝殷家社区 且 年龄≥90岁 且 独居」
    read_text(subject, text) -> the same Condition back
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core.errors import Refused
from linli.core.fields import HOUSEHOLD, PERSON, Condition, Dictionary, Field, Kind, Node, all_of
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.posts.permits import SYSTEM
from linli.register.posts.rules import MAY_REVEAL, READS_PEOPLE, Access
from linli.workbench.conditions import tree
from linli.workbench.conditions.acceptance import accepted
from linli.workbench.conditions.access import (
    access_to,
    check_access,
    is_askable,
    ops_for,
    refuse_asking,
    refuse_hidden,
)
from linli.workbench.conditions.compilers import orm_compiler
from linli.workbench.conditions.compilers.scope_narrowing import within_its_place
from linli.workbench.conditions.evaluation import blanks
from linli.workbench.conditions.listing.lines import (
    ListColumns,
    can_spread,
    column_of,
    is_sortable,
    ops_in_order,
    ordered,
)
from linli.workbench.conditions.listing.read_accounting import note_list
from linli.workbench.conditions.own_fields import OWNER, dictionary
from linli.workbench.conditions.places import (
    NamesInScope,
    check_places,
    name_together,
    places_asked,
)
from linli.workbench.conditions.results import (
    CrossTab,
    NotRecorded,
    OfferedField,
    OfferedOp,
    Question,
    ResultLine,
    Rows,
)
from linli.workbench.conditions.sentence import understand
from linli.workbench.conditions.text import json_codec, text_parser, text_writer

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 500
GROUPS = {
    "people": gettext_lazy("人与户"),
    "places": gettext_lazy("房屋与楼栋"),
    OWNER: gettext_lazy("自定义"),
}


def ask(sentence: str) -> Question:
    """Understand a plain sentence; unknown words are in ``unknown``, never dropped.

    Who counts, lists or keeps what it means asks ``asked``.
    """
    return understand(sentence)


def asked(sentence: str, *, only_understood: bool = False, field: str = "sentence") -> Question:
    """Understand a sentence that is to be counted, or refuse it (``acceptance.py``)."""
    return accepted(understand(sentence), only_understood=only_understood, field=field)


def count(condition: Condition) -> int:
    """Count, live."""
    words = dictionary()
    return _counted(_checked(condition, words), words)


def _counted(condition: Condition, words: Dictionary) -> int:
    with within_its_place(condition, words):
        return orm_compiler.queryset(condition, words, today()).order_by().count()


def beside(condition: Condition, found: int | None = None) -> NotRecorded | None:
    """Return how many a question about "no" leaves out because nothing is recorded of them.

    ``found`` is its answer, counted here when nobody has it yet. None where it asks no "no", and
    then nothing is counted. Every face that tells the answer tells this beside it.
    """
    words = dictionary()
    return beside_kept(_checked(condition, words), words, found)


def beside_kept(
    condition: Condition, words: Dictionary, found: int | None = None
) -> NotRecorded | None:
    """Return the same of a condition that was checked when it was kept, as a rule's."""
    where = blanks.not_recorded(condition.where, condition.subject, words)
    if where is None:
        return None
    asked = Condition(condition.subject, where, condition.unread)
    no = blanks.facts_of_no(condition.where, condition.subject, words)
    return NotRecorded(
        found=_counted(condition, words) if found is None else found,
        number=_counted(asked, words),
        facts=tuple(dict.fromkeys(str(_(one.label)) for one in no)),
        because=tuple(dict.fromkeys(one.silence.because for one in no if one.silence)),
        counter=words.subject(condition.subject).counter,
        says_none=all(one.kind is Kind.FLAG or one.none for one in no),
        condition=asked,
    )


def said_beside(condition: Condition, found: int | None = None) -> str:
    """Say what ``beside`` counts, "" where there is nothing to say."""
    left = beside(condition, found)
    return left.text if left else ""


def rows(
    condition: Condition,
    *,
    columns: Sequence[str] = (),
    sort: str = "",
    offset: int = 0,
    limit: int = DEFAULT_LIMIT,
) -> Rows:
    """Return one page of the list, live; no columns: the subject's usual ones.

    ``sort`` is the key of a sortable field, "-" before it for the reverse; equal ones by id.
    """
    words = dictionary()
    condition = _checked(condition, words)
    listing = _listing(condition.subject, columns, words)
    limit, offset = max(1, min(limit, LARGEST_LIMIT)), max(0, offset)
    with within_its_place(condition, words):
        matching = orm_compiler.queryset(condition, words, today())
        total = matching.order_by().count()
        in_order = _in_order(matching, condition.subject, sort, words)
        ids = list(in_order.values_list("pk", flat=True)[offset : offset + limit])
    # Before any value is worked out: over the limit nothing is shown.
    note_list(condition, ids, total, words)
    headings = tuple(column_of(column, listing.role) for column in listing.columns)
    return Rows(condition.subject, headings, tuple(listing.lines(ids)), total, offset)


def lines(
    condition: Condition, *, columns: Sequence[str] = (), sort: str = ""
) -> Iterator[ResultLine]:
    """Return every line of the list, in batches, for files."""
    words = dictionary()
    condition = _checked(condition, words)
    listing = _listing(condition.subject, columns, words)
    in_order = _in_order(
        orm_compiler.queryset(condition, words, today()), condition.subject, sort, words
    )
    ids = list(in_order.values_list("pk", flat=True))
    note_list(condition, ids, len(ids), words)
    return listing.batches(ids)


def ids(condition: Condition, *, sort: str = "") -> list[int]:
    """Return the ids, ascending or in the order of a field."""
    words = dictionary()
    matching = orm_compiler.queryset(_checked(condition, words), words, today())
    return list(_in_order(matching, condition.subject, sort, words).values_list("pk", flat=True))


def lines_of(
    subject: str, ids: Sequence[int], *, columns: Sequence[str], uncovered: bool = False
) -> list[ResultLine]:
    """Return the lines of some ids in their order; ``uncovered`` leaves masked values as they are.

    Uncovered is for those who may reveal a value one by one, and the caller writes it in the
    journal; what is hidden from the role is refused all the same. Whom of them the caller shows it
    notes itself (``read_budget``): to work a form out is not yet to show it.
    """
    role = current_scope().role
    if uncovered and role not in MAY_REVEAL and role != "system":
        raise Refused("list.uncover", _("您的岗位不能带出未遮盖的信息"))
    listing = replace(_listing(subject, columns, dictionary()), uncovered=uncovered)
    return list(listing.batches(list(ids)))


def cross_tab(condition: Condition, row_field: str, column_field: str = "") -> CrossTab:
    """Count by one or two facts, from the snapshot (refreshed first when it is behind)."""
    from linli.workbench.conditions.listing.crosstab import tabulate

    words = dictionary()
    condition = _checked(condition, words)
    # Grouping answers as much as comparing does (decision 0021).
    for key in filter(None, (row_field, column_field)):
        refuse_asking(words.field(condition.subject, key), current_scope().role)
    return tabulate(condition, row_field, column_field, words, today())


def headings(subject: str, columns: Sequence[str] = ()) -> tuple[Field, ...]:
    """Return the fields of a list's columns, refusing hidden and unknown ones."""
    return tuple(_listing(subject, columns, dictionary()).columns)


def fields_offered(subject: str) -> list[OfferedField]:
    """Return the fields this post may ask for, grouped as the dictionary groups them."""
    role, words = current_scope().role, dictionary()
    words.subject(subject)
    return [
        _offered(field, role)
        for field in words.fields_of(subject)
        if access_to(field, role) is not Access.HIDDEN
    ]


def is_offered(subject: str, key: str) -> bool:
    """May this post ask for the field, covered or not?"""
    return access_to(dictionary().field(subject, key), current_scope().role) is not Access.HIDDEN


def default_columns(subject: str) -> list[str]:
    """Return the columns a list shows when nobody chose, without those hidden from this post."""
    role, words = current_scope().role, dictionary()
    fields = [words.field(subject, key) for key in words.subject(subject).columns]
    return [field.key for field in fields if access_to(field, role) is not Access.HIDDEN]


def may_list(subject: str) -> bool:
    """May this post list such rows at all? Who may not is told no live count of them either."""
    role = current_scope().role
    if subject in (PERSON, HOUSEHOLD) and role not in READS_PEOPLE | {SYSTEM}:
        return False
    return bool(default_columns(subject))


def everybody(subject: str) -> QuerySet[Any]:
    """Return the rows of a subject that this post may ask about: what a counter counts.

    Whoever is shown no children counts none, so that no difference of two numbers tells of one.
    """
    return orm_compiler.queryset(Condition(subject), dictionary(), today()).order_by()


def check(condition: Condition) -> Condition:
    """Return the condition in its normal spelling, or refuse: unknown field, hidden field …"""
    return _checked(condition, dictionary())


def narrowed(condition: Condition, where: Node) -> Condition:
    """Return the condition and one thing more."""
    return replace(condition, where=all_of(condition.where, where))


def said(condition: Condition) -> str:
    """Return what a condition says in the reader's language; to be read, not to be kept."""
    return text_writer.said_of(condition, dictionary(), NamesInScope())


def condition_text(condition: Condition) -> str:
    """Say the condition in canonical Chinese, with the words that were left out of it."""
    return text_writer.text_of(condition, dictionary(), NamesInScope())


def name_places(subject: str, wheres: Iterable[Node]) -> None:
    """Name all places of these at once, for a page that is about to say each of them."""
    words = dictionary()
    name_together(path for one in wheres for _, path in places_asked(one, subject, words))


def left_out(unread: Sequence[str]) -> str:
    """Say in a title that words of a sentence were left out; "" when none were."""
    if not unread:
        return ""
    return _("只按看懂的算，没看懂：%(words)s") % {"words": "、".join(unread)}


def left_out_of(kept: Mapping[str, Any] | None) -> str:
    """Say so in a title of a condition that was kept as JSON."""
    return left_out((kept or {}).get("unread", ()))


def read_text(subject: str, said: str) -> Condition:
    """Read canonical Chinese back, or refuse with the place where it stops making sense."""
    words = dictionary()
    return _checked(text_parser.condition_of(subject, said, words, NamesInScope()), words)


def meant(
    subject: str, said: str, *, only_understood: bool = False, field: str = "sentence"
) -> Condition:
    """Read the canonical text about a subject, or a plain sentence that may be counted."""
    try:
        # The canonical text is exact; a sentence is understood only where it is none.
        return read_text(subject, said)
    except Refused:
        return check(asked(said, only_understood=only_understood, field=field).condition)


def understood(
    subject: str, said: str, *, only_understood: bool = False, field: str = "sentence"
) -> Condition:
    """Read whom of one subject a text or a sentence means, or refuse (``acceptance.py``)."""
    condition = meant(subject, said, only_understood=only_understood, field=field)
    if condition.subject != subject:
        raise Refused(
            "condition.sentence",
            _("没有听懂“%(words)s”") % {"words": said},
            field,
            _("请换个说法，或到查询页试好再抄来。"),
        )
    return condition


def condition_json(condition: Condition) -> dict[str, Any]:
    """Return the condition for a URL, a saved report or the API."""
    return json_codec.to_json(condition)


def read_json(data: Mapping[str, Any]) -> Condition:
    """Read a condition from JSON, or refuse."""
    words = dictionary()
    return _checked(json_codec.from_json(data, words), words)


def _checked(condition: Condition, words: Dictionary) -> Condition:
    # First the normal form: in it whole years of a covered date ask for the year.
    condition = tree.validated(condition, words)
    check_access(condition.where, condition.subject, words, current_scope().role)
    check_places(condition.where, condition.subject, words)
    return condition


def _listing(subject: str, columns: Sequence[str], words: Dictionary) -> ListColumns:
    role = current_scope().role
    keys = list(dict.fromkeys(columns)) or default_columns(subject)
    fields = [words.field(subject, key) for key in keys]
    for field in fields:
        refuse_hidden(field, role)
    return ListColumns(subject, fields, words, role, today())


def _in_order(rows: Any, subject: str, sort: str, words: Dictionary) -> Any:
    if not sort:
        return ordered(rows, None, down=False)
    field = words.field(subject, sort.removeprefix("-"))
    # Order is an answer too: a list by a covered date would tell it (decision 0021).
    refuse_asking(field, current_scope().role)
    if not is_sortable(field):
        raise Refused("list.sort", _("不能按“%(label)s”排序") % {"label": _(field.label)}, "sort")
    return ordered(rows, field, down=sort.startswith("-"))


def _offered(field: Field, role: str) -> OfferedField:
    return OfferedField(
        key=field.key,
        label=field.label,
        kind=field.kind.value,
        ops=tuple(
            OfferedOp(op.value, tree.OP_WORDS[op])
            for op in ops_in_order(field)
            if op in ops_for(field, role)
        ),
        choices=tuple((choice.value, choice.label) for choice in field.choices),
        unit=field.unit,
        group=str(GROUPS.get(field.owner, field.owner)),
        masked=access_to(field, role) is Access.MASKED,
        sortable=is_sortable(field) and is_askable(field, role),
        own=field.attribute is not None,
        spread=can_spread(field) and is_askable(field, role),
        synonyms=field.synonyms,
    )
