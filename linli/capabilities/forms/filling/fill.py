"""One door for both kinds of files; nothing half filled is left behind."""

from __future__ import annotations

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from linli.capabilities.forms.filling.content import Content, Filled
from linli.capabilities.forms.filling.sheets import fill_workbook
from linli.capabilities.forms.filling.word import fill_document
from linli.core.errors import Refused


def fill_form(path: Path, out: Path, content: Content) -> Filled:
    """Write ``content`` into a copy of the file; the copy appears whole or not at all."""
    half = out.with_name(out.name + ".part")
    filler = fill_workbook if out.suffix == ".xlsx" else fill_document
    try:
        done = filler(path, half, content)
        half.replace(out)
    except (zipfile.BadZipFile, LookupError, ValueError) as trouble:
        raise Refused(
            "forms.cannot_fill", _("这份文件填不进去，原件还在"), "file",
            _("请用Word或Excel另存一份再放进来"),
        ) from trouble  # fmt: skip
    finally:
        half.unlink(missing_ok=True)
    return done
