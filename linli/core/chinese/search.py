"""Words for a search engine: Chinese as single characters and pairs, the rest as words.

The same text of tokens serves SQLite's FTS5 (unicode61) and PostgreSQL's ``simple``. A question is
asked in pairs, so a word of two characters is found, which FTS5's own trigrams cannot do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from linli.core.chinese.normalise import for_matching
from linli.core.chinese.pinyin import name_readings

_CHINESE = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ue000-\uf8ff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_CHINESE}]+|[^\\W_{_CHINESE}]+")
_IS_CHINESE = re.compile(f"[{_CHINESE}]")
MOST_QUERY_TOKENS = 32


def index_text(text: str) -> str:
    """Return the tokens of a text, separated by spaces, for the index."""
    return " ".join(dict.fromkeys(_index_tokens(text)))


def index_name(name: str) -> str:
    """Return the tokens of a personal name with its pinyin and initials in every usual reading."""
    sounds = [
        sound for reading in name_readings(name) for sound in (reading.full, reading.initials)
    ]
    return " ".join(dict.fromkeys([*_index_tokens(name), *(sound for sound in sounds if sound)]))


def query_tokens(text: str) -> list[str]:
    """Return the tokens that a matching text must all contain; empty when nothing was asked."""
    tokens: list[str] = []
    for run in _runs(text):
        if not _IS_CHINESE.match(run):
            tokens.append(run)
        else:
            tokens += _pairs(run) if len(run) > 1 else [_spell(run)]
    return list(dict.fromkeys(tokens))[:MOST_QUERY_TOKENS]


def fts5_query(text: str, *, prefix: bool = True) -> str:
    """Return a safe FTS5 expression; the last word in letters or digits may be unfinished."""
    return " AND ".join(
        f'"{token}"{"*" if unfinished else ""}' for token, unfinished in _asked(text, prefix)
    )


def tsquery(text: str, *, prefix: bool = True) -> str:
    """Return a safe expression for PostgreSQL's to_tsquery('simple', …)."""
    return " & ".join(
        f"'{token}'{':*' if unfinished else ''}" for token, unfinished in _asked(text, prefix)
    )


def _asked(text: str, prefix: bool) -> Iterator[tuple[str, bool]]:
    tokens = query_tokens(text)
    for place, token in enumerate(tokens, start=1):
        yield token, prefix and place == len(tokens) and token.isascii()


def _runs(text: str) -> list[str]:
    # Accents fall away: FTS5 drops them as well and PostgreSQL does not.
    decomposed = unicodedata.normalize("NFD", for_matching(text))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _RUN.findall(unicodedata.normalize("NFC", plain))


def _index_tokens(text: str) -> Iterator[str]:
    for run in _runs(text):
        if _IS_CHINESE.match(run):
            yield from map(_spell, run)
            yield from _pairs(run)
        else:
            yield run


def _pairs(run: str) -> list[str]:
    return [_spell(run[place : place + 2]) for place in range(len(run) - 1)]


def _spell(token: str) -> str:
    """Spell rare characters by number: FTS5 takes those newer than Unicode 6.1 for spaces."""
    if all(c <= "\u9fa5" for c in token):
        return token
    return "".join(c if c <= "\u9fa5" else f"u{ord(c):x}" for c in token)
