"""What is typed: a rule, the number that confirms it, a warning, why an alert was wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.capabilities.alerts import rules
from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries.alert_closure import Closing
from linli.capabilities.alerts.queries.evaluate import condition_of
from linli.capabilities.alerts.rule_checks import OF_DUTIES
from linli.capabilities.alerts.terms import AdvisoryKind, ThresholdSide, Until, When
from linli.core.errors import Refused
from linli.core.time import today
from linli.register.facilities.terms import DutyKind
from linli.register.people.terms import ContactChannel
from linli.register.posts.terms import Role
from linli.workbench.conditions import queries as conditions
from linli.workbench.conditions.acceptance import LONGEST_SAID, says_only_understood
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.web.edit_form import EditForm
from linli.workbench.web.forms import ReasonForm

SUBJECTS = (
    ("person", _("居民")),
    ("facility", _("设施")),
    ("household", _("户")),
    ("dwelling", _("房屋")),
    ("building", _("楼栋")),
)
# What the product finds by itself has no words to type: such rules come from the library.
TYPED = tuple(choice for choice in When.choices if choice[0] != When.SOURCE)
DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _number(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, required=False, help_text=help_text
    )


class RuleForm(EditForm):
    """A rule as people write it: whom, when, who is told what, how often."""

    name = forms.CharField(label=_("名称"), max_length=rules.LONGEST_NAME)
    subject = forms.ChoiceField(label=_("关于"), choices=SUBJECTS, widget=forms.RadioSelect)
    sentence = forms.CharField(
        label=_("哪些"),
        max_length=LONGEST_SAID,
        required=False,
        help_text=_("用一句话说，例如：75岁以上独居老人；空着是每一个。也可以先在查询页勾好条件"),
    )
    when = forms.ChoiceField(label=_("何时吹哨"), choices=TYPED, widget=forms.RadioSelect)
    field = forms.ChoiceField(
        label=_("看哪个日期"), required=False, help_text=_("日期临近、多少天没有动静、不一致时要选")
    )
    other = forms.ChoiceField(
        label=_("和哪一项比"), required=False, help_text=_("只有“两处登记不一致”要选")
    )
    duty = forms.ChoiceField(
        label=_("哪种周期事项"), required=False, choices=[("", _("每一种")), *DutyKind.choices]
    )
    years = _number(_("满几年"), 150, _("例如出生日期满80年；不用就空着"))
    lead = _number(_("提前几天"), rules.MOST_LEAD)
    months = _number(_("每几个月一次"), 240, _("每年一次填12；只有一次就空着"))
    past = forms.BooleanField(label=_("已过期的也吹"), required=False)
    days = _number(_("多少天没有动静"), rules.MOST_SILENCE)
    side = forms.ChoiceField(
        label=_("数量"), required=False, choices=[("", "—"), *ThresholdSide.choices]
    )
    number = _number(_("多少"), 10_000_000)
    advisory = forms.ChoiceField(
        label=_("哪种预警"), required=False, choices=[("", "—"), *AdvisoryKind.choices]
    )
    role = forms.ChoiceField(
        label=_("谁来办"),
        choices=[choice for choice in Role.choices if choice[0] in rules.MAY_READ],
    )
    message = forms.CharField(
        label=_("说什么"),
        max_length=rules.LONGEST_MESSAGE,
        help_text=_("可用{名称}{日期}{地点}，例如：{名称}{日期}年检到期，请安排"),
    )
    repeat = _number(_("几天提醒一次"), rules.MOST_REPEAT, _("空着就只说一次"))
    until = forms.ChoiceField(label=_("提醒到什么时候"), choices=Until.choices)

    def __init__(self, *args: Any, rule: AlertRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = {
            f"{subject}.{field_offered.key}": f"{label}：{gettext(field_offered.label)}"
            for subject, label in SUBJECTS
            for field_offered in conditions.fields_offered(subject)
        }
        dates = {
            f"{subject}.{field_offered.key}": f"{label}：{gettext(field_offered.label)}"
            for subject, label in SUBJECTS
            for field_offered in conditions.fields_offered(subject)
            if field_offered.kind == "date"
            # The earliest of several duties: `rule_checks` refuses it too, so it is not offered.
            and not (subject == "facility" and field_offered.key in OF_DUTIES)
        }
        either: Any = self.fields["field"]
        either.choices = [("", "—"), *dates.items(), *_without(fields, dates)]
        other: Any = self.fields["other"]
        other.choices = [("", "—"), *fields.items()]
        if rule.pk:
            self.begin_with(rule, self._known)
            return
        for key in self.fields:
            if hasattr(rule, key):
                self.fields[key].initial = getattr(rule, key) or None

    def _known(self, rule: AlertRule) -> dict[str, Any]:
        known = {key: getattr(rule, key) or None for key in self.fields if hasattr(rule, key)}
        for key in ("field", "other"):
            chosen = getattr(rule, key)
            known[key] = f"{rule.subject}.{chosen}" if chosen else ""
        sentence = conditions.condition_text(condition_of(rule, dictionary()))
        return known | {"sentence": "" if sentence == "全部" else sentence}

    def given(self) -> dict[str, Any]:
        """Return the facts of the rule; refuse words that were not understood."""
        facts = dict(self.cleaned_data)
        subject = facts["subject"]
        sentence = facts.pop("sentence").strip()
        facts["condition"] = {}
        if sentence:
            said_so = says_only_understood(self.data)
            condition = conditions.understood(subject, sentence, only_understood=said_so)
            facts["condition"] = conditions.condition_json(condition)
        for key in ("field", "other"):
            about, _dot, chosen = facts[key].partition(".")
            # Fields of every subject stand in one list, so a wrong one can be chosen.
            if facts[key] and about != subject:
                raise Refused("alert.other_subject", gettext("请选同一种对象的字段"), key)
            facts[key] = chosen
        for key in ("years", "lead", "months", "days", "number", "repeat"):
            facts[key] = facts[key] or 0
        return facts


def _without(fields: dict[str, str], dates: dict[str, str]) -> list[tuple[str, str]]:
    return [(key, label) for key, label in fields.items() if key not in dates]


class TryForm(forms.Form):
    """A past period to try a rule on."""

    since = forms.DateField(label=_("从"), widget=DAY)
    until = forms.DateField(label=_("到"), widget=DAY)

    @classmethod
    def past_year(cls) -> dict[str, str]:
        """Return the year that ends today."""
        day = today()
        return {"since": (day - timedelta(days=365)).isoformat(), "until": day.isoformat()}


class SwitchOnRuleForm(forms.Form):
    """The number of alerts at once, typed to confirm it."""

    confirmed = forms.IntegerField(label=_("马上要吹的次数"), required=False, min_value=0)


class FalseAlarmForm(ReasonForm):
    """Why an alert was wrong."""

    label = _("为什么是误报")
    help_text = _("例如：这台已拆除")
    longest = rules.LONGEST_REASON
    rows = 3


class OutcomeForm(forms.Form):
    """What was done about an alert: only what its closing asks for."""

    done_on = forms.DateField(
        label=_("哪天办的"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    channel = forms.ChoiceField(
        label=_("怎么联系上的"), choices=ContactChannel.choices, widget=forms.RadioSelect
    )
    next_on = forms.DateField(
        label=_("新的日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    result = forms.CharField(
        label=_("结果"),
        max_length=rules.LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    paper_number = forms.CharField(
        label=_("证书编号"),
        max_length=60,
        required=False,
        help_text=_("没有证书就空着；文件在设施页面上传"),
    )
    paper_until = forms.DateField(
        label=_("证书有效期至"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, closing: Closing, may_keep: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = today()
        if not closing.is_contact:
            del self.fields["channel"]
        if closing.asks_next_date:
            names = {"label": closing.label}
            self.fields["next_on"].label = gettext("新的日期：%(label)s") % names
        else:
            del self.fields["next_on"]
        # A certificate is kept by whoever keeps the register of things.
        if closing.is_contact or not may_keep:
            del self.fields["paper_number"]
        if closing.duty is None or not may_keep:
            del self.fields["paper_until"]


class FinishManyForm(forms.Form):
    """What was done about many alerts on one day; ``asks_channel`` when people were reached."""

    done_on = forms.DateField(
        label=_("哪天办的"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    channel = forms.ChoiceField(
        label=_("怎么联系上的"), choices=ContactChannel.choices, widget=forms.RadioSelect
    )
    result = forms.CharField(
        label=_("结果"),
        max_length=rules.LONGEST_REASON,
        required=False,
        help_text=_("写一次，每件都记上"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, asks_channel: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = today()
        if not asks_channel:
            del self.fields["channel"]


class AdvisoryForm(forms.Form):
    """A warning for one's own place."""

    kind = forms.ChoiceField(
        label=_("预警"), choices=AdvisoryKind.choices, widget=forms.RadioSelect
    )
    from_on = forms.DateField(label=_("从"), widget=DAY)
    until_on = forms.DateField(label=_("到"), widget=DAY)
    words = forms.CharField(label=_("说明"), max_length=200, required=False)
