"""What a form asks that nobody fills: headings that were not understood, blocks of others."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.reading.words import SERIAL, plain_heading
from linli.capabilities.form_filling.terms import ColumnUse

# These are for the pen, and there is nothing to understand.
FOR_THE_PEN = re.compile(r"^(备注|说明|照片|相片|贴照片处)|签名|签字|签章|盖章|意见$|^\W*$")


@dataclass(frozen=True)
class LeftOpen:
    """The headings that stay empty: not understood, and somebody else's with their block."""

    not_understood: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def told(self) -> list[str]:
        """Say in words what stays empty, by name and number."""
        said = []
        if self.not_understood:
            told = {"n": len(self.not_understood), "names": _names(self.not_understood)}
            said.append(_("%(n)d个栏目没有看懂，空着：%(names)s") % told)
        if self.others:
            told = {"n": len(self.others), "names": _names(self.others)}
            said.append(_("%(n)d个栏目是别人的，空着：%(names)s") % told)
        return said


def _names(texts: tuple[str, ...]) -> str:
    return "、".join(dict.fromkeys(texts))


def left_open(form_instance: FormInstance) -> LeftOpen:
    """Return which headings of a form are left to the pen, and why."""
    not_understood, others = [], []
    for heading, read in zip(form_instance.headings, form_instance.form["headings"], strict=False):
        text = plain_heading(heading["text"])
        if heading["use"] != ColumnUse.LEFT or SERIAL.match(text) or FOR_THE_PEN.search(text):
            continue
        if block := read.get("block"):
            others.append(text if block in text else f"{block}{text}")
        elif read.get("above") and read.get("runner_up") and not read["fields"]:
            others.append(f"{plain_heading(read['above'][-1])}{text}")
        elif not read.get("hidden"):
            not_understood.append(text)
    return LeftOpen(tuple(not_understood), tuple(others))
