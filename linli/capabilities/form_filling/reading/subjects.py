"""What one row of a list is, or what a card is about; rather nothing than a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linli.capabilities.form_filling.reading.shape import HeadingPath
from linli.capabilities.form_filling.reading.words import (
    HEAD,
    OF_RELATIVES,
    OTHER,
    PLAIN_OWN,
    SOME_OWN,
    is_of_others,
    parts,
)
from linli.core.fields import DICTIONARY, PERSON

HOUSEHOLD, FACILITY, DWELLING, BUILDING = "household", "facility", "dwelling", "building"
OF_A_PERSON = {"性别", "出生年月", "出生日期", "年龄", "身份证", "身份证号", "家庭住址"}
OF_A_PERSON |= {"住址", "家庭地址", "身份证号码", "户籍地址", "公民身份号码", "证件号码", "民族"}


@dataclass(frozen=True)
class Telling:
    """How a subject is known: a word that names it, and ``least`` more of its own."""

    name: re.Pattern[str]
    more: re.Pattern[str]
    least: int
    not_with: re.Pattern[str] = re.compile(r"(?!)")


TELLING = {
    FACILITY: Telling(
        re.compile(
            r"^.{0,4}(设施|设备|器材|装置|电梯|充电桩|灭火器|消火栓|摄像头)(设备)?(名称|编号)$"
        ),
        re.compile(r"检查|检验|检测|年检|维保|维护|保养|安装|启用|投用|有效期|出厂"),
        1,
        # Lent, handed out or bought: each row is an event, not a thing that stands there.
        re.compile(r"借|领用|领取|接收|捐|采购|报废|归还|单价"),
    ),
    DWELLING: Telling(
        re.compile(r"^(室号|房号|房间号|户室号|门牌号|门牌室号|房屋地址|房屋坐落|房屋位置)$"),
        re.compile(
            r"^(建筑面积|房屋面积|住房面积|面积|房屋用途|使用情况|房屋使用情况|房屋状态"
            r"|居住情况|居住人数|常住人数|住几人|住户数|户型)$"
        ),
        1,
    ),
    BUILDING: Telling(
        re.compile(r"^(楼栋|楼号|幢号|栋号|楼栋号|楼幢|幢|楼名|楼栋名称|楼栋地址)$"),
        re.compile(
            r"^(总?层数|楼层数|地上层数|楼栋层数|建成年份|建造年份|竣工年份|建成年代|楼龄|房龄"
            r"|结构|建筑结构|房屋结构|楼栋结构|建筑用途|楼栋用途|是否有电梯|有电梯|电梯数量?|电梯台数"
            r"|加装电梯|每层户数|一层户数|有物业|是否有物业)$"
        ),
        2,
    ),
}
# Words of forms that the dictionary has not, for those who are no person.
ALSO = {
    FACILITY: {
        "设备类别": "kind",
        "设备种类": "kind",
        "器材类别": "kind",
        "设施类型": "kind",
        "设备类型": "kind",
        "安装位置": "address",
        "安装地点": "address",
        "设置位置": "address",
        "所在位置": "address",
        "存放位置": "address",
        "设备位置": "address",
        "下次年检日期": "next_inspection_on",
        "下次检测日期": "next_inspection_on",
        "下次检查日期": "next_duty_on",
    },
    DWELLING: {"房屋坐落": "address", "房屋位置": "address", "门牌室号": "door"},
    HOUSEHOLD: {"户主": "head_name", "家庭人口数": "size", "户内人口": "size"},
}


def words_of(headings: Iterable[HeadingPath]) -> set[str]:
    """Return what the headings ask for, without those that are somebody else's."""
    own = [
        heading_path
        for heading_path in headings
        if not heading_path.block and not any(map(is_of_others, heading_path.above))
    ]
    return {word for one in own for word in parts(one.text)}


def subject_of(headings: Sequence[HeadingPath]) -> str:
    """Say what a list or a card is about, "" when nothing says so.

    In a card, where 姓名 may be whoever keeps the record, one more personal fact is needed.
    """
    words = words_of(headings)
    in_a_list = any(heading_path.bottom for heading_path in headings)
    if in_a_list and _is_of_relatives(headings):
        return ""
    if words & PLAIN_OWN:
        return PERSON if in_a_list or words & OF_A_PERSON else ""
    if any(map(SOME_OWN.match, words)) and words & OF_A_PERSON:
        return PERSON
    if any(map(HEAD.match, words)):
        return _of_heads(words)
    return _of_things(words)


def _is_of_relatives(headings: Sequence[HeadingPath]) -> bool:
    """Does a list say how each one is related, without having named whose contact that is?"""
    for heading_path in headings:
        words = set(parts(heading_path.text))
        if words & OF_RELATIVES:
            return not any(map(is_of_others, heading_path.above))
        if any(OTHER.search(word) for word in words - PLAIN_OWN):
            return False
    return False


def _of_heads(words: set[str]) -> str:
    """A list of heads asks either for their households or for themselves."""
    of_household = {field_of(HOUSEHOLD, word) for word in words} - {""}
    of_person = {field_of(PERSON, word) for word in words} - {""}
    return HOUSEHOLD if len(of_household) >= max(len(of_person), 2) else PERSON


def _of_things(words: set[str]) -> str:
    for subject, telling in TELLING.items():
        named = [word for word in words if telling.name.match(word)]
        more = [word for word in words if telling.more.search(word)]
        spoilt = any(telling.not_with.search(word) for word in words)
        if named and len(more) >= telling.least and not spoilt:
            return subject
    return ""


def field_of(subject: str, word: str) -> str:
    """Return the key of the fact a word asks of a subject, "" for none."""
    key = ALSO.get(subject, {}).get(word, "")
    if key or not subject:
        return key
    if subject == FACILITY and TELLING[FACILITY].name.match(word):
        return "name" if word.endswith("名称") else "code"
    if subject == PERSON and (HEAD.match(word) or SOME_OWN.match(word)):
        return "name"
    # 所属居委会 asks what 居委会 asks, 现居住地址 what 居住地址 asks.
    for plain in (word, re.sub(r"^(所属|所在|现)", "", word)):
        if plain and (fact := DICTIONARY.by_word(subject, plain)):
            return fact.key
    return ""
