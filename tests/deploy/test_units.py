"""The unit files say what the product understands, and nginx lets through what it takes."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from linli.faces.cli import main as cli
from linli.workbench.journal.rules import LARGEST_FILE, MIB, MOST_PHOTOS
from tools.rehearsal import steps
from tools.rehearsal.units import UNITS, options

DEPLOY = UNITS.parent
SERVICES = sorted(file.name for file in UNITS.glob("*.service"))
SITE = (DEPLOY / "nginx" / "linli.conf").read_text(encoding="utf-8")
# What keeps a process that was broken into from the rest of the machine.
FENCES = {
    "User": "linli",
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "UMask": "0077",
    "CapabilityBoundingSet": "",
}


@pytest.mark.parametrize("service", SERVICES)
def test_a_unit_calls_a_command_with_options_that_it_has(service: str) -> None:
    program, name, *words = shlex.split(options(service)["ExecStart"][0])
    assert program == "/opt/linli/bin/linli"
    file = cli.commands()[name]
    cli._parser(name, file, cli._load(file)).parse_args(words)  # exits where it does not understand


@pytest.mark.parametrize("service", SERVICES)
def test_a_unit_is_fenced_in_and_writes_only_where_it_must(service: str) -> None:
    said = options(service)
    assert {name: said[name] for name in FENCES} == {name: [v] for name, v in FENCES.items()}
    writes = set(said["ReadWritePaths"][0].split())
    assert {"/var/lib/linli"} <= writes <= {"/var/lib/linli", "/var/backups/linli"}
    is_oneshot = said["Type"] == ["oneshot"]
    assert is_oneshot != (said["Restart"] == ["always"]), "what serves is always started again"
    assert is_oneshot == (UNITS / service).with_suffix(".timer").exists()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")
def test_systemd_itself_finds_nothing_wrong(tmp_path: Path) -> None:
    def said(folder: Path) -> list[str]:
        files = sorted(map(str, folder.iterdir()))
        command = ["systemd-analyze", "verify", "--man=no", *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return [
            line
            for line in done.stderr.splitlines()
            # The product is not installed here, and other units of this machine are its own.
            if "linli" in line and "is not executable" not in line
        ]

    assert said(UNITS) == []
    spoilt = tmp_path / "units"
    shutil.copytree(UNITS, spoilt)
    file = spoilt / "linli-web.service"
    file.write_text(file.read_text(encoding="utf-8").replace("RestartSec=1", "RestartSec=soon"))
    assert said(spoilt), "a wrong value is found"


def test_nginx_lets_through_what_a_page_takes_and_says_the_same_limits() -> None:
    most = re.search(r"client_max_body_size (\d+)m;", SITE)
    assert most, "the site says how much"
    assert int(most[1]) * MIB > MOST_PHOTOS * LARGEST_FILE
    page = (DEPLOY / "nginx" / "too-large.html").read_text(encoding="utf-8")
    assert f"一次最多发 {MOST_PHOTOS} 张照片，每张不超过 {LARGEST_FILE // MIB} MB" in page


def test_the_log_of_nginx_has_no_question_and_no_link() -> None:
    (said,) = re.findall(r"log_format linli '(.*?)';", SITE)
    assert not {"$request", "$request_uri", "$uri", "$args", "$http_referer"} & set(said.split())
    access_logs = re.findall(r"access_log (.*?);", SITE)
    assert access_logs == ["off", "/var/log/nginx/linli.log linli"]


def test_what_is_for_the_operator_is_not_shown_outside() -> None:
    for inner in ("/health/", "/metrics"):
        assert f"location = {inner} {{ return 404; }}" in SITE


def test_what_the_guides_ask_of_a_real_machine_is_driven_by_the_rehearsal() -> None:
    text = (DEPLOY / "rehearsed_commands.txt").read_text(encoding="utf-8")
    lines = {line for line in text.splitlines() if line and not line.startswith("#")}
    assert lines == {*steps.DRIVEN, *steps.WITH_STAND_INS}
    assert set(steps.DRIVEN.values()) <= set(steps.STEPS)
