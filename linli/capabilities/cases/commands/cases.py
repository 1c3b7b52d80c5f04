"""办件：批量受理热线表格（take）、读来件（suggest）、归话题（topics）、看板（board）、导入分类（taxonomy）。"""

from __future__ import annotations

import argparse

from linli.core.interface.commands import CommandContext, verbs_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the verb and what belongs to it."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, module in verbs_of("cases").items():
        description = (module.__doc__ or "").partition("\n")[0]
        own = verbs.add_parser(name, help=description, description=description)
        # They may stand before the verb or after what belongs to it.
        own.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        own.add_argument("--as", dest="as_user", metavar="USER", default=argparse.SUPPRESS)
        module.add_arguments(own)


def run(given: CommandContext) -> int:
    """Do what the verb says."""
    return int(verbs_of("cases")[given.options.verb].run(given) or 0)
