"""Communities × forms: who has not handed in. Every field opens its form."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.queries import form_instances_in_progress
from linli.capabilities.form_filling.terms import UNFINISHED, FormState
from linli.core.interface.picture_models import HeatCell, HeatColumn, HeatMatrix, HeatRow
from linli.core.time import today

HANDED_IN = (FormState.HANDED_IN, FormState.ACCEPTED)


def hand_in_grid() -> HeatMatrix | None:
    """Return the grid of the forms somebody still has to hand in; None below a second place."""
    given_out = form_instances_in_progress()
    places = {one.place_id: one.place for one in given_out}
    if len(places) < 2:
        return None
    forms: dict[int, list[FormInstance]] = {}
    for one in given_out:
        if one.distribution_id is not None:
            forms.setdefault(one.distribution_id, []).append(one)
    by_place = [{one.place_id: one for one in each} for each in forms.values()]
    rows = [
        HeatRow(place.name, [_cell(column.get(place.pk)) for column in by_place])
        for place in sorted(places.values(), key=lambda place: place.path)
    ]
    heads = [_head(each) for each in forms.values()]
    return HeatMatrix(_("谁没交表"), "", heads, rows, _("社区"), sums="")


def _head(each: Sequence[FormInstance]) -> HeatColumn:
    given_out = each[0].distribution
    done = sum(one.state in HANDED_IN for one in each)
    words = {"done": done, "all": len(each)}
    parts = [str(given_out or each[0]), _("交%(done)s/%(all)s") % words]
    if given_out is None:
        return HeatColumn(" · ".join(parts))
    parts.append(_("%(day)s到期") % {"day": f"{given_out.due_on:%m-%d}"})
    return HeatColumn(
        " · ".join(parts), reverse("form_filling:distribution", args=[given_out.link])
    )


def _cell(one: FormInstance | None) -> HeatCell | None:
    if one is None:
        return None
    href = reverse("form_filling:form-instance", args=[one.link])
    if one.state in UNFINISHED and one.due_on and one.due_on < today():
        late = _("逾期%(n)s天") % {"n": (today() - one.due_on).days}
        return HeatCell(text=late, href=href, tone="bad", says=one.get_state_display())
    tones = {FormState.HANDED_IN: "good", FormState.ACCEPTED: "good", FormState.SENT_BACK: "warn"}
    return HeatCell(
        text=one.get_state_display(), href=href, tone=tones.get(FormState(one.state), "none")
    )
