"""The pages of an import, with and without script, on phone and desktop."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.workbench.imports import runner
from linli.workbench.imports.models import Batch
from tests.imports import files
from tests.imports.town import Town, a_list, a_town, in_office, number, settled
from tests.scope.world import by_the_system

pytestmark = pytest.mark.django_db
ZHANG, WANG = number(1936, 1), number(1990, 4)
HOME = "东方丽都1幢1单元101室"


@pytest.fixture
def town() -> Town:
    made = a_town()
    settled(made, HOME, {"name": "张三", "identity_number": ZHANG, "phone": "13800000001"})
    in_office(made)
    return made


@pytest.fixture
def office(town: Town) -> Client:
    client = Client()
    client.force_login(town.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def a_good_list() -> bytes:
    return files.xlsx(
        a_list(
            ["张三", "男", None, ZHANG, 13900000009, HOME],
            ["王五", "女", None, WANG, 13900000010, "2幢302室"],
            ["赵六", "男", None, "990000195002300016", None, "2幢303室"],
        )
    )


def bring(client: Client, data: bytes, name: str = "居民.xlsx", **more: Any) -> Any:
    form = {
        "file": SimpleUploadedFile(name, data),
        "subject": "person",
        "source": "department",
        "confirmed_on": "2026-11-01",
        **more,
    }
    return client.post("/imports/", form)


def chosen(client: Client, address: str) -> dict[str, str]:
    """The columns form as it stands: what a click on the button would send."""
    form = client.get(address).context["form"]
    return {name: field.initial or "" for name, field in form.fields.items() if field.initial}


def test_a_list_is_brought_looked_at_imported_and_taken_back(office: Client) -> None:
    columns_at = bring(office, a_good_list()).headers["Location"]
    page = office.get(columns_at).content.decode()
    assert "身份证号码" in page
    assert ZHANG not in page, "samples are covered"
    shown_at = office.post(columns_at, chosen(office, columns_at)).headers["Location"]
    page = office.get(shown_at).content.decode()
    assert "手机：138****0001（上门走访 2026-05-01） → 139****0009" in page
    assert "D4 证件号码：第7到14位“19500230”不是真实的出生日期" in page
    for personal in (ZHANG, WANG, "13900000009"):
        assert personal not in page
    only = office.get(shown_at, {"fate": "refused"}).content.decode()
    assert "赵六" in only
    assert "王五" not in only
    assert office.get(f"{shown_at}apply/").status_code == 200, "asks first, without script"
    page = office.post(f"{shown_at}apply/", follow=True).content.decode()
    assert "已导入2条" in page
    with system_scope("test"):
        assert Person.objects.get(name="王五").home.address == "东方丽都2幢302室"
    asked = office.get(f"{shown_at}undo/").content.decode()
    assert "删除导入时新增的" in asked
    assert "之后的变动" not in asked
    page = office.post(f"{shown_at}undo/", follow=True).content.decode()
    assert "已撤销" in page
    with system_scope("test"):
        assert not Person.objects.filter(name="王五").exists()
    assert "居民.xlsx" in office.get("/imports/").content.decode()


def test_the_undo_page_names_what_stands_in_the_way(office: Client) -> None:
    def imported(rows: list[list[Any]], name: str) -> str:
        columns_at = bring(office, files.xlsx(rows), name).headers["Location"]
        shown_at = office.post(columns_at, chosen(office, columns_at)).headers["Location"]
        office.post(f"{shown_at}apply/")
        return str(shown_at)

    heads = ["姓名", "身份证号码", "家庭住址", "联系电话"]
    first = imported([heads, ["王五", WANG, "2-302", None]], "先.xlsx")
    second = imported([heads, ["王五", WANG, None, "13900000009"]], "后.xlsx")
    page = office.get(f"{first}undo/").content.decode()
    assert "名单“后.xlsx”" in page
    assert second in page
    assert "之后改过手机" in page
    assert 'type="submit">撤销' not in page.replace("\n", "")
    refused = office.post(f"{first}undo/")
    assert "现在不能撤销" in refused.content.decode()
    office.post(f"{second}undo/")
    assert "名单“后.xlsx”" not in office.get(f"{first}undo/").content.decode()
    assert "已撤销" in office.post(f"{first}undo/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("居民.xlsx", b"", "文件是空的"),
        ("居民.xlsx", b"PK\x03\x04junk", "文件已损坏"),
        ("居民.docx", b"hello", "不是表格"),
        ("居民.xlsx", files.bomb(200), "展开后过大"),
        ("居民.csv", b"%PDF-1.7 ...", "内容却是PDF"),
    ],
)
def test_a_bad_file_is_a_clear_message(office: Client, name: str, data: bytes, words: str) -> None:
    answer = bring(office, data, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with system_scope("test"):
        assert not Batch.objects.exists(), "nothing is kept of it"


def test_a_table_without_headings_is_said_and_another_sheet_can_be_chosen(office: Client) -> None:
    def fill(book: Any, page: Any) -> None:
        page.write(0, 0, "说明")
        other = book.add_worksheet("名单")
        for place, row in enumerate(a_list(["王五", None, None, WANG, None, "2-302"])):
            other.write_row(place, 0, row)

    at = bring(office, files.with_xlsxwriter(fill)).headers["Location"]
    first = office.get(at)
    assert first.status_code == 422
    assert "没有找到表头" in first.content.decode()
    second = office.get(at, {"sheet": "1"})
    assert second.status_code == 200
    sent = chosen(office, f"{at}?sheet=1")
    shown_at = office.post(f"{at}?sheet=1", sent).headers["Location"]
    assert "王五" in office.get(shown_at).content.decode()


def test_two_columns_for_one_fact_are_asked_about(office: Client) -> None:
    rows = [["姓名", "手机号码", "联系电话", "住址"], ["王五", "13800000000", None, "2-302"]]
    at = bring(office, files.xlsx(rows)).headers["Location"]
    assert "有几列都像这一项" in office.get(at).content.decode()
    same = {**chosen(office, at), "column_1": "phone", "column_2": "phone"}
    answer = office.post(at, same)
    assert answer.status_code == 422
    assert "请只留一列" in answer.content.decode()


def test_long_work_shows_how_far_it_is_and_a_silent_one_can_begin_again(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = bring(office, a_good_list()).headers["Location"]
    shown_at = office.post(at, chosen(office, at)).headers["Location"]
    monkeypatch.setattr(runner, "run", lambda *_args, **_more: None)
    page = office.post(f"{shown_at}apply/", follow=True)
    assert "正在导入" in page.content.decode()
    assert page.headers["Refresh"] == "2"
    monkeypatch.undo()
    with by_the_system():
        Batch.objects.update(claimed_at=timezone.now() - timedelta(minutes=16))
    stopped = office.get(shown_at)
    assert "上次处理中断了，底册没有变" in stopped.content.decode()
    assert "Refresh" not in stopped.headers
    assert "已导入2条" in office.post(f"{shown_at}apply/", follow=True).content.decode()


@pytest.mark.parametrize("role", ["grid_worker", "property_manager", "auditor"])
def test_only_those_who_may_import_have_the_pages(role: str) -> None:
    town = a_town()
    client = Client()
    assert client.get("/imports/").status_code == 302, "sign in first"
    client.force_login(in_office(town, role), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/imports/").status_code == 404
    assert bring(client, a_good_list()).status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_secretary_imports_a_list_in_the_browser(browser_page: Any, tmp_path: Any) -> None:
    town = a_town()
    settled(town, HOME, {"name": "张三", "identity_number": ZHANG, "phone": "13800000001"})
    file = tmp_path / "殷家居民.xlsx"
    file.write_bytes(a_good_list())
    visitor = browser_page
    visitor.sign_in(in_office(town))
    page = visitor.open("/imports/")
    page.get_by_label("表格文件").set_input_files(str(file))
    visitor.click("上传并核对", role="button")
    visitor.click("看每一行的结果", role="button")
    assert page.get_by_text("王五").first.is_visible()
    page.locator("main a.btn-primary", has_text="导入").click()
    page.wait_for_load_state("load")
    visitor.check()
    visitor.click("导入", role="button")
    assert page.get_by_text("已导入2条").first.is_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_unknown_words_are_explained_in_the_browser(browser_page: Any, tmp_path: Any) -> None:
    town = a_town()
    file = tmp_path / "老人名单.xlsx"
    rows = [
        ["姓名", "出生日期", "与户主关系", "家庭住址"],
        ["王五", "1950-01-01", "堂姑婆", "2幢302室"],
        ["赵六", "1951-01-01", "配偶", "东方丽都9幢1单元1102室"],
    ]
    file.write_bytes(files.xlsx(rows))
    visitor = browser_page
    visitor.sign_in(in_office(town))
    page = visitor.open("/imports/")
    page.get_by_label("表格文件").set_input_files(str(file))
    visitor.click("上传并核对", role="button")
    visitor.click("看每一行的结果", role="button")
    page.get_by_role("link", name="选一次就记住").click()
    page.wait_for_load_state("load")
    visitor.check()
    page.get_by_label("与户主关系：堂姑婆").select_option(label="其他")
    page.get_by_label("建立底册里没有的楼栋和户室").check()
    visitor.click("记住", role="button")
    assert page.get_by_text("新增").first.is_visible()
    assert not page.get_by_text("选一次就记住").count()


def _bring_damaged(office: Client, seeds: range) -> None:
    """Bring damaged files and go as far with them as the pages let one."""
    for seed in seeds:
        name, data = files.fuzzed(seed)
        answer = bring(office, data, name)
        assert answer.status_code in (302, 422), (seed, answer.status_code)
        if answer.status_code == 302:
            at = answer.headers["Location"]
            page = office.get(at)
            assert page.status_code in (200, 422), (seed, page.status_code)
            if page.status_code == 200:
                sent = office.post(at, chosen(office, at))
                assert sent.status_code in (302, 422), (seed, sent.status_code)


def test_damaged_files_never_break_a_page_nor_change_the_register(office: Client) -> None:
    with system_scope("test"):
        before = list(Person.objects.values_list("pk", "changed_at"))
    _bring_damaged(office, range(12))
    with system_scope("test"):
        assert list(Person.objects.values_list("pk", "changed_at")) == before


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_hundreds_of_damaged_files_never_break_a_page(office: Client) -> None:
    _bring_damaged(office, range(1000, 1400))
