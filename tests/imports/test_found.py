"""Lists that failed once, each with what is right, and others of the same kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from linli.register.people.models import Person
from tests.imports import files
from tests.imports.found import HOME, a_found_town, found, made, outcome
from tests.imports.town import Town, brought, fates, imported, number, previewed, settled, told

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def town() -> Iterator[Town]:
    made_town = a_found_town()
    with made_town.at_work():
        yield made_town


def taken(outcomes: dict[str, dict[str, Any]], key: str) -> list[Any]:
    """The values of one fact in the order of the list, None where the cell was left out."""
    assert all(one["fate"] == "new" for one in outcomes.values()), outcomes
    return [one["facts"].get(key) for one in outcomes.values()]


WORDS: dict[str, tuple[str, str]] = {
    "文化程度": (
        "education",
        "bachelor bachelor bachelor - college college college vocational vocational vocational "
        "vocational junior junior primary primary none none none - master doctor none none senior "
        "vocational",
    ),
    "婚姻状况": ("marital_status", "20 10 40 40 30 20 20 20 10 20 30 20 20 -"),
    "残疾类别": ("disability_kind", "4 4 1 2 3 3 5 6 7 - 1 none"),
    "残疾等级": ("disability_level", "1 1 1 1 1 2 2 4 - 2 1 3 3"),
    "就业状况": (
        "employment",
        "employed retired retired employed employed farming farming student student home "
        "unemployed unemployed flexible self self flexible employed employed home preschool "
        "retired employed self",
    ),
    "医疗保险": (
        "medical_insurance",
        "employee employee resident resident resident resident resident public - - none - employee",
    ),
    "养老保险": ("pension", "employee employee resident resident - official none - resident"),
    "居住身份": (
        "tenure",
        "owner tenant tenant tenant - owner owner owner tenant tenant family family other other "
        "collective",
    ),
    "自理能力": ("care_level", "able able able - - - - full - - light full"),
    "慢性病": (
        "chronic_illness",
        "hypertension hypertension diabetes heart stroke stroke cancer cancer lung kidney dementia "
        "mental none - - other other",
    ),
    "民族": (
        "ethnicity",
        "汉族 汉族 回族 维吾尔族 壮族 满族 布依族 其他民族 穿青人 土家族 汉族 汉族",
    ),
    "低保": ("low_income", "1 0 1 1 1 0 0 1 1 1 0 1 -"),
    "退役军人": ("veteran", "1 1 1 0 - - - -"),
}


@pytest.mark.parametrize("heading", WORDS)
def test_everyday_words_and_codes_are_known_and_others_leave_a_doubt(
    town: Town, heading: str
) -> None:
    key, right = WORDS[heading]
    outcomes = outcome(found(town, f"a13-{heading}.xlsx"))
    values = [{"-": None, "1": True, "0": False}.get(word, word) for word in right.split()]
    if key not in ("low_income", "veteran"):
        values = [None if word == "-" else word for word in right.split()]
    assert taken(outcomes, key) == values
    said = {name for name, one in outcomes.items() if one["facts"].get(key) is None}
    empty = {name for name in said if not outcomes[name]["doubts"]}
    assert len(empty) <= 1, "only 无 leaves no doubt"


def test_postgraduates_are_asked_about(town: Town) -> None:
    rows = [
        ["姓名", "学历", "住址"],
        ["甲一", "研究生", HOME],
        ["甲二", "研究生学历（硕士）", HOME],
    ]
    outcomes = outcome(made(town, rows))
    assert taken(outcomes, "education") == [None, None]
    assert "可能是：硕士、博士" in outcomes["甲一"]["doubts"]


def test_one_bad_cell_keeps_nobody_out(town: Town) -> None:
    for name in ("v1-choices.xlsx", "o1-one-bad-cell.xlsx", "a12-phones.xlsx"):
        assert set(fates(found(town, name)).values()) == {"new"}, name
    phones = outcome(found(town, "a12-phones.xlsx"))
    of = {name: one["facts"].get("phone") for name, one in phones.items()}
    assert of["电话一"] == of["电话乁"] == of["电话也"] == "13900000001"
    assert of["电话丅"] == "057488880000"
    assert of["电话丏"] is of["电话且"] is of["电话乆"] is of["电话乚"] is None
    assert "儿子" in phones["电话丏"]["doubts"], "somebody else's number is not taken"
    assert "空号" in phones["电话乆"]["doubts"]


def test_documents_are_told_apart(town: Town) -> None:
    kinds = taken(outcome(found(town, "a1-documents-kinds.xlsx")), "identity_kind")
    right = ["resident"] * 2 + ["hk_mo"] * 3 + ["tw"] * 2 + ["passport"] * 3 + ["foreign"]
    assert kinds == right + ["other"] * 7
    outcomes = outcome(found(town, "a1-documents-no-kind.xlsx"))
    assert {one["fate"] for one in outcomes.values()} == {"new"}
    assert "看不出是哪种证件" in outcomes["护照一"]["doubts"]


def test_names_are_compared_in_one_way(town: Town) -> None:
    imported(town, found(town, "n1-first.xlsx"))
    assert set(fates(found(town, "n1-again.xlsx")).values()) == {"unchanged"}
    rows = [["姓名", "出生日期", "住址"], ["阿依古丽 • 买买提", "1960-01-01", HOME]]
    assert fates(made(town, rows)) == {2: "unchanged"}


def test_another_name_on_a_number_is_a_doubt_and_nothing_is_renamed(town: Town) -> None:
    imported(town, found(town, "m1-first.xlsx"))
    batch = found(town, "m1-other-name.xlsx")
    assert fates(batch) == {2: "unchanged"}
    doubts = outcome(batch)["完全不同"]["doubts"]
    assert "赵某甲" in doubts
    assert "完全不同" in doubts
    settled(town, HOME, {"name": "周小明", "identity_number": number(1962, 1)})
    rows = [
        ["姓名", "身份证号码", "文化程度", "电话"],
        ["周晓明", number(1962, 1), "高中", None],
        ["赵某甲", "999001196201010549", None, "13900000001"],
    ]
    batch = imported(town, made(town, rows))
    known = Person.objects.get(name="周小明")
    assert known.education == "senior"
    assert "姓名没有改" in outcome(batch)["周晓明"]["doubts"]


def test_a_newborn_who_is_named_is_no_second_child(town: Town) -> None:
    imported(town, found(town, "b1-newborn.xlsx"))
    batch = found(town, "b1-newborn-named.xlsx")
    assert fates(batch) == {2: "changed"}
    assert "王某之子" in outcome(batch)["王小宝"]["doubts"]
    imported(town, batch)
    assert Person.objects.get().name == "王小宝"


def test_twins_without_names_are_not_guessed(town: Town) -> None:
    for name in ("孙某之子", "孙某之女"):
        settled(town, HOME, {"name": name, "birth_date": date(2026, 11, 20), "sex": ""})
    rows = [["姓名", "出生日期", "住址"], ["孙大宝", "2026-11-20", HOME]]
    assert fates(made(town, rows)) == {2: "refused"}


def test_what_is_no_name_is_told(town: Town) -> None:
    outcomes = outcome(found(town, "n2-names-noise.xlsx"))
    for name in ("张三", "李四", "王五", "赵六"):
        assert outcomes[name]["fate"] == "refused", "somebody gone is not registered as living here"
        assert "底册里没有这个人" in outcomes[name]["why"]
    for name in ("钱七、孙八", "周九/吴十", "郑一 王二"):
        assert outcomes[name]["fate"] == "refused"
        assert "几个人的名字" in outcomes[name]["why"]
    assert outcomes["空户"]["fate"] == outcomes["123"]["fate"] == "refused"
    for name in ("尤?", "许□", "何■", "施○", "孔某某", "褚五*", "蒋七之妻", "陈四1"):
        assert outcomes[name]["fate"] == "new"
        assert outcomes[name]["doubts"], name
    for name in ("冯二", "冯三", "ZHANG SAN", "朱一", "秦二", "曹", "卫六", "韩九", "杨十"):
        assert outcomes[name]["facts"]["name"] == name
    assert "孕" in outcomes["杨十"]["doubts"]


def test_dying_and_moving_are_proposed(town: Town) -> None:
    assert set(fates(found(town, "s1-status.xlsx")).values()) == {"refused"}
    settled(town, HOME, {"name": "亡一", "identity_number": "999001193001010110"})
    settled(town, HOME, {"name": "迁二", "identity_number": "999001193001010153"})
    outcomes = outcome(found(town, "s1-status.xlsx"))
    assert {one["fate"] for one in outcomes.values()} == {"unchanged"}
    assert "建议登记为已故" in outcomes["亡一"]["doubts"]
    assert "建议登记为已迁出" in outcomes["迁二"]["doubts"]
    assert set(Person.objects.values_list("status", flat=True)) == {"current"}


def test_damaged_numbers_are_not_believed(town: Town) -> None:
    batch = found(town, "r1-rounded-that-pass.xlsx")
    assert set(fates(batch).values()) == {"refused"}
    assert "后三位是000" in outcome(batch)["舍入甲"]["why"]
    outcomes = outcome(found(town, "a6-codes.csv"))
    assert {one["fate"] for one in outcomes.values()} == {"new"}
    assert "后几位已丢失" in outcomes["编码二"]["doubts"]
    assert "C4 户号" in outcomes["编码三"]["doubts"]
    assert outcomes["编码四"]["facts"]["phone"] == "13900000004"
    rows = [["姓名", "身份证号码", "住址"], ["甲", "3.30212E+17", HOME]]
    assert fates(made(town, rows)) == {2: "refused"}
    outcomes = outcome(found(town, "y1-default-birth.xlsx"))
    assert taken(outcomes, "birth_date") == [None, None]
    assert all("默认日期" in one["doubts"] for one in outcomes.values())


def test_a_number_that_ends_in_zeros_and_is_known_is_believed(town: Town) -> None:
    settled(town, HOME, {"name": "舍入甲", "identity_number": "999001195001020000"})
    assert fates(found(town, "r1-rounded-that-pass.xlsx"))[2] == "unchanged"


def test_addresses_split_another_way_are_found(town: Town) -> None:
    home = town.homes[HOME].pk
    for name in ("d1-door-column.xlsx", "q6-building-room.xlsx", "a6-codes.csv"):
        assert {one["place_id"] for one in outcome(found(town, name)).values()} == {home}, name
    outcomes = outcome(found(town, "a11-addresses.xlsx"))
    elsewhere = {name for name, one in outcomes.items() if one["place_id"] != home}
    # Two doors, 一期, 花园, no building, no door, building A, and doors that are split.
    right = {"地址中", "地址乐", "地址乕", "地址乮", "地址乳", "地址亇", "地址二", "地址云"}
    assert elsewhere == right
    assert {outcomes[name]["fate"] for name in right} == {"refused"}
    rows = [
        ["姓名", "小区", "楼栋", "门牌号", "出生日期"],
        ["甲", "殷家花苑", "1幢", "1-101", "1950-01-01"],
        ["乙", "殷家花苑", "2幢", "1-1-101", "1950-01-02"],
        ["丙", "殷家花苑", "1幢", "101-1", "1950-01-03"],
    ]
    places = {name: one["place_id"] for name, one in outcome(made(town, rows)).items()}
    assert places == {"甲": home, "乙": None, "丙": None}, "two buildings are not one"


def test_files_are_read_by_what_they_hold(town: Town) -> None:
    for name, people in (
        ("a10-html.xls", ["网页一"]),
        ("a10-spreadsheetml.xls", ["标记一"]),
        ("a10-tab.xls", ["李", "王"]),
    ):
        outcomes = outcome(found(town, name))
        assert list(outcomes) == people
        assert {one["fate"] for one in outcomes.values()} == {"new"}


def test_titles_sums_and_repeated_headings_are_nobody(town: Town) -> None:
    for name, people in (
        ("a8-footers.xlsx", ["脚注一", "脚注二"]),
        ("a8-repeated-headings.xlsx", ["页一", "页二"]),
        ("q1-merged.xlsx", ["隐一", "隐二", "隐三", "隐四", "隐五", "隐六"]),
    ):
        assert list(outcome(found(town, name))) == people, name


def test_merged_cells_are_filled_down_and_not_sideways(town: Town) -> None:
    rows = [
        ["姓名", "出生日期", "电话", "住址"],
        ["第一网格", None, None, None],
        ["甲一", "1950-01-01", "13900000001", HOME],
        ["甲二", "1952-01-01", None, None],
        ["合计", "2人", None, None],
    ]

    def merge(sheet: Any) -> None:
        sheet.merge_cells("A2:D2")
        sheet.merge_cells("D3:D4")

    batch = previewed_whole(town, files.xlsx(rows, merge))
    assert fates(batch) == {3: "new", 4: "new"}
    assert told(batch, 4)["place_id"] == town.homes[HOME].pk


def previewed_whole(town: Town, data: bytes) -> Any:
    """Bring a file and leave every choice of the page as it stands."""
    batch = brought(town, data, fill_down=True)
    return previewed(town, batch, batch.columns, fill_down=True)


RIGHT_DATES = {
    "日期甲甲": "2020-01-01",
    "日期丁丁": "2020-04-21",
    **dict.fromkeys(
        [
            "甲壬",
            "乙乙",
            "乙丙",
            "乙丁",
            "乙戊",
            "乙己",
            "乙庚",
            "乙辛",
            "乙癸",
            "丙乙",
            "丙丁",
            "丙戊",
            "丙己",
            "丙庚",
            "丙辛",
            "丁乙",
            "丁丙",
            "戊甲",
            "戊乙",
        ],
        "1950-03-01",
    ),
}


def test_dates_are_read_as_they_are_meant_or_left_out(town: Town) -> None:
    right = {f"日期{k}" if len(k) == 2 else k: v for k, v in RIGHT_DATES.items()}
    outcomes = outcome(found(town, "a7-dates.xlsx"))
    values = dict(zip(outcomes, taken(outcomes, "birth_date"), strict=True))
    assert {name: value for name, value in values.items() if value} == right | {
        "日期甲丙": "1950-10",
        **dict.fromkeys(("日期甲乙", "日期甲丁", "日期甲辛", "日期丙壬", "日期丁己"), "1950-03"),
    }
    unsaid = [name for name, one in outcomes.items() if not values[name] and not one["doubts"]]
    assert unsaid == ["日期丁壬"], "不详 alone says nothing"
    assert "1950.1" in outcomes["日期甲戊"]["doubts"], "January or October: only a year"
    months = {name: one for name, one in outcomes.items() if len(values[name] or "") == 7}
    assert not any("出生" in one["doubts"] for one in months.values())


def test_our_own_covered_list_changes_nothing(town: Town) -> None:
    settled(
        town,
        HOME,
        {"name": "李英惠", "birth_date": date(1950, 1, 1), "phone": "14300001254"},
        {"name": "李英惠", "birth_date": date(1980, 1, 1), "phone": "14300009999"},
    )
    rows = [["姓名", "联系电话", "住址"], ["李英惠", "143****1254", HOME]]
    batch = made(town, rows)
    assert fates(batch) == {2: "unchanged"}
    assert Person.objects.get(pk=batch.rows.get().subject_id).birth_date.year == 1950
    # Only our own way of covering counts: digits cannot be tried out.
    rows[1][1] = "1430***1254"
    assert fates(made(town, rows)) == {2: "refused"}
    assert "遮住" in outcome(found(town, "q3-masked.xlsx"))["遮二"]["doubts"]


BORN = ["姓名", "出生年月", "住址"]


def test_a_year_and_month_comes_in_as_that(town: Town) -> None:
    rows = [BORN, ["月一", "1950年3月", HOME], ["月二", "1950年", HOME]]
    batch = made(town, rows)
    assert "没有写到日" in outcome(batch)["月二"]["doubts"]
    assert not outcome(batch)["月一"]["doubts"]
    imported(town, batch)
    one, two = Person.objects.get(name="月一"), Person.objects.get(name="月二")
    assert (one.birth_date, one.birth_precision) == (date(1950, 3, 1), "month")
    assert (two.birth_date, two.birth_precision) == (None, "")
    # The same list again is about the same person and changes nothing.
    assert fates(made(town, rows[:2])) == {2: "unchanged"}


def test_a_month_may_be_somebody_behind_the_same_door(town: Town) -> None:
    settled(town, HOME, {"name": "月一", "birth_date": date(1950, 3, 8)})
    settled(town, HOME, {"name": "月二", "birth_date": date(1950, 4, 8)})
    rows = [BORN, ["月一", "1950.03", HOME], ["月二", "1950.03", HOME]]
    assert fates(made(town, rows)) == {2: "refused", 3: "new"}


def test_a_month_beside_a_number_takes_no_day_away(town: Town) -> None:
    settled(town, HOME, {"name": "月一", "identity_number": "999001195001020000"})
    rows = [
        ["姓名", "身份证号码", "出生年月", "住址"],
        ["月一", "999001195001020000", "1950年1月", HOME],
    ]
    assert fates(made(town, rows)) == {2: "unchanged"}
    rows[1][2] = "1950年2月"
    assert "以号码为准" in outcome(made(town, rows))["月一"]["doubts"]
    assert Person.objects.get(name="月一").birth_date == date(1950, 1, 2)
