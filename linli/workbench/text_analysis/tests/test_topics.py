"""Many people write about one thing: the station sees it as a topic, named by their own words."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.workbench.text_analysis.similarity import ComparedMessage
from linli.workbench.text_analysis.tests import shared
from linli.workbench.text_analysis.tests.test_suggest import ODD
from linli.workbench.text_analysis.topics import groups, hot_topics
from tests.examples import examples

TODAY = date(2026, 11, 23)
MIXER = (
    "丽发新城旁边的搅拌站整夜轰鸣",
    "搅拌站粉尘飘进丽发新城，不敢开窗",
    "丽发新城搅拌站噪音太大",
    "请拆除丽发新城附近的搅拌站",
    "丽发新城小区的搅拌站吵得孩子睡不着",
)
LIFT = ("金桥花园电梯加装什么时候动工", "金桥花园加装电梯停工了", "金桥花园的电梯加装费用怎么分")


def _week(texts: tuple[str, ...], ago: int, name: str) -> list[ComparedMessage]:
    day = TODAY - timedelta(days=ago)
    return [ComparedMessage(f"{name}{n}", text, day=day) for n, text in enumerate(texts)]


def test_a_topic_has_a_name_of_its_own_words_a_size_and_a_trend() -> None:
    rows = _week(MIXER, 2, "m") + _week(LIFT, 3, "l") + _week(MIXER[:2], 16, "before")
    rows.append(ComparedMessage("alone", "诚信路上路灯坏了", day=TODAY))
    mixer, lift = hot_topics(rows, until=TODAY)
    assert (mixer.size, mixer.before, mixer.change) == (5, 2, 3)
    assert "丽发新城" in mixer.name
    assert "搅拌站" in mixer.name
    assert (lift.size, lift.change) == (3, 3)
    assert "金桥花园" in lift.name
    assert mixer.example in mixer.keys
    assert (mixer.first_day, mixer.last_day) == (TODAY - timedelta(days=2),) * 2


def test_every_word_of_a_name_stands_in_the_messages() -> None:
    for topic in hot_topics(_week(MIXER, 1, "m") + _week(LIFT, 1, "l"), until=TODAY):
        for word in topic.words:
            assert any(word in text for text in (*MIXER, *LIFT))


def test_what_was_hot_before_and_is_no_more_is_no_hot_topic() -> None:
    assert hot_topics(_week(MIXER, 20, "m"), until=TODAY) == []
    assert hot_topics(_week(MIXER, -5, "future"), until=TODAY) == []
    assert hot_topics([]) == []


def test_without_days_all_messages_are_one_period() -> None:
    rows = [*_week(MIXER, 200, "m"), ComparedMessage("undated", MIXER[0])]
    (topic,) = hot_topics(rows, days=None)
    assert (topic.size, topic.before) == (6, 0)


def test_nobody_is_in_two_groups() -> None:
    rows = _week(MIXER, 1, "m") + _week(LIFT, 1, "l")
    members = [at for group in groups(rows) for at in group]
    assert len(members) == len(set(members))


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_input_is_grouped(text: str) -> None:
    hot_topics([ComparedMessage(n, text, day=TODAY) for n in range(4)], until=TODAY)


@settings(max_examples=examples(15), deadline=None)
@given(texts=st.lists(st.text(max_size=40), max_size=10))
def test_any_texts_are_grouped_the_same_way_twice(texts: list[str]) -> None:
    rows = [ComparedMessage(n, text * 2, day=TODAY) for n, text in enumerate(texts)]
    first = hot_topics(rows, until=TODAY, least_size=2)
    assert first == hot_topics(rows, until=TODAY, least_size=2)
    assert all(topic.name == topic.name.strip() or not topic.words for topic in first)


@shared.needs_messages
def test_the_real_messages_are_grouped_as_we_judged_them() -> None:
    rows, ours = shared.messages(), shared.groups()
    assert len(set(ours.values())) >= 60
    before = time.process_time()
    found = groups(rows)
    assert time.process_time() - before < 10
    together = pure = 0
    for group in found:
        judged = Counter(ours[str(rows[at].key)] for at in group if rows[at].key in ours)
        if judged.total() > 1:
            together += judged.total()
            pure += judged.most_common(1)[0][1]
    assert together >= 200
    assert pure / together >= 0.95
