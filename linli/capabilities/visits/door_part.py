"""Visits and promises on the screen of a door."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.capabilities.visits import actions, queries, rules, terms
from linli.capabilities.visits.models import Visit
from linli.capabilities.visits.terms import VisitWay
from linli.core.errors import Refused
from linli.core.interface.registry import record_address
from linli.workbench.rounds.parts import DoorPart, FieldGroup, SavedDoor


class VisitPart(DoorPart):
    """Who is to be visited here, what was promised, and a new promise."""

    title = gettext_lazy("看望与承诺")
    kinds = (terms.VISIT, terms.AT_ONCE, terms.PROMISE)

    def build(self) -> None:
        """One line for each visit and promise that is due here."""
        self.visits: dict[int, Visit] = {}
        for visit in queries.due_at(self.door.place, self.door.day):
            # Several visits to one person are held by one.
            self.visits.setdefault(visit.person_id, visit)
        self.promises = {
            promise.pk: promise for promise in queries.open_promises().filter(place=self.door.place)
        }
        for pk in self.visits:
            self.fields[f"way{pk}"] = forms.ChoiceField(
                label=_("见到了吗"),
                required=False,
                widget=forms.RadioSelect,
                choices=[("", _("先不记")), *VisitWay.choices],
            )
            self.fields[f"words{pk}"] = forms.CharField(
                label=_("看到什么、说了什么"), required=False, max_length=rules.LONGEST_WORDS
            )
        for pk in self.promises:
            self.fields[f"kept{pk}"] = forms.BooleanField(label=_("做到了"), required=False)
        if self.door.people:
            self._build_new()

    def _build_new(self) -> None:
        people = [(str(person.pk), person.name) for person in self.door.people]
        self.fields["to"] = forms.ChoiceField(
            label=_("答应谁"), required=False, choices=[("", _("没有")), *people]
        )
        self.fields["promise"] = forms.CharField(
            label=_("答应了什么"), required=False, max_length=rules.LONGEST_PROMISE
        )
        self.fields["promise_on"] = forms.DateField(
            label=_("哪天之前做到"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def groups(self) -> list[FieldGroup]:
        """Visits first, promises next, then what is promised now."""
        groups = []
        for pk, visit in self.visits.items():
            note = visit.why or (visit.plan.name if visit.plan else "")
            href = record_address("people.person", pk)
            fields = [self[f"way{pk}"], self[f"words{pk}"]]
            tone = "warn" if visit.change or visit.until < self.door.day else ""
            groups.append(FieldGroup(visit.person.name, fields, note=note, href=href, tone=tone))
        for pk, promise in self.promises.items():
            names = {"name": promise.person.name, "day": promise.due_on.isoformat()}
            note = _("答应%(name)s，%(day)s之前") % names
            tone = "warn" if promise.is_overdue else ""
            groups.append(FieldGroup(promise.what, [self[f"kept{pk}"]], note=note, tone=tone))
        if self.door.people:
            new = [self["to"], self["promise"], self["promise_on"]]
            groups.append(FieldGroup(_("又答应了一件事"), new, folded=True))
        return groups

    def save(self, saved: SavedDoor, form_token: str) -> None:
        """Write visits down, keep promises, make the new one."""
        for pk, visit in self.visits.items():
            way = self.cleaned_data[f"way{pk}"]
            if not way:
                if self.cleaned_data[f"words{pk}"]:
                    self.add_error(f"way{pk}", _("写了话，请选怎么见到的"))
                continue
            try:
                actions.record_visit(
                    person=visit.person,
                    way=way,
                    words=self.cleaned_data[f"words{pk}"],
                    by=self.user,
                    form_token=form_token,
                )
                saved.things += 1
            except Refused as refused:
                self.refuse(f"way{pk}", refused)
        for pk, promise in self.promises.items():
            if not self.cleaned_data[f"kept{pk}"]:
                continue
            try:
                actions.keep_promise(promise=promise, words="", by=self.user)
                saved.things += 1
            except Refused as refused:
                self.refuse(f"kept{pk}", refused)
        if self.door.people:
            self._promise(saved, form_token)

    def _promise(self, saved: SavedDoor, form_token: str) -> None:
        typed = self.cleaned_data
        if not typed["promise"]:
            return
        if not typed["to"] or not typed["promise_on"]:
            self.add_error(
                "to" if not typed["to"] else "promise_on", _("答应了事，请选答应谁、哪天之前做到")
            )
            return
        person = next(resident for resident in self.door.people if str(resident.pk) == typed["to"])
        try:
            actions.make_promise(
                person=person,
                what=typed["promise"],
                due_on=typed["promise_on"],
                by=self.user,
                form_token=form_token,
            )
            saved.things += 1
            self.is_saved("to", "promise", "promise_on")
        except Refused as refused:
            self.refuse(refused.field or "promise", refused)
