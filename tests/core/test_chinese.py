"""Names are found however they are typed, and numbers however they are written."""

from __future__ import annotations

import random
import sqlite3
import time

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from linli.core.chinese.normalise import (
    for_matching,
    half_width,
    tidy,
    to_simplified,
    without_spaces,
)
from linli.core.chinese.numerals import to_number
from linli.core.chinese.pinyin import name_pinyin, name_readings, place_pinyin, typed_pinyin
from linli.core.chinese.search import fts5_query, index_name, index_text, query_tokens, tsquery
from linli.core.chinese.surnames import surname_of
from linli.core.database.raw_sql import run

CHINESE = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1)


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("张三", "zhang san"),
        ("曾小红", "zeng xiao hong"),
        ("单雄信", "shan xiong xin"),
        ("仇和", "qiu he"),
        ("区志航", "ou zhi hang"),
        ("解晓东", "xie xiao dong"),
        ("朴志明", "piao zhi ming"),
        ("查良镛", "zha liang yong"),
        ("任长霞", "ren chang xia"),
        ("尉迟恭", "yu chi gong"),
        ("万俟小兰", "mo qi xiao lan"),
        ("长孙无忌", "zhang sun wu ji"),
        ("欧阳修", "ou yang xiu"),
        ("令狐冲", "ling hu chong"),
        ("吕布", "lv bu"),
        ("張學友", "zhang xue you"),
        ("单增·多吉", "dan zeng duo ji"),
        ("阿卜杜·热合曼", "a bo du re he man"),
        ("John Smith", "john smith"),
    ],
)
def test_a_surname_is_read_as_a_surname(name: str, spoken: str) -> None:
    assert name_pinyin(name).spaced == spoken


def test_initials_are_the_first_letters() -> None:
    assert name_pinyin("万俟小兰").initials == "mqxl"


def test_a_name_with_two_readings_is_found_by_both() -> None:
    assert [reading.full for reading in name_readings("覃乐")] == [
        "qinle",
        "qinyue",
        "tanle",
        "tanyue",
    ]
    assert {"qinle", "tanyue", "tl", "覃乐"} <= set(index_name("覃乐").split())


def test_a_surname_of_two_characters_needs_a_given_name() -> None:
    assert surname_of("欧阳小红") == "欧阳"
    assert surname_of("欧阳") == "欧"
    assert surname_of("张三") == "张"


@pytest.mark.parametrize(
    ("place", "full"),
    [
        ("殷家社区", "yinjiashequ"),
        ("仇家村", "qiujiacun"),
        ("社区家园", "shequjiayuan"),
        ("重庆路", "chongqinglu"),
        ("六合路", "luhelu"),
        ("闵行", "minhang"),
        ("3弄18号", "3long18hao"),
        ("东方丽都3幢", "dongfanglidu3zhuang"),
        ("江厦街道", "jiangshajiedao"),
    ],
)
def test_a_place_is_read_as_people_call_it(place: str, full: str) -> None:
    assert place_pinyin(place).full == full


@pytest.mark.parametrize("typed", ["lvbu", "Lü Bu", "lyubu", "Lǚ Bù", "lu:bu"])
def test_all_ways_to_type_an_umlaut_find_the_same_name(typed: str) -> None:
    assert typed_pinyin(typed) == name_pinyin("吕布").full


@given(st.text(max_size=12))
def test_any_text_has_a_pinyin_in_plain_letters(text: str) -> None:
    for reading in (name_pinyin(text), place_pinyin(text), *name_readings(text)):
        assert reading.full.isascii()
        assert all(reading.syllables)


def test_the_names_of_a_subdistrict_are_read_in_seconds() -> None:
    chosen = random.Random(1)
    names = {
        chosen.choice("赵钱孙李周吴郑王曾单") + chr(chosen.randrange(0x4E00, 0x9000)) + chr(n)
        for n in range(0x4E00, 0x8E00)
        for _ in range(3)
    }
    started = time.perf_counter()
    for name in names:
        index_name(name)
    assert len(names) > 47_000
    assert time.perf_counter() - started < 20


def test_traditional_full_width_and_case_are_one_for_matching() -> None:
    assert for_matching("ＡＢ　樓  電梯") == "ab 楼 电梯"
    assert tidy(" 张三　１２３，ＡＢ\u200b ") == "张三 123,AB".replace(",", "，")
    assert half_width("１Ａ（）") == "1A（）"
    assert without_spaces(" 张 三\u3000") == "张三"


@given(CHINESE, CHINESE)
def test_a_part_is_simplified_as_within_the_whole(first: str, second: str) -> None:
    assert to_simplified(first + second) == to_simplified(first) + to_simplified(second)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("九十", 90),
        ("九十岁", 90),
        ("90周岁", 90),
        ("两千", 2000),
        ("第三", 3),
        ("第12层", 12),
        ("一百二", 120),
        ("1万2", 12000),
        ("3.5万", 35000),
        ("1,000", 1000),
        ("１２", 12),
        ("廿五", 25),
        ("二〇二四", 2024),
        ("负三", -3),
        ("百人", 100),
        ("九点五", 9.5),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, number: float) -> None:
    assert to_number(text) == number


@pytest.mark.parametrize("text", ["", "十几", "九十多", "三十出头", "张三", "1..2", "点", None, 5])
def test_what_is_no_number_is_none(text: object) -> None:
    assert to_number(text) is None


@given(st.one_of(st.text(), st.text(alphabet="零一二两三十百千万亿点负.0123第岁,廿")))
def test_reading_a_number_never_raises(text: str) -> None:
    assert to_number(text) is None or isinstance(to_number(text), int | float)


def _fts5(documents: list[str], question: str) -> list[int]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5(words, tokenize='unicode61')")
    database.executemany(
        "INSERT INTO found(rowid, words) VALUES (?, ?)",
        [(number, index_text(text)) for number, text in enumerate(documents)],
    )
    rows = database.execute(
        "SELECT rowid FROM found WHERE words MATCH ? ORDER BY rowid", [fts5_query(question)]
    )
    return [row[0] for row in rows]


DOCUMENTS = ["电梯坏了，三天没人修", "楼道灯不亮", "申请家庭WiFi检修", "東方麗都3幢1802室", "梯子"]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("电梯", [0]),
        ("梯", [0, 4]),
        ("電梯", [0]),
        ("ｗｉｆｉ", [2]),
        ("wif", [2]),
        ("丽都 180", [3]),
        ("东方丽都", [3]),
        ("梯电", []),
    ],
)
def test_a_word_of_two_characters_is_found(question: str, found: list[int]) -> None:
    assert _fts5(DOCUMENTS, question) == found


def test_characters_newer_than_the_engine_are_still_found() -> None:
    assert _fts5(["𠮷田", "\U00030edd面", "䶮", "鿦"], "\U00030edd") == [1]
    assert _fts5(["𠮷田", "\U00030edd面"], "𠮷田") == [0]


@given(st.text(min_size=1), st.text(), st.text())
def test_every_part_of_a_text_finds_the_text(part: str, before: str, after: str) -> None:
    apart = f"{before} {part} {after}"
    assert set(query_tokens(part)[:32]) <= set(index_text(apart).split())


@given(st.text())
def test_a_question_is_never_a_syntax_error(question: str) -> None:
    if fts5_query(question):
        _fts5(["电梯"], question)
    assert "\\" not in tsquery(question)


def test_words_of_the_engine_itself_are_quoted() -> None:
    assert fts5_query('"OR 灯*') == '"or" AND "灯"'


def test_a_question_for_postgresql_is_quoted() -> None:
    assert tsquery("3幢 wi'fi") == "'3' & '幢' & 'wi' & 'fi':*"
    assert tsquery("电梯坏") == "'电梯' & '梯坏'"
    assert tsquery("！？") == ""


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "found"),
    [("电梯", [0]), ("梯", [0, 4]), ("ｗｉｆ", [2]), ("丽都 180", [3]), ("梯电", [])],
)
def test_postgresql_finds_the_same(question: str, found: list[int]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("asked of SQLite above")
    matches = "SELECT to_tsvector('simple', %s) @@ to_tsquery('simple', %s)"
    answers = [
        run(matches, [index_text(text), tsquery(question)], reason="test of search")[0][0]
        for text in DOCUMENTS
    ]
    assert [number for number, is_found in enumerate(answers) if is_found] == found
