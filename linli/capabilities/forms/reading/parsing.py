"""Let the child process parse a file, and take what it answers."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from django.utils.translation import gettext as _

from linli.core.errors import Refused

PATIENCE = 60


def parsed(data: bytes, kind: str) -> dict[str, Any]:
    """Return what the child read of a docx, xlsx or xls, or refuse in words."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the file is only its input
            [sys.executable, "-m", "linli.capabilities.forms.reading.child", kind],
            input=data, capture_output=True, timeout=PATIENCE, check=True,
        )  # fmt: skip
    except subprocess.SubprocessError:
        raise Refused(
            "forms.broken", _("文件打不开，请用Word或Excel另存一份再试"), "file"
        ) from None
    answer: dict[str, Any] = json.loads(done.stdout)
    if sheet := answer.get("too_large"):
        raise Refused(
            "forms.too_large",
            _("工作表“%(sheet)s”超过400列或5000行，不像一张表单") % {"sheet": sheet}, "file",
            _("请删去表单以外的列和行再试"),
        )  # fmt: skip
    return answer
