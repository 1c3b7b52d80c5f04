"""What retention does with whistles about people."""

from __future__ import annotations

from linli.core.retention import Fate, Kept, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        Kept("alerts.Occasion", ("subject_id",), Fate.DELETE, "写着姓名和为什么吹哨",
             where={"subject_kind": "people.person"}),
    )  # fmt: skip
