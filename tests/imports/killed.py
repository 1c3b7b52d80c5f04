"""A process that imports a list, to be killed while it does: see test_killed.py.

``python -m tests.imports.killed prepare`` makes the installation of LINLI_DATA and a preview,
``… import`` says "go" and imports it.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
ROWS = 1200


def prepare() -> None:
    """Make the database, the town and the preview."""
    from tests import prepared
    from tests.imports import files
    from tests.imports.town import a_list, a_town, brought, number
    from tests.scope.world import by_the_system

    with by_the_system():
        prepared.migrate()
    town = a_town()
    people = [
        [f"居民{n}", None, None, number(1940 + n // 90, n % 90 + 1), None, "2幢302室"]
        for n in range(ROWS)
    ]
    with town.at_work():
        assert brought(town, files.xlsx(a_list(*people))).count("new") == ROWS


def run() -> None:
    """Import what was previewed."""
    from linli.core.scope import Scope, use_scope
    from linli.register.posts.models import User
    from linli.workbench.imports import actions, runner
    from linli.workbench.imports.models import Batch
    from tests.scope.world import OURS, by_the_system

    with by_the_system():
        batch, user = Batch.objects.get(), User.objects.get(username="wang")
    with use_scope(Scope((OURS,), "secretary", "test", user.pk)):
        begun = actions.begin(batch=batch, by=user)
        print("go", flush=True)
        runner.finish(runner.apply, begun, user)


if __name__ == "__main__":
    import django

    django.setup()
    {"prepare": prepare, "import": run}[sys.argv[1]]()
