"""One question at one door, whatever number of forms wait for it; and who answers first."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linli.capabilities.form_filling import actions, queries
from linli.capabilities.form_filling.models import FormInstance, OpenQuestion
from linli.capabilities.form_filling.terms import QuestionState
from linli.capabilities.form_filling.tests.builders import (
    HEADINGS,
    Town,
    a_blank,
    a_town,
    as_officer,
    as_worker,
    brought,
    missing,
)
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.workbench.tasks.models import Task
from tests.people import by_the_system, working_as

pytestmark = pytest.mark.django_db
OTHER = [*HEADINGS, "补贴金额"]


@pytest.fixture
def here() -> Town:
    return a_town()


def two_forms_that_ask_for_a_phone(here: Town) -> tuple[FormInstance, FormInstance]:
    """Two offices ask for 邬根发's phone; the second also for what he and 虞阿香 studied."""
    with as_worker(here):
        first = brought(here)
        second = brought(here, data=a_blank(OTHER, title="残疾人补贴表"))
        phone = missing(first, "联系电话")
        actions.ask_open_questions(form_instance=first, headings=[phone], by=here.worker)
        sent = actions.ask_open_questions(
            form_instance=second,
            headings=[missing(second, "联系电话"), missing(second, "文化程度")],
            by=here.worker,
        )
        assert (sent.doors, sent.open_questions) == (1, 3)
    return first, second


def phones() -> list[OpenQuestion]:
    """Return the questions for a phone, the first form's first."""
    return list(
        OpenQuestion.objects.filter(field="phone").select_related("person", "task").order_by("pk")
    )


def test_two_forms_that_want_the_same_are_one_question_and_one_task(
    here: Town, client: Client
) -> None:
    two_forms_that_ask_for_a_phone(here)
    with working_as("grid_worker", here.town.grids[0].path):
        door = here.town.home("1", "101")
        assert [open_question.field for open_question in queries.open_questions_at(door)].count(
            "phone"
        ) == 1
        notes = list(Task.objects.filter(kind="form_filling.ask").values_list("note", flat=True))
        assert sorted(notes) == ["手机", "文化程度"]
    client.force_login(here.grid_worker)
    page = client.get(f"/forms/doors/{door.pk}/").content.decode()
    assert page.split("<main")[1].split("</main>")[0].count("手机") == 1
    assert "残疾人补贴表" in page
    assert "残疾人基本情况登记表" in page


def test_one_answer_answers_every_form_and_no_second_one_overwrites_it(here: Town) -> None:
    two_forms_that_ask_for_a_phone(here)
    with working_as("grid_worker", here.town.grids[0].path):
        asked, same = phones()
        actions.answer_question(open_question=asked, value="13700001111", by=here.grid_worker)
        with pytest.raises(Refused, match="已经有人填了"):
            actions.answer_question(open_question=same, value="13700002222", by=here.grid_worker)
        assert Person.objects.get(pk=here.gen.pk).phone == "13700001111"
        assert {open_question.state for open_question in phones()} == {QuestionState.ANSWERED}
        states = dict(Task.objects.filter(kind="form_filling.ask").values_list("note", "state"))
        assert states == {"手机": "done", "文化程度": "open"}


def test_what_cannot_be_known_is_asked_for_no_form_again(here: Town) -> None:
    two_forms_that_ask_for_a_phone(here)
    with working_as("grid_worker", here.town.grids[0].path):
        actions.answer_question(
            open_question=phones()[1], value=None, cannot=True, by=here.grid_worker
        )
        assert {open_question.state for open_question in phones()} == {QuestionState.CANNOT}


def test_a_form_put_aside_leaves_the_task_that_another_waits_for(here: Town) -> None:
    first, _second = two_forms_that_ask_for_a_phone(here)
    with as_worker(here):
        actions.drop_form(form_instance=first, by=here.worker)
        states = dict(Task.objects.filter(kind="form_filling.ask").values_list("note", "state"))
        assert states == {"手机": "open", "文化程度": "open"}
        assert [open_question.state for open_question in phones()] == [
            QuestionState.DROPPED,
            QuestionState.OPEN,
        ]


def test_after_a_return_what_was_not_answered_can_be_asked_again(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here)
        phone = [missing(form_instance, "联系电话")]
        actions.ask_open_questions(form_instance=form_instance, headings=phone, by=here.worker)
        actions.hand_in_form(form_instance=form_instance, by=here.worker, with_open_questions=True)
        asked = queries.asked_of(form_instance)
        assert (asked.total, asked.cannot) == (0, 0)
    with as_officer(here):
        actions.send_back_form(form_instance=form_instance, reason="少了一栏电话", by=here.officer)
    with as_worker(here):
        assert (
            actions.ask_open_questions(
                form_instance=form_instance, headings=phone, by=here.worker
            ).doors
            == 1
        )
        assert queries.asked_of(form_instance).open == 1
        assert Task.objects.get(kind="form_filling.ask", state="open").place.name
        open_question = phones()[0]
        actions.answer_question(open_question=open_question, value="13700001111", by=here.worker)
        assert not Task.objects.filter(kind="form_filling.ask", state="open").exists()


def test_every_fact_of_a_heading_is_asked_and_one_already_known_is_not(here: Town) -> None:
    with as_worker(here):
        form_instance = brought(here, data=a_blank(["序号", "姓名", "文化程度（电话）", "备注"]))
        number = 2
        headings = [dict(heading) for heading in form_instance.headings]
        headings[number] |= {"use": "field", "fields": ["education", "phone"]}
        with by_the_system():
            FormInstance.objects.filter(pk=form_instance.pk).update(headings=headings)
        form_instance.refresh_from_db()
        sent = actions.ask_open_questions(
            form_instance=form_instance, headings=[number], by=here.worker
        )
        assert sent.open_questions == 3
        asked = OpenQuestion.objects.values_list("person__name", "field")
        assert set(asked) == {("虞阿香", "education"), ("邬根发", "education"), ("邬根发", "phone")}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_for_two_forms_and_one_counts() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("the test database lies in memory and locks whole tables")
    here = a_town()
    two_forms_that_ask_for_a_phone(here)
    with system_scope("test"):
        open_questions = [*phones(), *phones()]
    ready = threading.Barrier(len(open_questions))
    told: list[Any] = []

    def answer(number: int) -> None:
        phone = f"1370000{number:04d}"
        try:
            with working_as("grid_worker", here.town.grids[0].path):
                ready.wait()
                actions.answer_question(
                    open_question=open_questions[number], value=phone, by=here.grid_worker
                )
                told.append(phone)
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(n,)) for n in range(len(open_questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with system_scope("test"):
        assert [Person.objects.get(pk=here.gen.pk).phone] == told
        assert {open_question.state for open_question in phones()} == {QuestionState.ANSWERED}
