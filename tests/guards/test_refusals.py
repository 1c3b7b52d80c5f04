"""A refusal is seen: each thing the watch over all answers looks for, with a page that lacks it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from tests.guards.source import ROOT
from tests.refusals import check, faults

TOP = '<body><main><div role="alert" tabindex="-1" autofocus>先填日期</div>'


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (f'{TOP}<details open><p class="field-error">缺</p></details><p>我的话</p>', ""),
        (f'{TOP}<input value="我的话"><details><p>别的</p></details>', ""),
        (f'{TOP}<details><p class="field-error">缺</p></details>我的话', "folded away: 缺"),
        (f'{TOP}<details open><details><p role="alert">缺</p></details></details>我的话', "folded"),
        (f'{TOP}<div hidden><p class="field-error">缺</p></div>我的话', "folded away"),
        (f"{TOP}<p>别的</p>", "lost: 我的话"),
        ('<body><p role="alert">缺</p>我的话', "focus"),
        ("<body><input autofocus>我的话", "no reason"),
        ('<body><input autofocus>我的话<template><p role="alert">网络</p></template>', "no reason"),
    ],
)
def test_a_reason_nobody_sees_and_words_that_are_lost_are_found(page: str, says: str) -> None:
    wrong = " ".join(faults(page, ["我的话"]))
    assert says in wrong
    assert bool(wrong) == bool(says)


def test_the_watch_looks_at_refused_forms_alone() -> None:
    answer = HttpResponse("<body><p>不行</p>", status=422)
    answer.wsgi_request = RequestFactory().post("/x/", {"words": "我的话"})  # type: ignore[attr-defined]
    with pytest.raises(AssertionError, match="我的话"):
        check(answer)
    answer.status_code = 200
    check(answer)


def test_a_fold_with_something_wrong_in_it_is_open() -> None:
    def fold(inner: str) -> str:
        return Template(f"{{% load linli %}}{{% fold '更多' %}}{inner}{{% endfold %}}").render(
            Context()
        )

    assert "<details open>" in fold('<div class="field-error">缺</div>')
    assert "<details open>" in fold("{% fold '内' %}<p role=\"alert\">缺</p>{% endfold %}")
    assert "<details>" in fold("<p>别的</p>")


# What folds no form that may come back refused.
FOLDED_OTHERWISE = {
    "faces/web/templates/components/cells.html": "the rest of a list in 关怀版; none that says why",
    "faces/web/templates/components/pictures/numbers.html": "the numbers behind a picture",
    "faces/web/templates/components/record_list_columns.html": "which columns a list shows",
    "faces/web/templates/components/record_verbs.html": "links",
    "faces/web/templates/web/sidebar.html": "links",
}


def test_every_template_folds_by_the_component() -> None:
    folding = {
        path.relative_to(ROOT / "linli").as_posix()
        for path in (ROOT / "linli").rglob("*.html")
        if re.search(r"<details\b", Path(path).read_text(encoding="utf-8"))
    }
    assert folding == {"faces/web/templates/components/fold.html", *FOLDED_OTHERWISE}
