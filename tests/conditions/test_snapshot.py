"""The snapshot is the database of a moment: whole, current when asked, never half in place."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from linli.core.fields import EVERYONE, Compare, Condition, Op
from linli.core.scope import Scope, use_scope
from linli.register.people.models import Household, Person
from linli.register.places.models import Building, Dwelling, Place
from linli.workbench.conditions import queries
from linli.workbench.conditions.compilers import duckdb_compiler
from linli.workbench.conditions.models import OwnFieldValue
from linli.workbench.conditions.snapshot import current, refresh, refresh_if_behind
from linli.workbench.conditions.snapshot import files as snapshot_files
from tests.conditions.strategies import TODAY
from tests.conditions.town import TOWN, Town, by_the_system

NONE = timedelta()
pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
SUBJECTS = ("person", "household", "dwelling", "building")


def rows_of(folder: Path) -> dict[str, Any]:
    snapshot = current(folder)
    assert snapshot is not None
    return {
        subject: sorted(pq.read_table(snapshot.file(subject)).to_pylist(), key=itemgetter("id"))
        for subject in SUBJECTS
    }


def test_a_flat_row_has_what_plain_python_sees(town: Town, tmp_path: Path) -> None:
    refresh(tmp_path)
    found = rows_of(tmp_path)
    for subject in SUBJECTS:
        assert [row["id"] for row in found[subject]] == [row["id"] for row in town.rows[subject]]
        for row, by_hand in zip(found[subject], town.rows[subject], strict=True):
            for key in row.keys() & by_hand.keys():
                assert row[key] == by_hand[key] or not (row[key] or by_hand[key]), (subject, key)


def test_no_sealed_value_is_in_the_snapshot(town: Town, tmp_path: Path) -> None:
    refresh(tmp_path)
    said = json.dumps(rows_of(tmp_path), default=str)
    assert "13800000000" not in said
    assert "hukou_address" not in said


def change_everything(town: Town) -> None:
    """Change one of everything, by every door there is."""
    with by_the_system():
        one, two, *_rest = Person.objects.order_by("pk")
        one.birth_date = date(1930, 2, 28)
        one.save(update_fields=["birth_date"])
        Person.objects.filter(pk=two.pk).update(veteran=True)
        Person.objects.filter(household__isnull=True).first().delete()  # type: ignore[union-attr]
        household = Household.objects.filter(members__isnull=False).first()
        household.size = 9
        Household.objects.bulk_update([household], ["size"])
        Dwelling.objects.filter(pk__in=Dwelling.objects.values("pk")[:2]).update(floor=33)
        building = Building.objects.order_by("-pk").first()
        building.has_lift = not building.has_lift
        building.save()
        value = OwnFieldValue.objects.filter(person__isnull=False, flag=True).first()
        value.flag = False
        value.save()


def test_what_changed_is_read_and_the_rest_is_kept(
    town: Town, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(snapshot_files, "OVERLAPS", dict.fromkeys(snapshot_files.OVERLAPS, NONE))
    first = refresh(tmp_path / "kept")
    change_everything(town)
    second = refresh(tmp_path / "kept")
    assert 0 < second.made["person"] < first.made["person"]
    refresh(tmp_path / "fresh", from_nothing=True)
    assert rows_of(tmp_path / "kept") == rows_of(tmp_path / "fresh")


def test_a_renamed_place_is_renamed_in_every_row(town: Town, tmp_path: Path) -> None:
    refresh(tmp_path)
    with by_the_system():
        Place.objects.filter(kind="community", name="殷家社区").update(name="殷家湾社区")
    refresh(tmp_path)
    assert "殷家湾社区" in {row["community_name"] for row in rows_of(tmp_path)["person"]}


def test_nothing_is_made_when_nothing_changed(town: Town, tmp_path: Path) -> None:
    first = refresh_if_behind(tmp_path)
    assert refresh_if_behind(tmp_path) == first == refresh(tmp_path)


def test_a_cross_tab_knows_of_the_change_of_a_moment_ago(town: Town) -> None:
    everyone = Condition("person", EVERYONE)
    with use_scope(Scope((TOWN,), "secretary")):
        before = queries.cross_tab(everyone, "veteran")
    with by_the_system():
        Person.objects.filter(status="current").update(veteran=True)
    with use_scope(Scope((TOWN,), "secretary")):
        after = queries.cross_tab(everyone, "veteran")
    assert after.rows == ("是",) != before.rows
    assert after.total == before.total


def test_a_refresh_that_fails_leaves_the_old_one(
    town: Town, tmp_path: Path, monkeypatch: Any
) -> None:
    refresh(tmp_path)
    before = rows_of(tmp_path)

    def full(*_given: Any, **_more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot_files.pq, "write_table", full)
    monkeypatch.setattr(snapshot_files.pq, "ParquetWriter", full)
    change_everything(town)
    with pytest.raises(OSError, match="No space"):
        refresh(tmp_path)
    assert rows_of(tmp_path) == before


@pytest.mark.parametrize("harm", ["no such folder", "{", ""])
def test_a_snapshot_that_cannot_be_read_is_made_again(
    town: Town, tmp_path: Path, harm: str
) -> None:
    made = refresh(tmp_path)
    if harm == "{":
        (made.folder / "about.json").write_text(harm)
    else:
        (tmp_path / "CURRENT").write_text(harm)
    assert current(tmp_path) is None
    assert refresh_if_behind(tmp_path).folder.is_dir()
    assert current(tmp_path) is not None


def test_readers_see_the_old_one_or_the_new_one(town: Town, tmp_path: Path) -> None:
    """Four readers count while the snapshot is made again and again."""
    condition = Condition("person", Compare("age", Op.GE, 0))
    refresh(tmp_path)
    seen: list[int | str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            snapshot = current(tmp_path)
            try:
                assert snapshot is not None
                with use_scope(Scope((TOWN,), "secretary")):
                    seen.append(len(duckdb_compiler.ids(condition, town.words, TODAY, snapshot)))
            except Exception as wrong:
                seen.append(repr(wrong))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for _ in range(5):
        with by_the_system():
            Person.objects.order_by("pk").first().save()  # type: ignore[union-attr]
        refresh(tmp_path)
    stop.set()
    for reader in readers:
        reader.join()
    assert len(set(seen)) == 1, set(seen)
    assert isinstance(seen[0], int)
