"""The catalogue is the subdistrict's: what one community confirmed, the next one knows."""

from __future__ import annotations

from typing import Any

import pytest

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.models import Pattern, Sheet
from linli.capabilities.form_filling.tests.builders import (
    Town,
    a_blank,
    a_form_of_the_officer,
    a_town,
    as_officer,
    as_worker,
    brought,
    confirmed_as_read,
    missing,
)
from linli.core.scope import system_scope
from linli.workbench.conditions import queries
from linli.workbench.conditions.actions import define_attribute
from tests.people import a_user, working_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Town:
    return a_town()


def next_door(here: Town) -> Any:
    return working_as("community_worker", here.town.next_community.path)


def brought_next_door(here: Town) -> Sheet:
    with system_scope("test"):
        colleague = a_user("colleague", "community_worker", here.town.next_community)
    with next_door(here):
        return actions.bring_form(
            data=a_blank(title="残疾人登记表（12月）"), name="b.xlsx",
            place=here.town.next_community, by=colleague,
        )  # fmt: skip


def with_one_column_for_this_form_only(sheet: Sheet) -> list[dict[str, Any]]:
    headings = [dict(one) for one in sheet.headings]
    headings[missing(sheet, "备注")] |= {"use": "one_off", "fields": []}
    return headings


def test_what_one_community_confirmed_the_next_one_knows(here: Town) -> None:
    with as_worker(here):
        sheet = actions.bring_form(data=a_blank(), name="a.xlsx", place=here.town.community,
                                   by=here.worker)  # fmt: skip
        said = confirmed_as_read(sheet, headings=with_one_column_for_this_form_only(sheet))
        actions.confirm_form(sheet=sheet, by=here.worker, **said)
    theirs = brought_next_door(here)
    with next_door(here):
        pattern = Pattern.objects.get()
        assert (pattern.scope_path, theirs.pattern) == (here.town.town.path, pattern)
        assert theirs.headings == said["headings"]
        actions.confirm_form(sheet=theirs, by=theirs.by, **confirmed_as_read(theirs))
    with system_scope("test"):
        assert Pattern.objects.get().used_times == 2


def test_who_sees_it_otherwise_keeps_that_at_their_own_place(here: Town) -> None:
    with as_officer(here):
        a_form_of_the_officer(here)
    theirs = brought_next_door(here)
    with next_door(here):
        mine = with_one_column_for_this_form_only(theirs)
        actions.confirm_form(
            sheet=theirs, by=theirs.by, **confirmed_as_read(theirs, headings=mine)
        )
        assert theirs.pattern.scope_path == here.town.next_community.path
    with as_worker(here):
        sheet = brought(here)
        assert sheet.pattern.scope_path == here.town.town.path
        assert sheet.headings[missing(sheet, "备注")]["use"] == "left"
    with as_officer(here):
        assert Pattern.objects.count() == 2


def test_places_and_fields_of_one_community_are_not_given_to_the_next(here: Town) -> None:
    with as_worker(here):
        own = define_attribute(
            label="轮椅型号", subject="person", kind="text", place=here.town.community,
            by=here.worker, sensitivity="internal",
        )  # fmt: skip
        sheet = actions.bring_form(data=a_blank(), name="a.xlsx", place=here.town.community,
                                   by=here.worker)  # fmt: skip
        headings = [dict(one) for one in sheet.headings]
        headings[missing(sheet, "备注")] |= {"use": "field", "fields": [f"own_{own.pk}"]}
        asked = queries.condition_json(queries.ask("东方丽都残疾人").condition)
        said = confirmed_as_read(sheet, headings=headings, condition=asked)
        actions.confirm_form(sheet=sheet, by=here.worker, **said)
        again = actions.bring_form(data=a_blank(), name="a.xlsx", place=here.town.community,
                                   by=here.worker)  # fmt: skip
        assert (again.headings, again.condition) == (headings, asked)
    theirs = brought_next_door(here)
    with next_door(here):
        assert theirs.headings[missing(theirs, "备注")]["use"] == "left"
        said = queries.condition_text(queries.read_json(theirs.condition))
        assert said == "残疾人"
