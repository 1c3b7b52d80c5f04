"""The steps of a run, one by one; none of them is anybody's but the installation's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.core.actions import ACTIONS
from linli.core.errors import Refused
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import Person
from linli.workbench.retention import actions
from linli.workbench.retention.deleted_list import HashedKey, hash_of
from linli.workbench.retention.models import Certificate, DeletedKey, DuePerson
from tests.people import a_subdistrict, working_as
from tests.retention.builders import a_leaver

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ITS_OWN = (
    "list",
    "begin",
    "erase",
    "note_trouble",
    "certify",
    "drop_empty",
    "erase_again",
    "take_list_over",
)


def test_the_steps_one_by_one() -> None:
    town = a_subdistrict(floors=1)
    person = a_leaver(town.home("1", "101"), "虞阿香")
    with system_scope("test"):
        assert actions.list_due(place=town.town, on=today(), by=None) == 1
        assert actions.list_due(place=town.town, on=today(), by=None) == 0
        actions.note_trouble(due=DuePerson.objects.get(), error_text="ProtectedError", by=None)
        assert DuePerson.objects.get().error_text == "ProtectedError"
        empty = actions.begin(place=town.town, by=None)
        assert actions.begin(place=town.town, by=None) == empty, "one is open at a time"
        actions.drop_empty(certificate=empty, by=None)
        assert not Certificate.objects.exists()
        ended = actions.certify(certificate=actions.begin(place=town.town, by=None), by=None)
        with pytest.raises(Refused, match="结束"):
            actions.erase_person(
                due=DuePerson.objects.get(), certificate=ended, on=today(), by=None
            )
        moment = timezone.now()
        before, after = (moment - timedelta(days=1), moment + timedelta(days=1))
        lines = [HashedKey("s", hash_of(person.pk, "s"), at.isoformat()) for at in (before, after)]
        assert actions.take_list_over(lines=lines[1:], by=None) == 1
        assert actions.take_list_over(lines=lines[1:], by=None) == 0
        assert DeletedKey.objects.count() == 1
        assert not actions.erase_again(person=person.pk, line=lines[0], by=None)
        assert actions.erase_again(person=person.pk, line=lines[1], by=None)
        assert not Person.objects.exists()


def test_no_post_may_do_them() -> None:
    with working_as("subdistrict_officer"):
        assert not any(ACTIONS[f"retention.{one}"].may() for one in ITS_OWN)
        assert actions.may_hold()
