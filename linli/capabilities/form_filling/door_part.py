"""What forms still ask, on the screen of a door."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from linli.capabilities.form_filling import actions, queries
from linli.capabilities.form_filling.actions.answers import may_collect
from linli.capabilities.form_filling.forms import DoorForm
from linli.capabilities.form_filling.terms import ASK
from linli.core.errors import Refused
from linli.register.people.terms import FactSource
from linli.workbench.rounds.parts import DoorPart, FieldGroup, SavedDoor


class OpenQuestionsPart(DoorPart):
    """The questions of forms about whoever lives here."""

    title = gettext_lazy("表里还缺")
    kinds = (ASK,)

    def build(self) -> None:
        """The same questions as on the page of forms for this door."""
        open_questions = queries.open_questions_at(self.door.place) if may_collect.holds() else []
        data: Any = self.data if self.is_bound else None
        # At a door everything was seen or said at the door.
        if data is not None:
            data = {**{key: data.get(key) for key in data}, f"{self.prefix}-q-source": SOURCE}
        self.form = DoorForm(data, open_questions=open_questions, prefix=f"{self.prefix}-q")

    def groups(self) -> list[FieldGroup]:
        """Person by person."""
        return [
            FieldGroup(name, [one for _blank, *both in lines for one in both])
            for name, lines in self.form.groups()
        ]

    def names(self) -> set[str]:
        """Return the names of the form inside."""
        return {self.form.add_prefix(name) for name in self.form.fields}

    def is_valid(self) -> bool:
        """Ask the form inside as well."""
        return self.form.is_valid() and super().is_valid()

    @property
    def errors(self) -> Any:
        """The errors are those of the form inside."""
        return self.form.errors or super().errors

    def save(self, saved: SavedDoor, form_token: str) -> None:
        """Answer each by itself; one that is refused stays on the page."""
        for open_question, value, cannot in self.form.answers():
            try:
                actions.answer_question(
                    open_question=open_question,
                    value=value,
                    cannot=cannot,
                    by=self.user,
                    source=SOURCE,
                )
                saved.things += 1
            except Refused as refused:
                self.form.add_error(f"b{open_question.pk}", refused.sentence)


SOURCE = FactSource.VISIT.value
