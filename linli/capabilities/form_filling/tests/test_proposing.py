"""Whom or what a form is about is proposed, and lists of other things than people are filled."""

from __future__ import annotations

import pytest

from linli.capabilities.form_filling.actions import upload_form
from linli.capabilities.form_filling.answers.cells import known
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.tests.builders import a_blank, a_town
from linli.workbench.conditions import queries
from tests.people import working_as

pytestmark = pytest.mark.django_db


def rows_of(form_instance: FormInstance) -> str:
    """Return the proposed condition in words."""
    if not form_instance.condition:
        return ""
    return queries.condition_text(queries.read_json(form_instance.condition))


@pytest.mark.parametrize(
    ("title", "headings", "subject", "rows"),
    [
        ("低保家庭登记表", "户主姓名 身份证号 联系电话", "person", "低保户 且 与户主关系＝户主"),
        ("低保家庭登记表", "序号 户主姓名 家庭住址 家庭人口", "household", "低保户"),
        ("居民信息表", "户主姓名 身份证号 联系电话 住址", "person", "与户主关系＝户主"),
        ("低保家庭成员表", "姓名 与户主关系 户主姓名", "person", ""),
        ("出租房屋登记表", "序号 室号 建筑面积 使用情况", "dwelling", "房屋使用情况＝出租"),
        ("消防器材台账", "序号 器材名称 检查日期", "facility", "设施类别＝“消防设备”"),
        ("一览表", "序号 楼号 总层数 是否有电梯", "building", ""),
    ],
)
def test_the_rows_a_form_is_about_are_proposed(
    title: str, headings: str, subject: str, rows: str
) -> None:
    town = a_town()
    with working_as("community_worker", town.town.community.path):
        form_instance = upload_form(
            data=a_blank(headings.split(), title=title),
            name="表.xlsx",
            place=town.town.community,
            by=town.worker,
        )
        assert (form_instance.subject, rows_of(form_instance)) == (subject, rows)


def test_a_list_of_homes_is_filled_with_homes() -> None:
    """A row is a home of the place, not a person."""
    town = a_town()
    with working_as("community_worker", town.town.community.path):
        data = a_blank(["室号", "居住人数", "使用情况"], title="房屋登记表")
        form_instance = upload_form(
            data=data, name="表.xlsx", place=town.town.community, by=town.worker
        )
        texts = [heading["text"] for heading in form_instance.headings]
        door, people = texts.index("室号"), texts.index("居住人数")
        rows = [[cell.text for cell in row.cells] for row in known(form_instance).rows]
    assert form_instance.subject == "dwelling"
    assert {"101", "201", "202"} <= {row[door] for row in rows}
    assert "2人" in {row[people] for row in rows}


def test_a_hidden_column_is_left_to_the_pen_and_says_so() -> None:
    from linli.capabilities.form_filling import presenters
    from linli.capabilities.form_filling.tests.xlsx_forms import as_bytes, with_hidden

    town = a_town()
    with working_as("community_worker", town.town.community.path):
        form_instance = upload_form(
            data=as_bytes(with_hidden()), name="表.xlsx", place=town.town.community, by=town.worker
        )
        phone = next(heading for heading in form_instance.headings if heading["text"] == "联系电话")
        assert (phone["use"], phone["fields"]) == ("left", [])
        shown = next(
            heading for heading in presenters.headings(form_instance) if heading.text == "联系电话"
        )
        assert "隐藏" in shown.note
