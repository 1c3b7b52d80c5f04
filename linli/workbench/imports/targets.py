"""What a column of a spreadsheet can be: facts of the dictionary, and where somebody lives."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.core.chinese.normalise import for_matching
from linli.core.fields import DICTIONARY, DWELLING, PERSON, Field
from linli.register.people.normalise import EDITABLE

SUBJECTS = (PERSON, DWELLING)
# From the widest to the door: together they are an address, as if written in one cell.
PLACE_KEYS = ("community", "grid", "micro_grid", "estate", "building", "entrance", "door")
PLACE_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "address": (
        "住址",
        (
            "住址",
            "地址",
            "现住址",
            "家庭地址",
            "家庭住址",
            "居住地址",
            "现居住地",
            "详细地址",
            "房屋地址",
            "房屋坐落",
            "坐落",
            "楼栋门牌",
            "门牌地址",
        ),
    ),
    "community": ("社区", ("社区", "所属社区", "居委会", "社区名称", "村社", "村居")),
    "grid": ("网格", ("网格", "所属网格", "网格名称")),
    "micro_grid": ("微网格", ("微网格", "所属微网格", "微网格名称")),
    "estate": ("小区", ("小区", "所属小区", "小区名称", "楼盘", "住宅小区")),
    "building": (
        "楼栋",
        (
            "楼栋",
            "幢",
            "栋",
            "楼号",
            "幢号",
            "栋号",
            "楼栋号",
            "楼幢",
            "楼宇",
            "楼幢号",
            "几幢",
            "座",
            "楼栋单元",
            "幢单元",
            "楼栋单元号",
            "幢号单元",
            "楼号单元",
        ),
    ),
    "entrance": ("单元", ("单元", "单元号", "门洞", "楼道", "楼道号", "梯")),
    "door": (
        "室号",
        (
            "室号",
            "房号",
            "室",
            "户室",
            "门牌号",
            "房间号",
            "门牌",
            "房屋号",
            "房室号",
            "户室号",
            "房间",
            "室号房号",
        ),
    ),
}
HOUSEHOLD_NUMBER = "household_number"
# Whether somebody lives here: told, never taken over.
STATUS = "status"
BUILDING_COLUMNS = (
    "floors",
    "built_year",
    "has_lift",
    "lift_count",
    "structure",
    "building_usage",
    "property_managed",
    "gatekeeper",
)
DWELLING_COLUMNS = ("floor", "area", "dwelling_usage")
# Words of official forms beside those that people say in sentences.
MORE_WORDS: dict[str, tuple[str, ...]] = {
    "name": ("姓 名", "居民", "人员", "姓名姓"),
    "identity_number": ("证件号码身份证", "身份证号码18位", "公民身份证号", "身份证件号"),
    "phone": ("手机号码1", "联系手机", "联系号码", "本人手机", "本人联系电话", "联系方式手机"),
    "birth_date": ("出生年月日", "出生日期阳历"),
    "registered": ("是否户籍人口", "户籍人口", "是否本地户籍", "人户一致"),
    "relation_to_head": ("与户主之关系", "和户主关系", "成员关系"),
    "lives_since": ("入住年月", "迁入日期", "来甬日期"),
    "last_contact_on": ("最近走访日期", "上次走访日期"),
    "area": ("面积平方米", "建筑面积平方米", "房屋建筑面积"),
    "floor": ("楼层号", "所在层"),
    "status": ("是否在住", "生存状态", "是否健在", "人口状态", "居民状态"),
}
UNUSED_WORDS = frozenset(
    {"序号", "编号", "备注", "说明", "no", "no.", "行号", "序", "附注", "不能导入的原因"}
)
_BRACKETS = re.compile(r"[（(【\[〔].*?[）)】\]〕]")
_MARKS = re.compile(r"[\s*＊:：,，、。.·_\-—/\\|（）()【】\[\]〔〕\"'“”]+")


@dataclass(frozen=True)
class ColumnTarget:
    """One thing a column can be; without ``field`` it is part of where somebody lives."""

    key: str
    label: str
    words: tuple[str, ...]
    field: Field | None = None


def heading_spelling(text: str) -> str:
    """Return a heading without spaces, line breaks, width and marks, for comparing."""
    return _MARKS.sub("", for_matching(text))


def without_brackets(text: str) -> str:
    """Return a heading without its remarks: 面积（㎡） is 面积."""
    return _BRACKETS.sub("", text)


def targets_of(subject: str, own: Iterable[Field] = ()) -> tuple[ColumnTarget, ...]:
    """Return everything a column can be in a list of people or of dwellings; ``own``: added."""
    keys = EDITABLE if subject == PERSON else (*DWELLING_COLUMNS, *BUILDING_COLUMNS)
    facts = [_of_field(DICTIONARY.field(subject, key)) for key in keys if _has(subject, key)]
    facts += [_of_field(field) for field in own]
    places = [ColumnTarget(key, _(label), words) for key, (label, words) in PLACE_WORDS.items()]
    if subject == PERSON:
        number = ("户号", "户编号", "户口簿号", "家庭编号", "户口编号", "户籍编号")
        places.append(ColumnTarget(HOUSEHOLD_NUMBER, _("户号"), number))
        places.append(_of_field(DICTIONARY.field(subject, STATUS)))
    return tuple(facts[:1] + places + facts[1:]) if subject == PERSON else (*places, *facts)


def derived_words(subject: str) -> dict[str, str]:
    """Return words for facts that are worked out, and so are never taken from a sheet."""
    return {
        heading_spelling(word): field.label
        for field in DICTIONARY.fields_of(subject)
        if field.is_derived
        for word in field.words_for()
    }


def _has(subject: str, key: str) -> bool:
    return DICTIONARY.has(subject, key)


def _of_field(field: Field) -> ColumnTarget:
    words = (*field.words_for(), *MORE_WORDS.get(field.key, ()))
    return ColumnTarget(field.key, field.label, words, field)
