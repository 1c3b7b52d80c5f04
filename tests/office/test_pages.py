"""让手机连上, the steps for phones, and the script that only a trusting phone takes."""

from __future__ import annotations

import http.client
import plistlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.test import Client

from linli.core.office import authority, certificates
from linli.core.office.note import Office
from linli.faces.cli import health
from linli.faces.office import steps
from tests.people import Subdistrict, a_subdistrict, a_user

NOTE, BY_NUMBER = "还没有信任本单位的证书", "用数字网址不能用通行密钥"


@pytest.fixture
def office(settings: Any, tmp_path: Path) -> Office:
    office = Office(tmp_path / "office", name="linli.local", host="127.0.0.1")
    certificates.make_ready(office)
    settings.LINLI_OFFICE, settings.ALLOWED_HOSTS = office, office.hosts
    return office


@pytest.fixture
def town(db: None) -> Subdistrict:
    return a_subdistrict()


def as_(role: str, place: Any) -> Client:
    client = Client(SERVER_NAME="linli.local")
    client.force_login(a_user(role, role, place))
    return client


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return str(answer.content.decode())


def test_who_hands_phones_out_sees_address_code_and_fingerprint(
    office: Office, town: Subdistrict
) -> None:
    shown = authority.fingerprint(authority.root_of(office))
    for role, place in (("subdistrict_officer", town.town), ("secretary", town.community)):
        client = as_(role, place)
        page = read(client, "/connect-phones/")
        assert office.steps_address in page
        assert "data:image/svg+xml" in page
        assert shown in page
        assert "https://linli.local:8443/" in page
        assert "/connect-phones/" in read(client, "/everything/")
    worker = as_("grid_worker", town.grids[0])
    read(worker, "/connect-phones/", 404)
    assert "/connect-phones/" not in read(worker, "/everything/")
    assert Client(SERVER_NAME="linli.local").get("/connect-phones/").status_code == 302


def test_a_real_certificate_needs_no_steps(
    office: Office, town: Subdistrict, settings: Any
) -> None:
    settings.LINLI_OFFICE = office.with_options(certificate="/a.pem", key="/a.key")
    page = read(as_("secretary", town.community), "/connect-phones/")
    assert "打开就能登录，不用装证书" in page
    assert "证书指纹" not in page
    assert "ll-trust" not in read(Client(SERVER_NAME="linli.local"), "/sign-in/")


def test_elsewhere_there_is_nothing_of_an_office(town: Subdistrict, settings: Any) -> None:
    assert settings.LINLI_OFFICE is None
    client = Client()
    client.force_login(a_user("officer", "subdistrict_officer", town.town))
    read(client, "/connect-phones/", 404)
    read(client, "/trust.js", 404)
    assert "/connect-phones/" not in read(client, "/everything/")
    page = read(Client(), "/sign-in/")
    assert "ll-trust" not in page
    assert "用通行密钥登录" in page


@pytest.mark.django_db
def test_signing_in_says_what_the_phone_can_do(office: Office) -> None:
    by_name = read(Client(SERVER_NAME="linli.local", SERVER_PORT="8443"), "/sign-in/")
    assert NOTE in by_name, "hidden until the phone has tried"
    assert office.steps_address in by_name
    assert "用通行密钥登录" in by_name
    assert BY_NUMBER not in by_name
    for number in ("127.0.0.1", "127.0.0.1:8443"):
        page = read(Client(headers={"host": number}), "/sign-in/")
        assert BY_NUMBER in page
        assert "用通行密钥登录" not in page
    assert "unregister" in read(Client(SERVER_NAME="linli.local"), "/trust.js")


@pytest.fixture
def phone(office: Office) -> Iterator[http.client.HTTPConnection]:
    with steps.a_server("127.0.0.1", 0, steps.answers(office)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
        finally:
            server.shutdown()
            thread.join()


def ask(
    phone: http.client.HTTPConnection, path: str, method: str = "GET"
) -> tuple[int, bytes, http.client.HTTPResponse]:
    phone.request(method, path)
    answer = phone.getresponse()
    content = answer.read()
    phone.close()
    return answer.status, content, answer


def test_a_phone_gets_the_steps_and_the_certificate_and_nothing_else(
    phone: http.client.HTTPConnection, office: Office
) -> None:
    root = authority.root_of(office)
    status, content, answer = ask(phone, "/?from=code")
    page = content.decode()
    assert status == 200
    assert "script" not in page
    assert "default-src 'none'" in (answer.getheader("Content-Security-Policy") or "")
    assert "".join(authority.fingerprint(root).split()) in "".join(page.replace("<br>", "").split())
    for words in ("安卓", "苹果", "微信", "Windows", "https://linli.local:8443/"):
        assert words in page

    status, content, answer = ask(phone, "/linli.crt")
    assert (status, answer.getheader("Content-Type")) == (200, "application/x-x509-ca-cert")
    assert x509.load_der_x509_certificate(content) == root
    status, content, _answer = ask(phone, "/linli.mobileconfig")
    (profile,) = plistlib.loads(content)["PayloadContent"]
    assert profile["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(profile["PayloadContent"]) == root

    for path in ("/office.json", "/issuer.key", "/../office/issuer.key", "/sign-in/"):
        assert ask(phone, path)[0] == 404, path
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert ask(phone, "/", method)[0] == 501, method


@pytest.mark.django_db
def test_check_tells_of_the_certificate_where_there_is_one(
    office: Office, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path

    def told() -> list[str]:
        found = health.look_at_everything()
        return [one.state for one in found if one.what == "办公室的证书"]

    assert told() == ["good"]
    (office.folder / authority.CHAIN).unlink()
    assert told() == ["warn"]
    settings.LINLI_OFFICE = None
    assert told() == []
