"""An installation to be served and killed, in a process of its own: see test_staying_up.py.

``prepare`` makes the town with two who write; ``count`` prints how often each text is there;
``workers`` prints the process numbers of workers that gave a sign of life.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
PASSWORD = "a password for this story alone"
NAMES = ("linfang", "zhouqiang")
MARK = "第"


def prepare() -> None:
    """Make the tables, the town, who writes and where."""
    from linli.capabilities.cases.tests.builders import a_station
    from linli.register.posts.models import User
    from tests import prepared
    from tests.people import by_the_system

    with by_the_system():
        prepared.migrate()
    with by_the_system():
        station = a_station()
        for name in NAMES:
            user = User.objects.get(username=name)
            user.set_password(PASSWORD)
            user.save()
    print(json.dumps({"home": station.town.home("1", "101").pk}))


def count() -> None:
    """Print every text of a note and of a report, with how often it is stored."""
    from linli.capabilities.cases.models import Report
    from linli.core.scope import system_scope
    from linli.workbench.journal.models import JournalEntry

    with system_scope("look"):
        notes = JournalEntry.objects.filter(text__startswith=MARK, kind__contains="note")
        texts = [*notes.values_list("text", flat=True)]
        reports = [row.text for row in Report.objects.all() if row.text.startswith(MARK)]
    print(json.dumps({"notes": Counter(texts), "reports": Counter(reports)}))


def workers() -> None:
    """Print who gave a sign of life."""
    from linli.workbench.jobs.models import Worker

    print(json.dumps(list(Worker.objects.values_list("pid", flat=True))))


if __name__ == "__main__":
    import django

    django.setup()
    {"prepare": prepare, "count": count, "workers": workers}[sys.argv[1]]()
