"""Logs name nobody."""

from linli.core.runtime.logs import HIDDEN, hide_personal_values


def test_phones_and_identity_numbers_never_reach_a_log_line():
    line = hide_personal_values(
        None,
        "info",
        {"event": "call 13800001234 for 99000019500101001X", "name": "张三", "rows": 3},
    )
    assert "13800001234" not in line["event"]
    assert "99000019500101001X" not in line["event"]
    assert line["name"] == HIDDEN
    assert line["rows"] == 3


def test_other_numbers_stay_readable():
    line = hide_personal_values(None, "info", {"event": "47164 people in 18563 households"})
    assert line["event"] == "47164 people in 18563 households"
