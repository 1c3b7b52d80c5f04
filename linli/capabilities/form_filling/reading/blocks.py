"""The paragraphs and tables of a Word file in reading order, those in text boxes too."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
BOX, TABLE, PARAGRAPH = f"{W}txbxContent", f"{W}tbl", f"{W}p"
HOLDERS = {f"{W}sdt", f"{W}sdtContent", f"{W}body"}


def blocks(body: Any) -> Iterator[Any]:
    """Yield every ``w:p`` and ``w:tbl``; what a text box holds comes after its paragraph."""
    for block in body:
        if block.tag == TABLE:
            yield block
        elif block.tag == PARAGRAPH:
            yield block
            for box in boxes(block):
                yield from blocks(box)
        elif block.tag in HOLDERS:
            yield from blocks(block)


def boxes(paragraph: Any) -> list[Any]:
    """Return the text boxes of a paragraph; of two spellings of one box, the newer."""
    return list(_outer_boxes(paragraph))


def _outer_boxes(one: Any) -> Iterator[Any]:
    """Yield the boxes that stand in no other; those inside come when their own turn comes."""
    for child in one:
        if child.tag == BOX:
            yield child
        elif child.tag != f"{MC}Fallback":
            yield from _outer_boxes(child)


def words_of(paragraph: Any) -> str:
    """Return a paragraph's own words, without those of its text boxes."""
    return "".join(text.text or "" for text in own_texts(paragraph)).strip()


def own_texts(one: Any) -> Iterator[Any]:
    """Yield the ``w:t`` of a paragraph that stand in none of its text boxes."""
    for child in one:
        if child.tag == f"{W}t":
            yield child
        if child.tag != BOX:
            yield from own_texts(child)


def same_in_old(body: Any) -> None:
    """Give old programs, which read a text box's second spelling, what the first one says now."""
    for choice in list(body.iter(f"{MC}AlternateContent")):
        new = [box for one in choice.findall(f"{MC}Choice") for box in one.iter(BOX)]
        old = [box for one in choice.findall(f"{MC}Fallback") for box in one.iter(BOX)]
        for fresh, stale in zip(new, old, strict=False):
            for child in list(stale):
                stale.remove(child)
            stale.extend(copy.deepcopy(child) for child in fresh)
