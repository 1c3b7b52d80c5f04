"""What ends: people whose time is over, one deleted for good; the jobs of a night."""

from __future__ import annotations

from datetime import timedelta

from linli.core.time import today
from linli.workbench.jobs.models import JobRun
from linli.workbench.journal.actions import keep_photo
from linli.workbench.retention import actions, rules
from tests.people import by_the_system
from tests.retention.builders import a_leaver, all_over, due_of, run, shown
from tests.upgrades.builders.register import Made
from tests.upgrades.builders.workbench import a_photo

WORD = "旧人旧事"


def add_aftermath(made: Made) -> None:
    """Delete one person with everything and a photo, hold a second, list a third."""
    gone = a_leaver(made.town.home("2", "301"), "孙旧人")
    held = a_leaver(made.town.home("2", "302"), "吴留案")
    for person, colour in ((gone, "grey"), (held, "pink")):
        with made.at_work("worker"):
            keep_photo(about=person, picture=a_photo(colour), by=made.users["worker"])
    all_over(made.town, gone, WORD)
    all_over(made.town, held, "留着的事")
    shown()
    with made.at_work("secretary"):
        actions.hold(
            due=due_of(held),
            reason="正在诉讼，法院要求保存",
            until=today() + timedelta(days=90),
            by=made.users["secretary"],
        )
    assert run().deleted == 1
    a_leaver(made.town.home("2", "202"), "郑快到", left_on=_soon())
    shown(today())
    with by_the_system():
        JobRun.objects.create(key="notices.send", due_at="2026-11-30T01:00:00Z", done=3)


def _soon():  # type: ignore[no-untyped-def]
    from tests.retention.builders import left_so_that_kept_until

    return left_so_that_kept_until(today() + timedelta(days=rules.SHOWN_DAYS - 5))
