"""A4: a list of lifts comes in, each has a page with a code, duties are set and done."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.core.scope import system_scope
from linli.register.facilities.actions import NewFacility, add_facilities
from linli.register.facilities.models import Duty, Facility
from linli.register.posts.models import User
from tests.people import Subdistrict, a_subdistrict, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(time_machine: Any) -> Subdistrict:
    time_machine.move_to("2026-11-23 10:00+08:00")
    return a_subdistrict()


@pytest.fixture
def shuji(client: Client, town: Subdistrict) -> Client:
    a_user("shuji", "secretary", town.community)
    with system_scope("test"):
        client.force_login(User.objects.get(username="shuji"))
    return client


def a_sheet(*rows: list[Any]) -> SimpleUploadedFile:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile("电梯台账.xlsx", kept.getvalue())


def a_lift(town: Subdistrict) -> Facility:
    with system_scope("test"):
        return add_facilities(
            facilities=[NewFacility(town.building("1"), "电梯", "1幢电梯")], by=None
        )[0]


def test_a_list_comes_in_and_wrong_rows_are_named(shuji: Client, town: Subdistrict) -> None:
    with system_scope("test"):
        address = town.building("1").address
    file = a_sheet(
        ["设备名称", "设备类别", "安装地点", "下次检验日期"],
        ["甲梯", "电梯", address, date(2026, 12, 24)],
        ["乙梯", "电梯", address, date(1900, 1, 1)],
        ["丙梯", "电梯", "没有的地方", date(2026, 12, 24)],
        ["丁梯", "", address, None],
    )
    answer = shuji.post("/facilities/take/", {"file": file})
    said = answer.content.decode()
    assert answer.status_code == 422
    for words in ("第3行", "1900", "第4行", "没有的地方", "第5行"):
        assert words in said
    with system_scope("test"):
        assert [one.name for one in Facility.objects.all()] == ["甲梯"]
    assert shuji.post("/facilities/take/", {"file": a_sheet(["别的"])}).status_code == 422


def test_a_facility_has_a_page_a_code_and_duties(shuji: Client, town: Subdistrict) -> None:
    lift = a_lift(town)
    there = f"/facilities/{lift.pk}/"
    assert "1幢电梯" in shuji.get("/facilities/?q=1幢&kind=电梯").content.decode()
    assert "data:image/svg" in shuji.get(f"{there}code/").content.decode()
    given = {"kind": "inspection", "name": "年检", "months": "12", "due_on": "2028-02-29"}
    assert shuji.post(f"{there}duties/add/", given | {"months": "0"}).status_code == 422
    assert shuji.post(f"{there}duties/add/", given | {"due_on": "1900-01-01"}).status_code == 422
    assert shuji.post(f"{there}duties/add/", given).status_code == 302
    with system_scope("test"):
        duty = Duty.objects.get()
    done = {"done_on": "2026-11-20", "result": "合格"}
    assert shuji.post(f"{there}duties/{duty.pk}/done/", done).status_code == 302
    page = shuji.get(there).content.decode()
    assert "2029-02-28" in page
    assert "合格" in page
    assert shuji.post(f"{there}duties/{duty.pk}/end/").status_code == 302


def test_a_facility_is_added_corrected_moved_and_ended(shuji: Client, town: Subdistrict) -> None:
    facts = {"kind": "储备物资", "name": "口罩", "quantity": "5", "minimum": "100"}
    place = {"place": str(town.building("1").pk)}
    assert shuji.post("/facilities/add/", facts | place).status_code == 302
    with system_scope("test"):
        one = Facility.objects.get()
    there = f"/facilities/{one.pk}/"
    assert "低于最低数量" in shuji.get(there).content.decode()
    assert shuji.post(f"{there}edit/", facts | {"quantity": "500"}).status_code == 302
    assert "低于最低数量" not in shuji.get(there).content.decode()
    to = {"place": str(town.building("2").pk)}
    assert shuji.post(f"{there}move/", to).status_code == 302
    assert shuji.post(f"{there}end/", {"why": "过期销毁"}).status_code == 302
    assert "2026-11-23停用" in shuji.get(there).content.decode()


def test_another_community_finds_nothing(client: Client, town: Subdistrict) -> None:
    lift = a_lift(town)
    a_user("linju", "secretary", town.next_community)
    with system_scope("test"):
        client.force_login(User.objects.get(username="linju"))
    assert client.get(f"/facilities/{lift.pk}/").status_code == 404
    assert client.get(f"/facilities/{lift.pk}/code/").status_code == 404
    assert "1幢电梯" not in client.get("/facilities/").content.decode()
