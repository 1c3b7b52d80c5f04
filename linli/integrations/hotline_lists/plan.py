"""What was suggested when a list was looked over, kept so that what was seen is what is taken."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from linli.capabilities.cases.models import Category
from linli.core.errors import Refused
from linli.core.personal_data.crypto import keyring, open_file, open_json
from linli.integrations.hotline_lists.lines import HotlineLine
from linli.integrations.hotline_lists.models import HotlineList
from linli.integrations.hotline_lists.preview import ListPreview, preview
from linli.integrations.hotline_lists.suggestions import LineAdvice
from linli.register.places.models import Place


def sealed(data: bytes) -> bytes:
    """Seal a file for keeping."""
    return keyring().encrypt(data)


def as_plan(looked_over: ListPreview) -> str:
    """Return the advice for every row as a text to be sealed."""
    plan = {}
    for row in looked_over.rows:
        advised = row.advised
        plan[str(row.line.row)] = [
            advised.category.pk if advised.category else None,
            advised.confidence,
            advised.is_sure,
            advised.place.pk if advised.place else None,
            advised.same_as,
            advised.same_case,
            list(advised.alike),
        ]
    return json.dumps(plan, ensure_ascii=False)


def looked_over_again(hotline_list: HotlineList) -> ListPreview:
    """Read the kept file again and lay the kept advice beside it."""
    data = bytes(hotline_list.file)
    if not data:
        raise Refused("cases.list_purged", _("文件已过保存期限，请重新上传"))
    return preview(
        open_file(data),
        hotline_list.file_name,
        place=hotline_list.place,
        sheet=hotline_list.sheet,
        advise_all=_advice_of(hotline_list),
    )


def _advice_of(
    hotline_list: HotlineList,
) -> Callable[[Sequence[HotlineLine], Place], list[LineAdvice]]:
    plan = open_json(hotline_list.plan) if hotline_list.plan else {}

    def lay_beside(lines: Sequence[HotlineLine], _place: Place) -> list[LineAdvice]:
        kinds = Category.objects.in_bulk({stored[0] for stored in plan.values() if stored[0]})
        places = Place.objects.in_bulk({stored[3] for stored in plan.values() if stored[3]})
        advised = []
        for line in lines:
            stored = plan.get(str(line.row))
            if stored is None:
                advised.append(LineAdvice())
                continue
            advised.append(
                LineAdvice(
                    kinds.get(stored[0]),
                    stored[1],
                    stored[2],
                    places.get(stored[3]),
                    stored[4],
                    stored[5],
                    tuple(stored[6]),
                )
            )
        return advised

    return lay_beside
