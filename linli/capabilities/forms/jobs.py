"""What happens to forms by themselves: answered without asking, completed, reminded of."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.capabilities.forms import rules
from linli.capabilities.forms.actions import close_known_blanks, hand_in_form
from linli.capabilities.forms.models import Blank, Sheet
from linli.capabilities.forms.terms import UNFINISHED, BlankState, SheetState
from linli.core.errors import Refused
from linli.core.scope import Scope, system_scope, use_scope
from linli.core.time import today
from linli.workbench.notices.actions import tell
from linli.workbench.notices.recipients import Recipient

MOST_AT_ONCE = 50


def answer_what_is_known() -> int:
    """Hand in, for every place, forms that were issued as answered without asking."""
    done = 0
    with system_scope("forms answered without asking"):
        waiting = list(
            Sheet.objects.filter(state=SheetState.OPEN, issue__price__answered=True)
            .select_related("place", "issue", "by")[:MOST_AT_ONCE]
        )  # fmt: skip
    for sheet in waiting:
        # As the officer who issued it, and no wider than the place itself.
        scope = Scope((sheet.place.path,), "subdistrict_officer", _("下发的表"), sheet.by_id)
        with use_scope(scope):
            try:
                hand_in_form(sheet=sheet, by=sheet.by, with_blanks=True)
            except Refused:
                continue
        done += 1
    return done


def close_what_became_known() -> int:
    """Close questions whose answer came into the register some other way."""
    with system_scope("questions that are answered already"):
        waiting = Sheet.objects.filter(
            state__in=UNFINISHED, pk__in=Blank.objects.filter(state=BlankState.OPEN).values("sheet")
        )
        return sum(close_known_blanks(sheet=sheet, by=None) for sheet in waiting)


def remind() -> int:
    """Tell whoever fills a form that its day is near, once."""
    day = today() + timedelta(days=rules.REMIND_DAYS_BEFORE)
    done = 0
    with system_scope("forms that are due soon"):
        for sheet in Sheet.objects.filter(
            state__in=(SheetState.OPEN, SheetState.RETURNED), due_on__lte=day, due_on__gte=today()
        ).select_related("by"):
            page = reverse("forms:sheet", args=[sheet.link])
            told = {"title": sheet.title, "day": sheet.due_on}
            tell(
                key=f"forms.due:{sheet.link}:{sheet.due_on}", about=sheet, by=None,
                recipients=[Recipient(name=sheet.by.name, user=sheet.by)],
                subject=_("表格快到期"),
                text=f"{_('《%(title)s》%(day)s前要交') % told} {page}",
            )  # fmt: skip
            done += 1
    return done
