"""A community's list as offices keep it, with invented people, and what is right of each.

Merged cells of families, sums after every building, headings repeated, dates in a dozen ways,
everyday words, addresses split over columns. Some rows are wrong on purpose.
"""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl

from linli.core.personal_data.identity import DEMONSTRATION_DIVISION, make_identity_number

HEADINGS = [
    "序号",
    "户号",
    "姓名",
    "与户主关系",
    "性别",
    "出生年月日",
    "公民身份号码",
    "民族",
    "文化程度",
    "婚姻状况",
    "就业状况",
    "医保",
    "残疾等级",
    "是否低保",
    "联系电话",
    "小区",
    "楼栋单元",
    "房号",
    "备注",
]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文斌婷浩然宇轩子涵"
EDUCATION = [
    ("本科学历", "bachelor"),
    ("大专", "college"),
    ("高职", "college"),
    ("职高", "vocational"),
    ("初中毕业", "junior"),
    ("小学文化", "primary"),
    ("半文盲", "none"),
    ("70", "junior"),
    ("研究生", None),
]
MARITAL = [
    ("初婚", "20"),
    ("再婚", "20"),
    ("丧偶", "30"),
    ("离异", "40"),
    ("单身", None),
    ("22", "20"),
]
WORK = [("退休", "retired"), ("外出务工", "employed"), ("家庭主妇", "home"), ("经商", "self")]
COVER = [
    ("城镇职工", "employee"),
    ("新农合", "resident"),
    ("城乡居民医保", "resident"),
    ("有", None),
]
ETHNIC = [("汉", "汉族"), ("汉族", "汉族"), ("01", "汉族"), ("回", "回族"), ("土家族", "土家族")]
DEGREES = [("", ""), ("", ""), ("1级", "1"), ("Ⅱ", "2"), ("肢体三级", "3"), ("无", "")]
DAYS = [
    "%Y-%m-%d",
    "%Y.%m.%d",
    "%Y/%m/%d",
    "%Y年%m月%d日",
    "%Y%m%d",
    "%Y，%m，%d",
    "%Y %m %d",
    "%Y—%m—%d",
    "%Y.%m.%d日",
]
ESTATE = "殷家花苑"


@dataclass
class MadeList:
    """The file, what is right of each row that should come in, and rows that should not."""

    data: bytes
    right: dict[int, dict[str, Any]] = field(default_factory=dict)
    homes: dict[int, str] = field(default_factory=dict)
    wrong: set[int] = field(default_factory=set)


@dataclass
class _Sheet:
    page: Any
    row: int = 3

    def add(self, cells: list[Any]) -> int:
        self.row += 1
        for column, value in enumerate(cells, start=1):
            if value not in (None, ""):
                self.page.cell(self.row, column, value)
        return self.row


def a_community_list(people: int, seed: int = 7) -> MadeList:
    """Make a list of so many people, the same for the same seed."""
    dice = random.Random(seed)
    book = openpyxl.Workbook()
    sheet = _Sheet(book.active)
    sheet.page.cell(1, 1, "某社区实有人口登记表")
    sheet.page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADINGS))
    sheet.page.cell(2, 1, "填报单位：某社区居委会")
    for column, heading in enumerate(HEADINGS, start=1):
        sheet.page.cell(3, column, heading)
    listed = MadeList(b"")
    doors = [
        (b, u, f * 100 + d)
        for b in (1, 2, 3)
        for u in (1, 2)
        for f in range(1, 18)
        for d in (1, 2, 3, 4)
    ]
    serial = 0
    for house, door in enumerate(doors):
        if serial >= people:
            break
        family = min(dice.randint(1, 4), people - serial)
        _family(sheet, listed, dice, door, house, serial, family)
        serial += family
        if house % 12 == 11:
            sheet.add(["小计", None, family * 5])
        if house % 20 == 19:
            sheet.add(HEADINGS)
    sheet.add([None, None, "合计", None, f"{people}人"])
    sheet.add(["制表人：某某", None, None, "审核：某某"])
    out = io.BytesIO()
    book.save(out)
    listed.data = out.getvalue()
    return listed


def _family(
    sheet: _Sheet,
    listed: MadeList,
    dice: random.Random,
    door: tuple[int, int, int],
    house: int,
    serial: int,
    size: int,
) -> None:
    building, entrance, number = door
    first = sheet.row + 1
    for member in range(size):
        cells, right = _person(dice, serial + member, member)
        top = member == 0
        stairs = dice.choice([f"{building}幢{entrance}单元", f"{building}-{entrance}"])
        where = [ESTATE, stairs, dice.choice([number, f"{number}室"])] if top else [None] * 3
        household = f"H{house:04d}" if top else None
        at = sheet.add([serial + member + 1, household, *cells, *where])
        listed.homes[at] = f"{ESTATE}{building}幢{entrance}单元{number}室"
        if right is None:
            listed.wrong.add(at)
        else:
            listed.right[at] = right
    if size > 1:
        for column in (2, 16, 17, 18):
            sheet.page.merge_cells(
                start_row=first, start_column=column, end_row=sheet.row, end_column=column
            )


def _person(
    dice: random.Random, serial: int, member: int
) -> tuple[list[Any], dict[str, Any] | None]:
    born = date(dice.randint(1936, 2018), dice.randint(1, 12), dice.randint(1, 28))
    # Numbered through, and never 000 at the end.
    number = make_identity_number(DEMONSTRATION_DIVISION, born, serial % 900 + 1)
    if number.endswith("000"):
        number = make_identity_number(DEMONSTRATION_DIVISION, born, 999)
    name = dice.choice(SURNAMES) + "".join(dice.sample(GIVEN, 2))
    relation = [("户主", "0"), ("妻", "1"), ("长子", "2"), ("岳母", "5")][member]
    picked = [dice.choice(words) for words in (ETHNIC, EDUCATION, MARITAL, WORK, COVER, DEGREES)]
    low = dice.choice([("是", True), ("否", False), ("非低保", False), ("√", True)])
    phone, right_phone = _phone(dice, serial)
    shown = dice.choice([*(born.strftime(way) for way in DAYS), born])
    sex = "男" if int(number[16]) % 2 else "女"
    right: dict[str, Any] | None = {
        "name": name,
        "identity_number": number,
        "birth_date": born.isoformat(),
        "relation_to_head": relation[1],
        "low_income": low[1],
        "phone": right_phone,
    }
    keys = ("ethnicity", "education", "marital_status", "employment", "medical_insurance")
    right |= dict(zip((*keys, "disability_level"), (value for _word, value in picked), strict=True))
    written: str = " ".join(name) if len(name) == 2 else name
    # Not the head's: who is left alone at a door becomes the head, whatever the list says.
    if member and serial % 13 == 12:
        # A digit too few, or a number that a spreadsheet has damaged.
        number, right = dice.choice([number[:-1], "9.90000195003E+17"]), None
    words = [word for word, _value in picked]
    cells = [written, relation[0], sex, shown, number, *words[:5], words[5], low[0], phone]
    return cells, right


def _phone(dice: random.Random, serial: int) -> tuple[Any, str | None]:
    number = f"139{10_000_000 + serial}"
    return dice.choice(
        [
            (number, number),
            (int(number), number),
            (f"{number[:3]}-{number[3:7]}-{number[7:]}", number),
            (f"{number}（空号）", None),
            (f"{number}（儿子）", None),
            (number[:-1], None),
            (f"{number} 本人", number),
            (None, None),
        ]
    )
