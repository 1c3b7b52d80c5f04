"""Another moment while the demonstration's past is made: its dates agree with one another."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from unittest.mock import patch

from linli.core.time import CHINA


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be ``moment`` for everything that asks what time it is, in this process alone."""

    def in_china(_zone: tzinfo | None = None) -> datetime:
        return moment.astimezone(CHINA)

    # As an attribute of its package this name is the function, not the module.
    today = sys.modules["linli.core.time.today"]
    with (
        patch("django.utils.timezone.now", lambda: moment.astimezone(UTC)),
        patch.object(today, "now", in_china),
    ):
        yield
