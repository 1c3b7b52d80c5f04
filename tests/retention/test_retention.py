"""Whose time is over: listed, held, deleted everywhere, certified; nobody else is touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models

from linli.core.errors import NotFound, Refused
from linli.core.fields.field import FOREVER
from linli.core.scope import scoped_models, system_scope
from linli.core.time import today
from linli.register.people.models import Household, Person
from linli.workbench.attachments.models import Attachment
from linli.workbench.journal import hash_chain
from linli.workbench.journal.models import JournalEntry
from linli.workbench.retention import actions, queries, rules
from linli.workbench.retention.models import Certificate, DeletedKey, DuePerson, Hold
from tests.people import Subdistrict, a_person, a_subdistrict, a_user, by_the_system, working_as
from tests.retention.builders import (
    a_leaver,
    all_over,
    due_of,
    everything_kept,
    left_so_that_kept_until,
    run,
    shown,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
WORD = "霁月canary"


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict(floors=1)


def is_there(person: Person) -> bool:
    with system_scope("test"):
        return Person.objects.filter(pk=person.pk).exists()


def test_the_sentence_of_the_fields_is_the_rule() -> None:
    assert "五年" in FOREVER
    assert rules.kept_until(left_on=date(2020, 1, 1)).year == 2025


def test_after_the_run_the_word_is_nowhere_and_the_figures_stay(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), WORD)
    neighbour = a_leaver(town.home("1", "102"), "邻居", left_on=today() - timedelta(days=40))
    made = all_over(town, person, WORD)
    shown()
    assert WORD in everything_kept(), "the negative control: without the run it is all there"
    ran = run()
    assert (ran.deleted, ran.failed, ran.clean) == (1, 0, True)
    assert WORD not in everything_kept()
    assert not is_there(person)
    assert is_there(neighbour)
    with system_scope("test"):
        made["task"].refresh_from_db()
        assert (made["task"].state, made["task"].person) == ("done", None)
        assert made["task"].subject_kind == "places.place"
        made["case"].refresh_from_db()
        made["report"].refresh_from_db()
        assert (made["case"].outcome, made["case"].text, made["report"].phone) == ("fixed", "", "")
        assert not Attachment.objects.exists()
        assert not Household.objects.filter(residences__person=person.pk).exists()
        assert list(hash_chain.verify()) == [], "the photo is rightly gone"


def test_a_photo_that_nobody_deleted_by_rule_is_still_missed(town: Subdistrict) -> None:
    """The negative control of the journal: only what an entry names may be gone."""
    person = a_leaver(town.home("1", "101"), WORD)
    all_over(town, person, WORD)
    with by_the_system():
        Attachment.objects.all().delete()
        assert {broken.why for broken in hash_chain.verify()} == {"photo missing"}


def test_the_day_decides(town: Subdistrict) -> None:
    last_day = today() + timedelta(days=29)
    person = a_leaver(
        town.home("1", "101"), "虞阿香", left_on=left_so_that_kept_until(last_day), died=True
    )
    assert shown(last_day - timedelta(days=30)) == 0
    assert shown(last_day - timedelta(days=29)) == 1
    assert run(last_day).deleted == 0
    assert is_there(person)
    assert run(last_day + timedelta(days=1)).deleted == 1
    assert not is_there(person)


def test_nothing_goes_that_was_not_shown_first(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), "虞阿香", left_on=date(2001, 1, 1))
    assert run().deleted == 0
    assert run(today() + timedelta(days=29)).deleted == 0
    with system_scope("test"):
        certificate = actions.begin(place=town.town, by=None)
        with pytest.raises(Refused, match="公布"):
            actions.erase_person(due=due_of(person), certificate=certificate, on=today(), by=None)
    assert is_there(person)
    assert run(today() + timedelta(days=30)).deleted == 1


def _held_by_hand(made: dict[str, Any]) -> None:
    Hold.objects.create(
        person=made["person"],
        reason="正在诉讼",
        until=today(),
        scope_path=made["person"].scope_path,
    )


def _open_case(made: dict[str, Any]) -> None:
    type(made["case"]).objects.update(state="in_hand", outcome="")


def _open_task(made: dict[str, Any]) -> None:
    type(made["task"]).objects.update(state="open", person=None)


def _open_promise(made: dict[str, Any]) -> None:
    from linli.capabilities.visits.models import Promise

    Promise.objects.update(state="open")


def _open_referral(made: dict[str, Any]) -> None:
    from linli.capabilities.directory.models import Referral

    Referral.objects.update(state="accepted")


def _open_form(made: dict[str, Any]) -> None:
    type(made["sheet"]).objects.update(state="open")


def _owner(made: dict[str, Any]) -> None:
    from linli.register.people.models import Residence

    Residence.objects.update(to_date=None, is_home=False)


def _list_kept(made: dict[str, Any]) -> None:
    type(made["batch"]).objects.update(purge_on=today() + timedelta(days=1))


@pytest.mark.parametrize(
    ("makes_it_wait", "why"),
    [
        (_held_by_hand, "正在诉讼"),
        (_open_case, "办件"),
        (_open_task, "待办"),
        (_open_promise, "承诺"),
        (_open_referral, "转介"),
        (_open_form, "表"),
        (_owner, "房屋"),
        (_list_kept, "导入表"),
    ],
)
def test_who_waits_is_listed_with_the_reason(
    town: Subdistrict, makes_it_wait: Callable[[dict[str, Any]], None], why: str
) -> None:
    person = a_leaver(town.home("1", "101"), WORD)
    made = {"person": person, **all_over(town, person, WORD)}
    shown()
    with by_the_system():
        makes_it_wait(made)
    assert run().deleted == 0
    assert is_there(person)
    with working_as("secretary", town.community.path):
        (line,) = queries.plan()
        assert any(why in one for one in line.why), line.why
        assert line.name == "霁" + "*" * (len(WORD) - 1)
        assert line.rows > 10
    with system_scope("test"):
        given = {"due": due_of(person), "certificate": actions.begin(place=town.town, by=None)}
        with pytest.raises(Refused):
            actions.erase_person(**given, on=today(), by=None)


def test_an_officer_holds_and_lifts(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), "虞阿香")
    shown()
    secretary = a_user("secretary", "secretary", town.community)
    due = due_of(person)
    with working_as("secretary", town.community.path, secretary):
        until = today() + timedelta(days=90)
        with pytest.raises(Refused, match="为什么"):
            actions.hold(due=due, reason="x", until=until, by=secretary)
        with pytest.raises(Refused, match="日期"):
            actions.hold(due=due, reason="正在诉讼", until=today(), by=secretary)
        actions.hold(due=due, reason="正在诉讼", until=until, by=secretary)
    assert run().deleted == 0
    with working_as("secretary", town.community.path, secretary):
        assert "正在诉讼" in queries.plan()[0].why[0]
        actions.lift(due=due, by=secretary)
        with pytest.raises(Refused, match="没有暂缓"):
            actions.lift(due=due, by=secretary)
    with working_as("grid_worker", town.grids[0].path), pytest.raises(Refused):
        actions.hold(due=due, reason="正在诉讼", until=until, by=None)
    certificate = Certificate()
    with working_as("subdistrict_officer", town.town.path), pytest.raises(Refused):
        actions.erase_person(due=due, certificate=certificate, on=today(), by=None)
    assert run().deleted == 1


def test_a_hold_ends_with_its_day(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), "虞阿香")
    shown()
    with by_the_system():
        _held_by_hand({"person": person})
        assert run().deleted == 0
        Hold.objects.update(until=today() - timedelta(days=1))
    assert run().deleted == 1


def test_who_comes_back_leaves_the_list(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), "虞阿香")
    shown()
    with by_the_system():
        Person.objects.filter(pk=person.pk).update(status="current", status_since=today())
    assert run().deleted == 0
    with system_scope("test"):
        assert not DuePerson.objects.exists()


def test_who_left_nobody_knows_when_is_named_and_never_due(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), "虞阿香")
    with by_the_system():
        Person.objects.filter(pk=person.pk).update(status_since=None)
        person.residences.update(to_date=None)
        assert queries.left_without_a_day().count() == 1
    assert shown() == 0


def test_the_household_stays_while_somebody_lives_in_it(town: Subdistrict) -> None:
    gone = a_leaver(town.home("1", "101"), "虞阿香")
    with by_the_system():
        household = Household.objects.get(residences__person=gone)
        Household.objects.filter(pk=household.pk).update(ended_on=None)
        household.refresh_from_db()
    a_person(town.home("1", "101"), "虞阿福", household=household)
    with by_the_system():
        Household.objects.filter(pk=household.pk).update(head=gone)
    shown()
    assert run().deleted == 1
    with system_scope("test"):
        household.refresh_from_db()
        assert household.head is None


def test_the_certificate_names_nobody_and_proves_each(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), WORD)
    key = person.pk
    all_over(town, person, WORD)
    shown()
    (certificate,) = run().certificates
    with system_scope("test"):
        assert (certificate.people, certificate.rows["people.Person"]) == (1, 1)
        assert certificate.rows["visits.Visit"] == 1
        proof = queries.proof_of(key)
        assert proof is not None
        assert proof.certificate == certificate
        assert queries.proof_of(key + 1) is None
        entries = JournalEntry.objects.filter(kind__startswith="retention.")
        assert {"retention.erased", "retention.certified"} <= {
            journal_entry.kind for journal_entry in entries
        }
        assert not [
            journal_entry
            for journal_entry in entries
            if WORD in f"{journal_entry.text}{journal_entry.data}"
        ]
        assert DeletedKey.objects.count() == 1
    assert run().certificates == [], "nothing more to certify"


def test_cut_off_between_people_it_goes_on_under_the_same_certificate(
    town: Subdistrict, monkeypatch: Any
) -> None:
    for door in ("101", "102"):
        a_leaver(town.home("1", door), f"虞{door}")
    shown()
    deleted, real = [], actions.erase_person

    def cut(**given: Any) -> Any:
        if deleted:
            raise KeyboardInterrupt
        deleted.append(real(**given))

    monkeypatch.setattr(actions, "erase_person", cut)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.undo()
    with system_scope("test"):
        assert Certificate.objects.get().ended_at is None
    (certificate,) = run().certificates
    assert certificate.people == 2


def test_half_a_person_is_never_deleted(town: Subdistrict, monkeypatch: Any) -> None:
    person = a_leaver(town.home("1", "101"), WORD)
    all_over(town, person, WORD)
    shown()
    before = everything_kept().count(WORD)

    def fails(*given: Any) -> None:
        raise models.ProtectedError("in the way", set())

    monkeypatch.setattr(actions, "_empty_journal", fails)
    ran = run()
    assert (ran.deleted, ran.failed) == (0, 1)
    assert everything_kept().count(WORD) == before
    assert due_of(person).error_text == "ProtectedError"


def test_every_table_about_people_says_what_becomes_of_it() -> None:
    assert queries.undeclared(scoped_models()) == []


def test_a_table_that_says_nothing_is_found() -> None:
    """The negative control."""

    class Diary(models.Model):
        person = models.ForeignKey(Person, on_delete=models.CASCADE)
        subject_id = models.BigIntegerField()

        class Meta:
            app_label = "guards"

    from django.apps import apps

    try:
        assert queries.undeclared([Diary]) == ["guards.Diary.person", "guards.Diary.subject_id"]  # type: ignore[list-item]
    finally:
        del apps.all_models["guards"]
        apps.clear_cache()


def test_a_declaration_gives_its_reason_and_its_columns() -> None:
    from django.apps import apps

    from linli.core.retention import ErasureMode, declared

    for table_declaration in declared():
        names = {
            column.name for column in apps.get_model(table_declaration.model)._meta.concrete_fields
        }
        assert len(table_declaration.why) >= 4, table_declaration.model
        assert set(table_declaration.keys) | set(table_declaration.blank) <= names, (
            table_declaration.model
        )
        assert bool(table_declaration.blank) == (table_declaration.fate is ErasureMode.BLANK), (
            table_declaration.model
        )


def test_nobody_else_hears_of_the_list(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), "虞阿香")
    shown()
    with working_as("secretary", town.next_community.path):
        assert queries.plan() == []
        with pytest.raises(NotFound):
            actions.hold(
                due=due_of(person), reason="正在诉讼", until=today() + timedelta(days=1), by=None
            )


def test_a_form_return_whose_row_was_changed_is_found_by_the_row_it_has_now() -> None:
    """As after a restore: as many returns as before, with the same keys, and another row in one."""
    from linli.capabilities.form_filling.models import FormInstance, FormReturn
    from linli.capabilities.form_filling.retention import form_returns_with
    from linli.core.batch_cache import batch_cache

    town = a_subdistrict()
    with by_the_system():
        home = town.home("1", "101")
        form_instance = FormInstance.objects.create(
            title="表",
            file_name="b.xlsx",
            file=b"x",
            form={},
            subject="person",
            place=home,
            by=a_user("填表人", "community_worker", town.community),
            scope_path=home.path,
        )
        form_return = FormReturn.objects.create(
            form_instance=form_instance,
            file_name="b.xlsx",
            rows='{"1": ["甲"]}',
            file=b"x",
            by=form_instance.by,
            scope_path=home.path,
        )
        assert form_returns_with(1).exists()
        form_return.rows = '{"2": ["乙"]}'
        form_return.save(update_fields=["rows"])
        assert form_returns_with(2).exists()
        assert not form_returns_with(1).exists()
        with batch_cache():  # the negative control: kept any longer, the row is not found
            assert form_returns_with(2).exists()
            form_return.rows = '{"3": ["丙"]}'
            form_return.save(update_fields=["rows"])
            assert not form_returns_with(3).exists()
