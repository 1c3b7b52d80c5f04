"""How much work a request is: lines of the product run, questions asked; nothing is timed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from django.db import connection, connections

PRODUCT = str(Path(__file__).resolve().parents[2] / "linli")
TOO_MUCH = 600_000


class FarTooMuch(BaseException):
    """The work was broken off: it would go on."""


@dataclass
class Cost:
    """Lines run by the server's own thread, those while something was being written, questions."""

    lines: int = 0
    while_writing: int = 0
    questions: int = 0
    broken_off: bool = False
    where: Counter[str] = field(default_factory=Counter)
    answer: Any = None


def cost_of(ask: Callable[[], Any], *, most: int = TOO_MUCH) -> Cost:
    """Do it and count; what is far too much is broken off."""
    cost = Cost()
    mine = connections["default"]  # the proxy looks it up for each line
    before = len(mine.savepoint_ids)

    def each(frame: FrameType, event: str, _arg: Any) -> Any:
        if event == "line":
            cost.lines += 1
            if len(mine.savepoint_ids) > before:
                cost.while_writing += 1
                cost.where[
                    f"{frame.f_code.co_filename[len(PRODUCT) :]} {frame.f_code.co_name}"
                ] += 1
            if cost.lines > most:
                cost.broken_off = True
                raise FarTooMuch
        return each

    def enter(frame: FrameType, _event: str, _arg: Any) -> Any:
        return each if frame.f_code.co_filename.startswith(PRODUCT) else None

    def asked(execute: Any, *given: Any) -> Any:
        cost.questions += 1
        return execute(*given)

    old = sys.gettrace()
    with connection.execute_wrapper(asked):
        sys.settrace(enter)
        try:
            cost.answer = ask()
        except FarTooMuch:
            pass
        finally:
            sys.settrace(old)
    return cost
