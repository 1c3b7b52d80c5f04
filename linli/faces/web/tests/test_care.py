"""关怀版: large words and targets, lists that begin with few, choices standing open."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.template import RequestContext, Template
from django.test import RequestFactory

from linli.faces.web.tags.layout import CARE_ROWS, first_things
from tests.browser import Visitor
from tests.guards.walker.fills import filled
from tests.guards.walker.town import a_walk

ROWS = "".join(f"<li><ul><li>{n}</li></ul></li>" for n in range(9))
LARGE, TALL = 18, 60  # px of main text, and of what is tapped
WORDS = (
    "main p, main h1, main label, main .cell-label, main .cell-value, main .person-name, main .btn"
)
TAPS = (
    "main a.cell, main button.cell, main .btn, main .choice, main .chip, main select, main summary,"
    " main input:not([type=hidden]):not([type=radio]):not([type=checkbox]), .tabbar a"
)
MEASURE = """([words, taps, size, height]) => {
  const there = (s) => [...document.querySelectorAll(s)]
    .filter((e) => e.getClientRects().length && !e.closest('.visually-hidden'));
  const said = (e) => `${e.className || e.tagName} ${e.textContent.trim().slice(0, 20)}`;
  const font = (e) => parseFloat(getComputedStyle(e).fontSize);
  const tall = (e) => e.getBoundingClientRect().height;
  return {
    small: there(words).filter((e) => e.textContent.trim() && font(e) < size)
      .map((e) => `${font(e)} ${said(e)}`),
    low: there(taps).filter((e) => tall(e) < height - 0.5).map((e) => `${tall(e)} ${said(e)}`),
    wide: Math.max(0, document.documentElement.scrollWidth - 320),
  };
}"""


def drawn(text: str, *, care: bool, **given: Any) -> str:
    request = RequestFactory().get("/")
    request.COOKIES = {"linli_care": "on"} if care else {}
    return Template("{% load linli %}" + text).render(RequestContext(request, given))


def test_a_list_begins_with_few_and_says_how_many_more() -> None:
    first, rest, left = first_things(ROWS)
    assert (first + rest, left) == (ROWS, 9 - CARE_ROWS)
    few = "<li></li>" * (CARE_ROWS + 1)
    assert first_things(few) == (few, "", 0)


@pytest.mark.django_db
def test_only_in_care_the_rest_of_a_list_is_one_tap_away() -> None:
    rows = "{% cells %}" + "{% cell 'x' %}" * 9 + "{% endcells %}"
    folded, whole = drawn(rows, care=True), drawn(rows, care=False)
    assert folded.count("cell-label") == whole.count("cell-label") == 9
    assert "更多（还有4条）" in folded
    assert "<details" not in whole


class Choosing(forms.Form):
    way = forms.ChoiceField(choices=[("", "---"), ("a", "打电话"), ("b", "上门")], required=False)
    many = forms.ChoiceField(choices=[(str(n), str(n)) for n in range(9)])


@pytest.mark.django_db
def test_few_choices_stand_open_in_care() -> None:
    form = "{% form_fields form %}"
    page = drawn(form, care=True, form=Choosing({"way": "b", "many": "1"}))
    assert page.count('type="radio"') == 3
    assert page.count("<select") == 1
    assert 'value="b" class="form-check-input" id="id_way_2" checked' in " ".join(page.split())
    assert drawn(form, care=False, form=Choosing()).count("<select") == 2


@pytest.mark.browser
def test_care_is_large_on_every_page_of_a_day(phone_page: Visitor) -> None:
    walk = a_walk()
    row = {"pk": "int"}
    steps = [("secretary", path) for path in ("/", "/tasks/")]
    for route in ("people/<int:pk>/", "cases/<int:pk>/"):
        pk = filled(route, row, walk, "ours")[0]["pk"]
        steps.append(("secretary", "/" + route.replace("<int:pk>", pk)))
    door = filled("round/doors/<int:pk>/", row, walk, "ours")[0]["pk"]
    steps += [("grid_worker", f"/round/doors/{door}/"), ("micro_grid_lead", "/"), ("", "/report/")]
    phone_page.cookie("linli_care", "on")
    phone_page.page.set_viewport_size({"width": 320, "height": 640})
    wrong = {}
    for role, path in steps:
        if role:
            phone_page.sign_in(walk.users[role])
        seen = phone_page.page
        seen.goto(phone_page.address + path)
        assert seen.locator("html").get_attribute("data-care") == "on"
        found = seen.evaluate(MEASURE, [WORDS, TAPS, LARGE, TALL])
        wrong |= {f"{role} {path} {what}": told for what, told in found.items() if told}
    assert not wrong, wrong
