"""The neighbourhood every story here takes place in."""

from __future__ import annotations

import pytest

from tests.residents.world import Neighbourhood, a_neighbourhood


@pytest.fixture
def here(db: None) -> Neighbourhood:
    return a_neighbourhood()


@pytest.fixture
def here_live(transactional_db: None) -> Neighbourhood:
    return a_neighbourhood()
