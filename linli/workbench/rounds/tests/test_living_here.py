"""Who lives behind a door: confirmed, put right and added by tapping, nobody dead by mistake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import form_household
from linli.register.people.models import Person
from linli.workbench.journal.models import JournalEntry
from linli.workbench.rounds import queries
from linli.workbench.rounds.models import DoorSave
from linli.workbench.rounds.residents_part import PeoplePart
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def couple(town: Subdistrict) -> list[Person]:
    home = town.home("1", "101")
    made = [a_person(home, "沈根生", aged=88), a_person(home, "金阿珍", aged=85)]
    with system_scope("test"):
        form_household(dwelling=home, people=made, head=made[0], by=None)
        return list(Person.objects.order_by("pk"))


@pytest.fixture
def lin(town: Subdistrict) -> Client:
    client = Client()
    client.force_login(a_user("lin", "grid_worker", town.grids[0]))
    return client


def save(client: Client, town: Subdistrict, form_token: str = "a-page", **given: Any) -> Any:
    address = f"/round/doors/{town.home('1', '101').pk}/"
    return client.post(
        address, {"form_token": form_token, **{f"people-{k}": v for k, v in given.items()}}
    )


def of(person: Person) -> Person:
    with system_scope("test"):
        return Person.objects.select_related("household").get(pk=person.pk)


def test_what_is_wrong_is_put_right_at_the_door(
    town: Subdistrict, couple: list[Person], lin: Client
) -> None:
    old, wife = couple
    answer = save(lin, town, **{f"care{old.pk}": "severe", f"alone{wife.pk}": "on"})
    assert answer.status_code == 302
    assert of(old).care_level == "severe"
    sizes = [of(person).household.size for person in couple]
    assert sizes == [1, 1]
    with system_scope("test"):
        kinds = set(JournalEntry.objects.values_list("kind", flat=True))
        assert {"person.facts_changed", "household.split", "door.saved"} <= kinds


def test_a_death_takes_two_fields_so_that_one_tap_declares_nobody_dead(
    town: Subdistrict, couple: list[Person], lin: Client
) -> None:
    old, wife = couple
    day = today().isoformat()
    for given in ({f"is{old.pk}": "died"}, {f"died{old.pk}": day}):
        answer = save(lin, town, **given)
        assert answer.status_code == 422
        assert "请两处都填" in answer.content.decode()
        assert of(old).status == "current"
    tomorrow = (today() + timedelta(days=1)).isoformat()
    answer = save(lin, town, **{f"is{old.pk}": "died", f"died{old.pk}": tomorrow})
    assert answer.status_code == 422
    said = {f"is{old.pk}": "died", f"died{old.pk}": day, f"is{wife.pk}": "right"}
    answer = save(lin, town, **said)
    assert answer.status_code == 302
    assert of(old).status == "died"
    assert of(wife).household.size == 1


def test_a_newcomer_is_registered_with_those_they_live_with(
    town: Subdistrict, couple: list[Person], lin: Client
) -> None:
    answer = save(lin, town, new_phone="13800138000")
    assert "请写新来的人的姓名" in answer.content.decode()
    household = couple[0].household_id
    given = {
        "new_name": "沈小妹",
        "new_birth_date": "1980-05-01",
        "new_phone": "13800138000",
        "new_household": str(household),
    }
    for _time in range(2):  # sent twice
        assert save(lin, town, **given).status_code == 302
    with system_scope("test"):
        [new] = Person.objects.filter(name="沈小妹")
        assert (new.home, new.household_id) == (town.home("1", "101"), household)
        assert (new.source, new.confirmed_on) == ("visit", today())


def test_what_was_saved_is_not_saved_again_when_something_else_was_refused(
    town: Subdistrict, couple: list[Person], lin: Client
) -> None:
    """The page comes back with what was refused; what was kept stands empty in it."""
    answer = save(lin, town, new_name="沈小妹", **{f"phone{couple[0].pk}": "不知道"})
    assert answer.status_code == 422
    [part] = [one for one, _groups in answer.context["parts"] if isinstance(one, PeoplePart)]
    again = {
        name: part[name].value() or "" for name in part.fields if part[name].value() is not None
    }
    again[f"phone{couple[0].pk}"] = "13800138001"
    assert save(lin, town, form_token=answer.context["form_token"], **again).status_code == 302
    with system_scope("test"):
        assert Person.objects.filter(name="沈小妹").count() == 1
        assert DoorSave.objects.count() == 2


def test_who_may_not_see_care_is_not_asked_for_it(town: Subdistrict, couple: list[Person]) -> None:
    lead = a_user("lead", "micro_grid_lead", town.grids[0])
    with working_as("micro_grid_lead", town.grids[0].path, lead):
        door = queries.door_at(town.home("1", "101"), today())
        assert not PeoplePart(prefix="people", door=door, user=lead).fields
    client = Client()
    client.force_login(lead)
    assert save(client, town, new_name="沈小妹").status_code == 404


def test_what_was_written_about_something_that_ended_meanwhile_is_refused_and_stays(
    town: Subdistrict, couple: list[Person], lin: Client
) -> None:
    """The page was opened before it ended: its field is gone, its words are not."""
    phone = {f"phone{couple[0].pk}": "13957412121"}
    answer = save(lin, town, **{f"phone{couple[1].pk + 9}": "女儿晚上回来接电话", **phone})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "刚才已经结束或有人办了" in said
    assert "女儿晚上回来接电话" in said
    assert "13957412121" in said
    assert not of(couple[0]).phone
    # Sent again it is saved; the page that was saved is not refused when it comes twice.
    assert save(lin, town, "again", **phone).status_code == 302
    gone = save(lin, town, "again", **{"phone0": "女儿晚上回来接电话", **phone})
    assert gone.status_code == 302
