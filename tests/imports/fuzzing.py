"""Reading damaged files in a process of its own, so that its children's memory can be measured.

What a child took is told by whoever watched it.

``python -m tests.imports.fuzzing FIRST COUNT [off]`` prints answers and peak in KiB.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")


def a_hungry_file() -> bytes:
    """A workbook that the parser lays out over some hundred MiB when nothing holds it back."""
    from tests.imports import files

    def change(page: Any) -> None:
        page["CV120000"] = "远"

    return files.xlsx(files.RESIDENTS, change)


def run(first: int, count: int, *, off: bool) -> dict[str, Any]:
    """Read the files; return the codes of the answers and the largest child."""
    from linli.core.documents import reader
    from linli.workbench.imports.reading import Limits, UnreadableFile, read_file
    from tests.imports import files

    peaks = []
    watched = reader._ended

    def ended(*given: Any) -> Any:
        ran = watched(*given)
        peaks.append(ran.peak)
        return ran

    reader._ended = ended
    limits = Limits(box=0, memory=0 if off else Limits().memory, wall_seconds=60, cpu_seconds=60)
    seen: dict[str, int] = {}
    read_file(a_hungry_file(), "a.xlsx", limits=limits)
    for seed in range(first, first + count):
        name, data = files.fuzzed(seed)
        answer = read_file(data, name)
        code = answer.code if isinstance(answer, UnreadableFile) else "read"
        seen[code] = seen.get(code, 0) + 1
    return {"seen": seen, "peak": max(peaks)}


if __name__ == "__main__":
    import django

    django.setup()
    told = run(int(sys.argv[1]), int(sys.argv[2]), off="off" in sys.argv)
    print(json.dumps(told))
