"""Organisations, their contacts and what they can help with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.core.personal_data.crypto import EncryptedText
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.parties.topics import BY_KEY, HelpTopic, topic_keys
from linli.register.places.models import Place

if TYPE_CHECKING:
    from linli.register.parties.hours import Hours


def _read_hours(text: str) -> Hours | None:
    from linli.register.parties.hours import read_hours  # its grammar is read when it is needed

    return read_hours(text)


class Party(ScopedModel):
    """An organisation that serves a place and everything in it (单位).

    ``topics`` are those ticked; what ``helps_with`` names in words counts as well.
    """

    scope_reach = "above"

    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=40, blank=True)
    place = ScopedForeignKey(
        Place, on_delete=models.PROTECT, related_name="parties", follows="equal"
    )
    helps_with = models.CharField(_("能帮什么"), max_length=200, blank=True)
    topics = models.JSONField(_("事项"), default=list, blank=True)
    hours = models.CharField(_("时间"), max_length=80, blank=True)
    # An organisation's number is public; those of its contacts are sealed.
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    address = models.CharField(_("地址"), max_length=120, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    closed_why = models.CharField(_("停用原因"), max_length=120, blank=True)
    confirmed_on = models.DateField(_("核实日期"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("单位")

    def __str__(self) -> str:
        return self.name

    @property
    def opening(self) -> Hours | None:
        """Return the hours as they were understood; None when nobody has said."""
        return _read_hours(self.hours)

    @property
    def all_topics(self) -> list[HelpTopic]:
        """Return what it helps with: the ticked topics and those its words name."""
        keys = [*self.topics, *topic_keys(f"{self.helps_with} {self.kind} {self.name}")]
        return [BY_KEY[key] for key in dict.fromkeys(keys) if key in BY_KEY]


class PartyContact(ScopedModel):
    """Somebody of an organisation who can be called (联系人)."""

    scope_reach = "above"

    party = ScopedForeignKey(
        Party, on_delete=models.CASCADE, related_name="contacts", follows="equal"
    )
    name = models.CharField(_("姓名"), max_length=40)
    role = models.CharField(_("职务"), max_length=40, blank=True)
    phone = EncryptedText(_("电话"), blank=True)
    is_personal = models.BooleanField(_("私人号码"), default=False)
    is_on_call = models.BooleanField(_("值班"), default=False)
    hours = models.CharField(_("时间"), max_length=80, blank=True)
    note = models.CharField(_("备注"), max_length=120, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("联系人")
        ordering = ["-is_on_call", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="party_contact_has_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def opening(self) -> Hours | None:
        """Return when this one can be called; None when nobody has said."""
        return _read_hours(self.hours)
