"""Ways of asking: hints, boxes to tick, a box a digit, lines and running text, 申请人姓名."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from linli.capabilities.form_filling.filling.blanks import is_blank, is_hint, options_of
from linli.capabilities.form_filling.filling.lines import blanks_of
from linli.capabilities.form_filling.tests.builders import Town, a_town, as_worker
from linli.capabilities.form_filling.tests.test_party_blocks import FOUND, texts_of, written
from linli.capabilities.form_filling.tests.test_several_lists import taken
from tests.people import a_person

NUMBER, MOBILE = "999001195001010718", "13812345678"
needs_them = pytest.mark.skipif(not FOUND.is_dir(), reason="not part of the source")


@pytest.fixture
def here(db: None) -> Town:
    """钱八宝 is the one whom the forms are about."""
    town = a_town()
    a_person(
        town.town.home("1", "202"),
        "钱八宝",
        aged=76,
        sex="1",
        identity_number=NUMBER,
        phone=MOBILE,
        marital_status="20",
        low_income=False,
        veteran=True,
    )
    return town


def of_him(here: Town, data: bytes, name: str) -> list[str]:
    with as_worker(here):
        return texts_of(taken(here, data, name, "退役军人").data)


def found(here: Town, name: str) -> list[str]:
    return of_him(here, (FOUND / name).read_bytes(), name)


def made(here: Town, folder: Path, rows: list[list[str]], kind: str) -> list[str]:
    path = written(folder, rows, kind)
    return of_him(here, path.read_bytes(), path.name)


def after(texts: list[str], label: str) -> str:
    return texts[texts.index(label) + 1]


@needs_them
def test_hints_are_written_over(here: Town) -> None:
    texts = found(here, "f2-hints.docx")
    assert after(texts, "姓名") == "钱八宝"
    assert after(texts, "性别") == "男"
    assert after(texts, "身份证号") == NUMBER
    assert after(texts, "联系电话") == MOBILE
    assert after(texts, "出生年月") == "1950年1月"
    assert "（填到门牌号）" not in texts


@needs_them
def test_what_is_asked_of_the_applicant(here: Town) -> None:
    texts = found(here, "f3-applicant.docx")
    assert after(texts, "申请人姓名") == "钱八宝"
    assert after(texts, "申请人性别") == "男"
    assert after(texts, "申请人身份证号") == NUMBER
    assert after(texts, "申请人联系电话") == MOBILE


@needs_them
def test_boxes_are_ticked(here: Town) -> None:
    texts = found(here, "f6-boxes.docx")
    assert after(texts, "性别") == "☑男\u3000□女"
    assert after(texts, "婚姻状况") == "□未婚 ☑已婚 □离婚 □丧偶"
    assert after(texts, "是否低保") == "□是 ☑否"


@needs_them
def test_a_certificates_running_text(here: Town) -> None:
    text = " ".join(found(here, "f7-certificate.docx"))
    plain = text.replace(" ", "").replace("\u3000", "").replace("_", "")
    assert f"兹证明钱八宝，性别男，身份证号码{NUMBER}，现居住于" in plain
    assert f"联系电话{MOBILE}。" in plain


@needs_them
def test_lines_with_labels(here: Town) -> None:
    texts = [text.split() for text in found(here, "f7b-lines.docx")]
    assert texts[1] == ["姓名：钱八宝", "性别：男", "出生日期：1950-01-01"]
    assert texts[2] == [f"身份证号码：{NUMBER}"]
    assert texts[3][-1] == f"电话：{MOBILE}"


@needs_them
def test_a_digit_a_box(here: Town) -> None:
    texts = found(here, "f9-digit-boxes.docx")
    start = texts.index("身份证号码") + 1
    assert texts[start : start + 18] == list(NUMBER)
    assert after(texts, "姓名") == "钱八宝"


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_the_same_in_forms_of_our_own(here: Town, tmp_path: Path, kind: str) -> None:
    wide = [""] * 14
    rows = [
        ["姓名", "请填写", "<", "<", "本人性别", "男□ 女□", "<", "<", *wide],
        [
            "申请人手机号码",
            "【必填】",
            "<",
            "<",
            "是否退役军人",
            "（ ）是 （ ）否",
            "<",
            "<",
            *wide,
        ],
        ["身份证号", *[""] * 18, "", "", ""],
        ["联系电话", *[""] * 11, "民族", "（选填）", *["<"] * 8],
    ]
    texts = made(here, tmp_path, rows, kind)
    assert after(texts, "姓名") == "钱八宝"
    assert after(texts, "本人性别") == "男☑ 女□"
    assert after(texts, "是否退役军人") == "（√）是 （ ）否"
    start = texts.index("身份证号") + 1
    assert "".join(texts[start : start + 18]) == NUMBER
    assert after(texts, "民族") == "（选填）"


def test_lines_of_others_stay_theirs(here: Town) -> None:
    document = Document()
    for line in (
        "填报单位：________ 填报日期：________",
        "姓名：________ 性别：____ 电话：________",
        "监护人姓名：________ 电话：________ 身份证号：__________",
        "担保人：______ 联系电话：________",
    ):
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    texts = of_him(here, out.getvalue(), "表.docx")
    assert texts[0].startswith("填报单位：殷家社区")
    assert texts[1].split() == ["姓名：钱八宝", "性别：男", f"电话：{MOBILE}"]
    assert texts[2] == "监护人姓名：________ 电话：________ 身份证号：__________"
    assert texts[3] == "担保人：______ 联系电话：________"


@pytest.mark.parametrize(
    "text", ["（必填）", "(18位)", "（填到门牌号）", "【选填】", "请如实填写", "（如：1940年1月）"]
)
def test_hints(text: str) -> None:
    assert is_hint(text)
    assert is_blank(text)


@pytest.mark.parametrize("text", ["联系电话", "（本人）姓名", "姓名（必填）", "请假条", "（盖章）"])
def test_no_hints(text: str) -> None:
    assert not is_hint(text)
    assert not is_blank(text)


def test_boxes_and_blanks() -> None:
    assert [word for _s, _e, word in options_of("□男\u3000□女")] == ["男", "女"]
    assert [word for _s, _e, word in options_of("未婚□ 已婚□")] == ["未婚", "已婚"]
    assert options_of("□同意") == []
    assert [label for label, _s, _e in blanks_of("姓名：张三 电话：____，住址")] == ["电话"]
    assert blanks_of("特此证明。") == []
