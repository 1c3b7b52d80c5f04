"""What a worker types is understood as it was meant, and what is not known is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.core.errors import Refused
from linli.core.fields import DICTIONARY
from linli.workbench.conditions.results import Question
from linli.workbench.conditions.sentence import understood
from linli.workbench.conditions.sentence.lexicon import Lexicon, PlaceWords
from linli.workbench.conditions.sentence.pieces import PlaceRef
from linli.workbench.conditions.text.text_parser import condition_of
from linli.workbench.conditions.text.text_writer import NamesFrom

TODAY = date(2026, 11, 23)
TOWN = "330212007/"
YIN, DONG = f"{TOWN}330212007009/", f"{TOWN}330212007010/"
PLACES = {
    TOWN: ("subdistrict", "潘火街道"),
    YIN: ("community", "殷家社区"),
    DONG: ("community", "东城社区"),
    f"{YIN}001/": ("estate", "东方丽都"),
    f"{YIN}001/001/": ("building", "东方丽都3幢"),
    f"{YIN}001/002/": ("building", "东方丽都5幢"),
    f"{YIN}002/": ("estate", "金桥花园"),
    f"{YIN}002/001/": ("building", "金桥花园3幢"),
    f"{YIN}003/": ("grid", "第一网格"),
}
SHORT = {"东方丽都3幢": "3幢", "金桥花园3幢": "3幢", "东方丽都5幢": "5幢"}
REFS = [(PlaceRef(path, level), name) for path, (level, name) in PLACES.items()]
WORDS = PlaceWords([*REFS, *((ref, SHORT[name]) for ref, name in REFS if name in SHORT)])
NAMES = NamesFrom(PLACES)
LEXICON = Lexicon(DICTIONARY)
FILE = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text(encoding="utf-8"))
HELD_OUT_RIGHT = 57  # of 62 at the first run; may only grow


def ask(sentence: str) -> Question:
    return understood(
        sentence, lexicon=LEXICON, dictionary=DICTIONARY, places=WORDS, names=NAMES, today=TODAY
    )


def answer(sentence: str) -> dict[str, Any]:
    question = ask(sentence)
    return {
        "is": question.text,
        "subject": question.condition.subject,
        "asks": question.asks,
        "unknown": list(question.unknown),
    }


def expected(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "is": one["is"],
        "subject": one.get("subject", "person"),
        "asks": one.get("asks", "list"),
        "unknown": one.get("unknown", []),
    }


@pytest.mark.parametrize("one", FILE["develop"], ids=lambda one: one["say"])
def test_a_sentence_is_understood(one: dict[str, Any]) -> None:
    assert answer(one["say"]) == expected(one)


def test_sentences_never_looked_at_are_mostly_understood() -> None:
    wrong = [
        f"{one['say']}: {answer(one['say'])}"
        for one in FILE["held_out"]
        if answer(one["say"]) != expected(one)
    ]
    right = len(FILE["held_out"]) - len(wrong)
    print(f"held out: {right} of {len(FILE['held_out'])}", *wrong, sep="\n")
    assert right >= HELD_OUT_RIGHT


def test_a_word_that_is_not_known_is_shown_and_never_dropped() -> None:
    for words in ("喜欢下棋", "打过疫苗", "李四", "xyz"):
        shown = "".join(ask(f"{words}的老人").unknown)
        assert set(words) - set(shown) <= set("过")


def test_too_long_a_sentence_is_refused_in_words() -> None:
    with pytest.raises(Refused) as refused:
        ask("老人" * 200)
    assert refused.value.code == "sentence.too_long"


MORE = """
    老人 90岁以上 不 没有 或 和 、 的 3幢 殷家社区 户 楼 2000年 近30天 联系 出生 有 各 年龄 以上
    几 最低生活保障 九十 - 99999999999岁 2026-02-30 0000年 一百零一后
"""
PARTS = [*(one["say"] for one in FILE["develop"]), *MORE.split()]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=4), max_size=6).map("".join))
def test_whatever_is_typed_is_a_question_that_can_be_said_again(sentence: str) -> None:
    question = ask(sentence[:200])
    subject, where = question.condition.subject, question.condition.where
    assert condition_of(subject, question.text, DICTIONARY, NAMES).where == where
