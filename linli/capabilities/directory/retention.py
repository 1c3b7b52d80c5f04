"""What retention does with referrals."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from linli.capabilities.directory.models import Referral
from linli.capabilities.directory.terms import ReferralState
from linli.core.retention import ErasureMode, TableDeclaration, declare, register_waits


def open_referrals(people: Collection[int]) -> Mapping[int, str]:
    """A referral is not ended."""
    rows = Referral.objects.filter(
        person__in=people, state__in=(ReferralState.PROPOSED, ReferralState.ACCEPTED)
    )
    return dict.fromkeys(rows.values_list("person", flat=True), _("还有没办完的转介"))


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        TableDeclaration(
            "directory.Referral", ("person",), ErasureMode.DELETE, "转介写着本人的难处"
        )
    )
    register_waits("directory", open_referrals)
