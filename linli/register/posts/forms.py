"""What is typed to give a post or to issue a token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.core.interface.choosers import Chooser, ChooserField, Offered
from linli.core.scope import current_scope
from linli.core.time import today
from linli.register.places.forms import PlaceField
from linli.register.places.queries import places_in_scope
from linli.register.posts import rules
from linli.register.posts.models import ApiToken, Post, User
from linli.register.posts.queries import users_called, users_in_scope
from linli.register.posts.terms import Role

DAYS = ((30, _("30天")), (90, _("90天")), (365, _("一年")))


class UserField(ChooserField):
    """Somebody who has or had a post here, found by name, pinyin or username."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=Chooser(find_words=_("找人")), **given)

    def offered(self, thing: User) -> Offered:
        """Return a user by name and username."""
        posts = Post.objects.filter(user=thing, ended_at__isnull=True).select_related("place")
        held = "、".join(f"{post.place} {post.get_role_display()}" for post in posts[:2])
        return Offered(str(thing.pk), f"{thing}（{thing.username}）", held)

    def by_key(self, key: int) -> User | None:
        """Look up a user of the scope."""
        return next((user for user in users_in_scope() if user.pk == key), None)

    def by_words(self, words: str) -> tuple[Sequence[User], int]:
        """Return the users of these words."""
        return users_called(words)


class GivePostForm(forms.Form):
    """Who, which role, where, from when to when."""

    user = UserField(
        label=_("任命谁"), required=False, help_text=_("姓名、拼音或用户名，例如：王芳、wf")
    )
    username = forms.CharField(
        label=_("新来的人：用户名"),
        max_length=40,
        required=False,
        help_text=_("上面找不到的人，给他起一个（字母、数字）"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(label=_("新来的人：姓名"), max_length=40, required=False)
    is_same = forms.BooleanField(label=_("是同一个人，就任命他"), required=False)
    role = forms.ChoiceField(label=_("角色"))
    place = PlaceField(
        says_kind=True, label=_("范围"), help_text=_("写社区、网格、小区或楼栋的名字")
    )
    from_date = forms.DateField(
        label=_("开始"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    to_date = forms.DateField(
        label=_("结束"),
        required=False,
        help_text=_("不填表示长期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    title = forms.CharField(label=_("岗位名称"), max_length=60, required=False)

    def __init__(self, *args: Any, role: str = "", place: str = "", **kwargs: Any) -> None:
        """Take ``role`` and ``place`` (a key) as already chosen: who came from an empty post."""
        super().__init__(*args, **kwargs)
        giver = current_scope().role
        roles = [role for role in Role if rules.may_give_role(giver=giver, given=role)]
        self.fields["role"].choices = [("", "—"), *((r.value, r.label) for r in roles)]  # type: ignore[attr-defined]
        kinds = {kind for role in roles for kind in rules.STANDS_AT[role]}
        self.fields["role"].initial = role
        offered = places_in_scope().filter(kind__in=kinds)
        # More digits would overflow the integer of the database.
        if place.isdecimal() and len(place) < 19:
            self.fields["place"].initial = offered.filter(pk=int(place)).first()
        self.fields["place"].offer_of(offered)  # type: ignore[attr-defined]
        self.fields["from_date"].initial = today()
        if "is_same" not in self.data:
            self.fields["is_same"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Ask for somebody: one who is there, or the name of one who is new."""
        cleaned = super().clean() or self.cleaned_data
        is_search = "user" in self.errors
        if not is_search and not cleaned.get("user") and not cleaned.get("username"):
            self.add_error("user", _("请选任命谁；新来的人请填用户名和姓名"))
        return cleaned

    def ask_same(self) -> None:
        """Offer to say that the user of this name is meant, though called otherwise."""
        self.fields["is_same"].widget = forms.CheckboxInput()


class ResetReasonForm(forms.Form):
    """Why somebody's second factor is taken away."""

    reason = forms.CharField(
        label=_("原因"),
        min_length=4,
        max_length=120,
        help_text=_("例如：手机丢了，本人当面来说的"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class IssueTokenForm(forms.Form):
    """A token's name, purpose and how long it holds."""

    post = forms.ChoiceField(label=_("以哪个岗位"))
    name = forms.CharField(label=_("名称"), max_length=60)
    purpose = forms.CharField(label=_("用途"), max_length=120, help_text=_("例如：每天同步到大屏"))
    days = forms.TypedChoiceField(label=_("有效期"), choices=DAYS, coerce=int, initial=90)

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(str(post.pk), str(post)) for post in posts]  # type: ignore[attr-defined]


class SignOutForm(forms.Form):
    """Which tokens end together with every session."""

    tokens = forms.MultipleChoiceField(
        label=_("同时停用这些接口令牌"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, tokens: list[ApiToken], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [
            (str(api_token.pk), f"{api_token.name} …{api_token.tail} · {api_token.post}")
            for api_token in tokens
        ]
        self.fields["tokens"].choices = words  # type: ignore[attr-defined]
        if not words:
            del self.fields["tokens"]
