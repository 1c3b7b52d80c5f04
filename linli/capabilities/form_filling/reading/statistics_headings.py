"""What counts: headings and rows that are conditions, such as 男, 60岁以上, 其中党员."""

from __future__ import annotations

import re
from collections.abc import Sequence

from linli.capabilities.form_filling.reading.words import SERIAL, parts, plain_heading

COUNTS = re.compile(
    r"(总?人数|总?户数|总?数|数量|总人口|人口数?|户籍人口|常住人口|小计|合计|总计|共计|人次|占比)$"
    r"|^(其中|其它|其他|男|女|男性|女性|总量|人员总数)|^\d+(周?岁|人)|\d+周?岁(以[上下]|及以[上下])?"
    r"|^(党员|老人|老年人|儿童|残疾人|低保|独居|空巢|失能|退役军人|流动人口|少数民族|志愿者)"
    r"[（(]?[人户]?[)）]?$|[（(][人户]数?[)）]$"
)
MEASURES = re.compile(r"面积|金额|[（(](元|万元|㎡|平方米|亩)[)）]$")
ROWS_OF = re.compile(
    r"^(所属|所在)?(社区|村居|村[(（]居[)）]|居委会?|居民区|村委会?|小区|网格|楼栋|楼号|单位|街镇|街道"
    r"|类别|项目|指标|分类|名称|统计项目|人员类别|年龄段?|月份)(名称)?$"
)
BESIDE = re.compile(r"^(备注|说明|单位)$")
FEWEST = 2


def counts(text: str, above: Sequence[str] = ()) -> bool:
    """Is this heading a number of people, of households or of things?"""
    word = plain_heading(text)
    return bool(COUNTS.search(word)) or any(
        COUNTS.search(plain_heading(one)) or plain_heading(one) in {"性别", "年龄", "年龄段"}
        for one in above
    )


def is_tally(texts: Sequence[tuple[str, Sequence[str]]]) -> bool:
    """Do these headings (with those above them) only count?"""
    headings = [
        (text, above)
        for text, above in texts
        if not SERIAL.match(plain_heading(text))
        and not ROWS_OF.match(plain_heading(text))
        and not BESIDE.match(plain_heading(text))
        and parts(text)
    ]
    counting = [one for one in headings if counts(*one)]
    measured = [
        one for one in headings if one not in counting and MEASURES.search(plain_heading(one[0]))
    ]
    return (
        len(counting) >= FEWEST
        and len(counting) + len(measured) == len(headings)
        and len(counting) > len(measured)
    )
