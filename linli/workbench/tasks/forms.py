"""What people type about tasks."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.core.scope import current_scope
from linli.core.time import NotADate, parse_date
from linli.register.people.terms import ContactChannel
from linli.register.places.models import EstateStatement
from linli.register.posts.rules import READS_PEOPLE
from linli.workbench.tasks.kinds import KINDS
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import Seat, seats_for_choice
from linli.workbench.tasks.rules import LONGEST_WORDS
from linli.workbench.web.forms import ReasonForm

_GAPS = re.compile(r"[\s,，、;；]+")


def a_text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Return a text of a few lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_WORDS,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class TaskResultForm(forms.Form):
    """What came of it."""

    result = a_text(_("结果"), required=False, help_text=_("一两句话；可以用语音输入"))
    contact = forms.ChoiceField(
        label=_("和本人说上话了吗"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _("没有")), *ContactChannel.choices],
    )

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What notes the contact itself, or stands on no page of a person, is not asked here.
        is_asked = task.person_id is not None and not task.confidential
        is_asked = is_asked and current_scope().role in READS_PEOPLE
        if not is_asked or KINDS[task.kind].notes_contact:
            del self.fields["contact"]


class TaskReasonForm(ReasonForm):
    """Why a task is sent back or cancelled."""

    label = _("理由")
    longest = LONGEST_WORDS


class HandOverForm(forms.Form):
    """To which post, and why."""

    seat = forms.ChoiceField(label=_("转给"), widget=forms.RadioSelect)
    reason = a_text(_("原因"))

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = {
            # A seat has no row of its own: role and place name it (decision 0011).
            f"{seat.role}:{seat.place.pk if seat.place else ''}": seat
            for seat in seats_for_choice(task.place, task.excluded_users)
        }
        choices = [(key, one.words) for key, one in self.seats.items()]
        self.fields["seat"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> Seat:
        """Return the seat that was chosen."""
        return self.seats[self.cleaned_data["seat"]]


YES_NO = (("1", _("有")), ("0", _("没有")), ("", _("不清楚")))


class EstateForm(forms.Form):
    """Is there property management, is there a gatekeeper; what nobody knows stays unsaid."""

    property_managed = forms.ChoiceField(
        label=_("物业"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    gatekeeper = forms.ChoiceField(
        label=_("门岗"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, statement: EstateStatement | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            value = getattr(statement, name, None)
            self.fields[name].initial = "" if value is None else str(int(value))

    def given(self) -> dict[str, bool | None]:
        """Return what the action takes."""
        return {name: {"1": True, "0": False}.get(v) for name, v in self.cleaned_data.items()}


class DaysField(forms.CharField):
    """Many days, one a line or with commas: 2027-01-01、1月2日."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 5})
        super().__init__(widget=widget, required=False, max_length=LONGEST_WORDS, **kwargs)

    def to_python(self, value: Any) -> list[date]:  # type: ignore[override]
        """Read the days, and say which piece is none."""
        days = []
        for piece in _GAPS.split(str(value or "").strip()):
            if not piece:
                continue
            read = parse_date(piece)
            if isinstance(read, NotADate):
                raise forms.ValidationError(read.sentence)
            days.append(read.value)
        return days


class YearForm(forms.Form):
    """The plan of one year."""

    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2100)
    holidays = DaysField(label=_("放假的日子"), help_text=_("一行一天，写法：2027-01-01"))
    worked = DaysField(label=_("调休上班的周末"), help_text=_("一行一天；没有就空着"))
    source = forms.CharField(
        label=_("通知文号"), max_length=80, help_text=_("例如：国办发明电〔2026〕7号")
    )
