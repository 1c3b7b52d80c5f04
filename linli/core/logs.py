"""Logs that an operator can read and that name nobody."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Eighteen-character identity numbers and eleven-digit phones, wherever they turn up.
_NUMBERS = re.compile(r"(?<!\d)(\d{17}[\dXx]|1\d{10})(?!\d)")
NAMING = frozenset({"name", "phone", "identity_number", "address", "hukou_address", "password"})
HIDDEN = "[遮盖]"


def hide_personal_values(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace personal values in a log line, by key and by shape."""
    for key, value in event.items():
        if key in NAMING:
            event[key] = HIDDEN
        elif isinstance(value, str):
            event[key] = _NUMBERS.sub(HIDDEN, value)
    return event


def configure(level: str, *, for_machines: bool) -> None:
    """Write logs to standard error: words for people, JSON lines for machines."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        hide_personal_values,
    ]
    last: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if for_machines
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=_standard_error()),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=last, foreign_pre_chain=shared)
    )
    root = logging.getLogger()
    root.setLevel(number)
    root.addHandler(handler)


def _standard_error() -> Any:
    import sys

    return sys.stderr
