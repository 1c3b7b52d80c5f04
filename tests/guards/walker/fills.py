"""How the walker fills the arguments of an address: a canary object of a neighbourhood for each.

An address with an argument that is not here fails the walk: add a line when you add an address.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from linli.register.people.models import Residence
from linli.workbench.journal.models import JournalEntry
from tests.guards.walker.town import Walk
from tests.scope.world import Community

Make = Callable[[Community], Any]


def _report(area: Community) -> Any:
    from linli.capabilities.reports.models import SavedReport

    return SavedReport.objects.create(
        name=f"{area.word}名单",
        subject="person",
        condition=EVERYBODY,
        shared=True,
        by=area.user,
        scope_path=area.grid.path,
    )


def _export(area: Community) -> Any:
    from linli.capabilities.reports.models import ExportRequest

    return ExportRequest.objects.create(
        subject="person",
        condition=EVERYBODY,
        condition_text=f"{area.word}全部",
        kind="xlsx",
        rows=3,
        purpose="service",
        words=area.word,
        state="waiting",
        by=area.user,
        scope_path=area.grid.path,
    )


def _sheet(area: Community) -> Any:
    """A form being filled, with a real file: its title and its one heading carry the canary."""
    from openpyxl import Workbook

    from linli.capabilities.form_filling.models import FormInstance
    from linli.core.personal_data.crypto import keyring

    book, blank = Workbook(), io.BytesIO()
    for row in ([area.word], [None], [None]):
        book.active.append(row)
    book.save(blank)
    # One column of names under its heading: the file that is walked is filled from the register.
    table = {
        "table": 0,
        "shape": "list",
        "first_row": 1,
        "last_row": 2,
        "total_row": None,
        "serial_column": None,
        "columns": [[0, 0]],
        "cells": [],
        "sides": 1,
    }
    form = {
        "title": area.word,
        "shape": "list",
        "subject": "person",
        "condition": None,
        "fingerprint": area.word,
        "lines": [],
        "tables": [table],
        "headings": [
            {
                "text": area.word,
                "fields": ["name"],
                "confidence": 1.0,
                "runner_up": "",
                "at": {"table": 0, "row": 0, "column": 0},
                "kind": "column",
            }
        ],
    }
    return FormInstance.objects.create(
        place=area.grid,
        title=f"{area.word}表",
        file_name=f"{area.word}.xlsx",
        form=form,
        file=keyring().encrypt(blank.getvalue()),
        subject="person",
        by=area.user,
        state="open",
        headings=[{"text": area.word, "use": "field", "fields": ["name"]}],
        scope_path=area.grid.path,
    )


def _form_issue(area: Community) -> Any:
    from linli.capabilities.form_filling.models import Distribution

    return Distribution.objects.create(
        title=f"{area.word}表",
        asked_by=area.word,
        basis=area.word,
        due_on=date(2099, 1, 1),
        by=area.user,
        scope_path=area.grid.path,
    )


def _hand_in(area: Community) -> Any:
    """What was handed in, as the very workbook: a name of the register stands in it."""
    from openpyxl import Workbook

    from linli.capabilities.form_filling.models import FormInstance, FormReturn
    from linli.core.personal_data.crypto import keyring

    book, filled = Workbook(), io.BytesIO()
    for row in ([area.word], [area.person.name]):
        book.active.append(row)
    book.save(filled)
    mine = FormInstance.objects.filter(title=f"{area.word}表").first() or _sheet(area)
    return FormReturn.objects.create(
        form_instance=mine,
        file_name=f"{area.word}.xlsx",
        file=keyring().encrypt(filled.getvalue()),
        rows=f'{{"{area.person.pk}": ["{area.person.name}"]}}',
        by=area.user,
        scope_path=area.grid.path,
    )


def _token(area: Community) -> Any:
    from linli.register.posts.models import ApiToken

    return ApiToken.objects.create(
        post=area.post,
        name=f"{area.word}令牌",
        purpose=area.word,
        tail="abcd",
        token_hash=area.word * 3,
        expires_on=date(2099, 1, 1),
        scope_path=area.post.scope_path,
    )


def _batch(area: Community) -> Any:
    from linli.workbench.imports.models import Batch

    return Batch.objects.create(
        subject="person",
        file_name=f"{area.word}.xlsx",
        purge_on=date(2099, 1, 1),
        source="import",
        confirmed_on=date(2026, 1, 1),
        by=area.user,
        scope_path=area.grid.path,
    )


def _fusing(area: Community) -> Any:
    """A matched list with its first row about the canary."""
    from linli.capabilities.record_linkage.models import LinkageRun, LinkedRow
    from linli.workbench.imports.encrypted_rows import encode_row

    linkage_run = LinkageRun.objects.create(
        department=f"{area.word}残联",
        file_name=f"{area.word}名单.xlsx",
        state="matched",
        purge_on=date(2099, 1, 1),
        confirmed_on=date(2026, 1, 1),
        by=area.user,
        counts={"decide": 1},
        scope_path=area.grid.path,
    )
    said = {
        "name": area.word,
        "facts": {},
        "place": area.word,
        "place_id": None,
        "household": "",
        "doubts": [],
        "why": "",
        "same_as": None,
        "rivals": [{"key": area.person.pk, "bits": 20, "levels": {"name": "same"}}],
    }
    LinkedRow.objects.create(
        linkage_run=linkage_run,
        number=2,
        bucket="decide",
        told=encode_row(said),
        scope_path=area.grid.path,
    )
    return linkage_run


def _attribute(area: Community) -> Any:
    from linli.workbench.conditions.models import OwnField

    return OwnField.objects.create(
        label=f"{area.word}爱好",
        subject="person",
        kind="text",
        place=area.grid,
        by=area.user,
        scope_path=area.grid.path,
    )


def _webhook(area: Community) -> Any:
    from linli.workbench.webhooks.models import Webhook

    return Webhook.objects.create(
        name=f"{area.word}中心",
        url=f"https://{area.place.pk}.invalid/{area.word}",
        host=f"{area.word}.invalid",
        events=["case.closed"],
        by=area.user,
        scope_path=area.grid.path,
    )


def _delivery(area: Community) -> Any:
    from linli.workbench.webhooks.models import Webhook, WebhookDelivery

    webhook = Webhook.objects.filter(scope_path=area.grid.path).first() or _webhook(area)
    return WebhookDelivery.objects.create(
        webhook=webhook,
        event="case.closed",
        body=area.word,
        state="failed",
        next_at=datetime(2099, 1, 1, tzinfo=UTC),
        scope_path=area.grid.path,
    )


def _task(area: Community) -> Any:
    from linli.workbench.tasks.models import Task

    return Task.objects.create(
        kind="cases.handle",
        title=f"{area.word}待办",
        subject_kind="people.person",
        subject_id=area.person.pk,
        place=area.home,
        seat_role="grid_worker",
        seat_place=area.grid,
        scope_path=area.home.path,
    )


def _case(area: Community) -> Any:
    from linli.capabilities.cases.models import Case

    return Case.objects.create(
        title=f"{area.word}漏水",
        text=f"{area.word}的水管",
        place=area.home,
        channel="phone",
        received_at=datetime(2026, 11, 1, tzinfo=UTC),
        scope_path=area.home.path,
    )


def _brought(area: Community) -> Any:
    from linli.capabilities.cases.models import Case, Report

    case = Case.objects.filter(scope_path=area.home.path).first() or _case(area)
    return Report.objects.create(
        case=case,
        text=area.word,
        name=area.word,
        channel="phone",
        secret_hash="0" * 64,
        received_at=datetime(2026, 11, 1, tzinfo=UTC),
        tracking=f"9{case.pk:09d}",
        scope_path=area.home.path,
    )


def _photo(area: Community) -> Any:
    from linli.core.personal_data.crypto import keyring
    from linli.workbench.attachments.models import Attachment

    return Attachment.objects.create(
        subject_kind="people.person",
        subject_id=area.person.pk,
        content=keyring().encrypt(area.word.encode()),
        sha256="0" * 64,
        width=1,
        height=1,
        at=datetime(2026, 11, 1, tzinfo=UTC),
        scope_path=area.home.path,
    )


# Categories are public: Open311 lists them to anybody, so their names are no canaries.
def _category(area: Community) -> Any:
    from linli.capabilities.cases.models import Category

    return Category.objects.create(
        code=f"9{area.grid.pk}", name="水管", place=area.grid, level=1, scope_path=area.grid.path
    )


def _notice(area: Community) -> Any:
    from linli.workbench.notices.models import Notice

    return Notice.objects.create(
        key=area.word, subject=f"{area.word}通知", text=area.word, scope_path=area.grid.path
    )


def _told(area: Community) -> Any:
    from linli.workbench.notices.models import Delivery

    return Delivery.objects.create(
        notice=_notice_of(area),
        key=area.word,
        name=f"{area.word}收件",
        channel="call",
        subject=area.word,
        text=area.word,
        state="to_call",
        person=area.person,
        token_index=area.word,
        scope_path=area.home.path,
    )


def _notice_of(area: Community) -> Any:
    from linli.workbench.notices.models import Notice

    return Notice.objects.filter(key=area.word).first() or _notice(area)


def _message_to_a_user(area: Community) -> Any:
    from linli.workbench.notices.models import Delivery

    return Delivery.objects.create(
        notice=_notice_of(area),
        key=f"{area.word}user",
        name=area.word,
        channel="inbox",
        subject=area.word,
        text=area.word,
        state="sent",
        user=area.user,
        token_index=f"{area.word}user",
        scope_path=area.home.path,
    )


def _notice_template(area: Community) -> Any:
    from linli.workbench.notices.models import Template

    return Template.objects.create(
        name=f"{area.word}模板", subject=area.word, text=area.word, scope_path=area.grid.path
    )


def _second_factor_reset(area: Community) -> Any:
    from linli.register.posts.models import SecondFactorReset

    return SecondFactorReset.objects.create(
        user=area.user, reason=f"{area.word}手机丢了", by=area.user, scope_path=area.grid.path
    )


def _notice_channel(area: Community) -> Any:
    from linli.workbench.notices.models import ChannelSetting

    return ChannelSetting.objects.create(
        kind="wecombot", name=f"{area.word}群", is_active=False, scope_path=area.grid.path
    )


def _intake(area: Community) -> Any:
    from linli.integrations.hotline_lists.models import HotlineList

    return HotlineList.objects.create(
        place=area.grid,
        file_name=f"{area.word}热线.csv",
        state="taken",
        by=area.user,
        rejected_rows=f'{{"headings": ["编号"], "rows": [{{"why": "{area.word}", "cells": []}}]}}',
        scope_path=area.grid.path,
    )


def _party_contact(area: Community) -> Any:
    from linli.register.parties.models import PartyContact

    return PartyContact.objects.create(
        party=area.party,
        name=f"{area.word}师傅",
        phone="14300000001",
        scope_path=area.party.scope_path,
    )


def _referral(area: Community) -> Any:
    from linli.capabilities.directory.models import Referral

    return Referral.objects.create(
        person=area.person,
        party=area.party,
        place=area.home,
        topic="law",
        matter=f"{area.word}遗嘱",
        consent_how="spoken",
        consent_by="self",
        consent_on=date(2026, 11, 1),
        token_hash=area.word * 3,
        link_ends_on=date(2099, 1, 1),
        scope_path=area.home.path,
    )


def _whistle_rule(area: Community) -> Any:
    from linli.capabilities.alerts.models import AlertRule

    return AlertRule.objects.create(
        name=f"{area.word}规则",
        place=area.grid,
        subject="person",
        when="date",
        field="birth_date",
        role="secretary",
        message=area.word,
        scope_path=area.grid.path,
    )


def _occasion(area: Community) -> Any:
    from linli.capabilities.alerts.models import Alert, AlertRule

    rule = AlertRule.objects.filter(scope_path=area.grid.path).first() or _whistle_rule(area)
    return Alert.objects.create(
        rule=rule,
        subject_kind="people.person",
        subject_id=area.person.pk,
        key=area.word,
        name=f"{area.word}老人",
        place=area.home,
        opened_on=date(2026, 11, 1),
        scope_path=area.home.path,
    )


def _signal(area: Community) -> Any:
    from linli.capabilities.alerts.models import Advisory

    return Advisory.objects.create(
        kind="typhoon",
        place=area.grid,
        from_on=date(2026, 11, 1),
        until_on=date(2099, 1, 1),
        words=area.word,
        scope_path=area.grid.path,
    )


def _duty(area: Community) -> Any:
    from linli.register.facilities.models import Duty

    return Duty.objects.create(
        facility=area.lift,
        kind="check",
        name=f"{area.word}月检",
        months=1,
        anchor_on=date(2026, 11, 1),
        due_on=date(2026, 12, 1),
        scope_path=area.lift.scope_path,
    )


def _paper(area: Community) -> Any:
    from linli.register.facilities.models import FacilityPaper

    return FacilityPaper.objects.create(
        facility=area.lift,
        name=f"{area.word}登记证",
        file="JVBERi0=",
        file_kind="application/pdf",
        scope_path=area.lift.scope_path,
    )


def _feed(area: Community) -> Any:
    from linli.capabilities.calendar.models import Feed

    return Feed.objects.create(
        post=area.post,
        covers="place",
        name=f"{area.word}手机",
        token_index=area.word,
        scope_path=area.post.scope_path,
    )


def _care_plan(area: Community) -> Any:
    from linli.capabilities.visits.models import CarePlan

    return CarePlan.objects.create(
        name=f"{area.word}每周看",
        place=area.grid,
        every=7,
        scope_path=area.grid.path,
        condition={"subject": "person", "where": {"field": "age", "op": "ge", "value": 80}},
    )


def _visit(area: Community) -> Any:
    from linli.capabilities.visits.models import Visit

    return Visit.objects.create(
        person=area.person,
        place=area.home,
        day=date(2026, 11, 24),
        until=date(2026, 11, 24),
        why=f"{area.word}没见到人",
        change="told",
        scope_path=area.home.path,
    )


def _promise(area: Community) -> Any:
    from linli.capabilities.visits.models import Promise

    return Promise.objects.create(
        person=area.person,
        place=area.home,
        what=f"{area.word}修灯",
        due_on=date(2026, 12, 1),
        made_on=date(2026, 11, 20),
        scope_path=area.home.path,
    )


def _asking(area: Community) -> Any:
    from linli.capabilities.visits.models import FeedbackRequest

    return FeedbackRequest.objects.create(
        person=area.person,
        place=area.home,
        promise=_promise(area),
        about_on=date(2026, 11, 20),
        ends_on=date(2099, 1, 1),
        scope_path=area.home.path,
    )


def _canvass(area: Community) -> Any:
    from linli.commons.coverage.models import Coverage, CoverageRow

    canvass = Coverage.objects.create(
        title=f"{area.word}走访",
        why="燃气条例",
        place=area.grid,
        opened_on=date(2026, 11, 1),
        until_on=date(2099, 1, 1),
        scope_path=area.grid.path,
    )
    CoverageRow.objects.create(
        coverage=canvass, place=area.home, household=area.household, scope_path=area.home.path
    )
    return canvass


def _stop(area: Community) -> Any:
    from linli.commons.coverage.models import CoverageRow

    canvass_stop = CoverageRow.objects.filter(scope_path=area.home.path).first()
    return canvass_stop or _canvass(area).rows.get()


def _leaver(area: Community) -> Any:
    """Somebody who moved out, and was called by the word of their place."""
    from linli.register.people.models import Person

    gone = {"home": area.person.home, "status": "moved_out", "scope_path": area.person.scope_path}
    leaver = Person.objects.filter(**gone).first()
    return leaver or Person.objects.create(name=area.word, status_since=date(2026, 11, 1), **gone)


def _estate(area: Community) -> Any:
    """An estate below the grid, stated to have no property management."""
    from linli.register.places.models import EstateStatement, Place, PlanPosition

    path = f"{area.grid.path}008/"
    given = {"kind": "estate", "name": f"{area.word}小区", "address": f"{area.word}小区"}
    estate = Place.objects.filter(path=path).first() or Place.objects.create(
        path=path, scope_path=path, parent=area.grid, **given
    )
    said = {"property_managed": False, "stated_on": date(2026, 11, 1), "scope_path": path}
    EstateStatement.objects.get_or_create(place=estate, defaults=said)
    for n in (1, 2):  # one building alone has no plan
        below = {"path": f"{path}00{n}/", "scope_path": f"{path}00{n}/", "parent": estate}
        named = {"name": f"{area.word}{n}幢", "address": f"{area.word}小区{n}幢"}
        house = Place.objects.filter(path=below["path"]).first() or Place.objects.create(
            kind="building", **below, **named
        )
        where = {"estate": estate, "x": 1, "y": n, "width": 2, "height": 1}
        PlanPosition.objects.get_or_create(
            place=house, defaults={**where, "scope_path": house.path}
        )
    return estate


def _due(area: Community) -> Any:
    """Somebody whose time is over soon, held by somebody with a reason."""
    from linli.workbench.retention.models import DuePerson, Hold

    due_person = DuePerson.objects.filter(person=area.person).first()
    if due_person is not None:
        return due_person
    path = area.person.scope_path
    Hold.objects.create(
        person=area.person,
        reason=f"{area.word}官司",
        until=date(2099, 1, 1),
        by=area.user,
        scope_path=path,
    )
    return DuePerson.objects.create(
        person=area.person,
        left_on=date(2021, 11, 1),
        kept_until=date(2026, 11, 1),
        shown_on=date(2026, 10, 1),
        error_text=area.word,
        scope_path=path,
    )


def _certificate(area: Community) -> Any:
    from linli.workbench.retention.models import Certificate

    moment = datetime(2026, 11, 1, tzinfo=UTC)
    return Certificate.objects.create(
        begun_at=moment,
        ended_at=moment,
        rule=f"{area.word}规则",
        rule_since="2026-11-29",
        people=3,
        rows={"people.Person": 3},
        digest=area.word,
        scope_path=area.grid.path,
    )


EVERYBODY: dict[str, Any] = {"subject": "person", "all": []}

# What each model's canary object is: something of the neighbourhood, or made for the walk.
OBJECTS: dict[str, Make] = {
    "place": lambda area: area.grid,
    "building": lambda area: area.building,
    "estate": _estate,
    "dwelling": lambda area: area.home,
    "household": lambda area: area.household,
    "person": lambda area: area.person,
    "leaver": _leaver,
    "post": lambda area: area.post,
    "party": lambda area: area.party,
    "facility": lambda area: area.lift,
    "user": lambda area: area.user,
    "residence": lambda area: Residence.objects.filter(person=area.person).first(),
    "entry": lambda area: JournalEntry.objects.filter(scope_path=area.home.path).first(),
    "batch": _batch,
    "fusing": _fusing,
    "token": _token,
    "report": _report,
    "export": _export,
    "attribute": _attribute,
    "notice": _notice_of,
    "told": _told,
    "message": _message_to_a_user,
    "notice_template": _notice_template,
    "notice_channel": _notice_channel,
    "second_factor_reset": _second_factor_reset,
    "task": _task,
    "case": _case,
    "brought": _brought,
    "category": _category,
    "photo": _photo,
    "intake": _intake,
    "sheet": _sheet,
    "form_issue": _form_issue,
    "hand_in": _hand_in,
    "webhook": _webhook,
    "delivery": _delivery,
    "party_contact": _party_contact,
    "referral": _referral,
    "whistle_rule": _whistle_rule,
    "occasion": _occasion,
    "signal": _signal,
    "duty": _duty,
    "paper": _paper,
    "care_plan": _care_plan,
    "visit": _visit,
    "promise": _promise,
    "asking": _asking,
    "canvass": _canvass,
    "stop": _stop,
    "feed": _feed,
    "due": _due,
    "certificate": _certificate,
}

# (how the address begins, its argument) → (which object, which of its attributes); "$" ends it
ARGUMENTS: list[tuple[str, str, str, str]] = [
    ("people/", "pk", "person", "pk"),
    ("households/", "pk", "household", "pk"),
    ("places/", "pk", "place", "pk"),
    ("places/<int:pk>/$", "pk", "building", "pk"),
    ("places/<int:pk>/$", "pk", "dwelling", "pk"),
    ("places/<int:pk>/facts/$", "pk", "building", "pk"),
    ("places/<int:pk>/plan/", "pk", "estate", "pk"),
    ("places/<int:pk>/plan/", "entry", "entry", "pk"),
    ("imports/", "link", "batch", "link"),
    ("fusing/", "link", "fusing", "link"),
    ("posts/", "pk", "post", "pk"),
    ("second-factor-resets/", "pk", "second_factor_reset", "pk"),
    ("tokens/", "pk", "token", "pk"),
    ("ask/saved/", "link", "report", "link"),
    ("api/v1/places/", "place_id", "place", "pk"),
    ("api/v1/people/", "person_id", "person", "pk"),
    ("api/v1/reports/", "link", "report", "link"),
    ("ask/taken/", "link", "export", "link"),
    ("cases/intake/", "link", "intake", "link"),
    ("cases/webhooks/", "pk", "webhook", "pk"),
    ("cases/webhooks/", "delivery", "delivery", "pk"),
    ("notices/<int:pk>/", "pk", "notice", "pk"),
    ("notices/to/", "pk", "told", "pk"),
    ("notices/messages/", "pk", "message", "pk"),
    ("notices/templates/", "pk", "notice_template", "pk"),
    ("notices/channels/", "pk", "notice_channel", "pk"),
    ("own-fields/", "pk", "attribute", "pk"),
    ("journal/photo/", "pk", "photo", "pk"),
    ("journal/about/", "pk", "person", "pk"),
    ("logs/about/", "pk", "person", "pk"),
    ("journal/note/", "pk", "person", "pk"),
    ("journal/note/", "entry", "entry", "pk"),
    ("tasks/<int:pk>", "pk", "task", "pk"),
    ("tasks/nobody/estates/", "pk", "estate", "pk"),
    ("directory/<int:pk>", "pk", "party", "pk"),
    ("directory/<int:pk>", "contact", "party_contact", "pk"),
    ("directory/referrals/", "pk", "referral", "pk"),
    ("directory/refer/", "pk", "person", "pk"),
    ("api/v1/cases/", "case_id", "case", "pk"),
    ("cases/<int:pk>", "pk", "case", "pk"),
    ("cases/<int:pk>", "report", "brought", "pk"),
    ("cases/categories/", "pk", "category", "pk"),
    ("cases/qr/", "pk", "building", "pk"),
    ("own-fields/", "subject_id", "person", "pk"),
    ("facilities/<int:pk>", "pk", "facility", "pk"),
    ("facilities/<int:pk>", "duty", "duty", "pk"),
    ("facilities/<int:pk>", "paper", "paper", "pk"),
    ("calendar/feeds/", "pk", "feed", "pk"),
    ("whistles/rules/", "pk", "whistle_rule", "pk"),
    ("whistles/signal/", "pk", "signal", "pk"),
    ("whistles/<int:pk>", "pk", "occasion", "pk"),
    ("round/<int:pk>", "pk", "building", "pk"),
    ("round/doors/", "pk", "dwelling", "pk"),
    ("round/doors/", "person", "person", "pk"),
    ("visits/plans/", "pk", "care_plan", "pk"),
    ("visits/people/", "pk", "person", "pk"),
    ("visits/promises/", "pk", "promise", "pk"),
    ("visits/askings/", "pk", "asking", "pk"),
    ("visits/<int:pk>", "pk", "visit", "pk"),
    ("canvasses/<int:pk>", "pk", "canvass", "pk"),
    ("canvasses/<int:pk>", "stop", "stop", "pk"),
    ("canvasses/<int:pk>", "building", "building", "pk"),
    ("canvasses/<int:pk>/stops/<int:stop>/number/", "person", "person", "pk"),
    ("canvasses/moved/", "stop", "stop", "pk"),
    ("retention/<int:pk>/", "pk", "due", "pk"),
    ("retention/ask/", "person", "leaver", "pk"),
    ("retention/certificates/", "certificate", "certificate", "pk"),
    ("forms/doors/", "pk", "dwelling", "pk"),
    ("forms/records/", "pk", "sheet", "pk"),
    ("forms/issues/", "link", "form_issue", "link"),
    ("forms/<str:link>/archive/", "pk", "hand_in", "pk"),
    ("forms/", "link", "sheet", "link"),
]
# Arguments that name no row.
WORDS: dict[tuple[str, str], list[str]] = {
    ("n/", "token"): ["nonsense"],
    ("round/", "token"): ["nonsense"],
    ("many/", "list_key"): ["tasks.inbox", "nonsense"],
    ("many/", "verb_key"): ["finish", "nonsense"],
    ("fusing/", "number"): ["2", "99"],
    ("r/", "token"): ["nonsense"],
    ("people/", "field"): ["phone", "identity_number", "hukou_address", "nonsense"],
    ("whistles/library/", "key"): ["lift-inspection", "nonsense"],
    ("visits/library/", "key"): ["alone-80", "nonsense"],
    ("care-groups/", "key"): ["very_old", "new", "nonsense"],
    ("care-groups/", "number"): ["0"],
    ("felt/", "token"): ["nonsense"],
    ("cal/", "token"): ["nonsense"],
    ("report/at/", "code"): ["1.nonsense"],
    ("journal/", "label"): ["people.person", "posts.user", "nonsense"],
    ("logs/", "label"): ["people.person", "posts.user", "nonsense"],
    ("open311/", "ending"): ["json", "xml", "nonsense"],
    ("open311/", "code"): ["0101", "nonsense"],
    ("open311/", "number"): ["261123-1", "nonsense"],
    ("open311/", "token"): ["0000000000"],
    ("open311/", "rest"): ["v3/requests.xml"],
    ("account/", "key"): ["nonsense"],
    ("account/", "uidb36"): ["1"],
    ("account/", "pk"): ["1"],
}
MISSING = {
    "link": "not-there-0",
    "place_id": "987654321",
    "person_id": "987654321",
    "case_id": "987654321",
    "slug": "not-there",
    "string": "not-there",
    "path": "not-there",
    "int": "987654321",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


class CannotFill(AssertionError):
    """The walker met an argument that nobody taught it to fill."""


def filled(route: str, arguments: dict[str, str], walk: Walk, area: str) -> list[dict[str, str]]:
    """Return the arguments for one address and one neighbourhood; ``arguments``: name → kind."""
    sets: list[dict[str, str]] = [{}]
    for name in arguments:
        values = _values(route, name, walk, area)
        sets = [{**one, name: value} for one in sets for value in values]
    return sets


def _values(route: str, name: str, walk: Walk, area: str) -> list[str]:
    for (start, argument), words in WORDS.items():
        if route.startswith(start) and argument == name:
            return words
    found = [
        str(getattr(walk.object(area, label, OBJECTS[label]), attribute))
        for start, argument, label, attribute in ARGUMENTS
        if f"{route}$".startswith(start) and argument == name
    ]
    if found:
        return found
    raise CannotFill(f"{route}: teach tests/guards/walker/fills.py what <{name}> is")


def names_a_row(route: str, arguments: dict[str, str]) -> bool:
    """Does the address lead to a row, which may be another scope's?"""
    known = {(start, argument) for start, argument, _, _ in ARGUMENTS}
    return any(route.startswith(s) and a == name for s, a in known for name in arguments)


def missing(arguments: dict[str, str]) -> dict[str, str]:
    """Return arguments that lead to no row at all."""
    return {name: MISSING.get(name, MISSING[kind]) for name, kind in arguments.items()}
