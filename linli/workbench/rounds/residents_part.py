"""Who lives behind a door: one tap says it is right; what is wrong is put right, or added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core.errors import Refused
from linli.core.interface.registry import record_address
from linli.core.scope import current_scope
from linli.core.time import age_on
from linli.register.people.actions import (
    change_facts,
    confirm_facts,
    move_out,
    record_death,
    register_person,
    split_household,
)
from linli.register.people.care_kinds import CARE_FACTS, care_kinds
from linli.register.people.models import Person
from linli.register.people.terms import CareLevel, FactSource
from linli.register.posts.rules import CARE, MAY_EDIT_PEOPLE, Access, access
from linli.workbench.conditions.care_groups import groups_of
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.read_budget.call_page import may_call
from linli.workbench.rounds.parts import DoorPart, FieldGroup, SavedDoor

RIGHT, LEFT, DIED = "right", "left", "died"
NEW = ("new_name", "new_phone", "new_birth_date", "new_household")
LONGEST_NAME = 60


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _phone(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class PeoplePart(DoorPart):
    """Who lives here, whether that is right, what is not, and who came anew."""

    title = gettext_lazy("住在这里的人")

    def build(self) -> None:
        """One line a person, and one for somebody who is not registered yet."""
        self.may_edit = current_scope().role in MAY_EDIT_PEOPLE
        if not self.may_edit:
            return
        # Who may not see care is not asked for it either.
        self.sees_care = access(role=current_scope().role, sensitivity=CARE) is Access.OPEN
        for person in self.door.people:
            self._build_one(person)
        self.fields["new_name"] = forms.CharField(
            label=_("姓名"), required=False, max_length=LONGEST_NAME
        )
        self.fields["new_phone"] = _phone(_("手机号"))
        self.fields["new_birth_date"] = _day(_("出生日期"))
        there = [
            (str(household.pk), _("和%(name)s一户") % {"name": self._head(household.pk)})
            for household in self.door.households
            if self._head(household.pk)
        ]
        self.fields["new_household"] = forms.ChoiceField(
            label=_("和谁一户"), required=False, choices=[("", _("自己一户")), *there]
        )

    def _build_one(self, person: Person) -> None:
        self.fields[f"is{person.pk}"] = forms.ChoiceField(
            label=_("还在这里住吗"),
            required=False,
            widget=forms.RadioSelect,
            choices=[
                ("", _("没问")),
                (RIGHT, _("在，信息都对")),
                (LEFT, _("搬走了")),
                (DIED, _("去世了")),
            ],
        )
        self.fields[f"died{person.pk}"] = _day(_("哪天去世的"), _("选了“去世了”才填"))
        self.fields[f"phone{person.pk}"] = _phone(_("新手机号"))
        if self._lives_with_others(person):
            self.fields[f"alone{person.pk}"] = forms.BooleanField(
                label=_("现在单独过，不和同住的人算一户"), required=False
            )
        if self.sees_care:
            known = str(CareLevel(person.care_level).label) if person.care_level else ""
            unchanged = _("没变（%(level)s）") % {"level": known} if known else _("没问")
            self.fields[f"care{person.pk}"] = forms.ChoiceField(
                label=_("自理能力"), required=False, choices=[("", unchanged), *CareLevel.choices]
            )

    def _lives_with_others(self, person: Person) -> bool:
        return person.household_id is not None and any(
            other.household_id == person.household_id and other.pk != person.pk
            for other in self.door.people
        )

    def _head(self, household: int) -> str:
        """Return whose household it is: people are in the order of the door, heads first."""
        return next(
            (person.name for person in self.door.people if person.household_id == household), ""
        )

    def groups(self) -> list[FieldGroup]:
        """Each person with age and what calls for care; what is seldom needed is folded away."""
        shown = []
        for person in self.door.people:
            href = record_address("people.person", person.pk)
            fields = [self[f"is{person.pk}"]] if self.may_edit else []
            call = f"call-{person.pk}" if may_call(person) else ""
            note = self._note(person)
            shown.append(FieldGroup(person.name, fields, note=note, href=href, call=call))
            if self.may_edit:
                names = [f"{key}{person.pk}" for key in ("phone", "alone", "care", "died")]
                folded = [self[name] for name in names if name in self.fields]
                title = _("%(name)s有变化，点开改") % {"name": person.name}
                shown.append(FieldGroup(title, folded, folded=True))
        if self.may_edit:
            shown.append(
                FieldGroup(_("有新来的人，登记一下"), [self[name] for name in NEW], folded=True)
            )
        return shown

    def _note(self, person: Person) -> str:
        parts = []
        if person.birth_date:
            parts.append(_("%(age)s岁") % {"age": age_on(person.birth_date, self.door.day)})
        if access(role=current_scope().role, sensitivity=CARE) is Access.OPEN:
            facts = {name: getattr(person, name) for name in CARE_FACTS}
            if person.household is not None:
                facts |= {
                    "household_size": person.household.size,
                    "household_youngest_birth_date": person.household.youngest_birth_date,
                    "household_awaits_head": person.household.awaits_head,
                    "household_low_income": person.household.low_income,
                }
            groups = groups_of(dictionary())
            parts += [_(kind.label) for kind, _reason in care_kinds(facts, self.door.day, groups)]
        if not person.is_living_here:
            parts.append(person.where_now)
        if person.confirmed_on:
            parts.append(_("%(day)s核实") % {"day": person.confirmed_on.isoformat()})
        return " · ".join(parts)

    def save(self, saved: SavedDoor, form_token: str) -> None:
        """Confirm, correct, let somebody move away or rest; register who came."""
        if not self.may_edit:
            return
        for person in self.door.people:
            self._correct(person, saved)
            self._say(person, saved)
        self._register(saved)

    def _try(self, name: str, saved: SavedDoor, do: Callable[[], Any]) -> None:
        try:
            do()
            saved.things += 1
            self.is_saved(name)
        except Refused as refused:
            self.refuse(name, refused)

    def _correct(self, person: Person, saved: SavedDoor) -> None:
        """What somebody says now of a phone, of how able they are, of living on their own."""
        stamp: dict[str, Any] = {
            "person": person,
            "source": FactSource.VISIT,
            "confirmed_on": self.door.day,
            "by": self.user,
        }
        for name, fact in ((f"phone{person.pk}", "phone"), (f"care{person.pk}", "care_level")):
            if value := self.cleaned_data.get(name):
                changes = {fact: value}
                self._try(
                    name,
                    saved,
                    # Bound now: the loop gives `changes` another value.
                    lambda changes=changes: change_facts(  # type: ignore[misc]
                        changes=changes, **stamp
                    ),
                )
        household = person.household
        if self.cleaned_data.get(f"alone{person.pk}") and household is not None:
            self._try(
                f"alone{person.pk}",
                saved,
                lambda: split_household(
                    household=household,
                    leaving=[person],
                    head=person,
                    on=self.door.day,
                    by=self.user,
                ),
            )

    def _say(self, person: Person, saved: SavedDoor) -> None:
        """Whether they live here: right, moved away, or died, which needs its day."""
        name, died = f"is{person.pk}", f"died{person.pk}"
        answer, day = self.cleaned_data[name], self.cleaned_data[died]
        if (answer == DIED) != (day is not None):
            # Two fields, so that one wrong tap declares nobody dead.
            self.add_error(died, _("去世了，请两处都填：选“去世了”，再填哪天"))
        elif answer == RIGHT:
            self._try(
                name,
                saved,
                lambda: confirm_facts(
                    person=person, source=FactSource.VISIT, confirmed_on=self.door.day, by=self.user
                ),
            )
        elif answer == LEFT:
            self._try(name, saved, lambda: move_out(person=person, on=self.door.day, by=self.user))
        elif answer == DIED:
            self._try(name, saved, lambda: record_death(person=person, on=day, by=self.user))

    def _register(self, saved: SavedDoor) -> None:
        typed = {name: self.cleaned_data[name] for name in NEW}
        if not typed["new_name"]:
            if any(typed.values()):
                self.add_error("new_name", _("请写新来的人的姓名"))
            return
        household = next(
            (one for one in self.door.households if str(one.pk) == typed["new_household"]), None
        )
        facts = {"name": typed["new_name"], "phone": typed["new_phone"]}
        if typed["new_birth_date"]:
            facts["birth_date"] = typed["new_birth_date"]
        try:
            register_person(
                dwelling=self.door.place,
                facts=facts,
                household=household,
                source=FactSource.VISIT,
                confirmed_on=self.door.day,
                by=self.user,
            )
            saved.things += 1
            self.is_saved(*NEW)
        except Refused as refused:
            field = f"new_{refused.field}"
            self.refuse(field if field in self.fields else "new_name", refused)
