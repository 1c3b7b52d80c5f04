"""A list comes in whole: words explained once, places built, refused rows handed back."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.test import Client

from linli.core.scope import use_scope
from linli.register.people.models import Person
from linli.register.places.models import Building, Place
from linli.workbench.imports import actions, refused_rows, runner
from linli.workbench.imports.models import Batch, ExplainedWord
from linli.workbench.imports.unknown_words import missing_in, unknown_in
from linli.workbench.tasks.models import Task
from tests.imports.found import HOME, a_found_town, made, outcome
from tests.imports.town import Town, brought, fates, imported, in_office, previewed, settled, told

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ROWS = [
    ["姓名", "出生日期", "与户主关系", "低保", "住址"],
    ["甲一", "1950-01-01", "堂姑婆", "B类", HOME],
    ["甲二", "1951-01-01", "堂姑婆", "是", HOME],
    ["甲三", "1952-01-01", "配偶", "否", "殷家花苑9幢2单元1102室"],
    ["甲四", "1953-01-01", "配偶", "否", "殷家花苑9幢2单元302室"],
    ["合计", None, None, "4人", None],
]


@pytest.fixture
def town() -> Iterator[Town]:
    made_town = a_found_town()
    with made_town.at_work():
        yield made_town


def test_a_word_is_explained_once_and_known_from_then_on(town: Town) -> None:
    batch = made(town, ROWS)
    assert fates(batch) == {2: "new", 3: "new", 4: "refused", 5: "refused"}
    assert batch.counts["words"] == 2
    unknown = unknown_in(batch, runner.words_for(batch))
    assert [(one.key, one.word, one.rows) for one in unknown] == [
        ("relation_to_head", "堂姑婆", 2),
        ("low_income", "b类", 1),
    ]
    means = {("relation_to_head", "堂姑婆"): "8", ("low_income", "b类"): "1"}
    actions.explain_words(batch=batch, means=means, by=town.user)
    batch = previewed(town, batch, batch.columns)
    outcomes = outcome(batch)
    assert outcomes["甲一"]["facts"]["relation_to_head"] == "8"
    assert outcomes["甲一"]["facts"]["low_income"] is True
    assert batch.counts["words"] == 0
    # Another list, by somebody of another place of the subdistrict.
    with use_scope(town.scope):
        assert outcome(made(town, ROWS))["甲二"]["facts"]["relation_to_head"] == "8"
    assert set(ExplainedWord.objects.values_list("scope_path", flat=True)) == {
        town.community.path.split("/")[0] + "/"
    }


def test_a_word_may_mean_nothing(town: Town) -> None:
    batch = made(town, ROWS)
    means = {("relation_to_head", "堂姑婆"): ""}
    actions.explain_words(batch=batch, means=means, by=town.user)
    outcomes = outcome(previewed(town, batch, batch.columns))
    assert "relation_to_head" not in outcomes["甲二"]["facts"]
    assert outcomes["甲二"]["doubts"] == ""


def test_a_building_that_is_missing_is_built_as_the_list_has_it(town: Town) -> None:
    batch = made(town, ROWS)
    assert missing_in(batch) == ["殷家花苑9幢2单元1102室", "殷家花苑9幢2单元302室"]
    assert batch.counts["missing"] == 2
    batch = imported(town, previewed(town, batch, batch.columns, make_dwellings=True))
    assert Building.objects.get(place__name="9幢").floors == 11
    doors = Place.objects.filter(address__startswith="殷家花苑9幢", kind="dwelling")
    assert {place.name for place in doors} == {"1102室", "302室"}
    assert Person.objects.get(name="甲三").home.address == "殷家花苑9幢2单元1102室"


def test_refused_rows_come_back_with_the_reason_beside_them(town: Town) -> None:
    batch = made(town, [*ROWS, ["甲五", "1954-01-01", None, None, "某某苑1幢101室"]])
    words = runner.words_for(batch)
    data = refused_rows.as_workbook(batch, runner.sheet_of(batch), words)
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == (*ROWS[0], "不能导入的原因")
    assert [row[0] for row in rows[1:]] == ["甲三", "甲四", "甲五"]
    assert "没有“9”幢" in rows[1][-1]
    assert "某某苑" in rows[3][-1]
    again = brought(town, data, make_dwellings=True)
    assert list(fates(again).values()) == ["new", "new", "refused"], "the file can be brought"


def test_what_a_list_says_of_leaving_becomes_a_task(town: Town) -> None:
    settled(town, HOME, {"name": "亡一", "identity_number": "999001193001010110"})
    rows = [["姓名", "身份证号码", "住址"], ["亡一（已故）", "999001193001010110", HOME]]
    batch = made(town, rows)
    assert fates(batch) == {2: "unchanged"}
    assert batch.counts["gone"] == 1
    imported(town, batch)
    task = Task.objects.get(kind="imports.departure")
    assert task.title == "核实是否已故：亡*"
    assert Person.objects.get().status == "current"
    imported(town, made(town, rows))
    assert Task.objects.filter(kind="imports.departure").count() == 1, "once"
    actions.undo_batch(batch=batch, by=in_office(town))
    task.refresh_from_db()
    assert (task.state, task.result) == ("cancelled", f"表格“{batch.file_name}”已撤销")
    imported(town, made(town, rows))
    assert Task.objects.filter(kind="imports.departure", state="open").count() == 1


def test_the_page_asks_once_builds_and_hands_back(town: Town) -> None:
    client = Client()
    client.force_login(in_office(town))
    batch = made(town, ROWS)
    page = client.get(f"/imports/{batch.link}/").content.decode()
    assert "有2个词不认识，有2处楼栋或户室底册里没有" in page
    words_at = f"/imports/{batch.link}/words/"
    page = client.get(words_at).content.decode()
    assert "与户主关系：堂姑婆" in page
    assert "殷家花苑9幢2单元302室" in page
    answer = client.get(f"/imports/{batch.link}/refused/")
    assert answer.status_code == 200
    assert answer.content[:2] == b"PK"
    given = {"relation_to_head:堂姑婆": "8", "low_income:b类": "", "make_dwellings": "on"}
    page = client.post(words_at, given, follow=True).content.decode()
    assert "有1个词不认识" in page
    batch.refresh_from_db()
    assert set(fates(batch).values()) == {"new"}
    assert client.get(f"/imports/{batch.link}/refused/").status_code == 404


def test_nobody_else_takes_the_uncovered_rows(town: Town) -> None:
    """Negative control: the rows of the bringer's own file are theirs alone."""
    from linli.register.posts.models import Post, User
    from tests.scope.world import by_the_system

    in_office(town)
    batch = made(town, ROWS)
    with by_the_system():
        other = User.objects.create(username="li", name="李干事")
        Post.objects.create(
            user=other,
            role="community_worker",
            place=town.community,
            title="社工",
            from_date="2026-01-01",
            scope_path=town.community.path,
        )
    client = Client()
    client.force_login(other)
    assert client.get(f"/imports/{batch.link}/").status_code == 200
    assert client.get(f"/imports/{batch.link}/refused/").status_code == 404


def test_what_a_dwelling_was_built_for_is_not_how_it_is_used(town: Town) -> None:
    rows = [
        ["小区", "楼栋单元", "房号", "房屋用途", "使用情况"],
        ["殷家花苑", "1幢1单元", "101", "成套住宅", "出租"],
        ["殷家花苑", "1-1", "102", "商业", "未知的用法"],
    ]
    batch = made(town, rows, subject="dwelling")
    assert fates(batch) == {2: "changed", 3: "unchanged"}
    assert outcome_of_homes(batch) == ["rented", None]


def outcome_of_homes(batch: Batch) -> list[str | None]:
    """The use of each dwelling as the list has it."""
    return [told(batch, row)["facts"].get("dwelling_usage") for row in fates(batch)]
