"""Referrals of residents to outside professionals: stored facts and constraints."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.capabilities.directory.terms import ConsentBy, ConsentHow, ReferralState
from linli.core.personal_data.crypto import EncryptedText
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.parties.models import Party
from linli.register.parties.topics import BY_KEY
from linli.register.people.models import Person
from linli.register.places.models import Place


class Referral(ScopedModel):
    """A resident sent, with consent, to somebody who can help (转介).

    The outside professional holds a personal link of which only the hash is kept; ``share_phone``
    and ``share_address`` say what else than name and case the consent covers.
    """

    person = ScopedForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="referrals",
        follows="free",
        verbose_name=_("居民"),
    )
    party = ScopedForeignKey(
        Party,
        on_delete=models.PROTECT,
        related_name="referrals",
        follows="free",
        verbose_name=_("转给"),
    )
    place = ScopedForeignKey(
        Place, on_delete=models.PROTECT, related_name="+", follows="equal", verbose_name=_("地方")
    )
    topic = models.CharField(_("事项"), max_length=24)
    matter = EncryptedText(_("什么事"))
    note = EncryptedText(_("内部备注"), blank=True)
    consent_how = models.CharField(_("怎样同意"), max_length=12, choices=ConsentHow)
    consent_by = models.CharField(_("谁同意"), max_length=12, choices=ConsentBy)
    consent_name = models.CharField(_("同意人"), max_length=40, blank=True)
    consent_on = models.DateField(_("同意日期"))
    share_phone = models.BooleanField(_("告知电话"), default=False)
    share_address = models.BooleanField(_("告知住址"), default=False)
    call_back = models.CharField(_("回电号码"), max_length=40, blank=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=ReferralState, default=ReferralState.PROPOSED
    )
    answer = EncryptedText(_("答复"), blank=True)
    result = EncryptedText(_("结果"), blank=True)
    follow_up_on = models.DateField(_("回访日期"), null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    link_ends_on = models.DateField(_("链接有效至"))
    opened_at = models.DateTimeField(_("打开时间"), null=True, blank=True)
    made_at = models.DateTimeField(_("转介时间"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("转介")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "party", "topic"],
                condition=Q(state__in=["proposed", "accepted"]),
                name="referral_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(consent_by="self") | ~Q(consent_name=""),
                name="referral_consent_names_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_words} → {self.party}"

    @property
    def topic_words(self) -> str:
        """Return what it is about."""
        return BY_KEY[self.topic].words if self.topic in BY_KEY else self.topic

    @property
    def is_open(self) -> bool:
        """Is it still waiting or under way?"""
        return self.state in ("proposed", "accepted")
