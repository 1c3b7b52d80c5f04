"""Every state of everything says who must act there, what it waits for, or that it is an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from linli.core import autodiscover, states
from linli.core.interface import registry
from linli.core.jobs import JOBS
from linli.core.states import MACHINES, Acts, Ends, Machine, Meaning, Shown, Waits, declare_states
from linli.workbench.tasks.kinds import KINDS

NAMES = {"state", "status", "stage", "phase", "outcome", "result", "fate", "verdict", "stop_reason"}
Machines = Mapping[Machine, Mapping[str, Meaning]]


def declared() -> Machines:
    autodiscover.autodiscover("states")
    return MACHINES


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("linli.")]


def _is_machine(field: Any) -> bool:
    return bool(getattr(field, "choices", None)) and field.name in NAMES


def not_declared(of: Iterable[type[models.Model]], machines: Machines) -> Iterator[str]:
    """Name the fields that are states and the states of which nobody says who acts."""
    for model in of:
        for field in model._meta.get_fields():
            label = (model._meta.label_lower, field.name)
            if not _is_machine(field) and label not in machines:
                continue
            told = set(machines.get(label, ()))
            stands = {str(value) for value, _word in getattr(field, "flatchoices", ()) if value}
            if stands:
                for state in sorted(stands ^ told):
                    yield f"{label[0]}.{label[1]}: {state}"
            elif not told or told - {states.EMPTY, states.SET}:
                yield f"{label[0]}.{label[1]}: empty or set"


def not_there(machines: Machines) -> Iterator[str]:
    """Name what a declaration names and nobody registered."""
    shown = set(registry._pages) | set(registry._blocks)
    fields = {
        (model._meta.label_lower, field.name)
        for model in our_models()
        for field in model._meta.get_fields()
    }
    for machine, meanings in machines.items():
        if machine not in fields:
            yield ".".join(machine)
        for state, meaning in meanings.items():
            where = f"{'.'.join(machine)}: {state}"
            if isinstance(meaning, Acts) and meaning.task not in KINDS:
                yield f"{where}: no task {meaning.task}"
            if isinstance(meaning, Waits) and meaning.job and meaning.job not in JOBS:
                yield f"{where}: no job {meaning.job}"
            if isinstance(meaning, Waits | Shown) and not meaning.reason:
                yield f"{where}: no reason"
            if isinstance(meaning, Shown) and meaning.on not in shown:
                yield f"{where}: no page {meaning.on}"


def test_every_state_says_who_acts() -> None:
    machines = declared()
    assert len(machines) >= 25
    assert list(not_declared(our_models(), machines)) == []
    assert list(not_there(machines)) == []


def test_what_must_be_found_is_found() -> None:
    machines = dict(declared())
    case = apps.get_model("cases.case")
    whole = dict(machines["cases.case", "state"])
    one_less = {state: meaning for state, meaning in whole.items() if state != "handled"}
    machines["cases.case", "state"] = one_less
    assert list(not_declared([case], machines)) == ["cases.case.state: handled"]
    machines["cases.case", "state"] = {
        **whole,
        "received": Acts("cases.nobody"),
        "answered": Waits("somebody", job="cases.never"),
        "handled": Shown("cases.nowhere", "somewhere"),
        "closed": Ends(),
    }
    assert sorted(not_there(machines)) == [
        "cases.case.state: answered: no job cases.never",
        "cases.case.state: handled: no page cases.nowhere",
        "cases.case.state: received: no task cases.nobody",
    ]
    del machines["cases.case", "state"]
    assert len(list(not_declared([case], machines))) == len(whole)


def test_nobody_declares_a_machine_twice() -> None:
    declared()
    with pytest.raises(ValueError, match="twice"):
        declare_states("cases.case", "state", {})


def test_words_that_are_states_belong_to_a_machine() -> None:
    """A list of words called ``…State`` or ``…Status`` is declared, whatever its column is."""
    known = [set(meanings) for meanings in declared().values()]
    lost = [
        f"{words.__module__}.{words.__name__}"
        for words in models.TextChoices.__subclasses__()
        if words.__module__.startswith("linli.")
        and words.__name__.endswith(("State", "Status"))
        and set(words.values) not in known
    ]
    assert lost == []
