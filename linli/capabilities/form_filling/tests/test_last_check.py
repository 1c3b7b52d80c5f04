"""Negative controls: a filler that mixes people up is caught before its file is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from linli.capabilities.form_filling.reading import understand
from linli.capabilities.form_filling.submissions import filled_file
from linli.capabilities.form_filling.tests.builders import (
    OTHER_PHONE,
    PHONE,
    Town,
    a_blank,
    a_town,
    as_worker,
    missing,
)
from linli.capabilities.form_filling.tests.test_party_blocks import ASKED, MORE, left, written
from linli.capabilities.form_filling.tests.test_several_lists import taken
from linli.core.errors import Refused

LIST = ["序号", "姓名", "性别", "联系电话"]


@pytest.fixture
def here(db: None) -> Town:
    return a_town()


def mixed_up(monkeypatch: pytest.MonkeyPatch, *, heading: str) -> None:
    """Let the layout write one fact of the next person into everybody's row."""
    layout = filled_file.laid_out

    def broken(form_instance: Any, knowledge: Any, by: Any, paper: Any) -> Any:
        rows = knowledge.rows
        at = missing(form_instance, heading)
        wrong = []
        for row, after in zip(rows, [*rows[1:], *rows[:1]], strict=True):
            cells = list(row.cells)
            cells[at] = after.cells[at]
            wrong.append(replace(row, cells=tuple(cells)))
        laid = layout(form_instance, replace(knowledge, rows=wrong), by, paper)
        return replace(laid, knowledge=knowledge)

    monkeypatch.setattr(filled_file, "laid_out", broken)


@pytest.mark.parametrize("heading", ["姓名", "联系电话"])
def test_a_list_with_another_ones_fact_is_refused(
    here: Town, monkeypatch: pytest.MonkeyPatch, heading: str
) -> None:
    mixed_up(monkeypatch, heading=heading)
    with as_worker(here), pytest.raises(Refused, match=r"第\d行.*不是这一行本人的") as refused:
        taken(here, a_blank(LIST))
    assert refused.value.code == "form_filling.somebody_elses"
    assert "联系电话" in refused.value.sentence
    assert PHONE not in refused.value.sentence
    assert OTHER_PHONE not in refused.value.sentence


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_form_read_before_blocks_were_seen_is_not_filled_with_a_neighbour(
    here: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """What was kept of a form may still be wrong: the blank is read anew."""
    with as_worker(here):
        with monkeypatch.context() as patched:
            patched.setattr(understand, "with_parties", lambda _paper, headings: list(headings))
            with pytest.raises(Refused, match="没有留下"):
                _taken_later(here, written(tmp_path, left("配偶"), kind), patched)
        assert taken(here, written(tmp_path, left("配偶"), kind).read_bytes(), f"a.{kind}").data


def _taken_later(here: Town, path: Path, patched: pytest.MonkeyPatch) -> None:
    """Keep a form as it was understood, then fill it with what is understood now."""
    fill = filled_file.filled

    def now(form_instance: Any, **more: Any) -> Any:
        patched.undo()
        return fill(form_instance, **more)

    patched.setattr("linli.capabilities.form_filling.actions.form_returns.filled", now)
    taken(here, path.read_bytes(), path.name)


@pytest.mark.parametrize("where", ["姓名", "联系电话"])
def test_one_persons_card_with_a_neighbours_fact_is_refused(
    here: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    heading = ASKED.index(where) // 2
    mixed_up_cards(monkeypatch, heading, here)
    with as_worker(here), pytest.raises(Refused, match="不是这一行本人的"):
        taken(here, written(tmp_path, [ASKED, MORE], "docx").read_bytes(), "卡.docx")


def mixed_up_cards(monkeypatch: pytest.MonkeyPatch, heading: int, here: Town) -> None:
    """Let every card have one fact of somebody who lives next door."""
    layout = filled_file.laid_out
    wrong = {0: "陈德", 2: OTHER_PHONE}[heading]

    def broken(form_instance: Any, knowledge: Any, by: Any, paper: Any) -> Any:
        laid = layout(form_instance, knowledge, by, paper)
        cells = tuple(
            replace(cell, value=wrong) if cell.column == 2 * heading + 1 and not cell.row else cell
            for cell in laid.content.cells
        )
        return replace(laid, content=replace(laid.content, cells=cells))

    monkeypatch.setattr(filled_file, "laid_out", broken)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    """A blank understood in one test is not known in the next."""
    from linli.capabilities.form_filling.submissions import last_check

    last_check._form_and_printed.cache_clear()
    yield
    last_check._form_and_printed.cache_clear()
