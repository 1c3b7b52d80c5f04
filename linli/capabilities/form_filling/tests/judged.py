"""Forms against the key somebody wrote by reading them: shape, subject, headings one by one."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from linli.capabilities.form_filling.reading.understand import Form, understand
from linli.capabilities.form_filling.tests.second_set import second_set
from linli.core.errors import Refused

BESIDE = Path(__file__).resolve().parents[5] / "shared" / "data" / "forms"
REAL = Path(os.environ.get("LINLI_REAL_FORMS", str(BESIDE)))
# name: shape, subject, every heading in its order with its facts; "" where it asks for none.
KEY = json.loads((Path(__file__).parent / "key.json").read_text())
Told = Sequence[tuple[str, str]]


@dataclass
class Judged:
    """What was right, what was wrong and what was missed, form by form."""

    forms: int = 0
    shapes: int = 0
    subjects: int = 0
    due: int = 0
    right: int = 0
    wrong: int = 0
    lines_due: int = 0
    lines: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Headings that got their fact, of those for which the dictionary has one."""
        return self.right / max(self.due, 1)

    @property
    def wrong_share(self) -> float:
        """Wrong facts of all that were given."""
        return self.wrong / max(self.right + self.wrong, 1)

    def add(self, name: str, form: Form, shape: str, subject: str, key: Told) -> None:
        """Compare one form; the second 联系电话 is held against the second of the key."""
        pairs = in_order(told_of(form), key)
        self.forms += 1
        self.shapes += form.shape == shape
        self.subjects += form.subject == subject
        self.due += sum(bool(wanted) for _text, _said, wanted in pairs)
        self.right += sum(bool(said) and said == wanted for _text, said, wanted in pairs)
        wrong = [pair for pair in pairs if pair[1] and pair[1] != pair[2]]
        missed = [pair for pair in pairs if pair[2] and not pair[1]]
        self.wrong += len(wrong)
        if form.shape != shape or form.subject != subject or wrong or missed:
            self.told.append(
                f"{name}: {form.shape or '-'}/{shape or '-'} {form.subject or '-'}/{subject or '-'}"
                f" wrong {wrong} missed {missed}"
            )


def told_of(form: Form) -> list[tuple[str, str]]:
    """Return every heading in its order with its facts."""
    return [
        (re.sub(r"\s+", "", heading.text), " ".join(heading.fields)) for heading in form.headings
    ]


def facts(form: Form) -> dict[str, str]:
    """Return each heading that has facts with them."""
    return {text: said for text, said in told_of(form) if said}


def in_order(told: Told, key: Told) -> list[tuple[str, str, str]]:
    """Return (heading, what was said, what is due): the n-th of a text beside the key's n-th."""
    said, due = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for made, pairs in ((said, told), (due, key)):
        for text, value in pairs:
            made[text].append(value)
    made_of = []
    for text in dict.fromkeys([*said, *due]):
        many = max(len(said[text]), len(due[text]))
        for number in range(many):
            one = (said[text] + [""] * many)[number]
            made_of.append((text, one, (due[text] + [""] * many)[number]))
    return made_of


def _understood(path: Path) -> Form:
    try:
        return understand(path)
    except Refused:
        return Form("", "", "", ())


def judged(*names: str) -> Judged:
    """Read the named real forms, or all of the key, and compare."""
    made = Judged()
    for name in names or sorted(KEY):
        shape, subject, key = KEY[name]
        made.add(name, _understood(REAL / f"{name}.docx"), shape, subject, key)
    return made


def judged_second(folder: Path) -> Judged:
    """Write the second set of forms into a folder, read them and compare, lines too."""
    made = Judged()
    for one in second_set().values():
        form = _understood(one.write(folder))
        made.add(one.name, form, one.shape, one.subject, one.key)
        found = {line.what for line in form.lines}
        made.lines_due += len(one.lines)
        made.lines += len(found & set(one.lines))
        if found != set(one.lines):
            made.told.append(f"{one.name}: lines {sorted(found)}, due {one.lines}")
    return made
