"""What retention does with alerts about people."""

from __future__ import annotations

from linli.core.retention import ErasureMode, TableDeclaration, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        TableDeclaration(
            "alerts.Alert",
            ("subject_id",),
            ErasureMode.DELETE,
            "写着姓名和为什么吹哨",
            where={"subject_kind": "people.person"},
            # The next look takes an alert back whose subject is gone.
            is_lost_with_it=False,
        )
    )
