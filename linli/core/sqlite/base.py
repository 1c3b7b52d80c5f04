"""A connection that outlives the request, and is let go where keeping it would be wrong.

Opening a connection costs more than the cheapest page: functions, PRAGMAs, the schema read anew.
Django asks a kept connection at the beginning and at the end of every request whether it may stay
(``close_old_connections``). It may not when another file lies at its path (a restored copy, a
database made anew), when an error is open, or when a request failed: a traceback holds cursors.
Nothing that was left half read stays open: it would keep the log from being folded into the file,
and the next request would read the state of the one before.
"""

from __future__ import annotations

import os
from typing import Any
from weakref import WeakSet

from django.core.signals import got_request_exception
from django.db import connections
from django.db.backends.sqlite3 import base

FileMark = tuple[int, int]


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite connection, which knows which file it has open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened_file: FileMark | None = None
        self.must_go = False
        self._cursors: WeakSet[Any] = WeakSet()

    def file_in_place(self) -> FileMark | None:
        """Return which file lies at the path now, as device and number."""
        try:
            status = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def get_new_connection(self, conn_params: Any) -> Any:
        """Open the file; looked at before, so that a change between the two is found later."""
        self.opened_file, self.must_go = self.file_in_place(), False
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        """Make a cursor, and know of it until nobody has it any more."""
        cursor = super().create_cursor(name)
        self._cursors.add(cursor)
        return cursor

    def close_if_unusable_or_obsolete(self) -> None:
        """Stay open only on the file that is in place, without an open error or a reader."""
        if self.connection is None or self.in_atomic_block or self.is_in_memory_db():
            super().close_if_unusable_or_obsolete()
            return
        is_bad = self.must_go or self.errors_occurred
        if is_bad or self.opened_file != self.file_in_place():
            self.close()
            return
        for cursor in list(self._cursors):
            cursor.close()
        self._cursors.clear()
        super().close_if_unusable_or_obsolete()


def let_go_after_a_failure(**_: object) -> None:
    """Close at the end of a request that nobody caught: its traceback may hold what was read."""
    for connection in connections.all(initialized_only=True):
        if isinstance(connection, DatabaseWrapper):
            connection.must_go = True


got_request_exception.connect(let_go_after_a_failure, dispatch_uid="linli.core.sqlite")
