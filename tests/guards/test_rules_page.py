"""规则一览 shows every rule with examples worked out on the spot."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from linli.core import autodiscover
from linli.core.rules import RULES, rule
from linli.faces.web.rules_page import argument, by_app, examples_in_words, in_words
from tests.scope.world import OURS, a_community, a_town


@pytest.mark.django_db
def test_every_rule_is_on_the_page() -> None:
    ours = a_community(a_town(), OURS, "殷家", 1)
    client = Client()
    client.force_login(ours.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("web:rules"))
    assert page.status_code == 200
    text = page.content.decode()
    autodiscover.autodiscover("rules")
    ours_alone = [one for key, one in RULES.items() if key.startswith("linli.")]
    assert len(ours_alone) > 2
    for one in ours_alone:
        assert str(one.says) in text
        assert one.since in text


def test_an_example_is_worked_out_when_it_is_shown() -> None:
    answers = iter([True, False])

    @rule(says="试", source="测试", since="2026-01-01", examples=(({"n": 1}, True),))
    def is_it(*, n: int) -> bool:
        """Is it?"""
        return next(answers)

    one = RULES.pop(next(key for key in RULES if key.endswith("is_it")))
    shown = [strip_tags(examples_in_words(one).rows[0][1]) for _again in range(2)]
    assert shown == ["是", "否"]


def test_values_are_said_in_words() -> None:
    assert [in_words(v) for v in (None, True, ("a", 1), "x")] == ["无", "是", "a、1", "x"]
    assert by_app()


def unsaid(names: set[str]) -> set[str]:
    """Return the names of a program that the page has no word for."""
    return {name for name in names if argument(name) == name}


def test_examples_are_said_in_words_and_no_programs_names() -> None:
    autodiscover.autodiscover("rules")
    ours = [one for key, one in RULES.items() if key.startswith("linli.")]
    assert unsaid({name for one in ours for given, _answer in one.examples for name in given}) == (
        set()
    )
    assert unsaid({"months", "made_up"}) == {"made_up"}, "negative control"
    assert in_words("grid_worker") == "网格员"


def test_rules_are_found_by_a_word() -> None:
    found = [one.says for _app, rules in by_app("催") for one in rules]
    assert any("一天只催一次" in says for says in found)
    assert all("催" in says for says in found)
    assert by_app("没有这样的词") == []
