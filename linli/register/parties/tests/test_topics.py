"""Topics: the many words people have for what they need."""

from __future__ import annotations

import pytest

from linli.register.parties.topics import TOPICS, topic_keys


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("修漏水的电梯", ["plumbing", "lift"]),
        ("a leaking lift", ["plumbing", "lift"]),
        ("忘带钥匙进不了门", ["lock"]),
        ("电梯困人、维保", ["lift"]),
        ("今天天气不错", []),
        ("1101室", []),
        ("老人想不开", ["mind"]),
        ("電梯", ["lift"]),
    ],
)
def test_topics_are_found_in_peoples_own_words(text: str, keys: list[str]) -> None:
    assert topic_keys(text) == keys


def test_no_word_means_two_topics() -> None:
    words = [word for topic in TOPICS for word in topic.synonyms]
    assert sorted(words) == sorted(set(words))


def test_every_topic_is_found_by_its_own_name() -> None:
    assert [topic.key for topic in TOPICS if topic.key not in topic_keys(topic.words)] == []
