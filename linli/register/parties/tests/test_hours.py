"""Opening hours: the usual Chinese writing is understood, the rest refused in words."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from linli.core.errors import Refused
from linli.core.time import CHINA
from linli.register.parties.hours import hours_words, is_holiday, parse_hours, read_hours

MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("周一至周五 8:30-17:00", "周一至周五 8:30-17:00"),
        ("24小时", "24小时"),
        ("全天", "24小时"),
        ("24小时（夜间值班）", "24小时"),
        ("工作日 9-17", "工作日 9:00-17:00"),
        ("夜间值班 22:00-6:00", "每天 22:00-次日6:00"),
        ("星期一到星期六 8：00～17：30", "周一至周六 8:00-17:30"),
        ("周一、三、五 上午8:30-11:30 下午2:00-5:00", "周一、周三、周五 8:30-11:30、14:00-17:00"),
        ("八点到二十点半", "每天 8:00-20:30"),
        ("晚上6点到9点", "每天 18:00-21:00"),
        ("每天8:00-20:00，周日休息", "周一至周六 8:00-20:00"),
        ("工作日 8:30-17:00；节假日 9:00-11:00", "工作日 8:30-17:00；节假日 9:00-11:00"),
        ("周六日 9:00-12:00", "周六、周日 9:00-12:00"),
        ("周一至周日 8:00-17:00 节假日休息", "每天 8:00-17:00；节假日休息"),
    ],
)
def test_the_usual_writing_is_understood_and_said_in_one_spelling(written: str, said: str) -> None:
    hours = parse_hours(written)
    assert hours_words(hours) == said
    assert parse_hours(said) == hours


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("看情况", "看情况"),
        ("周一至周五 8:30-17:00 下雨不来", "下雨不来"),
        ("工作日", "几点到几点"),
        ("8:30-5:00", "结束早于开始"),
        ("25:00-26:00", "25:00"),
        ("周八 9:00-10:00", "周八"),
        ("", "几点到几点"),
        ("9:00-10:00" * 9, "最多80字"),
    ],
)
def test_what_is_not_understood_is_refused_in_words(written: str, why: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_hours(written)
    assert why in refused.value.sentence
    assert refused.value.field == "hours"
    assert read_hours(written) is None


def test_the_night_belongs_to_the_evening_before() -> None:
    hours = parse_hours("周一至周五 22:00-次日6:00")
    assert not hours.is_open(at(MONDAY, 3))  # Sunday evening nobody came
    assert hours.is_open(at(MONDAY, 23))
    assert hours.is_open(at(SATURDAY, 3))
    assert hours.closes(at(SATURDAY, 3)) == at(SATURDAY, 6)
    assert hours.opens(at(SATURDAY, 7)) == at(date(2026, 11, 30), 22)


def test_working_days_follow_the_plan_of_the_state_council() -> None:
    hours = parse_hours("工作日 9:00-17:00")
    assert not hours.is_open(at(date(2026, 10, 1), 10))  # a Thursday, National Day
    assert hours.is_open(at(date(2026, 10, 10), 10))  # a Saturday worked instead
    assert parse_hours("周一至周五 9:00-17:00").is_open(at(date(2026, 10, 1), 10))
    assert not parse_hours("周一至周五 9:00-17:00 节假日休息").is_open(at(date(2026, 10, 1), 10))


def test_an_ordinary_weekend_is_no_holiday() -> None:
    assert not is_holiday(SATURDAY)
    assert is_holiday(date(2026, 10, 3))  # the Saturday within the National Day holiday


def test_after_the_longest_holiday_the_next_opening_is_still_found() -> None:
    assert parse_hours("工作日 9:00-17:00").opens(at(date(2026, 9, 30), 18)) is not None
