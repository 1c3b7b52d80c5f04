"""Another key is found at the start, not by everybody coming in a second time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from linli.core.database import marks
from linli.core.errors import Refused
from linli.core.personal_data import key_fingerprints
from linli.core.personal_data.crypto import rotate_column
from linli.core.personal_data.key_fingerprints import FIELD, INDEX
from linli.faces.cli import main as cli
from linli.faces.cli.main import main
from linli.register.people.models import Person
from linli.register.people.normalise import phone_index
from tests.scope.world import OURS, a_community, a_town, by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
PHONE = "13800000000"


@pytest.fixture(autouse=True)
def registered() -> None:
    """A community with people who have a phone, and the marks of the keys they were sealed with."""
    a_community(a_town(), OURS, "殷家", 3)
    with by_the_system():
        people = Person.objects.all()
        people.update(phone=PHONE, phone_index=phone_index(PHONE))
    key_fingerprints.keep()


def another_index_key(settings: Any) -> None:
    settings.LINLI_INDEX_KEY = "another index key, long enough to be one"


def another_field_key(settings: Any) -> None:
    settings.LINLI_FIELD_KEYS = [Fernet.generate_key().decode()]


@pytest.mark.parametrize(
    ("change", "wrong", "harm"),
    [
        (another_index_key, INDEX, "LINLI_INDEX_KEY 不是这个数据库原来用的密钥"),
        (another_field_key, FIELD, "LINLI_FIELD_KEYS 不是这个数据库原来用的密钥"),
    ],
)
def test_another_key_stops_every_start(
    change: Any, wrong: str, harm: str, settings: Any, monkeypatch: Any, capsys: Any
) -> None:
    ran: list[str] = []

    class Command:
        @staticmethod
        def run(given: Any) -> None:
            ran.append("ran")

    any_file = cli.PACKAGE / "core" / "paths.py"
    with monkeypatch.context() as only:
        only.setattr(cli, "commands", lambda: {"something": any_file})
        only.setattr(cli, "import_module", lambda name: Command)
        assert main(["something"]) == 0
        assert ran == ["ran"], "with its own keys it starts"
        change(settings)
        assert main(["something"]) == 2
    said = capsys.readouterr().err
    assert ran == ["ran"]
    assert harm in said
    assert "把原来的密钥放回" in said
    assert key_fingerprints.wrong_keys() == [wrong]
    main(["check", "--json"])
    found = {one["what"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
    assert found["密钥的指纹"]["state"] == "bad"
    assert harm in found["密钥的指纹"]["sentence"]
    key_fingerprints.keep()
    assert key_fingerprints.wrong_keys() == [wrong], "a wrong key is never written down as right"


@pytest.mark.parametrize("change", [another_index_key, another_field_key])
def test_an_installation_from_before_there_were_marks_is_asked_itself(
    change: Any, settings: Any
) -> None:
    marks.forget()
    right = settings.LINLI_INDEX_KEY, settings.LINLI_FIELD_KEYS
    change(settings)
    key_fingerprints.keep()
    assert INDEX not in marks.values()
    with pytest.raises(Refused, match="不是这个数据库原来用的密钥"):
        key_fingerprints.refuse_wrong_keys()
    settings.LINLI_INDEX_KEY, settings.LINLI_FIELD_KEYS = right
    key_fingerprints.refuse_wrong_keys()
    assert INDEX in marks.values(), "written down at the first start with the right ones"


def test_a_key_may_be_replaced_in_order(settings: Any) -> None:
    old, new = settings.LINLI_FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.LINLI_FIELD_KEYS = [new, old]
    key_fingerprints.refuse_wrong_keys()
    settings.LINLI_FIELD_KEYS = [new]
    with pytest.raises(Refused, match="LINLI_FIELD_KEYS"):
        key_fingerprints.refuse_wrong_keys()
    settings.LINLI_FIELD_KEYS = [new, old]
    with by_the_system():
        assert rotate_column(Person.objects.all(), "phone") == 3
    settings.LINLI_FIELD_KEYS = [new]
    key_fingerprints.refuse_wrong_keys()
    assert sum(name.startswith(FIELD) for name in marks.values()) == 1, "the old one is forgotten"


def test_before_the_first_row_any_key_will_do(settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(key_fingerprints.backup, "holdings", lambda: 0)
    another_index_key(settings)
    another_field_key(settings)
    key_fingerprints.refuse_wrong_keys()
    monkeypatch.undo()
    assert key_fingerprints.wrong_keys() == []


def test_a_start_writes_nothing_when_the_keys_are_known(monkeypatch: Any) -> None:
    """Another process may be writing for long, and the disk may be full."""
    written: list[str] = []
    monkeypatch.setattr(key_fingerprints, "keep", lambda: written.append("keep"))
    key_fingerprints.refuse_wrong_keys()
    assert written == []
    marks.drop(INDEX)
    key_fingerprints.refuse_wrong_keys()
    assert written == ["keep"]


def test_the_marks_are_no_keys(settings: Any) -> None:
    keys = [settings.LINLI_INDEX_KEY, *settings.LINLI_FIELD_KEYS]
    said = json.dumps(marks.values())
    assert not [key for key in keys if f'"{key}"' in said]
    assert connection.vendor in ("sqlite", "postgresql")
    assert len(marks.values()[marks.INSTALLATION]) == 32
