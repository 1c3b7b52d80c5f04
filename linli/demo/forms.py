"""Departments' forms at work in the demonstration: given out, asked for at doors, handed in."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.terms import Cadence
from linli.demo.population.layout import LIFT_ESTATE, YINJIA
from linli.demo.stage import acting
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.models import User
from linli.register.posts.terms import Role

DISABLED = (
    "残疾人基本情况登记表",
    ("序号", "姓名", "性别", "出生年月", "残疾类别", "残疾等级", "家庭住址", "联系电话", "备注"),
)
MILK = ("90岁以上老人牛奶发放名册", ("序号", "姓名", "性别", "年龄", "家庭住址"))
TALLY = ("常住人口月报表", ("常住人口", "男", "女", "60岁以上", "80岁以上", "残疾人", "低保"))


def add_forms(*, town: Place, cast: dict[str, User], today: date) -> int:
    """Give one form out, hand one in, leave one open; return how many sheets there are."""
    ours, lifts = (
        Place.objects.filter(kind=PlaceKind.COMMUNITY, code=code).first()
        for code in (YINJIA, LIFT_ESTATE)
    )
    if ours is None or lifts is None:
        return 0
    officer, worker, secretary = cast["luying"], cast["linfang"], cast["yinhong"]
    with acting(officer, Role.SUBDISTRICT_OFFICER, town.path):
        handed_out = _confirmed(
            DISABLED, town, officer, "区残联", "残疾人保障法第十二条", today + timedelta(days=9)
        )
        actions.distribute_form(
            form_instance=handed_out,
            places=[ours, lifts],
            asked_by=handed_out.asked_by,
            basis=handed_out.basis,
            due_on=handed_out.due_on or today,
            by=officer,
        )
    with acting(worker, Role.COMMUNITY_WORKER, ours.path):
        milk = _confirmed(MILK, ours, worker, "街道服务办", "街道为老服务项目清单", None)
        actions.hand_in_form(form_instance=milk, by=worker, with_open_questions=True)
    with acting(secretary, Role.SECRETARY, ours.path):
        _confirmed(TALLY, ours, secretary, "街道统计站", "统计法第七条", None)
    return FormInstance.objects.count()


def _confirmed(
    form: tuple[str, tuple[str, ...]],
    place: Place,
    by: User,
    asked_by: str,
    basis: str,
    due_on: date | None,
) -> FormInstance:
    title, headings = form
    data = _blank(title, headings, rows=1 if form is TALLY else 6)
    form_instance = actions.upload_form(data=data, name=f"{title}.xlsx", place=place, by=by)
    return actions.confirm_form(
        form_instance=form_instance,
        title=title,
        subject=form_instance.subject,
        condition=form_instance.condition,
        headings=form_instance.headings,
        asked_by=asked_by,
        basis=basis,
        due_on=due_on,
        cadence=Cadence.MONTHLY,
        by=by,
    )


def _blank(title: str, headings: tuple[str, ...], *, rows: int) -> bytes:
    """Return a department's blank workbook: title, reporter, headings, ruled rows."""
    book = Workbook()
    form_instance: Any = book.active
    thin = Side(style="thin")
    lines = Border(left=thin, right=thin, top=thin, bottom=thin)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    form_instance.append([title])
    form_instance.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(headings))
    form_instance["A1"].font, form_instance["A1"].alignment = (
        Font(name="宋体", size=16, bold=True),
        middle,
    )
    form_instance.append(["填报单位："])
    form_instance.append(list(headings))
    for _row in range(rows):
        form_instance.append([None] * len(headings))
    for row in form_instance.iter_rows(min_row=3):
        for cell in row:
            cell.font, cell.border, cell.alignment = Font(name="宋体", size=11), lines, middle
    for number, heading in enumerate(headings):
        letter = form_instance.cell(3, number + 1).column_letter
        form_instance.column_dimensions[letter].width = 30 if heading == "家庭住址" else 14
    form_instance.page_setup.orientation, form_instance.page_setup.paperSize = "landscape", 9
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
