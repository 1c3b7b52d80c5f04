"""What a command of the command line is given; any app may have a ``commands`` folder.

A command that takes a verb (``linli cases take``) finds the module of each verb by its name in any
of these folders: ``_cases_take.py``. So an app may add a verb to the command of an app below it.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from linli.core.scope import Scope


PACKAGE = Path(__file__).resolve().parents[2]


def verbs_of(command: str) -> dict[str, ModuleType]:
    """Return the modules of a command's verbs by verb: their first line is the help."""
    start = f"_{command}_"
    files = sorted(PACKAGE.glob(f"*/*/commands/{start}*.py"), key=lambda file: file.stem)
    return {
        file.stem.removeprefix(start): import_module(
            ".".join(["linli", *file.relative_to(PACKAGE).with_suffix("").parts])
        )
        for file in files
    }


class CommandContext(Protocol):
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
