"""How the facts of a file are grouped on its page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

GROUPS = (
    (_("联系"), ("phone", "preferred_channel", "last_contact_on")),
    (
        _("身份"),
        (
            "birth_date",
            "identity_kind",
            "identity_number",
            "ethnicity",
            "hukou_address",
            "marital_status",
            "political_status",
        ),
    ),
    (
        _("照护"),
        (
            "chronic_illness",
            "disability_kind",
            "disability_level",
            "care_level",
            "due_date",
            "low_income",
            "extreme_hardship",
        ),
    ),
    (
        _("居住"),
        (
            "tenure",
            "registered",
            "residence_status",
            "relation_to_head",
            "lives_since",
            "lease_until",
        ),
    ),
    (_("学习与工作"), ("education", "employment", "workplace", "veteran", "volunteer")),
    (_("保障"), ("medical_insurance", "pension")),
)
