"""What becomes of alerts, rules and warnings when what they are about ends."""

from __future__ import annotations

from linli.core.endings import KINDS, PLACE, POINTER, EndingDeclaration, Fate, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        EndingDeclaration(
            "alerts.Alert",
            (POINTER,),
            KINDS,
            Fate.ENDS,
            "提醒说的对象结束了，消除并写明原因",
            waits={"state__in": ("open", "heard")},
            close="linli.capabilities.alerts.ending_actions.clear_alerts",
            changes=("state", "reason", "cleared_on"),
            order=40,
        ),
        EndingDeclaration(
            "alerts.Alert",
            ("place",),
            (PLACE,),
            Fate.ENDS,
            "所在的地方撤销了",
            waits={"state__in": ("open", "heard")},
            close="linli.capabilities.alerts.ending_actions.clear_alerts",
            order=40,
        ),
        EndingDeclaration(
            "alerts.AlertRule",
            ("place",),
            (PLACE,),
            Fate.ENDS,
            "地方撤销了，规则停用",
            waits={"is_on": True},
            close="linli.capabilities.alerts.ending_actions.switch_rules_off",
            changes=("is_on",),
        ),
        EndingDeclaration(
            "alerts.Advisory",
            ("place",),
            (PLACE,),
            Fate.ENDS,
            "地方撤销了，预警解除",
            waits={"ended": False},
            close="linli.capabilities.alerts.ending_actions.end_advisories",
            changes=("ended",),
        ),
    )
