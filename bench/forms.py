"""Departments' forms: a month of them for every community, and one of 5,000 rows."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.measuring import Section, once_s, peak_mib
from bench.sections import _built, _django, _scope

MINUTES_LIMIT, LONG_LIMIT_S, LONG_ROWS = 5.0, 10, 5000
# Fourteen tables a community hands in every month: title, whom it is about, what it asks.
MONTHLY = (
    ("残疾人基本情况表", "残疾人", "姓名 性别 出生年月 残疾类别 残疾等级 联系电话 住址"),
    ("高龄老人花名册", "80岁以上", "姓名 性别 年龄 身份证号 住址 联系电话"),
    ("独居老人探访表", "独居老人", "姓名 年龄 住址 联系电话 最近联系 失能等级"),
    ("低保人员名册", "低保", "姓名 性别 出生日期 身份证号 户内人数 住址"),
    ("退役军人登记表", "退役军人", "姓名 性别 出生年月 政治面貌 工作单位 联系电话"),
    ("党员花名册", "党员", "姓名 性别 民族 出生年月 文化程度 工作单位"),
    ("流动人口登记表", "流动人口", "姓名 性别 出生年月 户籍地址 住址 入住日期 联系电话"),
    ("适龄儿童摸底表", "6岁以下", "姓名 性别 出生日期 户籍地址 住址"),
    ("失业人员登记表", "失业", "姓名 性别 年龄 文化程度 联系电话"),
    ("慢性病患者名册", "慢性病", "姓名 性别 年龄 慢性病种类 住址"),
    ("志愿者名册", "志愿者", "姓名 性别 年龄 联系电话"),
    ("重度残疾人补贴表", "重度残疾", "姓名 身份证号 残疾类别 残疾等级"),
    ("百岁老人名册", "100岁以上", "姓名 性别 出生日期 住址"),
    ("孕产妇名册", "孕妇", "姓名 出生日期 预产期 联系电话 住址"),
)
BASIS = {"asked_by": "街道办", "basis": "基层报表制度第三条"}


def a_blank(title: str, headings: list[str]) -> bytes:
    """Return a blank workbook as a department makes it."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    form_instance: Any = book.active
    form_instance.append([title])
    form_instance.append(["填报单位："])
    form_instance.append(["序号", *headings, "备注"])
    for _row in range(5):
        form_instance.append([None])
    book.save(out)
    return out.getvalue()


@contextmanager
def nothing_stays() -> Iterator[None]:
    """Take back whatever was written while measuring."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def forms() -> Section:
    """Fourteen monthly tables for every community, then one long one."""
    people = int(os.environ["BENCH_PEOPLE"])
    _built(people)
    _django()
    from linli.core.scope import use_scope
    from linli.register.places.models import Place
    from linli.register.posts.models import User

    section = Section(f"Departments' forms ({people:,} residents, embedded SQLite)")
    scope = _scope()
    with use_scope(scope), nothing_stays():
        by = User.objects.filter(posts__role="subdistrict_officer").first()
        town = Place.objects.get(path=scope.paths[0])
        _a_month(section, town, by)
        _a_long_one(section, town, by)
    section.add("peak memory", peak_mib(), "MiB")
    return section


def _filled(title: str, where: str, asks: str, place: Any, by: Any) -> Any:
    from linli.capabilities.form_filling import actions
    from linli.workbench.conditions import queries

    data = a_blank(title, asks.split())
    form_instance = actions.upload_form(data=data, name=f"{title}.xlsx", place=place, by=by)
    condition = queries.condition_json(queries.ask(where).condition) if where else None
    actions.confirm_form(
        form_instance=form_instance,
        title=title,
        subject=form_instance.subject,
        condition=condition,
        headings=form_instance.headings,
        by=by,
        **BASIS,
    )
    return actions.take_filled(form_instance=form_instance, by=by)


def _a_month(section: Section, town: Any, by: Any) -> None:
    from linli.capabilities.form_filling.catalogue.burden import communities

    places = communities(town)
    kept: list[Any] = []
    counts: dict[str, int] = {"rows": 0, "known": 0, "missing": 0}

    def work() -> None:
        for title, where, asks in MONTHLY:
            for place in places:
                made = _filled(title, where, asks, place, by)
                if place == places[-1]:
                    kept.append(made)
                for key in counts:
                    counts[key] += made.counts[key]

    seconds, _nothing = once_s(work)
    what = f"{len(MONTHLY)} monthly tables × {len(places)} communities"
    section.add(
        what,
        round(seconds / 60, 2),
        "min",
        limit=MINUTES_LIMIT,
        note=f"{counts['rows']:,} rows, {counts['known']:,} cells known, "
        f"{counts['missing']:,} missing",
    )
    section.add(
        "known cells that came back empty (counted in the files of one community)",
        sum(map(_empty_though_known, kept)),
        "cells",
        limit=0,
    )


def _empty_though_known(made: Any) -> int:
    """Open the filled file again and count the known cells in which nothing stands."""
    from openpyxl import load_workbook

    form_instance = load_workbook(io.BytesIO(made.data)).worksheets[0]
    table = made.knowledge.form.tables[0]
    lost = 0
    for number, row in enumerate(made.knowledge.rows):
        for column, heading in table.columns:
            if row.cells[heading].state == "known":
                there = form_instance.cell(table.first_row + number + 1, column + 1).value
                lost += there in (None, "")
    return lost


def _a_long_one(section: Section, town: Any, by: Any) -> None:
    from openpyxl import Workbook

    from linli.capabilities.form_filling import rules

    most, rules.MOST_ROWS = rules.MOST_ROWS, 100_000
    asks = "姓名 性别 出生年月 民族 文化程度 政治面貌 住址 联系电话"
    try:
        seconds, made = once_s(lambda: _filled("老年人名册", "60岁以上", asks, town, by))
    finally:
        rules.MOST_ROWS = most
    rows = made.counts["rows"]
    values = [[cell.value for cell in row.cells] for row in made.knowledge.rows]

    def plain() -> None:
        book = Workbook()
        for row in values:
            book.active.append(row)
        with tempfile.TemporaryDirectory() as folder:
            book.save(Path(folder) / "plain.xlsx")

    beside, _nothing = once_s(plain)
    of_5000 = seconds * LONG_ROWS / max(rows, 1)
    section.add(
        f"a form of {rows:,} rows, read, worked out and filled",
        round(seconds, 1),
        "s",
        "openpyxl writing the same values on a plain sheet",
        round(beside, 1),
    )
    section.add("the same for 5,000 rows", round(of_5000, 1), "s", limit=LONG_LIMIT_S)


def form_reading() -> Section:
    """The real blank forms against a key that somebody wrote by reading them."""
    _django()
    from linli.capabilities.form_filling.tests import judged

    section = Section("Reading departments' blank forms (52 real ones)")
    if not judged.REAL.is_dir():
        section.text = f"The real forms are not at {judged.REAL}: nothing was measured.\n"
        return section
    seconds, made = once_s(judged.judged)
    share = "of them"
    section.add(
        "shapes wrong",
        1 - made.shapes / made.forms,
        share,
        limit=0.05,
        note=f"{made.shapes} of {made.forms} right",
    )
    section.add(
        "headings missed that the dictionary has",
        1 - made.recall,
        share,
        limit=0.08,
        note=f"{made.right} of {made.due} right",
    )
    section.add("facts given that are wrong", made.wrong_share, share, limit=0.02)
    section.add("one form read", round(seconds / made.forms, 2), "s")
    with tempfile.TemporaryDirectory() as folder:
        second = judged.judged_second(Path(folder))
    section.add(
        "shapes wrong in the second set",
        1 - second.shapes / second.forms,
        share,
        limit=0.05,
        note=f"{second.shapes} of {second.forms} right, whom they are about {second.subjects}",
    )
    section.add(
        "headings missed in the second set",
        1 - second.recall,
        share,
        limit=0.08,
        note=f"{second.right} of {second.due} right",
    )
    section.add(
        "facts given that are wrong in the second set", second.wrong_share, share, limit=0.02
    )
    section.text = "\nNot as the key: " + "; ".join(made.told) + "\n"
    return section


SECTIONS = {"forms": forms, "form_reading": form_reading}
