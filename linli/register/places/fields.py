"""Facts of buildings and dwellings, and the levels of the place tree, for the dictionary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from linli.core.fields import (
    BUILDING,
    DWELLING,
    NOT_ASKED,
    OWN_RECORD,
    Compare,
    Field,
    Kind,
    Not,
    Op,
    RelatedSubject,
    Subject,
    register_fields,
    register_subject,
)
from linli.core.fields.field import Row
from linli.core.fields.rewrites import years_since_year
from linli.register.choices import choices_of
from linli.register.places.terms import BuildingUsage, DwellingUsage, Structure

OWNER = "places"
IN_USE = Not(Compare("ended_on", Op.KNOWN))

# Every level of the place tree that people name; a place holds everything below it.
LEVELS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("subdistrict", "街道", ("乡镇", "所属街道", "镇街")),
    ("community", "社区", ("居委会", "所属社区", "村居", "居委", "村社")),
    ("estate", "小区", ("所属小区", "楼盘", "小区名称")),
    ("grid", "网格", ("所属网格", "网格名称", "网格号")),
    ("micro_grid", "微网格", ("所属微网格", "微网格名称")),
    ("building", "楼栋", ("幢", "栋", "楼号", "幢号", "栋号", "楼栋号", "楼幢")),
    ("entrance", "单元", ("单元号", "门洞", "楼道")),
)


def place_fields(subject: str) -> list[Field]:
    """Return one fact for each level above a subject."""
    levels = [row for row in LEVELS if subject != BUILDING or row[0] != "entrance"]
    return [
        Field(
            key=level,
            label=label,
            kind=Kind.PLACE,
            subject=subject,
            column="scope_path",
            synonyms=synonyms,
            level=level,
            owner=OWNER,
            description=f"位于哪个{label}",
            source="地方树",
        )
        for level, label, synonyms in levels
    ]


def stored(key: str, label: str, kind: Kind, **more: Any) -> Field:
    """Return a stored fact whose column has the same name."""
    more.setdefault("column", key)
    more.setdefault("owner", OWNER)
    more.setdefault("subject", BUILDING)
    return Field(key=key, label=label, kind=kind, **more)


def _building_age(row: Row, today: date) -> int | None:
    year = row.get("built_year")
    return None if year is None else today.year - int(year)


BUILDING_FACTS: tuple[Field, ...] = (
    stored(
        "floors",
        "层数",
        Kind.NUMBER,
        synonyms=("总层数", "楼层数", "地上层数"),
        unit="层",
        units=("层", "层楼"),
        lowest=0,
        highest=200,
        bands=(0, 1, 4, 7, 12, 19, 34),
        description="地上层数",
    ),
    stored(
        "built_year",
        "建成年份",
        Kind.NUMBER,
        synonyms=("建造年份", "竣工年份", "建成年代"),
        unit="年",
        lowest=1800,
        highest=2200,
        bands=(1800, 1980, 1990, 2000, 2010, 2020),
        verbs=("建成", "竣工", "建造", "造"),
        description="竣工的年份",
    ),
    stored(
        "has_lift",
        "有电梯",
        Kind.FLAG,
        synonyms=("电梯", "是否有电梯", "加装电梯", "装了电梯"),
        negative="没有电梯",
        description="楼里有无可用的电梯",
        silence=NOT_ASKED,
    ),
    stored(
        "lift_count",
        "电梯数",
        Kind.NUMBER,
        synonyms=("电梯数量", "电梯台数"),
        unit="台",
        lowest=0,
        highest=100,
        bands=(0, 1, 2, 3),
        description="电梯台数",
    ),
    stored(
        "structure",
        "结构",
        Kind.CHOICE,
        synonyms=("建筑结构", "房屋结构"),
        choices=choices_of(Structure, {"other": ("其他结构",)}),
        description="建筑结构类型",
        silence=NOT_ASKED,
    ),
    stored(
        "building_usage",
        "楼栋用途",
        Kind.CHOICE,
        column="usage",
        synonyms=("建筑用途",),
        choices=choices_of(
            BuildingUsage,
            {
                "homes": ("住宅楼",),
                "apartments": ("公寓楼",),
                "mixed": ("商住楼", "商住两用"),
                "shops": ("商铺", "商业楼"),
                "offices": ("办公楼", "写字楼"),
                "public": ("公共建筑",),
            },
        ),
        description="整栋楼的主要用途",
        silence=NOT_ASKED,
    ),
    stored(
        "property_managed",
        "有物业",
        Kind.FLAG,
        negative="没有物业",
        synonyms=("物业", "物业管理", "是否有物业"),
        description="有物业公司管理",
        silence=NOT_ASKED,
    ),
    stored(
        "gatekeeper",
        "有门岗",
        Kind.FLAG,
        negative="没有门岗",
        synonyms=("门岗", "门卫", "保安", "是否有门岗"),
        description="有人值守出入口",
        silence=NOT_ASKED,
    ),
)

BUILDING_AGE = Field(
    key="building_age",
    label="楼龄",
    kind=Kind.NUMBER,
    subject=BUILDING,
    unit="年",
    synonyms=("房龄",),
    lowest=0,
    highest=300,
    bands=(0, 10, 20, 30, 40),
    owner=OWNER,
    needs=("built_year",),
    derive=_building_age,
    rewrite=years_since_year("built_year"),
    order="-built_year",
    description="今年减去建成年份",
    source="由建成年份算出",
)

BUILDING_ONLY: tuple[Field, ...] = (
    stored("name", "名称", Kind.TEXT, column="place__name", synonyms=("楼名", "楼栋名称")),
    stored(
        "address",
        "地址",
        Kind.TEXT,
        column="place__address",
        order="scope_path",
        synonyms=("位置", "楼栋地址"),
    ),
    stored(
        "doors_a_floor",
        "每层户数",
        Kind.NUMBER,
        synonyms=("每层几户", "一层户数"),
        unit="户",
        lowest=0,
        highest=200,
        bands=(0, 1, 2, 3, 5, 9),
    ),
    stored("ended_on", "撤销日期", Kind.DATE, column="place__ended_on", synonyms=("拆除日期",)),
    stored(
        "confirmed_on",
        "核实日期",
        Kind.DATE,
        column="place__confirmed_on",
        synonyms=("更新日期", "最近核实"),
        verbs=("核实", "核对", "更新"),
        silence=OWN_RECORD,
    ),
)

DWELLING_FACTS: tuple[Field, ...] = (
    stored(
        "floor",
        "楼层",
        Kind.NUMBER,
        subject=DWELLING,
        synonyms=("所在楼层", "层"),
        unit="层",
        units=("层", "楼", "层楼"),
        lowest=-10,
        highest=200,
        bands=(-10, 1, 4, 7, 12, 19),
        description="户室在第几层",
    ),
    stored(
        "area",
        "面积",
        Kind.NUMBER,
        subject=DWELLING,
        decimals=2,
        unit="平方米",
        synonyms=("建筑面积", "房屋面积", "住房面积"),
        units=("平方米", "平米", "平方", "平", "㎡", "m2"),
        lowest=0,
        highest=99_999,
        bands=(0, 50, 70, 90, 120, 144),
        description="建筑面积",
    ),
    stored(
        "dwelling_usage",
        "房屋使用情况",
        Kind.CHOICE,
        subject=DWELLING,
        column="usage",
        # 房屋用途 is what it was built for (住宅, 商业), not how it is used now.
        synonyms=("使用情况", "房屋状态", "居住情况"),
        choices=choices_of(
            DwellingUsage,
            {
                "self": ("自住房", "自用"),
                "rented": ("出租房", "出租屋", "租房", "群租房", "出租的"),
                "vacant": ("空置房", "空房", "空关房", "空关", "没人住", "无人居住"),
                "commercial": ("经营用房", "开店"),
                "collective": ("宿舍",),
            },
        ),
        description="户室现在怎么用",
        silence=NOT_ASKED,
    ),
)

DWELLING_ONLY: tuple[Field, ...] = (
    stored(
        "address",
        "地址",
        Kind.TEXT,
        subject=DWELLING,
        column="place__address",
        synonyms=("房屋地址", "住址", "位置"),
        order="scope_path",
    ),
    stored(
        "door", "室号", Kind.TEXT, subject=DWELLING, synonyms=("房号", "门牌号", "户室号", "房间号")
    ),
    stored(
        "household_count",
        "户数",
        Kind.NUMBER,
        subject=DWELLING,
        unit="户",
        synonyms=("住户数",),
        lowest=0,
        highest=999,
        bands=(0, 1, 2, 3),
    ),
    stored(
        "resident_count",
        "居住人数",
        Kind.NUMBER,
        subject=DWELLING,
        unit="人",
        synonyms=("常住人数", "住几人", "人数"),
        units=("人", "口人", "个人"),
        lowest=0,
        highest=9999,
        bands=(0, 1, 2, 3, 4, 5),
    ),
    stored("ended_on", "撤销日期", Kind.DATE, subject=DWELLING, column="place__ended_on"),
    stored(
        "confirmed_on",
        "核实日期",
        Kind.DATE,
        subject=DWELLING,
        column="place__confirmed_on",
        synonyms=("更新日期", "最近核实"),
        verbs=("核实", "核对", "更新"),
        silence=OWN_RECORD,
    ),
)

SUBJECTS: tuple[Subject, ...] = (
    Subject(
        key=DWELLING,
        label="房屋",
        counter="套",
        model="places.Dwelling",
        home="place_id",
        relations=(
            RelatedSubject("residents", "住着的人", "person", "home_id", "home_id"),
            RelatedSubject(
                "households", "住着的户", "household", "dwelling_id", "dwelling_id", "户"
            ),
        ),
        base=IN_USE,
        base_fields=("ended_on",),
        columns=("address", "floor", "area", "dwelling_usage", "household_count", "resident_count"),
        links={"building_id": "building_id"},
    ),
    Subject(
        key=BUILDING,
        label="楼栋",
        counter="幢",
        model="places.Building",
        home="place_id",
        relations=(
            RelatedSubject(
                "residents",
                "住着的人",
                "person",
                "home__dwelling_facts__building_id",
                "building_id",
            ),
            RelatedSubject(
                "dwellings", "楼里的房屋", "dwelling", "building_id", "building_id", "套"
            ),
        ),
        base=IN_USE,
        base_fields=("ended_on",),
        columns=("address", "floors", "has_lift", "built_year", "property_managed"),
    ),
)


def building_seen_from(subject: str, through: str) -> list[Field]:
    """Return a building's facts as facts of what stands or lives in it."""
    seen = []
    for fact in (*BUILDING_FACTS, BUILDING_AGE):
        label = {"floors": "楼栋层数", "structure": "楼栋结构"}.get(fact.key, fact.label)
        column = through + fact.column if fact.column else ""
        order = f"-{through}built_year" if fact.order else ""
        # A bare "6楼" is the floor somebody lives on, not the height of the building.
        seen.append(
            replace(fact, subject=subject, column=column, order=order, label=label, units=())
        )
    return seen


def declare() -> None:
    """Put buildings and dwellings into the dictionary."""
    for subject in SUBJECTS:
        register_subject(subject)
    register_fields(
        [
            *BUILDING_ONLY[:2],
            *place_fields(BUILDING),
            *BUILDING_FACTS,
            BUILDING_AGE,
            *BUILDING_ONLY[2:],
        ]
    )
    register_fields(
        [
            *DWELLING_ONLY[:2],
            *place_fields(DWELLING),
            *DWELLING_FACTS,
            *building_seen_from(DWELLING, "building__building_facts__"),
            *DWELLING_ONLY[2:],
        ]
    )
