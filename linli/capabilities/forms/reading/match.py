"""Which fact of the dictionary a heading asks for; rather none than a wrong one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from linli.capabilities.forms.reading.form import CELL, COLUMN, Match, Spot
from linli.capabilities.forms.reading.shape import Heading
from linli.core.fields import DICTIONARY

SURE, DOUBTFUL = 0.95, 0.4
PERSON = "person"
OWN_NAME = {"姓名", "本人姓名", "居民姓名", "户主姓名"}
OF_A_PERSON = {"性别", "出生年月", "出生日期", "年龄", "身份证", "身份证号", "家庭住址"}
OF_A_PERSON |= {"住址", "家庭地址", "身份证号码", "户籍地址"}
# These words also stand over columns that have nothing to do with a resident.
GENERAL = {"来源", "状态", "关系", "面积", "使用情况", "单位", "层", "类别", "疾病", "电梯"}
GENERAL |= {"物业", "职业", "社区", "街道", "登记日期", "走访日期", "结构", "称呼"}
MOVES_WITH_NAME = {"phone", "workplace", "address", "sex", "birth_date", "identity_number"}


# Forms for residents from abroad: the same headings in English, without their spaces.
ENGLISH = {
    "name": "姓名", "fullname": "姓名", "sex": "性别", "gender": "性别", "age": "年龄",
    "dateofbirth": "出生日期", "birthdate": "出生日期", "phone": "联系电话",
    "telephone": "联系电话", "phonenumber": "联系电话", "mobile": "手机",
    "address": "家庭住址", "homeaddress": "家庭住址",
    "idnumber": "身份证号码", "idcardnumber": "身份证号码", "ethnicity": "民族",
    "education": "文化程度", "maritalstatus": "婚姻状况", "remarks": "备注", "no.": "序号",
}  # fmt: skip


def subject_of(headings: Sequence[Heading]) -> str:
    """Say whether a list or card is about people: it asks for a name of one's own.

    In a card, where 姓名 may be whoever keeps the record, one more personal fact is needed.
    """
    words = {part for one in headings if not one.above for part in parts(one.text)}
    if not words & OWN_NAME:
        return ""
    in_a_list = any(one.bottom for one in headings)
    return PERSON if in_a_list or words & OF_A_PERSON else ""


def lists_of(headings: Sequence[Heading]) -> list[list[Heading]]:
    """Cut headings into those that belong together: the labels of a table, each of its lists."""
    made: dict[tuple[int, int], list[Heading]] = {}
    for one in headings:
        made.setdefault((one.table, one.bottom), []).append(one)
    return list(made.values())


def parts(text: str) -> list[str]:
    """Cut a heading into what it asks for, without spaces, units and marks."""
    plain = re.sub(r"[\s\u3000*：:]+", "", text).replace("现在", "现")
    cut = [one for one in re.split(r"[（()）、/,，]+", plain) if one]
    cut = [ENGLISH.get(one.lower(), one) for one in cut]
    double = re.fullmatch(r"(.*(?:地址|住址))(联系方式|联系电话|电话)", plain)
    return [double[1], double[2]] if double else cut


def match_all(headings: Sequence[Heading]) -> list[Match]:
    """Match every list and card by itself; a record of people may go on in a list without names."""
    made: dict[Heading, Match] = {}
    for group in lists_of(headings):
        made |= zip(group, _match_group(group, subject_of(group)), strict=True)
    return [made[one] for one in headings]


def _match_group(headings: Sequence[Heading], subject: str) -> list[Match]:
    """Match what belongs together; a phone after another's name is that other's phone."""
    found, own = [], True
    mobile = any("手机" in parts(one.text) for one in headings)
    for one in headings:
        words = parts(one.text)
        if any(re.search(r"姓名|联系人|负责人|举办者|当事人|签名", word) for word in words):
            own = bool(set(words) & OWN_NAME) and not one.above
        if mobile and words == ["电话"]:
            words = []  # beside a mobile number this is the landline, which nobody keeps
        match = _match(one, words, subject, own=own)
        spot = Spot(one.table, one.row, one.column)
        found.append(replace(match, at=spot, kind=COLUMN if one.bottom else CELL, above=one.above))
    return found


def _match(one: Heading, words: list[str], subject: str, *, own: bool) -> Match:
    if not subject:
        return Match(one.text, (), 0.0)
    keys: list[str] = []
    doubtful = ""
    for word in words:
        field = DICTIONARY.by_word(subject, word)
        if field is None:
            continue
        others = one.above or (not own and field.key in MOVES_WITH_NAME | {"name"})
        if others or word in GENERAL:
            doubtful = field.key
        else:
            keys.append(field.key)
    if keys:
        return Match(one.text, tuple(dict.fromkeys(keys)), SURE, doubtful)
    return Match(one.text, (), DOUBTFUL if doubtful else 0.0, doubtful)
