"""A list that leaves says what its taker may see, and nothing besides in any corner of its file."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from datetime import date
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from django.test import Client

from linli.capabilities.reports import export_files
from linli.capabilities.reports.models import ExportRequest
from linli.core.personal_data import watermark
from linli.core.scope import system_scope
from linli.workbench.conditions import queries
from tests.residents.world import a_neighbourhood, a_user, an_identity_number, someone, working_as

pytestmark = pytest.mark.django_db
PHONE, BORN = "13957706868", date(1932, 3, 17)
NUMBER = an_identity_number(BORN)
COLUMNS = ("name", "phone", "identity_number", "birth_date", "workplace", "address")
# Written by the libraries themselves, the same for every file.
OF_THE_LIBRARY = re.compile(r"Microsoft Excel|Typst [\d.]+|\d{4}-\d\d-\d\dT[\d:]+Z|[\d.:+-]+")


@pytest.fixture
def taker(client: Client) -> Client:
    """A grid worker of 殷家社区 with thirty residents who carry numbers."""
    here = a_neighbourhood()
    with working_as("secretary"):
        for n in range(30):
            home = here.homes[n % len(here.homes)]
            facts: dict[str, Any] = {"birth_date": BORN, "workplace": f"某某厂{n}", "phone": PHONE}
            if n == 0:
                facts["identity_number"] = NUMBER
            someone(home, f"虞{n:02d}", **facts)
    user = a_user("lin", "grid_worker", here.community)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def taken(client: Client, kind: str) -> tuple[bytes, str]:
    """Take the list away; return the file and the link of what was asked."""
    columns = "".join(f"&col={column}" for column in COLUMNS)
    asked = client.post(
        f"/ask/take/?s=person&c={quote('年龄≥90岁')}{columns}",
        {"kind": kind, "purpose": "visit", "words": "重阳节上门慰问"},
    )
    answer = client.post(asked["Location"] + "file/")
    assert answer.status_code == 200
    return answer.content, asked["Location"].strip("/").rpartition("/")[2]


def text_of(pdf: bytes) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def about_pdf(pdf: bytes) -> str:
    done = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def unseen() -> list[str]:
    """What a grid worker sees covered, in every spelling a file could hold it."""
    serial = str((BORN - date(1899, 12, 30)).days)  # how a workbook keeps a day
    return [PHONE, NUMBER, BORN.isoformat(), "1932年3月", f">{serial}<"]


def seen() -> set[str]:
    """Every value of the list as the same worker sees it on the page."""
    with working_as("grid_worker"):
        rows = queries.rows(queries.read_text("person", "年龄≥90岁"), columns=COLUMNS)
        return {cell.text for line in rows.lines for cell in line.cells if cell.text}


def test_no_part_of_a_workbook_holds_more_than_its_taker_may_see(taker: Client) -> None:
    body, _link = taken(taker, "xlsx")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    for name, part in parts.items():
        assert not [one for one in unseen() if one in part], name
    assert not [name for name in parts if re.search("comment|custom|external|media|vba", name)]
    core = re.sub(r"<[^>]*>", " ", parts["docProps/core.xml"]).split()
    assert not [word for word in core if not OF_THE_LIBRARY.fullmatch(word)], core
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert [one.title for one in book] == ["名单", "用途"]
    assert {one.sheet_state for one in book} == {"visible"}
    assert not book.defined_names
    hidden = [d for d in book.worksheets[0].column_dimensions.values() if d.hidden]
    assert not hidden
    values = {
        watermark.without_marks(str(cell))
        for row in book.worksheets[0].iter_rows(min_row=2)
        for cell in (one.value for one in row[: len(COLUMNS)])
        if cell
    }
    assert values <= seen()


def test_the_text_of_a_paper_is_what_its_taker_may_see(taker: Client) -> None:
    body, link = taken(taker, "pdf")
    text, about = text_of(body), about_pdf(body)
    assert not [one for one in unseen() if one in text + about]
    assert "139****6868" in text
    # Line by line: every word is a value as the page shows it, a heading, or the purpose.
    words = "".join(seen()) + "".join(
        [
            "姓名手机证件号码出生日期工作单位住址最近核实2026-10-01重阳节上门慰问30人",
            "用户lin入户走访",
            link,
            "年龄≥90岁·",
            "0123456789/",
        ]
    )
    strange = {sign for sign in watermark.without_marks(text) if sign.strip() and sign not in words}
    assert not strange
    facts = dict(re.findall(r"^(Title|Author|Subject|Keywords|Creator): +(.*)$", about, re.M))
    assert facts["Title"] == "重阳节上门慰问"
    assert facts["Author"] == "用户lin"
    assert set(facts) <= {"Title", "Author", "Creator"}


@pytest.mark.parametrize("kind", ["xlsx", "pdf"])
def test_twenty_copied_rows_say_which_list_they_are_of(taker: Client, kind: str) -> None:
    body, link = taken(taker, kind)
    if kind == "pdf":
        lines = [line for line in text_of(body).splitlines() if "虞" in line]
    else:
        page = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
        rows = page.iter_rows(min_row=2, values_only=True)
        lines = ["\t".join(str(value or "") for value in row) for row in rows]
    assert watermark.recover(lines[5:25]) == watermark.number_of(link)
    assert watermark.recover([watermark.without_marks(one) for one in lines]) is None


def test_uncovered_values_would_be_found(taker: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: lines with nothing covered turn both checks red."""
    from linli.workbench.conditions.listing import lines as listing

    monkeypatch.setattr(listing, "access_to", lambda one, role: listing.Access.OPEN)
    pdf, _link = taken(taker, "pdf")
    assert PHONE in text_of(pdf)
    book, _link = taken(taker, "xlsx")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert any(PHONE.encode() in archive.read(name) for name in archive.namelist())


def test_a_list_whose_question_may_not_be_asked_any_more_is_gone(
    taker: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _body, link = taken(taker, "xlsx")
    assert taker.get(f"/ask/taken/{link}/").status_code == 200
    monkeypatch.setattr("linli.workbench.conditions.disclosure.may_ask", lambda *_args: False)
    assert taker.get(f"/ask/taken/{link}/").status_code == 404
    assert taker.post(f"/ask/taken/{link}/file/").status_code == 404
    assert "重阳节上门慰问" not in taker.get("/ask/taken/").content.decode()
    with system_scope("test"):
        assert ExportRequest.objects.count() == 1
    assert export_files.LONGEST_ON_PAPER
