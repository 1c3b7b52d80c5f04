"""Somebody who left long ago, with a row in every table that knows people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from linli.core.fields.field import KEPT_YEARS
from linli.core.personal_data.crypto import keyring
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.people.models import FactStamp, Household, Person, Residence
from linli.register.places.models import Place
from linli.workbench.retention import rules
from linli.workbench.retention import runner as runs
from linli.workbench.retention.models import DuePerson
from tests.people import Subdistrict, a_person, a_user, by_the_system

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def left_so_that_kept_until(day: date) -> date:
    """Return the day of leaving that makes ``day`` the last day of keeping (no leap day)."""
    return day.replace(year=day.year - KEPT_YEARS)


def a_leaver(home: Place, name: str, *, left_on: date | None = None, died: bool = False) -> Person:
    """Register somebody who moved out or died, by default so that yesterday was the last day."""
    left = left_on or left_so_that_kept_until(today() - timedelta(days=1))
    person = a_person(home, name)
    with by_the_system():
        Residence.objects.filter(person=person).update(from_date=date(2000, 1, 1), to_date=left)
        Household.objects.filter(pk=person.household_id).update(ended_on=left, head=None)
        Person.objects.filter(pk=person.pk).update(
            status="died" if died else "moved_out", status_since=left, household=None
        )
        person.refresh_from_db()
    return person


def shown(on: date | None = None) -> int:
    """Publish the list as it was published so long ago that today may delete."""
    with system_scope("test"):
        return runs.publish(on or today() - timedelta(days=rules.SHOWN_DAYS))


def run(on: date | None = None) -> runs.RetentionRun:
    """Do a day's run."""
    with system_scope("test"):
        return runs.run(on or today())


def due_of(person: Person) -> DuePerson:
    """Return somebody's line of the list."""
    with system_scope("test"):
        due_person: DuePerson = DuePerson.objects.get(person=person)
        return due_person


def all_over(town: Subdistrict, person: Person, word: str) -> dict[str, Any]:
    """Put the word about somebody into every table that knows people; return some rows."""
    with by_the_system():
        user = a_user(f"u{person.pk}", "community_worker", town.community)
        made = {"user": user, **_of_the_workbench(person, word, user)}
        made |= _of_capabilities(person, word, user)
        made |= _said_in_the_journal(person, made["case"], made["task"], word)
    return made


def _said_in_the_journal(person: Person, case: Any, task: Any, word: str) -> dict[str, Any]:
    """Words about somebody, their case with photo and task, their household, door and list."""
    from linli.core.actions import ACTIONS, action, write_journal
    from linli.register.people.models import Household, Person
    from linli.workbench.tasks.models import Task

    household = Household.objects.filter(residences__person=person).first()
    other = Person.objects.exclude(pk=person.pk).first()
    task_of_case = Task.objects.create(
        kind="case.handle",
        title=word,
        note=word,
        result=word,
        subject_kind="cases.case",
        subject_id=case.pk,
        place=person.home,
        state="done",
        scope_path=person.scope_path,
    )
    photo = _photo(person, word, about=case)
    data = {"said": word}

    @action("toy.say", term="说", may=lambda: True, journal="journal.noted")
    def say(*, by: object) -> None:
        """Say it everywhere."""
        for record in (person, case, task, task_of_case, household):
            write_journal("journal.noted", about=record, text=word, data=data)
        write_journal("canvass.recorded", about=person.home, also=[household], text=word)
        write_journal("notice.answered", about=person.home, also=[person], text=word)
        # One that names several says nothing of one of them, and stays.
        several = [one for one in (person, other) if one is not None]
        write_journal("toy.listed", about=person.home, also=several, text="名单交了")

    say(by=None)
    del ACTIONS["toy.say"]
    return {"task_of_case": task_of_case, "photo_of_case": photo}


def _of_the_workbench(person: Person, word: str, user: Any) -> dict[str, Any]:
    from linli.workbench.conditions.models import OwnField, OwnFieldValue
    from linli.workbench.imports.models import Batch, ImportRow
    from linli.workbench.notices.models import Delivery, Notice
    from linli.workbench.tasks.models import Task

    home, path = person.home, person.scope_path
    FactStamp.objects.create(person=person, field="phone", confirmed_on=LONG_AGO, scope_path=path)
    own = OwnField.objects.create(
        label="爱好", subject="person", kind="text", place=home, by=user, scope_path=path
    )
    OwnFieldValue.objects.create(attribute=own, person=person, text=word, scope_path=path)
    batch = Batch.objects.create(
        subject="person",
        file_name="a.xlsx",
        purge_on=date(2021, 1, 1),
        source="import",
        confirmed_on=date(2021, 1, 1),
        by=user,
        scope_path=path,
    )
    ImportRow.objects.create(
        batch=batch, number=1, fate="new", told=word, subject_id=person.pk, scope_path=path
    )
    about = {"subject_kind": "people.person", "subject_id": person.pk}
    notice = Notice.objects.create(
        key=f"n{person.pk}", subject=word, text=word, scope_path=path, **about
    )
    Delivery.objects.create(
        notice=notice,
        key=f"d{person.pk}",
        name=word,
        phone="13800000000",
        channel="sms",
        subject=word,
        text=word,
        answer=word,
        state="sent",
        person=person,
        token_index=f"d{person.pk}",
        scope_path=path,
    )
    task = Task.objects.create(
        kind="journal.follow_up",
        title=word,
        note=word,
        result=word,
        place=home,
        person=person,
        state="done",
        scope_path=path,
        **about,
    )
    return {"task": task, "notice": notice, "batch": batch, "photo": _photo(person, word)}


def _photo(person: Person, word: str, about: Any = None) -> Any:
    """A photo as the journal keeps it: its hash is sealed."""
    about = about or person
    from linli.core.actions import ACTIONS, action, write_journal
    from linli.workbench.attachments.models import Attachment
    from linli.workbench.journal.queries import PHOTO_KEPT

    photo = Attachment(
        subject_kind=about._meta.label_lower,
        subject_id=about.pk,
        width=1,
        height=1,
        at=LONG_AGO,
        scope_path=person.scope_path,
    )
    photo.keep(word.encode())

    @action("toy.keep", term="存", may=lambda: True, journal=PHOTO_KEPT)
    def keep(*, by: object) -> None:
        """Seal the photo."""
        data = {"photo": photo.pk, "sha256": photo.sha256}
        write_journal(PHOTO_KEPT, about=about, data=data)

    keep(by=None)
    del ACTIONS["toy.keep"]
    return photo


def _of_capabilities(person: Person, word: str, user: Any) -> dict[str, Any]:
    from linli.capabilities.alerts.models import Alert, AlertRule
    from linli.capabilities.directory.models import Referral
    from linli.capabilities.record_linkage.models import Difference, LinkageRun, LinkedRow
    from linli.capabilities.visits.models import CareLevelSeen, FeedbackRequest, Promise, Visit
    from linli.commons.coverage.models import Coverage, CoverageRow
    from linli.register.parties.models import Party

    home, path = person.home, person.scope_path
    here = {"place": home, "scope_path": path}
    visit = Visit.objects.create(
        person=person, why=word, day=LONG_AGO, until=LONG_AGO, state="done", **here
    )
    Promise.objects.create(
        person=person,
        what=word,
        due_on=LONG_AGO,
        made_on=LONG_AGO,
        state="kept",
        words=word,
        **here,
    )
    FeedbackRequest.objects.create(
        person=person,
        visit=visit,
        about_on=LONG_AGO,
        ends_on=LONG_AGO,
        state="answered",
        words=word,
        **here,
    )
    CareLevelSeen.objects.create(person=person, level="severe", day=LONG_AGO, scope_path=path)
    party = Party.objects.create(name="律所", **here)
    Referral.objects.create(
        person=person,
        party=party,
        topic="law",
        matter=word,
        consent_how="spoken",
        consent_by="self",
        consent_on=LONG_AGO,
        state="done",
        token_hash=f"t{person.pk}",
        link_ends_on=LONG_AGO,
        **here,
    )
    rule = AlertRule.objects.create(
        name="规则",
        subject="person",
        when="date",
        field="birth_date",
        role="secretary",
        message="x",
        **here,
    )
    Alert.objects.create(
        rule=rule,
        subject_kind="people.person",
        subject_id=person.pk,
        key="k",
        name=word,
        opened_on=LONG_AGO,
        **here,
    )
    linkage_run = LinkageRun.objects.create(
        department="残联",
        file_name="a.xlsx",
        purge_on=LONG_AGO,
        confirmed_on=LONG_AGO,
        by=user,
        scope_path=path,
    )
    row = LinkedRow.objects.create(
        linkage_run=linkage_run,
        number=1,
        bucket="same",
        told=word,
        subject_id=person.pk,
        scope_path=path,
    )
    Difference.objects.create(
        linkage_run=linkage_run, row=row, field="phone", choice="keep", told=word, scope_path=path
    )
    canvass = Coverage.objects.create(
        title="排查",
        why="x",
        opened_on=LONG_AGO,
        until_on=LONG_AGO,
        closed_on=LONG_AGO,
        by=user,
        **here,
    )
    household = Residence.objects.filter(person=person).values_list("household", flat=True)[0]
    CoverageRow.objects.create(coverage=canvass, household_id=household, words=word, **here)
    return {"visit": visit, **_of_forms_and_cases(person, word, user)}


def _of_forms_and_cases(person: Person, word: str, user: Any) -> dict[str, Any]:
    import json

    from linli.capabilities.cases.models import Answer, Case, Report
    from linli.capabilities.form_filling.models import FormInstance, FormReturn, OpenQuestion

    home, path = person.home, person.scope_path
    here = {"place": home, "scope_path": path}
    case = Case.objects.create(
        title=word,
        text=word,
        channel="phone",
        state="closed",
        outcome="fixed",
        received_at=LONG_AGO,
        **here,
    )
    Answer.objects.create(case=case, kind="fixed", text=word, at=LONG_AGO, scope_path=path)
    report = Report.objects.create(
        case=case,
        person=person,
        name=word,
        phone="13800000000",
        text=word,
        channel="phone",
        received_at=LONG_AGO,
        tracking=f"9{person.pk:09d}",
        secret_hash="0" * 64,
        scope_path=path,
    )
    mine = FormInstance.objects.create(
        title="表",
        file_name="a.docx",
        file=b"x",
        form={},
        person=person,
        by=user,
        state="accepted",
        **here,
    )
    OpenQuestion.objects.create(
        form_instance=mine,
        person=person,
        heading=0,
        question="电话",
        title="表",
        value=word,
        state="answered",
        **here,
    )
    FormReturn.objects.create(
        form_instance=mine,
        file_name="a.docx",
        file=keyring().encrypt(word.encode()),
        rows="{}",
        by=user,
        scope_path=path,
    )
    many = FormInstance.objects.create(
        title="表",
        file_name="b.xlsx",
        file=b"x",
        form={},
        by=user,
        subject="person",
        state="accepted",
        **here,
    )
    told = json.dumps({str(person.pk): [word]})
    handed = FormReturn.objects.create(
        form_instance=many,
        file_name="b.xlsx",
        rows=told,
        by=user,
        file=keyring().encrypt(word.encode()),
        scope_path=path,
    )
    return {"case": case, "report": report, "hand_in": handed, "sheet": mine}


def everything_kept() -> str:
    """Return every value of every table as text, sealed ones opened."""
    from django.apps import apps

    said: list[str] = []
    with system_scope("test"):
        for model in apps.get_models():
            for row in model._default_manager.all().values():
                said += [_text(value) for value in row.values()]
    return "\n".join(said)


def _text(value: Any) -> str:
    data = bytes(value) if isinstance(value, bytes | memoryview) else None
    if data is None:
        return str(value)
    try:
        data = keyring().decrypt(data)
    except Exception:  # not sealed
        return data.decode("utf-8", "replace")
    return data.decode("utf-8", "replace")
