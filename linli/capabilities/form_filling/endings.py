"""What becomes of questions and forms when somebody dies or leaves."""

from __future__ import annotations

from linli.core.endings import PERSON, PLACE, EndingDeclaration, Fate, declare


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        EndingDeclaration(
            "form_filling.OpenQuestion",
            ("person",),
            (PERSON,),
            Fate.ENDS,
            "人不在了，缺项不再问",
            waits={"state": "open"},
            close="linli.capabilities.form_filling.actions.endings.drop_questions",
            changes=("state",),
            order=40,
        ),
        EndingDeclaration(
            "form_filling.OpenQuestion",
            ("place",),
            (PLACE,),
            Fate.ENDS,
            "这扇门没有了，不再上门问",
            waits={"state": "open"},
            close="linli.capabilities.form_filling.actions.endings.drop_questions",
            order=40,
        ),
        EndingDeclaration(
            "form_filling.FormInstance",
            ("person", "place"),
            (PERSON, PLACE),
            Fate.STAYS,
            "表是部门要的：身故也可能要填，填不填由填表的人定",
        ),
    )
