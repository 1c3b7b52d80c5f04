"""Finding a page of the product by its name, its pinyin, or what people call it instead."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from django.urls import NoReverseMatch, reverse

from linli.core.chinese.normalise import for_matching
from linli.core.chinese.pinyin import place_pinyin, typed_pinyin
from linli.core.interface import registry
from linli.core.interface.registry import Page
from linli.core.interface.shell import SearchHit, SearchHits
from linli.core.scope import scope_or_none

# What people say for the same thing; a page whose name has one word of a row is found by all.
SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("到期", "提醒", "吹哨", "哨声", "年检", "预警"),
    ("导出", "名单", "带走", "下载", "excel"),
    ("走户", "走访", "上门", "敲门", "入户", "摸排", "排查", "挨户"),
    ("看望", "探望", "慰问", "关爱", "承诺"),
    ("填表", "表格", "空表", "报表"),
    ("查询", "智慧报表", "统计", "筛选"),
    ("办件", "事项", "工单", "诉求", "投诉", "报事", "报修", "热线", "12345"),
    ("联勤联动", "分派", "调度", "站长"),
    ("通知", "公告", "短信", "群发", "告诉"),
    ("通讯录", "电话", "联系人", "单位", "物业", "谁能来"),
    ("找人", "居民", "人口", "档案", "查人"),
    ("设施", "设备", "消防", "充电桩", "特种设备"),
    ("日历", "日程", "安排", "日子"),
    ("导入", "上传", "批量"),
    ("待办", "任务", "要办"),
    ("日志", "民情日志", "记录", "记一笔"),
    ("岗位", "任命", "同事", "人员", "账号"),
    ("账户", "密码", "登录", "语言", "关怀版", "大字"),
    ("设置", "规则", "上限", "通道"),
)


def find_pages(words: str, limit: int) -> SearchHits | None:
    """Return the pages of the menu that a word means, those it names before the others."""
    asked, scope = for_matching(words).strip(), scope_or_none()
    if len(asked) < 2:
        return None
    ranked = []
    for page in registry.pages():
        # Not the label first: what a post may not open it is not told of.
        rank = _rank(page, asked) if page.is_open_to(scope) else None
        href = _address(page) if rank is not None else ""
        if href:
            ranked.append((rank, page.order, page, href))
    ranked.sort(key=lambda one: one[:2])
    hits = [
        SearchHit(str(page.label), href, str(page.note), page.icon, is_sure=rank == 0)
        for rank, _order, page, href in ranked
    ]
    return SearchHits(hits[:limit], len(hits)) if hits else None


def _rank(page: Page, asked: str) -> int | None:
    """Return how well a page fits: its name, a part of it, its pinyin, another word for it."""
    label = for_matching(str(page.label))
    if asked == label:
        return 0
    if asked in label:
        return 1
    if asked.isascii() and asked.isalpha():
        typed = typed_pinyin(asked)
        if any(sound.startswith(typed) for sound in _sounds(label)):
            return 2
    if any(word in label for word in _same_as(asked)):
        return 3
    return 4 if asked in for_matching(str(page.note)) else None


@lru_cache(maxsize=512)
def _sounds(label: str) -> tuple[str, str]:
    read = place_pinyin(label)
    return read.full, read.initials


@lru_cache(maxsize=512)
def _same_as(asked: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_alike(asked)))


def _alike(asked: str) -> Iterator[str]:
    for row in SYNONYMS:
        if any(word in asked or (len(asked) > 1 and asked in word) for word in row):
            yield from row


def _address(page: Page) -> str:
    try:
        return reverse(page.url_name)
    except NoReverseMatch:
        return ""
