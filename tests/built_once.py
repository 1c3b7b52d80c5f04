"""Rows that a fixture of a module builds once: each test finds them, and changes them for itself.

Around the transaction that every test rolls back lies one more, which ends with the module.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def for_a_module(blocker: Any) -> Iterator[None]:
    """Build within this, with pytest-django's ``django_db_blocker``, and yield: it is undone after.

    Not for tests that commit (``transaction=True``), nor for a clock that a test stops.
    """
    around = transaction.atomic()
    around._from_testcase = True  # a transaction of the tests is none of the product's
    with blocker.unblock(), around:
        yield
        transaction.set_rollback(True)
