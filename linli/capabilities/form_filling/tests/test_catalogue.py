"""The catalogue is the subdistrict's: what one community confirmed, the next one knows."""

from __future__ import annotations

from typing import Any

import pytest

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.models import FormInstance, FormTemplate
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


def brought_next_door(here: Town) -> FormInstance:
    with system_scope("test"):
        colleague = a_user("colleague", "community_worker", here.town.next_community)
    with next_door(here):
        return actions.upload_form(
            data=a_blank(title="残疾人登记表（12月）"),
            name="b.xlsx",
            place=here.town.next_community,
            by=colleague,
        )


def with_one_column_for_this_form_only(form_instance: FormInstance) -> list[dict[str, Any]]:
    headings = [dict(heading) for heading in form_instance.headings]
    headings[missing(form_instance, "备注")] |= {"use": "one_off", "fields": []}
    return headings


def test_what_one_community_confirmed_the_next_one_knows(here: Town) -> None:
    with as_worker(here):
        form_instance = actions.upload_form(
            data=a_blank(), name="a.xlsx", place=here.town.community, by=here.worker
        )
        said = confirmed_as_read(
            form_instance, headings=with_one_column_for_this_form_only(form_instance)
        )
        actions.confirm_form(form_instance=form_instance, by=here.worker, **said)
    theirs = brought_next_door(here)
    with next_door(here):
        form_template = FormTemplate.objects.get()
        assert (form_template.scope_path, theirs.form_template) == (
            here.town.town.path,
            form_template,
        )
        assert theirs.headings == said["headings"]
        actions.confirm_form(form_instance=theirs, by=theirs.by, **confirmed_as_read(theirs))
    with system_scope("test"):
        assert FormTemplate.objects.get().used_times == 2


def test_who_sees_it_otherwise_keeps_that_at_their_own_place(here: Town) -> None:
    with as_officer(here):
        a_form_of_the_officer(here)
    theirs = brought_next_door(here)
    with next_door(here):
        mine = with_one_column_for_this_form_only(theirs)
        actions.confirm_form(
            form_instance=theirs, by=theirs.by, **confirmed_as_read(theirs, headings=mine)
        )
        assert theirs.form_template.scope_path == here.town.next_community.path
    with as_worker(here):
        form_instance = brought(here)
        assert form_instance.form_template.scope_path == here.town.town.path
        assert form_instance.headings[missing(form_instance, "备注")]["use"] == "left"
    with as_officer(here):
        assert FormTemplate.objects.count() == 2


def test_places_and_fields_of_one_community_are_not_given_to_the_next(here: Town) -> None:
    with as_worker(here):
        own = define_attribute(
            label="轮椅型号",
            subject="person",
            kind="text",
            place=here.town.community,
            by=here.worker,
            sensitivity="internal",
        )
        form_instance = actions.upload_form(
            data=a_blank(), name="a.xlsx", place=here.town.community, by=here.worker
        )
        headings = [dict(heading) for heading in form_instance.headings]
        headings[missing(form_instance, "备注")] |= {"use": "field", "fields": [f"own_{own.pk}"]}
        asked = queries.condition_json(queries.ask("东方丽都残疾人").condition)
        said = confirmed_as_read(form_instance, headings=headings, condition=asked)
        actions.confirm_form(form_instance=form_instance, by=here.worker, **said)
        again = actions.upload_form(
            data=a_blank(), name="a.xlsx", place=here.town.community, by=here.worker
        )
        assert (again.headings, again.condition) == (headings, asked)
    theirs = brought_next_door(here)
    with next_door(here):
        assert theirs.headings[missing(theirs, "备注")]["use"] == "left"
        said = queries.condition_text(queries.read_json(theirs.condition))
        assert said == "残疾人"
