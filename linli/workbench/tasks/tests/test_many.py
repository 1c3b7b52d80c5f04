"""Many tasks at once: each by the rules of one, none of somebody else's; and being reminded."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from linli.core.errors import Refused
from linli.core.interface.record_lists import ListColumn, sorting
from linli.core.scope import system_scope
from linli.core.time import today
from linli.faces.web import bulk
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.workbench.journal.models import JournalEntry
from linli.workbench.notices.models import Delivery
from linli.workbench.tasks import actions, bulk_verbs, kinds
from linli.workbench.tasks.models import Task
from tests.people import Subdistrict, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ERRAND = "test.errand"
REASON = {"reason": "人手调开了"}


@pytest.fixture(autouse=True)
def a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kinds.TaskKind(ERRAND, "跑一趟", "secretary", working_days=3, weight=30)
    monkeypatch.setitem(kinds.KINDS, ERRAND, kind)


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def errand(place: Place, title: str, **given: Any) -> Task:
    with system_scope("set up a test"):
        fresh = Place.objects.get(pk=place.pk)
        return actions.open_task(
            kind=ERRAND, about=fresh, place=fresh, title=title, by=None, **given
        )


def state_of(task: Task) -> tuple[str, str, int | None]:
    with system_scope("look"):
        task.refresh_from_db()
    return task.state, task.seat_role, task.seat_place_id


def entries(kind: str) -> int:
    with system_scope("look"):
        return JournalEntry.objects.filter(kind=kind).count()


def seat(role: str, place: Place) -> dict[str, str]:
    return {"seat": f"{role}:{place.pk}"}


def test_what_cannot_be_done_is_left_whole_and_told_and_the_rest_is_done(town: Subdistrict) -> None:
    yin = a_user("yin", "secretary", town.community)
    a_user("lin", "grid_worker", town.grids[0])
    two = errand(town.building("1"), "看漏水"), errand(town.building("2"), "量扶手")
    elsewhere, done = errand(town.estate, "贴通知"), errand(town.building("1"), "修门禁")
    keys = [task.pk for task in (*two, elsewhere, done)]
    client = signed_in(yin)
    page = client.get("/many/tasks.inbox/hand-over/", {"k": keys, "next": "/tasks/?only=late"})
    text = page.content.decode()
    assert "转办：4条" in text
    assert "第1网格 · 网格员（管得到其中3件）" in text
    assert "/tasks/?only=late" in text, "the list it came from"
    with working_as("secretary", town.community.path, user=yin):
        actions.finish_task(task=done, by=yin)
    sent = {"k": keys, **seat("grid_worker", town.grids[0]), **REASON}
    before = state_of(elsewhere), state_of(done)
    answer = client.post("/many/tasks.inbox/hand-over/", sent)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "办了2条，2条没有办" in text
    assert "这个岗位不管这个地方" in text
    assert "这件事已经是“已办”" in text
    assert {state_of(task)[1:] for task in two} == {("grid_worker", town.grids[0].pk)}
    assert (state_of(elsewhere), state_of(done)) == before
    assert entries("task.handed_over") == 2, "one line in the journal for each"
    again = client.post("/many/tasks.inbox/hand-over/", {**sent, "k": keys[3:]})
    assert again.status_code == 422, "nothing was done"
    assert entries("task.handed_over") == 2


def test_what_is_missing_is_asked_for_and_the_ticks_are_kept(town: Subdistrict) -> None:
    client = signed_in(a_user("yin", "secretary", town.community))
    task = errand(town.building("1"), "看漏水")
    sent = {"k": task.pk, "reason": "人手调开了", "seat": ""}
    answer = client.post("/many/tasks.inbox/hand-over/", sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert f'name="k" value="{task.pk}"' in text
    assert "人手调开了" in text
    nothing = client.get("/many/tasks.inbox/hand-over/")
    assert nothing.status_code == 422
    assert "一条也没选" in nothing.content.decode()
    assert client.get("/many/tasks.inbox/made-up/", {"k": task.pk}).status_code == 404
    assert client.get("/many/made.up/accept/", {"k": task.pk}).status_code == 404


def test_finishing_many_is_taken_back_one_by_one_and_sent_twice_does_no_harm(
    town: Subdistrict,
) -> None:
    client = signed_in(a_user("yin", "secretary", town.community))
    two = errand(town.building("1"), "看漏水"), errand(town.building("2"), "量扶手")
    sent = {"k": [task.pk for task in two], "result": "都看过了"}
    page = client.post("/many/tasks.inbox/finish/", sent).content.decode()
    assert "2条都办了" in page
    assert f'action="/tasks/{two[0].pk}/reopen/"' in page
    again = client.post("/many/tasks.inbox/finish/", sent)
    assert again.status_code == 422
    assert entries("task.done") == 2
    client.post(f"/tasks/{two[0].pk}/reopen/")
    assert [state_of(task)[0] for task in two] == ["accepted", "done"]


def test_everything_found_is_ticked_by_the_query_of_the_list_and_too_many_are_refused(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(a_user("yin", "secretary", town.community))
    now = errand(town.building("1"), "看漏水", due_on=today())
    later = errand(town.building("2"), "量扶手")
    asked = {"all": "1", "next": "/tasks/?only=today"}
    page = client.get("/many/tasks.inbox/accept/", asked).content.decode()
    assert "我来办：1条" in page
    assert now.title in page
    assert later.title not in page
    monkeypatch.setattr(bulk, "MOST", 1)
    refused = client.get("/many/tasks.inbox/accept/", {"all": "1", "next": "/tasks/"})
    assert refused.status_code == 422
    assert "找到2条，一次最多办1条" in refused.content.decode()


def test_the_neighbours_keys_are_as_if_they_were_not_there(
    town: Subdistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = signed_in(a_user("yin", "secretary", town.community))
    theirs = signed_in(a_user("hu", "secretary", town.next_community))
    own, other = errand(town.building("1"), "看漏水"), errand(town.building("9"), "邻家的事")
    sent = {"k": [own.pk, other.pk], "result": "办了"}
    for asked in (ours.get, ours.post):
        answer = asked("/many/tasks.inbox/finish/", sent)
        assert "邻家的事" not in answer.content.decode()
    assert (state_of(own)[0], state_of(other)[0]) == ("done", "open")
    assert ours.post("/many/tasks.inbox/finish/", {**sent, "k": other.pk}).status_code == 404
    # Where the list forgets whose they are, this test would see it.
    with monkeypatch.context() as forgetful, system_scope("negative control"):
        everything = Task.objects.all()
        forgetful.setattr(bulk_verbs, "tasks", lambda: everything)
        assert [row.key for row in bulk_verbs.rows([own.pk, other.pk])] == [own.pk, other.pk]
    assert theirs.post("/many/tasks.inbox/finish/", {**sent, "k": other.pk}).status_code == 200
    assert state_of(other)[0] == "done"


def test_only_what_is_seen_openly_sorts_a_list(town: Subdistrict) -> None:
    client = signed_in(a_user("yin", "secretary", town.community))
    first, last = errand(town.building("1"), "丙"), errand(town.building("2"), "甲")

    def order(query: str) -> list[int]:
        view = client.get(f"/tasks/{query}").context["view"]
        return [row.key for row in view.rows]

    assert order("") == [first.pk, last.pk]
    assert order("?sort=title") == order("") or order("?sort=-title") == order("")
    assert order("?sort=title") != order("?sort=-title"), "negative control: this one sorts"
    for covered in ("needs", "-needs", "person__birth_date", "pk", "stands"):
        assert order(f"?sort={covered}") == order("")
    assert "sort=needs" not in client.get("/tasks/").content.decode()
    masked = ListColumn("phone", "手机"), ListColumn("name", "姓名", order=("name",))
    assert sorting(QueryDict("sort=-phone"), masked).order == ()
    assert sorting(QueryDict("sort=-name"), masked).order == ("-name",)


def test_whoever_has_it_is_reminded_once_a_day_and_the_journal_says_so(town: Subdistrict) -> None:
    yin = a_user("yin", "secretary", town.community)
    lin = a_user("lin", "grid_worker", town.grids[0])
    task, mine = errand(town.building("1"), "看漏水"), errand(town.building("2"), "量扶手")
    client = signed_in(yin)
    hand_over = {"k": task.pk, **seat("grid_worker", town.grids[0]), **REASON}
    client.post("/many/tasks.inbox/hand-over/", hand_over)
    page = client.get(f"/tasks/{task.pk}/").content.decode()
    assert f'action="/tasks/{task.pk}/remind/"' in page
    assert f"/tasks/{mine.pk}/remind/" not in client.get(f"/tasks/{mine.pk}/").content.decode()
    sent = {"k": [task.pk, mine.pk]}
    text = client.post("/many/tasks.inbox/remind/", sent).content.decode()
    assert "办了1条，1条没有办" in text
    assert "这件事就在您手上" in text
    with system_scope("look"):
        (message,) = Delivery.objects.filter(user=lin)
        assert "看漏水" in message.notice.text
    again = client.post("/many/tasks.inbox/remind/", sent)
    assert again.status_code == 422
    assert "今天已经催过" in again.content.decode()
    assert "今天催过" in client.get(f"/tasks/{task.pk}/").content.decode()
    with system_scope("look"):
        assert Delivery.objects.filter(user=lin).count() == 1
    assert entries("task.reminded") == 1
    assert signed_in(lin).post("/many/tasks.inbox/remind/", sent).status_code == 404


def test_nobody_is_reminded_of_what_nobody_has_or_what_is_done(town: Subdistrict) -> None:
    ma = a_user("ma", "subdistrict_officer", town.town)
    task = errand(town.building("1"), "看漏水")
    with working_as("subdistrict_officer", town.town.path, user=ma):
        Task.objects.get(pk=task.pk)
        with pytest.raises(Refused) as refused:
            actions.remind_task(task=task, by=ma)
        assert refused.value.code == "task.own", "with nobody below it is the officer's"
        actions.finish_task(task=task, by=ma)
        with pytest.raises(Refused) as refused:
            actions.remind_task(task=task, by=ma)
    assert refused.value.code == "task.ended"
