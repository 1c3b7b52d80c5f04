"""Whatever a program sends, the answer is one the description promises, and never a crash."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import schemathesis
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, given, settings
from ninja import Schema

from linli.wsgi import application
from tests.api.conftest import API, Program
from tests.residents.world import Neighbourhood, someone, working_as

pytestmark = [pytest.mark.django_db]
# A description says which letters and numbers may come; what they mean is refused in words.
ALSO_REFUSED = ["2xx", 400, 404, 422]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ALSO_REFUSED}}}
PHASES = (Phase.explicit, Phase.generate)  # a failing case is short enough as it is


def send_everything(chen: Program, examples: int, *, derandomize: bool) -> int:
    """Send fitting and unfitting input to every endpoint; return how many endpoints."""
    config = schemathesis.Config.from_dict(CONFIG)
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", application, config=config)
    sent = set()
    for found in schema.get_all_operations():
        operation: Any = found.ok()
        for mode in schemathesis.GenerationMode:

            @settings(
                max_examples=examples,
                deadline=None,
                phases=PHASES,
                derandomize=derandomize,
                suppress_health_check=list(HealthCheck),
                database=None,
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: schemathesis.Case) -> None:
                case.call_and_validate(headers={"Authorization": f"Bearer {chen.raw}"})

            ask()
        sent.add(operation.label)
    return len(sent)


@pytest.fixture(autouse=True)
def somebody_lives_here(here: Neighbourhood) -> None:
    with working_as("community_worker"):
        someone(here.homes[0], "虞阿香", birth_date=date(1932, 3, 1), phone="13812345678")


def test_any_input_is_answered_as_described(chen: Program) -> None:
    assert send_everything(chen, 4, derandomize=True) >= 11


@pytest.mark.nightly
def test_much_more_input_is_answered_as_described(chen: Program) -> None:
    assert send_everything(chen, 300, derandomize=False) >= 11


def test_no_two_shapes_share_a_name() -> None:
    """The description knows shapes by name alone: the second of a name would describe the first."""
    get_resolver().url_patterns  # noqa: B018 (every app's shapes are known once its addresses are)
    shapes = [Schema]
    for shape in shapes:
        shapes += [
            subclass
            for subclass in shape.__subclasses__()
            if subclass.__module__.startswith("linli.")
        ]
    names = [one.__name__ for one in set(shapes)]
    assert len(names) > 20
    assert [name for name in names if names.count(name) > 1] == []
