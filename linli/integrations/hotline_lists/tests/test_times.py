"""Times and numbers as hotlines write them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from linli.core.time import CHINA, NotADate, parse_moment
from linli.integrations.hotline_lists.columns import columns_of
from linli.integrations.hotline_lists.lines import lines_of
from linli.integrations.hotline_lists.preview import table_of_file

FOUND = Path(__file__).resolve().parents[5] / "shared" / "data" / "found"


def moment(*parts: int) -> datetime:
    """A moment as China counts it."""
    return datetime(*parts, tzinfo=CHINA)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("2026年11月28日9时8分", moment(2026, 11, 28, 9, 8)),
        ("20261128090700", moment(2026, 11, 28, 9, 7)),
        (20261128090700, moment(2026, 11, 28, 9, 7)),
        ("2026/11/28 下午3:10", moment(2026, 11, 28, 15, 10)),
        ("2026-11-28 中午12:10", moment(2026, 11, 28, 12, 10)),
        ("2026-11-28 9:05 PM", moment(2026, 11, 28, 21, 5)),
        ("2026-11-28 24:00", moment(2026, 11, 29, 0, 0)),
        ("2026-11-28T09:12:00Z", moment(2026, 11, 28, 17, 12)),
        ("2026年11月28日上午9点半", moment(2026, 11, 28, 9, 30)),
        ("2026-11-28", moment(2026, 11, 28, 0, 0)),
    ],
)
def test_times_are_read_as_they_are_meant(written: object, right: datetime) -> None:
    assert parse_moment(written) == right


@pytest.mark.parametrize("written", ["2026-11-28 25:00", "2026-11-28 24:01", "11-28 09:09", "9:05"])
def test_a_time_that_is_none_is_not_left_out(written: str) -> None:
    assert isinstance(parse_moment(written), NotADate)


def test_lists_that_failed_are_read() -> None:
    table = table_of_file((FOUND / "t1-hotline-times.csv").read_bytes(), "t1.csv")
    lines, troubles = lines_of(table, columns_of(table.headings))
    assert troubles == []
    assert [(one.at.hour, one.at.minute) for one in lines] == [(9, 8), (9, 7), (15, 10)]


@pytest.mark.parametrize("name", ["c3-day1.csv", "c3-day2.csv", "c3-same-file.csv"])
def test_a_number_cut_short_is_refused_at_once(name: str) -> None:
    table = table_of_file((FOUND / name).read_bytes(), name)
    lines, troubles = lines_of(table, columns_of(table.headings))
    assert lines == []
    assert {one.what for one in troubles} == {"表格软件把编号当作数字，后几位已丢失"}


def test_the_rest_of_a_real_list_comes_in() -> None:
    table = table_of_file((FOUND / "c1-hotline.xlsx").read_bytes(), "c1.xlsx")
    lines, troubles = lines_of(table, columns_of(table.headings))
    of = {line.number: line.at for line in lines}
    assert of["SH-2026-11-0006"] == moment(2026, 11, 29)
    assert moment(2026, 11, 28, 17, 12) in [line.at for line in lines]
    # No year, a moment in the future, and milliseconds of a machine.
    refused = {trouble.cells[0] for trouble in troubles}
    assert {"SH-2026-11-0005", "SH-2026-11-0008", "SH-2026-11-0011"} <= refused
