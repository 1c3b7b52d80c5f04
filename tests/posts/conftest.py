"""The neighbourhood every story here takes place in."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from tests.residents.world import Neighbourhood, a_neighbourhood


@pytest.fixture(autouse=True)
def nobody_has_tried_yet() -> None:
    """Forget the attempts of other stories."""
    cache.clear()


@pytest.fixture
def here(db: None) -> Neighbourhood:
    return a_neighbourhood()


@pytest.fixture
def here_live(transactional_db: None) -> Neighbourhood:
    return a_neighbourhood()
