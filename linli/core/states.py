"""State machines: each state says who must act there, what it waits for, or that it is an end.

An app declares its machines in its room ``states.py``. A guard walks all models and fails for a
state of which nobody says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EMPTY, SET = "empty", "set"  # the states of a column without choices, such as a day


@dataclass(frozen=True)
class Acts:
    """Somebody must act: a task of this kind is open, with its seat and its day.

    ``but`` says which rows of this state have none, and where those stand.
    """

    task: str
    but: str = ""


@dataclass(frozen=True)
class Waits:
    """Nobody must act: ``job`` moves it on, or somebody else does, or a day comes."""

    reason: str
    job: str = ""


@dataclass(frozen=True)
class Shown:
    """Somebody may act and has no task: it stands on this page or block of 今日, and why."""

    on: str
    reason: str


@dataclass(frozen=True)
class Ends:
    """Nothing follows by itself."""


Meaning = Acts | Waits | Shown | Ends
Machine = tuple[str, str]  # label of the model, name of the field

MACHINES: dict[Machine, Mapping[str, Meaning]] = {}


def declare_states(label: str, field: str, states: Mapping[str, Meaning]) -> None:
    """Say of every state of a model's field who acts, what it waits for, or that it ends."""
    if (label, field) in MACHINES:
        raise ValueError(f"the states of {label}.{field} are declared twice")
    MACHINES[label, field] = states
