"""办件：批量受理热线表格（take）、读来件（suggest）、归话题（topics）、导入分类（taxonomy）。"""

from __future__ import annotations

import argparse
from types import ModuleType

from linli.capabilities.cases.commands import _suggest as suggest
from linli.capabilities.cases.commands import _taxonomy as taxonomy
from linli.capabilities.cases.commands import _topics as topics
from linli.capabilities.cases.intake import command as take
from linli.core.commands import Given

# verb → what it is for, and the module with its add_arguments and run
VERBS: dict[str, tuple[str, ModuleType]] = {
    "take": ("受理热线的Excel或CSV：先看每一行会怎样，加 --apply 才受理", take),
    "suggest": ("标准输入每行一段话：说出分类、把握、地方和相似的", suggest),
    "topics": ("把Excel或CSV里相似的来件归成话题，并用来件里的词命名", topics),
    "taxonomy": ("导入一级、二级、三级三列的分类表：先看会怎样，加 --apply 才导入", taxonomy),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the verb and what belongs to it."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, (words, module) in VERBS.items():
        own = verbs.add_parser(name, help=words, description=words)
        # They may stand before the verb or after what belongs to it.
        own.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        own.add_argument("--as", dest="as_user", metavar="USER", default=argparse.SUPPRESS)
        module.add_arguments(own)


def run(given: Given) -> int:
    """Do what the verb says."""
    _words, module = VERBS[given.options.verb]
    return int(module.run(given) or 0)
