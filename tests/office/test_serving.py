"""What cannot be served to an office is refused in a sentence, before anything is remembered."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as the_settings

from linli.core.database import marks
from linli.core.errors import Refused
from linli.core.office import addresses, note
from linli.core.office.note import Office
from linli.faces.cli import office_server
from linli.faces.cli.commands import serve
from linli.faces.cli.context import CliContext
from tests.office.test_certificates import a_real_one


class BegunAgain(Exception):
    """The command would now become the office's own process."""


@pytest.fixture
def data(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    settings.DATA_DIR, settings.MODE, settings.DEMO = tmp_path, "embedded", False
    monkeypatch.setattr(marks, "bears_the_mark", lambda: False)
    monkeypatch.setattr(addresses, "of_this_machine", lambda: ["192.168.1.10"])

    def again() -> None:
        the_settings.MODE, the_settings.LINLI_OFFICE = "office", note.read(tmp_path)
        raise BegunAgain

    monkeypatch.setattr(office_server, "_begin_again", again)
    return tmp_path


def given(*words: str) -> CliContext:
    parser = argparse.ArgumentParser()
    serve.add_arguments(parser)
    return CliContext(parser.parse_args(["--office", *words]), False, None, None)


def any_port(host: str, port: int) -> None:
    """Ports of this machine are of no matter here."""


@contextmanager
def begins_again() -> Iterator[None]:
    with pytest.raises(BegunAgain):
        yield


def test_what_was_said_once_is_remembered(data: Path) -> None:
    with begins_again():
        office_server.prepare(given("--name", "Linli.local.", "--port", "9443"), any_port)
    office, tls = office_server.prepare(given(), any_port)
    assert (office.name, office.port) == ("linli.local", 9443)
    assert tls["ssl_cert"].is_file()
    with begins_again():
        office_server.prepare(given("--name", ""), any_port)
    assert note.read(data).name == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--name", "linli local"], "不是网络上的名字"),
        (["--name", "192.168.1.10"], "不是网络上的名字"),
        (["--name", "gov.cn"], "不是一个单位的名字"),
        (["--host", "8.8.8.8"], "不是内网地址"),
        (["--port", "70000"], "没有端口 70000"),
        (["--port", "8080"], "不能用同一个端口 8080"),
        (["--certificate", "a.pem"], "要一起写"),
        (["--certificate", "a.pem", "--key", "a.key", "--name", "a.b.cn"], "读不出来"),
    ],
)
def test_what_makes_no_sense_is_refused(data: Path, words: list[str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        office_server.prepare(given(*words), any_port)
    assert not note.is_set_up(data), "and not remembered"


def test_a_given_certificate_is_served(data: Path) -> None:
    certificate, key = a_real_one(data / "real", "linli.panhuo.example.cn")
    words = ("--name", "linli.panhuo.example.cn", "--certificate", certificate, "--key", key)
    with begins_again():
        office_server.prepare(given(*words), any_port)
    office, tls = office_server.prepare(given(), any_port)
    assert str(tls["ssl_cert"]) == certificate
    assert office_server.parts(office) == [], "phones trust it: nothing to install"


@pytest.mark.parametrize(
    ("there", "says"),
    [([], "没有内网地址"), (["8.8.8.8"], "没有内网地址"), (["10.0.0.7", "8.8.8.8"], "互联网上")],
)
def test_a_machine_elsewhere_is_refused(
    data: Path, monkeypatch: pytest.MonkeyPatch, there: list[str], says: str
) -> None:
    monkeypatch.setattr(addresses, "of_this_machine", lambda: there)
    with pytest.raises(Refused, match=says):
        office_server.prepare(given(), any_port)
    with begins_again():
        office_server.prepare(given("--host", "127.0.0.1"), any_port)


def test_made_up_data_is_not_for_an_office(
    data: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True
    with pytest.raises(Refused, match="演示数据"):
        office_server.prepare(given(), any_port)
    settings.DEMO = False
    monkeypatch.setattr(marks, "bears_the_mark", lambda: True)
    with pytest.raises(Refused, match="演示数据"):
        office_server.prepare(given(), any_port)


def test_a_production_is_served_by_nginx(data: Path, settings: Any) -> None:
    settings.MODE = "production"
    with pytest.raises(Refused, match="生产模式"):
        office_server.prepare(given(), any_port)


def test_a_port_that_is_taken_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PORT_SECONDS", 0.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Refused, match="已被别的程序占用"):
            serve._wait_for_the_port("127.0.0.1", other.getsockname()[1])


def test_a_start_that_found_its_port_taken_is_not_remembered(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "PORT_SECONDS", 0.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        words = ("--host", "127.0.0.1", "--port", str(other.getsockname()[1]))
        with pytest.raises(Refused, match="已被别的程序占用"):
            office_server.prepare(given(*words), serve._wait_for_the_port)
    assert not note.is_set_up(data)


def test_the_terminal_shows_where_and_what(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with begins_again():
        office_server.prepare(given(), any_port)
    office, _tls = office_server.prepare(given(), any_port)
    office_server.say(given(), office)
    said = capsys.readouterr().out
    assert "https://192.168.1.10:8443/" in said
    assert "http://192.168.1.10:8080/" in said
    assert "█" in said
    assert "证书指纹" in said
    assert "没有名字" in said
    assert Office(data / "office") == office
