"""Somebody at the database itself: whoever owns it takes the triggers down first."""

from __future__ import annotations

from django.db import connection

from linli.core.database import append_only, raw_sql, triggers


def go_round_the_triggers() -> None:
    """Take the append-only triggers down, until the test's transaction is rolled back."""
    if connection.vendor == "postgresql":
        # A table with checks still to come cannot lose a trigger.
        raw_sql.run("SET CONSTRAINTS ALL IMMEDIATE", reason="test: tampering")
    triggers.take_down(connection, only=append_only.PREFIX)
