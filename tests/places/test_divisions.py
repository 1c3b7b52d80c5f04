"""Any real subdistrict is found by its code; a wrong one is answered with the nearest."""

import pytest

from linli.register.places import divisions


def test_panhuo_has_its_nineteen_communities():
    panhuo = divisions.subdistrict("330212007")
    assert panhuo.full_name == "浙江省宁波市鄞州区潘火街道"
    assert len(panhuo.communities) == 19
    assert ("330212007009", "殷家社区") in panhuo.communities


def test_full_width_digits_are_read():
    assert divisions.subdistrict(" ３３０２１２００７ ").name == "潘火街道"


def test_a_wrong_code_is_answered_with_the_nearest():
    with pytest.raises(divisions.UnknownDivision) as unknown:
        divisions.subdistrict("330212077")
    near = unknown.value.nearest
    assert len(near) == 5
    assert all(code.startswith("330212") for code, _name in near)


def test_a_name_instead_of_a_code_is_answered_with_its_namesakes():
    with pytest.raises(divisions.UnknownDivision) as unknown:
        divisions.subdistrict("潘火街道")
    assert unknown.value.nearest[0] == ("330212007", "浙江省宁波市鄞州区潘火街道")


@pytest.mark.parametrize(
    ("committee", "short"),
    [
        ("殷家社区居委会", "殷家社区"),
        ("多福巷居委会", "多福巷社区"),
        ("李家村村委会", "李家村"),
        ("大湾村民委员会", "大湾村"),
        ("虚拟生活区", "虚拟生活区"),
    ],
)
def test_communities_are_called_what_people_call_them(committee, short):
    assert divisions.short_name(committee) == short


def test_nothing_typed_finds_nothing():
    assert divisions.search_divisions("  ") == []
