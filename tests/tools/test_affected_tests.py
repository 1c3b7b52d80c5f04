"""Which tests a change touches, and which it leaves alone."""

from __future__ import annotations

import pytest

from tools.affected_tests import affected, touched_by

NOTICES = "linli/workbench/notices/tests/test_outbox.py"


@pytest.mark.parametrize(
    ("changed", "touched", "left_alone"),
    [
        ("linli/capabilities/alerts/rules.py", "linli/capabilities/alerts/tests/", NOTICES),
        ("linli/workbench/notices/templates/notices/x.html", NOTICES, "tests/core/test_time.py"),
        ("linli/workbench/notices/outbox.py", NOTICES, "tests/core/test_time.py"),
        ("tests/conditions/town.py", "tests/conditions/test_masked.py", NOTICES),
        ("tests/core/conftest.py", "tests/core/test_time.py", NOTICES),
        ("tests/core/test_time.py", "tests/core/test_time.py", NOTICES),
        ("linli/core/errors.py", NOTICES, None),
        ("pyproject.toml", NOTICES, None),
    ],
)
def test_a_change_touches(changed: str, touched: str, left_alone: str | None) -> None:
    found = touched_by(changed)
    assert any(one.startswith(touched) for one in found)
    assert left_alone not in found


def test_guards_that_read_the_source_always_run() -> None:
    assert affected([]) == affected(["README.md"])
    assert "tests/guards/test_source.py" in affected([])
    assert "tests/guards/test_docs.py" in affected([])
