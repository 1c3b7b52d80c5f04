"""Reading messages: categories, doubles and topics, judged on real messages by hand."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from bench.measuring import Section, once_s
from bench.sections import _django

WRONG_LIMIT, SECONDS_LIMIT, IMPURE_LIMIT = 0.22, 10, 0.05
# What somebody would write down in five minutes, without looking at the messages.
KEYWORDS = {
    "城乡建设": "小区 物业 拆迁 房 开发商 建设 违建 路灯 停车 电梯 水 供暖",
    "环境保护": "污染 噪音 环保 垃圾 排放 臭 废气 粉尘 烟 河",
    "交通运输": "公交 出租车 交通 车站 高铁 快递 司机 滴滴 道路运输 客运",
    "教育文体": "学校 教师 学生 老师 教育 补课 幼儿园 高考 体育 招生",
    "劳动和社会保障": "社保 工资 退休 养老 职工 劳动 医保 公积金 工伤 就业",
    "商贸旅游": "旅游 商家 消费 景区 价格 投资 市场 公司 传销 购物",
    "卫生计生": "医院 医生 生育 独生 计生 疫苗 卫生 病人 药 医疗",
}


def cases() -> Section:
    """Categories by five-fold cross-validation, then pairs and topics of 2,201 messages."""
    _django()
    from linli.workbench.text_analysis.tests import shared

    section = Section("Reading messages (295 labelled, 2,201 grouped)")
    if not shared.MESSAGES.is_dir():
        section.text = f"The real messages are not at {shared.MESSAGES}: nothing was measured.\n"
        return section
    _categories(section)
    _first_day(section)
    _pairs(section)
    _topics(section)
    return section


def _categories(section: Section) -> None:
    from linli.workbench.text_analysis.tests import shared
    from linli.workbench.text_analysis.texts import as_learnt
    from linli.workbench.text_analysis.training import trained_and_tried, tried_otherwise

    texts = shared.labelled_texts()
    rows = [(as_learnt(title, text), label) for title, text, label in texts]
    seconds, (model, held) = once_s(lambda: trained_and_tried(rows))
    mixed = [_of_a_shuffle(rows, seed) for seed in range(5)]
    share = "of the texts"
    section.add(
        "put wrongly, five folds",
        1 - held.accuracy,
        share,
        limit=WRONG_LIMIT,
        note=f"accuracy {held.accuracy:.3f}; on 5 other deals of the folds "
        f"{min(mixed):.3f} to {max(mixed):.3f}",
    )
    bare = [as_learnt("", text) for _title, text, _label in texts]
    without = tried_otherwise(rows, bare).accuracy
    section.add(
        "put wrongly, asked without its title as on the page for residents",
        1 - without,
        share,
        limit=WRONG_LIMIT,
        note=f"accuracy {without:.3f}; learnt with titles, "
        "the first sentence stands for the missing one",
    )
    most = Counter(label for _text, label in rows).most_common(1)[0][1] / len(rows)
    section.add("put wrongly by always saying the largest class", 1 - most, share)
    by_words = sum(_by_keywords(text) == label for text, label in rows) / len(rows)
    section.add("put wrongly by ten keywords a class", 1 - by_words, share)
    right, sure = held.precision_from(model.threshold, model.sharpness)
    section.add(
        "right where it is sure, held out",
        right,
        "of these",
        note=f"sure of {sure:.0%} from {model.threshold:.2f} on",
    )
    section.add("learning, with six models for the folds", seconds, "s")
    section.text = _confusion(held)


def _of_a_shuffle(rows: Sequence[tuple[str, str]], seed: int) -> float:
    from linli.workbench.text_analysis.training import trained_and_tried

    mixed = list(rows)
    random.Random(seed).shuffle(mixed)
    return trained_and_tried(mixed)[1].accuracy


def _by_keywords(text: str) -> str:
    counts = {
        label: sum(text.count(word) for word in words.split()) for label, words in KEYWORDS.items()
    }
    return max(counts, key=counts.__getitem__)


def _confusion(held: Any) -> str:
    head = "| people said ↓, it said → | " + " | ".join(held.categories) + " |"
    lines = [head, "| --- |" + " ---: |" * len(held.categories)]
    for label, row in zip(held.categories, held.confusion(), strict=True):
        lines.append(f"| {label} | " + " | ".join(map(str, row)) + " |")
    return "\n".join([*lines, ""])


def _first_day(section: Section) -> None:
    """What the shipped examples alone can do: each held out from the others."""
    from linli.workbench.text_analysis.category_model import learn, shipped
    from linli.workbench.text_analysis.training import trained_and_tried

    seconds, _model = once_s(learn)
    model, held = trained_and_tried(shipped())
    right, sure = held.precision_from(model.threshold, model.sharpness)
    section.add(
        "shipped examples: put wrongly, held out",
        1 - held.accuracy,
        "of the texts",
        note=f"{len(shipped())} texts, {len(held.categories)} categories; "
        f"where sure ({sure:.0%}) {right:.2f} are right",
    )
    section.add("learning from the shipped examples", seconds, "s")


def _pairs(section: Section) -> None:
    from linli.workbench.text_analysis.similarity import ALIKE_FROM, SAME_FROM, Index
    from linli.workbench.text_analysis.tests import shared

    rows = shared.messages()
    seconds, index = once_s(lambda: Index(rows))
    more, pairs = once_s(lambda: list(index.pairs(ALIKE_FROM)))
    section.add(
        "every message compared with every other",
        seconds + more,
        "s",
        limit=SECONDS_LIMIT,
        note=f"{len(pairs)} pairs alike",
    )
    found = {frozenset(pair[:2]): pair[2] for pair in pairs}
    judged = shared.pairs("labelled")
    for least, words in ((ALIKE_FROM, "alike"), (SAME_FROM, "nearly the same words")):
        said = [(found.get(frozenset((a, b)), 0) >= least, same) for a, b, same in judged]
        right = sum(hit and same for hit, same in said)
        hits = sum(hit for hit, _same in said)
        section.add(
            f"{words}: precision on {len(judged)} judged pairs",
            right / hits,
            "of pairs",
            note=f"recall {right / sum(same for _hit, same in said):.2f}, "
            f"from {least} on; chosen to be hard",
        )
    drawn, weight = _drawn(found)
    section.add(f"alike: precision on {drawn} pairs drawn from what it found", weight, "of pairs")


def _drawn(found: dict[frozenset[Any], float]) -> tuple[int, float]:
    """Return the precision of a random sample, weighted by how many there are of each likeness."""
    from linli.workbench.text_analysis.tests import shared

    bands: dict[int, list[bool]] = defaultdict(list)
    for a, b, same in shared.pairs("drawn"):
        likeness = found.get(frozenset((a, b)))
        if likeness is not None:
            bands[min(int(likeness * 10), 5)].append(same)
    sizes = Counter(min(int(likeness * 10), 5) for likeness in found.values())
    right = sum(sizes[band] * sum(one) / len(one) for band, one in bands.items())
    return sum(map(len, bands.values())), right / sum(sizes[band] for band in bands)


def _topics(section: Section) -> None:
    from linli.workbench.text_analysis.tests import shared
    from linli.workbench.text_analysis.topics import groups, hot_topics

    rows, ours = shared.messages(), shared.groups()
    worked = time.process_time()
    seconds, topics = once_s(lambda: hot_topics(rows, days=None))
    worked = time.process_time() - worked
    section.add(
        "2,201 messages grouped and named",
        seconds,
        "s",
        limit=SECONDS_LIMIT,
        note=f"{worked:.1f} s of one processor",
    )
    where: dict[str, int] = {}
    pure = together = 0
    for number, group in enumerate(groups(rows)):
        keys = [str(rows[at].key) for at in group]
        where |= dict.fromkeys(keys, number)
        judged = Counter(ours[key] for key in keys if key in ours)
        if judged.total() > 1:
            together += judged.total()
            pure += judged.most_common(1)[0][1]
    section.add(
        "of messages grouped together, not of the group's case",
        1 - pure / together,
        "of messages",
        limit=IMPURE_LIMIT,
        note=f"purity {pure / together:.3f} on {len(set(ours.values()))} judged groups of "
        f"{len(ours)} messages",
    )
    members: dict[str, list[object]] = defaultdict(list)
    for key, group_of in ours.items():
        members[group_of].append(where.get(key, key))
    kept = sum(Counter(member).most_common(1)[0][1] for member in members.values())
    section.add("of a judged group, kept in one topic", kept / len(ours), "of messages")
    named = "; ".join(f"{topic.name} ({topic.size})" for topic in topics[:10])
    section.text += f"\nThe ten largest topics: {named}.\n"


SECTIONS = {"cases": cases}
