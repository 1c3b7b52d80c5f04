"""Parts every door has beside who lives there: other tasks, a note."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core.errors import Refused
from linli.core.interface.registry import record_address
from linli.register.people.terms import ContactChannel
from linli.workbench.journal.actions import write_note
from linli.workbench.rounds import rules
from linli.workbench.rounds.parts import DoorPart, FieldGroup, SavedDoor, door_parts
from linli.workbench.tasks.actions import finish_task
from linli.workbench.tasks.kinds import KINDS, page_that_ends
from linli.workbench.tasks.models import Task
from linli.workbench.tasks.queries import inbox
from linli.workbench.tasks.terms import UNFINISHED


class OtherTasksPart(DoorPart):
    """Every other task at this door: ticked when it is done, or opened on its own page."""

    title = gettext_lazy("还有这些事")

    def build(self) -> None:
        """One tick and a few words for each."""
        elsewhere = {kind for _key, part in door_parts() for kind in part.kinds}
        lines = [
            line
            for door in inbox(self.user).doors
            if door.place_id == self.door.place.pk
            for line in door.lines
            if line.kind not in elsewhere
        ]
        tasks = Task.objects.in_bulk([line.pk for line in lines])
        self.tasks: dict[int, Task] = {line.pk: tasks[line.pk] for line in lines}
        for pk, task in self.tasks.items():
            if self._has_own_page(task):
                continue
            self.fields[f"done{pk}"] = forms.BooleanField(label=_("办好了"), required=False)
            self.fields[f"words{pk}"] = forms.CharField(
                label=_("结果"), required=False, max_length=rules.LONGEST_WORDS
            )
            if task.person_id is not None and not task.confidential:
                self.fields[f"met{pk}"] = forms.BooleanField(
                    label=_("和本人说上话了"), required=False
                )

    def _has_own_page(self, task: Task) -> bool:
        kind = KINDS.get(task.kind)
        if kind is None or kind.refusal_goes_back or kind.ends_with_subject:
            return True
        return page_that_ends(task) != ""

    def groups(self) -> list[FieldGroup]:
        """Each task with its note; what needs more than a tick leads to its page."""
        shown = []
        for pk, task in self.tasks.items():
            names = (f"done{pk}", f"words{pk}", f"met{pk}")
            fields = [self[name] for name in names if name in self.fields]
            late = task.is_late
            shown.append(
                FieldGroup(
                    task.title,
                    fields,
                    note=task.note[:120],
                    href=record_address("tasks.task", pk),
                    tone="warn" if late else "",
                )
            )
        return shown

    def save(self, saved: SavedDoor, form_token: str) -> None:
        """End what was ticked; words without a tick ask for the tick."""
        for pk, task in self.tasks.items():
            if self._has_own_page(task):
                continue
            result = self.cleaned_data[f"words{pk}"]
            if not self.cleaned_data[f"done{pk}"]:
                if result:
                    self.add_error(f"done{pk}", _("写了结果，办好了请打勾"))
                continue
            try:
                # Somebody else may have done it since the page was opened.
                task.refresh_from_db()
                if task.state in UNFINISHED:
                    contact = ContactChannel.VISIT if self.cleaned_data.get(f"met{pk}") else ""
                    finish_task(task=task, by=self.user, result=result, contact=contact)
                    saved.things += 1
                else:
                    saved.words.append(_("“%(title)s”别人已经办了") % {"title": task.title})
            except Refused as refused:
                self.refuse(f"done{pk}", refused)


class NotePart(DoorPart):
    """A few words about the door, and a day to come back."""

    title = gettext_lazy("记一笔")

    def build(self) -> None:
        """Words and a day."""
        self.fields["words"] = forms.CharField(
            label=_("看到什么、说了什么"),
            required=False,
            max_length=rules.LONGEST_WORDS,
            help_text=_("可以用语音输入"),
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["again"] = forms.DateField(
            label=_("哪天再来"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def groups(self) -> list[FieldGroup]:
        """The words; the day to come back is folded away."""
        again = FieldGroup(_("过几天再来"), [self["again"]], folded=True)
        return [FieldGroup("", [self["words"]]), again]

    def save(self, saved: SavedDoor, form_token: str) -> None:
        """Write the note about the door."""
        words, again = self.cleaned_data["words"].strip(), self.cleaned_data["again"]
        if not words and again is None:
            return
        try:
            write_note(
                about=self.door.place, text=words or _("再来看看"), by=self.user, follow_up_on=again
            )
            saved.things += 1
            self.is_saved("words", "again")
        except Refused as refused:
            self.refuse("again" if refused.field == "follow_up_on" else "words", refused)
