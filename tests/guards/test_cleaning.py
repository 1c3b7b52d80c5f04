"""Every parser cleans what it reads: marks nobody sees and wide digits change no answer."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from linli.capabilities.facilities.cycles import read_cycle
from linli.core.chinese.names import key_with_gaps, name_key, written_name
from linli.core.chinese.numerals import to_number
from linli.core.personal_data.identity import read_identity_number
from linli.core.personal_data.phones import read_phone, read_phones
from linli.core.personal_data.watermark import SYMBOLS
from linli.core.scope import Scope, use_scope
from linli.core.time import parse_date, parse_moment
from linli.register.parties.hours import parse_hours, read_hours
from linli.register.people.normalise import identity_index, phone_index
from linli.workbench.imports.addresses import Tree, number_of
from tests.guards.source import trees
from tests.people import a_subdistrict

Parser = Callable[[str], Any]
NUMBER = "990000194103050025"
PARSERS: tuple[tuple[Parser, tuple[str, ...]], ...] = (
    (parse_date, ("1994-05-16", "1994.5.16", "19940516", "1994年5月16日", "1994年5月", "去年3月")),
    (read_identity_number, (NUMBER, "99000019410305004X")),
    (identity_index, (NUMBER,)),
    (read_phone, ("13800000000", "0574-88888888", "12345")),
    (read_phones, ("13800000000、0574-88888888",)),
    (phone_index, ("13800000000",)),
    (name_key, ("虞阿香", "阿依古丽·买买提", "张麗")),
    (key_with_gaps, ("虞?香",)),
    (written_name, ("虞阿香", "虞阿香(户主)", "钱七、孙八")),
    (number_of, ("3幢", "1802室", "十二栋")),
    (to_number, ("12", "3.5", "三十二", "1,200")),
    (parse_hours, ("周一至周五9:00-17:00",)),
    (parse_moment, ("2026年11月28日9时8分", "2026/11/28 下午3:10", "20261128090700")),
    (read_hours, ("周一至周五9:00-17:00",)),
    (read_cycle, ("每年", "每15天", "每2个月一次")),
)
# Read in other ways, or not what somebody typed.
NO_PARSERS = {
    "read_memory": "sealed by ourselves",
    "read_moment": "a sentence, taken apart after for_matching",
    "read_topics": "a sentence: the words in it are found by the search",
}
MARKS = sorted({*SYMBOLS, "\u00ad", "\ufeff", "\u200e", "\u202a", "\u202c"})
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
CASES = [(parser, value) for parser, values in PARSERS for value in values]
NAMES = [f"{parser.__name__} {value}" for parser, value in CASES]


def dirtied(value: str) -> Iterator[str]:
    """Write a value as copies, exports and keyboards leave it."""
    for mark in MARKS:
        for at in range(len(value) + 1):
            yield value[:at] + mark + value[at:]
    yield f"\u00a0{value}\u00a0"
    yield f"\u3000{value}\u3000"
    yield value.translate(WIDE)
    yield "\u200b".join(value.translate(WIDE)) + "\u00a0"


def differing(parser: Parser, value: str) -> list[str]:
    """Return the spellings that a parser answers otherwise than the clean one."""
    clean = parser(value)
    return [ascii(text) for text in dirtied(value) if parser(text) != clean]


@pytest.mark.parametrize(("parser", "value"), CASES, ids=NAMES)
def test_a_value_is_read_as_if_it_were_clean(parser: Parser, value: str) -> None:
    assert differing(parser, value) == []


@pytest.mark.django_db
def test_an_address_is_found_as_if_it_were_clean() -> None:
    town = a_subdistrict()
    home = town.home("1", "101")
    with use_scope(Scope((town.community.path,), "community_worker")):
        tree = Tree()

    def found(text: str) -> int | None:
        return tree.find(tree.asked({"address": text})).place_id

    address = "东方丽都1幢101室"
    assert found(address) == home.pk
    assert differing(found, address) == []


def test_a_reader_that_only_strips_is_noticed() -> None:
    assert differing(str.strip, "1994-05-16")
    assert differing(lambda text: parse_date(text[:10]), "1994-05-16")


def parsers_of(tree: ast.Module) -> Iterator[str]:
    """Yield the public functions that read what somebody typed."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.args.args:
            first = node.args.args[0].arg
            is_parser = node.name.startswith(("parse_", "read_")) or node.name == "to_number"
            if is_parser and first in ("text", "value", "written"):
                yield node.name


def test_every_parser_is_in_the_list() -> None:
    tried = {parser.__name__ for parser, _values in PARSERS} | set(NO_PARSERS)
    unknown = {f"{file}: {n}" for file, tree in trees() for n in parsers_of(tree) if n not in tried}
    assert unknown == set()


def test_a_new_parser_is_noticed() -> None:
    assert list(parsers_of(ast.parse("def read_plate(text: str) -> str: ..."))) == ["read_plate"]
    assert list(parsers_of(ast.parse("def read_file(data: bytes) -> str: ..."))) == []
