"""Two neighbours report the same lift; a copied complaint from another estate is not the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.workbench.text_analysis.similarity import (
    ALIKE_FROM,
    SAME_FROM,
    ComparedMessage,
    Index,
    same_as_before,
)
from linli.workbench.text_analysis.tests import shared
from linli.workbench.text_analysis.tests.test_suggest import ODD
from tests.examples import examples

LIFT = ComparedMessage("lift", "东方丽都3幢的电梯坏了三天，没有人来修，老人下不了楼")
OTHERS = [
    ComparedMessage("noise", "楼下烧烤店夜里两点还在喧哗，睡不着觉"),
    ComparedMessage("rubbish", "小区西门垃圾桶满了几天没人清运，臭得很"),
    ComparedMessage("light", "诚信路上路灯坏了，晚上一片漆黑"),
]


def test_a_second_report_of_the_same_lift_is_found_first() -> None:
    index = Index([LIFT, *OTHERS])
    found = index.similar(ComparedMessage("new", "三幢电梯坏了好几天了，东方丽都没有人来修电梯"))
    assert [one.key for one in found] == ["lift"]
    assert ALIKE_FROM <= found[0].likeness <= 1


def test_the_same_words_are_the_same_and_nothing_is_like_itself() -> None:
    index = Index([LIFT, *OTHERS])
    assert index.similar(ComparedMessage("again", LIFT.text))[0].is_same
    assert index.similar(LIFT) == []


def test_a_message_added_later_is_found_at_once_and_a_closed_one_no_more() -> None:
    index = Index(OTHERS)
    assert index.similar(LIFT) == []
    index.add(ComparedMessage("later", LIFT.text))
    assert [similar_message.key for similar_message in index.similar(LIFT)] == ["later"]
    assert "later" in index
    index.remove("later")
    assert index.similar(LIFT) == []
    assert len(index) == len(OTHERS)


def test_adding_one_by_one_finds_what_adding_at_once_finds() -> None:
    many = [
        ComparedMessage(n, f"{n}幢{n % 7}单元楼道灯坏了第{n}天，物业不来修") for n in range(450)
    ]
    slowly = Index()
    for message in many:
        slowly.add(message)
        slowly.similar(message, most=1)
    compared_message = ComparedMessage("asked", "17幢3单元楼道灯坏了第17天，物业不来修")
    for one, other in zip(
        slowly.similar(compared_message), Index(many).similar(compared_message), strict=True
    ):
        assert one.likeness == pytest.approx(other.likeness, abs=0.05)


def test_the_same_words_from_another_place_or_long_ago_count_less() -> None:
    there = ComparedMessage("there", LIFT.text, place="1/2/3/", day=date(2026, 11, 1))
    index = Index([there, *OTHERS])

    def likeness(place: str, day: date) -> float:
        return index.similar(ComparedMessage("new", LIFT.text, place=place, day=day))[0].likeness

    near = likeness("1/2/", date(2026, 11, 3))
    assert likeness("1/9/", date(2026, 11, 3)) < near
    assert likeness("1/2/3/", date(2027, 11, 3)) < near


def test_doubles_of_a_list_point_to_what_came_before() -> None:
    rows = [
        LIFT,
        OTHERS[0],
        ComparedMessage("double", LIFT.text + "！"),
        ComparedMessage("third", LIFT.text),
    ]
    told = same_as_before(rows)
    assert told["double"] == "lift"
    assert told["third"] in {"lift", "double"}
    assert "noise" not in told


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_is_answered(text: str) -> None:
    index = Index([LIFT, ComparedMessage("odd", text), *OTHERS])
    index.similar(ComparedMessage("new", text))
    assert all(0 <= likeness <= 1 for _one, _other, likeness in index.pairs(0.1))


def test_nothing_at_all() -> None:
    assert Index().similar(LIFT) == []
    assert list(Index().pairs()) == []
    assert same_as_before([]) == {}


@settings(max_examples=examples(20), deadline=None)
@given(texts=st.lists(st.text(max_size=60), max_size=12), asked=st.text(max_size=60))
def test_likeness_is_between_nothing_and_all(texts: list[str], asked: str) -> None:
    index = Index(ComparedMessage(n, text) for n, text in enumerate(texts))
    for similar_message in index.similar(ComparedMessage("asked", asked), least=0.01, most=20):
        assert 0 < similar_message.likeness <= 1


@shared.needs_messages
def test_the_real_messages_are_paired_as_we_judged_them() -> None:
    found = {
        frozenset((one, other)): likeness
        for one, other, likeness in Index(shared.messages()).pairs(ALIKE_FROM)
    }
    judged = shared.pairs("labelled")
    assert len(judged) >= 60
    said = [(frozenset((a, b)) in found, same) for a, b, same in judged]
    right = sum(hit and same for hit, same in said)
    assert right / sum(hit for hit, _same in said) >= 0.9
    assert right / sum(same for _hit, same in said) >= 0.6
    nearly = [same for a, b, same in judged if found.get(frozenset((a, b)), 0) >= SAME_FROM]
    assert all(nearly)
