"""What is typed of a facility: its facts, its duties, a list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.core.errors import Refused
from linli.register.facilities.models import Duty, Facility
from linli.register.facilities.queries import duties_of
from linli.register.facilities.rules import LONGEST_WORDS
from linli.register.facilities.terms import USUAL_KINDS, DutyKind
from linli.register.parties.models import Party
from linli.register.parties.queries import parties_serving
from linli.register.places.forms import PlaceField
from linli.register.places.models import Place
from linli.register.places.queries import places_in_scope
from linli.workbench.web.edit_form import EditForm


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, required=required, widget=widget)


def _amount(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=100_000_000, required=False, help_text=help_text
    )


# What a facility is called stays Chinese: its duties are found by the word.
KINDS_AS_TYPED = format_html(
    '<span lang="zh-Hans" translate="no">{}</span>', "、".join(USUAL_KINDS)
)


class FacilityForm(EditForm):
    """What is known of a facility."""

    kind = forms.CharField(label=_("类别"), max_length=40, help_text=KINDS_AS_TYPED)
    name = forms.CharField(label=_("名称"), max_length=80)
    code = forms.CharField(label=_("编号"), max_length=40, required=False)
    installed_on = _day(_("启用日期"))
    next_inspection_on = _day(_("下次检验"))
    expires_on = _day(_("有效期至"))
    contract_until = _day(_("合同到期"))
    quantity = _amount(_("数量"))
    minimum = _amount(_("最低数量"), _("少于它会提醒"))
    maintainer = forms.ChoiceField(
        label=_("维保单位"), required=False, help_text=_("没有列出的，请先在通讯录里添加")
    )

    def __init__(
        self, *args: Any, place: Place, facility: Facility | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = {str(party.pk): party for party in parties_serving(place)}
        if facility is not None and facility.maintainer is not None:
            # One that serves here no more must stay choosable, or saving would drop it silently.
            self.parties.setdefault(str(facility.maintainer_id), facility.maintainer)
        choice: Any = self.fields["maintainer"]
        choice.choices = [("", "—"), *((key, one.name) for key, one in self.parties.items())]
        if facility is not None:
            self.begin_with(facility, self._known)

    def _known(self, facility: Facility) -> dict[str, Any]:
        known = {key: getattr(facility, key) for key in self.fields}
        return known | {"maintainer": str(facility.maintainer_id or "")}

    def clean_maintainer(self) -> Party | None:
        """Return the organisation that was chosen."""
        return self.parties.get(self.cleaned_data["maintainer"])


class AddFacilityForm(FacilityForm):
    """A new facility, and where it stands."""

    place = forms.IntegerField(widget=forms.HiddenInput)


class PaperForm(forms.Form):
    """A certificate: its number, its day, the file or a link."""

    name = forms.CharField(
        label=_("证件名称"), max_length=40, help_text=_("例如：使用登记证、检验合格证、维保合同")
    )
    number = forms.CharField(label=_("证件编号"), max_length=60, required=False)
    valid_until = _day(_("有效期至"))
    file = forms.FileField(label=_("文件"), required=False, help_text=_("照片或PDF，最大5MB"))
    link = forms.CharField(label=_("网址"), max_length=300, required=False)


class DutyForm(EditForm):
    """What must be done, how often, and when next; a name that is there already is changed."""

    kind = forms.ChoiceField(
        label=_("事项"),
        choices=DutyKind.choices,
        widget=forms.RadioSelect,
        initial=DutyKind.INSPECTION.value,
    )
    name = forms.CharField(
        label=_("名称"), max_length=40, required=False, help_text=_("例如：年检、月检")
    )
    months = _amount(_("每几个月"), _("每年填12"))
    days = _amount(_("每几天"), _("按天的才填，和上面只填一格"))
    due_on = _day(_("下次期限"), required=True)

    def __init__(self, *args: Any, facility: Facility, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The inputs begin empty; what stands is carried along, to be known again.
        self.begin_with(facility, self._known)

    def _known(self, facility: Facility) -> dict[str, str]:
        duties = {f"duty_{one.pk}": one for one in duties_of(facility)}
        for name, one in duties.items():
            carried = forms.CharField(label=one.name, required=False, widget=forms.HiddenInput)
            self.fields.setdefault(name, carried)
        return {name: _duty_words(one) for name, one in duties.items()}

    def check_meanwhile(self, facility: Facility) -> None:
        """Refuse to write over a duty of this name that was not there when the page was opened."""
        typed = self.cleaned_data
        name = typed["name"].strip() or str(DutyKind(typed["kind"]).label)
        for one in duties_of(facility):
            if one.name == name and f"duty_{one.pk}" in self.news:
                words = {"name": name, "now": _duty_words(one)}
                raise Refused(
                    "duty.changed_meanwhile",
                    gettext("您打开这一页以后，别人设定了“%(name)s”：%(now)s") % words,
                    hint=gettext("您写的还在下面；仍要改成您写的，请再保存一次"),
                )


def _duty_words(duty: Duty) -> str:
    words = {"cycle": duty.cycle_words, "day": duty.due_on.isoformat()}
    return gettext("%(cycle)s，下次%(day)s") % words


class DoneForm(forms.Form):
    """A duty was done."""

    done_on = _day(_("哪天办的"), required=True)
    result = forms.CharField(
        label=_("结果"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MoveFacilityForm(forms.Form):
    """Where a facility stands now: named in words, chosen where several are called so."""

    place = PlaceField(
        always_search=True,
        label=_("迁到哪里"),
        help_text=_("写楼栋、小区或地址，例如：东方丽都2幢"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].offer_of(places_in_scope().exclude(kind="dwelling"))  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """Why a facility is no longer used."""

    why = forms.CharField(label=_("停用的原因"), max_length=LONGEST_WORDS)


class TakeBackForm(forms.Form):
    """Why what was last done of a duty does not stand."""

    why = forms.CharField(label=_("哪里记错了"), max_length=LONGEST_WORDS)


class ListForm(forms.Form):
    """A list of facilities."""

    file = forms.FileField(
        label=_("选择表格"),
        help_text=_("列名：类别、名称、编号、地方、下次检验、周期、维保单位…；再传一次不会重复"),
    )
