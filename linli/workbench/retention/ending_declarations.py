"""What becomes of the tables of the register and the workbench when a record they point at ends.

Capabilities say it of their own tables in their ``endings.py``; the guard reads all of them.
"""

from __future__ import annotations

from linli.core.endings import (
    FACILITY,
    HOUSEHOLD,
    KINDS,
    PARTY,
    PERSON,
    PLACE,
    POINTER,
    POST,
    EndingDeclaration,
    Fate,
    declare,
)

ENDS, GOES_TO, STAYS = Fate.ENDS, Fate.GOES_TO, Fate.STAYS
OPEN_TASK = {"state__in": ("open", "accepted")}
LEAVING = "linli.register.people.actions.stays.close_home"
COUNTING = "linli.register.people.household_aggregates.recount"
WITHDRAWING = "linli.register.places.actions.end_place"
PEOPLE = (
    EndingDeclaration(
        "people.Residence", ("person",), (PERSON,), ENDS, "现住地到这一天为止", done_in=LEAVING
    ),
    EndingDeclaration(
        "people.Residence", ("household", "dwelling"), (HOUSEHOLD, PLACE), STAYS, "住过的经历"
    ),
    EndingDeclaration(
        "people.Household",
        ("head",),
        (PERSON,),
        GOES_TO,
        "只剩一人时是户主，不止一人时等人指定",
        done_in=COUNTING,
    ),
    EndingDeclaration(
        "people.Household", ("dwelling",), (PLACE,), STAYS, "还有人住的地方不能撤销，空户只是历史"
    ),
    EndingDeclaration(
        "people.Person", ("household",), (HOUSEHOLD,), ENDS, "没有人的户才销户", done_in=COUNTING
    ),
    EndingDeclaration(
        "people.Person", ("home",), (PLACE,), STAYS, "还有人住的地方不能撤销，走了的人留着原住址"
    ),
    EndingDeclaration("people.FactStamp", ("person",), (PERSON,), STAYS, "事实从哪来的记录"),
    EndingDeclaration("people.Departure", ("person",), (PERSON,), STAYS, "撤销登记要用它"),
    EndingDeclaration("people.PersonContact", ("person",), (PERSON,), STAYS, "联系过的日子"),
)
PLACES = (
    EndingDeclaration("places.Place", ("parent",), (PLACE,), ENDS, "整支撤销", done_in=WITHDRAWING),
    EndingDeclaration("places.Place", ("merged_into",), (PLACE,), STAYS, "并到哪里的历史"),
    EndingDeclaration("places.EstateStatement", ("place",), (PLACE,), STAYS, "说过的话和日子"),
    EndingDeclaration(
        "places.PlanPosition",
        ("place", "estate"),
        (PLACE,),
        ENDS,
        "撤销的楼栋不在平面图上",
        done_in=WITHDRAWING,
    ),
    EndingDeclaration("places.Building", ("place",), (PLACE,), STAYS, "楼栋资料是历史"),
    EndingDeclaration("places.Dwelling", ("place", "building"), (PLACE,), STAYS, "户室资料是历史"),
    EndingDeclaration("places.PlaceHistory", ("place",), (PLACE,), STAYS, "变动的历史"),
    EndingDeclaration(
        "posts.Post", ("place",), (PLACE,), ENDS, "还有人任职的地方不能撤销", done_in=WITHDRAWING
    ),
)
THINGS = (
    EndingDeclaration(
        "posts.ApiToken",
        ("post",),
        (POST,),
        ENDS,
        "岗位结束，令牌停用",
        waits={"revoked_at__isnull": True},
        close="linli.register.posts.actions.holders.revoke_tokens",
        changes=("revoked_at",),
    ),
    EndingDeclaration("parties.PartyContact", ("party",), (PARTY,), STAYS, "单位恢复时还要用"),
    EndingDeclaration(
        "parties.Party",
        ("place",),
        (PLACE,),
        ENDS,
        "服务的地方撤销了，单位停用",
        waits={"closed_on__isnull": True},
        close="linli.register.parties.actions.close_parties",
        changes=("closed_on", "closed_why"),
    ),
    EndingDeclaration(
        "facilities.Facility",
        ("maintainer",),
        (PARTY,),
        ENDS,
        "维保单位停用，设施等着另定维保",
        waits={"ended_on__isnull": True},
        close="linli.register.facilities.actions.things.lose_maintainer",
        changes=("maintainer_id",),
    ),
    EndingDeclaration(
        "facilities.Facility",
        ("place",),
        (PLACE,),
        ENDS,
        "所在的地方撤销了，设施停用",
        waits={"ended_on__isnull": True},
        close="linli.register.facilities.actions.things.end_facilities",
        changes=("ended_on",),
    ),
    EndingDeclaration(
        "facilities.Duty", ("facility",), (FACILITY,), STAYS, "停用的设施不再催办，做过的留着"
    ),
    EndingDeclaration("facilities.FacilityPaper", ("facility",), (FACILITY,), STAYS, "证件留档"),
)
WORKBENCH = (
    EndingDeclaration(
        "tasks.Task",
        ("person", POINTER),
        (PERSON,),
        ENDS,
        "人不在了，关于本人的待办结束；别人还要办完的除外",
        waits=OPEN_TASK,
        close="linli.workbench.tasks.actions.endings.end_tasks",
        changes=("state", "result", "ended_by_id", "ended_at"),
        reopened="linli.workbench.tasks.actions.endings.note_reopened",
        take_back="linli.workbench.tasks.actions.endings.take_back_tasks",
        order=80,
    ),
    EndingDeclaration(
        "tasks.Task",
        (POINTER,),
        (HOUSEHOLD, POST, PARTY, FACILITY),
        ENDS,
        "待办关于的对象结束了",
        waits=OPEN_TASK,
        close="linli.workbench.tasks.actions.endings.end_tasks",
        order=80,
    ),
    EndingDeclaration(
        "tasks.Task",
        ("place", POINTER),
        (PLACE,),
        GOES_TO,
        "并入的由接收的地方接着办，撤销的结束",
        waits=OPEN_TASK,
        close="linli.workbench.tasks.actions.endings.hand_on_or_end_tasks",
        changes=("subject_id",),
        order=80,
    ),
    EndingDeclaration(
        "tasks.Task",
        ("seat_place", "raised_place", "chosen_place"),
        (PLACE,),
        GOES_TO,
        "岗位所在并入别处，待办跟着岗位走",
        waits=OPEN_TASK,
        close="linli.workbench.tasks.actions.endings.hand_on_seats",
        changes=("seat_place_id", "raised_place_id", "chosen_place_id"),
        order=81,
    ),
    EndingDeclaration(
        "tasks.Task", ("party",), (PARTY,), STAYS, "办件由办件收回，转介的事还要回访本人"
    ),
    EndingDeclaration(
        "notices.Delivery",
        ("person",),
        (PERSON,),
        ENDS,
        "没发出的不再发，不再打电话；迁出的人反映的事还答复",
        waits={"state__in": ("queued", "to_call", "not_reached")},
        close="linli.workbench.notices.actions.endings.stop_deliveries",
        changes=("state", "error"),
    ),
    EndingDeclaration("notices.Notice", (POINTER,), KINDS, STAYS, "说过的话；发给别人的还要发"),
    EndingDeclaration("journal.JournalEntry", (POINTER,), KINDS, STAYS, "民情日志是历史"),
    EndingDeclaration("journal.Mention", (POINTER,), KINDS, STAYS, "民情日志是历史"),
    EndingDeclaration("attachments.Attachment", (POINTER,), KINDS, STAYS, "凭据是历史"),
    EndingDeclaration("core.EndingMemory", (POINTER,), KINDS, STAYS, "撤销时要用它"),
    EndingDeclaration(
        "conditions.OwnFieldValue",
        ("person", "household", "place"),
        (PERSON, HOUSEHOLD, PLACE),
        STAYS,
        "登记过的信息",
    ),
    EndingDeclaration(
        "conditions.OwnField", ("place",), (PLACE,), STAYS, "本单位的栏目，没有事要办"
    ),
    EndingDeclaration("imports.ImportRow", (POINTER,), (PERSON,), STAYS, "导入表是历史"),
    EndingDeclaration("read_budget.ReadLimit", ("place",), (PLACE,), STAYS, "一条上限，没有事要办"),
    EndingDeclaration(
        "retention.DuePerson", ("person",), (PERSON,), STAYS, "到期删除正是为走了的人"
    ),
    EndingDeclaration("retention.Hold", ("person",), (PERSON,), STAYS, "暂缓删除到它自己的日子"),
    EndingDeclaration("rounds.DoorSave", ("place",), (PLACE,), STAYS, "走过门的记录"),
)


def declare_all() -> None:
    """Tell the registry; called once when the app is ready."""
    declare(*PEOPLE, *PLACES, *THINGS, *WORKBENCH)
