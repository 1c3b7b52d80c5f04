"""Who reads what of the journal: health and hardship only those who give care."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.actions import reveal_field
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.workbench.journal import actions
from linli.workbench.journal.actions import take_off_places
from linli.workbench.journal.models import JournalEntry, Mention
from linli.workbench.journal.photos import checked
from linli.workbench.journal.queries import entries_about, looks_at, photos_of, rows_about
from linli.workbench.journal.tests.test_journal import a_photo
from linli.workbench.tasks.actions import finish_task
from linli.workbench.tasks.models import Task
from tests.api.conftest import a_program
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, working_as

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
CARE = "抑郁症"


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict()


@pytest.fixture
def worker(town: Subdistrict) -> User:
    return a_user("linfang", "grid_worker", town.grids[0])


def a_visit_noted(town: Subdistrict, worker: User) -> Person:
    """A worker notes an illness, photographs, will come again, comes, and looks at the number."""
    person = a_person(town.home("1", "101"), "虞阿香", aged=92, phone="13800001234")
    with working_as("grid_worker", town.grids[0].path, user=worker):
        person = Person.objects.select_related("home", "household").get(pk=person.pk)
        actions.write_note(
            about=person,
            text=f"{CARE}，药快吃完了",
            by=worker,
            follow_up_on=today() + timedelta(days=1),
        )
        actions.keep_photo(about=person, picture=checked(a_photo(size=(40, 30))), by=worker)
        finish_task(task=Task.objects.get(), by=worker, result=f"{CARE}的药配好了")
        reveal_field(
            person=person, field="phone", purpose="service", words=f"{CARE}复诊", by=worker
        )
    return person


@pytest.mark.parametrize("role", ["property_manager", "micro_grid_lead"])
def test_who_gives_no_care_reads_of_no_illness(town: Subdistrict, worker: User, role: str) -> None:
    person = a_visit_noted(town, worker)
    place = town.estate if role == "property_manager" else town.building("1")
    program = a_program("wuye", role, place)
    client = Client()
    client.force_login(program.user)
    with system_scope("look"):
        household, home = person.household_id, person.home_id
        photo = photos_of(person)[0]
        task = Task.objects.get().pk
    for label, pk in (
        ("people.person", person.pk),
        ("people.household", household),
        ("places.place", home),
        ("tasks.task", task),
    ):
        assert CARE not in client.get(f"/journal/about/{label}/{pk}/").content.decode()
    for address in (
        f"/people/{person.pk}/",
        f"/households/{household}/",
        f"/places/{home}/",
        "/tasks/",
        "/calendar/",
        "/journal/",
    ):
        answer = client.get(address)
        assert CARE not in answer.content.decode(), address
        opens_no_files = role == "property_manager" and address.startswith(("/people", "/house"))
        assert answer.status_code == (404 if opens_no_files else 200), address
    assert client.get(f"/tasks/{task}/").status_code == 404
    assert client.get(f"/journal/photo/{photo}/").status_code == 404
    headers = {"Authorization": f"Bearer {program.raw}"}
    for address in ("/api/v1/tasks", f"/api/v1/people/{person.pk}", "/api/v1/people"):
        assert CARE not in client.get(address, headers=headers).content.decode()
    with working_as(role, place.path, user=program.user):
        (look,) = looks_at(Person.objects.get(pk=person.pk))
        assert (look.who, look.text, look.purpose) == (worker.name, "", "")


def test_who_gives_care_reads_it(town: Subdistrict, worker: User) -> None:
    """The negative control: the words are there to be found."""
    person = a_visit_noted(town, worker)
    client = Client()
    client.force_login(a_user("zhouqiang", "community_worker", town.community))
    assert CARE in client.get(f"/people/{person.pk}/").content.decode()
    assert CARE in client.get(f"/journal/about/places.place/{person.home_id}/").content.decode()


def test_a_manager_reads_what_they_wrote_themselves(town: Subdistrict, worker: User) -> None:
    person = a_visit_noted(town, worker)
    manager = a_user("wuye", "property_manager", town.estate)
    with working_as("property_manager", town.estate.path, user=manager):
        person = Person.objects.select_related("home", "household").get(pk=person.pk)
        actions.write_note(about=person, text="水管修好了", by=manager)
        said = [shown_entry.text for shown_entry in entries_about(person)]
        assert "水管修好了" in said
        assert CARE not in "".join(said)


def test_reads_of_values_do_not_push_notes_off_the_page(town: Subdistrict, worker: User) -> None:
    person = a_visit_noted(town, worker)
    with working_as("grid_worker", town.grids[0].path, user=worker):
        person = Person.objects.get(pk=person.pk)
        for _n in range(31):
            reveal_field(
                person=person, field="phone", purpose="service", words="约上门时间", by=worker
            )
    client = Client()
    client.force_login(worker)
    assert f"{CARE}，药快吃完了" in client.get(f"/people/{person.pk}/").content.decode()


def test_a_correction_stands_wherever_the_old_words_stand(town: Subdistrict, worker: User) -> None:
    person = a_visit_noted(town, worker)
    client = Client()
    client.force_login(worker)
    with system_scope("look"):
        entry = JournalEntry.objects.get(kind="journal.noted")
    client.post(f"/journal/note/people.person/{person.pk}/{entry.pk}/", {"text": "焦虑，药配好了"})
    for address in (f"/places/{person.home_id}/", f"/households/{person.household_id}/"):
        page = client.get(address).content.decode()
        assert "焦虑，药配好了" in page, address
        assert "已更正于" in page, address


def test_what_is_taken_off_places_stays_on_its_own_page(town: Subdistrict, worker: User) -> None:
    person = a_visit_noted(town, worker)
    with system_scope("set up a test"):
        assert take_off_places(about=person, by=None) == 1
        assert rows_about(person).filter(kind="journal.noted").exists()
        assert not Mention.objects.filter(subject_kind="places.place").exists()
