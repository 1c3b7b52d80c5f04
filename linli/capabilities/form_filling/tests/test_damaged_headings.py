"""What was kept of a form's headings may be damaged: it is told, and nobody is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from linli.capabilities.form_filling.answers.cells import whose
from linli.capabilities.form_filling.models import FormInstance
from linli.capabilities.form_filling.presenters import headings
from linli.core.personal_data.crypto import CannotOpen
from linli.workbench.retention.queries import label_words

GOOD = {"text": "姓名", "use": "left", "fields": []}


@pytest.mark.parametrize("kept", [["broken"], [{"text": "姓名"}], [GOOD, None]])
def test_damaged_headings_are_told(kept: list[Any]) -> None:
    with pytest.raises(CannotOpen):
        whose(FormInstance(headings=kept, subject="person"), [1])


def test_a_damaged_form_is_told() -> None:
    with pytest.raises(CannotOpen):
        headings(FormInstance(form={"broken": [1]}, headings=[GOOD]))


def test_what_is_no_table_keeps_its_words() -> None:
    assert label_words("broken") == "broken"
    assert label_words("people.person") != "people.person"
