"""Loggers of our own lines; what writes them is loaded with the first line: most starts say none.

How a line looks and where it goes is set up in ``runtime/logs.py``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass
class Writer:
    """From which level on lines are written, and what returns the logger that writes them."""

    level: int
    logger_for: Callable[[str], Any]


_writers: list[Writer] = []


def write_with(level: int, logger_for: Callable[[str], Any]) -> None:
    """Have lines from a level on written by ``logger_for(name)``; it is called with the first."""
    _writers[:] = [Writer(level, logger_for)]


class Logger:
    """Writes a fixed sentence with keys and codes."""

    def __init__(self, name: str) -> None:
        self._name = name

    def debug(self, event: str, **facts: Any) -> None:
        """Say what only a developer looks for."""
        self._write(logging.DEBUG, "debug", event, facts)

    def info(self, event: str, **facts: Any) -> None:
        """Say what went as it should."""
        self._write(logging.INFO, "info", event, facts)

    def warning(self, event: str, **facts: Any) -> None:
        """Say what an operator should see."""
        self._write(logging.WARNING, "warning", event, facts)

    def exception(self, event: str, **facts: Any) -> None:
        """Say what failed, inside the ``except`` that caught it."""
        self._write(logging.ERROR, "exception", event, facts)

    def _write(self, level: int, method: str, event: str, facts: dict[str, Any]) -> None:
        for writer in _writers:
            if level >= writer.level:
                getattr(writer.logger_for(self._name), method)(event, **facts)


def get_logger(name: str) -> Logger:
    """Return the logger of a module."""
    return Logger(name)
