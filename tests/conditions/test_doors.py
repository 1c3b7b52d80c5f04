"""Every door that takes a sentence: beside a word not understood no number, no list, nothing kept.

One tap, 只按看懂的算, goes on without the words, and they stay in whatever is made of it.
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.test import Client

from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.form_filling.tests.builders import Town, a_blank, a_town
from linli.capabilities.reports.models import ExportRequest, SavedReport
from linli.capabilities.visits.models import CarePlan
from linli.commons.coverage.models import Coverage
from linli.core.scope import system_scope
from linli.core.time import today
from linli.faces.cli.main import main
from linli.workbench.journal.models import JournalEntry
from linli.workbench.notices.models import Notice
from tests.api.conftest import Program, a_program
from tests.edits import opened, save
from tests.people import a_user

pytestmark = pytest.mark.django_db
ASKED, UNKNOWN, CLEAR = "65岁以上打太极的人", "打太极", "65岁以上的人"
LEFT_OUT = f"只按看懂的算，没看懂：{UNKNOWN}"
OLD = ("虞阿香", "邬根发")
TAP = {"only_understood": "1"}


@dataclass
class Here:
    """A town, its secretary in a browser, a program, and the command line."""

    world: Town
    client: Client
    program: Program
    folder: Path
    said: pytest.CaptureFixture[str]
    form: str = ""

    def building(self) -> str:
        return f"/places/{self.world.town.building('1').pk}/"


@dataclass
class Answer:
    """What a door answered: did it go on, what it said, and what it kept in the end."""

    went_on: bool
    text: str
    kept: list[Any] = field(default_factory=list)


def _page(answer: Any) -> Answer:
    text = html.unescape(answer.content.decode())
    # The page for asking asks back; every other one refuses.
    return Answer(answer.status_code < 400 and "not-understood" not in text, text)


def _get(path: str, **more: str) -> Callable[[Here, str, bool], Answer]:
    def door(here: Here, sentence: str, tapped: bool) -> Answer:
        at = here.building() if path == "building" else path
        return _page(here.client.get(at, {"q": sentence, **more, **(TAP if tapped else {})}))

    return door


def _post(path: str, asks: str, model: Any, **given: str) -> Callable[[Here, str, bool], Answer]:
    def door(here: Here, sentence: str, tapped: bool) -> Answer:
        filled = {asks: sentence, **given, **(TAP if tapped else {})}
        now = {"place": str(here.world.town.community.pk), "until_on": today().isoformat()}
        filled |= {name: value for name, value in now.items() if name in given}
        told = _page(here.client.post(path, filled))
        with system_scope("test"):
            told.kept = list(model.objects.all())
        return told

    return door


def _api(what: str, **more: str) -> Callable[[Here, str, bool], Answer]:
    def door(here: Here, sentence: str, tapped: bool) -> Answer:
        body = {"sentence": sentence, **more, **({"only_understood": True} if tapped else {})}
        answer = here.program.post(f"/conditions/{what}", **body)
        return Answer(answer.status_code == 200, json.dumps(answer.json(), ensure_ascii=False))

    return door


def _command(*words: str) -> Callable[[Here, str, bool], Answer]:
    def door(here: Here, sentence: str, tapped: bool) -> Answer:
        filled = [one.format(sentence=sentence, folder=here.folder) for one in words]
        user = "officer" if words[0] == "forms" else "worker"
        code = main([*filled, "--as", user, *(["--only-understood"] if tapped else [])])
        said = here.said.readouterr()
        return Answer(code == 0, said.out + said.err)

    return door


def _look(here: Here, sentence: str, tapped: bool) -> Answer:
    given = {
        "audience": sentence,
        "subject": "停水",
        "text": "明天停水",
        "key": "k",
        "step": "look",
    }
    looked = _page(here.client.post("/notices/write/", {**given, **(TAP if tapped else {})}))
    if looked.went_on:
        # What goes out is what was looked at: the words left out are carried along.
        carried = re.search(r'name="audience" value="([^"]*)"', looked.text)
        assert carried
        sends = {**given, "audience": carried[1], "step": "send", "expected": "2"}
        assert here.client.post("/notices/write/", sends).status_code == 302
    with system_scope("test"):
        looked.kept = list(Notice.objects.all())
    return looked


def _form(here: Here, sentence: str, tapped: bool) -> Answer:
    if not here.form:
        file = io.BytesIO(a_blank(title="一览表"))
        file.name = "一览表.xlsx"
        at = str(here.world.town.community.pk)
        there = here.client.post("/forms/", {"file": file, "place": at})
        assert there.status_code == 302, there.content.decode()
        here.form = there["Location"].removesuffix("headings/")
    given = {"title": "一览表", "subject": "person", "more": sentence, "cadence": "once"}
    page = opened(here.client, f"{here.form}headings/") | {"keep": []}
    answer = save(
        here.client, f"{here.form}headings/", {**page, **given, **(TAP if tapped else {})}
    )
    shown = here.client.get(here.form, follow=True) if answer.status_code == 302 else answer
    return _page(shown)


RULE = {
    "name": "老人",
    "subject": "person",
    "when": "silence",
    "field": "person.last_contact_on",
    "days": "30",
    "role": "secretary",
    "message": "{名称}",
    "until": "done",
}
CANVASS = {"title": "走一走", "why": "每年一次的走访", "place": "", "until_on": ""}
DOORS: dict[str, Callable[[Here, str, bool], Answer]] = {
    "page: list": _get("/ask/"),
    "page: cross-tab": _get("/ask/cross/"),
    "page: columns": _get("/ask/columns/"),
    "page: one condition more": _get("/ask/more/"),
    "page: keep": _get("/ask/save/"),
    "page: take away": _get("/ask/take/"),
    "page: front of a building": _get("building"),
    "API: count": _api("count"),
    "API: list": _api("list"),
    "API: cross-tab": _api("cross-tab", row="sex"),
    "command: ask": _command("ask", "{sentence}"),
    "command: ask, count": _command("ask", "{sentence}", "--count"),
    "command: ask, list": _command("ask", "{sentence}", "--list"),
    "command: ask, JSON": _command("ask", "{sentence}", "--json"),
    "command: ask, Excel": _command(
        "ask", "{sentence}", "--xlsx", "{folder}/老人.xlsx", "--purpose", "重阳节慰问"
    ),
    "command: price of a form": _command(
        "forms", "price", "{folder}/表.xlsx", "--where", "{sentence}"
    ),
    "command: fill a form": _command(
        "forms", "fill", "{folder}/表.xlsx", "--where", "{sentence}", "--out", "{folder}/好.xlsx"
    ),
    "alert rule": _post("/whistles/rules/add/", "sentence", AlertRule, **RULE),
    "care plan": _post("/visits/plans/add/", "sentence", CarePlan, name="看望", every="30"),
    "canvass": _post("/canvasses/start/", "sentence", Coverage, **CANVASS),
    "notice": _look,
    "form": _form,
}


@pytest.fixture
def here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Here:
    world = a_town()
    client = Client()
    client.force_login(a_user("shuji", "secretary", world.town.community))
    (tmp_path / "表.xlsx").write_bytes(a_blank(title="一览表"))
    program = a_program("program", "community_worker", world.town.community)
    return Here(world, client, program, tmp_path, capsys)


def _leaks(answer: Answer) -> list[str]:
    """Return what was told of the people or their number, and what was kept."""
    numbers = re.findall(r'answer-count|"count": \d|"total": \d|共 \d|发送给\d', answer.text)
    return [*numbers, *(name for name in OLD if name in answer.text), *map(str, answer.kept)]


@pytest.mark.parametrize("name", DOORS)
def test_no_door_tells_a_number_beside_a_word_not_understood(here: Here, name: str) -> None:
    refused = DOORS[name](here, ASKED, False)
    assert not refused.went_on
    assert _leaks(refused) == []
    assert UNKNOWN in refused.text
    # A form is asked for by its own command, which says the words and how to go on.
    assert "年龄≥65岁" in refused.text or "a form" in name
    assert not [*here.folder.glob("老人*"), *here.folder.glob("好*")]
    # One tap, and the words that were left out stay with the answer.
    told = DOORS[name](here, ASKED, True)
    assert told.went_on, told.text[-600:]
    kept = [
        f"{one.condition}" if hasattr(one, "condition") else one.condition_text for one in told.kept
    ]
    assert LEFT_OUT in told.text or UNKNOWN in "".join(kept) or f'["{UNKNOWN}"]' in told.text


@pytest.mark.parametrize("name", DOORS)
def test_a_sentence_wholly_understood_goes_through_every_door(here: Here, name: str) -> None:
    told = DOORS[name](here, CLEAR, False)
    assert told.went_on, told.text[-600:]
    assert "只按看懂的算" not in told.text


def test_of_a_sentence_of_which_nothing_is_understood_nothing_is_offered(here: Here) -> None:
    for tapped in (False, True):
        answer = _get("/ask/")(here, "打太极的", tapped)
        assert not answer.went_on
        assert "只按看懂的算" not in answer.text
        told = json.loads(_api("count")(here, "打太极的", tapped).text)
        assert (told["code"], told["details"]["again"]) == ("sentence.not_understood", None)


def test_a_program_is_told_what_was_understood_and_how_to_ask_again(here: Here) -> None:
    answer = here.program.post("/conditions/count", sentence=ASKED)
    assert answer.status_code == 422
    details = answer.json()["details"]
    assert details["unknown"] == [UNKNOWN]
    assert details["chips"][0]["text"] == "年龄≥65岁"
    told = here.program.post("/conditions/count", sentence=ASKED, **details["again"]).json()
    assert (told["count"], told["unknown"]) == (2, [UNKNOWN])
    # The condition as data or in words carries them too, so no copy of it is a whole answer.
    again = here.program.post("/conditions/count", condition=told["condition"]).json()
    assert (again["count"], again["unknown"]) == (2, [UNKNOWN])
    again = here.program.post("/conditions/count", text=again["text"]).json()
    assert (again["count"], again["unknown"]) == (2, [UNKNOWN])
    parsed = here.program.post("/conditions/parse", sentence=ASKED).json()
    assert parsed["condition"]["unread"] == [UNKNOWN]


def test_what_was_left_out_stays_in_the_kept_question_the_request_and_the_file(here: Here) -> None:
    page = _get("/ask/")(here, ASKED, True).text
    assert f"<title>查询 · {LEFT_OUT}" in page
    found = re.findall(r'href="((/ask/save/|/ask/take/|/notices/write/)\?[^"]+)"', page)
    links = {at: link for link, at in found}
    assert all(UNKNOWN in unquote(link) for link in links.values())
    assert len(links) == 3
    here.client.post(links["/ask/save/"], {"name": "太极"})
    given = {"kind": "xlsx", "purpose": "visit", "words": "上门教太极"}
    taken = here.client.post(links["/ask/take/"], given)["Location"]
    with system_scope("test"):
        saved, export = SavedReport.objects.get(), ExportRequest.objects.get()
        entries = JournalEntry.objects.filter(kind__in=["report.saved", "export.asked"])
        assert all(UNKNOWN in json.dumps(one.data, ensure_ascii=False) for one in entries)
        assert len(entries) == 2
    assert LEFT_OUT in here.client.get(f"/ask/saved/{saved.link}/").content.decode()
    assert LEFT_OUT in here.client.get("/ask/saved/").content.decode()
    assert LEFT_OUT in export.condition_text
    file = here.client.post(f"{taken}file/")
    assert "只按看懂的算" in unquote(file["Content-Disposition"])
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    assert book.sheetnames[0] == "名单（只按看懂的算）"
    assert [cell.value for cell in next(book["用途"].iter_rows())] == ["注意", LEFT_OUT]


def test_a_title_says_whom_a_form_is_about_only_with_what_was_not_understood(here: Here) -> None:
    file = here.folder / "65岁以上打太极人员登记表.xlsx"
    file.write_bytes(a_blank(title="65岁以上打太极人员登记表"))
    price = ["forms", "price", str(file), "--as", "officer"]
    assert main(price) == 2
    said = here.said.readouterr()
    assert UNKNOWN in said.err
    assert "行" not in said.out
    assert main([*price, "--only-understood"]) == 0
    assert UNKNOWN in here.said.readouterr().err


SOURCE = Path(__file__).parents[2] / "linli"
READS = re.compile(
    r"\b(?:queries|conditions)\.ask\(|conditions\.sentence import|\bunderstand\(sentence"
)
# Who reads a sentence without the decision: the reading itself, the door that only parses, and
# titles of forms: a list or a figure of which any word is unknown is not filled, a title proposes.
MAY_READ = {
    "workbench/conditions/queries.py",
    "faces/api/conditions.py",
    "capabilities/form_filling/answers/list_subsets.py",
    "capabilities/form_filling/answers/statistics_table.py",
    "capabilities/form_filling/reading/subject_guess.py",
}


def readers(files: dict[str, str]) -> set[str]:
    return {name for name, text in files.items() if READS.search(text)}


def test_nobody_else_reads_a_sentence_past_the_decision() -> None:
    files = {
        str(file.relative_to(SOURCE)): file.read_text(encoding="utf-8")
        for file in SOURCE.rglob("*.py")
        if "tests" not in file.parts and "sentence" not in file.parts
    }
    assert readers(files) == MAY_READ


def test_a_reader_that_goes_round_is_found() -> None:
    assert readers({"a.py": 'queries.count(queries.ask("老人").condition)'}) == {"a.py"}
    assert readers({"a.py": 'queries.count(queries.asked("老人").condition)'}) == set()
