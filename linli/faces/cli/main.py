"""`linli`: the command line, one module per command, found by folder.

A command is a module in a folder named ``commands`` of any app: its docstring's first line is the
help, ``add_arguments(parser)`` is optional, ``run(given)`` does it and returns an exit code or
None. With ``KEYS_MAY_DIFFER`` it runs also where the keys are not those of the database: it neither
seals nor looks anything up by a number. Modules import Django inside ``run`` or at the top: Django
is set up before they are loaded. Where nothing is set up yet the words of ``BEFORE_SETTINGS`` run
without Django; their ``run_alone(options)`` takes the options themselves.
"""

from __future__ import annotations

import argparse
import ast
import gc
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from types import ModuleType

from linli import __version__
from linli.core.runtime import frames
from linli.faces.cli.context import CliContext

PACKAGE = Path(__file__).resolve().parents[2]
BAD_INPUT = 2
# What must work before there are keys, and so before there are settings.
BEFORE_SETTINGS = ("keys",)


def commands() -> dict[str, Path]:
    """Return every command by name: the files in the folders named ``commands``."""
    files = sorted(PACKAGE.glob("**/commands/*.py"))
    return {file.stem.replace("_", "-"): file for file in files if not file.stem.startswith("_")}


def sentence(file: Path) -> str:
    """Return the first line of a command's docstring without importing it."""
    # Read, not imported: where commands are listed Django is not set up yet.
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; refusals are sentences on stderr and exit code 2."""
    # pytest has hooks of its own.
    if "pytest" not in sys.modules:
        frames.install()
    typed = list(sys.argv[1:] if arguments is None else arguments)
    known = commands()
    name = next((word for word in typed if not word.startswith("-")), "")
    if "--version" in typed and not name:
        print(f"邻里 {__version__}")
        return 0
    if name not in known:
        return _say_what_there_is(name, known)
    typed.remove(name)
    try:
        return _run(name, known[name], typed)
    except KeyboardInterrupt:
        print("已停止", file=sys.stderr)
        return 130
    except Exception as wrong:
        return _in_words(wrong)


def _run(name: str, file: Path, typed: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    if name in BEFORE_SETTINGS:
        alone = import_module(_dotted(file))
        return int(alone.run_alone(_parser(name, file, alone).parse_args(typed)))
    try:
        module = _load(file)
        options = _parser(name, file, module).parse_args(typed)
        if not getattr(module, "KEYS_MAY_DIFFER", False):
            _check_keys()
        with ExitStack() as stack:
            given = CliContext.of(options)
            stack.enter_context(given.in_force())
            return int(module.run(given) or 0)
    finally:
        gc.unfreeze()  # what is left frozen at the end would be told as leaked


def _load(file: Path) -> ModuleType:
    """Set Django up and import a command: what is loaded stays, so no garbage is looked for."""
    gc.disable()
    try:
        _set_up()
        return import_module(_dotted(file))
    finally:
        gc.freeze()
        gc.enable()


def _dotted(file: Path) -> str:
    return ".".join(["linli", *file.relative_to(PACKAGE).with_suffix("").parts])


def _set_up() -> None:
    import django
    from django.apps import apps
    from django.conf import settings
    from django.utils import translation

    if not apps.ready:
        django.setup()
    translation.activate(os.environ.get("LINLI_LANG", settings.LANGUAGE_CODE))


def _check_keys() -> None:
    from linli.core.personal_data.key_fingerprints import refuse_wrong_keys

    refuse_wrong_keys()


def _parser(name: str, file: Path, module: ModuleType) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"linli {name}", description=sentence(file))
    parser.add_argument("--json", action="store_true", help="给程序看的一行 JSON")
    parser.add_argument("--as", dest="as_user", metavar="USER", help="以哪个用户的范围和遮盖来看")
    if hasattr(module, "add_arguments"):
        module.add_arguments(parser)
    return parser


def _say_what_there_is(name: str, known: dict[str, Path]) -> int:
    if name:
        print(f"没有“{name}”这个命令。", file=sys.stderr)
    out = sys.stderr if name else sys.stdout
    print("用法：linli 命令 [--json] [--as 用户名] …，或 linli --version\n", file=out)
    for command, file in known.items():
        print(f"  {command:<10} {sentence(file)}", file=out)
    return BAD_INPUT if name else 0


def _in_words(wrong: Exception) -> int:
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError

    from linli.core.errors import Refused
    from linli.core.runtime.environment import BadSetting
    from linli.core.storage import refusal_for

    wrong = refusal_for(wrong) or wrong
    if isinstance(wrong, Refused):
        print(wrong.sentence + (f"\n{wrong.hint}" if wrong.hint else ""), file=sys.stderr)
    elif isinstance(wrong, BadSetting | ImproperlyConfigured):
        print(f"设置有误：{wrong}", file=sys.stderr)
    elif isinstance(wrong, OperationalError | ProgrammingError):
        headline = frames.headline(wrong.__cause__ or wrong)
        print(f"数据库：{headline}\n还没有建表的话，先运行 linli migrate", file=sys.stderr)
    elif isinstance(wrong, OSError):
        print(f"文件：{wrong.strerror or wrong}：{wrong.filename or ''}", file=sys.stderr)
    else:
        raise wrong
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
