"""Files of old Word and Excel (.doc, .xls) made new.

LibreOffice does it with the look kept, where it is installed. Without it a workbook of old Excel is
written anew: every word and every merged cell in its place, without fonts and widths.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from django.utils.translation import gettext as _

from linli.capabilities.form_filling.reading.parsing import ask_child
from linli.core.documents.reader import forbid_transaction
from linli.core.errors import Refused

OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
LOCKED = "EncryptedPackage".encode("utf-16-le")
OF_EXCEL = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
OF_WORD = "WordDocument".encode("utf-16-le")
PATIENCE_S = 90
# Its memory has no bound of ours: only time, processor and size of the result (decision 0024).
MOST = {resource.RLIMIT_CPU: 60, resource.RLIMIT_FSIZE: 64 << 20}


def is_old(data: bytes) -> bool:
    """Is this a file of old Word or Excel, or one locked by a password?"""
    return data.startswith(OLD_OFFICE)


def made_new(data: bytes, name: str) -> tuple[bytes, str]:
    """Return an old file as .docx or .xlsx with its new name; a new one as it is."""
    if not is_old(data):
        return data, name
    # A locked .docx is wrapped in an old container, and would look like an old file.
    if LOCKED in data:
        raise Refused(
            "form_filling.locked", _("文件加了密码，请在Word或Excel里去掉密码再放进来"), "file"
        )
    kind = "docx" if OF_WORD in data else "xlsx" if any(one in data for one in OF_EXCEL) else ""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if kind == "xlsx" and program is None:
        return ask_child("renew", data).rest, f"{Path(name).stem}.xlsx"
    if not kind or program is None:
        raise Refused(
            "form_filling.old",
            _("这是旧格式的文件"),
            "file",
            _("请用Word或Excel另存为 .docx 或 .xlsx 再放进来"),
        )
    return _converted(program, data, kind), f"{Path(name).stem}.{kind}"


def _converted(program: str, data: bytes, kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / ("form.doc" if kind == "docx" else "form.xls")
        source.write_bytes(data)
        # A profile of its own: two conversions at once would wait for one another's lock.
        command = [
            program,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--norestore",
            "--convert-to",
            kind,
            "--outdir",
            f"{folder}/new",
            str(source),
        ]
        try:
            _run(command)
            return (Path(folder) / "new" / f"form.{kind}").read_bytes()
        except (subprocess.SubprocessError, OSError):
            raise Refused(
                "form_filling.old",
                _("旧格式的文件没有转换成功"),
                "file",
                _("请用Word或Excel另存为 .docx 或 .xlsx 再放进来"),
            ) from None


def _run(command: list[str]) -> None:
    """Run the office program, and end it with all it started when it takes too long.

    It goes on in a process of its own, which a plain time limit would leave behind and wait for.
    """
    quiet = subprocess.DEVNULL
    forbid_transaction()
    started = subprocess.Popen(  # noqa: S603 - the office program with fixed options
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        for kind, most in MOST.items():
            with contextlib.suppress(OSError):  # it may have ended already
                resource.prlimit(started.pid, kind, (most, most))
        started.wait(PATIENCE_S)
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
    if started.returncode:
        raise subprocess.CalledProcessError(started.returncode, command)
