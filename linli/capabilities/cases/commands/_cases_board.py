"""联勤联动：未结和逾期各多少，分到各处，加起来等于总数。"""

from __future__ import annotations

import argparse

from django.utils.translation import gettext as _

from linli.capabilities.cases.actions import may_dispatch
from linli.capabilities.cases.commands._place import place_named
from linli.capabilities.cases.queries import board
from linli.core.errors import Refused
from linli.core.interface.commands import CommandContext


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the place; without one it is the whole scope."""
    parser.add_argument("--place", default="", metavar="PLACE", help="哪里")


def run(given: CommandContext) -> int:
    """Say what is open and late, one place a line, the total first."""
    given.someone()
    if not may_dispatch.holds():
        raise Refused("cases.no_board", _("这个岗位不分派办件，看不了联勤联动"))
    asked = given.options.place
    seen = board(place_named(asked) if asked else None)
    total = {"place": _("合计"), "open": seen.open, "late": seen.late}
    for row in (
        total,
        *({"place": r.label, "open": r.open, "late": r.late} for r in seen.by_place),
    ):
        given.answer(**row)
        given.say(_("%(place)s：未结%(open)s件，逾期%(late)s件") % row)
    return 0
