"""Phone numbers have one spelling, and personal values a mask that gives little away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core.personal_data.masking import (
    mask_address,
    mask_identity_number,
    mask_name,
    mask_phone,
    mask_text,
)
from linli.core.personal_data.phones import (
    SENTENCES,
    NotAPhone,
    Phone,
    PhoneKind,
    read_phone,
    read_phones,
)


@pytest.mark.parametrize(
    ("typed", "normal", "kind"),
    [
        ("13812345678", "13812345678", PhoneKind.MOBILE),
        (13812345678.0, "13812345678", PhoneKind.MOBILE),
        ("138 1234-5678", "13812345678", PhoneKind.MOBILE),
        ("+86 138 1234 5678", "13812345678", PhoneKind.MOBILE),
        ("１３８１２３４５６７８", "13812345678", PhoneKind.MOBILE),
        ("15412345678", "15412345678", PhoneKind.MOBILE),
        ("0574-88123456", "057488123456", PhoneKind.LANDLINE),
        ("（0574）88123456", "057488123456", PhoneKind.LANDLINE),
        ("0086-574-88123456", "057488123456", PhoneKind.LANDLINE),
        ("4008001234", "4008001234", PhoneKind.SERVICE),
        ("12345", "12345", PhoneKind.SERVICE),
        ("+852 9123 4567", "+85291234567", PhoneKind.ABROAD),
    ],
)
def test_a_number_has_one_spelling(typed: object, normal: str, kind: PhoneKind) -> None:
    phone = read_phone(typed)
    assert isinstance(phone, Phone)
    assert (phone.normal, phone.kind) == (normal, kind)


def test_an_extension_is_kept_apart() -> None:
    for typed in ("0574-88123456转801", "0574-88123456-801"):
        phone = read_phone(typed)
        assert isinstance(phone, Phone)
        assert (phone.normal, phone.extension) == ("057488123456", "801")


def test_a_mobile_is_shown_in_groups_and_told_by_its_tail() -> None:
    phone = read_phone("13812345678")
    assert isinstance(phone, Phone)
    assert (phone.display, phone.tail, phone.e164) == ("138 1234 5678", "5678", "+8613812345678")
    line = read_phone("0574-88123456")
    assert isinstance(line, Phone)
    assert line.e164 == "+8657488123456"


def test_a_landline_without_area_code_takes_that_of_the_place() -> None:
    alone = read_phone("88123456")
    assert isinstance(alone, NotAPhone)
    assert alone.code == "no_area_code"
    here = read_phone("88123456", area_code="0574")
    assert isinstance(here, Phone)
    assert here.normal == "057488123456"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        (None, "empty"),
        ("1381234567", "mobile_length"),
        ("138123456789", "mobile_length"),
        ("1.38E+10", "rounded"),
        ("张三", "not_a_phone"),
        ("00000", "not_a_phone"),
    ],
)
def test_what_is_no_number_is_refused_with_a_reason(typed: object, code: str) -> None:
    answer = read_phone(typed)
    assert isinstance(answer, NotAPhone)
    assert answer.code == code
    assert answer.sentence


def test_a_cell_may_hold_several_numbers() -> None:
    found = read_phones("13812345678/0574-88123456、没有，13812345678")
    assert [phone.normal for phone in found] == ["13812345678", "057488123456"]


@given(st.one_of(st.text(), st.text(alphabet="0123456789+-转()（） #xE."), st.floats()))
def test_reading_a_number_never_raises(typed: object) -> None:
    answer = read_phone(typed)
    assert isinstance(answer, Phone) or answer.code in SENTENCES


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_the_normal_spelling_reads_as_itself(number: str) -> None:
    phone = read_phone(number)
    assert isinstance(phone, Phone)
    assert phone.normal == number


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳小红", "欧阳**"),
        ("欧阳", "欧*"),
        ("阿卜杜·热合曼", "阿**"),
        ("John Smith", "J**"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_surname(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_an_identity_number_keeps_its_ends() -> None:
    assert mask_identity_number("11010519491231002X") == "1****************X"
    assert mask_identity_number("G1234") == "*****"


def test_a_phone_keeps_what_people_tell_it_by() -> None:
    assert mask_phone("13812341234") == "138****1234"
    assert mask_phone("057488123456") == "0574****56"
    assert mask_phone("+85291234567") == "+85****67"
    assert mask_phone("110") == "***"


def test_an_address_keeps_names_and_hides_numbers() -> None:
    assert mask_address("潘火路１２８弄东方丽都3-2幢一单元1802室") == "潘火路*弄东方丽都*幢*单元*室"


def test_free_text_hides_numbers_of_people() -> None:
    text = "身份证11010519491231002X，电话13812341234，建筑面积1234"
    assert mask_text(text) == "身份证1****************X，电话138****1234，建筑面积1234"


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True))
def test_a_mask_shows_neither_county_nor_birthday(number: str) -> None:
    assert number[1:17] not in mask_text(f"号码{number}。")
    assert mask_identity_number(number).count("*") == 16
