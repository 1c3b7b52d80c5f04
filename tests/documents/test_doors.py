"""Whatever is uploaded wherever: an answer in words, nothing left behind, nobody else held up."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import get_resolver

from linli.capabilities.form_filling.tests.builders import (
    Town,
    a_town,
    as_officer,
    as_worker,
    brought,
)
from linli.core.documents import reader
from linli.core.models import Limit
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.posts.models import User
from linli.workbench.read_budget.models import ReaderAccount, ReadPerson
from tests.documents import bombs
from tests.imports import files

Door = Callable[[Town], tuple[str, dict[str, Any]]]


def _hand_in(here: Town) -> tuple[str, dict[str, Any]]:
    with as_worker(here):
        sheet = brought(here)
    return f"/forms/{sheet.link}/hand-in/", {"with_blanks": "on"}


def _lift(here: Town) -> int:
    from linli.register.facilities.actions import NewFacility, add_facilities

    with as_officer(here):
        new = NewFacility(here.town.community, "电梯", "一号梯")
        return int(add_facilities(facilities=[new], by=here.officer)[0].pk)


def _case(here: Town) -> int:
    from linli.capabilities.cases import actions

    with as_officer(here):
        place, by = here.town.town, here.officer
        top = actions.add_category(place=place, name="市容", by=by)
        office = {"working_days": 3, "role": "subdistrict_officer"}
        kind = actions.add_category(place=place, name="路灯", parent=top, by=by, **office)
        case = actions.take_case(text="路灯坏了，晚上看不见", place=place, by=by).case
        actions.set_category(case=case, category=kind, by=by)
        actions.assign_case(case=case, by=by)
        return int(case.pk)


# Every form with a file: where it is, what else it asks. What is missing here is found below.
DOORS: dict[str, Door] = {
    "imports.forms.UploadForm": lambda _here: (
        "/imports/",
        {"subject": "person", "source": "import", "confirmed_on": str(today())},
    ),
    "record_linkage.forms.LinkageUploadForm": lambda _here: (
        "/fusing/",
        {"department": "区残联", "confirmed_on": str(today())},
    ),
    "hotline_lists.forms.HotlineListForm": lambda here: (
        "/cases/intake/",
        {"place": str(here.town.town.pk)},
    ),
    "cases.forms.taxonomy.BringTaxonomyForm": lambda _here: ("/cases/categories/load/", {}),
    "cases.forms.workers.RegisterCaseForm": lambda here: (
        "/cases/take/",
        {
            "text": "楼道灯坏了，晚上看不见",
            "place": str(here.town.building("1").pk),
            "channel": "phone",
            "wants_answer": "page",
        },
    ),
    "cases.forms.workers.FinishForm": lambda here: (
        f"/cases/{_case(here)}/finish/",
        {"result": "换了灯泡"},
    ),
    "cases.forms.public.ReportForm": lambda here: (
        "/report/",
        {
            "text": "楼道灯坏了，晚上看不见",
            "community": str(here.town.community.pk),
            "client_id": "bombs",
            "where": "",
            "wants_answer": "page",
        },
    ),
    "colleague_lists.forms.ColleagueListForm": lambda _here: ("/colleagues/", {}),
    "facilities.forms.ListForm": lambda _here: ("/facilities/take/", {}),
    "facilities.forms.PaperForm": lambda here: (
        f"/facilities/{_lift(here)}/papers/add/",
        {"name": "检验合格证"},
    ),
    "form_filling.forms.FormUploadForm": lambda here: (
        "/forms/",
        {"place": str(here.town.town.pk)},
    ),
    "form_filling.forms.FormReturnForm": _hand_in,
    "place_pages.forms.OutlinesForm": lambda here: (
        f"/places/{here.town.estate.pk}/plan/outlines/",
        {},
    ),
    "journal.forms.NoteForm": lambda here: (
        f"/journal/note/people.person/{here.de.pk}/",
        {"text": "看了一下"},
    ),
}


OF_FORMS = {"form_filling.forms.FormUploadForm", "form_filling.forms.FormReturnForm"}


# Shown on the page of patterns, and sent nowhere.
SHOWN = {"web.patterns.ExampleFileForm"}


def _every(kind: type[forms.Form]) -> Iterator[type[forms.Form]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _every(subclass)


def forms_with_files() -> dict[str, str]:
    """Every form of the product that takes a file, with the name of that field."""
    assert get_resolver().url_patterns  # everything that answers is imported now
    found = {}
    for one in _every(forms.Form):
        if one.__module__.startswith("linli."):
            name = f"{one.__module__.split('.', 2)[2]}.{one.__name__}"
            for key, field in one.base_fields.items():
                if isinstance(field, forms.FileField):
                    found[name] = key
    return found


def test_no_form_with_a_file_is_forgotten() -> None:
    assert set(forms_with_files()) == set(DOORS) | SHOWN


def test_a_new_form_with_a_file_would_be_found() -> None:
    """The negative control."""

    class NewForm(forms.Form):
        __module__ = "linli.capabilities.new.forms"
        paper = forms.FileField()

    assert "new.forms.NewForm" in forms_with_files()
    NewForm.__module__ = "tests"


@cache
def _made(name: str) -> bytes:
    return bombs.BY_NIGHT[name]()


# What counts who tries and who reads: written by opening a page too.
COUNTS = (User, Limit, ReaderAccount, ReadPerson)


def _rows() -> dict[str, int]:
    with system_scope("the test counts what an upload left behind"):
        return {
            model._meta.label: model._default_manager.count()
            for model in apps.get_models()
            if model.__module__.startswith("linli.") and model not in COUNTS
        }


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether a transaction was open while each document was read."""
    told: list[bool] = []
    ended = reader._ended

    def watched(*given: Any) -> reader.ChildExit:
        told.append(any(not block._from_testcase for block in connection.atomic_blocks))
        return ended(*given)

    monkeypatch.setattr(reader, "_ended", watched)
    return told


def _bombed(here: Town, door: str, names: Any) -> None:
    address, given = DOORS[door](here)
    field = forms_with_files()[door]
    client = Client(raise_request_exception=False)
    client.force_login(here.officer)
    before = _rows()
    for name in names:
        if name in bombs.HARMLESS and field == "file" and door not in OF_FORMS:
            continue
        file = SimpleUploadedFile(name, _made(name))
        answer = client.post(address, {**given, field: file})
        assert answer.status_code == 422, (name, answer.status_code)
        said = answer.content.decode()
        assert "invalid-feedback" in said or "notice-bad" in said or "error" in said, name
    assert _rows() == before


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_bombs_are_refused_in_words_and_leave_nothing(door: str, seen: list[bool]) -> None:
    _bombed(a_town(), door, bombs.BY_DAY)
    assert seen, "something was read"
    assert not any(seen), "never while a transaction was open"


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_every_bomb_at_every_door(door: str, seen: list[bool]) -> None:
    _bombed(a_town(), door, bombs.BY_NIGHT)
    assert not any(seen)


@contextmanager
def _signing_in(user: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Let somebody sign in, by another connection, while a document is being read."""
    done: list[int] = []
    ended = reader._ended

    def sign_in() -> None:
        try:
            client = Client()
            client.force_login(user)
            done.append(client.get("/healthz").status_code)
        finally:
            connection.close()

    def watched(*given: Any) -> reader.ChildExit:
        one = threading.Thread(target=sign_in)
        one.start()
        one.join()
        return ended(*given)

    with monkeypatch.context() as patched:
        patched.setattr(reader, "_ended", watched)
        yield done


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_while_a_document_is_read_somebody_else_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.people import a_user

    here = a_town()
    user = a_user("passer-by", "community_worker", here.town.community)
    client = Client()
    client.force_login(here.officer)
    with _signing_in(user, monkeypatch) as done:
        for name in ("labels.docx", "lists.docx"):
            given = {"place": str(here.town.town.pk), "file": SimpleUploadedFile(name, _made(name))}
            assert client.post("/forms/", given).status_code == 422
    assert len(done) == 2
    assert set(done) <= {200, 302, 404}


def test_the_attack_files_are_small() -> None:
    assert len(_made("labels.docx")) < 8 << 10
    assert len(_made("lists.docx")) < 8 << 10


def test_a_harmless_file_still_comes_in() -> None:
    """Without this the doors could be shut for everybody."""
    from linli.workbench.imports.reading import SheetAsRead, read_file

    assert isinstance(read_file(files.xlsx(files.RESIDENTS), "居民.xlsx"), SheetAsRead)
