"""The list, a hold, a certificate on paper, and the command line."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.core.time import today
from linli.faces.cli.main import main
from linli.workbench.retention import queries
from tests.people import Subdistrict, a_subdistrict, a_user, working_as
from tests.retention.builders import a_leaver, all_over, due_of, run, shown

pytestmark = [pytest.mark.django_db]
NAME = "虞阿香香"


@pytest.fixture
def town() -> Subdistrict:
    return a_subdistrict(floors=1)


def client_of(town: Subdistrict, role: str = "secretary", username: str = "shuji") -> Client:
    place = town.town if role == "subdistrict_officer" else town.community
    client = Client()
    client.force_login(a_user(username, role, place))
    return client


def test_a_secretary_sees_holds_and_lifts(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), NAME)
    all_over(town, person, "霁月canary")
    shown()
    client, due = client_of(town), due_of(person)
    assert "到期名单" in client.get("/").content.decode()
    listed = client.get("/retention/").content.decode()
    assert "虞***" in listed
    assert NAME not in listed
    line = client.get(f"/retention/{due.pk}/").content.decode()
    assert "通知收件" in line
    address = f"/retention/{due.pk}/hold/"
    assert client.post(address, {"reason": "x", "until": "2020-01-01"}).status_code == 422
    until = today() + timedelta(days=30)
    client.post(address, {"reason": "正在诉讼", "until": until.isoformat()})
    assert "正在诉讼" in client.get("/retention/").content.decode()
    assert run().deleted == 0
    client.post(f"/retention/{due.pk}/lift/")
    assert run().deleted == 1
    assert client.get(f"/retention/{due.pk}/").status_code == 404


def test_the_certificate_is_a_page_to_print(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), NAME)
    shown()
    (certificate,) = run().certificates
    address = f"/retention/certificates/{certificate.pk}/"
    for role, username in (("secretary", "shuji"), ("subdistrict_officer", "jiedao")):
        client = client_of(town, role, username)
        assert address in client.get("/retention/").content.decode()
        paper = client.get(address).content.decode()
        assert certificate.digest in paper
        assert "居民" in paper
        assert NAME not in paper
        with working_as(role, town.town.path):
            hashes = queries.hashes_of(certificate)
        assert hashes[0] in paper
    assert person.pk


def test_nobody_else_finds_the_pages(town: Subdistrict) -> None:
    person = a_leaver(town.home("1", "101"), NAME)
    shown()
    for role, place in (("grid_worker", town.grids[0]), ("secretary", town.next_community)):
        client = Client()
        client.force_login(a_user(role, role, place))
        assert client.get(f"/retention/{due_of(person).pk}/").status_code == 404
    assert "没有人到期" in client.get("/retention/").content.decode()


def test_the_command_line_plans_runs_and_proves(town: Subdistrict, capsys: Any) -> None:
    person = a_leaver(town.home("1", "101"), NAME)
    a_user("shuji", "secretary", town.community)
    shown()
    assert main(["retention", "plan", "--json", "--as", "shuji"]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (said["name"], said["ready"]) == ("虞***", True)
    assert main(["retention", "certificates", "--person", str(person.pk)]) == 1
    assert main(["retention", "run"]) == 0
    assert "删除1人" in capsys.readouterr().out
    assert main(["retention", "certificates"]) == 0
    assert "1人" in capsys.readouterr().out
    assert main(["retention", "certificates", "--person", str(person.pk), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["deleted"] is True
