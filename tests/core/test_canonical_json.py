"""What is hashed is spelled the same on both databases, and as it was before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from linli.core.canonical_json import canonical, canonical_text
from linli.register.places.models import Place
from linli.workbench.journal import hash_chain
from linli.workbench.journal.models import JournalEntry
from tests.scope.world import a_town, by_the_system

HARD: dict[Any, Any] = {
    "bb": 1,
    "a": {"z": [1, {"y": 2, "x": 3.5}], "中文": "殷家", "é": None},
    10: "ten",
    9: "nine",
    "big": 1e22,
    "sixteen": 1e16,
    "small": 1e-7,
    "zero": -0.0,
    "kept": 3.0,
    "long": 12345678901234567890123,
}


@pytest.mark.django_db
@pytest.mark.postgres
def test_a_value_is_spelled_as_before_it_was_stored() -> None:
    """jsonb sorts keys by length and writes numbers out; SQLite keeps the text."""
    a_town()
    with by_the_system():
        entry = JournalEntry(seq=10**6, data=HARD, kind="test", scope_path="/", text="x")
        before = canonical_text(entry.data), hash_chain.content_hash_of(entry)
        assert Place.objects.exists()
        JournalEntry.objects.bulk_create([entry_of(entry)])
        read = JournalEntry.objects.get(seq=10**6)
    assert (canonical_text(read.data), hash_chain.content_hash_of(read)) == before


def entry_of(entry: JournalEntry) -> JournalEntry:
    """Give the entry what its columns ask for."""
    from django.utils import timezone

    entry.at, entry.record, entry.before, entry.seal = timezone.now(), "", "", "test"
    return entry


def test_ordinary_values_keep_the_spelling_that_old_seals_have() -> None:
    said = ["salt", "见面", {"photo": 3, "sha256": "ab", "n": [1, 2.5, None, True]}, ""]
    old = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical_text(said) == old
    assert canonical({"b": 1, "a": 2}) == {"a": 2, "b": 1}
    assert list(canonical({10: 0, 9: 0})) == ["10", "9"]
