"""What becomes of cases when a reporter, a place or an organisation is not there any more."""

from __future__ import annotations

from linli.core.endings import PARTY, PERSON, PLACE, EndingDeclaration, Fate, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        EndingDeclaration(
            "cases.Report",
            ("person",),
            (PERSON,),
            Fate.STAYS,
            "反映的事还要办完；反映人已故就不再通知，办理人在办件页上看得到",
        ),
        EndingDeclaration(
            "cases.Case", ("place",), (PLACE,), Fate.STAYS, "事情还要办完，上一级地方接着负责"
        ),
        EndingDeclaration("cases.Category", ("place",), (PLACE,), Fate.STAYS, "目录没有事要办"),
        EndingDeclaration(
            "cases.Handling",
            ("party",),
            (PARTY,),
            Fate.GOES_TO,
            "单位停用，办件退回，另外分派",
            waits={"state__in": ("assigned", "accepted")},
            close="linli.capabilities.cases.actions.endings.send_back",
            order=40,
        ),
    )
