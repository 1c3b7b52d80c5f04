"""Whatever bytes come in: a form, or a refusal in words; never a crash, never a hang."""

from __future__ import annotations

import contextlib
import random
import stat
from pathlib import Path

import pytest

from linli.capabilities.form_filling.reading import legacy_office
from linli.capabilities.form_filling.reading.understand import understand
from linli.capabilities.form_filling.tests.builders import a_blank
from linli.capabilities.form_filling.tests.second_set import second_set
from linli.core.errors import Refused

BY_DAY, BY_NIGHT = 10, 600


def harmed(data: bytes, dice: random.Random) -> bytes:
    """Flip, cut out, put in, or end too early."""
    made = bytearray(data)
    at = dice.randrange(len(made))
    match dice.randrange(4):
        case 0:
            for _time in range(dice.randrange(1, 40)):
                made[dice.randrange(len(made))] = dice.randrange(256)
        case 1:
            del made[at : at + dice.randrange(1, 2000)]
        case 2:
            made[at:at] = dice.randbytes(dice.randrange(1, 400))
        case _:
            del made[at:]
    return bytes(made)


@pytest.mark.parametrize("times", [BY_DAY, pytest.param(BY_NIGHT, marks=pytest.mark.nightly)])
def test_a_harmed_file_is_a_form_or_a_refusal(tmp_path: Path, times: int) -> None:
    dice = random.Random(20261123)
    word = second_set()["pension"].write(tmp_path).read_bytes()
    for number in range(times):
        name, data = (("form.docx", word), ("form.xlsx", a_blank()))[number % 2]
        path = tmp_path / name
        path.write_bytes(harmed(data, dice))
        with contextlib.suppress(Refused):
            assert understand(path).headings is not None


@pytest.mark.timeout(60)
def test_an_office_program_that_hangs_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It starts a process that keeps its pipes open, as LibreOffice does."""
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 300 &\nwait\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setattr(legacy_office.shutil, "which", lambda _name: str(program))
    monkeypatch.setattr(legacy_office, "PATIENCE_S", 1)
    with pytest.raises(Refused, match="没有转换成功"):
        legacy_office.made_new(legacy_office.OLD_OFFICE + legacy_office.OF_WORD, "form.doc")
