"""A6 千头万绪: in a stairwell without signal nothing typed is lost, and it arrives once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from linli.capabilities.cases.models import Case
from linli.core.scope import system_scope
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.attachments.models import Attachment
from linli.workbench.journal.models import JournalEntry
from linli.workbench.journal.tests.test_journal import a_photo
from linli.workbench.rounds.models import DoorSave
from linli.workbench.submissions.models import Submission
from tests.browser import Visitor
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, by_the_system

pytestmark = [pytest.mark.django_db(transaction=True)]
WORDS = "门口堆了纸板，说好周五清"
NOTE = "看到什么、说了什么"


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def lin(town: Subdistrict) -> User:
    return a_user("lin", "grid_worker", town.grids[0])


def at_the_door(visitor: Visitor, town: Subdistrict) -> Any:
    door = town.home("1", "101")
    a_person(door, "虞阿香", aged=86)
    return visitor.open(f"/round/doors/{door.pk}/")


def cut(visitor: Visitor, *, off: bool = True) -> None:
    """Take the signal away, or give it back; what the browser says of it is no fault of ours."""
    visitor.context.set_offline(off)
    visitor.seen.console.clear()


def wait_for(visitor: Visitor, words: str) -> None:
    visitor.page.get_by_text(words).first.wait_for()


@contextmanager
def advised(visitor: Visitor) -> Iterator[None]:
    """Wait for the advice on what is typed: in memory SQLite refuses two requests at once."""
    with visitor.page.expect_response(re.compile("/advice/")):
        yield


def notes(words: str = WORDS) -> int:
    with system_scope("test"):
        return JournalEntry.objects.filter(text=words).count()


def kept(visitor: Visitor) -> list[str]:
    """Return what rests on the phone."""
    found: list[str] = visitor.page.evaluate(
        "Object.keys(localStorage).filter((key) => key.startsWith('linli.draft.'))"
    )
    return found


def test_a_door_without_signal_waits_on_the_phone_and_arrives_once(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = at_the_door(visitor, town)
    cut(visitor)
    page.get_by_text("在，信息都对").first.click()
    page.get_by_label(NOTE).last.fill(WORDS)
    page.get_by_role("button", name="记下，下一户").click()
    wait_for(visitor, "已存手机，有信号就送")
    visitor.seen.console.clear()  # pictures are asked for anew in tests
    visitor.check()
    assert (notes(), len(kept(visitor))) == (0, 1)
    cut(visitor, off=False)
    # It sends itself and goes on, as if the button had just been pressed.
    wait_for(visitor, "记下2件")
    assert (notes(), kept(visitor)) == (1, [])
    with system_scope("test"):
        assert DoorSave.objects.count() == Submission.objects.count() == 1


def test_the_answer_is_lost_and_the_form_still_counts_once(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = at_the_door(visitor, town)
    page.get_by_label(NOTE).last.fill(WORDS)
    door = page.url

    def swallow(route: Any) -> None:
        route.fetch(max_redirects=0)  # it reaches the server
        route.abort()  # and its answer nobody

    page.route(re.compile("/round/doors/"), swallow, times=1)
    page.get_by_role("button", name="记下，下一户").click()
    page.wait_for_timeout(500)
    assert notes() == 1
    visitor.context.clear_cookies(name="linli_sent")
    visitor.seen.console.clear()
    page.goto(visitor.address + "/")
    wait_for(visitor, "已经送到")
    assert (notes(), kept(visitor)) == (1, [])
    page.goto(door)
    assert page.locator(".draft-bar").count() == 0


def test_a_case_typed_in_is_offered_again_and_nothing_is_filled_in_silently(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = visitor.open("/cases/take/")
    page.get_by_label("什么事").fill(WORDS)
    page.get_by_label("电话", exact=True).nth(0).check()
    page.wait_for_timeout(500)
    # The phone was closed; another tab, after signing in again.
    Session.objects.all().delete()
    page.close()
    visitor.page = page = visitor.context.new_page()
    visitor.sign_in(lin)
    visitor.open("/cases/take/")
    assert page.get_by_label("什么事").input_value() == ""
    wait_for(visitor, "有没发出的内容")
    visitor.check()
    with advised(visitor):
        page.get_by_role("button", name="恢复").click()
    assert page.get_by_label("什么事").input_value() == WORDS
    visitor.click("受理", role="button")
    with system_scope("test"):
        assert Case.objects.get().text == WORDS
    assert kept(visitor) == []


def test_who_was_signed_out_meanwhile_is_told_and_it_is_sent_after_signing_in(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = at_the_door(visitor, town)
    page.get_by_label(NOTE).last.fill(WORDS)
    cut(visitor)
    page.get_by_role("button", name="记下，下一户").click()
    wait_for(visitor, "已存手机，有信号就送")
    Session.objects.all().delete()
    cut(visitor, off=False)
    wait_for(visitor, "请先登录，内容还在")
    assert (notes(), len(kept(visitor))) == (0, 1)
    visitor.seen.console.clear()
    # Somebody else's session on the same phone shows and sends nothing of it.
    visitor.sign_in(a_user("wang", "grid_worker", town.grids[0]))
    visitor.open("/")
    assert page.locator(".draft-bar").count() == 0
    visitor.sign_in(lin)
    visitor.open("/")
    wait_for(visitor, "已经送到")
    assert (notes(), kept(visitor)) == (1, [])


def test_a_refusal_keeps_what_was_typed(phone_page: Visitor, town: Subdistrict, lin: User) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = visitor.open("/cases/take/")
    with advised(visitor):
        page.get_by_label("什么事").fill(WORDS)
        page.get_by_label("在哪里").fill("没有这个地方")
    visitor.seen.expected_status = 422
    visitor.click("受理", role="button")
    assert len(kept(visitor)) == 1
    visitor.open("/cases/take/")
    page.get_by_role("button", name="恢复").click()
    assert page.get_by_label("什么事").input_value() == WORDS
    assert page.get_by_label("在哪里").input_value() == "没有这个地方"
    with advised(visitor):
        page.get_by_label("在哪里").fill("")
    visitor.seen.console.clear()
    visitor.click("受理", role="button")
    assert kept(visitor) == []


def test_a_refusal_that_comes_later_is_told_and_keeps_the_words(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = visitor.open("/cases/take/")
    page.get_by_label("什么事").fill(WORDS)
    page.get_by_label("在哪里").fill("没有这个地方")
    cut(visitor)
    page.get_by_role("button", name="受理").click()
    wait_for(visitor, "已存手机，有信号就送")
    cut(visitor, off=False)
    wait_for(visitor, "送到了，没有办成")
    assert "没有找到这个地方" in page.locator(".draft-bar").inner_text()
    assert len(kept(visitor)) == 1
    with system_scope("test"):
        assert not Case.objects.exists()


def test_a_full_phone_says_that_it_keeps_nothing_beyond_the_page(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    visitor.context.add_init_script(
        "Storage.prototype.setItem = () => { throw new Error('QuotaExceededError'); };"
    )
    page = at_the_door(visitor, town)
    page.get_by_label(NOTE).last.press_sequentially(WORDS)
    wait_for(visitor, "离开这一页就没有了")
    cut(visitor)
    page.get_by_role("button", name="记下，下一户").click()
    wait_for(visitor, "已存手机，有信号就送")
    wait_for(visitor, "离开这一页就没有了")
    cut(visitor, off=False)
    wait_for(visitor, "记下1件")
    assert notes() == 1


def test_an_identity_number_does_not_rest_on_the_phone_and_signing_out_clears_it(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = at_the_door(visitor, town)
    page.get_by_label(NOTE).last.fill("身份证 33020319390101 2325")
    wait_for(visitor, "只存到关掉这一页为止")
    assert kept(visitor) == []
    page.get_by_label(NOTE).last.fill(WORDS)
    page.wait_for_timeout(500)
    assert len(kept(visitor)) == 1
    visitor.open("/mine/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(re.compile("/sign-in/"))
    assert kept(visitor) == []


def test_the_public_page_leaves_nothing_on_the_phone(
    phone_page: Visitor, town: Subdistrict
) -> None:
    visitor = phone_page
    page = visitor.open("/report/")
    page.locator("textarea").first.fill(WORDS)
    page.wait_for_timeout(500)
    assert kept(visitor) == []
    visitor.open("/report/")
    wait_for(visitor, "有没发出的内容")


def test_an_older_draft_is_not_written_over_by_what_is_typed_next(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = visitor.open("/cases/take/")
    page.get_by_label("什么事").fill(WORDS)
    page.wait_for_timeout(500)
    visitor.open("/cases/take/")
    with advised(visitor):
        page.get_by_label("什么事").fill("电梯停在三楼")
    page.wait_for_timeout(500)
    assert len(kept(visitor)) == 2
    visitor.click("受理", role="button")
    assert len(kept(visitor)) == 1
    visitor.open("/cases/take/")
    page.get_by_role("button", name="恢复").click()
    assert page.get_by_label("什么事").input_value() == WORDS
    with system_scope("test"):
        assert Case.objects.get().text == "电梯停在三楼"


def test_a_restored_edit_meets_what_somebody_else_wrote_meanwhile(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    person = a_person(town.home("1", "101"), "虞阿香", aged=66)
    visitor.sign_in(lin)
    address = f"/people/{person.pk}/edit/"
    page = visitor.open(address)
    page.locator("main form [name=workplace]").fill("东方小学")
    page.wait_for_timeout(500)
    with system_scope("test"), by_the_system():
        Person.objects.filter(pk=person.pk).update(workplace="潘火小学")
    visitor.open(address)
    page.get_by_role("button", name="恢复").click()
    visitor.seen.expected_status = 409
    visitor.click("保存", role="button")
    assert "东方小学" in page.inner_text("main")
    assert "别人改的：潘火" in page.inner_text("main")


def test_a_photo_waits_as_long_as_the_page_is_open(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = visitor.open("/cases/take/")
    page.get_by_label("什么事").fill(WORDS)
    shot = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": a_photo().read()}
    page.locator("ll-photo input").set_input_files(shot)
    page.locator("ll-photo .chip").wait_for()
    cut(visitor)
    page.get_by_role("button", name="受理").click()
    wait_for(visitor, "照片、文件只存到离开这一页为止")
    cut(visitor, off=False)
    page.wait_for_url(re.compile(r"/cases/\d+/"))
    with system_scope("test"):
        assert Attachment.objects.filter(subject_id=Case.objects.get().pk).count() == 1


def test_a_button_without_words_waits_for_nobody_and_says_so(
    phone_page: Visitor, town: Subdistrict, lin: User
) -> None:
    visitor = phone_page
    visitor.sign_in(lin)
    page = visitor.open("/mine/")
    cut(visitor)
    page.locator("main form[action='/care/'] button").click()
    wait_for(visitor, "没有信号，没有送出")
    cut(visitor, off=False)
