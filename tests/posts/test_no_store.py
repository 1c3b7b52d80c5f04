"""Static files are kept; that nothing else is kept, the walk over every address says."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_static_files_keep_their_year() -> None:
    answer = Client().get("/static/built/icons.svg")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("Cache-Control", "")
