"""What becomes of the rows of lists when somebody they mean dies or leaves."""

from __future__ import annotations

from linli.core.endings import PERSON, POINTER, EndingDeclaration, Fate, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        EndingDeclaration(
            "record_linkage.LinkedRow",
            (POINTER,),
            (PERSON,),
            Fate.STAYS,
            "名单写着谁就是谁；走了的人写入时另列，不改底册",
        )
    )
