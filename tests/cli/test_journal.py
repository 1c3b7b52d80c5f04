"""The journal's chain: whatever is done to it behind the product's back is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linli.core.actions import JournalDraft
from linli.core.database import raw_sql
from linli.faces.cli.main import main
from linli.workbench.journal import hash_chain
from tests.scope.world import OURS, a_community, a_town, by_the_system
from tests.tampering import go_round_the_triggers

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
TABLE = "journal_journalentry"


def direct(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Somebody at the database itself."""
    with by_the_system():
        return raw_sql.run(sql, params or [], reason="test: tampering")


def change(dice: random.Random, length: int) -> None:
    column = dice.choice(["text", "kind", "role", "purpose", "subject_kind"])
    seq = dice.randint(1, length)
    direct(f"UPDATE {TABLE} SET {column} = {column} || '改' WHERE seq = %s", [seq])


def change_who(dice: random.Random, length: int) -> None:
    seq = dice.randint(1, length)
    direct(f"UPDATE {TABLE} SET subject_id = COALESCE(subject_id, 0) + 1 WHERE seq = %s", [seq])


def backdate(dice: random.Random, length: int) -> None:
    seq = dice.randint(1, length)
    direct(f"UPDATE {TABLE} SET at = '2020-01-01 00:00:00+00:00' WHERE seq = %s", [seq])


def delete(dice: random.Random, length: int) -> None:
    """From the middle; a cut tail is another story, told below."""
    direct(f"DELETE FROM {TABLE} WHERE seq = %s", [dice.randint(1, length - 1)])


def swap(dice: random.Random, length: int) -> None:
    one, other = dice.sample(range(1, length + 1), 2)
    for before, after in ((one, -1), (other, one), (-1, other)):
        direct(f"UPDATE {TABLE} SET seq = %s WHERE seq = %s", [after, before])


def insert(dice: random.Random, length: int) -> None:
    """Make room and slip an entry in, numbered and sealed as well as one can by hand."""
    seq = dice.randint(1, length)
    with by_the_system():
        for n in range(length, seq - 1, -1):
            direct(f"UPDATE {TABLE} SET seq = %s WHERE seq = %s", [n + 1, n])
        row = hash_chain.JournalEntry.objects.get(seq=seq + 1)
        row.pk, row.seq, row.text = None, seq, "从未发生"
        row.seal = hash_chain.seal_of(row)
        row._state.adding = True
        row.save(force_insert=True)


def reseal(dice: random.Random, length: int) -> None:
    """Change an entry and seal it again: the next entry still holds the old seal."""
    seq = dice.randint(1, length - 1)
    with by_the_system():
        row = hash_chain.JournalEntry.objects.get(seq=seq)
        row.text += "改"
        row.seal = hash_chain.seal_of(row)
        row.save()


TAMPERINGS: list[Callable[[random.Random, int], None]] = [
    change,
    change_who,
    backdate,
    delete,
    swap,
    insert,
    reseal,
]
LENGTH = 12


def write_entries(number: int) -> None:
    ours = a_community(a_town(), OURS, "殷家", 2)
    with by_the_system():
        for n in range(number - 1):
            hash_chain.keep(
                JournalDraft("test.happened", about=ours.persons[n % 2], text=f"第{n}件事")
            )


def tampered_and_found(times: int) -> int:
    write_entries(LENGTH)
    assert list(hash_chain.verify()) == []
    go_round_the_triggers()
    found = 0
    for seed in range(times):
        dice = random.Random(seed)
        point = transaction.savepoint()
        TAMPERINGS[seed % len(TAMPERINGS)](dice, LENGTH)
        found += bool(list(hash_chain.verify()))
        transaction.savepoint_rollback(point)
    assert list(hash_chain.verify()) == [], "and every tampering was taken back"
    return found


def test_fifty_tamperings_are_all_found() -> None:
    assert tampered_and_found(50) == 50


@pytest.mark.nightly
def test_a_thousand_tamperings_are_all_found() -> None:
    assert tampered_and_found(1000) == 1000


def test_without_the_seal_they_would_not_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a chain whose seal says nothing misses changes of content."""
    monkeypatch.setattr(hash_chain, "seal_of", lambda entry: f"{entry.seq:064d}")
    write_entries(LENGTH)
    go_round_the_triggers()
    change(random.Random(1), LENGTH)
    assert list(hash_chain.verify()) == []


def test_a_cut_tail_shows_against_the_number_kept_elsewhere() -> None:
    write_entries(LENGTH)
    length, head = hash_chain.length_and_head()
    go_round_the_triggers()
    direct(f"DELETE FROM {TABLE} WHERE seq = %s", [LENGTH])
    assert list(hash_chain.verify()) == [], "what is left is whole"
    assert hash_chain.length_and_head() != (length, head), "but it is not what was written down"
    written_down = ["journal", "verify", "--length", str(length), "--head", head]
    assert main(["journal", "verify"]) == 0
    assert main(written_down) == 1, "the command finds it"


def test_an_end_noted_before_the_chain_was_sealed_anew(capsys: pytest.CaptureFixture[str]) -> None:
    """The last one of that day is still known; of an earlier one it says that it is not."""
    write_entries(LENGTH)
    data = {"length": LENGTH, "head": "ab" * 32, "broken": []}
    with by_the_system():
        hash_chain.keep(JournalDraft("journal.sealed_anew", data=data))
    noted = ["journal", "verify", "--length"]
    assert main([*noted, str(LENGTH), "--head", "ab" * 32]) == 0
    assert main([*noted, str(LENGTH), "--head", "cd" * 32]) == 1
    assert "可能被截掉" in capsys.readouterr().out
    assert main([*noted, str(LENGTH - 1), "--head", "ab" * 32]) == 1
    assert "重新封存之前抄的" in capsys.readouterr().out


def test_what_was_broken_when_it_was_sealed_anew_is_told_for_good() -> None:
    write_entries(LENGTH)
    data = {"length": LENGTH, "head": "ab" * 32, "broken": [3]}
    with by_the_system():
        hash_chain.keep(JournalDraft("journal.sealed_anew", data=data))
    assert [(one.seq, one.why) for one in hash_chain.verify()] == [
        (3, "changed before it was sealed anew")
    ]


def test_the_command_prints_what_is_to_be_written_down(capsys: pytest.CaptureFixture[str]) -> None:
    write_entries(LENGTH)
    assert main(["journal", "verify"]) == 0
    said = capsys.readouterr().out.strip().splitlines()[-1]
    assert said.startswith("linli journal verify --length")
    write_entries_more = hash_chain.JournalDraft("test.happened", text="后来的事")
    with by_the_system():
        hash_chain.keep(write_entries_more)
    assert main(said.split()[1:]) == 0, "a chain that has grown still holds it"
    assert main([*said.split()[1:-1], "0" * 64]) == 1
    assert main([*said.split()[1:-2]]) == 2, "the two belong together"


@pytest.mark.parametrize(
    "sql",
    [
        f"DELETE FROM {TABLE} WHERE seq = 3",
        f"UPDATE {TABLE} SET text = '改' WHERE seq = 3",
        f"UPDATE {TABLE} SET at = '2020-01-01 00:00:00+00:00' WHERE seq = 3",
        f"UPDATE {TABLE} SET seal = 'x' WHERE seq = 3",
    ],
)
def test_the_database_itself_refuses_to_change_an_entry(sql: str) -> None:
    write_entries(LENGTH)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        direct(sql)
    with transaction.atomic():
        direct(f"UPDATE {TABLE} SET scope_path = scope_path WHERE seq = 3")
    go_round_the_triggers()
    direct(sql)
    assert list(hash_chain.verify()), (
        "the negative control: without the trigger only the seal tells"
    )
