"""建表，或把表升级到这个版本。"""

from __future__ import annotations

from linli.faces.cli.context import CliContext

KEYS_MAY_DIFFER = True


def run(given: CliContext) -> int:
    """Bring the database to this version; triggers and row-level security are renewed."""
    from django.core.management import call_command

    from linli.core.actions import writes_allowed
    from linli.core.database.row_security import as_owner

    with writes_allowed("migrations"), as_owner():
        call_command("migrate", interactive=False, verbosity=0 if given.as_json else 1)
    given.answer(migrated=True)
    return 0
