"""Who is meant: the mistakes lists have, and the likenesses that must not deceive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.capabilities.record_linkage.matching import LinkageEntry, Matcher, RowMatch, spelled
from linli.capabilities.record_linkage.matching.entries import sound_of
from linli.capabilities.record_linkage.matching.weights import TABLE

BORN = date(1941, 3, 5)
NUMBER = "990000194103050021"


def somebody(key: int = 1, name: str = "虞阿香", **facts: Any) -> LinkageEntry:
    """Return 虞阿香, or somebody like her."""
    given = {
        "born": BORN,
        "sex": "2",
        "phone": "14300001234",
        "door": 7,
        "building": 3,
        "estate": 2,
        "tail": "1234",
        **facts,
    }
    return LinkageEntry(key, spelled(name), sound_of(name), **given)


def matched(row: LinkageEntry, *people: LinkageEntry) -> RowMatch:
    """Match one row; the register opens its numbers as they are."""
    plain = {
        person.key: (NUMBER if person.number == "hers" else "", person.phone) for person in people
    }
    matcher = Matcher(people, [row], opened=lambda keys: {key: plain[key] for key in keys})
    return matcher.matches()[0]


ELSEWHERE: dict[str, Any] = {"door": 99, "building": 98, "estate": 97}
UNKNOWN: dict[str, Any] = {"door": 0, "building": 0, "estate": 0, "phone": "", "tail": ""}


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("虞阿香", {"phone": "", "tail": "", **ELSEWHERE}),  # an old address, no phone
        ("虞阿湘", {}),  # sounds the same
        ("虞啊香", {"born": None}),  # sounds the same, no birth date
        ("虞 阿 香", {"phone": "14300009999", "tail": "9999"}),  # another phone
        ("虞阿香", {"born": date(1941, 5, 3)}),  # day and month swapped
        ("虞阿香", {"born": None, "part": "1941-03", **ELSEWHERE}),  # month and phone
    ],
)
def test_a_list_with_mistakes_still_finds_her(name: str, facts: dict[str, Any]) -> None:
    found = matched(somebody(name=name, **facts), somebody(11), somebody(12, "邬根发", sex="1"))
    assert (found.bucket, found.rivals[0].key) == ("sure", 11)


def test_traditional_characters_are_the_same_name() -> None:
    found = matched(somebody(name="陳麗華", **UNKNOWN), somebody(11, "陈丽华", **UNKNOWN))
    assert found.bucket == "sure"


def test_an_equal_number_is_enough_though_everything_else_is_old() -> None:
    row = somebody(number="hers", born=None, sex="", phone="", tail="", **ELSEWHERE)
    assert matched(row, somebody(11, number="hers")).bucket == "sure"


def test_an_equal_number_with_another_name_is_looked_at() -> None:
    row = somebody(name="邬根发", number="hers")
    assert matched(row, somebody(11, number="hers")).bucket == "decide"


def test_a_number_with_two_digits_swapped_still_helps() -> None:
    row = somebody(name="虞阿香", born=None, **UNKNOWN)
    row.plain_number = NUMBER[:12] + NUMBER[13] + NUMBER[12] + NUMBER[14:]
    found = matched(row, somebody(11, number="hers"))
    assert (found.bucket, ("number", "near") in found.rivals[0].levels) == ("sure", True)


@pytest.mark.parametrize(
    ("row", "person", "is_opened"),
    [
        ({"plain_phone": "14300001234"}, {}, False),  # the phone is hers already
        ({"phone": "else", "tail": "1243", "plain_phone": "14300001243"}, {}, True),
        ({"phone": "", "tail": "", "plain_phone": "1430000124"}, {}, True),  # a digit is missing
        ({"phone": "", "plain_phone": "143****1234"}, {}, False),  # covered: its tail says it
        ({"phone": "else", "plain_phone": "14300001243"}, {"phone": "", "tail": ""}, False),
        ({"plain_number": NUMBER}, {}, False),  # she has no number to be compared with
        ({"plain_number": NUMBER}, {"number": "hers"}, True),
    ],
)
def test_a_number_is_opened_only_where_a_digit_may_be_wrong(
    row: dict[str, Any], person: dict[str, Any], is_opened: bool
) -> None:
    asked: list[int] = []

    def opened(keys: Any) -> dict[int, tuple[str, str]]:
        asked.extend(keys)
        return {key: (NUMBER, "14300001234") for key in keys}

    found = Matcher([somebody(11, **person)], [somebody(**row)], opened=opened).matches()[0]
    assert (asked == [11], [rival.key for rival in found.rivals]) == (is_opened, [11])


def test_a_covered_number_and_the_tail_of_a_phone_help() -> None:
    row = somebody(born=None, phone="", door=0, building=0, estate=0)
    row.plain_number = NUMBER[:6] + "********" + NUMBER[-4:]
    assert matched(row, somebody(11, number="hers")).bucket == "sure"


def test_a_twin_is_never_taken_for_the_other() -> None:
    found = matched(somebody(name="虞阿芬"), somebody(11, "虞阿芳菲"), somebody(12, "虞阿香"))
    assert found.bucket == "decide"


def test_another_number_that_passes_is_never_sure() -> None:
    row = somebody(number="another")
    assert matched(row, somebody(11, number="hers")).bucket == "decide"


def test_two_who_fit_equally_are_put_before_somebody() -> None:
    row = somebody(born=None, **UNKNOWN)
    row.phone, row.tail = "14300001234", "1234"
    found = matched(row, somebody(11), somebody(12))
    assert (found.bucket, len(found.rivals)) == ("decide", 2)


def test_a_name_alone_is_nobody() -> None:
    people = [somebody(n, "王伟", **UNKNOWN) for n in range(30)]
    assert matched(somebody(99, "王伟", born=None, **UNKNOWN), *people).bucket == "new"


def test_her_daughter_in_law_behind_the_same_door_is_new() -> None:
    daughter = somebody(name="陈秀兰", born=date(1970, 1, 9), phone="14300005555", tail="5555")
    assert matched(daughter, somebody(11)).bucket == "new"


def test_the_second_row_about_her_is_put_before_somebody() -> None:
    rows = [somebody(1), somebody(2)]
    first, second = Matcher([somebody(11)], rows).matches()
    assert (first.bucket, second.bucket, second.same_as) == ("sure", "decide", 1)


def test_every_weight_says_why() -> None:
    assert all(one.why for one in TABLE)
    assert len({(one.fact, one.level) for one in TABLE}) == len(TABLE)
