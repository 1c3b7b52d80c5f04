"""How large the database is, noted once a day."""

from __future__ import annotations

from linli.core.database.size import database_bytes
from linli.core.time import today
from linli.workbench.jobs import rules
from linli.workbench.jobs.models import DatabaseSize


def note_size() -> int:
    """Note today's size, and forget those that are too old to tell anything."""
    day = today()
    DatabaseSize.objects.update_or_create(day=day, defaults={"bytes": database_bytes()})
    DatabaseSize.objects.filter(day__lt=day - rules.SIZES_KEPT).delete()
    return 1
