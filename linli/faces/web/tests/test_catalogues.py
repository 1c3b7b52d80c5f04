"""Every sentence of the product can be read in three languages."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from linli.faces.web import catalogues


def test_no_sentence_is_left_untranslated() -> None:
    wanted = catalogues.sentences()
    for language in (catalogues.BY_HAND, catalogues.BY_RULE):
        missing = catalogues.missing(language, wanted)
        assert missing == [], f"{language}: run `make messages`, then fill in linli/locale/en"


def test_a_missing_a_doubtful_and_a_broken_translation_are_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted, kept = Catalog(locale="en"), Catalog(locale="en")
    for sentence in ("没有译文", "拿不准", "共 %(n)s 人", "好的", "不在目录里"):
        wanted.add(sentence)
    kept.add("没有译文", "")
    kept.add("拿不准", "Perhaps", flags=["fuzzy"])
    kept.add("共 %(n)s 人", "people in all")
    kept.add("好的", "Fine")
    monkeypatch.setattr(catalogues, "catalogue", lambda language: kept)
    assert set(catalogues.missing("en", wanted)) == {
        "没有译文",
        "拿不准",
        "共 %(n)s 人",
        "不在目录里",
    }


def test_communities_stay_communities_in_traditional_script() -> None:
    kept = catalogues.catalogue(catalogues.BY_RULE)
    said = "".join(str(message.string) for message in kept if message.id)
    assert "社區" in said
    assert "社群" not in said
