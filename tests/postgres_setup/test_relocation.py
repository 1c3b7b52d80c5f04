"""A database that moved takes nothing more, and says where its data went."""

from __future__ import annotations

import io
import sys

import pytest
from django.db import DatabaseError, connection, transaction

from linli.core.actions import writes_allowed
from linli.core.database import backup, relocation
from linli.core.database.row_security import as_owner
from linli.core.errors import Refused
from linli.core.storage import READ_ONLY, trouble_of
from linli.faces.cli.main import main
from linli.register.places.models import Place
from tests.scope.world import OURS, a_community, a_town, by_the_system

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
WHERE = "postgresql://linli_owner@db/linli"


def renames_a_place() -> None:
    with by_the_system(), transaction.atomic():
        Place.objects.update(name="换了名字")


def hashes() -> dict[str, str]:
    with as_owner():
        return {one.name: backup._found(one).sha256 for one in backup.tables()}


def test_the_old_one_is_only_read_until_it_is_opened_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    a_community(a_town(), OURS, "殷家", 1)
    renames_a_place()
    before = hashes()
    relocation.close_for(WHERE)
    with pytest.raises(DatabaseError) as refused:
        renames_a_place()
    assert trouble_of(refused.value) == READ_ONLY, "a program that still runs says it in words"
    with pytest.raises(DatabaseError), by_the_system(), transaction.atomic():
        Place.objects.all().delete()
    with by_the_system():
        assert Place.objects.count() > 1, "it can still be read"
    assert main(["users", "list"]) == 2
    assert WHERE in capsys.readouterr().err
    assert main(["move-database", "--undo"]) == 0
    capsys.readouterr()
    assert hashes() == before, "closed and opened, it is as it was"
    renames_a_place()
    assert main(["users", "list"]) == 0


def test_without_the_triggers_a_running_program_would_go_on_writing() -> None:
    """The control: the mark alone binds only whoever starts."""
    a_community(a_town(), OURS, "殷家", 1)
    relocation.close_for(WHERE)
    for statement in relocation._opening():
        with writes_allowed("a control"):
            relocation.raw_sql.change_shape(connection, [statement])
    renames_a_place()
    with pytest.raises(Refused):
        relocation.refuse_moved()


def test_a_password_is_not_taken_from_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["move-database", "--to", "postgresql://a:secret@h/d"]) == 2
    said = capsys.readouterr()
    assert "看得见" in said.err
    assert "secret" not in said.out + said.err
    monkeypatch.delenv("LINLI_TARGET_URL", raising=False)
    assert main(["move-database"]) == 2
    assert "LINLI_TARGET_URL" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.StringIO("ftp://nowhere/\n"))
    assert main(["move-database", "--to", "-"]) == 2
    assert "DATABASE_URL" in capsys.readouterr().err
    assert not relocation.moved_to()
