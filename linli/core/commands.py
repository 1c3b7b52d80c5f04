"""What a command of the command line is given; any app may have a ``commands`` folder."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from linli.core.scope import Scope


class Given(Protocol):
    """The options of one call, the scope it works in, and how it answers people and programs."""

    @property
    def options(self) -> argparse.Namespace:
        """What was typed."""

    @property
    def as_json(self) -> bool:
        """Does a program read the answer?"""

    @property
    def scope(self) -> Scope | None:
        """What the user of ``--as`` may see."""

    def someone(self) -> Any:
        """Return the user of ``--as``, or refuse."""

    def say(self, text: str) -> None:
        """Say a line to a person."""

    def warn(self, text: str) -> None:
        """Say what a person must not overlook, apart from the answer."""

    def answer(self, **data: Any) -> None:
        """Give a program its one line of JSON."""
