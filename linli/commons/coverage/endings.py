"""What becomes of coverages and their households when a household or a place ends."""

from __future__ import annotations

from linli.core.endings import HOUSEHOLD, PLACE, EndingDeclaration, Fate, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        EndingDeclaration(
            "coverage.CoverageRow",
            ("household",),
            (HOUSEHOLD,),
            Fate.ENDS,
            "这一户没有人了，不再去，也不用再核实",
            waits={"result__in": ("waiting", "absent", "moved")},
            close="linli.commons.coverage.ending_actions.settle_rows",
            changes=("result", "words", "try_on"),
        ),
        EndingDeclaration(
            "coverage.CoverageRow",
            ("place",),
            (PLACE,),
            Fate.ENDS,
            "这扇门没有了，不再去",
            waits={"result__in": ("waiting", "absent"), "coverage__closed_on__isnull": True},
            close="linli.commons.coverage.ending_actions.settle_rows",
        ),
        EndingDeclaration(
            "coverage.Coverage",
            ("place",),
            (PLACE,),
            Fate.ENDS,
            "地方撤销了，走访结束",
            waits={"closed_on__isnull": True},
            close="linli.commons.coverage.ending_actions.close_coverages",
            changes=("closed_on",),
        ),
    )
