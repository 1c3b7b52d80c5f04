"""The real forms against the key somebody wrote by reading them: shape, subject, headings."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from linli.capabilities.forms.reading.understand import Form, understand
from linli.core.errors import Refused

BESIDE = Path(__file__).resolve().parents[5] / "shared" / "data" / "forms"
REAL = Path(os.environ.get("LINLI_REAL_FORMS", str(BESIDE)))
KEY = json.loads((Path(__file__).parent / "key.json").read_text())


@dataclass
class Judged:
    """What was right, what was wrong and what was missed, form by form."""

    forms: int = 0
    shapes: int = 0
    subjects: int = 0
    due: int = 0
    right: int = 0
    wrong: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Headings that got their fact, of those for which the dictionary has one."""
        return self.right / max(self.due, 1)

    @property
    def wrong_share(self) -> float:
        """Wrong facts of all that were given."""
        return self.wrong / max(self.right + self.wrong, 1)


def facts(form: Form) -> dict[str, str]:
    """Return each heading with its facts."""
    return {
        re.sub(r"\s+", "", one.text): " ".join(one.fields) for one in form.headings if one.fields
    }


def judged(*names: str) -> Judged:
    """Read the named forms, or all of the key, and compare."""
    made = Judged()
    for name in names or sorted(KEY):
        shape, subject, wanted = KEY[name]
        try:
            form = understand(REAL / f"{name}.docx")
        except Refused:
            form = Form("", "", "", ())
        told = facts(form)
        made.forms += 1
        made.shapes += form.shape == shape
        made.subjects += form.subject == subject
        made.due += len(wanted)
        made.right += sum(wanted.get(one) == fact for one, fact in told.items())
        wrong = {one: fact for one, fact in told.items() if wanted.get(one) != fact}
        made.wrong += len(wrong)
        missed = {one: fact for one, fact in wanted.items() if one not in told}
        if form.shape != shape or form.subject != subject or wrong or missed:
            made.told.append(
                f"{name}: {form.shape or '-'}/{shape or '-'} {form.subject or '-'}/{subject or '-'}"
                f" wrong {wrong} missed {missed}"
            )
    return made
