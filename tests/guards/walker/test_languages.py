"""Who reads English or 繁體 meets no word of the product in simplified Chinese; data stay.

Data are told from the product's words by their script: once the town is built, every Chinese
character in its tables is written as a Korean one. Whatever is still Chinese on a page was put
there by the product. Left out are texts that say so themselves (``translate="no"`` or ``lang``),
such as example sentences, and Chinese that an English sentence quotes on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from linli.core.personal_data.crypto import EncryptedText
from linli.faces.web import catalogues
from linli.workbench.text_analysis.category_model import shipped_names
from tests.guards.walker.test_every_address import plan
from tests.guards.walker.town import Walk, a_walk
from tests.guards.walker.walk import Walker, addresses, is_walked

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]

HAN = re.compile(r"[\u3400-\u9fff]")
ESCAPED = re.compile(r"\\u([0-9a-f]{4})")
READ = ("title", "aria-label", "placeholder", "alt")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Components with invented people and houses in them.
SAMPLES = ("patterns/",)
# Tables of the frame, not of the product.
SHIPPED = ("django_", "auth_permission", "linli_words", "sqlite_")
ASKED = (
    "/ask/?q=90岁以上独居老人",
    "/ask/?s=building&c=有电梯",
    "/ask/cross/?s=person&r=age&k=sex",
    "/ask/cross/?s=person&r=education&k=none",
    "/ask/more/?s=person",
    "/ask/more/?s=building",
    "/ask/columns/?s=person",
    "/tasks/?by=person",
)
BY_DAY = 4  # one page of so many


def in_korean(text: str) -> str:
    """Write Chinese characters as others that no word of the product uses."""
    return HAN.sub(lambda found: chr(0xAC00 + ord(found[0]) * 7 % 11172), text)


@cache
def _shipped() -> frozenset[str]:
    return frozenset(shipped_names())  # categories: words of the product in a table


def _kept_in_korean(value: Any) -> Any:
    if not isinstance(value, str) or value in _shipped():
        return value

    def escaped(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return f"\\u{ord(in_korean(character)):04x}" if HAN.match(character) else found[0]

    return ESCAPED.sub(escaped, in_korean(value))


def write_data_in_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rewrite what the tables hold; what is sealed, as it is opened."""
    raw = connection.connection
    raw.create_function("in_korean", 1, _kept_in_korean)
    names = "SELECT name FROM sqlite_master WHERE type = "
    for (trigger,) in raw.execute(f"{names} 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{trigger}"')
    for (table,) in raw.execute(f"{names} 'table'").fetchall():
        if table.startswith(SHIPPED):
            continue
        for _n, column, kind, *_rest in raw.execute(f'PRAGMA table_info("{table}")').fetchall():
            if any(word in kind.lower() for word in ("char", "text", "json")):
                raw.execute(f'UPDATE "{table}" SET "{column}" = in_korean("{column}")')
    opened = EncryptedText.from_db_value
    monkeypatch.setattr(
        EncryptedText, "from_db_value", lambda field, *given: _kept_in_korean(opened(field, *given))
    )


class Texts(HTMLParser):
    """Every text somebody reads or hears on a page, but those marked as not to be translated."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        marked = given.get("translate") == "no" or (tag != "html" and "lang" in given)
        is_left_out = self._is_left_out() or marked or tag in ("script", "style")
        if not is_left_out:
            said = [*READ, "value"] if given.get("type") in ("submit", "button") else READ
            self.found += [text for name in said if (text := given.get(name))]
        if tag not in VOID:
            self._open.append((tag, is_left_out))

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._is_left_out():
            self.found.append(" ".join(data.split()))

    def _is_left_out(self) -> bool:
        return bool(self._open) and self._open[-1][1]


@cache
def quoted_in_english() -> tuple[str, ...]:
    """Return the Chinese that stands in English sentences on purpose, the longest first."""
    found: set[str] = set()
    for message in catalogues.catalogue(catalogues.BY_HAND):
        for said in message.string if isinstance(message.string, tuple) else [message.string]:
            parts = catalogues.PLACEHOLDER.split(re.sub(r"\{[^{}]+\}", "{}", str(said)))
            found.update(" ".join(part.split()) for part in parts if HAN.search(part))
    return tuple(sorted(found, key=len, reverse=True))


@cache
def is_simplified(character: str) -> bool:
    """Is this a character that 繁體 does not know?"""
    import opencc

    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return bool(HAN.match(character)) and opencc.OpenCC("s2t").convert(character) != character
    return False


def is_left(text: str, language: str) -> bool:
    """Does a text hold a word that is not in the reader's language?"""
    text = re.sub(r"\{[^{}]*\}", "", text)  # what people type into a message: {姓名}
    if language == "zh-hant":
        return any(map(is_simplified, text))
    for quoted in quoted_in_english():
        text = text.replace(quoted, "")
    return bool(HAN.search(text))


def pages(walk: Walk, share: int) -> Iterator[str]:
    """Every address of the neighbourhood, or the share of a day, and some questions."""
    for address in addresses():
        if not address.route.startswith(SAMPLES) and is_walked(address.route, share, BY_DAY):
            yield from (path for area, path, _ in plan(address, walk) if area in ("", "ours"))
    yield from ASKED


def left(
    walk: Walk, role: str, language: str, monkeypatch: pytest.MonkeyPatch, *, share: int = 0
) -> tuple[list[str], str]:
    """Return what is left to translate, and all that was read."""
    paths = list(dict.fromkeys(pages(walk, share)))  # every canary is there before the rewriting
    write_data_in_korean(monkeypatch)
    walker, found, read = Walker(walk.users[role], language), [], []
    for path in paths:
        answer = walker.ask("GET", path)
        if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
            continue
        said = Texts(answer.content.decode()).found
        read += said
        found += [f"{path}: {text}" for text in dict.fromkeys(said) if is_left(text, language)]
    assert not walker.crashes, walker.crashes
    return found, "\n".join(read)


@pytest.mark.parametrize(
    ("role", "language", "share"),
    [
        ("secretary", "en", 0),
        ("grid_worker", "zh-hant", 1),
        *(
            pytest.param(role, language, 0, marks=pytest.mark.nightly)
            for role in ("subdistrict_officer", "community_worker", "property_manager", "auditor")
            for language in ("en", "zh-hant")
        ),
    ],
)
def test_no_page_is_left_in_another_language(
    role: str, language: str, share: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, read = left(a_walk(), role, language, monkeypatch, share=share)
    assert not found, f"{len(found)} left:\n" + "\n".join(found[:60])
    assert role == "auditor" or in_korean("青鸾") in read  # the pages held data, told by its script


def test_words_without_a_translation_are_found(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: a text, a title and a category that nobody translated are found."""
    (tmp_path / "components").mkdir()
    plain = '<h1 title="没有翻译">{{ title }} 没有包起来</h1><p lang="zh-Hans">例句</p>'
    (tmp_path / "components/page_header.html").write_text(plain, encoding="utf-8")
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [tmp_path, *first["DIRS"]]}]
    monkeypatch.setattr("tests.guards.walker.test_languages.addresses", lambda: [])
    found, _read = left(a_walk(), "secretary", "en", monkeypatch)
    assert any("没有翻译" in one for one in found)
    assert any("没有包起来" in one for one in found)
    assert not any("例句" in one for one in found)


def test_only_simplified_characters_are_foreign_to_traditional_text() -> None:
    assert is_left("邻里", "zh-hant")
    assert not is_left("鄰里 后台 群 {姓名}", "zh-hant")
