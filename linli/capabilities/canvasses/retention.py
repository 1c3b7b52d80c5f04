"""What retention does with canvasses: a stop is about a household and goes with it."""

from __future__ import annotations

from linli.core.retention import HOUSEHOLD, ErasureMode, TableDeclaration, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        TableDeclaration(
            "canvasses.CanvassStop",
            ("household",),
            ErasureMode.DELETE,
            "上门时说了什么，是这一户的信息",
            about=HOUSEHOLD,
        )
    )
