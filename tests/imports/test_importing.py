"""A secretary brings a list: every row has a fate, all of it is imported or nothing, and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from linli.core.errors import NotFound, Refused
from linli.core.scope import Scope, system_scope, use_scope
from linli.register.people.models import FactStamp, Household, Person
from linli.register.places.models import Building, Dwelling, Place
from linli.workbench.conditions.actions import define_attribute, set_value
from linli.workbench.conditions.models import OwnFieldValue
from linli.workbench.imports import actions, enumeration_guard, presenters, queries, undo_outlook
from linli.workbench.imports.models import ImportRow
from linli.workbench.journal.models import JournalEntry
from tests.imports import files
from tests.imports.town import (
    ON,
    Town,
    a_list,
    a_town,
    brought,
    doubted,
    fates,
    imported,
    number,
    previewed,
    said,
    settled,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ZHANG, LI, WANG = number(1936, 1), number(1962, 2), number(1990, 4)
HOME = "东方丽都1幢1单元101室"


@pytest.fixture
def town() -> Iterator[Town]:
    made = a_town()
    settled(
        made,
        HOME,
        {"name": "张三", "identity_number": ZHANG, "phone": "13800000001", "education": "primary"},
        {"name": "李四", "birth_date": date(1962, 3, 1), "sex": "2"},
    )
    with made.at_work():
        yield made


def whole_register() -> list[tuple[Any, ...]]:
    """Every stored value of people, households, dwellings and places."""
    with system_scope("compare before and after"):
        return [
            *Person.objects.order_by("pk").values_list(
                "pk",
                "name",
                "phone_index",
                "education",
                "home_id",
                "household_id",
                "status",
                "identity_index",
                "birth_date",
                "scope_path",
            ),
            *Household.objects.order_by("pk").values_list("pk", "size", "ended_on", "head_id"),
            *Dwelling.objects.order_by("pk").values_list("pk", "resident_count", "area", "usage"),
            *Place.objects.order_by("pk").values_list("pk", "path", "name"),
            *Building.objects.order_by("pk").values_list("pk", "floors", "has_lift"),
            *FactStamp.objects.order_by("person", "field").values_list("person", "field", "source"),
        ]


def test_every_row_has_a_fate_and_says_what_changes(town: Town) -> None:
    batch = brought(
        town,
        files.xlsx(
            a_list(
                ["张三", "男", None, ZHANG, 13900000009, HOME, "初中"],
                ["李四", "女", "1962-03-01", None, None, "1-1-101"],
                ["王五", "女", None, WANG, None, "2幢302室"],
                ["赵六", "男", "1950年2月30日", None, "1380000", "东方丽都1幢1单元102室"],
                ["钱七", "男", "1950-02-01", None, None, "东方丽都9幢101室"],
            )
        ),
    )
    assert fates(batch) == {2: "changed", 3: "unchanged", 4: "new", 5: "new", 6: "refused"}
    changes = {one["field"]: one for one in told(batch, 2)["changes"]}
    assert (changes["phone"]["old"], changes["phone"]["new"]) == ("13800000001", "13900000009")
    assert (changes["education"]["source"], changes["education"]["on"]) == ("visit", "2026-05-01")
    assert "C5 出生日期" in doubted(batch, 5), "a bad cell is left out, the person comes in"
    assert "E5 手机" in doubted(batch, 5)
    assert not {"birth_date", "phone"} & set(told(batch, 5)["facts"])
    assert "没有“9”幢" in said(batch, 6)
    assert "F6" in said(batch, 6)
    assert Person.objects.count() == 2, "a preview writes nothing into the register"


def test_the_four_words_of_home_and_household_are_read(town: Town) -> None:
    headings = ["姓名", "出生日期", "住址", "人户状态", "是否户籍人口"]
    rows = [
        ["王一", "1950-02-01", HOME, "人户一致", None],
        ["王二", "1951-02-01", HOME, "户在人不在", "是"],
        ["王三", "1952-02-01", HOME, "人在户不在", None],
        ["王四", "1953-02-01", HOME, "空挂户", None],
        ["王五", "1954-02-01", HOME, "人在户不在", "是"],
        ["王六", "1955-02-01", HOME, "人户分离", None],
    ]
    batch = brought(town, files.xlsx([headings, *rows]))
    assert "户籍人口却填了“是”" in doubted(batch, 6)
    assert "D7" in doubted(batch, 7), "which of the two is not guessed"
    imported(town, batch)
    facts = Person.objects.filter(name__startswith="王").order_by("name")
    assert {one.name: (one.residence_status, one.registered) for one in facts} == {
        "王一": ("together", True),
        "王二": ("hukou_only", True),
        "王三": ("living_only", False),
        "王四": ("empty_hukou", True),
        "王五": ("", None),
        "王六": ("", None),
    }
    # 张三 and 李四 were there; 王二 and 王四 are only registered.
    assert Dwelling.objects.get(place=town.homes[HOME]).resident_count == 6


def test_what_is_imported_is_there_with_its_source_and_can_be_taken_back(town: Town) -> None:
    before = whole_register()
    batch = imported(
        town,
        brought(
            town,
            files.xlsx(
                a_list(
                    ["张三", "男", None, ZHANG, 13900000009, "东方丽都2幢201室", "初中"],
                    ["王五", "女", None, WANG, None, "2幢302室"],
                )
            ),
        ),
    )
    assert batch.state == "applied"
    zhang, wang = Person.objects.get(name="张三"), Person.objects.get(name="王五")
    assert (zhang.phone, zhang.education) == ("13900000009", "junior")
    assert zhang.home == town.homes["东方丽都2幢201室"]
    assert zhang.scope_path == zhang.home.path
    assert zhang.stamps.get(field="phone").source == "department"
    assert (wang.source, wang.confirmed_on, wang.sex) == ("department", ON, "2")
    assert wang.birth_date == date(1990, 3, 1)
    assert wang.household.size == 1
    batch = actions.undo_batch(batch=batch, by=town.user)
    assert batch.state == "undone"
    assert whole_register() == before


def test_undo_waits_for_what_somebody_changed_since_and_then_works(town: Town) -> None:
    before = whole_register()
    batch = imported(
        town,
        brought(
            town,
            files.xlsx(
                a_list(
                    ["张三", None, None, ZHANG, 13900000009],
                    ["王五", None, None, WANG, None, "2幢302室"],
                )
            ),
        ),
    )
    imported_register = whole_register()
    second = imported(
        town,
        brought(
            town,
            files.xlsx(a_list(["王五", None, None, WANG, 13700000000])),
            name="电话.xlsx",
            confirmed_on=date(2026, 11, 20),
        ),
    )
    with_second = whole_register()
    wang = Person.objects.get(name="王五")
    outlook = undo_outlook.outlook_of(batch)
    assert (outlook.people.removed, outlook.people.restored) == (1, 1)
    assert [(one.label, one.records) for one in outlook.later] == [("电话.xlsx", 1)]
    assert [one.person for one in outlook.people.obstacles] == [wang.pk]
    assert outlook.row_of[wang.pk] == 3
    with pytest.raises(Refused, match="现在不能撤销"):
        actions.undo_batch(batch=batch, by=town.user)
    batch.refresh_from_db()
    assert batch.state == "applied"
    assert whole_register() == with_second, "nothing is half undone"
    actions.undo_batch(batch=second, by=town.user)
    assert whole_register() == imported_register
    assert undo_outlook.outlook_of(batch).count == 0
    actions.undo_batch(batch=batch, by=town.user)
    assert whole_register() == before
    with pytest.raises(Refused, match="已经撤销"):
        actions.undo_batch(batch=batch, by=town.user)


def test_a_later_list_that_says_the_same_rests_on_the_earlier(town: Town) -> None:
    rows = a_list(["张三", None, None, ZHANG, 13900000009])
    first = imported(town, brought(town, files.xlsx(rows)))
    also = a_list(
        ["张三", None, None, ZHANG, 13900000009], ["王五", None, None, WANG, None, "2幢302室"]
    )
    second = imported(town, brought(town, files.xlsx(also), name="也说.xlsx"))
    assert fates(second)[2] == "unchanged"
    assert [one.label for one in undo_outlook.outlook_of(first).later] == ["也说.xlsx"]
    with pytest.raises(Refused, match="现在不能撤销"):
        actions.undo_batch(batch=first, by=town.user)
    actions.undo_batch(batch=second, by=town.user)
    actions.undo_batch(batch=first, by=town.user)
    assert Person.objects.get(name="张三").phone == "13800000001"


def test_one_journal_entry_tells_of_the_whole_import(town: Town) -> None:
    imported(town, brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, "2-302"]))))
    entry = JournalEntry.objects.get(kind="imports.applied")
    assert entry.text == "居民.xlsx"
    assert entry.data["new"] == 1
    assert WANG not in str(entry.data)


def test_older_news_does_not_replace_newer(town: Town) -> None:
    batch = brought(
        town,
        files.xlsx(a_list(["张三", None, None, ZHANG, None, None, "初中"])),
        confirmed_on=date(2020, 1, 1),
    )
    assert fates(batch) == {2: "unchanged"}
    assert told(batch, 2)["changes"][0]["kept"]


def test_who_may_be_meant_is_not_guessed(town: Town) -> None:
    batch = brought(
        town,
        files.xlsx(
            a_list(
                ["李四", "女", None, None, None, HOME],
                ["李四", "女", "1962-03-01", None, None, "东方丽都2幢301室"],
                ["李四", "女", None, LI, None, HOME],
                ["李四", "女", None, LI, None, HOME],
                ["张三", "男", None, number(1936, 3), None, HOME],
            )
        ),
    )
    assert fates(batch) == {2: "refused", 3: "refused", 4: "changed", 5: "refused", 6: "refused"}
    assert "可能是已登记的人：李* 1962年生 东方丽都*幢" in said(batch, 2)
    assert "可能是已登记的人" in said(batch, 3)
    assert "与第4行是同一个人" in said(batch, 5)
    assert "证件号码与表中不同" in said(batch, 6)


def a_year_of_guesses() -> list[list[Any]]:
    """One name with every day of a year: which of them is the birthday?"""
    days = (date(1962, 1, 1) + timedelta(days=n) for n in range(365))
    return [["李四", None, day.isoformat(), None, None, "东方丽都2幢301室"] for day in days]


def test_a_list_cannot_try_a_birthday_out(town: Town) -> None:
    batch = brought(town, files.xlsx(a_list(*a_year_of_guesses())))
    assert set(fates(batch).values()) == {"refused"}
    words = {said(batch, number) for number in fates(batch)}
    assert len(words) == 1, "the row with the right day reads like the others"
    assert "同一姓名有365行" in words.pop()


def test_without_the_rule_one_row_would_tell(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(enumeration_guard, "are_guesses", lambda **_given: False)
    batch = brought(town, files.xlsx(a_list(*a_year_of_guesses())))
    telling = [number for number in fates(batch) if "可能是已登记的人" in said(batch, number)]
    assert len(telling) == 1


def test_somebody_registered_elsewhere_is_not_registered_twice(town: Town) -> None:
    settled(town, "西湖花园3幢101室", {"name": "王五", "identity_number": WANG})
    batch = brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, "2-302"])))
    assert "范围以外" in said(batch, 2)
    assert "西湖花园" not in said(batch, 2), "where, is not for this community to know"


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("东方丽都1幢1单元102室", "东方丽都1幢1单元102室"),
        ("1-1-102", "东方丽都1幢1单元102室"),
        ("东方丽都1号楼2单元102", "东方丽都1幢2单元102室"),
        ("2幢301", "东方丽都2幢301室"),
        ("宁波市鄞州区潘火街道殷家社区东方丽都二栋301室", "东方丽都2幢301室"),
        ("东方丽都小区02幢0301室", "东方丽都2幢301室"),
        ("２幢３０１室", "东方丽都2幢301室"),
        ("2#301", "东方丽都2幢301室"),
    ],
)
def test_addresses_are_found_however_they_are_written(town: Town, address: str, home: str) -> None:
    batch = brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, address])))
    assert fates(batch) == {2: "new"}, said(batch, 2)
    assert told(batch, 2)["place_id"] == town.homes[home].pk


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("1幢101室", "有2处符合"),
        ("1幢3单元101室", "没有101室"),
        ("西湖花园3幢101室", "没有"),
        ("某某花园2幢301室", "没有“某某花园”"),
        ("潘火路88号2幢301室", "没有“潘火路88号”"),
        ("社区活动室旁边", "看不懂地址"),
        ("2幢999室", "没有999室"),
        (None, "没有住址"),
        ("301室", "看不懂地址"),
    ],
)
def test_an_address_that_is_not_clear_is_refused(town: Town, address: Any, words: str) -> None:
    batch = brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, address])))
    assert fates(batch) == {2: "refused"}
    assert words in said(batch, 2)


def test_missing_dwellings_are_made_when_ticked_and_go_with_the_undo(town: Town) -> None:
    before = whole_register()
    data = files.xlsx(
        a_list(
            ["王五", None, None, WANG, None, "2幢1801室"],
            ["王六", None, None, LI, None, "2幢1801室"],
            ["王七", None, None, number(1991, 3), None, "1幢3单元101室"],
        )
    )
    assert set(fates(brought(town, data)).values()) == {"refused"}
    batch = brought(town, data, make_dwellings=True)
    assert set(fates(batch).values()) == {"new"}
    batch = imported(town, batch)
    home = Place.objects.get(address="东方丽都2幢1801室")
    assert (home.dwelling_facts.floor, home.dwelling_facts.resident_count) == (18, 2)
    assert Place.objects.get(address="东方丽都1幢3单元101室").residents.get().name == "王七"
    actions.undo_batch(batch=batch, by=town.user)
    assert whole_register() == before


DWELLINGS = ["小区", "幢", "单元", "室号", "面积（㎡）", "房屋状态", "是否有电梯"]


def test_a_list_of_dwellings_changes_makes_and_is_taken_back(town: Town) -> None:
    before = whole_register()
    data = files.xlsx(
        [
            DWELLINGS,
            ["东方丽都", "2幢", None, "301", "89.5", "出租", "有"],
            ["东方丽都", 2, None, "302", 89.5, "群租", None],
            ["东方丽都", "2", None, 1801, 120, "自住", None],
            ["东方丽都", "5幢", "1单元", "101室", 70, None, "否"],
            ["东方丽都", "5幢", "1单元", "102室", 70, None, "否"],
            ["某某苑", "2幢", None, "301", 1, None, None],
        ]
    )
    batch = brought(town, data, subject="dwelling")
    assert fates(batch) == {
        2: "changed",
        3: "changed",
        4: "new",
        5: "refused",
        6: "refused",
        7: "refused",
    }
    assert "可以填：自住、出租" in doubted(batch, 3)
    batch = imported(town, brought(town, data, subject="dwelling", make_dwellings=True))
    home = town.homes["东方丽都2幢301室"].dwelling_facts
    home.refresh_from_db()
    assert (str(home.area), home.usage) == ("89.50", "rented")
    assert Building.objects.get(place=town.homes["东方丽都2幢"]).has_lift
    dwelling = Dwelling.objects.get(place__address="东方丽都5幢1单元102室")
    assert (str(dwelling.area), dwelling.floor) == ("70.00", 1)
    assert Building.objects.get(place__name="5幢").has_lift is False
    batch = actions.undo_batch(batch=batch, by=town.user)
    assert whole_register() == before


def test_a_file_is_kept_sealed_until_its_day_and_then_gone(town: Town, time_machine: Any) -> None:
    data = files.xlsx(a_list(["王五", None, None, WANG, None, "2-302"]))
    batch = imported(town, brought(town, data))
    stored = queries.file_of(batch)
    assert stored
    assert data[:200] not in stored
    assert (batch.purge_on - batch.brought_at.date()).days in (30, 31)
    time_machine.move_to("2099-01-01 12:00")
    assert queries.is_purge_due()
    assert actions.purge(by=town.user) == 1
    assert not queries.file_of(batch)
    assert not ImportRow.objects.filter(batch=batch).exists()
    with pytest.raises(Refused, match="保存期限"):
        actions.undo_batch(batch=queries.batch_or_not_found(batch.link), by=town.user)


def test_rows_are_sealed_in_the_database(town: Town) -> None:
    from linli.core.database import raw_sql

    batch = brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, "2-302"])))
    kept = raw_sql.run("SELECT told FROM imports_importrow", reason="is it sealed?")
    assert len(kept) == batch.rows.count() == 1
    assert WANG not in str(kept)
    assert "王五" not in str(kept)


def test_only_one_of_two_imports_and_a_silent_one_can_be_replaced(
    town: Town, time_machine: Any
) -> None:
    batch = brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, "2-302"])))
    first = actions.begin(batch=queries.batch_or_not_found(batch.link), by=town.user)
    with pytest.raises(Refused, match="正在处理"):
        actions.begin(batch=queries.batch_or_not_found(batch.link), by=town.user)
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    second = actions.begin(batch=queries.batch_or_not_found(batch.link), by=town.user)
    with pytest.raises(Refused, match="代替"):
        actions.apply_batch(batch=first, by=town.user)
    actions.apply_batch(batch=second, by=town.user)
    assert Person.objects.filter(name="王五").count() == 1


def test_who_was_registered_since_the_preview_stops_the_whole_import(town: Town) -> None:
    batch = brought(
        town,
        files.xlsx(
            a_list(
                ["赵六", None, "1950-02-01", None, None, "2-301"],
                ["王五", None, None, WANG, None, "2-302"],
            )
        ),
    )
    settled(town, "东方丽都2幢303室", {"name": "王五", "identity_number": WANG})
    with pytest.raises(Refused):
        imported(town, batch)
    assert not Person.objects.filter(name="赵六").exists(), "all of it or nothing"
    batch = queries.batch_or_not_found(batch.link)
    assert (batch.state, bool(batch.error_text)) == ("previewed", True)


@pytest.mark.parametrize(
    "wrong", [OSError(28, "No space left on device"), MemoryError(), RuntimeError("bug")]
)
def test_whatever_goes_wrong_half_way_nothing_is_half_done(
    town: Town, monkeypatch: pytest.MonkeyPatch, wrong: Exception
) -> None:
    batch = brought(
        town,
        files.xlsx(
            a_list(
                ["张三", None, None, ZHANG, 13900000009],
                ["王五", None, None, WANG, None, "2幢1801室"],
            )
        ),
        make_dwellings=True,
    )
    before = whole_register()

    def fail(*_: Any, **__: Any) -> None:
        raise wrong

    monkeypatch.setattr("linli.register.people.bulk.rows.Recording.memory", fail)
    with pytest.raises((Refused, RuntimeError)) as raised:
        imported(town, batch)
    assert whole_register() == before
    if isinstance(wrong, OSError):
        assert "磁盘已满" in str(raised.value)
    monkeypatch.undo()
    if not isinstance(wrong, RuntimeError):
        imported(town, queries.batch_or_not_found(batch.link))
        assert Person.objects.filter(name="王五").exists(), "it can simply begin again"


def test_columns_can_be_corrected_and_two_for_one_fact_are_refused(town: Town) -> None:
    rows = [["谁", "住哪里", "手机", "电话"], ["王五", "2-302", "13800000000", "13700000000"]]
    batch = brought(town, files.xlsx(rows))
    with pytest.raises(Refused, match="两列"):
        previewed(town, batch, {"0": "name", "1": "address", "2": "phone", "3": "phone"})
    batch = previewed(town, batch, {"0": "name", "1": "address", "2": "phone", "3": ""})
    assert fates(batch) == {2: "new"}


def test_merged_households_are_filled_down_when_asked(town: Town) -> None:
    def change(page: Any) -> None:
        page.merge_cells("F2:F3")

    data = files.xlsx(
        a_list(["王五", None, None, WANG, None, "2-302"], ["王六", None, None, LI]), change
    )
    assert fates(brought(town, data)) == {2: "new", 3: "refused"}
    batch = imported(town, brought(town, data, fill_down=True))
    assert Person.objects.get(name="王六").home == Person.objects.get(name="王五").home
    assert batch.count("new") == 2


def test_an_import_belongs_to_its_place_and_to_those_who_may(town: Town) -> None:
    batch = brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, "2-302"])))
    elsewhere = Scope((town.homes["西湖花园3幢"].above[1],), "secretary", "test", town.user.pk)
    with use_scope(elsewhere), pytest.raises(NotFound):
        queries.batch_or_not_found(batch.link)
    lead = Scope(town.scope.paths, "grid_worker", "test", town.user.pk)
    with use_scope(lead), pytest.raises(Refused, match="岗位"):
        actions.begin(batch=batch, by=town.user)


def test_a_dropped_import_leaves_nothing(town: Town) -> None:
    batch = brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, "2-302"])))
    actions.drop_batch(batch=batch, by=town.user)
    assert not ImportRow.objects.exists()
    assert not queries.file_of(batch)
    assert not queries.batches().exists()


def test_a_trial_without_the_transaction_would_leave_half(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: with the one transaction taken out, the test above turns red."""
    from contextlib import nullcontext
    from types import SimpleNamespace

    batch = brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, "2-302"])))
    before = whole_register()
    monkeypatch.setattr("linli.core.actions.transaction", SimpleNamespace(atomic=nullcontext))

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("linli.register.people.bulk.rows.Recording.memory", fail)
    with pytest.raises(Refused):
        imported(town, batch)
    assert whole_register() != before


def test_a_preview_that_was_replaced_keeps_nothing(town: Town) -> None:
    batch = brought(town, files.xlsx(a_list(["王五", None, None, WANG, None, "2-302"])))
    before = list(batch.rows.values_list("pk", flat=True))
    with pytest.raises(Refused, match="代替"):
        actions.keep_preview(batch=batch, drafts=[], by=town.user)
    assert list(batch.rows.values_list("pk", flat=True)) == before


def test_facts_that_an_office_added_are_imported_and_taken_back(town: Town) -> None:
    level = define_attribute(
        label="结对党员", subject="person", kind="text", by=town.user, place=town.community
    )
    colour = define_attribute(
        label="水表颜色",
        subject="dwelling",
        kind="choice",
        by=town.user,
        choices=["红", "蓝"],
        place=town.community,
    )
    zhang = Person.objects.get(name="张三")
    set_value(attribute=level, subject_id=zhang.pk, value="老陈", by=town.user, on=date(2026, 5, 1))
    rows = [
        ["姓名", "身份证号码", "住址", "结对党员"],
        ["张三", ZHANG, None, "小林"],
        ["王五", WANG, "2-302", "小周"],
    ]
    batch = brought(town, files.xlsx(rows))
    assert fates(batch) == {2: "changed", 3: "new"}
    assert told(batch, 2)["changes"][0]["old"] == "老陈"
    batch = imported(town, batch)
    said_now = dict(OwnFieldValue.objects.values_list("person__name", "text"))
    assert said_now == {"张三": "小林", "王五": "小周"}
    assert actions.undo_batch(batch=batch, by=town.user).left == []
    assert dict(OwnFieldValue.objects.values_list("person__name", "text")) == {"张三": "老陈"}
    rows = [
        ["小区", "幢", "室号", "水表颜色"],
        ["东方丽都", "2", "301", "红"],
        ["东方丽都", "2", "302", "绿"],
        ["东方丽都", "2", "1801", "蓝"],
    ]
    batch = brought(town, files.xlsx(rows), subject="dwelling")
    assert fates(batch) == {2: "changed", 3: "unchanged", 4: "new"}
    imported(town, batch)
    colours = OwnFieldValue.objects.filter(attribute=colour)
    assert sorted(colours.values_list("text", flat=True)) == ["红", "蓝"]


def test_a_refused_head_leaves_the_family_waiting_and_the_page_says_so(town: Town) -> None:
    heads = ["姓名", "身份证号码", "家庭住址", "与户主关系"]
    home = "东方丽都2幢302室"
    wrong = [["王五", "3.30212E+17", home, "户主"], ["周梅", number(1991, 6), home, "配偶"]]
    batch = imported(town, brought(town, files.xlsx([heads, *wrong])))
    assert fates(batch) == {2: "refused", 3: "new"}
    assert any("1户的户主没有导入" in note for note in presenters.notes(batch))
    wife = Person.objects.get(name="周梅")
    assert (wife.relation_to_head, wife.household.awaits_head) == ("1", True)
    right = [["王五", WANG, home, "户主"], wrong[1]]
    second = imported(town, brought(town, files.xlsx([heads, *right])))
    assert not any("户主没有导入" in note for note in presenters.notes(second))
    household = Household.objects.get(dwelling__address=home)
    assert (household.size, household.head.name, household.awaits_head) == (2, "王五", False)


def test_the_family_of_a_refused_head_is_put_into_no_other_family_there(town: Town) -> None:
    heads = ["姓名", "身份证号码", "家庭住址", "与户主关系"]
    home = "东方丽都2幢302室"
    settled(town, home, {"name": "刘建亚", "relation_to_head": "0", "birth_date": date(1960, 1, 1)})
    family = [["周梅", number(1991, 6), home, "配偶"], ["王小五", number(2015, 7), home, "子女"]]
    refused = ["王五", "3.30212E+17", home, "户主"]
    batch = brought(town, files.xlsx([heads, refused, *family]))
    assert fates(batch) == {2: "refused", 3: "new", 4: "new"}
    assert all("第2行的户主不能导入" in doubted(batch, row) for row in (3, 4))
    imported(town, batch)
    theirs = Household.objects.get(dwelling__address=home, head__name="刘建亚")
    assert (theirs.size, theirs.awaits_head) == (1, False)
    waiting = Household.objects.get(dwelling__address=home, awaits_head=True)
    assert (waiting.size, waiting.head) == (2, None)
    imported(town, brought(town, files.xlsx([heads, ["王五", WANG, home, "户主"], *family])))
    waiting.refresh_from_db()
    assert (waiting.size, waiting.head.name, waiting.awaits_head) == (3, "王五", False)


def test_below_a_refused_head_who_lives_there_they_join_that_family(town: Town) -> None:
    heads = ["姓名", "身份证号码", "家庭住址", "与户主关系"]
    home = "东方丽都2幢302室"
    settled(town, home, {"name": "王五", "relation_to_head": "0", "birth_date": date(1960, 1, 1)})
    settled(town, home, {"name": "刘建亚", "relation_to_head": "0", "birth_date": date(1960, 1, 1)})
    rows = [["王 五", "3.30212E+17", home, "户主"], ["周梅", number(1991, 6), home, "配偶"]]
    imported(town, brought(town, files.xlsx([heads, *rows])))
    assert Person.objects.get(name="周梅").household.head.name == "王五"
