"""在哪里：一个词、地址或错误码对应的页面、模板、动作、规则、测试。"""

from __future__ import annotations

import argparse

from linli.faces.cli.context import CliContext

KEYS_MAY_DIFFER = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to look for."""
    parser.add_argument("word", help="词（转办）、地址（/rules/）或错误码（place.duplicate）")


def run(given: CliContext) -> int:
    """Say where it is; exit code 1 when it is nowhere."""
    from linli.faces.cli.where import look

    places = look(given.options.word)
    for place in places:
        given.say(f"{place.what}  {place.where}  {place.words}".rstrip())
    if not places:
        given.say(f"没有找到“{given.options.word}”。")
    given.answer(places=[vars(place) for place in places])
    return 0 if places else 1
