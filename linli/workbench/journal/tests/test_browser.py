"""A photo is chosen in Chromium: made smaller, or kept as it was when its position is wanted."""

from __future__ import annotations

from typing import Any

import pytest

from linli.core.scope import system_scope
from linli.workbench.attachments.models import Attachment
from linli.workbench.journal.tests.test_journal import a_photo
from tests.people import a_person, a_subdistrict, a_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def wait_for_size(page: Any, size: int, *, same: bool) -> None:
    """Wait until the file that will be sent is, or is not, the one that was chosen."""
    for _n in range(100):
        now = page.evaluate("document.querySelector('input[type=file]').files[0].size")
        if (now == size) is same:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{now} bytes, chosen were {size}")


@pytest.mark.parametrize("ticks", [1, 2])
def test_the_box_may_be_ticked_after_the_photo_was_chosen(browser_page: Any, ticks: int) -> None:
    """Ticked afterwards the position is kept, and stands on the page; taken back it is not."""
    town = a_subdistrict()
    person = a_person(town.home("1", "101"), "虞阿香", aged=92)
    browser_page.sign_in(a_user("linfang", "grid_worker", town.grids[0]))
    browser_page.open(f"/journal/note/people.person/{person.pk}/")
    page = browser_page.page
    page.get_by_label("记一笔").fill("楼道灯坏了")
    shot = a_photo(size=(2400, 1800), position=True)
    file = {"name": "door.jpg", "mimeType": "image/jpeg", "buffer": shot.read()}
    page.locator("input[type=file]").set_input_files([file])
    page.locator("ll-photo .chip").wait_for()
    page.get_by_text("回访日期、照片位置").click()
    for n in range(ticks):
        page.get_by_label("保留照片里的拍摄位置").set_checked(n % 2 == 0)
    wait_for_size(page, shot.size, same=ticks == 1)
    browser_page.click("记下", role="button")
    with system_scope("look"):
        (kept,) = Attachment.objects.all()
    is_kept = ticks == 1
    assert (kept.latitude is not None) is is_kept
    assert page.get_by_text("拍摄位置：29.83333, 121.60000").is_visible() is is_kept
