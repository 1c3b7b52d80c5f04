"""The form for one condition: what is asked of a fact, and the value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.core.errors import Refused
from linli.core.fields import Compare, Node, Not, Op, Value
from linli.core.time import NotADate, parse_date, today
from linli.workbench.conditions.results import OfferedField

NEGATED = "not-"


class ValueForm(forms.Form):
    """One fact, compared; the inputs follow from the kind of the fact."""

    op = forms.ChoiceField(label=_("要找"), widget=forms.RadioSelect)

    def __init__(self, offered: OfferedField, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        ops = [(one.op, one.label) for one in offered.ops]
        op: Any = self.fields["op"]
        op.choices = [*ops, (f"{NEGATED}known", _("没有填写"))]
        op.initial = ops[0][0] if ops else ""
        if offered.kind == "flag":
            op.choices = [("yes", _("是")), ("no", _("否")), (f"{NEGATED}known", _("没有填写"))]
            op.initial = "yes"
        elif offered.choices:
            op.choices = [
                ("in", _("是其中之一")),
                ("not-in", _("都不是")),
                (f"{NEGATED}known", _("没有填写")),
            ]
            op.initial = "in"
            self.fields["chosen"] = forms.MultipleChoiceField(
                label=offered.label,
                choices=offered.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        else:
            self._add_typed(offered)

    def _add_typed(self, offered: OfferedField) -> None:
        unit = f"（{gettext(offered.unit)}）" if offered.unit else ""
        self.fields["value"] = forms.CharField(
            label=f"{gettext(offered.label)}{unit}", required=False, max_length=80
        )
        if any(one.op == "between" for one in offered.ops):
            self.fields["until"] = forms.CharField(label=_("到"), required=False, max_length=80)

    def node(self) -> Node:
        """Return what was asked, or refuse with the field that is wrong."""
        op, key = self.cleaned_data["op"], self.offered.key
        if op == f"{NEGATED}known":
            return Not(Compare(key, Op.KNOWN))
        if op in ("yes", "no"):
            return Compare(key, Op.EQ, op == "yes")
        if "chosen" in self.fields:
            return self._chosen(key, negated=op.startswith(NEGATED))
        if op == "known":
            return Compare(key, Op.KNOWN)
        first = self._typed("value", op)
        if op == "between":
            return Compare(key, Op.BETWEEN, (first, self._typed("until", op)))
        return Compare(key, Op(op), first)

    def _chosen(self, key: str, *, negated: bool) -> Node:
        chosen = tuple(self.cleaned_data["chosen"])
        if not chosen:
            raise Refused("reports.nothing_chosen", str(_("请至少勾选一项")), "chosen")
        compare = (
            Compare(key, Op.EQ, chosen[0]) if len(chosen) == 1 else Compare(key, Op.IN, chosen)
        )
        return Not(compare) if negated else compare

    def _typed(self, name: str, op: str) -> Any:
        text = str(self.cleaned_data.get(name) or "").strip()
        if not text:
            raise Refused("reports.no_value", str(_("请填写")), name)
        if op in ("within", "coming") or self.offered.kind == "number":
            return _number(text, name)
        if self.offered.kind == "date":
            return _date(text, name)
        return text


def _number(text: str, name: str) -> Value:
    try:
        number = Decimal(text)
    except ArithmeticError as wrong:
        raise Refused("reports.not_a_number", str(_("请填数字")), name) from wrong
    return int(number) if number == number.to_integral_value() else number


def _date(text: str, name: str) -> date:
    parsed = parse_date(text, day=today())
    if isinstance(parsed, NotADate):
        raise Refused("reports.not_a_date", parsed.sentence, name)
    return parsed.value
