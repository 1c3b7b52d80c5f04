"""Headings that were not understood are named and counted; nothing says that none is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from linli.capabilities.form_filling import actions
from linli.capabilities.form_filling.tests.builders import (
    Town,
    a_town,
    as_worker,
    confirmed_as_read,
    disabled,
)
from linli.capabilities.form_filling.tests.test_party_blocks import ASKED, left, written


@pytest.fixture
def here(db: None) -> Town:
    return a_town()


def test_the_page_and_the_file_name_what_was_not_understood(
    here: Town, client: Client, tmp_path: Path
) -> None:
    rows = [[*left("配偶")[0]], *left("配偶")[1:], ["拟安置去向", "", "户籍性质", "", *[""] * 3]]
    path = written(tmp_path, rows, "docx")
    with as_worker(here):
        form_instance = actions.upload_form(
            data=path.read_bytes(), name="表.docx", place=here.town.community, by=here.worker
        )
        said = confirmed_as_read(form_instance, condition=disabled())
        actions.confirm_form(form_instance=form_instance, by=here.worker, **said)
        made = actions.take_filled(form_instance=form_instance, by=here.worker)
    assert "2个栏目没有看懂，空着：拟安置去向、户籍性质" in made.warnings
    assert any("6个栏目是别人的，空着：配偶姓名、配偶性别" in text for text in made.warnings)
    client.force_login(here.worker)
    page = client.get(f"/forms/{form_instance.link}/").content.decode()
    assert "2个栏目没有看懂，空着：拟安置去向、户籍性质" in page
    assert "个栏目没看懂" in page
    confirm = client.get(f"/forms/{form_instance.link}/headings/").content.decode()
    assert "配偶：姓名" in confirm
    assert "这是“配偶”一栏的" in confirm


def test_a_form_nobody_understands_does_not_say_that_nothing_is_missing(
    here: Town, client: Client, tmp_path: Path
) -> None:
    path = written(tmp_path, [["拟安置去向", "", "户籍性质", ""]], "docx")
    with as_worker(here):
        form_instance = actions.upload_form(
            data=path.read_bytes(), name="表.docx", place=here.town.community, by=here.worker
        )
        said = confirmed_as_read(form_instance)
        actions.confirm_form(form_instance=form_instance, by=here.worker, **said)
    client.force_login(here.worker)
    page = client.get(f"/forms/{form_instance.link}/").content.decode()
    assert "2个栏目没有看懂" in page
    assert "缺0格" not in page


def test_where_all_is_understood_nothing_is_said(here: Town, tmp_path: Path) -> None:
    path = written(tmp_path, [ASKED, ["民族", "", "本人签名", "", "备注", ""]], "docx")
    with as_worker(here):
        form_instance = actions.upload_form(
            data=path.read_bytes(), name="表.docx", place=here.town.community, by=here.worker
        )
        said = confirmed_as_read(form_instance, condition=disabled())
        actions.confirm_form(form_instance=form_instance, by=here.worker, **said)
        made = actions.take_filled(form_instance=form_instance, by=here.worker)
    assert not [text for text in made.warnings if "空着" in text]
