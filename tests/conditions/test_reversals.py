"""A "not", "except" or "only" never turns round what stands beside words not understood."""

from __future__ import annotations

import pytest

from tests.conditions.test_sentences import ask

BESIDE_UNKNOWN: list[tuple[str, str, list[str]]] = [
    # Between the reversal and its noun: it does not jump on to what follows.
    ("子女不在身边的老人", "年龄≥60岁", ["子女不在身边"]),
    ("一个月都没人去看过的独居老人", "独居 且 年龄≥60岁", ["一个月都没人去看过"]),
    # A word understood only in part: 高龄 of 高龄津贴 is not reversed.
    ("没领高龄津贴的80岁以上老人", "年龄≥80岁", ["没领高龄津贴"]),
    ("不会用手机的老人", "年龄≥60岁", ["不会用手机"]),
    ("不会用手机的80岁以上独居老人", "年龄≥80岁 且 独居", ["不会用手机"]),
    ("没打过疫苗的独居老人", "独居 且 年龄≥60岁", ["没打过疫苗"]),
    # Not understood before it: 很久 says which 没联系 is meant.
    ("很久没联系的高龄老人", "年龄≥80岁", ["很久没联系"]),
    # After it.
    ("未成年人，学龄前的不算", "年龄＜18岁", ["学龄前的不算"]),
    ("独居老人，打太极的除外", "独居 且 年龄≥60岁", ["打太极的除外"]),
    ("低保以外的老人", "年龄≥60岁", ["低保以外"]),
    ("除了低保和打太极以外的老人", "年龄≥60岁", ["除了低保和打太极以外"]),
    ("只看打太极的党员", "政治面貌属于中共党员、中共预备党员", ["只看打太极"]),
    ("家里只有老人和孩子的户", "全部", ["只有老人和孩子"]),
    ("65岁以上未签约家庭医生的高血压患者", "年龄≥65岁 且 慢性病种类＝高血压", ["未签约家庭医生"]),
]
UNDERSTOOD = [
    ("除租客以外的非户籍人口", "居住身份≠租客 且 非户籍人口"),
    ("除了党员以外的志愿者", "政治面貌不属于中共党员、中共预备党员 且 志愿者"),
    ("近30天没有联系过的老人", "最近联系不在近30天内 且 年龄≥60岁"),
    ("低保但不在低保户里的人", "低保 且 非低保户"),
    ("独居老人，不含低保的", "独居 且 年龄≥60岁 且 非低保"),
    ("只看独居的老人", "独居 且 年龄≥60岁"),
    ("没有老人的家庭", "非（户内的人中有（年龄≥60岁））"),
]


@pytest.mark.parametrize(("sentence", "left", "unknown"), BESIDE_UNKNOWN)
def test_a_reversal_beside_unknown_words_is_unknown_with_them(
    sentence: str, left: str, unknown: list[str]
) -> None:
    question = ask(sentence)
    assert (question.text, list(question.unknown)) == (left, unknown)
    assert question.condition.unread == tuple(unknown)


@pytest.mark.parametrize(("sentence", "is_said"), UNDERSTOOD)
def test_a_reversal_of_what_is_understood_still_reverses(sentence: str, is_said: str) -> None:
    question = ask(sentence)
    assert (question.text, question.unknown) == (is_said, ())
