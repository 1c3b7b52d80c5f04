"""Documents made from the code are those of today's code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pytest

from linli.core.fields import DICTIONARY, Sensitivity
from linli.core.glossary import WORDS, Word
from linli.core.runtime.environment import SETTINGS
from linli.faces.cli.documents import PAGES, all_pages
from tests.guards.source import ROOT


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_current(name: str) -> None:
    file = ROOT / "docs" / name
    assert file.exists(), "run `make docs`"
    assert file.read_text(encoding="utf-8") == all_pages()[name], "run `make docs`"


def test_a_stale_page_is_found(tmp_path) -> None:
    from linli.faces.cli.main import main

    assert main(["docs", "--to", str(tmp_path)]) == 0
    assert main(["docs", "--to", str(tmp_path), "--check"]) == 0
    (tmp_path / "rules.md").write_text("old", encoding="utf-8")
    assert main(["docs", "--to", str(tmp_path), "--check"]) == 1


def test_every_setting_is_documented() -> None:
    text = "".join(
        (ROOT / file).read_text(encoding="utf-8")
        for file in (
            "linli/settings.py",
            "linli/core/runtime/environment.py",
            "linli/faces/cli/main.py",
        )
    )
    asked = {
        f"LINLI_{name}"
        for name in re.findall(
            r"(?:env\.)?(?:text|word_list|choice|number|networks)\(\"([A-Z0-9_]+)\"", text
        )
    }
    asked |= set(re.findall(r"environ\.get\(\"(\w+)\"", text)) | {"LINLI_SECRET_KEY"}
    documented = {name for name, _, _ in SETTINGS}
    assert asked <= documented
    assert documented - asked == {"LINLI_FIELD_KEYS", "LINLI_INDEX_KEY"}, "read by name"


def test_every_personal_fact_says_for_what_and_how_long() -> None:
    number = 0
    for subject in DICTIONARY.subjects:
        for field in DICTIONARY.fields_of(subject.key, all=True):
            if field.sensitivity in (Sensitivity.PERSONAL, Sensitivity.CARE):
                assert field.purposes, field.key
                assert field.retention, field.key
                number += 1
    assert number > 5


def test_every_personal_column_is_a_declared_fact() -> None:
    """A column about a person that no field declares would have no mask and no retention."""
    from linli.register.people.models import Person

    declared = {
        f.column.split("__")[0]
        for s in DICTIONARY.subjects
        for f in DICTIONARY.fields_of(s.key, all=True)
    }
    technical = {
        "id",
        "scope_path",
        "birth_precision",
        "name_key",
        "name_pinyin",
        "name_initials",
        "search_text",
        "identity_index",
        "phone_index",
        "phone_tail_index",
        "changed_at",
        "confirmed_by",
        "household",
        "home",
        "status_since",
        "identity_kind",
        "relation_to_head",
    }
    columns = {f.name for f in Person._meta.concrete_fields}
    assert columns - declared - technical == set()


def said_twice(words: Iterable[Word]) -> list[str]:
    counted = Counter(word.english for word in words)
    return [english for english, times in counted.items() if times > 1]


def test_the_glossary_has_each_term_once() -> None:
    assert not said_twice(WORDS)
    assert {"case", "report", "alert", "form instance"} <= {word.english for word in WORDS}
    assert said_twice([*WORDS, Word("case", "案件")]) == ["case"]
