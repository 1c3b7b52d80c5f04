"""N1 价签: what a form costs is seen before it is given out; what is known is not asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.capabilities.forms import actions, jobs, pricing
from linli.capabilities.forms.models import HandIn, Issue, Sheet
from linli.capabilities.forms.terms import SheetState
from linli.capabilities.forms.tests.builders import (
    HEADINGS,
    Town,
    a_blank,
    a_town,
    confirmed_as_read,
    names_in,
)
from linli.core.crypto import box
from linli.core.errors import Refused
from linli.core.time import today
from linli.workbench.conditions import queries
from tests.people import working_as

pytestmark = pytest.mark.django_db
KNOWN = ["序号", "姓名", "性别", "出生年月", "残疾等级"]


@pytest.fixture
def here() -> Town:
    return a_town()


def as_officer(here: Town) -> Any:
    return working_as("subdistrict_officer", here.town.town.path)


def a_form_of_the_officer(here: Town, headings: list[str] | None = None) -> Sheet:
    """The officer brings a form for the whole subdistrict and confirms it."""
    sheet = actions.bring_form(
        data=a_blank(headings), name="a.xlsx", place=here.town.town, by=here.officer
    )
    condition = queries.condition_json(queries.ask("残疾人").condition)
    said = confirmed_as_read(sheet, condition=condition)
    return actions.confirm_form(sheet=sheet, by=here.officer, **said)


def given_out(here: Town, sheet: Sheet, **changes: Any) -> Issue:
    """Give a form out to both communities."""
    said = {
        "places": pricing.communities(sheet.place), "asked_by": "区残联",
        "basis": "残疾人保障法第十二条", "due_on": today() + timedelta(days=9), **changes,
    }  # fmt: skip
    return actions.issue_form(sheet=sheet, by=here.officer, **said)


def test_the_price_says_what_is_known_and_what_it_costs(here: Town) -> None:
    with as_officer(here):
        sheet = a_form_of_the_officer(here, HEADINGS[:-1])
        price = pricing.price_of(sheet, pricing.communities(sheet.place))
    assert [(one.place.name, one.rows) for one in price.parts] == [("殷家社区", 3), ("潘火社区", 1)]
    # 文化程度 of three and the phones of two are not known, at two doors.
    assert (price.missing, price.parts[0].doors, price.parts[1].doors) == (6, 1, 1)
    assert price.known == 4 * 6 - 6
    assert price.minutes > 10
    assert not price.is_answered


def test_what_is_known_is_answered_without_asking_anybody(here: Town) -> None:
    with as_officer(here):
        issue = given_out(here, a_form_of_the_officer(here, KNOWN))
        assert issue.price["answered"]
    assert jobs.answer_what_is_known() == 2
    with as_officer(here):
        made = {one.sheet.place.name: one for one in HandIn.objects.select_related("sheet__place")}
        assert names_in(box().decrypt(bytes(made["潘火社区"].file))) == {"隔壁人"}
        assert names_in(box().decrypt(bytes(made["殷家社区"].file))) == {"虞阿香", "邬根发", "陈德"}
    assert jobs.answer_what_is_known() == 0


def test_a_form_with_gaps_waits_for_the_communities(here: Town) -> None:
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here))
    assert jobs.answer_what_is_known() == 0
    with working_as("community_worker", here.town.community.path):
        assert [one.place.name for one in Sheet.objects.all()] == ["殷家社区"]


def test_a_duplicate_is_pointed_out_and_given_out_only_when_meant(here: Town) -> None:
    with as_officer(here):
        given_out(here, a_form_of_the_officer(here))
        same_in_other_order = [*HEADINGS[:-1], "说明"]
        other = a_form_of_the_officer(here, same_in_other_order)
        with pytest.raises(Refused, match="差不多"):
            given_out(here, other)
        assert Issue.objects.count() == 1
        given_out(here, other, again=True)
        assert Issue.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"asked_by": " "}, "哪个单位"),
        ({"basis": "有"}, "依据"),
        ({"due_on": today() - timedelta(days=1)}, "期限"),
        ({"places": []}, "哪些社区"),
    ],
)
def test_nothing_goes_out_without_who_why_and_until_when(
    here: Town, changes: dict[str, Any], says: str
) -> None:
    with as_officer(here):
        sheet = a_form_of_the_officer(here)
        with pytest.raises(Refused, match=says):
            given_out(here, sheet, **changes)
        assert not Issue.objects.exists()


def test_a_community_gives_no_forms_out(here: Town) -> None:
    with working_as("secretary", here.town.community.path), pytest.raises(Refused):
        given_out(here, Sheet(place=here.town.community, state=SheetState.OPEN))


def test_a_form_due_soon_is_said_once(here: Town) -> None:
    from linli.workbench.notices.models import Notice

    with working_as("community_worker", here.town.community.path):
        sheet = actions.bring_form(data=a_blank(), name="a.xlsx", place=here.town.community,
                                   by=here.worker)  # fmt: skip
        said = confirmed_as_read(sheet, due_on=today() + timedelta(days=1))
        actions.confirm_form(sheet=sheet, by=here.worker, **said)
    jobs.remind()
    jobs.remind()
    with as_officer(here):
        assert Notice.objects.count() == 1


def test_the_year_says_what_was_asked_and_what_stayed_empty(here: Town) -> None:
    with working_as("community_worker", here.town.community.path):
        for month in range(2):
            sheet = actions.bring_form(data=a_blank(title=f"残疾人表{month}月"), name="a.xlsx",
                                       place=here.town.community, by=here.worker)  # fmt: skip
            condition = queries.condition_json(queries.ask("残疾人").condition)
            said = confirmed_as_read(sheet, condition=condition, title="残疾人表")
            actions.confirm_form(sheet=sheet, by=here.worker, **said)
            actions.hand_in_form(sheet=sheet, by=here.worker, with_blanks=True)
        told = {one.key: (one.times, one.cells) for one in pricing.asked_this_year()}
        assert told["person.name"] == (2, 6)
        assert ("残疾人表", "备注", 2) in [
            (one.title, one.heading, one.times) for one in pricing.never_used()
        ]
        assert len(pricing.unopened()) == 2
