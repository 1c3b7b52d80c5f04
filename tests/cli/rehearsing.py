"""The scratch process of a rehearsal, beginning as a migrated database: migrating takes long."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

CODE = "from tests.cli.rehearsing import run; raise SystemExit(run())"


def run() -> int:
    """Run the command as the product does; what it finds empty was migrated a moment before."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "linli.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from linli.faces.cli import rehearsal
    from linli.faces.cli.main import main
    from tests import prepared

    look = rehearsal._tables

    def found_empty() -> list[str]:
        if connection.vendor == "sqlite" and prepared.copy().is_file():
            shutil.copyfile(prepared.copy(), settings.DATABASES["default"]["NAME"])
        rehearsal._tables = look
        return []

    if "rehearse" in sys.argv and (connection.vendor == "sqlite" or look()):
        rehearsal._tables = found_empty
    if stop_at := os.environ.get("TEST_STOP_AT"):
        Path(stop_at).touch()
        import time

        time.sleep(60)
    return main()
