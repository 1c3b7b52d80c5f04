"""A message says where: an estate, a building, a door; what may be two places is never guessed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.workbench.text_analysis.gazetteer import Gazetteer, PlaceRow
from linli.workbench.text_analysis.tests.test_suggest import ODD

ROWS = [
    PlaceRow(1, "subdistrict", "潘火街道", None),
    PlaceRow(2, "community", "殷家社区", 1),
    PlaceRow(3, "community", "东莺社区", 1),
    PlaceRow(4, "grid", "第一网格", 2, "殷家社区第一网格"),
    PlaceRow(10, "estate", "东方丽都", 4, "东方丽都"),
    PlaceRow(11, "building", "1幢", 10, "东方丽都1幢"),
    PlaceRow(12, "building", "3幢", 10, "东方丽都3幢"),
    PlaceRow(13, "entrance", "1单元", 12),
    PlaceRow(14, "entrance", "2单元", 12),
    PlaceRow(15, "dwelling", "1802室", 13),
    PlaceRow(16, "dwelling", "1802室", 14),
    PlaceRow(18, "building", "18幢", 10),
    PlaceRow(20, "estate", "金桥花园", 3),
    PlaceRow(21, "building", "3幢", 20),
    PlaceRow(22, "dwelling", "302室", 21),
    PlaceRow(30, "hall", "文化礼堂", 2, "诚信路518号"),
    PlaceRow(31, "hall", "文化礼堂", 3, "金谷路9号"),
    PlaceRow(40, "estate", "殷家小区", 3),
]


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    """Return an index of two communities."""
    return Gazetteer(ROWS)


@pytest.mark.parametrize(
    ("text", "place", "piece"),
    [
        ("东方丽都3幢1单元1802室漏水", 15, "东方丽都3幢1单元1802室"),
        ("东方丽都３号楼电梯坏了", 12, "东方丽都３号楼"),
        ("住在东方丽都十八幢，楼道灯不亮", 18, "东方丽都十八幢"),
        ("东方丽都的电梯坏了，就是三幢那部", 12, "三幢"),
        ("金桥花园3-302 漏水", 22, "金桥花园3-302"),
        ("殷家社区东方丽都三幢二单元", 14, "东方丽都三幢二单元"),
        ("殷家社区的文化礼堂漏雨", 30, "文化礼堂"),
        ("诚信路518号门口井盖不见了", 30, "诚信路518号"),
        ("金桥花园垃圾没人收", 20, "金桥花园"),
    ],
)
def test_a_place_is_understood(places: Gazetteer, text: str, place: int, piece: str) -> None:
    found = places.the_one(text)
    assert found is not None
    assert (found.id, found.piece) == (place, piece)


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("东方丽都三号楼1802漏水", {15, 16}),
        ("文化礼堂漏水", {30, 31}),
        ("3幢电梯坏了", {12, 21}),
        ("从东方丽都到金桥花园的路灯都不亮", {10, 20}),
        ("殷家垃圾没人收", {2, 40}),
    ],
)
def test_what_may_be_several_places_is_never_guessed(
    places: Gazetteer, text: str, several: set[int]
) -> None:
    assert {one.id for one in places.find(text)} == several
    assert places.the_one(text) is None


def test_a_house_that_does_not_exist_leaves_the_estate_and_less_confidence(
    places: Gazetteer,
) -> None:
    (found,) = places.find("东方丽都99幢")
    assert found.id == 10
    assert found.confidence < places.find("东方丽都")[0].confidence
    assert places.the_one("东方丽都99幢") is None


def test_the_callers_community_settles_it(places: Gazetteer) -> None:
    assert [one.id for one in places.find("3幢电梯坏了", within=3)] == [21]
    assert [one.id for one in places.find("文化礼堂漏水", within=2)] == [30]
    assert places.find("金桥花园", within=2) == []


def test_no_place_is_no_place(places: Gazetteer) -> None:
    for text in ("低保怎么申请", "晚上10点半还在吵", "3楼太吵了", "打了12345没人管"):
        assert places.the_one(text) is None


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_is_answered(places: Gazetteer, text: str) -> None:
    assert places.find(text) == []


@settings(max_examples=200, deadline=None)
@given(
    parts=st.lists(
        st.sampled_from(["东方丽都", "金桥花园", "3幢", "三", "单元", "1802", "室", "-", "号", " "])
        | st.text(max_size=5)
    )
)
def test_any_address_is_read_with_its_own_words(places: Gazetteer, parts: list[str]) -> None:
    text = "".join(parts)
    for one in places.find(text):
        assert 0 < one.confidence <= 1
        assert one.piece in text


def test_a_ring_in_the_tree_and_an_unknown_parent_do_no_harm() -> None:
    ring = [PlaceRow(1, "estate", "甲园", 2), PlaceRow(2, "community", "乙社区", 1)]
    odd = Gazetteer([*ring, PlaceRow(3, "building", "1幢", 99), (4, "building", "2幢", 1, "")])
    assert [one.id for one in odd.find("甲园2幢")] == [4]


def test_twenty_thousand_places_are_searched_in_a_moment() -> None:
    rows, number = [PlaceRow(0, "subdistrict", "潘火街道", None)], 0
    for estate in range(100):
        rows.append(
            top := PlaceRow(number := number + 1, "estate", f"园{chr(19968 + estate)}里", 0)
        )
        for house in range(10):
            rows.append(one := PlaceRow(number := number + 1, "building", f"{house}幢", top.id))
            for door in range(20):
                rows.append(PlaceRow(number := number + 1, "dwelling", f"{door + 100}室", one.id))
    index = Gazetteer(rows)
    text = f"园{chr(19968 + 42)}里" + "楼上漏水，物业不管" * 20 + "3幢105室"
    before = time.process_time()
    for _again in range(100):
        assert index.the_one(text)
    assert time.process_time() - before < 2
