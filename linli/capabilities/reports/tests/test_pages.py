"""Asking, ticking, keeping and taking away, as workers do it."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from urllib.parse import quote

import openpyxl
import pytest

from linli.capabilities.reports.models import ExportRequest, SavedReport
from linli.capabilities.reports.pages.quick_filters import GROUPS
from linli.core.errors import Refused
from linli.core.fields import Condition
from linli.core.personal_data import watermark
from linli.core.scope import system_scope
from linli.workbench.conditions import queries
from linli.workbench.journal.models import JournalEntry
from linli.workbench.tasks.models import Task
from tests.residents.world import a_neighbourhood, a_user, someone, working_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    """殷家社区 with two people over ninety, one of them alone, and a neighbour elsewhere."""
    made = a_neighbourhood()
    with working_as("secretary"):
        someone(made.homes[0], "虞阿香", birth_date=date(1932, 3, 1), sex="2")
        someone(made.homes[1], "陈根宝", birth_date=date(1934, 3, 1), sex="1")
        someone(made.homes[2], "周小军", birth_date=date(1990, 3, 1), sex="1")
    with working_as("secretary", made.other.path):
        someone(made.elsewhere, "外区九旬", birth_date=date(1930, 1, 1), sex="2")
    return made


@pytest.fixture
def worker(here, client):
    user = a_user("lin", "secretary", here.community)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_sentence_is_answered_with_the_number_and_the_list(worker):
    page = worker.get("/ask/?q=" + quote("90岁以上独居老人")).content.decode()
    assert "<strong>2</strong>" in page
    assert "虞阿香" in page
    assert "周小军" not in page
    assert "外区九旬" not in page


def test_ticking_counts_without_loading_the_page_again(worker):
    answer = worker.get(
        "/ask/", {"s": "person", "c": ["年龄≥60岁", "性别＝女"]}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert "<html" not in page
    assert "<strong>1</strong>" in page
    assert 'hx-swap-oob="true"' in page


def test_a_word_it_does_not_know_is_shown_and_not_counted(worker):
    asked = "/ask/?q=" + quote("90岁以上爱跳广场舞的老人")
    answer = worker.get(asked)
    page = answer.content.decode()
    assert "chip-unknown" in page
    assert "年龄≥90岁" in page
    assert "answer-count" not in page
    assert "虞阿香" not in page
    again = re.search(r'href="([^"]+)"[^>]*>(?:(?!</a>).)*只按看懂的算', page, re.S)
    assert again
    page = worker.get(html.unescape(again[1])).content.decode()
    assert "没有算进结果" in page
    assert re.search(r"<title>[^<]*只按看懂的算，没看懂：[^<]*广场舞", page)
    assert "answer-count" in page


def test_a_condition_that_makes_no_sense_is_said_in_words(worker):
    answer = worker.get("/ask/", {"s": "person", "c": "身高≥180"})
    assert answer.status_code == 422
    assert "身高" in answer.content.decode()


@pytest.mark.parametrize("subject", GROUPS)
def test_every_box_can_be_ticked_by_a_secretary(here, subject):
    with working_as("secretary"):
        for _label, ticks in GROUPS[subject]:
            for tick in ticks:
                condition = Condition(subject, tick.node)
                text = queries.condition_text(queries.check(condition))
                assert queries.read_text(subject, text) == queries.check(condition)


def test_a_property_manager_is_offered_no_care_boxes_and_refused_care_questions(here, client):
    user = a_user("wu", "property_manager", here.homes[0].parent.parent)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "残疾" not in client.get("/ask/").content.decode()
    assert client.get("/ask/", {"s": "person", "c": "残疾"}).status_code == 422
    assert client.get("/ask/take/").status_code == 404


def test_an_auditor_has_no_such_page(here, client):
    user = a_user("shen", "auditor", here.town)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/ask/").status_code == 404


def kept_report(worker, shared="on"):
    worker.post("/ask/save/?s=person&c=" + quote("年龄≥90岁"), {"name": "九旬", "shared": shared})
    worker.get("/ask/")  # the message that it was saved is read
    with system_scope("test"):
        return SavedReport.objects.get()


def test_a_saved_report_has_a_link_and_answers_each_reader_in_their_own_scope(worker, here, client):
    report = kept_report(worker)
    address = f"/ask/saved/{report.link}/"
    assert "<strong>2</strong>" in worker.get(address).content.decode()
    inside = a_user("grid", "grid_worker", here.homes[0])
    client.force_login(inside, backend="django.contrib.auth.backends.ModelBackend")
    assert "<strong>1</strong>" in client.get(address).content.decode()


def test_a_link_out_of_scope_is_not_found_without_a_hint(worker, here, client):
    report = kept_report(worker)
    stranger = a_user("other", "secretary", here.other)
    client.force_login(stranger, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/ask/saved/{report.link}/")
    assert answer.status_code == 404
    assert "九旬" not in answer.content.decode()
    assert plain(answer) == plain(client.get("/ask/saved/no-such-link/"))


def plain(answer):
    """The page without the tokens and its own address, which differ each time."""
    return re.sub(r"[A-Za-z0-9]{64}|/ask/saved/[^/]*/", "", answer.content.decode())


def take(worker, **given):
    form = {"kind": "xlsx", "purpose": "visit", "words": "重阳节上门慰问", **given}
    answer = worker.post("/ask/take/?s=person&c=" + quote("年龄≥90岁"), form)
    return answer, answer.headers.get("Location", "")


def test_a_list_is_taken_away_as_excel_with_its_purpose_and_a_journal_entry(worker):
    _, address = take(worker)
    made = worker.post(address + "file/")
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    names = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert {watermark.without_marks(name) for name in names} == {"虞阿香", "陈根宝"}
    assert any("重阳节上门慰问" in str(cell.value) for cell in book["用途"]["B"])
    with system_scope("test"):
        assert JournalEntry.objects.filter(kind="export.taken").count() == 1


def test_a_list_is_taken_away_in_large_print(worker):
    _, address = take(worker, kind="pdf")
    made = worker.post(address + "file/")
    assert made["Content-Type"] == "application/pdf"
    assert made.content.startswith(b"%PDF")


def test_a_purpose_of_two_letters_is_not_enough(worker):
    answer, _ = take(worker, words="看看")
    assert answer.status_code == 422
    with system_scope("test"):
        assert not ExportRequest.objects.exists()


def test_a_long_list_waits_for_a_second_person(worker, here, client, monkeypatch):
    monkeypatch.setattr("linli.capabilities.reports.rules.ALONE_UP_TO", 1)
    _, address = take(worker)
    assert "等第二个人同意" in worker.get(address).content.decode()
    assert worker.post(address + "file/").status_code == 302
    worker.post(address + "decide/", {"agreed": "yes"})
    with system_scope("test"):
        assert ExportRequest.objects.get().state == "waiting"
        # Nobody else holds a post here who may agree: a gap, until somebody does.
        asked = Task.objects.get(kind="reports.consent")
        assert (asked.is_gap, asked.state) == (True, "open")
    officer = a_user("lu", "subdistrict_officer", here.town)
    with system_scope("test"):
        # Whoever may agree has the task; it ends with the decision.
        asked.refresh_from_db()
        assert (asked.seat_role, asked.state) == ("subdistrict_officer", "open")
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    client.post(address + "decide/", {"agreed": "yes"})
    with system_scope("test"):
        export = ExportRequest.objects.get()
        assert export.state == "ready"
        assert export.consent_by == officer
        asked.refresh_from_db()
        assert (asked.state, asked.ended_by) == ("done", officer)
        assert JournalEntry.objects.get(kind="export.decided").by == officer


def test_nobody_consents_to_their_own_list(worker, monkeypatch):
    monkeypatch.setattr("linli.capabilities.reports.rules.ALONE_UP_TO", 1)
    _, address = take(worker)
    answer = worker.post(address + "decide/", {"agreed": "yes"}, follow=True)
    assert "不能" in answer.content.decode()


def test_a_cross_tab_counts_and_every_figure_leads_to_its_list(worker):
    page = worker.get("/ask/cross/?s=person&r=sex&k=age").content.decode()
    assert "合计" in page
    assert "/ask/?s=person" in page


def test_any_fact_can_be_added_as_a_condition(worker):
    assert "出生日期" in worker.get("/ask/more/?s=person").content.decode()
    chosen = worker.get("/ask/more/?s=person&f=age&op=ge&value=90")
    assert chosen.status_code == 302
    assert "<strong>2</strong>" in worker.get(chosen["Location"]).content.decode()
    wrong = worker.get("/ask/more/?s=person&f=age&op=ge&value=abc")
    assert wrong.status_code == 422
    assert "请填数字" in wrong.content.decode()


def test_the_journal_refuses_what_the_role_may_not_do(here):
    from linli.capabilities.reports.actions import ask_export

    manager = a_user("wu", "property_manager", here.homes[0].parent.parent)
    estate = here.homes[0].parent.parent
    with working_as("property_manager", estate.path, manager), pytest.raises(Refused):
        ask_export(
            subject="person",
            condition={},
            condition_text="",
            columns=[],
            sort="",
            kind="xlsx",
            rows=1,
            purpose="visit",
            words="重阳节慰问",
            by=manager,
        )


def test_a_saved_report_is_taken_off_the_list_and_put_back(here):
    from linli.capabilities.reports.actions import end_report, restore_report, save_report
    from linli.capabilities.reports.queries import saved_reports

    worker = a_user("lin", "secretary", here.community)
    with working_as("secretary", user=worker):
        report = save_report(
            name="九旬",
            subject="person",
            columns=[],
            sort="",
            shared=False,
            by=worker,
            condition=queries.condition_json(Condition("person")),
        )
        assert list(saved_reports(worker)) == [report]
        end_report(report=report, by=worker)
        assert not saved_reports(worker)
        restore_report(report=report, by=worker)
        assert list(saved_reports(worker)) == [report]
        other = a_user("zhao", "community_worker", here.community)
        with pytest.raises(Refused):
            end_report(report=report, by=other)
