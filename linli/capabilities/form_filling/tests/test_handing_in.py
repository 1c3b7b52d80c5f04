"""The file that goes out: covered on pages, completed by hand, never empty without a word."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.actions import form_returns
from linli.capabilities.form_filling.actions import templates as bringing
from linli.capabilities.form_filling.catalogue import yearly_report
from linli.capabilities.form_filling.models import FormInstance, FormReturn
from linli.capabilities.form_filling.tests.builders import (
    PHONE,
    Town,
    a_blank,
    a_town,
    as_worker,
    brought,
    cells_of,
    disabled,
)
from linli.core.errors import Refused
from linli.core.personal_data.crypto import keyring
from linli.workbench.journal.models import JournalEntry
from tests.people import working_as

pytestmark = pytest.mark.django_db
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHOLE = ["序号", "姓名", "性别", "残疾等级", "备注"]


@pytest.fixture
def here() -> Town:
    return a_town()


def completed(data: bytes, said: str = "已走访", *, heading: str = "备注") -> bytes:
    """Write into a column of the filled form, as somebody does with Excel."""
    book = load_workbook(io.BytesIO(data))
    table: Any = book.worksheets[0]
    column = next(cell.column for cell in table[3] if cell.value == heading)
    for row in range(4, 7):
        table.cell(row, column, said)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_was_read_before_is_kept_by_those_alone_who_may(here: Town) -> None:
    """Documents are read before the action: whoever may not do it reads for nothing."""
    with as_worker(here):
        form_instance = brought(here)
        ready = form_returns.to_hand_in(form_instance, here.worker)
        read = bringing.read_upload(a_blank(), "残疾人.xlsx")
    lead: dict[str, Any] = {"by": here.worker}
    with working_as("micro_grid_lead", here.town.community.path):
        for act, given in (
            (bringing.keep_form, {"brought": read, "place": here.town.community, "condition": {}}),
            (form_returns.take_made, {"form_instance": form_instance, "made": ready.made}),
            (form_returns.hand_in_filled, {"form_instance": form_instance, "ready": ready}),
            (
                form_returns.answer_with_filled,
                {"form_instance": form_instance, "counts": {}, "ready": None},
            ),
        ):
            with pytest.raises(Refused):
                act(**given, **lead)
    with as_worker(here):
        assert not FormInstance.objects.filter(pk__gt=form_instance.pk).exists()
        assert not FormReturn.objects.filter(form_instance=form_instance).exists()


def test_the_page_of_a_form_shows_no_value_uncovered(here: Town, client: Client) -> None:
    """The file does, and says so in the journal; looking at the page does neither."""
    with as_worker(here):
        form_instance = brought(here)
        client.force_login(here.worker)
        page = client.get(f"/forms/{form_instance.link}/").content.decode()
        assert PHONE not in page
        assert PHONE[:3] in page
        assert PHONE[-4:] in page
        assert "不显示" not in page
        assert not JournalEntry.objects.filter(kind="form.uncovered").exists()
        made = actions.take_filled(form_instance=form_instance, by=here.worker)
        assert any(PHONE in row for row in cells_of(made.data))
        assert JournalEntry.objects.filter(kind="form.uncovered").exists()


def test_a_form_with_cells_for_the_pen_asks_before_it_goes_out_empty(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here, data=a_blank(WHOLE))
        with pytest.raises(Refused) as refused:
            actions.hand_in_form(form_instance=form_instance, by=here.worker)
        assert (refused.value.field, str(refused.value.sentence)) == (
            "with_open_questions",
            "还有：3格要手填",
        )
        assert actions.hand_in_form(
            form_instance=form_instance, by=here.worker, with_open_questions=True
        ).pk


def test_a_form_with_covered_cells_asks_too(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here, data=a_blank(["序号", "姓名", "联系电话"]), basis="")
        with pytest.raises(Refused, match="2格不显示"):
            actions.hand_in_form(form_instance=form_instance, by=here.worker)


def test_the_file_completed_by_hand_is_the_file_that_is_kept(here: Town, client: Client) -> None:
    with as_worker(here):
        form_instance = brought(here, data=a_blank(WHOLE))
        data = completed(actions.take_filled(form_instance=form_instance, by=here.worker).data)
        client.force_login(here.worker)
        file = SimpleUploadedFile("补完.xlsx", data, EXCEL)
        answer = client.post(f"/forms/{form_instance.link}/hand-in/", {"file": file})
        assert answer.status_code == 302
        form_return = FormReturn.objects.get()
        assert (form_return.by_hand, keyring().decrypt(bytes(form_return.file))) == (True, data)
        assert data not in bytes(form_return.file)
        opened = actions.open_form_return(
            form_instance=form_instance, form_return=form_return, by=here.worker
        )
        assert [row[4] for row in cells_of(opened)[3:6]] == ["已走访"] * 3
        assert not yearly_report.never_used(yearly_report.handed_in())
        assert "手工补完" in client.get(f"/forms/{form_instance.link}/").content.decode()


def test_a_file_completed_in_part_says_how_much_is_empty(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here, data=a_blank([*WHOLE, "走访意见"]))
        data = completed(actions.take_filled(form_instance=form_instance, by=here.worker).data)
        with pytest.raises(Refused, match="还有：3格空着"):
            actions.hand_in_form(
                form_instance=form_instance,
                by=here.worker,
                upload=actions.Upload(data, "补完.xlsx"),
            )
        assert not FormReturn.objects.exists()


def test_another_form_is_taken_only_when_that_is_meant(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here, data=a_blank(WHOLE))
        other = a_blank(["序号", "楼栋", "电梯", "检修日期"], title="电梯台账")
        with pytest.raises(Refused) as refused:
            actions.hand_in_form(
                form_instance=form_instance,
                by=here.worker,
                with_open_questions=True,
                upload=actions.Upload(other, "电梯.xlsx"),
            )
        assert refused.value.field == "is_meant"
        assert "残疾等级" in str(refused.value.sentence)
        assert not FormReturn.objects.exists()
        upload = actions.Upload(other, "电梯.xlsx", is_meant=True)
        actions.hand_in_form(
            form_instance=form_instance, by=here.worker, with_open_questions=True, upload=upload
        )
        assert keyring().decrypt(bytes(FormReturn.objects.get().file)) == other


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xff\xd8 a picture", "这不是Word或Excel文件"),
        (b"PK" + bytes((20 << 20) + 1), "超过20 MB"),
    ],
)
def test_what_is_no_form_is_not_handed_in(here: Town, data: bytes, says: str) -> None:
    with as_worker(here):
        form_instance = brought(here)
        with pytest.raises(Refused, match=says):
            actions.hand_in_form(
                form_instance=form_instance,
                by=here.worker,
                with_open_questions=True,
                upload=actions.Upload(data, "照片.xlsx"),
            )
        form_instance.refresh_from_db()
        assert form_instance.state == "open"


def test_a_form_too_large_is_refused_before_any_program_opens_it(
    here: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from linli.capabilities.form_filling.actions import templates as bringing

    monkeypatch.setattr(bringing, "made_new", lambda *_said: pytest.fail("it was converted"))
    too_large = bytes.fromhex("d0cf11e0a1b11ae1") + bytes((20 << 20) + 1)
    with as_worker(here), pytest.raises(Refused, match="超过20 MB"):
        actions.upload_form(data=too_large, name="a.doc", place=here.town.community, by=here.worker)


def test_a_form_with_macros_says_what_to_do(here: Town) -> None:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("xl/workbook.xml", "<workbook/>")
        bundle.writestr("xl/vbaProject.bin", b"macro")
    with as_worker(here):
        with pytest.raises(Refused, match="带宏，请另存为不带宏的"):
            actions.upload_form(
                data=packed.getvalue(), name="a.xlsm", place=here.town.community, by=here.worker
            )
        assert not FormInstance.objects.exists()


def test_what_a_reader_should_know_of_a_file_stands_on_the_next_page(
    here: Town, client: Client
) -> None:
    with as_worker(here):
        form_instance = brought(here, basis="")
    client.force_login(here.worker)
    client.post(f"/forms/{form_instance.link}/filled/")
    page = client.get("/forms/").content.decode()
    assert "没有填：出生日期、手机" in page


def test_who_asked_last_time_is_proposed_and_counts_only_once_confirmed(
    here: Town, client: Client
) -> None:
    """Another office may ask in the same shape."""
    with as_worker(here):
        brought(here)
        again = actions.upload_form(
            data=a_blank(title="另一家的表"),
            name="b.xlsx",
            place=here.town.community,
            by=here.worker,
        )
        assert (again.asked_by, again.basis) == ("", "")
        client.force_login(here.worker)
        page = client.get(f"/forms/{again.link}/headings/").content.decode()
        assert "残疾人保障法第十二条" in page
        assert "是上次写的" in page
        confirmed = actions.confirm_form(
            form_instance=again,
            title="另一家的表",
            subject="person",
            condition=disabled(),
            headings=again.headings,
            by=here.worker,
        )
        made = actions.take_filled(form_instance=confirmed, by=here.worker)
        assert not any(PHONE in row for row in cells_of(made.data))
