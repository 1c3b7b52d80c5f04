"""What is typed about a form: the file, its headings, an answer at a door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.capabilities.form_filling import presenters, rules
from linli.capabilities.form_filling.models import FormInstance, OpenQuestion
from linli.capabilities.form_filling.presenters import Option
from linli.capabilities.form_filling.queries import places_to_fill_for
from linli.capabilities.form_filling.terms import Cadence
from linli.core.fields import Field, Kind
from linli.core.time import NotADate, ParsedDate, Precision, parse_date, today, with_precision
from linli.register.people.terms import FactSource
from linli.workbench.conditions.acceptance import LONGEST_SAID
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.web.edit_form import EditForm
from linli.workbench.web.forms import ReasonForm

MOST_FILES = 100
YES_NO = (("", _("还不知道")), ("yes", _("是")), ("no", _("否")))
ON_THE_PHONE = {"phone": "tel", "identity_number": "text"}


class ManyFiles(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files, none of them empty."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError(gettext("请选文件"))
        if len(files) > MOST_FILES:
            raise forms.ValidationError(gettext("一次最多%d份") % MOST_FILES)
        clean = super().clean
        return [clean(one, initial) for one in files]


def a_day(label: Any, **given: Any) -> forms.DateField:
    """Return an input for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **given)


class FormUploadForm(forms.Form):
    """The department's own files, and for which place they are filled."""

    file = FilesField(
        label=_("部门的空白表格"),
        help_text=_("Word 或 Excel，可以一次放多份"),
        widget=ManyFiles(attrs={"accept": ".docx,.xlsx,.xls,.doc"}),
    )
    place = forms.TypedChoiceField(label=_("填哪里"), coerce=int)

    person = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = places_to_fill_for()
        field: Any = self.fields["place"]
        field.choices = [(place.pk, place.name) for place in places]


class AnyOf(forms.MultipleChoiceField):
    """Ticks; one that is offered no more is for the action to judge."""

    def valid_value(self, value: Any) -> bool:
        """Let every value through."""
        return True


def _one_of(label: Any, options: Sequence[Option], note: str = "") -> forms.CharField:
    """Return a choice that holds what was sent, also when it is offered no more."""
    choices = [(one.value, one.label) for one in options]
    widget = forms.Select(choices=choices)
    return forms.CharField(label=label, widget=widget, help_text=note)


class ConfirmForm(EditForm):
    """Everything about a form: whom it is about, what each heading stands for, who asks."""

    title = forms.CharField(label=_("表名"), max_length=120)
    asked_by = forms.CharField(
        label=_("要表单位"), required=False, max_length=80, help_text=_("例如：区残联")
    )
    basis = forms.CharField(
        label=_("依据"),
        required=False,
        max_length=200,
        help_text=_("写了要表单位和依据，才会填出身份证号、电话等；本人可以看到交给了谁"),
    )
    due_on = a_day(_("哪天前交"), required=False)
    cadence = forms.ChoiceField(label=_("多久要一次"), choices=Cadence.choices)
    more = forms.CharField(
        label=_("再加一个条件"),
        required=False,
        max_length=LONGEST_SAID,
        help_text=_("例如：80岁以上、独居、东方丽都"),
    )

    def __init__(
        self,
        *args: Any,
        form_instance: FormInstance,
        read: Callable[[FormInstance], dict[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"] = _one_of(_("一行是"), presenters.subjects(form_instance))
        self.fields["keep"] = AnyOf(
            label=_("只要这些（去掉勾就不限）"),
            required=False,
            choices=[(text, text) for text in presenters.chips(form_instance)],
            widget=forms.CheckboxSelectMultiple,
        )
        for one in presenters.headings(form_instance):
            self.fields[f"h{one.number}"] = _one_of(one.text, one.options, one.note)
        self.begin_with(form_instance, lambda record: read(record) | presenters.chosen(record))

    def headings(self) -> list[forms.BoundField]:
        """Return what each heading stands for."""
        return [self[name] for name in self.fields if name[0] == "h" and name[1:].isdigit()]


class DistributionForm(forms.Form):
    """Who asks, on what basis, until when, of whom."""

    asked_by = forms.CharField(label=_("要表单位"), max_length=80)
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称和条款"))
    due_on = a_day(_("哪天前交"))
    places = forms.TypedMultipleChoiceField(
        label=_("下发给"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    again = forms.BooleanField(label=_("已看过差不多的表，仍要下发"), required=False)
    reason = forms.CharField(
        label=_("为什么还要问"),
        required=False,
        max_length=200,
        help_text=_("同样的内容上次问过时才要写"),
    )

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["places"]
        field.choices = places


class FormReturnForm(forms.Form):
    """The file completed by hand, if there is one; whether blanks are meant."""

    file = forms.FileField(
        label=_("手工补完的文件"),
        required=False,
        help_text=_("下载的表要手填的，填好从这里传上来；不选就交现在这一份"),
        widget=forms.FileInput(attrs={"accept": ".docx,.xlsx,.xls,.doc"}),
    )
    is_meant = forms.BooleanField(label=_("核对过，就是这张表"), required=False)
    with_open_questions = forms.BooleanField(label=_("留空上交"), required=False)


class SendBackForm(ReasonForm):
    """Why a form goes back."""

    label = _("退回原因")
    longest = rules.LONGEST_WORDS
    rows = 3


def answer_input(open_question: OpenQuestion) -> forms.Field:
    """Return the input that fits what is asked."""
    options: dict[str, Any] = {"label": open_question.question, "required": False}
    field = _field(open_question)
    if field is None:
        return forms.CharField(max_length=rules.LONGEST_ANSWER, **options)
    if field.kind is Kind.FLAG:
        return forms.ChoiceField(choices=YES_NO, **options)
    if field.kind is Kind.CHOICE:
        choices = [("", gettext("还不知道")), *((c.value, c.label) for c in field.choices)]
        return forms.ChoiceField(choices=choices, **options)
    if field.kind is Kind.NUMBER:
        return forms.DecimalField(max_digits=12, decimal_places=max(field.decimals, 0), **options)
    attrs = {"autocomplete": "off", "inputmode": ON_THE_PHONE.get(field.key, "text")}
    if field.kind is Kind.DATE:
        attrs["placeholder"] = "1956-03-08"
    return forms.CharField(
        max_length=rules.LONGEST_ANSWER, widget=forms.TextInput(attrs=attrs), **options
    )


def _is_month_of_birth(known: Field, read: ParsedDate) -> bool:
    return bool(known.precision) and read.precision is Precision.MONTH


def _field(open_question: OpenQuestion) -> Field | None:
    words = dictionary()
    return (
        words.field("person", open_question.field)
        if words.has("person", open_question.field)
        else None
    )


class DoorForm(forms.Form):
    """Everything asked at one door; what is left empty stays open."""

    source = forms.ChoiceField(
        label=_("怎么知道的"), choices=FactSource.choices, initial=FactSource.VISIT.value
    )

    def __init__(self, *args: Any, open_questions: list[OpenQuestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open_questions = {open_question.pk: open_question for open_question in open_questions}
        for pk, one in self.open_questions.items():
            self.fields[f"b{pk}"] = answer_input(one)
            self.fields[f"c{pk}"] = forms.BooleanField(label=_("问不到"), required=False)

    def clean(self) -> dict[str, Any]:
        """Turn what was typed into values; a day may be typed in any usual way."""
        cleaned = super().clean() or {}
        for pk, question in self.open_questions.items():
            known = _field(question)
            typed = cleaned.get(f"b{pk}")
            if known is None or typed in ("", None):
                continue
            if known.kind is Kind.FLAG:
                cleaned[f"b{pk}"] = typed == "yes"
            elif known.kind is Kind.DATE:
                read = parse_date(str(typed), day=today())
                if isinstance(read, NotADate):
                    self.add_error(f"b{pk}", read.sentence)
                elif read.precision is Precision.DAY or _is_month_of_birth(known, read):
                    cleaned[f"b{pk}"] = with_precision(read.value, read.precision)
                else:
                    self.add_error(f"b{pk}", _("请写到日，例如1950-03-01"))
        return cleaned

    def answers(self) -> list[tuple[OpenQuestion, Any, bool]]:
        """Return (question, value, cannot) of what was typed or ticked."""
        typed = []
        for pk, question in self.open_questions.items():
            value = self.cleaned_data.get(f"b{pk}")
            cannot = bool(self.cleaned_data.get(f"c{pk}"))
            if value not in ("", None) or cannot:
                # A value beside a ticked "cannot" wins: it is what was found out.
                typed.append((question, value, cannot and value in ("", None)))
        return typed

    def groups(self) -> list[tuple[str, list[tuple[OpenQuestion, Any, Any]]]]:
        """Return the inputs person by person."""
        people: dict[str, list[tuple[OpenQuestion, Any, Any]]] = {}
        for pk, question in self.open_questions.items():
            line = (question, self[f"b{pk}"], self[f"c{pk}"])
            people.setdefault(question.person.name, []).append(line)
        return list(people.items())
