"""A subdistrict begins with categories, brings its own, and neither is taken for the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.signals import post_init
from django.test import Client

from linli.capabilities.cases import actions
from linli.capabilities.cases.forms.workers import RegisterCaseForm
from linli.capabilities.cases.models import Category
from linli.capabilities.cases.queries import suggest
from linli.capabilities.cases.tests.builders import Station, a_station
from linli.core.errors import Refused
from linli.core.scope import system_scope
from tests.people import working_as

pytestmark = [pytest.mark.django_db]
LIFT = "电梯坏了三天了，老人下不去楼"
SHEET = """一级分类,二级分类,三级分类
城乡建设,安全生产,事故处理
城乡建设,安全生产,安全隐患
,空,空
"""


@pytest.fixture
def station() -> Station:
    return a_station()


def as_officer(station: Station):  # type: ignore[no-untyped-def]
    return working_as("subdistrict_officer", station.town.town.path, user=station.officer)


def test_own_categories_never_stand_for_shipped_ones(station: Station) -> None:
    """The first category below the first one of the first one is not what the examples call so."""
    with as_officer(station):
        town = station.town.town
        top = actions.add_category(place=town, name="一", by=station.officer)
        below = actions.add_category(place=town, name="二", parent=top, by=station.officer)
        own = [
            actions.add_category(place=town, name=f"三{n}", parent=below, by=station.officer)
            for n in range(3)
        ]
        assert suggest(LIFT, town).category is None
        actions.load_taxonomy(place=town, by=station.officer)
        told = suggest(LIFT, town).category
    assert told is not None
    assert told.code == "010301"
    assert not {one.code for one in own} & {told.code}
    assert not any(one.code.isdigit() for one in (top, below, *own))


def test_the_officer_loads_the_usual_ones_by_a_button_and_twice_changes_nothing(
    station: Station,
) -> None:
    officer, worker = Client(), Client()
    officer.force_login(station.officer)
    worker.force_login(station.worker)
    assert worker.get("/cases/categories/load/").status_code == 404
    assert "载入常用分类" in officer.get("/cases/categories/load/").content.decode()
    answer = officer.post("/cases/categories/load/", {"step": "usual"}, follow=True)
    assert "电梯故障" in answer.content.decode()
    again = officer.post("/cases/categories/load/", {"step": "usual"}, follow=True)
    assert "没有新的分类" in again.content.decode()


def test_a_taxonomy_of_three_columns_is_looked_over_and_brought(station: Station) -> None:
    officer = Client()
    officer.force_login(station.officer)
    file = SimpleUploadedFile("分类.csv", SHEET.encode())
    page = officer.post("/cases/categories/load/", {"step": "look", "file": file})
    seen = page.content.decode()
    assert "新增4个分类" in seen
    assert "第4行" in seen
    with system_scope("look"):
        before = Category.objects.count()
    carried = page.context["carried"]
    officer.post("/cases/categories/load/", {"step": "apply", "paths": carried})
    with system_scope("look"):
        assert Category.objects.count() == before + 4
        leaf = Category.objects.get(name="安全隐患")
        assert (leaf.level, leaf.parent.name, leaf.parent.parent.name) == (
            3,
            "安全生产",
            "城乡建设",
        )
        codes = list(Category.objects.values_list("code", flat=True))
        assert len(set(codes)) == len(codes)
    again = SimpleUploadedFile("分类.csv", SHEET.encode())
    page = officer.post("/cases/categories/load/", {"step": "look", "file": again})
    assert "已经有的4个不动" in page.content.decode()


@pytest.mark.parametrize("carried", ["", "[", "[[1]]", '[[["a"]]]', "null", '{"a": 1}', "[" * 9000])
def test_what_a_browser_sends_along_is_only_read_for_names(station: Station, carried: str) -> None:
    officer = Client()
    officer.force_login(station.officer)
    answer = officer.post("/cases/categories/load/", {"step": "apply", "paths": carried})
    assert answer.status_code == 302


def test_another_file_is_refused_in_words(station: Station) -> None:
    officer = Client()
    officer.force_login(station.officer)
    for name, data in (("a.csv", b"a,b\n1,2\n"), ("a.csv", b""), ("a.xlsx", b"PK nothing")):
        file = SimpleUploadedFile(name, data)
        answer = officer.post("/cases/categories/load/", {"step": "look", "file": file})
        assert answer.status_code == 422
    assert (
        "一级"
        in officer.post(
            "/cases/categories/load/",
            {"step": "look", "file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")},
        ).content.decode()
    )


def test_names_are_brought_once_whatever_their_spelling(station: Station) -> None:
    with as_officer(station):
        town, by = station.town.town, station.officer
        given = [("城乡建设", "安全生产", "隐患"), ("城乡建设",), (" 城鄉建設",)]
        assert actions.bring_taxonomy(place=town, paths=given, by=by) == 3
        assert actions.bring_taxonomy(place=town, paths=given, by=by) == 0
    with (
        working_as("community_worker", station.town.community.path, user=station.worker),
        pytest.raises(Refused),
    ):
        actions.bring_taxonomy(place=station.town.town, paths=given, by=station.worker)


def test_what_was_sent_looks_up_one_category_and_not_all(station: Station) -> None:
    with as_officer(station):
        actions.load_taxonomy(place=station.town.town, by=station.officer)
        retired = Category.objects.get(code="010302")
        with system_scope("set up a test"):
            actions.edit_category(
                category=retired, by=None, name=retired.name, working_days=5, is_active=False
            )
        given = {"text": LIFT, "channel": "phone", "wants_answer": "none"}
        form = RegisterCaseForm({**given, "category": str(station.lift.pk)})
        read: list[int] = []
        with monitored(read):
            assert form.is_valid(), form.errors
            assert form.cleaned_data["category"] == station.lift
        top = station.lift.parent_id
        assert set(read) == {station.lift.pk, top}
        for wrong in (str(retired.pk), str(top), "0", "x", "９", "99999999999999999999"):
            form = RegisterCaseForm({**given, "category": wrong})
            assert "category" in form.errors, wrong
        assert "category" not in RegisterCaseForm(given).errors, "it may be chosen later"


@contextmanager
def monitored(read: list[int]) -> Iterator[None]:
    """Note every category that is read from the database."""

    def note(sender: object, instance: Category, **_: object) -> None:
        read.append(instance.pk)

    post_init.connect(note, sender=Category)
    try:
        yield
    finally:
        post_init.disconnect(note, sender=Category)
