"""What a person types when an office keeps a fact of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.core.time import NotADate, parse_date, today
from linli.register.places.models import Place
from linli.register.posts.rules import Access
from linli.workbench.conditions.models import OwnField
from linli.workbench.conditions.own_fields import mask_own
from linli.workbench.conditions.own_values import access_at, known_value
from linli.workbench.conditions.terms import AttributeKind, AttributeSensitivity, AttributeSubject
from linli.workbench.web.edit_form import EditForm


class OwnFieldForm(forms.Form):
    """A new field: what it is called, what it is about, what its value can be."""

    label = forms.CharField(label=_("名称"), max_length=20, help_text=_("例如：爱好、上门时间"))
    subject = forms.ChoiceField(
        label=_("关于"),
        choices=AttributeSubject.choices,
        widget=forms.RadioSelect,
        initial=AttributeSubject.PERSON.value,
    )
    kind = forms.ChoiceField(
        label=_("填什么"),
        choices=AttributeKind.choices,
        widget=forms.RadioSelect,
        initial=AttributeKind.FLAG.value,
    )
    choices = forms.CharField(
        label=_("有哪些选项"),
        required=False,
        max_length=600,
        help_text=_("只有“选项”要填，用顿号隔开：常来、偶尔、从不"),
    )
    synonyms = forms.CharField(
        label=_("别的叫法"), required=False, max_length=200, help_text=_("表格里的列名，用顿号隔开")
    )
    unit = forms.CharField(label=_("单位"), required=False, max_length=8)
    sensitivity = forms.ChoiceField(
        label=_("谁能看"),
        choices=AttributeSensitivity.choices,
        widget=forms.RadioSelect,
        initial=AttributeSensitivity.INTERNAL.value,
        help_text=_("个人信息会遮盖；照护信息对物业和微网格长不可见。"),
    )
    place = forms.TypedChoiceField(label=_("哪里用"), coerce=int)

    def __init__(self, *args: Any, places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        field.choices = [(place.pk, place.name) for place in places]

    def words(self, name: str) -> list[str]:
        """Return what was separated by 、 or commas."""
        text = str(self.cleaned_data[name]).replace("，", "、").replace(",", "、")
        return [word.strip() for word in text.split("、") if word.strip()]


class AgeRuleForm(forms.Form):
    """Another rule of a built-in care group."""

    age = forms.IntegerField(label=_("多少周岁起"))
    alone = forms.BooleanField(label=_("只算独居的"), required=False)
    since = forms.DateField(
        label=_("从哪天起"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    why = forms.CharField(
        label=_("为什么改"), max_length=100, help_text=_("例如：本街道75岁起上门探访")
    )


class OwnRuleForm(forms.Form):
    """The rule of a group that the subdistrict adds: whom a sentence means."""

    label = forms.CharField(label=_("分类叫什么"), max_length=20)
    sentence = forms.CharField(
        label=_("是哪些人"), max_length=300, help_text=_("例如：75岁以上独居的残疾人")
    )
    since = forms.DateField(
        label=_("从哪天起"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    why = forms.CharField(label=_("为什么要这一类"), max_length=100)


class OwnFactForm(EditForm):
    """The value of one own field; left empty it is not known."""

    def __init__(self, attribute: OwnField, *args: Any, target: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attribute, self.kind = attribute, attribute.kind
        unit = f"（{attribute.unit}）" if attribute.unit else ""
        label = f"{attribute.label}{unit}"
        if self.kind == AttributeKind.FLAG:
            choices = [("", _("不知道")), ("yes", _("是")), ("no", _("否"))]
            field: forms.Field = forms.ChoiceField(
                label=label, choices=choices, required=False, widget=forms.RadioSelect
            )
        elif self.kind == AttributeKind.CHOICE:
            words = [("", _("不知道")), *((word, word) for word in attribute.choices)]
            field = forms.ChoiceField(
                label=label, choices=words, required=False, widget=forms.RadioSelect
            )
        elif self.kind == AttributeKind.NUMBER:
            field = forms.DecimalField(label=label, required=False, max_digits=14, decimal_places=4)
        else:
            # A date too is typed as people write it, and read in `clean_value`.
            field = forms.CharField(label=label, required=False, max_length=200)
        self.fields["value"] = field
        is_covered = access_at(attribute, target) is Access.MASKED
        covered = {"value": lambda: mask_own("")} if is_covered else {}
        if is_covered and known_value(attribute, target) is not None:
            field.help_text = _("已经填过，看不到内容；不改就留空")
        self.begin_with(target, self._known, covered)

    def _known(self, target: Any) -> dict[str, Any]:
        value = known_value(self.attribute, target)
        return {"value": {True: "yes", False: "no"}.get(value, value)}

    def clean_value(self) -> Any:
        """Return the typed value, None when it is not known."""
        value = self.cleaned_data["value"]
        if value in ("", None):
            return None
        if self.kind == AttributeKind.FLAG:
            return value == "yes"
        if self.kind == AttributeKind.DATE:
            parsed = parse_date(value, day=today())
            if isinstance(parsed, NotADate):
                raise forms.ValidationError(parsed.sentence)
            return parsed.value
        return value
