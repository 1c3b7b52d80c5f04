"""Somebody brings a spreadsheet: what it holds is read, and what is wrong with it is said."""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import subprocess
import sys
import zipfile
from datetime import date, datetime
from threading import Timer
from typing import Any

import pytest

from linli.workbench.imports.reading import (
    BadCell,
    Limits,
    SheetAsRead,
    UnreadableFile,
    address,
    read_file,
)
from tests.imports import files


def sheet(data: bytes, name: str = "居民.xlsx", **more: Any) -> SheetAsRead:
    answer = read_file(data, name, **more)
    assert isinstance(answer, SheetAsRead), answer
    return answer


def refusal(data: bytes, name: str = "居民.xlsx", **more: Any) -> UnreadableFile:
    answer = read_file(data, name, **more)
    assert isinstance(answer, UnreadableFile), answer.rows[:3]
    assert answer.sentence
    assert "%" not in answer.sentence + answer.hint
    return answer


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("居民.xlsx", files.xlsx(files.RESIDENTS)),
        ("居民.xls", files.xls(files.RESIDENTS)),
        ("居民.csv", files.csv(files.RESIDENTS)),
        ("居民.csv", files.csv(files.RESIDENTS, "utf-8-sig")),
        ("居民.csv", files.csv(files.RESIDENTS, "gbk")),
        ("居民.csv", files.csv(files.RESIDENTS, "gb18030", ";")),
        ("居民.csv", files.csv(files.RESIDENTS, "utf-16", "\t")),
    ],
)
def test_the_same_list_reads_the_same_from_every_kind_of_file(name: str, data: bytes) -> None:
    read = sheet(data, name)
    assert [list(row.cells) for row in read.rows] == files.RESIDENTS
    assert [row.number for row in read.rows] == [1, 2, 3]


def test_values_keep_their_types_and_addresses() -> None:
    rows = [[None, "日期", "数"], [], [None, date(1950, 3, 1), 3.5], [None, "x", 13800000001]]
    read = sheet(files.xlsx(rows))
    assert [row.number for row in read.rows] == [1, 3, 4]
    value = read.rows[1].cell(1)
    assert (value.date() if isinstance(value, datetime) else value) == date(1950, 3, 1)
    assert read.rows[1].cell(2) == 3.5
    assert read.rows[2].cell(2) == 13800000001
    assert isinstance(read.rows[2].cell(2), int)
    assert address(read.rows[2].number, 2) == "C4"
    assert read.rows[0].cell(0) is None
    assert read.rows[0].cell(99) is None


def test_a_formula_gives_its_stored_value_and_one_without_is_refused_with_its_cell() -> None:
    def fill(_book: Any, page: Any) -> None:
        page.write_row(0, 0, ["甲", "乙", "丙", "丁"])
        page.write_formula(1, 0, "=1+1", None, 2)
        page.write_formula(1, 1, "=1+1", None, "")
        page.write_formula(1, 2, "=A9/0", None, "#DIV/0!")
        page.write_formula(1, 3, '="文"', None, "文")

    row = sheet(files.with_xlsxwriter(fill)).rows[1]
    assert row.cells == (2, BadCell("formula", ""), BadCell("error", "#DIV/0!"), "文")
    assert "公式" in row.cell(1).sentence
    assert "#DIV/0!" in row.cell(2).sentence


def test_merged_and_hidden_parts_are_told() -> None:
    def change(page: Any) -> None:
        page.merge_cells("A1:C1")
        page.row_dimensions[3].hidden = True
        page.column_dimensions["B"].hidden = True

    read = sheet(files.xlsx([["总表", None, None], ["姓名", "性别", "电话"], ["张三"]], change))
    assert read.merges == ((1, 0, 1, 2),)
    assert read.hidden_rows == (3,)
    assert read.hidden_columns == (1,)


def test_the_first_visible_sheet_is_read_until_another_is_chosen() -> None:
    def fill(book: Any, page: Any) -> None:
        page.hide()
        page.write(0, 0, "藏")
        other = book.add_worksheet("住户")
        other.write(0, 0, "见")
        other.activate()

    data = files.with_xlsxwriter(fill)
    read = sheet(data)
    assert [(one.name, one.is_hidden) for one in read.sheets] == [("表", True), ("住户", False)]
    assert read.rows[0].cells == ("见",)
    assert sheet(data, sheet=0).rows[0].cells == ("藏",)
    assert refusal(data, sheet=7).code == "no_such_sheet"


def test_ten_thousand_empty_rows_are_passed_over() -> None:
    def change(page: Any) -> None:
        for number in range(4, 10_004):
            page.cell(number, 5).style = "Good"
        page.cell(10_004, 1, "末")

    read = sheet(files.xlsx(files.RESIDENTS, change))
    assert [row.number for row in read.rows] == [1, 2, 3, 10_004]


def test_a_file_with_macros_gives_its_data_and_says_so() -> None:
    out = io.BytesIO(files.xlsx(files.RESIDENTS))
    with zipfile.ZipFile(out, "a") as box:
        box.writestr("xl/vbaProject.bin", b"\0")
    assert sheet(out.getvalue(), "居民.xlsm").has_macros


PLAIN = files.xlsx(files.RESIDENTS)


@pytest.mark.parametrize(
    ("code", "name", "data"),
    [
        ("empty_file", "空.xlsx", b""),
        ("empty_file", "空.csv", b"\r\n \r\n"),
        ("empty_sheet", "空.xlsx", files.xlsx([])),
        ("name_lies", "表.xlsx", b"%PDF-1.7 ..."),
        ("name_lies", "表.xls", b"<?xml version='1.0'?><a/>"),
        ("broken", "表.xlsx", b"PK\x05\x06\x00\x00"),
        (
            "not_a_table",
            "文.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"),
        ),
        ("not_a_table", "照片.png", b"\x89PNG\r\n" + b"\0" * 30),
        ("not_a_table", "名单", "姓名,性别".encode()),
        ("encoding", "乱.csv", b"\x81\x20\xff\xff\xfe" * 9),
        ("broken", "断.xlsx", PLAIN[: len(PLAIN) // 2]),
        ("broken", "断.xls", files.xls(files.RESIDENTS)[:3000]),
        (
            "password",
            "密.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + b"\0" * 600
            + "EncryptedPackage".encode("utf-16-le"),
        ),
    ],
)
def test_what_cannot_be_read_is_said_in_words(code: str, name: str, data: bytes) -> None:
    answer = refusal(data, name)
    assert answer.code == code
    assert answer.hint


def test_too_large_is_told_by_size_rows_columns_and_far_cells() -> None:
    assert refusal(b"x" * 2048, limits=Limits(upload=1024)).code == "too_big"
    many = files.csv([["a", n] for n in range(60)])
    assert refusal(many, "多.csv", limits=Limits(rows=50)).code == "too_many_rows"
    wide = refusal(files.xlsx([list(range(1, 300))]))
    assert wide.code == "too_many_columns"
    assert "KM1" in wide.sentence

    def change(page: Any) -> None:
        page["XFD1048576"] = "远"

    far = refusal(files.xlsx(files.RESIDENTS, change))
    assert (far.code, far.words["cell"]) == ("far_cell", "XFD1048576")


def test_a_zip_bomb_is_a_clear_message_and_costs_little() -> None:
    data = files.bomb()
    assert len(data) < 4 * 1024 * 1024
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = refusal(data)
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before.ru_utime
    assert answer.code == "bomb"
    assert "展开" in answer.sentence
    assert used < 3


def test_a_bomb_that_declares_to_be_small_is_found_by_what_comes_out() -> None:
    assert refusal(files.lying_bomb()).code in ("bomb", "broken")


def test_with_the_checks_of_zips_off_the_limits_of_the_child_still_hold() -> None:
    limits = Limits(expanded=0, ratio=0, box=0, cpu_seconds=2, wall_seconds=6)
    assert refusal(files.bomb(250), limits=limits).code in ("too_slow", "too_much_memory")


def test_memory_is_bounded_by_the_system() -> None:
    def change(page: Any) -> None:
        page["CV60000"] = "远"

    data = files.xlsx(files.RESIDENTS, change)
    assert refusal(data, limits=Limits(box=0, memory=128 * 2**20)).code == "too_much_memory"
    # The negative control: without the limit the same file is laid out in memory and read.
    read = sheet(data, limits=Limits(box=0, memory=0, wall_seconds=60, cpu_seconds=60))
    assert read.rows[-1].number == 60_000


def test_entities_are_not_opened() -> None:
    def change(name: str, part: bytes) -> bytes:
        if not name.endswith("sheet1.xml"):
            return part
        return b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part

    assert refusal(files.rewritten(PLAIN, change)).code == "broken"


TASK = "linli.workbench.imports.reading.read.TASK"


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TASK, "tests.imports.tasks:hang")
    assert refusal(PLAIN, limits=Limits(wall_seconds=0.5)).code == "too_slow"


def test_a_child_that_lies_or_stops_half_way_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TASK, "tests.imports.tasks:stop_half_way")
    assert refusal(PLAIN).code == "broken", "no end was said"


def test_the_child_reaches_no_network_and_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TASK, "tests.imports.tasks:break_out")
    assert sheet(PLAIN).sheets[0].name == ""


def test_a_warm_process_that_died_is_started_again() -> None:
    from linli.core.documents import reader

    assert sheet(PLAIN).rows
    died = reader._server.process
    assert died is not None
    died.kill()
    died.wait()
    assert sheet(PLAIN).rows
    assert reader._server.process is not died


def test_an_order_that_a_dying_process_never_took_is_given_once_more() -> None:
    from linli.core.documents import reader

    assert sheet(PLAIN).rows
    stopped = reader._server.process
    assert stopped is not None
    os.kill(stopped.pid, signal.SIGSTOP)  # the order lies in its queue when it is killed
    Timer(0.2, stopped.kill).start()
    assert sheet(PLAIN).rows
    assert reader._server.process is not stopped


MOST_KIB = 256 * 1024


def _fuzz(first: int, count: int, *switches: str) -> dict[str, Any]:
    """Read damaged files in a small process; return the answers and the peak of its children."""
    order = [sys.executable, "-m", "tests.imports.fuzzing", str(first), str(count), *switches]
    done = subprocess.run(order, capture_output=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    assert sum(told["seen"].values()) == count, "every file has an answer"
    return told


def test_damaged_files_are_read_or_refused_within_the_memory_allowed() -> None:
    told = _fuzz(0, 24)
    assert len(told["seen"]) > 1, told
    assert told["peak"] <= MOST_KIB


def test_without_the_limit_the_memory_would_show() -> None:
    """The negative control: the same measurement with the limit switched off is above it."""
    assert _fuzz(0, 1, "off")["peak"] > MOST_KIB


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_two_thousand_damaged_files() -> None:
    told = _fuzz(100, 2000)
    assert told["peak"] <= MOST_KIB, told
