"""R2 分类建档: who needs care follows from the facts, with the reason, and changes with them."""

from __future__ import annotations

from datetime import date

import pytest

from linli.core.scope import system_scope
from linli.workbench.journal.models import JournalEntry
from tests.residents.world import a_neighbourhood, a_user, someone, working_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def scene():
    """A grandmother of 82 who lives alone, and the grid worker of her building."""
    here = a_neighbourhood()
    with working_as("secretary"):
        her = someone(
            here.homes[0],
            "虞阿香",
            birth_date=date(1944, 3, 1),
            sex="2",
            phone="14300001234",
            chronic_illness="hypertension",
        )
    return her, a_user("zhou", "community_worker", here.community)


def test_a_worker_sees_why_somebody_is_cared_for(browser_page, scene):
    her, worker = scene
    browser_page.sign_in(worker)
    page = browser_page.open(f"/people/{her.pk}/")
    for words in ("高龄", "82岁", "独居", "高血压"):
        assert page.get_by_text(words).first.is_visible(), words


def test_a_masked_number_is_shown_for_a_purpose_and_the_resident_can_see_who_looked(
    browser_page, scene
):
    her, worker = scene
    browser_page.sign_in(worker)
    page = browser_page.open(f"/people/{her.pk}/")
    assert "14300001234" not in page.content()
    browser_page.open(f"/people/{her.pk}/reveal/phone/")
    with system_scope("test"):
        assert not JournalEntry.objects.filter(kind="person.field_revealed").exists()
    page.get_by_role("radio").first.check()
    page.locator("main form").first.get_by_role("textbox").first.fill("核对医保缴费")
    page.locator("main form").first.locator("button[type=submit]").last.click()
    page.wait_for_load_state("load")
    assert "14300001234" in page.content().replace(" ", "")
    with system_scope("test"):
        entry = JournalEntry.objects.get(kind="person.field_revealed")
    assert entry.subject_id == her.pk
    assert entry.by == worker
    assert "14300001234" not in str(entry.data) + entry.text


def test_a_corrected_fact_sorts_her_anew(browser_page, scene):
    her, worker = scene
    browser_page.sign_in(worker)
    page = browser_page.open("/ask/?q=80岁以上独居老人")
    assert page.locator(".answer-count strong").inner_text() == "1"
    with working_as("community_worker", user=worker):
        from linli.register.people.actions import change_facts
        from linli.register.people.models import Person

        change_facts(
            person=Person.objects.get(pk=her.pk),
            changes={"birth_date": date(1954, 3, 1)},
            source="visit",
            confirmed_on=date(2026, 11, 20),
            by=worker,
        )
    browser_page.open("/ask/?q=80岁以上独居老人")
    assert page.locator(".answer-count strong").inner_text() == "0"
    browser_page.open(f"/people/{her.pk}/")
    assert page.get_by_text("72岁").first.is_visible()
