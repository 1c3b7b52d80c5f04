"""The page for the list of a hotline: upload, look, take, and what is left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linli.capabilities.cases.models import Case
from linli.capabilities.cases.tests.builders import a_station
from linli.core.runtime.liveness import BEGINNING
from linli.integrations.hotline_lists import runner
from linli.integrations.hotline_lists.actions import begin_list, stop_list
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.tests.lists import HEADINGS, a_row, as_csv, the_officer
from tests.browser import Visitor

LIFT = "2幢电梯停在三楼三天了，老人下不了楼"
NOISE = "楼下夜里装修到十二点，孩子睡不着"


def a_file(folder: Path) -> Path:
    """Write a list with four rows, one of them without a number."""
    headings = [*HEADINGS, "三级分类"]
    rows = [
        [*a_row("W1", LIFT, title="电梯停了三天"), "电梯故障"],
        [*a_row("W2", NOISE, phone="138****8000"), "噪音扰民"],
        [*a_row("W3", NOISE), ""],
        [*a_row("", NOISE), ""],
    ]
    file = folder / "热线11月.csv"
    file.write_bytes(as_csv(rows, headings))
    return file


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_worker_brings_a_list_looks_it_over_and_takes_it(
    browser_page: Visitor, tmp_path: Path
) -> None:
    station = a_station()
    browser_page.sign_in(station.officer)
    page = browser_page.open("/cases/intake/")
    page.set_input_files("input[type=file]", str(a_file(tmp_path)))
    browser_page.click("上传并查看", role="button")
    words = page.inner_text("main")
    assert "还没有受理" in words
    assert "没有编号" in words
    assert "“联系电话”没有录入" in words
    page.get_by_text("分类有把握的，直接分派").click()
    browser_page.click("受理", role="button")
    words = page.inner_text("main")
    assert "电梯停了三天" in words
    assert "没有受理的行" in words
    browser_page.click("电梯停了三天")
    assert page.url.rstrip("/").rsplit("/", 1)[-1].isdigit()


@pytest.fixture
def officer_client(db: Any) -> Any:
    station = a_station()
    client = Client()
    client.force_login(station.officer, backend="django.contrib.auth.backends.ModelBackend")
    return station, client


def _brought(client: Client, file: Path) -> HotlineList:
    with file.open("rb") as opened:
        answer = client.post("/cases/intake/", {"file": opened, "place": _town()})
    assert answer.status_code == 302, answer.content.decode()[:400]
    return _newest()


def _town() -> int:
    from linli.core.scope import system_scope
    from linli.register.places.models import Place

    with system_scope("test"):
        return int(Place.objects.get(kind="subdistrict").pk)


def _newest() -> HotlineList:
    from linli.core.scope import system_scope

    with system_scope("test"):
        return HotlineList.objects.order_by("-pk")[0]


def test_a_file_that_cannot_be_used_says_why_and_keeps_nothing(
    officer_client: Any, tmp_path: Path
) -> None:
    _station, client = officer_client
    for data, name, words in (
        (as_csv([["1", "x"]], ["单号", "别的"]), "a.csv", "缺少必需的列：来件时间、内容"),
        (b"\x89PNG....", "a.png", "不是表格"),
        (as_csv([a_row("1", "字" * 40_000)]), "a.csv", "第2行有一格超过32767字"),
        (b"", "a.csv", "文件是空的"),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        with file.open("rb") as opened:
            answer = client.post("/cases/intake/", {"file": opened, "place": _town()})
        assert answer.status_code == 422
        assert words in answer.content.decode(), name
    from linli.core.scope import system_scope

    with system_scope("test"):
        assert not HotlineList.objects.exists()


def test_a_list_that_stopped_says_so_and_goes_on_by_the_same_order(
    officer_client: Any, tmp_path: Path
) -> None:
    station, client = officer_client
    hotline_list = _brought(client, a_file(tmp_path))
    with the_officer(station):
        begin_list(hotline_list=hotline_list, dispatch="sure", merge=False, by=station.officer)
        assert not runner.is_stalled(HotlineList.objects.get())
        stop_list(hotline_list=hotline_list, error_text="服务器磁盘已满", by=station.officer)
    shown = client.get(f"/cases/intake/{hotline_list.link}/").content.decode()
    assert "服务器磁盘已满" in shown
    assert "继续受理" in shown
    client.post(f"/cases/intake/{hotline_list.link}/take/")
    with the_officer(station):
        done = HotlineList.objects.get()
        assert (done.state, done.dispatch, done.count("did_dispatched")) == ("taken", "sure", 2)
        assert Case.objects.count() == 3
    left = client.get(f"/cases/intake/{hotline_list.link}/left/")
    assert "没有编号" in left.content.decode("utf-8-sig")
    again = client.post(f"/cases/intake/{hotline_list.link}/take/")
    assert again.status_code == 422


def test_a_list_whose_process_is_gone_counts_as_stopped(
    officer_client: Any, tmp_path: Path
) -> None:
    station, client = officer_client
    hotline_list = _brought(client, a_file(tmp_path))
    with the_officer(station):
        begun = begin_list(hotline_list=hotline_list, dispatch="", merge=False, by=station.officer)
        begun.moved_at = timezone.now() - BEGINNING * 2
        assert runner.is_stalled(begun)
    assert "每两秒更新" in client.get(f"/cases/intake/{hotline_list.link}/").content.decode()


def test_a_list_is_given_up_only_before_it_is_taken(officer_client: Any, tmp_path: Path) -> None:
    station, client = officer_client
    hotline_list = _brought(client, a_file(tmp_path))
    assert "放弃这张表格" in client.get(f"/cases/intake/{hotline_list.link}/drop/").content.decode()
    assert client.post(f"/cases/intake/{hotline_list.link}/drop/").status_code == 302
    with the_officer(station):
        dropped = HotlineList.objects.get()
        assert (dropped.state, bytes(dropped.file), dropped.plan) == ("dropped", b"", "")
    assert client.get(f"/cases/intake/{hotline_list.link}/").status_code == 302


def test_files_are_forgotten_after_their_time(officer_client: Any, tmp_path: Path) -> None:
    station, client = officer_client
    _brought(client, a_file(tmp_path))
    assert runner.purge() == 0
    with the_officer(station):
        from linli.core.actions import writes_allowed

        with writes_allowed("test"):
            HotlineList.objects.update(purge_on=timezone.now().date())
    assert runner.purge() == 1
    assert runner.purge() == 0


def test_posts_that_do_not_dispatch_have_no_such_page(db: None) -> None:
    station = a_station()
    client = Client()
    client.force_login(station.grid_worker, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/cases/intake/").status_code == 404
