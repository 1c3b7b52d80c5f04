"""The town that conditions are asked of, built once for each module that asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.built_once import for_a_module
from tests.conditions.town import Town, make_town


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """A small random town with every kind of gap."""
    with for_a_module(django_db_blocker):
        yield make_town()
