"""How much room the database takes."""

from __future__ import annotations

from pathlib import Path

from django.db import connection

from linli.core.database import raw_sql
from linli.core.database.row_security import as_owner


def database_bytes() -> int:
    """Return how many bytes the database takes, on SQLite with what is not folded in yet."""
    if connection.vendor == "postgresql":
        sql = "SELECT pg_database_size(current_database())"
        with as_owner():  # the product's own role may not even connect
            return int(raw_sql.run(sql, reason="how large is the database")[0][0])
    name = str(connection.settings_dict["NAME"])
    files = [Path(f"{name}{ending}") for ending in ("", "-wal")]
    return sum(file.stat().st_size for file in files if file.is_file())
