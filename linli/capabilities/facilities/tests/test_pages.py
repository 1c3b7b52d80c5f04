"""A4: a list of lifts comes in, each has a page with a code, duties are set and done."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import TextField
from django.db.models.functions import Cast
from django.test import Client

from linli.capabilities.facilities.cycles import read_cycle
from linli.core.actions import writes_allowed
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.facilities.actions import Cycle, NewFacility, add_facilities, finish_duty
from linli.register.facilities.models import Duty, Facility, FacilityPaper
from linli.register.parties.models import Party
from linli.register.places.models import Place
from linli.register.posts.models import User
from tests.edits import edit
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
        assert [facility.name for facility in Facility.objects.all()] == ["甲梯"]
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
        facility = Facility.objects.get()
    there = f"/facilities/{facility.pk}/"
    assert "低于最低数量" in shuji.get(there).content.decode()
    assert edit(shuji, f"{there}edit/", {"quantity": "500"}).status_code == 302
    assert "低于最低数量" not in shuji.get(there).content.decode()
    assert "没有找到" in shuji.post(f"{there}move/", {"place": "没有的"}).content.decode()
    assert shuji.post(f"{there}move/", {"place": "东方丽都2幢"}).status_code == 302
    with system_scope("test"):
        facility.refresh_from_db()
        assert facility.place == town.building("2")
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


def test_where_several_places_are_meant_one_is_chosen(shuji: Client, town: Subdistrict) -> None:
    lift = a_lift(town)
    there = f"/facilities/{lift.pk}/move/"
    answer = shuji.post(there, {"place": "东方"})
    assert answer.status_code == 422
    assert "请选一处" in answer.content.decode()
    given = {"place_words": "东方", "place": str(town.building("2").pk)}
    assert shuji.post(there, given).status_code == 302
    with system_scope("test"):
        lift.refresh_from_db()
        assert lift.place == town.building("2")


def a_party(name: str, place: Place) -> Party:
    with system_scope("test"), writes_allowed("test"):
        party: Party = Party.objects.create(name=name, place=place, scope_path=place.path)
        return party


LISTED = ["类别", "名称", "编号", "安装地点", "下次检验日期", "周期", "维保单位"]


def test_the_same_list_again_doubles_nothing_and_corrections_are_taken(
    shuji: Client, town: Subdistrict
) -> None:
    with system_scope("test"):
        address = town.building("1").address
    a_party("快意电梯", town.town)
    day = date(2026, 12, 24)
    rows = [
        ["电梯", "甲梯", "31103302012024001", address, day, "每年", "快意电梯"],
        ["电梯", "乙梯", "", address, day, "每半年", ""],
        ["消防设备", "灭火器", "1", address, None, "", ""],
    ]

    def taken() -> str:
        answer = shuji.post("/facilities/take/", {"file": a_sheet(LISTED, *rows)}, follow=True)
        return answer.content.decode()

    assert "新增3处，更新0处，没有变化0处" in taken()
    assert "新增0处，更新0处，没有变化3处" in taken()
    rows[0][1:5] = ["1幢甲梯", "31103302012024001", "", date(2026, 12, 30)]
    rows[1][5] = "每15天"
    assert "新增0处，更新2处，没有变化1处" in taken()
    with system_scope("test"):
        assert Facility.objects.count() == 3
        lift = Facility.objects.get(code="31103302012024001")
        assert (lift.name, lift.next_inspection_on) == ("1幢甲梯", date(2026, 12, 30))
        assert lift.place == town.building("1")  # no place named: it stays where it is
        assert lift.maintainer.name == "快意电梯"
        cycles = {duty.facility.name: duty.cycle_words for duty in Duty.objects.all()}
    assert cycles == {"1幢甲梯": "每1年", "乙梯": "每15天"}


def test_an_old_list_does_not_take_back_what_was_done(shuji: Client, town: Subdistrict) -> None:
    with system_scope("test"):
        address = town.building("1").address
    row = ["电梯", "甲梯", "", address, date(2026, 11, 24), "每年", ""]
    shuji.post("/facilities/take/", {"file": a_sheet(LISTED, row)})
    with system_scope("test"):
        finish_duty(duty=Duty.objects.get(), done_on=date(2026, 11, 20), by=None)
    shuji.post("/facilities/take/", {"file": a_sheet(LISTED, row)})
    with system_scope("test"):
        assert Facility.objects.get().next_inspection_on == date(2027, 11, 24)


def test_what_a_list_leaves_unclear_is_named_by_its_row(shuji: Client, town: Subdistrict) -> None:
    with system_scope("test"):
        address, place = town.building("1").address, town.building("1")
        new = [NewFacility(place, "电梯", "甲梯", code) for code in ("1", "2")]
        add_facilities(facilities=new, by=None)
    file = a_sheet(
        LISTED,
        ["电梯", "甲梯", "", address, None, "", ""],
        ["电梯", "乙梯", "", address, None, "有空就做", ""],
        ["电梯", "丙梯", "", address, None, "", "没有的公司"],
        ["电梯", "丁梯", "", address, None, "每年", ""],
        ["电梯", "戊梯", "", address, None, "", ""],
        ["电梯", "戊梯", "", address, None, "", ""],
    )
    answer = shuji.post("/facilities/take/", {"file": file})
    said = answer.content.decode()
    assert answer.status_code == 422
    for words in (
        "第2行",
        "分不清",
        "第3行",
        "有空就做",
        "第4行",
        "没有的公司",
        "第5行",
        "还要写下次检验",
        "第7行",
        "重复",
    ):
        assert words in said
    with system_scope("test"):
        assert sorted(facility.name for facility in Facility.objects.all()) == [
            "戊梯",
            "甲梯",
            "甲梯",
        ]


@pytest.mark.parametrize(
    ("text", "cycle"),
    [
        ("每年", Cycle(months=12)),
        ("每年一次", Cycle(months=12)),
        ("半年", Cycle(months=6)),
        ("每两年", Cycle(months=24)),
        ("每季度", Cycle(months=3)),
        ("每3个月", Cycle(months=3)),
        ("半月", Cycle(days=15)),
        ("每15天", Cycle(days=15)),
        ("每十五天", Cycle(days=15)),
        ("每周", Cycle(days=7)),
        ("月检", Cycle(months=1)),
    ],
)
def test_a_cycle_is_read_as_people_write_it(text: str, cycle: Cycle) -> None:
    assert read_cycle(text) == cycle


@pytest.mark.parametrize("text", ["每0天", "12", "每9999天", "常年", "每999999999999天"])
def test_a_cycle_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="看不懂"):
        read_cycle(text)


def test_the_maintainer_is_chosen_from_those_who_serve_the_place(
    shuji: Client, town: Subdistrict
) -> None:
    ours, theirs = a_party("快意电梯", town.town), a_party("别处电梯", town.next_community)
    lift = a_lift(town)
    there = f"/facilities/{lift.pk}/"
    form = shuji.get(f"{there}edit/").content.decode()
    assert "快意电梯" in form
    assert "别处电梯" not in form
    assert edit(shuji, f"{there}edit/", {"maintainer": str(theirs.pk)}).status_code == 422
    assert edit(shuji, f"{there}edit/", {"maintainer": str(ours.pk)}).status_code == 302
    assert "快意电梯" in shuji.get(there).content.decode()


def test_papers_are_kept_sealed_replaced_and_read(
    shuji: Client, client: Client, town: Subdistrict
) -> None:
    lift = a_lift(town)
    there = f"/facilities/{lift.pk}/"
    given = {"name": "使用登记证", "number": "梯11浙B001", "valid_until": "2027-03-01"}
    pdf = SimpleUploadedFile("证.pdf", b"%PDF-1.4 test")
    assert 'enctype="multipart/form-data"' in shuji.get(f"{there}papers/add/").content.decode()
    assert shuji.post(f"{there}papers/add/", given | {"file": pdf}).status_code == 302
    trap = SimpleUploadedFile("证.pdf", b"<script>alert(1)</script>")
    assert shuji.post(f"{there}papers/add/", given | {"file": trap}).status_code == 422
    script = given | {"link": "javascript:alert(1)"}
    assert shuji.post(f"{there}papers/add/", script).status_code == 422
    with system_scope("test"):
        paper = FacilityPaper.objects.get()
        raw = FacilityPaper.objects.annotate(kept=Cast("file", TextField())).get()
        assert "JVBERi0" not in raw.kept
    page = shuji.get(there).content.decode()
    assert "梯11浙B001" in page
    assert "有效期至2027-03-01" in page
    answer = shuji.get(f"{there}papers/{paper.pk}/")
    assert answer.content == b"%PDF-1.4 test"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    later = given | {"valid_until": "2029-03-01"}
    assert shuji.post(f"{there}papers/add/", later).status_code == 302
    with system_scope("test"):
        lift.refresh_from_db()
        assert lift.papers_until == date(2029, 3, 1)
        assert FacilityPaper.objects.filter(ended=True).get() == paper
        newer = FacilityPaper.objects.get(ended=False)
    assert shuji.get(f"{there}papers/{newer.pk}/").status_code == 404  # it has no file
    assert shuji.post(f"{there}papers/{newer.pk}/end/").status_code == 302
    with system_scope("test"):
        lift.refresh_from_db()
        assert lift.papers_until is None
    a_user("linju", "secretary", town.next_community)
    with system_scope("test"):
        client.force_login(User.objects.get(username="linju"))
    assert client.get(f"{there}papers/{paper.pk}/").status_code == 404
