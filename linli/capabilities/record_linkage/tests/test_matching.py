"""Who is meant: the mistakes lists have, and the likenesses that must not deceive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linli.capabilities.record_linkage.matching import LinkageEntry, Matcher, RowMatch
from linli.capabilities.record_linkage.matching.comparing import levels_of
from linli.capabilities.record_linkage.matching.entries import sound_of
from linli.capabilities.record_linkage.matching.weights import TABLE, WEIGHTS
from linli.capabilities.record_linkage.presenters import REASONS
from linli.core.chinese.names import key_with_gaps

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
    return LinkageEntry(key, key_with_gaps(name), sound_of(name), **given)


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


def level(row: LinkageEntry, person: LinkageEntry, fact: str) -> str:
    """Return how one fact came out, the register's numbers opened."""
    person.plain_number = NUMBER
    person.plain_phone = person.phone
    return dict(levels_of(row, person)).get(fact, "")


@pytest.mark.parametrize(
    ("name", "as_known", "came"),
    [
        ("虞阿?", "虞阿香", "lost"),
        ("虞□香", "虞阿香", "lost"),
        ("虞*香", "虞阿香", "lost"),
        ("虞某香", "虞阿香", "lost"),
        ("虞**", "虞阿香", "covered"),
        ("王?", "王伟", "covered"),
        ("虞香", "虞阿香", "short"),
        ("虞阿香", "虞香", "short"),
        ("黄阿香", "王阿香", "dialect"),
        ("吴阿香", "胡阿香", "dialect"),
        ("孙阿香", "沈阿香", "dialect"),
        # Not so:
        ("虞阿?", "虞秀兰", "surname"),
        ("陈?香", "虞阿香", "other"),
        ("虞?", "虞阿香", "surname"),
        ("阿香", "虞阿香", "one"),
        ("虞兰", "虞阿香", "surname"),
        ("李阿香", "王阿香", "one"),
        ("黄秀兰", "王阿香", "other"),
        ("黄", "王", "other"),
    ],
)
def test_how_much_of_a_name_agrees(name: str, as_known: str, came: str) -> None:
    assert level(somebody(name=name), somebody(11, as_known), "name") == came


@pytest.mark.parametrize(
    ("born", "came"),
    [
        (date(1941, 3, 5), "same"),
        (date(1941, 5, 3), "swapped"),
        (date(1931, 3, 5), "digit"),
        (date(1941, 3, 15), "digit"),
        (date(1941, 4, 12), "lunar"),
        (date(1941, 9, 9), "other"),
        (date(1963, 5, 3), "other"),
    ],
)
def test_how_much_of_a_birth_date_agrees(born: date, came: str) -> None:
    assert level(somebody(born=born), somebody(11), "birth") == came


@pytest.mark.parametrize(
    ("number", "came"),
    [
        ("990000********0021", "part"),
        ("**************0021", "part"),
        ("****0021", "part"),
        ("990000****0021", "part"),
        ("990000194103050***", "front"),  # what a spreadsheet has left of it
        ("99000019410305****", "front"),
        ("990000********0049", "other"),
        ("990000****0049", "other"),
        ("990000194206050***", "other"),
        ("9900*********", ""),
        ("990000194103050012", "near"),
        ("99000019410305002", "near"),
        ("990000197809120012", "far"),
        ("9900001941", ""),
    ],
)
def test_how_much_of_a_number_agrees(number: str, came: str) -> None:
    row = somebody(plain_number=number)
    assert level(row, somebody(11, number="hers"), "number") == came


def test_a_digit_of_the_birth_date_is_no_agreement() -> None:
    """Two facts have to agree: the name and a date one digit off are one."""
    wrong = somebody(born=date(1931, 3, 5), **UNKNOWN)
    right = somebody(**UNKNOWN)
    person = somebody(11, **UNKNOWN)
    assert (matched(wrong, person).bucket, matched(right, person).bucket) == ("decide", "sure")
    assert matched(wrong, person).rivals[0].bits < matched(right, person).rivals[0].bits


def test_phone_and_door_count_for_more_with_the_name() -> None:
    """A mother's phone and door are her daughter's too; nobody else of her name has them."""
    only_phone: dict[str, Any] = {"born": None, "door": 0, "building": 0, "estate": 0}
    only_door: dict[str, Any] = {"born": None, "phone": "", "tail": ""}
    for known in (only_phone, only_door):
        assert matched(somebody(**known), somebody(11)).bucket == "sure"
        assert matched(somebody(name="虞秀兰", **known), somebody(11)).bucket != "sure"


def test_what_is_left_of_a_name_is_sure_with_enough_beside_it() -> None:
    assert matched(somebody(name="虞?香"), somebody(11)).bucket == "sure"
    assert matched(somebody(name="虞香"), somebody(11)).bucket == "sure"
    # With a birthday alone it may be anybody's, and one character tells no sisters apart.
    assert matched(somebody(name="虞?香", **UNKNOWN), somebody(11)).bucket == "decide"
    assert matched(somebody(name="虞**"), somebody(11)).bucket == "decide"


def test_two_sisters_whom_a_lost_character_does_not_tell_apart_are_looked_at() -> None:
    found = matched(somebody(name="虞阿?"), somebody(11), somebody(12, "虞阿芳"))
    assert (found.bucket, len(found.rivals)) == ("decide", 2)


def test_a_number_zeroed_by_a_spreadsheet_still_tells_the_birth_date() -> None:
    row = somebody(born=None, plain_number="990000194103050***", **UNKNOWN)
    known = somebody(11, number="hers", **UNKNOWN)
    found = matched(row, known)
    assert (found.bucket, dict(found.rivals[0].levels)["birth"]) == ("sure", "same")
    row.plain_number = "990000195108190***"
    assert matched(row, known).bucket != "sure"


def test_the_birth_date_of_a_number_is_no_second_witness() -> None:
    """Taken from the number, it agrees whenever the number does."""
    own = somebody(number="hers", **UNKNOWN)
    derived = somebody(number="hers", from_number=frozenset({"birth", "sex"}), **UNKNOWN)
    person = somebody(11, number="hers")
    assert "birth" in dict(matched(own, person).rivals[0].levels)
    assert set(dict(matched(derived, person).rivals[0].levels)) == {"number", "name"}


FROM_NUMBER = {"from_number": frozenset({"birth", "sex"}), **UNKNOWN}
HIM: dict[str, Any] = {"name": "邬根发", "sex": "1", "born": date(1950, 6, 7)}
AT_HIS_DOOR: dict[str, Any] = {"phone": "his", "tail": "9999", "door": 8}


def test_a_womans_number_beside_a_mans_name_is_put_before_somebody_with_both() -> None:
    row = somebody(number="hers", **HIM, **AT_HIS_DOOR)
    found = matched(row, somebody(11, number="hers"), somebody(12, **HIM, **AT_HIS_DOOR))
    assert (found.bucket, [one.key for one in found.rivals]) == ("decide", [11, 12])


@pytest.mark.parametrize("name", ["虞阿芳", "虞香", "虞?香"])
def test_an_equal_number_with_almost_her_name_and_another_sex_or_year(name: str) -> None:
    alike = somebody(name=name, number="hers", **UNKNOWN)
    assert matched(alike, somebody(11, number="hers")).bucket == "sure"
    for conflict in ({"sex": "1"}, {"born": None, "part": "1963"}):
        row = somebody(name=name, number="hers", **{**UNKNOWN, **conflict})
        assert matched(row, somebody(11, number="hers")).bucket == "decide"


def test_a_bare_number_is_put_before_somebody() -> None:
    bare = somebody(name="", number="hers", **FROM_NUMBER)
    found = matched(bare, somebody(11, number="hers"))
    assert (found.bucket, [one.key for one in found.rivals]) == ("decide", [11])
    # With her name, or her phone, it is hers.
    named = somebody(number="hers", **FROM_NUMBER)
    assert matched(named, somebody(11, number="hers")).bucket == "sure"
    bare.phone = "14300001234"
    assert matched(bare, somebody(11, number="hers")).bucket == "sure"


def test_a_number_that_is_more_than_a_digit_off_speaks_against_it() -> None:
    row = somebody(name="虞阿湘", born=None, phone="", tail="")
    known = somebody(11, number="hers")
    assert matched(row, known).bucket == "sure"
    row.plain_number = "990000197809120012"
    assert matched(row, known).bucket == "decide"


def test_his_name_with_the_other_sex_is_a_slip_and_a_twin_brother_is_not() -> None:
    assert matched(somebody(sex="1"), somebody(11)).bucket == "sure"
    assert matched(somebody(name="虞阿湘", sex="1"), somebody(11)).bucket == "decide"


def test_a_common_name_is_found_by_its_year() -> None:
    people = [
        somebody(100 + year, "王伟", **{**UNKNOWN, "born": date(1900 + year % 100, 3, 5)})
        for year in range(1, 96)
    ]
    row = somebody(
        1, "王伟", **{**UNKNOWN, "born": None, "part": "1941-03", "plain_number": NUMBER[:-1] + "0"}
    )
    assert matched(row, *people).rivals[0].key == 141


def test_every_weight_says_why() -> None:
    assert all(one.why for one in TABLE)
    assert len({(one.fact, one.level) for one in TABLE}) == len(TABLE)


def test_the_page_has_words_for_every_weight() -> None:
    assert set(WEIGHTS) - set(REASONS) == {("sex", "same")}
