"""A3 表格抗疫: a department's form is filled, completed at the doors, handed in, known again."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.models import FormReturn, FormTemplate, OpenQuestion
from linli.capabilities.form_filling.terms import ColumnUse, FormState, QuestionState
from linli.capabilities.form_filling.tests.builders import (
    PHONE,
    Town,
    a_blank,
    a_town,
    as_worker,
    brought,
    cells_of,
    confirmed_as_read,
    disabled,
    missing,
    names_in,
)
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.register.places.actions import add_building
from linli.register.places.models import Place
from linli.workbench.conditions import queries
from linli.workbench.tasks.models import Task
from tests.people import a_person, working_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Town:
    return a_town()


def test_the_form_comes_back_filled_with_the_unknown_left_empty(here: Town) -> None:
    with as_worker(here):
        made = actions.take_filled(form_instance=brought(here), by=here.worker)
    rows = cells_of(made.data)
    assert names_in(made.data) == {"虞阿香", "邬根发", "陈德"}
    xiang = next(row for row in rows if row[1] == "虞阿香")
    assert xiang[:3] == [1, "虞阿香", "女"]
    assert xiang[5] == PHONE
    assert xiang[4] is None
    assert rows[-1][0] == "合计"
    assert "殷家社区" in str(rows[1][0])


def test_a_grid_workers_form_holds_only_their_grid(here: Town) -> None:
    """The same form, filled for the subdistrict, holds the next grid and community too."""
    in_the_next_grid(here)
    with working_as("subdistrict_officer", here.town.town.path):
        whole = actions.upload_form(
            data=a_blank(), name="a.xlsx", place=here.town.town, by=here.officer
        )
        said = confirmed_as_read(whole, condition=disabled())
        actions.confirm_form(form_instance=whole, by=here.officer, **said)
        names = names_in(actions.take_filled(form_instance=whole, by=here.officer).data)
        assert {"隔壁人", "邻格人", "虞阿香"} <= names
    with working_as("grid_worker", here.town.grids[0].path):
        mine = actions.upload_form(
            data=a_blank(), name="a.xlsx", place=here.town.grids[0], by=here.grid_worker
        )
        said = confirmed_as_read(mine, condition=disabled())
        actions.confirm_form(form_instance=mine, by=here.grid_worker, **said)
        made = actions.take_filled(form_instance=mine, by=here.grid_worker)
    assert names_in(made.data) == {"虞阿香", "邬根发", "陈德"}
    assert "邻格人" not in str(cells_of(made.data))


def in_the_next_grid(here: Town) -> Person:
    """Somebody disabled in another grid of the same community."""
    with working_as("subdistrict_officer", here.town.town.path):
        add_building(
            parent=here.town.grids[1],
            name="3幢",
            floors=1,
            doors_a_floor=1,
            entrances=1,
            by=here.officer,
        )
        home = Place.objects.get(kind="dwelling", path__startswith=here.town.grids[1].path)
    return a_person(home, "邻格人", aged=55, sex="1", disability_kind="1", disability_level="2")


def test_without_who_asks_and_why_phones_stay_empty_and_it_says_so(here: Town) -> None:
    with as_worker(here):
        made = actions.take_filled(form_instance=brought(here, basis=""), by=here.worker)
    assert not any(PHONE in row for row in cells_of(made.data))
    assert any("手机" in warning for warning in made.warnings)


def test_whose_phone_went_out_is_on_their_page(here: Town) -> None:
    from linli.workbench.journal.queries import looks_at

    with as_worker(here):
        actions.take_filled(form_instance=brought(here), by=here.worker)
        looks = looks_at(here.xiang)
        assert [look for look in looks if "区残联" in look.text]
        with system_scope("test"):
            healthy = Person.objects.get(name="健康人")
        assert not looks_at(healthy)


def test_what_is_missing_is_asked_once_a_door_and_completes_the_form(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here)
        wanted = [missing(form_instance, "文化程度"), missing(form_instance, "联系电话")]
        sent = actions.ask_open_questions(
            form_instance=form_instance, headings=wanted, by=here.worker
        )
        assert (sent.doors, sent.open_questions) == (1, 3)
        with pytest.raises(Refused, match="没有缺项"):
            actions.ask_open_questions(form_instance=form_instance, headings=wanted, by=here.worker)
    with working_as("grid_worker", here.town.grids[0].path):
        task = Task.objects.get(kind="form_filling.ask")
        open_questions = list(OpenQuestion.objects.order_by("pk"))
        assert {(question.person.name, question.field) for question in open_questions} == {
            ("虞阿香", "education"),
            ("邬根发", "education"),
            ("邬根发", "phone"),
        }
        for question in open_questions:
            value = "13700001111" if question.field == "phone" else "primary"
            actions.answer_question(open_question=question, value=value, by=here.grid_worker)
        task.refresh_from_db()
        assert task.state == "done"
        with pytest.raises(Refused, match="已经有人填了"):
            actions.answer_question(
                open_question=open_questions[0], value="primary", by=here.grid_worker
            )
    with as_worker(here):
        form_instance.refresh_from_db()
        made = actions.take_filled(form_instance=form_instance, by=here.worker)
    assert made.counts["missing"] == 0
    assert any("13700001111" in row for row in cells_of(made.data))


def test_what_cannot_be_known_ends_the_question_and_stays_blank(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here)
        actions.ask_open_questions(
            form_instance=form_instance,
            headings=[missing(form_instance, "联系电话")],
            by=here.worker,
        )
        open_question = OpenQuestion.objects.get()
        actions.answer_question(
            open_question=open_question, value=None, cannot=True, by=here.worker
        )
        assert Task.objects.get(kind="form_filling.ask").state == "done"
        assert (
            actions.take_filled(form_instance=form_instance, by=here.worker).counts["missing"] > 0
        )


def test_what_became_known_otherwise_closes_the_question(here: Town) -> None:
    from linli.core.time import today
    from linli.register.people.actions import change_facts

    with as_worker(here):
        form_instance = brought(here)
        actions.ask_open_questions(
            form_instance=form_instance,
            headings=[missing(form_instance, "联系电话")],
            by=here.worker,
        )
        change_facts(
            person=here.gen,
            changes={"phone": "13700001111"},
            source="self",
            confirmed_on=today(),
            by=here.worker,
        )
        assert actions.close_known_questions(form_instance=form_instance, by=here.worker) == 1
        assert OpenQuestion.objects.get().state == QuestionState.ANSWERED


def test_a_column_for_this_form_only_is_kept_with_the_form(here: Town) -> None:
    with as_worker(here):
        form_instance = actions.upload_form(
            data=a_blank(), name="a.xlsx", place=here.town.community, by=here.worker
        )
        headings = [dict(heading) for heading in form_instance.headings]
        number = missing(form_instance, "备注")
        headings[number] |= {"use": ColumnUse.ONE_OFF.value, "fields": []}
        said = confirmed_as_read(form_instance, condition=disabled(), headings=headings)
        actions.confirm_form(form_instance=form_instance, by=here.worker, **said)
        actions.ask_open_questions(form_instance=form_instance, headings=[number], by=here.worker)
        open_question = OpenQuestion.objects.filter(person=here.xiang).get()
        actions.answer_question(open_question=open_question, value="轮椅坏了", by=here.worker)
        made = actions.take_filled(form_instance=form_instance, by=here.worker)
    assert any("轮椅坏了" in row for row in cells_of(made.data))


def test_handing_in_with_blanks_only_when_meant_and_the_very_file_is_kept(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here)
        with pytest.raises(Refused, match="没有填"):
            actions.hand_in_form(form_instance=form_instance, by=here.worker)
        assert not FormReturn.objects.exists()
        kept = actions.hand_in_form(
            form_instance=form_instance, by=here.worker, with_open_questions=True
        )
        with pytest.raises(Refused, match="已上交"):
            actions.hand_in_form(
                form_instance=form_instance, by=here.worker, with_open_questions=True
            )
        data = actions.open_form_return(
            form_instance=form_instance, form_return=kept, by=here.worker
        )
        assert names_in(data) == {"虞阿香", "邬根发", "陈德"}
        with pytest.raises(Refused):
            actions.accept_form(form_instance=form_instance, by=here.worker)
    with working_as("subdistrict_officer", here.town.town.path):
        actions.send_back_form(form_instance=form_instance, reason="少了一栏电话", by=here.officer)
        assert (form_instance.state, form_instance.sent_back_words) == (
            FormState.SENT_BACK,
            "少了一栏电话",
        )
    with as_worker(here):
        actions.hand_in_form(form_instance=form_instance, by=here.worker, with_open_questions=True)
    with working_as("subdistrict_officer", here.town.town.path):
        assert (
            actions.accept_form(form_instance=form_instance, by=here.officer).state
            == FormState.ACCEPTED
        )
        assert FormReturn.objects.count() == 2


def test_next_month_the_form_is_known_and_says_what_changed(here: Town) -> None:
    with as_worker(here):
        first = brought(here)
        actions.hand_in_form(form_instance=first, by=here.worker, with_open_questions=True)
        open_question = a_blank(title="残疾人基本情况登记表（12月）")
        again = actions.upload_form(
            data=open_question, name="12.xlsx", place=here.town.community, by=here.worker
        )
        assert again.form_template == FormTemplate.objects.get()
        assert again.condition == disabled()
        assert again.headings == first.headings
        assert (again.asked_by, again.basis) == ("", "")
        from linli.core.time import today
        from linli.register.people.actions import change_facts

        change_facts(
            person=here.de,
            changes={"phone": "13700001111"},
            source="self",
            confirmed_on=today(),
            by=here.worker,
        )
        actions.confirm_form(
            form_instance=again,
            by=here.worker,
            **confirmed_as_read(again, condition=again.condition),
        )
        made = actions.take_filled(form_instance=again, by=here.worker)
    import io

    from openpyxl import load_workbook

    extra = load_workbook(io.BytesIO(made.data))["变动"]
    told = [[cell.value for cell in row] for row in extra.iter_rows()][1:]
    assert told == [["陈德", "联系电话", "13900005678", "13700001111"]]


def test_a_dropped_form_takes_its_questions_back(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here)
        actions.ask_open_questions(
            form_instance=form_instance,
            headings=[missing(form_instance, "联系电话")],
            by=here.worker,
        )
        actions.drop_form(form_instance=form_instance, by=here.worker)
        assert Task.objects.get(kind="form_filling.ask").state == "cancelled"
        with pytest.raises(Refused, match="不填了"):
            actions.hand_in_form(
                form_instance=form_instance, by=here.worker, with_open_questions=True
            )


def test_headings_must_fit_the_dictionary(here: Town) -> None:
    with as_worker(here):
        form_instance = actions.upload_form(
            data=a_blank(), name="a.xlsx", place=here.town.community, by=here.worker
        )
        headings = [dict(heading) for heading in form_instance.headings]
        headings[1] |= {"use": "field", "fields": ["nonsense"]}
        with pytest.raises(Refused, match="nonsense"):
            actions.confirm_form(
                form_instance=form_instance,
                by=here.worker,
                **confirmed_as_read(form_instance, headings=headings),
            )
        with pytest.raises(Refused, match="栏目数"):
            actions.confirm_form(
                form_instance=form_instance,
                by=here.worker,
                **confirmed_as_read(form_instance, headings=headings[:2]),
            )


@pytest.mark.parametrize(
    ("title", "headings", "says"),
    [
        ("残疾人基本情况登记表", ["序号", "姓名", "住址"], "残疾人"),
        ("2026年11月80岁以上独居老人花名册", ["序号", "姓名", "住址"], "年龄≥80岁 且 独居"),
        ("附件1：人员名册", ["序号", "姓名", "残疾类别"], "残疾类别已填"),
        ("居民登记表", ["序号", "姓名", "住址"], ""),
    ],
)
def test_whom_a_form_is_about_is_proposed_from_its_title(
    here: Town, title: str, headings: list[str], says: str
) -> None:
    with as_worker(here):
        form_instance = actions.upload_form(
            data=a_blank(headings, title=title),
            name="a.xlsx",
            place=here.town.community,
            by=here.worker,
        )
        said = form_instance.condition and queries.condition_text(
            queries.read_json(form_instance.condition)
        )
    assert (said or "") == says


def test_a_tally_counts_conditions_in_every_community(here: Town) -> None:
    """Two rows of headings: 性别 over 男 and 女 only says what they are."""
    import io
    from typing import Any as Sheet_

    from openpyxl import Workbook

    book, open_question = Workbook(), io.BytesIO()
    table: Sheet_ = book.active
    table.append(["人口统计表"])
    table.append(["填报单位："])
    table.append(["序号", "社区", "总人数", "性别", None, "60岁以上", "其中：残疾人"])
    table.append([None, None, None, "男", "女", None, None])
    for _row in range(2):
        table.append([None] * 7)
    table.merge_cells("D3:E3")
    for column in "ABCFG":
        table.merge_cells(f"{column}3:{column}4")
    book.save(open_question)
    with working_as("subdistrict_officer", here.town.town.path):
        form_instance = actions.upload_form(
            data=open_question.getvalue(), name="a.xlsx", place=here.town.town, by=here.officer
        )
        uses = {heading["text"]: heading["use"] for heading in form_instance.headings}
        assert (uses["社区"], uses["男"], uses["其中：残疾人"]) == ("place", "count", "count")
        assert uses["填报单位："] == "auto"
        actions.confirm_form(
            form_instance=form_instance,
            by=here.officer,
            **confirmed_as_read(form_instance, condition=None),
        )
        made = actions.take_filled(form_instance=form_instance, by=here.officer)
    rows = cells_of(made.data)
    assert rows[4] == [1, "殷家社区", 4, 2, 1, 2, 3]
    assert rows[5] == [2, "潘火社区", 1, 0, 0, 1, 1]


def test_who_fills_stands_in_the_empty_cell_beside_its_label(here: Town) -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(a_blank()))
    book.active["A2"], book.active["C2"] = "填报单位", "填报人"
    open_question = io.BytesIO()
    book.save(open_question)
    with as_worker(here):
        form_instance = brought(here, data=open_question.getvalue())
        rows = cells_of(actions.take_filled(form_instance=form_instance, by=here.worker).data)
    assert rows[1][:4] == ["填报单位", "殷家社区", "填报人", here.worker.name]


def test_a_card_is_one_persons_and_several_are_an_archive(here: Town) -> None:
    import io
    import zipfile

    from linli.capabilities.form_filling.tests.xlsx_forms import as_bytes, card

    with as_worker(here):
        hers = actions.upload_form(
            data=as_bytes(card()),
            name="卡.xlsx",
            by=here.worker,
            place=here.town.community,
            person=here.xiang,
        )
        actions.confirm_form(
            form_instance=hers, by=here.worker, **confirmed_as_read(hers, condition=None)
        )
        rows = cells_of(actions.take_filled(form_instance=hers, by=here.worker).data)
        assert rows[1][:4] == ["姓名", "虞阿香", "性别", "女"]
        assert rows[2][3] == PHONE
        many = actions.upload_form(
            data=as_bytes(card()), name="卡.xlsx", by=here.worker, place=here.town.community
        )
        actions.confirm_form(
            form_instance=many, by=here.worker, **confirmed_as_read(many, condition=disabled())
        )
        made = actions.take_filled(form_instance=many, by=here.worker)
    assert made.name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(made.data)) as bundle:
        names = {cells_of(bundle.read(one))[1][1] for one in bundle.namelist()}
    assert names == {"虞阿香", "邬根发", "陈德"}


def test_two_narrow_lists_side_by_side_are_filled_one_after_the_other(here: Town) -> None:
    narrow = ["序号", "姓名", "残疾等级"] * 2
    with as_worker(here):
        form_instance = brought(here, data=a_blank(narrow))
        made = actions.take_filled(form_instance=form_instance, by=here.worker)
    rows = cells_of(made.data)
    assert [row[:2] for row in rows[3:5]] == [[1, "虞阿香"], [2, "邬根发"]]
    assert rows[3][3:5] == [3, "陈德"]
    assert made.counts["known"] == 6


def test_on_a_round_the_questions_of_forms_stand_on_the_screen_of_the_door(
    here: Town, client: Client
) -> None:
    """One climb, one save: the phone goes into the register, a bad day is said at its field."""
    with as_worker(here):
        form_instance = brought(here)
        wanted = [missing(form_instance, "文化程度"), missing(form_instance, "联系电话")]
        actions.ask_open_questions(form_instance=form_instance, headings=wanted, by=here.worker)
        phone = OpenQuestion.objects.filter(field="phone").order_by("pk").first()
        others = OpenQuestion.objects.filter(place=phone.place).exclude(pk=phone.pk)
        cannot = {f"forms-q-c{open_question.pk}": "on" for open_question in others}
    client.force_login(here.grid_worker)
    door = f"/round/doors/{phone.place_id}/"
    page = client.get(door).content.decode()
    assert "表里还缺" in page
    assert "问不到" in page
    wrong = client.post(door, {"sent": "a", f"forms-q-b{phone.pk}": "不知道"})
    assert wrong.status_code == 422
    given = {f"forms-q-b{phone.pk}": "13700001111", **cannot}
    assert client.post(door, {"sent": "b", **given}).status_code == 302
    with system_scope("test"):
        assert Person.objects.get(pk=phone.person_id).phone == "13700001111"
        states = set(OpenQuestion.objects.values_list("state", flat=True))
        assert states == {QuestionState.ANSWERED, QuestionState.CANNOT}
        assert Task.objects.get(kind="form_filling.ask").state == "done"
