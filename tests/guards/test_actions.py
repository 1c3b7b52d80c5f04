"""Every action has its permission, word, journal kind, sentence and test; none writes unseen."""

from __future__ import annotations

import re
from functools import cache

import pytest
from django.db import transaction

from linli.core import autodiscover
from linli.core.actions import (
    ACTIONS,
    Action,
    MissingJournalEntry,
    WriteOutsideAction,
    action,
    write_journal,
)
from linli.core.errors import Refused
from linli.core.rules import RULES
from linli.core.scope import use_scope
from tests.guards.source import ROOT
from tests.scope.world import OURS, a_community, a_town, scope_of

JOURNAL_KIND = re.compile(r"[a-z_]+(\.[a-z_]+)+")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def text_of_tests() -> str:
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "linli").glob("**/tests/**/*.py")]
    return "\n".join(f.read_text(encoding="utf-8") for f in files if f.name != __file__)


@cache
def words_of(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


def what_it_lacks(one: Action, tests: str) -> list[str]:
    lacks = []
    if not callable(one.may):
        lacks.append("permission")
    if not CHINESE.search(str(one.term)):
        lacks.append("term")
    if not JOURNAL_KIND.fullmatch(one.journal):
        lacks.append("journal kind")
    if not one.sentence.endswith("."):
        lacks.append("sentence")
    if one.function.__name__ not in words_of(tests) and one.key not in tests:
        lacks.append("test")
    return lacks


def all_actions() -> dict[str, Action]:
    autodiscover.autodiscover("actions")
    return {k: a for k, a in ACTIONS.items() if a.function.__module__.startswith("linli.")}


def test_every_action_is_complete() -> None:
    lacking = {
        k: lacks for k, a in all_actions().items() if (lacks := what_it_lacks(a, text_of_tests()))
    }
    assert not lacking


def test_an_incomplete_action_is_found() -> None:
    def nobody_tests_me(*, by: object) -> None:
        """No full stop"""

    bad = Action("x", "hello", lambda: True, "happened", nobody_tests_me)
    assert what_it_lacks(bad, "") == ["term", "journal kind", "sentence", "test"]


def test_no_two_actions_share_a_function_name_in_one_app() -> None:
    names = [
        (a.function.__module__.split(".")[2], a.function.__name__) for a in all_actions().values()
    ]
    assert len(names) == len(set(names))


@pytest.fixture
def toy_action():
    """An action that renames a place, with switches for what can go wrong."""
    from linli.register.places.models import Place

    @action("toy.rename", term="改名", may=lambda *, by: by != "nobody", journal="toy.renamed")
    def rename(*, place: Place, name: str, by: object, silent: bool = False) -> Place:
        """Give a place another name."""
        place.name = name
        place.save()
        if not silent:
            write_journal("toy.renamed", about=place, text=name)
        return place

    yield rename
    del ACTIONS["toy.rename"]


@pytest.mark.django_db
@pytest.mark.postgres
def test_an_action_is_the_only_door(toy_action) -> None:
    ours = a_community(a_town(), OURS, "殷家", 1)
    with use_scope(scope_of(ours)):
        toy_action(place=ours.place, name="新殷家", by=None)
        with pytest.raises(WriteOutsideAction), transaction.atomic():
            ours.place.save()
        with pytest.raises(Refused, match="改名"):
            toy_action(place=ours.place, name="x", by="nobody")
        with pytest.raises(MissingJournalEntry):
            toy_action(place=ours.place, name="悄悄", by=None, silent=True)
        ours.place.refresh_from_db()
        assert ours.place.name == "新殷家", "what was not journalled was not written"
        with pytest.raises(WriteOutsideAction):
            write_journal("toy.renamed")
        with pytest.raises(TypeError):
            toy_action(ours.place, name="x", by=None)


def test_an_action_without_by_or_sentence_is_no_action() -> None:
    with pytest.raises(TypeError, match="by="):
        action("toy.bad", term="坏", may=lambda: True, journal="toy.bad")(lambda: None)

    def positional(place: object, *, by: object) -> None:
        """Take a positional argument."""

    with pytest.raises(TypeError, match="keyword-only"):
        action("toy.bad", term="坏", may=lambda: True, journal="toy.bad")(positional)


def all_rules() -> dict[str, object]:
    autodiscover.autodiscover("rules")
    return {key: rule for key, rule in RULES.items() if key.startswith("linli.")}


def test_every_rule_says_something_and_from_where() -> None:
    for key, one in all_rules().items():
        assert CHINESE.search(one.says), key
        assert one.source, key
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", one.since), key
        assert one.examples, f"{key}: a rule shows at least one example"


def test_every_example_of_a_rule_is_true() -> None:
    for key, one in all_rules().items():
        for given, answer in one.examples:
            assert one.function(**given) == answer, f"{key}({given})"
