"""Hot topics: similar messages of some days in one group, named by their own words."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linli.workbench.text_analysis.similarity import ComparedMessage, likenesses
from linli.workbench.text_analysis.texts import plain_text
from linli.workbench.text_analysis.topic_names import name_of
from linli.workbench.text_analysis.vectors import with_ordinary_words

LINKED_FROM = 0.08
GROUPED_FROM = 0.13  # mean likeness of two groups that become one
LARGE, LARGE_FROM = 5, 0.09  # large groups are more mixed in themselves
LEAST_SIZE = 3
MOST_TOPICS = 20
USUAL_DAYS = 14
SPARE = 10  # groups of the same size compete for the last places
FIRST_WORDS = 100


@dataclass(frozen=True)
class HotTopic:
    """A group of messages; ``before`` is how many it had in the period before this one."""

    name: str
    words: tuple[str, ...]
    keys: tuple[Hashable, ...]
    example: Hashable  # the message that is most like the others
    before: int = 0
    first_day: date | None = None
    last_day: date | None = None

    @property
    def size(self) -> int:
        """Return how many messages it has in this period."""
        return len(self.keys)

    @property
    def change(self) -> int:
        """Return how many more it has than in the period before."""
        return self.size - self.before


def hot_topics(
    messages: Iterable[ComparedMessage],
    *,
    until: date | None = None,
    days: int | None = USUAL_DAYS,
    least_size: int = LEAST_SIZE,
    most: int | None = MOST_TOPICS,
) -> list[HotTopic]:
    """Return what many messages of the last days are about, the largest first.

    Without ``days`` all messages are one period; messages without a day belong to this period.
    """
    all_messages = list(messages)
    dated = [message.day for message in all_messages if message.day]
    last = until or max(dated, default=None)
    if days is None or last is None:
        now, before = all_messages, []
    else:
        now = [
            message
            for message in all_messages
            if message.day is None or 0 <= (last - message.day).days < days
        ]
        start = last - timedelta(days=days)
        before = [
            message
            for message in all_messages
            if message.day and 0 <= (start - message.day).days < days
        ]
    both = [*now, *before]
    large = [group for group in groups(both) if sum(at < len(now) for at in group) >= least_size]
    large.sort(key=lambda group: -sum(at < len(now) for at in group))
    if most is not None:
        large = large[: most + SPARE]
    everything = [plain_text(f"{message.title} {message.text[:FIRST_WORDS]}") for message in both]
    topics = [_topic(group, both, len(now), everything) for group in large]
    topics.sort(key=lambda message: (-message.size, -message.change, message.name))
    return topics[:most]


def groups(messages: Sequence[ComparedMessage], least: float = GROUPED_FROM) -> list[list[int]]:
    """Return groups of places in the list that are alike on the average; each is in one at most."""
    vocabulary = with_ordinary_words()
    parts = [
        vocabulary.parts(compared_message.text, compared_message.title, learn=True)
        for compared_message in messages
    ]
    if not parts:
        return []
    links: dict[int, dict[int, float]] = defaultdict(dict)
    for one, other, likeness in likenesses(vocabulary.matrix(parts), LINKED_FROM):
        links[one][other] = links[other][one] = likeness
    return _joined(links, least)


def _joined(links: dict[int, dict[int, float]], least: float) -> list[list[int]]:
    """Join the two groups that are most alike on the average, again and again."""
    members = {link: [link] for link in links}
    waiting = [
        (-likeness, one, other)
        for one, near in links.items()
        for other, likeness in near.items()
        if one < other and likeness >= least
    ]
    heapq.heapify(waiting)
    fresh = max(links, default=0) + 1
    while waiting:
        _likeness, one, other = heapq.heappop(waiting)
        # One of the two was joined to another group since this pair was put on the heap.
        if one not in members or other not in members:
            continue
        members[fresh] = members.pop(one) + members.pop(other)
        total: dict[int, float] = defaultdict(float)
        for old in (one, other):
            for near, likeness in links.pop(old).items():
                # Sums, not means: the mean of a joined group is worked out from them.
                total[near] += likeness
        links[fresh] = {}
        for near, likeness in total.items():
            if near not in members or near == fresh:
                continue
            links[fresh][near] = links[near][fresh] = likeness
            sizes = len(members[fresh]), len(members[near])
            mean = likeness / (sizes[0] * sizes[1])
            if mean >= (least if min(sizes) < LARGE else LARGE_FROM):
                heapq.heappush(waiting, (-mean, min(near, fresh), max(near, fresh)))
        fresh += 1
    return [sorted(group) for group in members.values() if len(group) > 1]


def _topic(
    group: Sequence[int], messages: Sequence[ComparedMessage], until: int, everything: Sequence[str]
) -> HotTopic:
    """Return the topic of a group; those from ``until`` on are of the period before."""
    now = [messages[at] for at in group if at < until]
    name, words, example = name_of([(message.title, message.text) for message in now], everything)
    dated = [message.day for message in now if message.day]
    return HotTopic(
        name,
        words,
        tuple(message.key for message in now),
        now[example].key,
        len(group) - len(now),
        min(dated, default=None),
        max(dated, default=None),
    )
