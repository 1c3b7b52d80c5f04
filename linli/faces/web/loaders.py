"""Loaders of templates: the indentation that a template is read by is not sent."""

from __future__ import annotations

import re

from django.template.base import Origin
from django.template.loaders import app_directories, filesystem

INDENTED = re.compile(r"\n[ \t]+")
KEPT_AS_TYPED = re.compile(r"<(pre|script|style|textarea)\b[^>]*>.*?</\1>", re.S)


def without_indentation(source: str) -> str:
    """Begin every line at its margin; a line break stays one, so nothing is read differently."""
    verbatim = [match[0] for match in KEPT_AS_TYPED.finditer(source)]
    # No template holds a null character, so one can keep their places.
    pieces = [INDENTED.sub("\n", piece) for piece in KEPT_AS_TYPED.sub("\0", source).split("\0")]
    return "".join(piece + more for piece, more in zip(pieces, [*verbatim, ""], strict=True))


class Filesystem(filesystem.Loader):
    """Templates of the product as a whole."""

    def get_contents(self, origin: Origin) -> str:
        """Return a template without its indentation."""
        return without_indentation(super().get_contents(origin))


class AppDirectories(app_directories.Loader):
    """Templates of the apps."""

    def get_contents(self, origin: Origin) -> str:
        """Return a template without its indentation."""
        return without_indentation(super().get_contents(origin))
