"""An identity number is accepted when it is right and explained when it is not."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from id_validator import validator as oracle

from linli.core.personal_data.identity import (
    DEMONSTRATION_DIVISION,
    SENTENCES,
    WARNINGS,
    IdentityNumber,
    NotAnIdentityNumber,
    SexCode,
    make_identity_number,
    read_identity_number,
    warning_sentence,
)

DAY = date(2026, 11, 23)
BIRTHS = st.dates(date(1905, 1, 1), date(2026, 11, 23))
MADE = st.builds(
    make_identity_number, st.sampled_from(["330212", "110101"]), BIRTHS, st.integers(1, 999)
)


def fault_of(text: str) -> NotAnIdentityNumber:
    answer = read_identity_number(text, day=DAY)
    assert isinstance(answer, NotAnIdentityNumber)
    assert answer.sentence
    return answer


def test_the_example_of_the_standard_passes() -> None:
    answer = read_identity_number("11010519491231002X", day=DAY)
    assert answer == IdentityNumber("11010519491231002X", date(1949, 12, 31), SexCode.FEMALE)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
    ],
)
def test_it_may_be_typed_carelessly(typed: str) -> None:
    answer = read_identity_number(typed, day=DAY)
    assert isinstance(answer, IdentityNumber)
    assert answer.value == "11010519491231002X"


def test_fifteen_digits_are_upgraded() -> None:
    answer = read_identity_number("110105491231002", day=DAY)
    assert isinstance(answer, IdentityNumber)
    assert answer.value == "11010519491231002X"
    assert answer.warnings == ("upgraded",)
    assert "18位" in warning_sentence("upgraded")


@pytest.mark.parametrize(
    ("typed", "code", "position"),
    [
        ("", "empty", None),
        ("1101051949123100", "length", None),
        ("110105194912310O2X", "character", 16),
        ("1101051949X231002X", "character", 11),
        ("110105194902300021", "date", 7),
        ("110105202612310021", "future", 7),
        ("110105194912310021", "check", 18),
        ("1.10105194912310E+17", "rounded", None),
    ],
)
def test_a_refusal_says_what_is_wrong_and_where(
    typed: str, code: str, position: int | None
) -> None:
    fault = fault_of(typed)
    assert (fault.code, fault.position) == (code, position)


def test_the_wrong_character_is_named() -> None:
    assert "第16位“O”" in fault_of("110105194912310O2X").sentence


def test_an_unknown_region_only_warns() -> None:
    answer = read_identity_number(make_identity_number("990101", date(1950, 3, 1), 11), day=DAY)
    assert isinstance(answer, IdentityNumber)
    assert answer.warnings == ("unknown_region",)


def test_a_demonstration_number_says_that_it_is_one() -> None:
    number = make_identity_number(DEMONSTRATION_DIVISION, date(1950, 3, 1), 11)
    answer = read_identity_number(number, day=DAY)
    assert isinstance(answer, IdentityNumber)
    assert answer.warnings == ("demonstration",)
    assert not oracle.is_valid(number)  # no division of this code ever existed


@pytest.mark.parametrize("division", ["810000", "911124"])
def test_residents_from_hong_kong_and_abroad_have_numbers_too(division: str) -> None:
    answer = read_identity_number(make_identity_number(division, date(1981, 2, 3), 11), day=DAY)
    assert isinstance(answer, IdentityNumber)
    assert answer.warnings == ()


@settings(max_examples=30)  # the oracle takes 30 ms for each
@given(MADE)
def test_what_is_made_passes_here_and_by_the_oracle(number: str) -> None:
    answer = read_identity_number(number, day=DAY)
    assert isinstance(answer, IdentityNumber)
    assert oracle.is_valid(number)
    known = oracle.get_info(number)
    assert known["birthday_code"] == answer.birth_date.isoformat()
    assert (known["sex"] == 1) == (answer.sex is SexCode.MALE)


@given(MADE, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: str, place: int, shift: int) -> None:
    wrong = str((int(number[place]) + shift) % 10)
    fault_of(number[:place] + wrong + number[place + 1 :])


@given(MADE, st.integers(0, 16))
def test_two_neighbours_changed_over_are_always_noticed(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    fault_of(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@settings(max_examples=50)
@given(
    st.from_regex(
        r"(330212|110101)(19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9X]", fullmatch=True
    )
)
def test_we_agree_with_the_oracle_about_any_eighteen_characters(number: str) -> None:
    assume(not re.match(".{14}000", number))  # the oracle refuses a sequence nobody has forbidden
    ours = read_identity_number(number, day=date.today())  # noqa: DTZ011
    assert isinstance(ours, IdentityNumber) == bool(oracle.is_valid(number))


@given(st.text())
def test_reading_never_raises(text: str) -> None:
    answer = read_identity_number(text, day=DAY)
    if isinstance(answer, NotAnIdentityNumber):
        assert answer.code in SENTENCES
        assert answer.sentence
    else:
        assert set(answer.warnings) <= set(WARNINGS)


def test_nobody_makes_a_number_of_nonsense() -> None:
    with pytest.raises(ValueError, match="six digits"):
        make_identity_number("33", date(1950, 3, 1), 11)


def test_a_number_cut_short_by_a_spreadsheet_is_told() -> None:
    """Zeros at the end pass the check once in eleven times; they are a warning, no refusal."""
    read = read_identity_number("999001195001020000")
    assert isinstance(read, IdentityNumber)
    assert "lost_digits" in read.warnings
    good = read_identity_number("999001196001010114")
    assert isinstance(good, IdentityNumber)
    assert "lost_digits" not in good.warnings
    for text in ("3.30212E+17", "3E+17", "３.3E+17", "'3.30212E+17"):
        assert getattr(read_identity_number(text), "code", "") == "rounded", text
