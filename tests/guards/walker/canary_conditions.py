"""Titles that tell: conditions on what a role may not ask, wherever a condition can be kept.

Everything of a kind carries one word. Whoever may not ask what stands behind it must meet the word
nowhere: in no list, count, task, journal, feed or file.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.guards.walker.town import OUR_COMMUNITY, Walk
from tests.scope.world import by_the_system

CARE_WORD, MASKED_WORD = "玄参", "黄芪"
NEEDS_CARE: dict[str, Any] = {
    "subject": "person",
    "where": {"field": "disability_kind", "op": "known"},
}
HAS_PHONE: dict[str, Any] = {
    "subject": "person",
    "where": {"field": "phone", "op": "eq", "value": "13957706868"},
}
LAST_SEEN = date(2026, 3, 17)


def keep_conditions(walk: Walk, word: str, condition: dict[str, Any]) -> dict[str, Any]:
    """Keep a condition as everything that can be made of one; addresses lead to these."""
    from linli.capabilities.alerts.models import AlertRule
    from linli.capabilities.form_filling.models import FormInstance
    from linli.capabilities.reports.models import ExportRequest, SavedReport
    from linli.capabilities.visits.models import CarePlan, Promise
    from linli.commons.coverage.models import Coverage, CoverageRow
    from linli.register.people.models import Person
    from linli.workbench.notices.models import Notice

    area, path = walk.areas["ours"], OUR_COMMUNITY
    place, by = area.place, area.user
    with by_the_system():
        Person.objects.filter(pk=area.person.pk).update(
            disability_kind="1", last_contact_on=LAST_SEEN
        )
        made: dict[str, Any] = {
            "report": SavedReport.objects.create(
                name=f"{word}名单",
                subject="person",
                condition=condition,
                shared=True,
                by=by,
                scope_path=path,
            ),
            "care_plan": CarePlan.objects.create(
                name=f"{word}每周看",
                place=place,
                every=7,
                condition=condition,
                is_on=True,
                scope_path=path,
            ),
            "canvass": Coverage.objects.create(
                title=f"{word}走访",
                why=word,
                place=place,
                condition=condition,
                opened_on=date(2026, 11, 1),
                until_on=date(2099, 1, 1),
                scope_path=path,
            ),
            "sheet": FormInstance.objects.create(
                place=area.grid,
                title=f"{word}表",
                file_name=f"{word}.xlsx",
                form={},
                file=b"",
                subject="person",
                by=by,
                state="open",
                condition=condition,
                headings=[],
                scope_path=area.grid.path,
            ),
            "export": ExportRequest.objects.create(
                subject="person",
                condition=condition,
                condition_text=word,
                kind="xlsx",
                rows=1,
                purpose="service",
                words=f"{word}走访",
                state="waiting",
                by=by,
                scope_path=path,
            ),
            "whistle_rule": AlertRule.objects.create(
                name=f"{word}规则",
                place=place,
                subject="person",
                when="holds",
                is_on=True,
                condition=condition,
                role="community_worker",
                message=word,
                scope_path=path,
            ),
        }
        # A report whose question is open, and whose column is not.
        made["by column"] = SavedReport.objects.create(
            name=f"{word}列",
            subject="person",
            columns=["name", condition["where"]["field"]],
            condition={"subject": "person", "where": {"field": "age", "op": "ge", "value": 1}},
            shared=word == CARE_WORD,
            by=by,
            scope_path=path,
        )
        made["stop"] = CoverageRow.objects.create(
            coverage=made["canvass"],
            place=area.home,
            household=area.household,
            words=word,
            scope_path=area.home.path,
        )
        if word == CARE_WORD:
            made["notice"] = Notice.objects.create(
                key=word, subject=f"{word}通知", text=word, condition_text="残疾", scope_path=path
            )
            made["promise"] = Promise.objects.create(
                person=area.person,
                place=area.home,
                what=f"{word}送药",
                due_on=date(2026, 12, 1),
                made_on=date(2026, 11, 20),
                scope_path=area.home.path,
            )
            made |= _whistled(walk, word, condition)
            made["attribute"] = _own_field(walk, word)
            _journal(walk, word)
        made.pop("sheet")  # it stands in lists; its file is none, and its page is not opened
        for label, one in made.items():
            walk.made["ours", label] = one
    return made


def _whistled(walk: Walk, word: str, condition: dict[str, Any]) -> dict[str, Any]:
    """An alert for others, and one given to each narrow post before its sight was narrowed."""
    from linli.capabilities.alerts.models import Alert, AlertRule
    from linli.register.places.models import Place
    from linli.workbench.tasks.models import Task

    area, made = walk.areas["ours"], {}
    seats = {
        "grid_worker": area.grid,
        "property_manager": area.grid,
        "micro_grid_lead": Place.objects.get(path=f"{area.grid.path}001/"),
    }
    for role, seat in seats.items():
        rule = AlertRule.objects.create(
            name=f"{word}{role}",
            place=area.grid,
            subject="person",
            when="holds",
            is_on=True,
            condition=condition,
            role=role,
            message=word,
            scope_path=area.grid.path,
        )
        task = Task.objects.create(
            kind="alerts.respond",
            title=f"{word}要看望",
            subject_kind="alerts.alert",
            subject_id=0,
            person=area.person,
            place=area.home,
            seat_role=role,
            seat_place=seat,
            due_on=date(2026, 12, 1),
            scope_path=area.home.path,
        )
        alert = Alert.objects.create(
            rule=rule,
            subject_kind="people.person",
            subject_id=area.person.pk,
            key=f"{word}{role}",
            name=f"{word}对象",
            place=area.home,
            opened_on=date(2026, 11, 1),
            task=task,
            scope_path=area.home.path,
        )
        Task.objects.filter(pk=task.pk).update(subject_id=alert.pk)
        made |= {"occasion": alert, "task": task, f"task of {role}": task}
    made["task"] = made["task of property_manager"]
    return made


def _own_field(walk: Walk, word: str) -> Any:
    from linli.workbench.conditions.models import OwnField, OwnFieldValue

    area = walk.areas["ours"]
    own_field = OwnField.objects.create(
        label=f"{word}随访",
        subject="person",
        kind="text",
        sensitivity="care",
        place=area.place,
        by=area.user,
        synonyms=[f"{word}别名"],
        scope_path=OUR_COMMUNITY,
    )
    OwnFieldValue.objects.create(
        attribute=own_field, person=area.person, text=word, scope_path=area.home.path
    )
    return own_field


def _journal(walk: Walk, word: str) -> None:
    """What was written when these were made: about places, homes and people of the narrow posts."""
    from linli.core.actions import JournalDraft
    from linli.workbench.journal import hash_chain

    area = walk.areas["ours"]
    for kind in ("canvass.opened", "alert.raised", "field.set", "form.answered", "visit.recorded"):
        for about in (area.grid, area.building, area.home, area.person, area.household):
            text, path = f"{word}{kind}", area.home.path
            hash_chain.keep(JournalDraft(kind, about=about, text=text, scope_path=path))
