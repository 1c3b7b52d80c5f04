"""R5: what somebody asks at three in the morning is read: the moment, the thing, the rest."""

from __future__ import annotations

from datetime import datetime

import pytest

from linli.capabilities.directory.search_words import read_moment, read_topics, words_left
from linli.core.time import CHINA

NOW = datetime(2026, 11, 23, 20, 15, tzinfo=CHINA)  # a Monday evening


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("谁能在夜里三点来修漏水的电梯", "2026-11-24 03:00"),
        ("leaking lift at 3 am here", "2026-11-24 03:00"),
        ("凌晨3点", "2026-11-24 03:00"),
        ("周日下午", "2026-11-29 15:00"),
        ("下周三上午9点半", "2026-12-02 09:30"),
        ("今晚三点", "2026-11-24 03:00"),
        ("明天", "2026-11-24 10:00"),
        ("周末", "2026-11-28 10:00"),
        ("半夜12点", "2026-11-24 00:00"),
        ("下午5点一刻", "2026-11-24 17:15"),
        ("3:30pm", "2026-11-24 15:30"),
        ("周一早上8点", "2026-11-30 08:00"),
        ("晚上", "2026-11-23 20:15"),
        ("现在", "2026-11-23 20:15"),
        ("中午12点", "2026-11-24 12:00"),
        ("sunday afternoon", "2026-11-29 15:00"),
    ],
)
def test_the_moment_is_read(text: str, when: str) -> None:
    moment, _rest = read_moment(text, NOW)
    assert f"{moment.at:%Y-%m-%d %H:%M}" == when
    assert moment.is_said


@pytest.mark.parametrize("text", ["电梯", "99点", "25:70", ""])
def test_what_says_no_moment_means_now(text: str) -> None:
    moment, _rest = read_moment(text, NOW)
    assert (moment.at, moment.is_said) == (NOW, False)


@pytest.mark.parametrize(
    ("text", "main", "other", "left"),
    [
        ("谁能来修漏水的电梯", ["lift"], ["plumbing"], []),
        ("leaking lift at here", ["lift"], ["plumbing"], []),
        ("下水道堵了", ["plumbing"], [], []),
        ("请问谁能抓外星人", [], [], ["抓外星人"]),
        ("找王经理", [], [], ["王经理"]),
    ],
)
def test_things_come_before_troubles_and_other_words_are_kept(
    text: str, main: list[str], other: list[str], left: list[str]
) -> None:
    topics, rest = read_topics(text)
    assert [one.key for one in topics.main] == main
    assert [one.key for one in topics.other] == other
    assert words_left(rest) == left
