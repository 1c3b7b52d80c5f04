"""What is done to many tasks at once, each by the action of one; lists of what has tasks use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core.batch_cache import batch_cache
from linli.core.interface.bulk import BulkRow
from linli.core.scope import current_scope
from linli.register.posts.models import User
from linli.workbench.tasks import actions
from linli.workbench.tasks.forms import a_text
from linli.workbench.tasks.kinds import is_taken_back_here
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import Seat, inbox, seats_for_choice, tasks


def found(query: QueryDict) -> list[int]:
    """Return the keys of everything the inbox lists for this query."""
    user = User.objects.get(pk=current_scope().user_id or 0)
    mine = inbox(user, only=query.get("only", ""), by_matter=True)  # as the page lists them
    return [line.pk for line in mine.lines]


def rows(keys: Sequence[int]) -> list[BulkRow]:
    """Return the tasks that were ticked and that this post may see, in their order."""
    seen = tasks().select_related(
        "place", "person", "party", "seat_place", "taken_by", "raised_place"
    )
    by_key = seen.in_bulk(list(keys))
    return [
        BulkRow(
            key=pk,
            record=by_key[pk],
            label=by_key[pk].title,
            note=str(by_key[pk].place),
            href=reverse("tasks:task", args=[pk]),
        )
        for pk in keys
        if pk in by_key
    ]


class HandOverManyForm(forms.Form):
    """To which post, and why: the posts that cover the place of any of them, most of them first."""

    seat = forms.ChoiceField(label=gettext_lazy("转给"), widget=forms.RadioSelect)
    reason = a_text(gettext_lazy("原因"))

    def __init__(self, handed_over: Sequence[Task], data: Any = None) -> None:
        super().__init__(data)
        self.seats: dict[str, Seat] = {}
        covers: Counter[str] = Counter()
        with batch_cache():  # who holds what is asked once
            for task in handed_over:
                for seat in seats_for_choice(task.place, task.excluded_users):
                    key = f"{seat.role}:{seat.place.pk if seat.place else ''}"
                    self.seats[key] = seat
                    covers[key] += 1
        whole = len(handed_over)
        self.fields["seat"].choices = [  # type: ignore[attr-defined]
            (key, self._seat_words(self.seats[key], n, whole))
            for key, n in sorted(covers.items(), key=lambda one: -one[1])
        ]

    @staticmethod
    def _seat_words(seat: Seat, covered: int, whole: int) -> str:
        if covered == whole:
            return seat.words
        return _("%(seat)s（管得到其中%(n)s件）") % {"seat": seat.words, "n": covered}

    def clean_seat(self) -> Seat:
        """Return the seat that was chosen."""
        return self.seats[self.cleaned_data["seat"]]


class FinishManyForm(forms.Form):
    """What came of them all."""

    result = a_text(
        gettext_lazy("结果"), required=False, help_text=gettext_lazy("写一次，每件都记上")
    )


def hand_over_form(records: Sequence[Task], data: Any) -> forms.Form:
    """Ask to which post, and why."""
    return HandOverManyForm(records, data)


def finish_form(records: Sequence[Task], data: Any) -> forms.Form:
    """Ask what came of it."""
    return FinishManyForm(data)


def accept(*, record: Task, given: dict[str, Any], by: User) -> str:
    """Take a task."""
    actions.accept_task(task=record, by=by)
    return ""


def hand_over(*, record: Task, given: dict[str, Any], by: User) -> str:
    """Give a task to the post that was chosen."""
    actions.hand_over_task(task=record, by=by, seat=given["seat"], reason=given["reason"])
    return ""


def remind(*, record: Task, given: dict[str, Any], by: User) -> str:
    """Remind whoever has a task."""
    actions.remind_task(task=record, by=by)
    return ""


def finish(*, record: Task, given: dict[str, Any], by: User) -> str:
    """Say that a task is done; return where that is taken back."""
    actions.finish_task(task=record, by=by, result=given["result"])
    return reverse("tasks:reopen", args=[record.pk]) if is_taken_back_here(record) else ""
