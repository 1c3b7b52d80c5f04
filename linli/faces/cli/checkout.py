"""What only a checkout of the source has: catalogues to translate, pages made from code, tests."""

from __future__ import annotations

from pathlib import Path

from linli.core.errors import Refused

ROOT = Path(__file__).resolve().parents[3]


def is_checkout() -> bool:
    """Does the product run from its source, not from an installed package?"""
    return (ROOT / "pyproject.toml").is_file()


def refuse_without_checkout(command: str) -> None:
    """Refuse a command of who works on the source, where only the package is installed."""
    if not is_checkout():
        raise Refused(
            "cli.needs_checkout",
            f"linli {command} 要在源代码里运行，这里只装了成品",
            hint="开发的人取得源代码后运行 make setup；日常使用不需要这个命令",
        )
