"""What a list looked over, or taken, is said to hold."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _


def sentences(counts: Mapping[str, int]) -> list[str]:
    """Return what would happen, in lines; what does not occur is not mentioned."""
    words = {
        "rows": _("共%(n)s行"),
        "new": _("新来件%(n)s件"),
        "taken": _("已经收过%(n)s件，不会重复受理"),
        "double": _("表里重复%(n)s行，只收一次"),
        "bad": _("要先改正%(n)s行"),
        "answered": _("其中已有答复%(n)s件，按原来的时间录入"),
        "sure": _("分类有把握%(n)s件"),
        "unsure": _("分类没有把握%(n)s件"),
        "no_category": _("分类说不准%(n)s件，留给分派的人"),
        "same": _("内容相同%(n)s件"),
        "alike": _("和别的来件或未结的办件相像%(n)s件"),
        "no_place": _("没有写明地方%(n)s件，记在上面选的地方"),
        "doubts": _("有内容没有录入%(n)s行"),
        "skipped": _("合计、备注等%(n)s行已略过"),
    }
    return [said % {"n": counts[what]} for what, said in words.items() if counts.get(what)]
