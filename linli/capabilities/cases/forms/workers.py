"""What workers type: a case taken down, a dispatch, an answer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.capabilities.cases import rules, terms
from linli.capabilities.cases.actions import Finishing, Reporter, Share
from linli.capabilities.cases.actions.handling import usual_seat
from linli.capabilities.cases.models import Case, Category
from linli.capabilities.cases.queries import categories_found, category_to_choose, likely_categories
from linli.core.interface.choosers import Chooser, ChooserField, Offered
from linli.core.personal_data.masking import mask_phone
from linli.core.personal_data.phones import Phone, read_phone
from linli.core.personal_data.unreadable import is_unreadable
from linli.core.scope import current_scope
from linli.register.parties.models import Party
from linli.register.people.models import Person
from linli.register.people.queries import person_or_not_found
from linli.register.people.terms import ContactChannel
from linli.register.posts.rules import PERSONAL, Access, access
from linli.register.posts.terms import Role
from linli.workbench.journal.forms import PhotosField
from linli.workbench.tasks.queries import seats_for_choice
from linli.workbench.tasks.terms import Danger
from linli.workbench.web.edit_form import EditForm
from linli.workbench.web.forms import ReasonForm

# These two say that no worker was between; nobody may write them by hand.
WORKER_CHANNELS = [pair for pair in terms.CaseChannel.choices if pair[0] not in ("page", "open311")]


def a_text(label: Any, *, most: int = rules.LONGEST_ANSWER, **given: Any) -> forms.CharField:
    """Return a text of several lines; how long it may be is said by the action, in words."""
    rows = given.pop("rows", 4)
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows, "data-most": most}), **given
    )


def consent_note_field() -> forms.CharField:
    """Return where somebody says who agreed, when and how."""
    return forms.CharField(
        label=_("怎样同意的"),
        required=False,
        max_length=120,
        help_text=_("例如：今天上午当面说的；女儿在电话里同意"),
    )


class CategoryField(ChooserField):
    """A category of the subdistrict's taxonomy: three likely ones, any other by a few words."""

    def __init__(self, **given: Any) -> None:
        widget = Chooser(find_words=_("找分类"), none_words=_("以后再分"))
        super().__init__(label=_("分类"), required=False, widget=widget, **given)

    def offered(self, thing: Category) -> Offered:
        """Return a category by its whole name."""
        return Offered(str(thing.pk), thing.full_name)

    def by_key(self, key: int) -> Category | None:
        """Look up one category, without the others."""
        return category_to_choose(key)

    def by_words(self, words: str) -> tuple[Sequence[Category], int]:
        """Return the categories of these words."""
        return categories_found(words)

    def suggest(self, text: str, *, title: str = "", now: Category | None = None) -> None:
        """Offer what the text makes likely, and what it is now."""
        likely = [
            Offered(str(one.pk), one.full_name, _("把握%(sure)s%%") % {"sure": sure})
            for one, sure in likely_categories(text, title=title)
        ]
        self.offer(likely, category_to_choose(now.pk) if now is not None else None)


# How somebody likes to be reached, as a case asks for it.
WANTS: dict[str, str] = {
    ContactChannel.PHONE: terms.WantsAnswer.PHONE,
    ContactChannel.MESSAGE: terms.WantsAnswer.SMS,
}


def known_phone(person: Person) -> str:
    """Return the number the register has of somebody, for a post that may know there is one."""
    how = access(role=current_scope().role, sensitivity=PERSONAL, subject="person", field="phone")
    if how is Access.HIDDEN or is_unreadable(person.phone):
        return ""
    read = read_phone(person.phone, area_code="") if person.phone else None
    return read.normal if isinstance(read, Phone) else ""


def category_known(case: Case) -> dict[str, Any]:
    """Return what a form about a case begins with."""
    return {"category": str(case.category_id or "")}


def suggest_for(field: Any, case: Case) -> None:
    """Offer what the text of a case makes likely, and what it is now."""
    field.suggest(case.text, title=case.title, now=case.category)


class RegisterCaseForm(forms.Form):
    """A case as it is told on the phone or at the door."""

    text = a_text(_("什么事"), most=rules.LONGEST_TEXT, rows=5)
    where = forms.CharField(
        label=_("在哪里"),
        required=False,
        max_length=120,
        help_text=_("小区、楼栋或门牌；不写就记在您的范围"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    spot = forms.CharField(
        label=_("具体位置"), required=False, max_length=120, help_text=_("例如：东门外第二棵树旁")
    )
    photos = PhotosField(label=_("照片"), help_text=_("可以拍几张；拍摄位置会去掉"))
    channel = forms.ChoiceField(
        label=_("怎么来的"), choices=WORKER_CHANNELS, widget=forms.RadioSelect, initial="phone"
    )
    category = CategoryField()
    name = forms.CharField(label=_("来人称呼"), required=False, max_length=40)
    phone = forms.CharField(
        label=_("电话"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    wants_answer = forms.ChoiceField(
        label=_("怎样答复"), choices=terms.WantsAnswer.choices, initial="page"
    )
    on_behalf_of = forms.CharField(
        label=_("替谁反映"), required=False, max_length=60, help_text=_("本人反映就空着")
    )
    consent = forms.ChoiceField(
        label=_("本人同意吗"), choices=[("", "—"), *terms.ReporterConsent.choices], required=False
    )
    consent_note = consent_note_field()
    person = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    confidential = forms.BooleanField(label=_("保密：只有书记和街道能看到"), required=False)
    client_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_id"].initial = secrets.token_urlsafe(16)

    def clean_person(self) -> Person | None:
        """Return the resident the worker came from, if the post may see them."""
        key = self.cleaned_data["person"]
        return person_or_not_found(int(key)) if key.isdigit() else None

    def say_what_is_known(self, person: Person | None) -> None:
        """Ask for no number that the register has: it is used, and stays covered on this page."""
        if person is not None and (phone := known_phone(person)):
            known = _("空着就用登记的号码：%(phone)s") % {"phone": mask_phone(phone)}
            self.fields["phone"].help_text = known

    def reporter(self) -> Reporter:
        """Return who reports, as the action takes it."""
        cleaned = self.cleaned_data
        if cleaned["person"] is not None and not cleaned["phone"].strip():
            cleaned["phone"] = known_phone(cleaned["person"])
        return Reporter(
            name=cleaned["name"],
            phone=cleaned["phone"],
            wants_answer=cleaned["wants_answer"],
            on_behalf_of=cleaned["on_behalf_of"],
            consent=cleaned["consent"],
            consent_note=cleaned["consent_note"],
            person=cleaned["person"],
        )


class DispatchForm(EditForm):
    """Who leads, who helps, and by when."""

    category = CategoryField()
    lead = forms.ChoiceField(label=_("谁牵头"), widget=forms.RadioSelect)
    joint = forms.MultipleChoiceField(
        label=_("一起办的"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("各有各的期限和结果"),
    )
    due_on = forms.DateField(
        label=_("期限"),
        required=False,
        help_text=_("空着就按分类的工作日算；一起办的可以另定"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shares: dict[str, Share] = {}
        suggest_for(self.fields["category"], case)
        self.begin_with(case, category_known)
        usual = usual_seat(case)
        leads, helpers = [], []
        for seat in seats_for_choice(case.place):
            key = f"seat:{seat.role}:{seat.place.pk if seat.place else ''}"
            self.shares[key] = Share(seat=seat)
            leads.append((key, seat.words))
            if seat.words == usual.words:
                self.fields["lead"].initial = key
        for party in parties_nearby(case):
            key = f"party:{party.pk}"
            self.shares[key] = Share(party=party)
            helpers.append((key, f"{party.name}（{party.helps_with or party.kind}）"))
        # Whoever gets a share can read the case; so only posts that may anyway, and no
        # organisations.
        if case.confidential:
            leads = [pair for pair in leads if pair[0].split(":")[1] in rules.SEES_CONFIDENTIAL]
            helpers = []
        self.fields["lead"].choices = leads  # type: ignore[attr-defined]
        self.fields["joint"].choices = [*leads, *helpers]  # type: ignore[attr-defined]
        for key, words in (*leads, *helpers):
            self.fields[_day_of(key)] = forms.DateField(
                label=_("%(who)s的期限") % {"who": words},
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
        self.days = [self[_day_of(key)] for key, _words in (*leads, *helpers)]

    def chosen(self) -> list[Share]:
        """Return the shares, the lead first."""
        lead = self.cleaned_data["lead"]
        rest = [key for key in self.cleaned_data["joint"] if key != lead]
        cleaned = self.cleaned_data
        days = {key: cleaned[_day_of(key)] for key in rest} | {lead: cleaned["due_on"]}
        return [replace(self.shares[key], due_on=days[key]) for key in (lead, *rest)]


def _day_of(key: str) -> str:
    """Return the name of the field with the day of one share."""
    return f"day_{key.replace(':', '_')}"


def parties_nearby(case: Case) -> list[Party]:
    """Return the organisations that serve the place of a case, the nearest first."""
    serving = [*case.place.above, case.place.path]
    rows = Party.objects.filter(scope_path__in=serving, closed_on__isnull=True)
    return sorted(rows, key=lambda party: (-len(party.scope_path), party.name))


class SetCategoryForm(EditForm):
    """What kind of case it is after all."""

    category = CategoryField()

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suggest_for(self.fields["category"], case)
        self.fields["category"].required = True
        self.fields["category"].widget.none_words = ""
        self.begin_with(case, category_known)


class CaseAnswerForm(forms.Form):
    """What the reporters are told."""

    kind = forms.ChoiceField(
        label=_("结果"), choices=terms.AnswerKind.choices, widget=forms.RadioSelect
    )
    text = a_text(_("答复"), help_text=_("写给居民看：做了什么，或者为什么办不了"), rows=5)
    passed_to = forms.CharField(
        label=_("转交给"), required=False, max_length=60, help_text=_("“不归我们”时填写单位名称")
    )


class FinishForm(forms.Form):
    """What was done, photos of it, and the answer in the same form where it may go out."""

    result = a_text(_("做了什么"), help_text=_("给同事看；可以用语音输入"), rows=3)
    photos = PhotosField(label=_("照片"), help_text=_("可以拍几张；拍摄位置会去掉"))
    answer = a_text(
        _("答复来人"),
        required=False,
        help_text=_("写给居民看，随办随发；空着就由社区另写答复"),
        rows=4,
    )

    def __init__(self, *args: Any, finishing: Finishing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not finishing.may_answer:
            del self.fields["answer"]


class DangerForm(ReasonForm):
    """Whether somebody's life is threatened now, and why one thinks so."""

    most = rules.LONGEST_ANSWER
    label = _("为什么")
    help_text = _("例如：人已经救出来了；电话里说闻到煤气味")
    rows = 2

    danger = forms.ChoiceField(
        label=_("是哪种危险"),
        required=False,
        choices=[("", _("不是危险")), *Danger.choices],
        widget=forms.RadioSelect,
    )
    field_order = ("danger", "reason")


class ReviewForm(forms.Form):
    """Good, or back with what is missing."""

    approved = forms.ChoiceField(
        label=_("复核意见"),
        widget=forms.RadioSelect,
        choices=[("yes", _("同意")), ("no", _("还要办"))],
    )
    text = a_text(_("说明"), required=False, help_text=_("“还要办”时写明缺什么"))


class VerdictForm(forms.Form):
    """What the reporter said on the phone."""

    fixed = forms.ChoiceField(
        label=_("居民说"),
        widget=forms.RadioSelect,
        choices=[("yes", _("解决了")), ("no", _("没解决"))],
    )
    text = a_text(_("原话"), required=False)


class CaseReasonForm(ReasonForm):
    """Why a case is withdrawn or reopened."""

    most = rules.LONGEST_ANSWER


class PurposeForm(forms.Form):
    """What a number is needed for."""

    words = forms.CharField(
        label=_("用途"),
        min_length=4,
        max_length=80,
        help_text=_("例如：回访是否解决"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CategoryForm(EditForm):
    """A category: its name, its days, who handles it first."""

    name = forms.CharField(label=_("名称"), max_length=40)
    working_days = forms.IntegerField(label=_("几个工作日"), initial=rules.USUAL_WORKING_DAYS)
    role = forms.ChoiceField(
        label=_("先由谁办"),
        required=False,
        # An auditor only looks.
        choices=[("", "—"), *[pair for pair in Role.choices if pair[0] != "auditor"]],
    )
    needs_review = forms.BooleanField(label=_("办好后要别人复核"), required=False)
    danger = forms.ChoiceField(
        label=_("危险"),
        required=False,
        choices=[("", _("不是危险")), *Danger.choices],
        help_text=_("危险的事按分钟计，不等分派，直接交给管这里的岗位"),
    )
    confidential = forms.BooleanField(label=_("保密"), required=False)


class EditCategoryForm(CategoryForm):
    """A category that is there already: it can also be retired."""

    is_active = forms.BooleanField(label=_("在用"), required=False)

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin_with(category, lambda one: {key: getattr(one, key) for key in self.fields})


def may_hide() -> bool:
    """May the active post make a case confidential?"""
    return current_scope().role in rules.SEES_CONFIDENTIAL
