"""What is typed: a visit, a promise, a plan, what the resident says."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.visits import rules
from linli.capabilities.visits.models import CarePlan
from linli.capabilities.visits.queries import condition_of
from linli.capabilities.visits.terms import AnsweredBy, Finding, Rating, VisitWay
from linli.core.time import today
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.acceptance import LONGEST_SAID, says_only_understood
from linli.workbench.web.edit_form import EditForm

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
YES_NO = [("yes", _("是")), ("no", _("没有")), ("", _("说不清"))]


def _words(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=rules.LONGEST_WORDS,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3, "data-most": rules.LONGEST_WORDS}),
    )


class SentOnce(forms.Form):
    """A form whose page has a key: the same page sent twice is one thing."""

    form_token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_token"].initial = secrets.token_urlsafe(12)


class VisitForm(SentOnce):
    """A visit: how, what was seen; what was promised, if anything was."""

    way = forms.ChoiceField(
        label=_("怎么看望的"),
        choices=VisitWay.choices,
        widget=forms.RadioSelect,
        initial=VisitWay.DOOR,
    )
    words = _words(_("看到什么、说了什么"), _("可以用语音输入；没什么就空着"))
    promise = forms.CharField(
        label=_("答应了什么"),
        required=False,
        max_length=rules.LONGEST_PROMISE,
        help_text=_("例如：周五前来修灯；没答应就空着"),
    )
    promise_on = forms.DateField(label=_("哪天之前做到"), required=False, widget=DAY)

    def clean(self) -> dict[str, Any]:
        """A promise has a day."""
        cleaned = super().clean() or {}
        if cleaned.get("promise") and not cleaned.get("promise_on"):
            self.add_error("promise_on", _("答应了事，请选哪天之前做到"))
        return cleaned


class PromiseForm(SentOnce):
    """What was promised, and by when."""

    promise = forms.CharField(label=_("答应了什么"), max_length=rules.LONGEST_PROMISE)
    promise_on = forms.DateField(label=_("哪天之前做到"), widget=DAY)


class WordsForm(forms.Form):
    """A few words; a reason where one is needed."""

    words = _words(_("说明"))


class WhyForm(SentOnce):
    """What happened that cannot wait."""

    why = forms.CharField(
        label=_("出了什么事"), max_length=200, help_text=_("例如：昨天老伴住院，一个人在家")
    )


class PlanForm(EditForm):
    """A plan: a sentence says whom, a number how often."""

    name = forms.CharField(label=_("名称"), max_length=40)
    sentence = forms.CharField(
        label=_("看望谁"),
        max_length=LONGEST_SAID,
        help_text=_("用一句话说，例如：80岁以上独居老人"),
    )
    every = forms.IntegerField(
        label=_("每几天一次"),
        min_value=rules.SHORTEST_CYCLE,
        max_value=rules.LONGEST_CYCLE,
        help_text=_("每周填7，每月填30，每季填90"),
    )
    in_person = forms.BooleanField(
        label=_("要见到本人"), required=False, help_text=_("上门见到或邻居见到才算")
    )

    def __init__(self, *args: Any, plan: CarePlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if plan.pk:
            self.begin_with(plan, self._known)

    def _known(self, plan: CarePlan) -> dict[str, Any]:
        known = {key: getattr(plan, key) for key in ("name", "every", "in_person")}
        return known | {"sentence": conditions.condition_text(condition_of(plan))}

    def given(self) -> dict[str, Any]:
        """Return the facts of the plan; refuse words that were not understood."""
        facts = dict(self.cleaned_data)
        sentence = facts.pop("sentence")
        said_so = says_only_understood(self.data)
        condition = conditions.understood("person", sentence, only_understood=said_so)
        facts["condition"] = conditions.condition_json(condition)
        return facts


class SwitchOnPlanForm(forms.Form):
    """The number of residents, typed to confirm very many."""

    confirmed = forms.IntegerField(
        label=_("要看望的人数"),
        required=False,
        min_value=0,
        help_text=_("人数很多时，填上这个数才启用"),
    )


class FeedbackForm(forms.Form):
    """Three faces and a few words; all may stay empty but one."""

    visited = forms.ChoiceField(
        label=_("来过吗"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    kept = forms.ChoiceField(
        label=_("答应的事做到了吗"), choices=YES_NO, required=False, widget=forms.RadioSelect
    )
    rating = forms.ChoiceField(
        label=_("感觉怎么样"),
        choices=[*Rating.choices, ("", _("不想说"))],
        required=False,
        widget=forms.RadioSelect,
    )
    words = _words(_("想说的话"), _("不写也可以"))
    answered_by = forms.ChoiceField(
        label=_("谁回答的"),
        choices=AnsweredBy.choices,
        initial=AnsweredBy.SELF,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, about_promise: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["visited" if about_promise else "kept"]

    def given(self) -> dict[str, Any]:
        """Return what was said; what was not said is None."""
        cleaned = self.cleaned_data
        flags = {"yes": True, "no": False}
        return {
            "visited": flags.get(cleaned.get("visited", "")),
            "kept": flags.get(cleaned.get("kept", "")),
            "rating": cleaned["rating"],
            "words": cleaned["words"],
            "answered_by": cleaned["answered_by"] or AnsweredBy.SELF,
        }


class FindingForm(forms.Form):
    """What came out of a resident's word against a visit or a promise, and how."""

    finding = forms.ChoiceField(
        label=_("查明的结果"), choices=Finding.choices, widget=forms.RadioSelect
    )
    words = _words(
        _("怎么查明的"), _("问了谁、看了什么；记错了人请写清是谁。居民会看到这些话"), required=True
    )


class PeriodForm(forms.Form):
    """A period to look at."""

    since = forms.DateField(label=_("从"), widget=DAY)
    until = forms.DateField(label=_("到"), widget=DAY)

    @classmethod
    def past_quarter(cls) -> dict[str, str]:
        """Return the ninety days that end today."""
        day = today()
        return {"since": (day - timedelta(days=90)).isoformat(), "until": day.isoformat()}

    def clean(self) -> dict[str, Any]:
        """Begin before the end."""
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned.get("until") and cleaned["since"] > cleaned["until"]:
            self.add_error("until", _("结束日期在开始日期之前"))
        return cleaned
