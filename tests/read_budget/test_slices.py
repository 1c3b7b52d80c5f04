"""The attack by slices: a long list in short pieces, through every door at once."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from linli.capabilities.reports import actions as reports
from linli.capabilities.reports import export_files
from linli.capabilities.reports.models import ExportRequest
from linli.capabilities.residents.queries import hint_of
from linli.core.errors import Refused
from linli.core.fields import Compare, Condition, Op
from linli.core.scope import current_scope, system_scope, use_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.register.posts.models import ApiToken, Post, User
from linli.register.posts.queries import scope_of
from linli.register.posts.tokens import PREFIX, hash_of
from linli.workbench.conditions import queries as conditions
from linli.workbench.journal.models import JournalEntry
from linli.workbench.read_budget import queries
from linli.workbench.read_budget.models import ListRead, ReadPerson
from tests.people import Subdistrict, a_subdistrict, a_user, by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres(by_night=True)]
BACKEND = "django.contrib.auth.backends.ModelBackend"
SLICES, EACH = 4, 200
GROUPS = ("汉族", "畲族", "回族", "苗族")


@pytest.fixture
def town() -> Subdistrict:
    """A grid with four groups of two hundred people."""
    made = a_subdistrict()
    home = made.home("1", "101")
    with by_the_system():
        Person.objects.bulk_create(
            Person(
                name=f"慕容{n:03d}",
                ethnicity=GROUPS[n // EACH],
                name_pinyin="murong",
                home=home,
                birth_date=date(1940, 1, 1),
                scope_path=home.path,
            )
            for n in range(SLICES * EACH)
        )
    return made


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def a_token(user: User) -> dict[str, str]:
    raw = f"{PREFIX}of-{user.username}"
    with by_the_system():
        post = Post.objects.get(user=user)
        ApiToken.objects.create(
            post=post,
            token_hash=hash_of(raw),
            expires_on=date(2099, 1, 1),
            scope_path=post.scope_path,
        )
    return {"Authorization": f"Bearer {raw}"}


def a_page(token: dict[str, str], offset: int) -> Any:
    return Client().post(
        "/api/v1/conditions/list",
        json.dumps({"sentence": "60岁以上的居民", "limit": 100, "offset": offset}),
        content_type="application/json",
        headers=token,
    )


def read_by(user: User) -> int:
    return ReadPerson.objects.filter(user=user, counted_at__isnull=False).count()


def attacked(town: Subdistrict, user: User) -> list[int]:
    """Read on through token, search, questions and pages of people; return the answers."""
    client, token = signed_in(user), a_token(user)
    with by_the_system():
        people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    answers = [a_page(token, offset).status_code for offset in (0, 100)]
    for page in (30, 31, 32):
        answers.append(client.get(f"/people/?q=murong&page={page}").status_code)
    for page in (1, 2, 9, 10, 11):
        answers.append(client.get(f"/ask/?q={quote('60岁以上的居民')}&page={page}").status_code)
    answers += [client.get(f"/people/{pk}/").status_code for pk in people[-25:]]
    answers.append(client.get("/api/v1/people?search=murong&offset=660").status_code)
    answers.append(a_page(token, 300).status_code)
    return answers


def test_a_grid_worker_gets_three_hundred_by_whatever_doors(town: Subdistrict) -> None:
    worker = a_user("grid", "grid_worker", town.grids[0])
    answers = attacked(town, worker)
    assert set(answers) == {200, 422}
    assert 200 < read_by(worker) <= 300
    assert answers[-2:] == [422, 422]
    # Numbers alone cost nothing, whoever has read how many.
    before = read_by(worker)
    told = Client().post(
        "/api/v1/conditions/count",
        json.dumps({"sentence": "60岁以上的居民"}),
        content_type="application/json",
        headers=a_token_of(worker),
    )
    assert told.json()["count"] == SLICES * EACH
    assert read_by(worker) == before


def a_token_of(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {PREFIX}of-{user.username}"}


def test_negative_control_without_a_limit_everybody_is_read(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "most_for", lambda scope: None)
    worker = a_user("grid", "grid_worker", town.grids[0])
    assert set(attacked(town, worker)) == {200}
    assert read_by(worker) > 300


def test_a_refused_page_of_the_api_says_why_and_shows_nobody(town: Subdistrict) -> None:
    worker = a_user("grid", "grid_worker", town.grids[0])
    token = a_token(worker)
    for offset in (0, 100, 200):
        assert a_page(token, offset).status_code == 200
    answer = a_page(token, 300)
    assert answer.status_code == 422
    assert answer.json()["code"] == "read.budget_used_up"
    assert "慕容" not in answer.content.decode()
    page = signed_in(worker).get("/people/?q=murong&page=40")
    assert page.status_code == 422
    assert "已看过300人" in page.content.decode()
    with system_scope("test"):
        kinds = list(JournalEntry.objects.filter(by=worker).values_list("kind", flat=True))
    assert kinds.count("list.read") == 1  # its pages are one list
    assert kinds.count("read.unusual_day") == 1


def group(n: int) -> Condition:
    return Condition("person", Compare("ethnicity", Op.EQ, GROUPS[n]))


def an_export(n: int, by: User) -> ExportRequest:
    return reports.ask_export(
        subject="person",
        condition=conditions.condition_json(group(n)),
        condition_text="",
        columns=["name"],
        sort="",
        kind="xlsx",
        rows=EACH,
        purpose="service",
        words="上门慰问",
        by=by,
    )


def test_files_of_a_day_are_added_up(town: Subdistrict) -> None:
    secretary = a_user("lin", "secretary", town.community)
    with use_scope(scope_of(secretary, today())):
        asked = [an_export(n, secretary) for n in range(SLICES)]  # all before any is taken
        assert {one.state for one in asked} == {"ready"}
        export_files.export_response(asked[0], by=secretary)
        export_files.export_response(asked[1], by=secretary)
        export_files.export_response(asked[1], by=secretary)  # the same file once more adds nobody
        with pytest.raises(Refused, match="已导出400人") as refused:
            export_files.export_response(asked[2], by=secretary)
        assert "第二人" in refused.value.hint
        asked[2].refresh_from_db()
        assert asked[2].state == "ready"
        assert read_by(secretary) == 400  # what did not leave was not read
        assert an_export(3, secretary).state == "waiting"


def test_a_list_that_a_second_person_agreed_to_is_beyond_both_sums(town: Subdistrict) -> None:
    worker = a_user("grid", "grid_worker", town.grids[0])
    other = a_user("second", "secretary", town.community)
    with use_scope(scope_of(worker, today())):
        everybody = reports.ask_export(
            subject="person",
            condition={"subject": "person", "all": []},
            condition_text="",
            columns=["name"],
            sort="",
            kind="xlsx",
            rows=SLICES * EACH,
            purpose="service",
            words="上门慰问",
            by=worker,
        )
        assert everybody.state == "waiting"
    with use_scope(scope_of(other, today())):
        everybody = reports.decide_export(export=everybody, agreed=True, by=other)
    with use_scope(scope_of(worker, today())):
        assert export_files.export_response(everybody, by=worker).status_code == 200
        assert read_by(worker) == 0
        assert current_scope().user_id == worker.pk
    assert ListRead.objects.filter(user=worker).count() == 1


def test_what_a_list_was_asked_by_is_told_without_names(town: Subdistrict) -> None:
    secretary = a_user("lin", "secretary", town.community)
    with use_scope(scope_of(secretary, today())):
        conditions.rows(Condition("person", Compare("name", Op.EQ, "慕容007")))
    signed_in(secretary).get("/people/?q=murong")
    with system_scope("test"):
        said = [
            journal_entry.data["asked"]
            for journal_entry in JournalEntry.objects.filter(kind="list.read")
        ]
    assert len(said) == 2
    assert not [one for one in said if "慕容" in one]
    assert "找人：m***" in said
    assert hint_of("慕容海 1802") == "慕** 1***"
