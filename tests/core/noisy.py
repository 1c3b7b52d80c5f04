"""A process in which everything goes wrong with personal values at hand: see test_quiet_logs.py.

``python -m tests.core.noisy``; the values come from outside, so that none stands in the source.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import traceback
import warnings
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
VALUES: list[str] = json.loads(os.environ["NOISY_VALUES"])
WHO, PHONE, NUMBER, TOKEN = VALUES


class PageError(Exception):
    """What a page raises."""


class DoorError(Exception):
    """What every other door raises."""


def fail(kind: type[Exception], whom: str, *, by: dict[str, str]) -> None:
    """Raise with values in the arguments, the locals and the words, from another error."""
    letter = f"Dear {whom}, {by}"
    try:
        {}[TOKEN]
    except KeyError as wrong:
        raise kind(f"could not tell {whom} of {letter} {PHONE}") from wrong


def page_door(request: Any, who: str) -> Any:
    """A page that breaks after reading everything that was sent."""
    sent = {**request.POST.dict(), **request.COOKIES, **dict(request.headers)}
    fail(PageError, who, by=sent)


def sql_door(request: Any) -> Any:
    """A page whose statement fails with its parameters."""
    from linli.core.database import raw_sql

    raw_sql.run("SELECT * FROM nowhere_at_all WHERE a = %s", [NUMBER], reason=WHO)


def pages() -> None:
    """Ask pages in every way that ends badly."""
    from django.test import Client
    from django.urls import path

    from linli import urls

    urls.urlpatterns.insert(0, path("noisy/<str:who>/", page_door))
    urls.urlpatterns.insert(0, path("noisy/sql/", sql_door))
    client = Client(raise_request_exception=False, enforce_csrf_checks=False)
    client.cookies["seen"] = TOKEN
    heads = {"Authorization": f"Bearer {TOKEN}", "X-Name": PHONE}
    about = {"name": WHO, "phone": PHONE}
    safe: dict[str, Any] = {"headers": heads, "secure": True}
    assert client.post(f"/noisy/{WHO}/?q={PHONE}", about, **safe).status_code == 500
    client.get("/noisy/sql/", about, **safe)
    client.get(f"/nowhere/{WHO}/", about, **safe)
    client.get("/healthz/", headers={"Host": f"{TOKEN}.example"})
    Client(enforce_csrf_checks=True).post(f"/noisy/{PHONE}/", about, secure=True)


def api() -> None:
    """Ask the API with a token while what reads it is broken."""
    from django.test import Client

    from linli.faces.api import access

    def api_door(token: str) -> None:
        fail(DoorError, token, by={"who": WHO})

    access.scope_of_token = api_door  # type: ignore[assignment]
    heads = {"Authorization": f"Bearer {TOKEN}"}
    client = Client(raise_request_exception=False)
    answer = client.post(
        f"/api/v1/conditions/count?name={WHO}",
        {"sentence": WHO},
        "application/json",
        headers=heads,
        secure=True,
    )
    assert answer.status_code == 500, answer.content


def jobs() -> None:
    """Let a job fail, and what writes down how it went (there is no table)."""
    from datetime import timedelta

    from linli.core.jobs import Job
    from linli.workbench.jobs import runner

    def job_door() -> int:
        fail(DoorError, WHO, by={"token": TOKEN})
        return 0

    ended = iter((True, False))
    runner.JOBS.clear()
    job = Job(key="noisy", term="noisy", every=timedelta(days=1), run=job_door)
    runner.run_due = lambda: [runner.run(job)]  # type: ignore[assignment]
    runner.work(rest_seconds=0, goes_on=lambda: next(ended))


def libraries() -> None:
    """Let libraries, threads and warnings speak."""
    lines = logging.getLogger("somebody.else")
    lines.error("no answer for %s at %s", WHO, PHONE)
    lines.error(f"no answer for {WHO} at {PHONE}")
    lines.error("%d of them", TOKEN)
    lines.error({"who": WHO})
    try:
        fail(DoorError, WHO, by={})
    except DoorError as wrong:
        lines.exception(wrong)
        lines.error("failed: %s", wrong, exc_info=True, stack_info=True)
    warnings.warn(f"odd: {WHO} {NUMBER}", RuntimeWarning, stacklevel=1)

    def thread_door() -> None:
        fail(DoorError, WHO, by={"number": NUMBER})

    one = threading.Thread(target=thread_door, name=WHO)
    one.start()
    one.join()

    class Ending:
        def __del__(self) -> None:
            fail(DoorError, WHO, by={})

    Ending()


def cli() -> int:
    """Run a command that breaks."""
    from linli.faces.cli import main

    def cli_door(name: str, file: object, words: list[str]) -> int:
        fail(DoorError, WHO, by={"words": " ".join(words)})
        return 0

    main._run = cli_door  # type: ignore[assignment]
    return main.main(["check", TOKEN])


if __name__ == "__main__":
    import django

    django.setup()
    if "NOISY_CONTROL" in os.environ:  # the log as it was
        from linli.core.runtime import frames

        frames.describe_error = lambda wrong: "".join(traceback.format_exception(wrong))
    for door in (pages, api, jobs, libraries):
        door()
    sys.exit(cli())
