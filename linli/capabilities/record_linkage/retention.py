"""What retention does with departments' lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from linli.capabilities.record_linkage.models import LinkedRow
from linli.core.retention import ErasureMode, TableDeclaration, declare, register_waits
from linli.core.time import today


def lists_still_kept(people: Collection[int]) -> Mapping[int, str]:
    """Somebody stands on a list that is still kept: it leaves by its own day."""
    rows = LinkedRow.objects.filter(subject_id__in=people, linkage_run__purge_on__gt=today())
    return dict.fromkeys(rows.values_list("subject_id", flat=True), _("所在的名单还没到清除日期"))


def declare_tables() -> None:
    """Tell the registry; the differences of a row go with it."""
    declare(
        TableDeclaration(
            "record_linkage.LinkedRow",
            ("subject_id",),
            ErasureMode.DELETE,
            "名单上的一行，写着姓名和号码",
            is_lost_with_it=False,
        )
    )
    register_waits("linkage_run", lists_still_kept)
