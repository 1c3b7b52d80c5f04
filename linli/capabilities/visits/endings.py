"""What becomes of visits, promises and questions when somebody dies, leaves, or a place goes."""

from __future__ import annotations

from linli.core.endings import PERSON, PLACE, EndingDeclaration, Fate, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        EndingDeclaration(
            "visits.Visit",
            ("person",),
            (PERSON,),
            Fate.ENDS,
            "不再看望",
            waits={"state": "planned"},
            close="linli.capabilities.visits.actions.endings.stop_visits",
            changes=("state", "why"),
            order=40,
        ),
        EndingDeclaration(
            "visits.Promise",
            ("person",),
            (PERSON,),
            Fate.GOES_TO,
            "答应已故的人的事，向同一扇门里的家属说明；没有家人的写明原因结束",
            waits={"state": "open"},
            close="linli.capabilities.visits.actions.endings.settle_promises",
            changes=("state", "words"),
            order=40,
        ),
        EndingDeclaration(
            "visits.FeedbackRequest",
            ("person",),
            (PERSON,),
            Fate.ENDS,
            "不再回访",
            waits={"state": "open"},
            close="linli.capabilities.visits.actions.endings.end_feedback",
            changes=("state",),
            order=40,
        ),
        EndingDeclaration(
            "visits.CareLevelSeen", ("person",), (PERSON,), Fate.STAYS, "下一次核对时自己忘掉"
        ),
        EndingDeclaration(
            "visits.CarePlan",
            ("place",),
            (PLACE,),
            Fate.ENDS,
            "地方撤销了，安排停用",
            waits={"is_on": True},
            close="linli.capabilities.visits.actions.endings.switch_plans_off",
            changes=("is_on",),
        ),
        *(
            EndingDeclaration(
                table, ("place",), (PLACE,), Fate.STAYS, "跟着居民走：还有人住的地方不能撤销"
            )
            for table in ("visits.Visit", "visits.Promise", "visits.FeedbackRequest")
        ),
    )
