"""A small subdistrict with disabled residents, and a department's blank form."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.catalogue import burden
from linli.capabilities.form_filling.filling import Content, FillResult
from linli.capabilities.form_filling.filling.fill_in_child import fill_files
from linli.capabilities.form_filling.models import Distribution, FormInstance
from linli.core.time import today
from linli.register.people.models import Person
from linli.workbench.conditions import queries
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

PHONE, OTHER_PHONE = "13800001234", "13900005678"


@dataclass
class Town:
    """Two communities, three disabled residents here and one next door, and the posts."""

    town: Subdistrict
    xiang: Person
    gen: Person
    de: Person
    elsewhere: Person
    officer: Any
    worker: Any
    grid_worker: Any


def a_town() -> Town:
    """虞阿香's education is not known, 邬根发's neither education nor phone."""
    town = a_subdistrict()
    xiang = a_person(
        town.home("1", "101"),
        "虞阿香",
        aged=92,
        sex="2",
        phone=PHONE,
        disability_kind="4",
        disability_level="2",
    )
    gen = a_person(
        town.home("1", "101"), "邬根发", aged=70, sex="1", disability_kind="4", disability_level="1"
    )
    de = a_person(
        town.home("1", "201"),
        "陈德",
        aged=50,
        sex="1",
        phone=OTHER_PHONE,
        education="bachelor",
        disability_kind="1",
        disability_level="3",
    )
    a_person(town.home("1", "202"), "健康人", aged=40)
    elsewhere = a_person(
        town.home("9", "101"), "隔壁人", aged=60, disability_kind="1", disability_level="3"
    )
    return Town(
        town,
        xiang,
        gen,
        de,
        elsewhere,
        a_user("officer", "subdistrict_officer", town.town),
        a_user("worker", "community_worker", town.community),
        a_user("grid", "grid_worker", town.grids[0]),
    )


HEADINGS = ["序号", "姓名", "性别", "出生年月", "文化程度", "联系电话", "残疾等级", "备注"]


def a_blank(headings: list[str] | None = None, *, title: str = "残疾人基本情况登记表") -> bytes:
    """Return the department's workbook: title, unit, headings, three blank rows, a total."""
    book = Workbook()
    form_instance: Any = book.active
    wanted = headings or HEADINGS
    form_instance.append([title])
    form_instance.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(wanted))
    form_instance.append(["填报单位："])
    form_instance.append(wanted)
    for _row in range(3):
        form_instance.append([None] * len(wanted))
    form_instance.cell(7, 1, "合计")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells_of(data: bytes) -> list[list[Any]]:
    """Return the filled workbook's cells, row by row."""
    form_instance: Any = load_workbook(io.BytesIO(data)).worksheets[0]
    return [[cell.value for cell in row] for row in form_instance.iter_rows()]


def names_in(data: bytes) -> set[str]:
    """Return every name that stands in the filled workbook."""
    known = {"虞阿香", "邬根发", "陈德", "健康人", "隔壁人", "邻格人"}
    return known & {value for row in cells_of(data) for value in row if isinstance(value, str)}


def disabled() -> dict[str, Any]:
    """The condition a worker leaves on the form."""
    return queries.condition_json(queries.ask("残疾人").condition)


def brought(here: Town, *, data: bytes | None = None, **changes: Any) -> FormInstance:
    """The community worker brings the form and confirms it."""
    form_instance = actions.upload_form(
        data=data or a_blank(), name="残疾人.xlsx", place=here.town.community, by=here.worker
    )
    said = confirmed_as_read(form_instance, condition=disabled(), **changes)
    return actions.confirm_form(form_instance=form_instance, by=here.worker, **said)


def as_worker(here: Town) -> Any:
    """Work at the desk of 殷家社区."""
    return working_as("community_worker", here.town.community.path)


def as_officer(here: Town) -> Any:
    """Work at the desk of the subdistrict."""
    return working_as("subdistrict_officer", here.town.town.path)


def missing(form_instance: FormInstance, text: str) -> int:
    """Return the number of a heading."""
    return next(n for n, one in enumerate(form_instance.headings) if one["text"] == text)


def a_form_of_the_officer(
    here: Town, headings: list[str] | None = None, **changes: Any
) -> FormInstance:
    """The officer brings a form for the whole subdistrict and confirms it."""
    form_instance = actions.upload_form(
        data=a_blank(headings), name="a.xlsx", place=here.town.town, by=here.officer
    )
    said = confirmed_as_read(form_instance, condition=disabled(), **changes)
    return actions.confirm_form(form_instance=form_instance, by=here.officer, **said)


def given_out(here: Town, form_instance: FormInstance, **changes: Any) -> Distribution:
    """Give a form out to both communities."""
    said = {
        "places": burden.communities(form_instance.place),
        "asked_by": "区残联",
        "basis": "残疾人保障法第十二条",
        "due_on": today() + timedelta(days=9),
        **changes,
    }
    return actions.distribute_form(form_instance=form_instance, by=here.officer, **said)


def confirmed_as_read(form_instance: FormInstance, **changes: Any) -> dict[str, Any]:
    """Return what a worker confirms who changes nothing."""
    return {
        "title": form_instance.title,
        "subject": form_instance.subject or "person",
        "condition": form_instance.condition,
        "headings": form_instance.headings,
        "asked_by": "区残联",
        "basis": "残疾人保障法第十二条",
        "due_on": today() + timedelta(days=9),
        **changes,
    }


def fill_form(path: Path, out: Path, content: Content) -> FillResult:
    """Fill the file at ``path`` and write the copy."""
    [(data, done)] = fill_files(path.read_bytes(), [content])
    out.write_bytes(data)
    return done
