"""Print the figures and write docs/figures.md.

python -m bench                     everything, each section in a process of its own
python -m bench --only questions    one section (a module of bench offers its own as SECTIONS)
python -m bench --people 20000      a smaller register, to try it
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
from datetime import date
from pathlib import Path

from bench import sections
from bench.measuring import Figure, Section, as_markdown, in_its_own_process

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "var" / "bench"
SECTIONS = tuple(sections.found())
POSTGRES = ("million",)


def main() -> None:
    """Run what was asked and say what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=SECTIONS)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--section", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.section:
        sections.run(given.section)
        return
    environment = {
        "LINLI_DATA": str(DATA / str(given.people)),
        "LINLI_DEMO": "1",
        "BENCH_PEOPLE": str(given.people),
        "DJANGO_SETTINGS_MODULE": "linli.settings",
    }
    made = []
    for name in given.only or SECTIONS:
        print(f"· {name}", flush=True)
        section = in_its_own_process(name, environment)
        print(as_markdown([section]), flush=True)
        made.append(section)
    if not given.only:
        write_page(made, given.people)


def write_page(made: list[Section], people: int) -> None:
    """Write docs/figures.md."""
    head = (
        "# Figures\n\n"
        f"Printed by `make bench` on {date.today().isoformat()} with {people:,} residents: "  # noqa: DTZ011
        f"{os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{shutil.disk_usage(ROOT).total >> 30} GiB disk. Medians of several runs; a ratio is our "
        "figure ÷ the one beside it, taken in turns in the same process.\n\n"
    )
    (ROOT / "docs" / "figures.md").write_text(head + as_markdown(made), encoding="utf-8")
    missed = [f.what for section in made for f in section.figures if f.held is False]
    print("all within their limits" if not missed else f"over the limit: {', '.join(missed)}")


__all__ = ["Figure", "main"]

if __name__ == "__main__":
    main()
