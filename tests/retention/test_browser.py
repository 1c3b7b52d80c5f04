"""The secretary empties a note and has everything deleted of somebody who moved away and asked."""

from __future__ import annotations

from typing import Any

import pytest

from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.workbench.journal import actions, hash_chain
from linli.workbench.journal.models import JournalEntry
from tests.people import a_subdistrict, a_user, by_the_system, working_as
from tests.retention.builders import a_leaver, run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_somebody_asked_to_have_deleted_goes(browser_page: Any) -> None:
    town = a_subdistrict()
    person = a_leaver(town.home("1", "101"), "虞阿香", left_on=today())
    worker = a_user("linfang", "community_worker", town.community)
    with working_as("community_worker", town.community.path, user=worker):
        with_home = Person.objects.select_related("home").get(pk=person.pk)
        for text in ("儿子欠了钱", "搬去女儿家了"):
            actions.write_note(about=with_home, text=text, by=worker)
    browser_page.sign_in(a_user("yinhong", "secretary", town.community))
    browser_page.open(f"/people/{person.pk}/")
    page = browser_page.page
    entry = page.locator(".cell", has_text="儿子欠了钱")
    entry.get_by_role("link", name="更正").click()
    browser_page.click("清空内容")
    page.get_by_label("本人要求删除").check()
    browser_page.click("清空", role="button")
    assert page.get_by_text("（内容已删除）").is_visible()
    assert page.get_by_text("儿子欠了钱").count() == 0
    browser_page.click("应本人要求删除")
    page.get_by_label("已核实是本人").check()
    browser_page.click("删除", role="button")
    assert page.get_by_text("本人要求删除").first.is_visible()
    browser_page.open("/retention/")
    assert page.locator(".cell", has_text="本人要求删除").count() == 1
    with by_the_system():
        assert run().deleted == 1
    with system_scope("look"):
        assert not Person.objects.filter(pk=person.pk).exists()
        assert not JournalEntry.objects.filter(text__contains="女儿家").exists()
    assert list(hash_chain.verify()) == []
    browser_page.open("/retention/")
    assert page.locator(".cell", has_text="1人").count() == 1, (
        "the certificate, for the one who asked"
    )
