"""Visits and promises on the screen of a door."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.capabilities.visits import actions, queries, rules, terms
from linli.capabilities.visits.models import FeedbackRequest, Visit
from linli.capabilities.visits.terms import AnsweredBy, FeedbackState, VisitWay
from linli.core.errors import Refused
from linli.core.interface.registry import record_address
from linli.register.people.terms import PersonStatus
from linli.workbench.rounds.parts import DoorPart, FieldGroup, SavedDoor


class VisitPart(DoorPart):
    """Who is to be visited here, what was promised, and a new promise."""

    title = gettext_lazy("看望与承诺")
    kinds = (terms.VISIT, terms.AT_ONCE, terms.PROMISE, terms.ASK)

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
        self._build_askings()
        if self.door.people:
            self._build_new()

    def _build_askings(self) -> None:
        """Who is asked how it was can say so at the door too; never to whoever had been there."""
        waiting = queries.feedback_requests().filter(
            place=self.door.place, state=FeedbackState.OPEN, person__status=PersonStatus.CURRENT
        )
        self.askings = {one.pk: one for one in waiting if not queries.is_own(one, self.user)}
        for pk, asking in self.askings.items():
            asked = _("答应的事做到了吗") if asking.promise_id else _("来过吗")
            self.fields[f"said{pk}"] = forms.ChoiceField(
                label=asked,
                required=False,
                widget=forms.RadioSelect,
                choices=[("", _("先不问")), ("yes", _("是")), ("no", _("没有"))],
            )
            self.fields[f"said_words{pk}"] = forms.CharField(
                label=_("居民想说的话"), required=False, max_length=rules.LONGEST_WORDS
            )

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
        for pk, asking in self.askings.items():
            title = _("回访%(name)s") % {"name": asking.person.name}
            note = asking.promise.what if asking.promise else asking.about_on.isoformat()
            fields = [self[f"said{pk}"], self[f"said_words{pk}"]]
            groups.append(FieldGroup(title, fields, note=note))
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
        for asking in self.askings.values():
            self._answer(asking, saved)
        if self.door.people:
            self._promise(saved, form_token)

    def _answer(self, asking: FeedbackRequest, saved: SavedDoor) -> None:
        said, words = f"said{asking.pk}", f"said_words{asking.pk}"
        answer = {"yes": True, "no": False}.get(self.cleaned_data[said])
        if answer is None:
            if self.cleaned_data[words]:
                self.add_error(said, _("写了话，请选居民怎么说的"))
            return
        try:
            actions.answer_feedback(
                feedback_request=asking,
                visited=None if asking.promise_id else answer,
                kept=answer if asking.promise_id else None,
                rating="",
                words=self.cleaned_data[words],
                answered_by=AnsweredBy.SELF,
                by=self.user,
            )
            saved.things += 1
        except Refused as refused:
            self.refuse(said, refused)

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
