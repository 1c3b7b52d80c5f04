"""Two lists in any order of undo: the register is that of the lists which remain, or unchanged."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from linli.core.errors import Refused
from linli.register.people.models import Person
from linli.workbench.imports import actions, queries, undo_outlook
from linli.workbench.imports.models import Batch
from tests.examples import examples
from tests.imports.register_rows import register_rows
from tests.imports.town import Town, a_town, brought, imported, number, settled

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
HEADINGS = ("姓名", "身份证号码", "联系电话", "家庭住址", "文化程度", "与户主关系", "户号")
DOORS = ("东方丽都1幢1单元101室", "东方丽都1幢1单元102室", "东方丽都2幢201室")
# The first three live here already; the first two together.
NAMES = ("张三", "李四", "赵六", "王五", "钱七")
NUMBERS = tuple(number(1940 + 10 * n, n + 1) for n in range(len(NAMES)))
AUTUMN = date(2026, 10, 1)
Row = tuple[str, ...]
List = tuple[list[Row], date]


@pytest.fixture
def town() -> Iterator[Town]:
    made = a_town()
    settled(
        made,
        DOORS[0],
        {"name": NAMES[0], "identity_number": NUMBERS[0], "phone": "13800000001"},
        {"name": NAMES[1], "identity_number": NUMBERS[1], "relation_to_head": "1"},
    )
    settled(made, DOORS[1], {"name": NAMES[2], "identity_number": NUMBERS[2]})
    with made.at_work():
        yield made


def a_row(who: int, phone: str, door: str, education: str, relation: str, family: str) -> Row:
    return (NAMES[who], NUMBERS[who], phone, door, education, relation, family)


rows = st.builds(
    a_row,
    st.integers(0, len(NAMES) - 1),
    st.sampled_from(("", "13800000001", "13900000002", "13900000003")),
    st.sampled_from(("", *DOORS)),
    st.sampled_from(("", "小学", "初中")),
    st.sampled_from(("", "户主", "配偶", "子")),
    st.sampled_from(("", "", "8")),
)
lists = st.tuples(
    st.lists(rows, min_size=1, max_size=4, unique_by=lambda row: row[0]),
    st.sampled_from((date(2026, 4, 1), date(2026, 10, 1), date(2026, 11, 1))),
)


def applied(town: Town, name: str, made: List) -> Batch | None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *made[0]])
    data = text.getvalue().encode()
    batch = brought(town, data, name, confirmed_on=made[1])
    # A list without a row to apply changes nothing and is not applied.
    return imported(town, batch) if batch.count("new") + batch.count("changed") else None


def tried(work: Callable[[], Any]) -> Any:
    """Do something in a register that is as it was afterwards."""
    # No atomic block: documents are not opened inside of one.
    point = transaction.savepoint()
    try:
        return work()
    finally:
        transaction.savepoint_rollback(point)


def after(town: Town, remaining: Sequence[tuple[str, List]]) -> dict[str, Any]:
    def work() -> dict[str, Any]:
        for name, made in remaining:
            with suppress(Refused):
                applied(town, name, made)
        return register_rows()

    result: dict[str, Any] = tried(work)
    return result


def undo_in_order(town: Town, made: dict[str, List], order: Sequence[str]) -> None:
    expected = {
        names: after(town, [(name, made[name]) for name in names])
        for names in ((), ("一.csv",), ("二.csv",), ("一.csv", "二.csv"))
    }
    try:
        batches = {name: applied(town, name, made[name]) for name in made}
    except Refused:
        return  # a move on a day before the last one: the list is not imported at all
    # A list that changed nothing is as good as not there.
    remaining = [name for name in made if batches[name] is not None]
    for name in [*order, *reversed(remaining)]:
        batch = batches[name]
        if name not in remaining or batch is None:
            continue
        before = register_rows()
        if undo_outlook.outlook_of(queries.batch_or_not_found(batch.link)).count:
            with pytest.raises(Refused, match="现在不能撤销"):
                actions.undo_batch(batch=batch, by=town.user)
            assert register_rows() == before, "refused, and nothing changed"
            continue
        actions.undo_batch(batch=queries.batch_or_not_found(batch.link), by=town.user)
        remaining.remove(name)
        differing = {
            kind: (rows, expected[tuple(remaining)][kind])
            for kind, rows in register_rows().items()
            if rows != expected[tuple(remaining)][kind]
        }
        assert not differing
    assert remaining == [], "the last list can always be taken back, and then the one before"


@pytest.mark.timeout(3600)
@settings(
    max_examples=examples(2, most=200),  # each takes seconds
    deadline=None,
    # Each try is slow, and the lists are small as they are.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(first=lists, second=lists, order=st.permutations(("一.csv", "二.csv")))
@example(  # the same family moved by both
    first=([a_row(0, "", DOORS[2], "", "", ""), a_row(1, "", DOORS[2], "", "配偶", "")], AUTUMN),
    second=([a_row(0, "", DOORS[1], "", "", ""), a_row(3, "", DOORS[2], "", "", "")], AUTUMN),
    order=("一.csv", "二.csv"),
)
@example(  # one says what the other said
    first=([a_row(0, "13900000002", "", "", "", "")], AUTUMN),
    second=([a_row(0, "13900000002", "", "小学", "", "")], AUTUMN),
    order=("一.csv", "二.csv"),
)
@example(  # nothing in common
    first=([a_row(0, "13900000002", "", "", "", "")], AUTUMN),
    second=([a_row(2, "", "", "小学", "", ""), a_row(3, "", DOORS[2], "", "", "")], AUTUMN),
    order=("一.csv", "二.csv"),
)
def test_any_two_lists_any_order(
    town: Town, first: List, second: List, order: Sequence[str]
) -> None:
    tried(lambda: undo_in_order(town, {"一.csv": first, "二.csv": second}, order))


def test_the_first_goes_alone_when_nothing_rests_on_it(town: Town) -> None:
    first = applied(town, "一.csv", ([a_row(0, "13900000002", "", "", "", "")], AUTUMN))
    second = applied(town, "二.csv", ([a_row(1, "", "", "小学", "", "")], AUTUMN))
    assert first is not None
    assert second is not None
    actions.undo_batch(batch=first, by=town.user)
    assert Person.objects.get(name=NAMES[0]).phone == "13800000001"
    assert Person.objects.get(name=NAMES[1]).education == "primary"


def test_without_the_comparison_an_undo_would_overwrite(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with nothing looked for, newer facts are lost."""
    both = {
        "一.csv": ([a_row(0, "13900000002", "", "", "", "")], AUTUMN),
        "二.csv": ([a_row(0, "13900000003", "", "", "", "")], AUTUMN),
    }
    undo_in_order(town, both, ("一.csv", "二.csv"))
    monkeypatch.setattr("linli.workbench.imports.undo_outlook.later_lists", lambda **_: [])
    monkeypatch.setattr("linli.register.people.bulk.undo.obstacles_of", lambda *_, **__: [])
    with pytest.raises(AssertionError):
        undo_in_order(town, both, ("一.csv", "二.csv"))


def test_without_the_traces_a_list_would_lose_what_it_said(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a later list that said the same has nothing left to show for it."""
    both = {
        "一.csv": ([a_row(0, "13900000002", "", "", "", "")], AUTUMN),
        "二.csv": ([a_row(0, "13900000002", "", "小学", "", "")], AUTUMN),
    }
    undo_in_order(town, both, ("一.csv", "二.csv"))
    monkeypatch.setattr("linli.workbench.imports.undo_outlook.later_lists", lambda **_: [])
    with pytest.raises(AssertionError):
        undo_in_order(town, both, ("一.csv", "二.csv"))
