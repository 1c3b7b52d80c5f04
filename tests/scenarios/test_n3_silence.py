"""N3/A2: "who has no chronic illness" is told apart from "of whom nobody wrote it down"."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries import trial
from linli.capabilities.form_filling.answers.statistics_table import counted, where_of
from linli.capabilities.reports.actions import save_report
from linli.core.fields import DICTIONARY, EVERYONE, PERSON, Condition
from linli.core.time import today
from linli.faces.cli.main import main
from linli.register.people.actions import change_facts
from linli.register.people.models import FactStamp, Person
from linli.register.posts.models import User
from linli.workbench.conditions import queries
from linli.workbench.imports.values import typed
from tests.api.conftest import Program, a_program
from tests.residents.world import Neighbourhood, a_neighbourhood, a_user, someone, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ASKED = "没有慢性病的80岁以上老人"
APART = "有记录：没有 1 人；没有记录 3 人（慢性病人）"


@pytest.fixture
def here() -> Neighbourhood:
    """Five over eighty: one ill, one recorded as having nothing, of three nobody asked."""
    made = a_neighbourhood()
    with working_as("secretary"):
        for n, illness in enumerate(("hypertension", "none", "", "", "")):
            old = date(1940, 3, 1)
            someone(made.homes[n], f"虞阿{n}", birth_date=old, chronic_illness=illness)
        someone(made.homes[5], "周小军", birth_date=date(1990, 3, 1))
    return made


@pytest.fixture
def lin(here: Neighbourhood) -> User:
    return a_user("lin", "secretary", here.community)


@pytest.fixture
def browser(lin: User) -> Client:
    client = Client()
    client.force_login(lin)
    return client


def asked() -> Condition:
    return queries.asked(ASKED).condition


def test_the_page_tells_none_and_nothing_recorded_apart_and_lists_both(
    here: Neighbourhood, browser: Client
) -> None:
    page = browser.get("/ask/", {"q": ASKED}).content.decode()
    assert APART in page
    assert "虞阿1" in page
    assert "虞阿2" not in page
    with working_as("secretary"):
        left = queries.beside(asked())
        assert left is not None
        names = [line.cells[0].text for line in queries.rows(left.condition).lines]
        said = queries.condition_text(left.condition)
    assert names == ["虞阿2", "虞阿3", "虞阿4"]
    assert "没有登记不等于没有" in left.why
    # The others are a question like any other: its words read back.
    others = browser.get("/ask/", {"s": "person", "c": said.split(" 且 ")}).content.decode()
    assert "虞阿2" in others
    assert "虞阿1" not in others
    assert "没有记录" not in browser.get("/ask/", {"q": "80岁以上有慢性病的"}).content.decode()


@pytest.mark.parametrize(
    "said",
    ["非慢性病人", "无慢性病的人", "慢性病人＝否", "不是高血压的老人", "户里没有慢性病人的户"],
)
def test_every_way_of_saying_no_tells_it(here: Neighbourhood, said: str) -> None:
    with working_as("secretary"):
        condition = (
            queries.read_text(PERSON, said) if "＝" in said else queries.asked(said).condition
        )
        left = queries.beside(condition)
    assert left is not None
    assert left.number >= 3


def test_saved_reports_cross_tabs_programs_and_files_tell_it(
    here: Neighbourhood,
    browser: Client,
    lin: User,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    with working_as("secretary", user=lin):
        condition = asked()
        kept, said = queries.condition_json(condition), queries.condition_text(condition)
        report = save_report(
            name="没有慢性病",
            subject=PERSON,
            condition=kept,
            columns=[],
            sort="",
            shared=False,
            by=lin,
        )
    address = reverse("reports:report", args=[report.link])
    assert APART in browser.get(address).content.decode()
    parts = {"s": PERSON, "c": said.split(" 且 "), "r": "sex", "k": "none"}
    assert APART in browser.get(reverse("reports:cross"), parts).content.decode()
    file = tmp_path / "名单.xlsx"
    order = ["ask", ASKED, "--as", "lin", "--xlsx", str(file), "--purpose", "上门看望老人"]
    assert main(order) == 0
    book = openpyxl.load_workbook(file)
    assert APART in str([cell.value for sheet in book for row in sheet for cell in row])
    assert main(["ask", ASKED, "--as", "lin", "--count"]) == 0
    assert APART in capsys.readouterr().out
    assert main(["ask", ASKED, "--as", "lin", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["beside"]
    assert (told["recorded"], told["not_recorded"]) == (1, 3)


def test_a_program_gets_both_numbers(here: Neighbourhood) -> None:
    program: Program = a_program("chen", "secretary", here.community)
    for path, more in (("count", {}), ("list", {}), ("cross-tab", {"row": "sex"})):
        answer = program.post(f"/conditions/{path}", sentence=ASKED, **more).json()
        told = answer["beside"]
        assert (told["recorded"], told["not_recorded"]) == (1, 3), path
        again = program.post("/conditions/count", condition=told["condition"]).json()
        assert again["count"] == 3


def test_an_alert_and_a_table_of_figures_tell_it(here: Neighbourhood, lin: User) -> None:
    with working_as("secretary", user=lin):
        rule = AlertRule(
            name="没有慢性病的",
            subject=PERSON,
            place=here.community,
            when="holds",
            role="secretary",
            condition=queries.condition_json(asked()),
        )
        tried = trial(rule, since=today(), until=today(), today=today())
        where = where_of("没有慢性病人数", ())
        assert where is not None
        heading = {"use": "count", "where": queries.condition_json(Condition(PERSON, where))}
        old = queries.asked("80岁以上的人").condition
        cells: list[Any] = list(counted([heading], old, here.community, EVERYONE))
    assert tried.now == 1
    assert APART in tried.beside
    assert cells == ["1（另有3没有记录）"]


def test_none_is_written_down_with_its_day_and_source_and_comes_by_a_list(
    here: Neighbourhood,
) -> None:
    with working_as("secretary"):
        person = Person.objects.get(name="虞阿2")
        change_facts(
            person=person,
            changes={"chronic_illness": "none"},
            source="visit",
            confirmed_on=date(2026, 11, 20),
            by=None,
        )
        assert queries.count(asked()) == 2
        stamp = FactStamp.objects.get(person=person, field="chronic_illness")
        assert (stamp.source, stamp.confirmed_on) == ("visit", date(2026, 11, 20))
    for key, word, value in (
        ("chronic_illness", "无", "none"),
        ("chronic_illness", "没有", "none"),
        ("chronic_illness", "", None),
        ("chronic_illness", "不详", None),
        ("disability_kind", "无", "none"),
        ("low_income", "无", False),
        ("low_income", "", None),
    ):
        read = typed(DICTIONARY.field(PERSON, key), word)
        assert getattr(read, "value", read) == value, (key, word)
