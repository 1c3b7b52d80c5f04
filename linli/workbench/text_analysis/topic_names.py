"""The name of a group of messages, made of words that stand in them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log

from linli.workbench.text_analysis.texts import pieces, plain_text, sentences

LONGEST_READ = 200
LONGEST_WORD, SHORTEST_WORD = 9, 2
MOST_WORDS = 3
LONGEST_NAME = 24
WANTED_SHARE = 0.45  # of the messages that have a word of the name
WANTED_VARIETY = 0.3  # different neighbours for each message that has the word
TITLE_WEIGHT = 2
MOST_JUDGED = 60
_POLITE = (
    "尊敬的",
    "领导",
    "您好",
    "你好",
    "谢谢",
    "请问",
    "咨询",
    "反映",
    "投诉",
    "举报",
    "建议",
    "希望",
    "关于",
    "再次",
    "强烈",
    "请求",
    "恳请",
    "有关部门",
    "相关部门",
    "望",
    "书记",
    "市长",
    "的问题",
    "问题",
    "严重",
    "何时",
    "什么时候",
    "如何",
    "怎么",
    "为什么",
    "能否",
    "可以",
    "我们",
    "有没有",
    "情况",
    "解决",
    "处理",
    "没有",
    "一直",
    "现在",
    "因为",
    "所以",
    "但是",
    "不知",
)
_VAGUE = frozenset(
    {"附近", "周边", "小区", "社区", "街道", "业主", "居民", "物业", "多年", "开始", "办法", "目前"}
)
_LOOSE = (
    "的了在是和有吗呢被与及等我你他她这那就也都还很不到把让给对从向为个请又再将会能要说问之以而或其啊吧"
    "旁上下中里内外后前边"
)
_SUFFIXES = "区县市镇村路号幢栋层期级家者"
_EDGES = re.compile(f"^[{_LOOSE}{_SUFFIXES}]|[{_LOOSE}]$")


@dataclass
class _Word:
    """In which messages a run of characters stands, and what stands beside it."""

    texts: set[int] = field(default_factory=set)
    titles: set[int] = field(default_factory=set)
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Does it stand beside different characters, as whole words do?"""
        wanted = max(min(2, len(self.texts)), WANTED_VARIETY * len(self.texts))
        return min(len(self.before), len(self.after)) >= wanted


def name_of(
    messages: Sequence[tuple[str, str]], everything: Sequence[str] = ()
) -> tuple[str, tuple[str, ...], int]:
    """Return a name, its words, and which of these (title, text) is most like the others.

    ``everything`` are the plain texts of all groups: a word that all of them have tells little.
    """
    candidates = _words(messages, max(2, WANTED_SHARE * len(messages)))
    example = _most_central(messages)
    likely = _likely(candidates, len(messages), everything)
    chosen = _apart(likely, candidates)
    title, text = messages[example]
    if not chosen:
        return (title.strip() or text.strip())[:LONGEST_NAME], (), example
    plain = plain_text(f"{title} {text}")
    chosen.sort(key=lambda word: plain.find(word) if word in plain else len(plain))
    written = _written(chosen, messages)
    return "·".join(written), tuple(written), example


def _likely(candidates: dict[str, _Word], messages: int, everything: Sequence[str]) -> list[str]:
    """Return the words that may stand in the name, the most telling first."""
    titled = any(about.titles for about in candidates.values())
    whole = [
        (_worth(word, about, messages), word)
        for word, about in candidates.items()
        if (about.titles or not titled) and about.is_whole and not _is_empty(word)
    ]
    weighed = []
    # Looking a word up in every text takes long: only the worthiest are.
    for worth, word in sorted(whole, reverse=True)[:MOST_JUDGED]:
        elsewhere = sum(word in text for text in everything)
        weighed.append((worth * log((2 + len(everything)) / (1 + elsewhere)), word))
    return [word for _worth, word in sorted(weighed, reverse=True)]


def _written(words: Sequence[str], messages: Sequence[tuple[str, str]]) -> list[str]:
    """Return the words as people wrote them, with their capitals."""
    whole = "\n".join(f"{title}\n{text[:LONGEST_READ]}" for title, text in messages)
    lower = whole.lower()
    # Some letters change their length in lower case; then the positions do not fit.
    if len(lower) != len(whole):
        return list(words)
    places = [lower.find(word) for word in words]
    return [
        whole[at : at + len(word)] if at >= 0 else word
        for at, word in zip(places, words, strict=True)
    ]


def _words(messages: Sequence[tuple[str, str]], least: float) -> dict[str, _Word]:
    """Return the runs of characters that so many messages have, with what stands beside them."""
    runs = [list(_runs(title, text)) for title, text in messages]
    counts: Counter[str] = Counter()
    for own in runs:
        counts.update({word for run, _is_title in own for word, _at in _cut(run)})
    shared = {word: _Word() for word, count in counts.items() if count >= least}
    for number, own in enumerate(runs):
        for run, is_title in own:
            for word, at in _cut(run):
                if word in shared:
                    _note(shared[word], run, at, at + len(word), number, is_title)
    return shared


def _runs(title: str, text: str) -> Iterator[tuple[str, bool]]:
    for part, is_title in ((title, True), (text[:LONGEST_READ], False)):
        for sentence in sentences(part):
            yield from ((run, is_title) for run in plain_text(sentence).split())


def _cut(run: str) -> Iterator[tuple[str, int]]:
    for length in range(SHORTEST_WORD, min(LONGEST_WORD, len(run)) + 1):
        for at in range(len(run) - length + 1):
            yield run[at : at + length], at


def _note(about: _Word, run: str, at: int, end: int, number: int, is_title: bool) -> None:
    about.texts.add(number)
    if is_title:
        about.titles.add(number)
    # The end of a sentence is a boundary each time anew.
    about.before.add(run[at - 1] if at else f"<{number}{is_title}")
    about.after.add(run[end] if end < len(run) else f">{number}{is_title}")


def _worth(word: str, about: _Word, messages: int) -> float:
    shared = len(about.texts) + TITLE_WEIGHT * len(about.titles)
    return shared / messages * float(min(len(word), 6) ** 0.8)


def _is_empty(word: str) -> bool:
    """Says this run nothing of its own, or is it cut in the middle?"""
    if word in _VAGUE or _EDGES.search(word) or word.isascii():
        return True
    return any(polite in word for polite in _POLITE)


def _apart(words: Sequence[str], candidates: dict[str, _Word]) -> list[str]:
    """Choose the worthiest words that do not repeat each other."""
    chosen: list[str] = []
    for word in words:
        longer = [one for one in chosen if word in one]
        shorter = [one for one in chosen if one in word]
        if longer or any(_overlap(word, one) for one in chosen if one not in shorter):
            continue
        if len(shorter) == 1 and len(candidates[word].texts) >= 0.6 * len(
            candidates[shorter[0]].texts
        ):
            chosen[chosen.index(shorter[0])] = word
        elif not shorter and len(chosen) < MOST_WORDS:
            chosen.append(word)
    while len(chosen) > 1 and sum(map(len, chosen)) > LONGEST_NAME:
        chosen.pop()
    return chosen


def _overlap(one: str, other: str) -> bool:
    """Do two words share two characters in a row?"""
    return any(one[at : at + 2] in other for at in range(len(one) - 1))


def _most_central(messages: Sequence[tuple[str, str]]) -> int:
    """Return the message whose title has most pieces in common with the other titles."""
    titles = [
        set(pieces(plain_text(title) or plain_text(text)[:40], 2, 2)) for title, text in messages
    ]
    shared: dict[str, int] = defaultdict(int)
    for title in titles:
        for piece in title:
            shared[piece] += 1
    worth = [sum(shared[one] for one in title) / (len(title) + 4) for title in titles]
    return max(range(len(messages)), key=worth.__getitem__)
