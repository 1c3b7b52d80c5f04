"""The container's recipe, read without an engine: its sources exist, its steps are install's."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "container"
RECIPE = FOLDER / "Containerfile"
COMPOSE = FOLDER / "compose.yaml"
MADE_BY_MAKE = ("dist",)  # `make wheel`, which the recipe's first lines name
Step = tuple[str, str]


def steps(text: str) -> list[Step]:
    """Return the instructions of a recipe with their arguments, lines put together."""
    whole = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    lines = [line.split(maxsplit=1) for line in whole.splitlines() if line.strip()]
    return [(name.upper(), rest.strip()) for name, rest in lines]


def faults(text: str) -> list[str]:
    """Say what of a recipe would fail or be unsafe."""
    found = []
    there: dict[str, Path] = {}
    for name, rest in steps(text):
        if name == "COPY":
            *sources, to = rest.split()
            for source in sources:
                there[to] = ROOT / source
                if source not in MADE_BY_MAKE and not (ROOT / source).exists():
                    found.append(f"no {source}")
        if name == "RUN":
            program, *options = rest.split()
            if options != ["--container"] or there.get(program) != ROOT / "deploy/install":
                found.append(f"not a step of deploy/install: {rest}")
    return [*found, *_unsafe(steps(text))]


def _unsafe(given: list[Step]) -> Iterator[str]:
    said = dict(given)
    if said.get("USER", "root") in ("root", "0"):
        yield "runs as root"
    if "HEALTHCHECK" not in said:
        yield "nobody asks whether it is well"
    names = [name for name, _ in given]
    if "USER" in names and "RUN" in names[names.index("USER") :]:
        yield "installs after it gave up root"


def test_the_recipe_can_be_followed() -> None:
    assert faults(RECIPE.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("line", "instead", "fault"),
    [
        ("COPY requirements/run.txt", "COPY requirements/gone.txt", "no requirements/gone.txt"),
        ("USER linli", "USER root", "runs as root"),
        ("HEALTHCHECK", "LABEL", "nobody asks whether it is well"),
        ("install --container", "install --container && pip install more", "not a step"),
    ],
)
def test_a_fault_of_the_recipe_is_found(line: str, instead: str, fault: str) -> None:
    text = RECIPE.read_text(encoding="utf-8")
    assert line in text
    assert any(one.startswith(fault) for one in faults(text.replace(line, instead)))


def test_what_is_copied_is_all_that_install_reads() -> None:
    """In the container deploy/install lies beside nothing but what was copied."""
    copied = {rest.split()[-1] for name, rest in steps(RECIPE.read_text()) if name == "COPY"}
    top = "/usr/src/linli"
    assert {f"{top}/requirements/run.txt", f"{top}/deploy/install", f"{top}/dist"} <= copied


def test_health_is_asked_of_the_port_that_is_served() -> None:
    said = dict(steps(RECIPE.read_text(encoding="utf-8")))
    assert json.loads(said["CMD"])[-1] == said["EXPOSE"] == "8000"
    words = json.loads(said["HEALTHCHECK"].partition("CMD ")[2])
    assert words == ["/opt/linli/bin/python", "/usr/local/bin/healthy"]


class Answers(BaseHTTPRequestHandler):
    """A server that is as well as its class says."""

    status = 200

    def do_GET(self) -> None:
        well = (self.path, self.headers["Host"]) == ("/health/", "linli.example")
        self.send_response(self.status if well else 404)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (301, 1), (None, 1)])
def test_the_container_is_healthy_when_the_product_says_so(status: int | None, code: int) -> None:
    server = HTTPServer(("127.0.0.1", 0), type("Said", (Answers,), {"status": status or 200}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if status is None:
        server.shutdown()
        server.server_close()
    try:
        asked = subprocess.run(
            [sys.executable, str(FOLDER / "healthy"), str(server.server_port)],
            env={**os.environ, "LINLI_HOSTS": "linli.example, other.example"},
            check=False,
        )
        assert asked.returncode == code
    finally:
        if status is not None:
            server.shutdown()
            server.server_close()


def test_web_worker_and_backup_start_after_the_tables_are_there() -> None:
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    for name in ("web", "worker", "backup"):
        waits_for = services[name]["depends_on"]["migrate"]["condition"]
        assert (name, waits_for) == (name, "service_completed_successfully")
        assert services[name]["restart"] == "unless-stopped"
    assert services["web"]["ports"] == ["127.0.0.1:8000:8000"], "HTTPS is before it"
    assert "ports" not in services["database"]
    built = services["migrate"]["build"]
    assert (FOLDER / built["context"] / built["dockerfile"]).resolve() == RECIPE


def test_every_command_of_compose_is_a_command_of_linli() -> None:
    from linli.faces.cli.main import commands

    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    said = " ".join(" ".join(one.get("command", [])) for one in services.values())
    asked = set(re.findall(r"linli ([a-z-]+)", said))
    assert asked == {"migrate", "work", "backup"}
    assert asked <= set(commands())
