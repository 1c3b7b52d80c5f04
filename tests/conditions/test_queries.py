"""Ask, count, list and cross-tabulate as one post: scope, masks, hidden fields, order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from linli.core.errors import Refused
from linli.core.fields import EVERYONE, Compare, Condition, Has, Node, Op, all_of
from linli.core.scope import NoScope, Scope, use_scope
from linli.workbench.conditions import queries
from tests.conditions.town import DONG, TOWN, YIN, Town

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
PEOPLE = Condition("person", EVERYONE)


@contextmanager
def post(role: str, *paths: str) -> Iterator[None]:
    with use_scope(Scope(paths or (TOWN,), role)):
        yield


def refusal(function: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(Refused) as refused:
        function(*given, **more)
    assert refused.value.sentence
    return refused.value.code


def about(subject: str, where: Node) -> Condition:
    return Condition(subject, where)


def test_nobody_is_answered_without_a_scope(town: Town) -> None:
    with pytest.raises(NoScope):
        queries.count(PEOPLE)


def test_a_sentence_is_asked_and_counted_within_the_scope(town: Town) -> None:
    with post("secretary", YIN):
        question = queries.ask("殷家社区60岁以上的人有多少")
        assert question.text == "社区＝殷家社区 且 年龄≥60岁"
        assert question.asks == "count"
        ours = queries.count(question.condition)
        assert ours == len(queries.ids(question.condition)) > 0
    with post("secretary", DONG):
        # The neighbours' community is not in this scope: its name is a word nobody knows.
        assert "殷家" in "".join(queries.ask("殷家社区60岁以上的人").unknown)
        assert refusal(queries.count, question.condition) == "not_found"
        everybody = about("person", Compare("age", Op.GE, 60))
        theirs = queries.count(everybody)
    with post("subdistrict_officer", TOWN):
        assert queries.count(everybody) == ours + theirs


def test_a_list_shows_names_and_ages_and_masks_what_identifies(town: Town) -> None:
    with post("grid_worker"):
        columns = ["name", "birth_date", "phone", "age", "community"]
        page = queries.rows(PEOPLE, columns=columns, limit=500)
        assert [column.masked for column in page.columns] == [False, True, True, False, False]
        named = {row["id"]: row for row in town.rows["person"]}
        living = [row for row in named.values() if row["status"] == "current"]
        assert page.total == len(page.lines) == len(living)
        for line in page.lines:
            name, born, phone, age, community = line.cells
            assert name.text == named[line.id]["name"]
            assert born.text in ("", f"{born.text[:4]}-**-**")
            assert phone.text in ("", "138****0000", "139****0001")
            assert isinstance(age.value, int | None)
            assert community.text in ("殷家社区", "东城社区")
            assert line.confirmed_on == named[line.id]["confirmed_on"]


def test_care_is_hidden_from_those_who_do_not_care_for_people(town: Town) -> None:
    poor = about("person", Compare("low_income", Op.EQ, True))
    inside = about("household", Has("members", Compare("disabled", Op.EQ, True)))
    for role in ("property_manager", "micro_grid_lead"):
        with post(role):
            assert refusal(queries.count, poor) == "condition.hidden"
            assert refusal(queries.count, inside) == "condition.hidden"
            assert refusal(queries.rows, PEOPLE, columns=["disability_kind"]) == "condition.hidden"
            assert refusal(queries.rows, PEOPLE, sort="care_level") == "condition.hidden"
            assert refusal(queries.cross_tab, PEOPLE, "sex", "low_income") == "condition.hidden"
            offered = {field_offered.key for field_offered in queries.fields_offered("person")}
            assert not offered & {"low_income", "disabled", "chronic_illness", "pregnant"}
            assert ("age" in offered) == (role == "micro_grid_lead")
    with post("auditor"):
        anyone = about("person", Compare("age", Op.GE, 1))
        assert refusal(queries.count, anyone) == "condition.hidden"


def test_a_sealed_number_is_found_by_the_whole_of_it_alone(town: Town) -> None:
    with post("system"):
        found = queries.ids(about("person", Compare("phone", Op.EQ, "138 0000 0000")))
        assert found
        assert not queries.ids(about("person", Compare("phone", Op.EQ, "1380000")))
        part = about("person", Compare("phone", Op.CONTAINS, "138"))
        assert refusal(queries.ids, part) == "condition.op"
        assert refusal(queries.rows, PEOPLE, sort="phone") == "list.sort"


def test_pages_of_a_list_have_one_order_and_miss_nobody(town: Town) -> None:
    with post("secretary"):
        whole = [line.id for line in queries.lines(PEOPLE, sort="-age")]
        paged = [
            line.id
            for offset in range(0, len(whole), 7)
            for line in queries.rows(PEOPLE, sort="-age", offset=offset, limit=7).lines
        ]
        assert paged == whole
        ages = [line.cells[0].value for line in queries.lines(PEOPLE, columns=["age"], sort="-age")]
        known = [age for age in ages if age is not None]
        assert known == sorted(known, reverse=True)
        assert ages[: len(known)] == known


@pytest.mark.parametrize(
    ("subject", "row", "column"),
    [
        ("person", "community", "age"),
        ("person", "sex", "lives_alone"),
        ("person", "education", ""),
        ("person", "birth_year", "has_lift"),
        ("person", "building", "disabled"),
        ("household", "grid", "size"),
        ("dwelling", "area", "dwelling_usage"),
        ("building", "estate", "built_year"),
    ],
)
def test_every_figure_of_a_cross_tab_is_the_length_of_its_list(
    town: Town, subject: str, row: str, column: str
) -> None:
    everyone = about(subject, EVERYONE)
    with post("secretary", YIN):
        table = queries.cross_tab(everyone, row, column)
        assert table.total == queries.count(everyone) > 0
        for r, row_where in enumerate(table.row_wheres):
            for c, column_where in enumerate(table.column_wheres):
                one = about(subject, all_of(row_where, column_where))
                assert queries.count(one) == table.counts[r][c], (table.rows[r], table.columns[c])


def test_texts_are_no_side_of_a_cross_tab(town: Town) -> None:
    with post("secretary"):
        assert refusal(queries.cross_tab, PEOPLE, "name") == "spread.field"


def test_what_was_asked_is_kept_as_text_and_json(town: Town) -> None:
    with post("secretary"):
        asked = queries.ask("殷家社区90岁以上独居老人").condition
        assert queries.read_text("person", queries.condition_text(asked)) == asked
        assert queries.read_json(queries.condition_json(asked)) == asked
        narrower = queries.narrowed(asked, Compare("sex", Op.EQ, "2"))
        assert queries.condition_text(narrower) == "社区＝殷家社区 且 年龄≥90岁 且 独居 且 性别＝女"


def test_a_number_of_one_building_is_in_every_estate(town: Town) -> None:
    with post("secretary", YIN):
        question = queries.ask("3幢的老人")
        assert question.chips[0].note == "" or "3幢" in question.chips[0].note
        assert queries.count(question.condition) >= 0
        assert queries.ask("殷家苑1幢的老人").text == "楼栋＝殷家苑1幢 且 年龄≥60岁"


def test_questions_about_fields_that_an_office_added(town: Town) -> None:
    with post("secretary", YIN):
        labels = {
            field_offered.label: field_offered for field_offered in queries.fields_offered("person")
        }
        own = labels["自定personchoice"]
        assert own.own
        question = queries.ask("自定personchoice是甲类的老人")
        assert question.text == "自定personchoice＝甲类 且 年龄≥60岁"
        found = queries.ids(about("person", Compare(own.key, Op.EQ, "甲类")))
        hand = [
            row["id"]
            for row in town.rows["person"]
            if row.get(own.key) == "甲类"
            and row["scope_path"].startswith(YIN)
            and row["status"] == "current"
        ]
        assert found == hand
        shown = queries.rows(about("person", Compare(own.key, Op.EQ, "甲类")), columns=[own.key])
        assert {line.cells[0].text for line in shown.lines} == {"甲类"}
    with post("secretary", DONG):
        # Only 殷家社区 keeps this one.
        assert not any(field_offered.own for field_offered in queries.fields_offered("household"))


def test_somebody_born_on_a_leap_day_is_found_by_it(town: Town) -> None:
    with post("system"):
        born = about("person", Compare("birth_date", Op.EQ, date(1960, 2, 29)))
        assert queries.count(born) == sum(
            row["birth_date"] == date(1960, 2, 29) and row["status"] == "current"
            for row in town.rows["person"]
        )
