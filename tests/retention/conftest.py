"""Every test has a list of deleted keys of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linli.workbench.retention import deleted_list


@pytest.fixture(autouse=True)
def own_list(tmp_path: Path, monkeypatch: Any) -> Path:
    """Keep the list of this test apart."""
    file = tmp_path / "deleted-keys.jsonl"
    monkeypatch.setattr(deleted_list, "list_file", lambda: file)
    return file
