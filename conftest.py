"""Which database this run uses: SQLite, or PostgreSQL with LINLI_TEST_DATABASE=postgres."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from tests import postgres, prepared, refusals

pytest_plugins = ["tests.browser", "tests.cost_table"]

# What Django and the apps have loaded stays: no collection need walk through it again.
gc.freeze()
refusals.watch()

if postgres.wanted():
    from django.db import connections

    from linli.core.runtime import environment

    # Django was set up before this file was read: make it forget the connection it prepared.
    settings.DATABASES["default"] = {
        **environment.database(postgres.url(), Path.cwd()),
        "TEST": {"TEMPLATE": postgres.TEMPLATE},
    }
    connections.__dict__.pop("settings", None)
    if hasattr(connections._connections, "default"):
        del connections["default"]
else:
    # Only of Django's own SQLite does pytest-django know that workers share nothing in memory.
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = prepared.IN_MEMORY
    prepared.use_the_copy()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Import no file that has nothing to ask PostgreSQL, where only what has is run."""
    asked: str = config.getoption("markexpr")
    if "postgres" not in asked or "not postgres" in asked or collection_path.suffix != ".py":
        return None
    return None if "mark.postgres" in collection_path.read_text(encoding="utf-8") else True


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what walks long, and asks for no engine, to the night on PostgreSQL."""
    for item in items if postgres.wanted() else ():
        mark = item.get_closest_marker("postgres")
        if mark is not None and mark.kwargs.get("by_night"):
            item.add_marker(pytest.mark.nightly)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker of tests that run again on PostgreSQL."""
    what = "postgres: runs on SQLite and again on PostgreSQL, by night if by_night=True"
    config.addinivalue_line("markers", what)


def pytest_collection_finish() -> None:
    """Look through what was imported no more for rubbish, and seldom through the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_unconfigure() -> None:
    """Let the process end as it would have."""
    gc.unfreeze()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leave Hypothesis out of the summary where no test used it: it would be loaded for that."""
    plugins, dist = session.config.pluginmanager, session.config.getoption("dist", "no")
    # Where workers run the tests, what they found is told here.
    if "hypothesis" not in sys.modules and dist == "no":
        plugins.unregister(name="hypothesispytest")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let a test not see what an earlier one left, nor the loop of an earlier browser.

    Django keeps its connections by context where a loop runs: the same test would meet another
    database connection, depending on what ran before it.
    """
    _forget_the_last_test()
    if "chromium" in getattr(item, "fixturenames", ()):
        return (yield)
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)


def _forget_the_last_test() -> None:
    """Let no test meet the language or the list of deleted keys that another left in the process.

    The server begins each request with a language of its own; what calls an action does not.
    """
    from linli.workbench.retention import deleted_list

    translation.deactivate()
    deleted_list.list_file().unlink(missing_ok=True)
