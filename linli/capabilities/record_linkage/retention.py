"""What retention does with departments' lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from linli.capabilities.record_linkage.models import FusedRow
from linli.core.retention import Fate, Kept, declare, register_waits
from linli.core.time import today


def lists_still_kept(people: Collection[int]) -> Mapping[int, str]:
    """Somebody stands on a list that is still kept: it leaves by its own day."""
    rows = FusedRow.objects.filter(subject_id__in=people, fusing__purge_on__gt=today())
    return dict.fromkeys(rows.values_list("subject_id", flat=True), _("所在的名单还没到清除日期"))


def declare_tables() -> None:
    """Tell the registry; the differences of a row go with it."""
    declare(Kept("record_linkage.FusedRow", ("subject_id",), Fate.DELETE, "名单上的一行，写着姓名和号码"))
    register_waits("fusing", lists_still_kept)
