"""What retention does with the tables of the register and the workbench.

Capabilities say it of their own tables in their ``retention.py``; the guard reads all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from linli.core.retention import HOUSEHOLD, ErasureMode, TableDeclaration, declare, register_waits
from linli.core.time import today
from linli.register.people.models import Residence
from linli.register.people.terms import PersonStatus
from linli.workbench.imports.models import ImportRow
from linli.workbench.notices.models import Delivery
from linli.workbench.notices.terms import WAITING, DeliveryState
from linli.workbench.retention.models import Hold
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.terms import UNFINISHED

IS_PERSON = {"subject_kind": "people.person"}
GONE = "（已按期删除）"


def empty_copies(notices: QuerySet[Any]) -> None:
    """Empty the copies that went to others of a message about somebody."""
    Delivery.objects.filter(notice__in=notices).update(subject=GONE, text="")


REGISTER = tuple(
    # The register takes its own tables back by itself.
    replace(table, is_lost_with_it=False)
    for table in (
        TableDeclaration(
            "people.Residence", ("person",), ErasureMode.DELETE, "居住经历是个人信息", order=90
        ),
        TableDeclaration(
            "people.FactStamp",
            ("person",),
            ErasureMode.DELETE,
            "只说明这个人的事实从哪来",
            order=90,
        ),
        TableDeclaration(
            "people.PersonContact", ("person",), ErasureMode.DELETE, "哪天联系过本人", order=90
        ),
        TableDeclaration(
            "people.Departure", ("person",), ErasureMode.DELETE, "身故或迁出前的登记", order=90
        ),
        TableDeclaration(
            "people.Household",
            ("head",),
            ErasureMode.BLANK,
            "户还有人住；户主一栏清空",
            blank={"head": None},
            order=90,
        ),
        TableDeclaration("people.Person", ("id",), ErasureMode.DELETE, "本人的全部信息", order=100),
        TableDeclaration(
            "people.Person",
            ("household",),
            ErasureMode.STAYS,
            "户里还有人时不删户",
            about=HOUSEHOLD,
        ),
        TableDeclaration(
            "people.Residence",
            ("household",),
            ErasureMode.STAYS,
            "户里还有居住经历时不删户",
            about=HOUSEHOLD,
        ),
        TableDeclaration(
            "people.Household",
            ("id",),
            ErasureMode.DELETE,
            "户里的人都已删除",
            about=HOUSEHOLD,
            order=100,
        ),
    )
)
WORKBENCH = (
    TableDeclaration(
        "conditions.OwnFieldValue", ("person",), ErasureMode.DELETE, "本单位自定义的个人信息"
    ),
    TableDeclaration(
        "conditions.OwnFieldValue",
        ("household",),
        ErasureMode.DELETE,
        "本单位自定义的户信息",
        about=HOUSEHOLD,
    ),
    TableDeclaration(
        "imports.ImportRow",
        ("subject_id",),
        ErasureMode.DELETE,
        "导入表里的一行，写着姓名和号码",
        where={"batch__subject": "person"},
        is_lost_with_it=False,
    ),
    TableDeclaration(
        "journal.JournalEntry",
        ("subject_id",),
        ErasureMode.STAYS,
        "做过什么、谁做的留着；说了什么由清空日志的动作删掉",
        where=IS_PERSON,
        is_lost_with_it=False,
    ),
    TableDeclaration(
        "journal.Mention",
        ("subject_id",),
        ErasureMode.DELETE,
        "日志指向本人的标记",
        where=IS_PERSON,
        is_lost_with_it=False,
    ),
    TableDeclaration(
        "attachments.Attachment",
        ("subject_id",),
        ErasureMode.DELETE,
        "本人的照片和附件",
        where=IS_PERSON,
    ),
    TableDeclaration(
        "notices.Notice",
        ("subject_id",),
        ErasureMode.BLANK,
        "发过通知这件事留作数字",
        where=IS_PERSON,
        about_nobody_else=True,
        first=empty_copies,
        blank={
            "subject": GONE,
            "text": "",
            "condition_text": "",
            "subject_kind": "",
            "subject_id": None,
        },
    ),
    TableDeclaration(
        "notices.Delivery",
        ("person",),
        ErasureMode.BLANK,
        "发出多少条留作数字",
        blank={
            "person": None,
            "name": GONE,
            "phone": "",
            "email": "",
            "report_key": "",
            "subject": GONE,
            "text": "",
            "answer": "",
            # The mark by which the yearly forgetting of notices passes over a row.
            "reference": "forgotten",
            "error": "",
        },
    ),
    TableDeclaration(
        "tasks.Task",
        ("person", "subject_id"),
        ErasureMode.BLANK,
        "办了多少件留作数字，记在地方名下",
        where=IS_PERSON,
        about_nobody_else=True,
        blank={
            "person": None,
            "title": GONE,
            "note": "",
            "result": "",
            # A task cannot be about nothing: its place takes the person's part.
            "subject_kind": "places.place",
            "subject_id": F("place_id"),
        },
        order=80,
    ),
    TableDeclaration(
        "core.EndingMemory",
        ("subject_id",),
        ErasureMode.DELETE,
        "身故或迁出时随之结束的事",
        where=IS_PERSON,
        is_lost_with_it=False,
    ),
    TableDeclaration(
        "retention.DuePerson",
        ("person",),
        ErasureMode.DELETE,
        "到期名单上的一行",
        order=95,
        is_lost_with_it=False,
    ),
    TableDeclaration(
        "retention.Hold", ("person",), ErasureMode.DELETE, "暂缓的理由写着这个人的事", order=95
    ),
)


def held_by_hand(people: Collection[int]) -> Mapping[int, str]:
    """Deletion was held by somebody, with a reason, and the day is not over."""
    rows = Hold.objects.filter(person__in=people, lifted_at__isnull=True, until__gte=today())
    return {
        row.person_id: _("暂缓到%(day)s：%(reason)s") % {"day": row.until, "reason": row.reason}
        for row in rows
    }


def open_tasks(people: Collection[int]) -> Mapping[int, str]:
    """A task about somebody is not done."""
    rows = Task.objects.filter(state__in=UNFINISHED)
    concerned = set(rows.filter(person__in=people).values_list("person", flat=True))
    about = rows.filter(subject_kind="people.person", subject_id__in=people)
    concerned |= set(about.values_list("subject_id", flat=True))
    return dict.fromkeys(concerned, _("还有没办完的待办"))


def messages_under_way(people: Collection[int]) -> Mapping[int, str]:
    """A message to somebody is going out, or nobody knows whether it went."""
    states = (*WAITING, DeliveryState.SENDING, DeliveryState.UNKNOWN)
    rows = Delivery.objects.filter(person__in=people, state__in=states)
    return dict.fromkeys(rows.values_list("person", flat=True), _("还有没发完的通知"))


def imports_to_undo(people: Collection[int]) -> Mapping[int, str]:
    """Somebody stands in a spreadsheet that is still kept: it leaves by its own day."""
    rows = ImportRow.objects.filter(
        subject_id__in=people, batch__subject="person", batch__purge_on__gt=today()
    )
    return dict.fromkeys(rows.values_list("subject_id", flat=True), _("所在的导入表还没到清除日期"))


def homes_owned(people: Collection[int]) -> Mapping[int, str]:
    """Somebody who moved away still owns or rents a dwelling here."""
    rows = Residence.objects.filter(
        person__in=people, person__status=PersonStatus.MOVED_OUT, to_date__isnull=True
    )
    return dict.fromkeys(rows.values_list("person", flat=True), _("名下还有登记的房屋"))


def declare_all() -> None:
    """Tell the registry; called once when the app is ready."""
    declare(*REGISTER, *WORKBENCH)
    register_waits("retention.hold", held_by_hand)
    register_waits("tasks", open_tasks)
    register_waits("notices", messages_under_way)
    register_waits("imports", imports_to_undo)
    register_waits("people", homes_owned)
