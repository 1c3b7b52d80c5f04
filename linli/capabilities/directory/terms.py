"""Named choices of referrals."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReferralState(TextChoices):
    """How far a referral has come."""

    PROPOSED = "proposed", _("待答复")
    ACCEPTED = "accepted", _("已接下")
    REFUSED = "refused", _("不接")
    DONE = "done", _("已办好")
    WITHDRAWN = "withdrawn", _("已撤回")


UNFINISHED = (ReferralState.PROPOSED, ReferralState.ACCEPTED)


class ConsentHow(TextChoices):
    """How consent was given."""

    SPOKEN = "spoken", _("当面口头")
    PHONE = "phone", _("电话里")
    WRITTEN = "written", _("书面签字")


class ConsentBy(TextChoices):
    """Who gave it."""

    SELF = "self", _("本人")
    GUARDIAN = "guardian", _("监护人")
    ENTRUSTED = "entrusted", _("本人委托的人")
