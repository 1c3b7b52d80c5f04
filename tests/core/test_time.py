"""Ages, working days and dates come out as a Chinese office counts them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from linli.core.time import (
    NotADate,
    ParsedDate,
    Precision,
    UnknownYear,
    WorkCalendar,
    add_working_days,
    age_on,
    birth_bounds,
    born_on_or_before,
    is_working_day,
    parse_date,
    parse_moment,
    today,
    working_days_between,
)
from linli.core.time.parsing import SENTENCES
from linli.core.time.working_days import with_plan

DAY = date(2026, 11, 23)
DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))


def test_today_is_the_day_in_china() -> None:
    with time_machine.travel(datetime(2026, 11, 22, 16, 30, tzinfo=UTC), tick=False):
        assert today() == DAY


def test_an_age_changes_on_the_birthday() -> None:
    assert age_on(date(1936, 11, 23), DAY) == 90
    assert age_on(date(1936, 11, 24), DAY) == 89


def test_a_birthday_of_29_february_is_1_march_in_other_years() -> None:
    assert age_on(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert age_on(date(2004, 2, 29), date(2022, 3, 1)) == 18
    assert born_on_or_before(1, date(2024, 2, 29)) == date(2023, 2, 28)


@given(DATES, DATES, st.integers(0, 130))
def test_the_bound_on_birth_dates_says_the_same_as_the_age(
    birth: date, day: date, age: int
) -> None:
    assert (age_on(birth, day) >= age) == (birth <= born_on_or_before(age, day))


@given(DATES, DATES, st.integers(0, 60), st.integers(0, 60))
def test_bounds_of_an_age_range_hold_exactly_those_ages(
    birth: date, day: date, low: int, more: int
) -> None:
    after, until = birth_bounds(at_least=low, at_most=low + more, day=day)
    assert after is not None
    assert until is not None
    assert (low <= age_on(birth, day) <= low + more) == (after < birth <= until)


def test_an_age_beyond_the_calendar_has_a_bound() -> None:
    assert born_on_or_before(5000, DAY) == date.min
    assert born_on_or_before(-9000, DAY) == date.max
    assert birth_bounds(day=DAY) == (None, None)


def test_national_day_is_no_working_day_and_its_make_up_saturday_is_one() -> None:
    assert not is_working_day(date(2025, 10, 1))
    assert is_working_day(date(2025, 10, 11))  # a Saturday, worked for the holiday
    assert add_working_days(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert working_days_between(date(2025, 9, 30), date(2025, 10, 11)) == 3
    assert working_days_between(date(2025, 10, 11), date(2025, 9, 30)) == -3


def test_zero_working_days_is_the_day_itself_or_the_next_worked() -> None:
    assert add_working_days(date(2025, 9, 30), 0) == date(2025, 9, 30)
    assert add_working_days(date(2025, 10, 1), 0) == date(2025, 10, 9)
    assert add_working_days(date(2025, 10, 9), -1) == date(2025, 9, 30)


def test_a_year_without_a_plan_is_refused_in_words() -> None:
    with pytest.raises(UnknownYear) as refusal:
        add_working_days(date(2051, 12, 29), 5)
    assert refusal.value.code == "calendar.unknown_year"
    assert "2051年" in refusal.value.sentence
    assert refusal.value.hint


def test_an_operator_can_enter_a_plan() -> None:
    holidays = [date(2051, 1, 1), date(2051, 1, 2), date(2051, 1, 3)]
    entered = with_plan(WorkCalendar(), 2051, holidays, [date(2051, 1, 7)])
    assert entered.is_known(2051)
    assert not entered.is_known(2052)
    assert add_working_days(date(2051, 1, 1), 1, entered) == date(2051, 1, 4)
    assert is_working_day(date(2051, 1, 7), entered)  # a Saturday
    with pytest.raises(ValueError, match="not in 2051"):
        with_plan(entered, 2051, [DAY], [])


def test_one_override_wins_over_the_published_plan() -> None:
    stormy = WorkCalendar({date(2025, 9, 30): False})
    assert not is_working_day(date(2025, 9, 30), stormy)
    assert not is_working_day(date(2025, 10, 1), stormy)


def test_a_provisional_answer_follows_the_week() -> None:
    provisional = WorkCalendar(assume_weeks=True)
    assert add_working_days(date(2051, 6, 2), 1, provisional) == date(2051, 6, 5)
    assert not provisional.is_known(2051)


@given(st.dates(date(2010, 1, 1), date(2024, 1, 1)), st.integers(1, 60))
def test_adding_and_counting_working_days_agree(start: date, days: int) -> None:
    end = add_working_days(start, days)
    assert is_working_day(end)
    assert working_days_between(start, end) == days


@pytest.mark.parametrize(
    ("written", "value", "precision"),
    [
        ("1950年3月", date(1950, 3, 1), Precision.MONTH),
        ("1950.03.01", date(1950, 3, 1), Precision.DAY),
        ("1950-3-1 00:00:00", date(1950, 3, 1), Precision.DAY),
        ("１９５０／３／１", date(1950, 3, 1), Precision.DAY),
        ("19500301", date(1950, 3, 1), Precision.DAY),
        (19500301, date(1950, 3, 1), Precision.DAY),
        ("195003", date(1950, 3, 1), Precision.MONTH),
        (1950, date(1950, 1, 1), Precision.YEAR),
        (18323, date(1950, 3, 1), Precision.DAY),
        (18323.5, date(1950, 3, 1), Precision.DAY),
        ("一九五〇年三月一日", date(1950, 3, 1), Precision.DAY),
        ("二零二四年十二月三十一日", date(2024, 12, 31), Precision.DAY),
        ("1950年3月1号生", date(1950, 3, 1), Precision.DAY),
        ("1950.3.1日", date(1950, 3, 1), Precision.DAY),
        ("1950 3 1", date(1950, 3, 1), Precision.DAY),
        ("1950 1 1", date(1950, 1, 1), Precision.DAY),
        ("1950，3，1", date(1950, 3, 1), Precision.DAY),
        ("1950、3、1", date(1950, 3, 1), Precision.DAY),
        ("1950·3·1", date(1950, 3, 1), Precision.DAY),
        ("1950—3—1", date(1950, 3, 1), Precision.DAY),
        ("1950-3-1 星期三", date(1950, 3, 1), Precision.DAY),
        ("民国39年3月1日", date(1950, 3, 1), Precision.DAY),
        ("1994-05-16\u200b", date(1994, 5, 16), Precision.DAY),
        ("\ufeff1994-05\u00ad-16", date(1994, 5, 16), Precision.DAY),
        (1950.3, date(1950, 3, 1), Precision.MONTH),
        # Or October, of which a spreadsheet drops the zero.
        (1950.1, date(1950, 1, 1), Precision.YEAR),
        ("去年", date(2025, 1, 1), Precision.YEAR),
        ("去年3月", date(2025, 3, 1), Precision.MONTH),
        ("今年五月一日", date(2026, 5, 1), Precision.DAY),
        ("上个月", date(2026, 10, 1), Precision.MONTH),
        ("昨天", date(2026, 11, 22), Precision.DAY),
        (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), DAY, Precision.DAY),
        (DAY, DAY, Precision.DAY),
    ],
)
def test_a_date_is_read_however_it_is_written(
    written: object, value: date, precision: Precision
) -> None:
    assert parse_date(written, day=DAY) == ParsedDate(value, precision)


def test_a_count_of_days_from_an_old_mac_starts_in_1904() -> None:
    assert parse_date(16861, epoch_1904=True) == ParsedDate(date(1950, 3, 1), Precision.DAY)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "empty"),
        ("不详", "empty"),
        (None, "empty"),
        (float("nan"), "empty"),
        ("50年3月", "two_digit_year"),
        ("50.3.1", "two_digit_year"),
        ("五〇年三月", "two_digit_year"),
        ("500301", "two_digit_year"),
        ("3月5日", "no_year"),
        ("3-5", "no_year"),
        ("2023-02-29", "no_such_day"),
        ("1950年十三月", "no_such_day"),
        ("1750-01-01", "year_out_of_range"),
        ("农历三月初五", "lunar"),
        ("18323", "not_understood"),
        ("3/5/1950", "not_understood"),
        ("2024年春节", "not_understood"),
        ("1950-3~5", "not_understood"),
        ("1950-3.1", "not_understood"),
        (1950.125, "not_understood"),
        (True, "not_understood"),
    ],
)
def test_what_is_not_clear_is_refused_with_a_reason(written: object, code: str) -> None:
    answer = parse_date(written, day=DAY)
    assert isinstance(answer, NotADate)
    assert answer.code == code
    assert answer.sentence


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="0123456789年月日.-/号去今生一二十〇 :T"),
        st.floats(),
        st.integers(),
    )
)
def test_reading_a_date_or_a_moment_never_raises(written: object) -> None:
    assert isinstance(parse_moment(written), datetime | NotADate)
    answer = parse_date(written, day=DAY)
    assert isinstance(answer, ParsedDate) or answer.code in SENTENCES


@given(st.dates(date(1850, 1, 1), date(2200, 12, 31)))
def test_every_day_survives_each_way_of_writing_it(value: date) -> None:
    for written in (
        value.isoformat(),
        f"{value:%Y%m%d}",
        f"{value.year}年{value.month}月{value.day}日",
        f"{value.year}.{value.month}.{value.day}",
    ):
        assert parse_date(written) == ParsedDate(value, Precision.DAY)
