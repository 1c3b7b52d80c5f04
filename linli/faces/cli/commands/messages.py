"""对照代码更新译文目录（--compile：只编译）。"""

from __future__ import annotations

import argparse

from linli.faces.cli.checkout import refuse_without_checkout
from linli.faces.cli.context import CliContext


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the one choice."""
    parser.add_argument("--compile", action="store_true", help="only write the binary catalogues")


def run(given: CliContext) -> int:
    """List what is still to be translated by hand; exit code 1 when something is."""
    refuse_without_checkout("messages")
    # What writes catalogues is not installed where the product only runs.
    from linli.faces.web import catalogues

    if given.options.compile:
        catalogues.compile_all()
        return 0
    left = catalogues.refresh()
    catalogues.compile_all()
    for language, sentences in left.items():
        given.say(f"{language}: {len(sentences)} to translate")
        for sentence in sentences:
            given.say(f"  {sentence}")
    given.answer(missing=left)
    return 1 if any(left.values()) else 0
