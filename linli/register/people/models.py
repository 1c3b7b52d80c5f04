"""People, households and where they live: stored facts and constraints."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.core.personal_data.crypto import EncryptedText
from linli.core.personal_data.loaded_people import tell_loaded
from linli.core.scope import ScopedForeignKey, ScopedModel
from linli.register.people import terms
from linli.register.places.models import Place


def choice(label: Any, choices: Any, length: int = 16) -> Any:
    """Return a column for one of ``choices``; empty means not known."""
    return models.CharField(label, max_length=length, choices=choices, blank=True)


class Household(ScopedModel):
    """People who live together in one dwelling; its size and birth dates are kept by actions."""

    dwelling = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="households",
        verbose_name=_("户室"),
        follows="equal",
    )
    number = models.CharField(_("户号"), max_length=20, blank=True)
    head = ScopedForeignKey(
        "Person",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="heads",
        verbose_name=_("户主"),
        follows="free",
    )
    size = models.PositiveSmallIntegerField(_("户内人数"), default=0, db_index=True)
    oldest_birth_date = models.DateField(null=True, blank=True)
    youngest_birth_date = models.DateField(null=True, blank=True)
    low_income = models.BooleanField(_("低保户"), null=True, blank=True)
    # Somebody here is the wife or son of a head who is not registered yet.
    awaits_head = models.BooleanField(_("待补户主"), default=False)
    ended_on = models.DateField(_("销户日期"), null=True, blank=True)
    source = choice(_("来源"), terms.FactSource)
    confirmed_on = models.DateField(_("核实日期"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("户")


class Person(ScopedModel):
    """Somebody of the register. ``scope_path`` is the path of the home.

    Provenance of the whole record stands in ``source``, ``confirmed_on`` and ``confirmed_by``;
    a fact with another origin has a ``FactStamp``.
    """

    # Plain, because it is searched and sorted by all day (decision 0005).
    name = models.CharField(_("姓名"), max_length=60)
    name_key = models.CharField(max_length=60, blank=True, db_index=True, editable=False)
    name_pinyin = models.CharField(max_length=120, blank=True, db_index=True)
    name_initials = models.CharField(max_length=20, blank=True, db_index=True)
    search_text = models.TextField(blank=True, editable=False)
    sex = choice(_("性别"), terms.Sex, 1)
    birth_date = models.DateField(_("出生日期"), null=True, blank=True)
    # "month": only year and month were said, and birth_date is the first of it. Set by prepare().
    birth_precision = models.CharField(max_length=5, blank=True, default="", editable=False)
    identity_kind = choice(_("证件类型"), terms.IdentityKind)
    identity_number = EncryptedText(_("证件号码"), blank=True)
    identity_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    phone = EncryptedText(_("手机"), blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    # People tell numbers apart by the last four digits, and look them up by these.
    phone_tail_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    education = choice(_("文化程度"), terms.Education)
    marital_status = choice(_("婚姻状况"), terms.Marital)
    political_status = choice(_("政治面貌"), terms.Political)
    employment = choice(_("就业状况"), terms.Employment)
    workplace = models.CharField(_("工作单位"), max_length=80, blank=True)
    hukou_address = EncryptedText(_("户籍地址"), blank=True)
    disability_kind = choice(_("残疾类别"), terms.DisabilityKind)
    disability_level = choice(_("残疾等级"), terms.DisabilityLevel)
    chronic_illness = choice(_("慢性病"), terms.ChronicIllness)
    due_date = models.DateField(_("预产期"), null=True, blank=True)
    care_level = choice(_("失能等级"), terms.CareLevel)
    low_income = models.BooleanField(_("低保"), null=True, blank=True)
    extreme_hardship = models.BooleanField(_("特困"), null=True, blank=True)
    veteran = models.BooleanField(_("退役军人"), null=True, blank=True)
    volunteer = models.BooleanField(_("志愿者"), null=True, blank=True)
    medical_insurance = choice(_("医疗保险"), terms.MedicalInsurance)
    pension = choice(_("养老保险"), terms.Pension)
    preferred_channel = choice(_("联系方式偏好"), terms.ContactChannel)
    last_contact_on = models.DateField(_("最近联系"), null=True, blank=True)
    home = ScopedForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="residents",
        verbose_name=_("住址"),
        follows="equal",
    )
    household = ScopedForeignKey(
        Household,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("所在户"),
        follows="equal",
    )
    tenure = choice(_("居住身份"), terms.Tenure)
    registered = models.BooleanField(_("户籍在册"), null=True, blank=True)
    residence_status = choice(_("人户状态"), terms.ResidenceStatus)
    relation_to_head = choice(_("与户主关系"), terms.Relation)
    lives_since = models.DateField(_("入住日期"), null=True, blank=True)
    lease_until = models.DateField(_("租房合同到期"), null=True, blank=True)
    status = models.CharField(
        _("状态"), max_length=12, choices=terms.PersonStatus, default=terms.PersonStatus.CURRENT
    )
    status_since = models.DateField(null=True, blank=True)
    source = choice(_("来源"), terms.FactSource)
    confirmed_on = models.DateField(_("核实日期"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核实人"),
    )
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("居民")
        indexes = [
            models.Index(fields=["scope_path", "birth_date"], name="person_path_birth"),
            models.Index(fields=["birth_date"], name="person_birth"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_index"],
                condition=~Q(identity_index="") & ~Q(status="moved_out"),
                name="person_identity_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_living_here(self) -> bool:
        """Is this person here now, not only on the registered household's page? See lives_here."""
        here = self.status == terms.PersonStatus.CURRENT
        return here and self.residence_status not in terms.NOT_LIVING_HERE

    @property
    def where_now(self) -> str:
        """Say in words why somebody does not live here, or that they do."""
        if self.status == terms.PersonStatus.CURRENT and not self.is_living_here:
            return str(self.get_residence_status_display())
        return str(self.get_status_display())

    @classmethod
    def from_db(cls, *row: Any, **more: Any) -> Person:
        """Load a row, and tell whoever watches over this answer that it was."""
        person: Person = super().from_db(*row, **more)
        tell_loaded(person.pk, person.__dict__.get("name", ""))
        return person


class Residence(ScopedModel):
    """A person lives in, owns or rents a dwelling, from when to when."""

    # Somebody may own or rent a second home elsewhere: the path is the dwelling's.
    person = ScopedForeignKey(
        Person, on_delete=models.CASCADE, related_name="residences", follows="free"
    )
    dwelling = ScopedForeignKey(
        Place, on_delete=models.PROTECT, related_name="residences", follows="equal"
    )
    household = ScopedForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="residences"
    )
    tenure = choice(_("居住身份"), terms.Tenure)
    registered = models.BooleanField(_("户籍在册"), null=True, blank=True)
    is_home = models.BooleanField(_("现住地"), default=True)
    from_date = models.DateField(_("开始"), null=True, blank=True)
    to_date = models.DateField(_("结束"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("居住")
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True)
                | Q(from_date__isnull=True)
                | Q(to_date__gte=F("from_date")),
                name="residence_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_home=True, to_date__isnull=True),
                name="residence_one_home_at_a_time",
            ),
        ]


class FactStamp(ScopedModel):
    """Where one fact of a person comes from, when it differs from the record's own stamp."""

    person = ScopedForeignKey(
        Person, on_delete=models.CASCADE, related_name="stamps", follows="equal"
    )
    field = models.CharField(max_length=40)
    source = choice(_("来源"), terms.FactSource)
    confirmed_on = models.DateField(_("核实日期"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        verbose_name = _("事实来源")
        constraints = [
            models.UniqueConstraint(fields=["person", "field"], name="stamp_once_per_fact")
        ]


class Departure(ScopedModel):
    """What stood before a death or a move out was recorded, sealed, so that it can be undone."""

    person = ScopedForeignKey(
        Person, on_delete=models.CASCADE, related_name="departures", follows="equal"
    )
    status = models.CharField(_("状态"), max_length=12, choices=terms.PersonStatus)
    memory = models.TextField(editable=False)
    recorded_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta(ScopedModel.Meta):
        verbose_name = _("身故或迁出登记")
        ordering = ["-id"]


class PersonContact(ScopedModel):
    """Somebody was reached: when, how, by whom and in which step of the work (R4).

    ``Person.last_contact_on`` is the latest day of these rows; a row without anybody keeps the day
    that stood there before, from a list or typed by hand.
    """

    person = ScopedForeignKey(
        Person, on_delete=models.CASCADE, related_name="contacts", follows="equal"
    )
    on = models.DateField(_("哪天联系的"))
    channel = choice(_("怎么联系的"), terms.ContactChannel)
    # The step of the work it was part of: with it the contact is taken back.
    step = models.CharField(max_length=60, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("谁联系的"),
    )

    class Meta(ScopedModel.Meta):
        verbose_name = _("联系")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["step"], name="person_contact_step")]
