"""What a taxonomy brings, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def taxonomy_in_words(counts: dict[str, int]) -> list[str]:
    """Say what a taxonomy would add, what is there, and what cannot be used."""
    levels = _("一级%(level_1)s个，二级%(level_2)s个，三级%(level_3)s个") % counts
    lines = [_("新增%(new)s个分类：%(levels)s") % {"new": counts["new"], "levels": levels}]
    if counts["there"]:
        lines.append(_("已经有的%(there)s个不动") % counts)
    if counts["left"]:
        lines.append(_("有%(left)s行用不上") % counts)
    return lines
