"""The installation that every release stores: some 30 made-up people, and a row in every table.

It is built in a process of its own (``tools/store_installation.py``), on fixed days and with keys
that are for these tests alone. Actions do it wherever there is one.
"""

from __future__ import annotations

from datetime import datetime

from linli.core.time import CHINA
from linli.demo.clock import at
from tests.upgrades.builders.aftermath import add_aftermath
from tests.upgrades.builders.capabilities import add_capabilities
from tests.upgrades.builders.register import a_small_town
from tests.upgrades.builders.workbench import add_workbench

SET_UP = datetime(2026, 11, 23, 9, 0, tzinfo=CHINA)
AT_WORK = datetime(2026, 11, 26, 14, 30, tzinfo=CHINA)
AFTERWARDS = datetime(2026, 11, 30, 8, 15, tzinfo=CHINA)


def build() -> None:
    """Fill this process's database, which is migrated and empty."""
    with at(SET_UP):
        made = a_small_town()
    with at(AT_WORK):
        add_workbench(made)
        add_capabilities(made)
    with at(AFTERWARDS):
        add_aftermath(made)
