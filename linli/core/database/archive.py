"""Reading a backup file: is it whole, is it ours, is every table as it was written?

What is wrong with a file is said in words that name it: nobody may learn at the restore that the
backup of last night was cut off.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from linli.core.errors import Refused

FORMAT = 1
# What reading a damaged zip raises: a flipped byte may ask for a password, another way of packing,
# or a place before the beginning of the file.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
AT_ONCE = 1 << 20
NOTHING_WRITTEN = "没有写入任何数据。请用另一份备份。"


@dataclass(frozen=True)
class ArchiveTable:
    """One table of an archive: its columns with their kinds, its key, its rows and their hash."""

    name: str
    columns: list[tuple[str, str]]
    key: str
    rows: int = 0
    sha256: str = ""


@contextmanager
def opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup file; say in words when it is not there, cut off or damaged."""
    if not file.exists():
        raise Refused("backup.missing", f"备份文件不在：{file}（{_of_folder(file.parent)}）")
    if not file.is_file():
        raise Refused("backup.not_a_file", f"{file} 不是文件，请给出备份文件")
    if not file.stat().st_size:
        raise Refused("backup.empty", f"备份文件是空的：{file}")
    try:
        archive = zipfile.ZipFile(file)
    except BROKEN as wrong:
        sentence = f"备份文件损坏，打不开，可能没有写完或没有拷完：{file}"
        raise Refused("backup.broken", sentence) from wrong
    with archive:
        yield archive


def _of_folder(folder: Path) -> str:
    if not folder.is_dir():
        return f"文件夹 {folder} 也不在，盘可能没有挂上"
    return "文件夹是空的" if not any(folder.iterdir()) else "文件夹里有别的文件"


def read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Return what an archive says it holds; refuse what is no archive of ours."""
    try:
        manifest = cast(dict[str, Any], json.loads(archive.read("manifest.json")))
    except (KeyError, json.JSONDecodeError) as wrong:
        sentence = f"这不是邻里的备份文件：{archive.filename}"
        raise Refused("backup.no_manifest", sentence) from wrong
    except BROKEN as wrong:
        raise _damaged(archive, "manifest.json") from wrong
    if manifest.get("format") != FORMAT:
        raise Refused("backup.format", "备份文件的格式太新，请先升级邻里")
    return manifest


def tables_of(manifest: dict[str, Any]) -> list[ArchiveTable]:
    """Return the tables that an archive says it holds."""
    return [
        ArchiveTable(**{**table, "columns": [tuple(column) for column in table["columns"]]})
        for table in manifest["tables"]
    ]


def refuse_damage(archive: zipfile.ZipFile, wanted: list[ArchiveTable]) -> None:
    """Read every table and refuse the archive if one is not as it was written."""
    for table in wanted:
        digest = hashlib.sha256()
        try:
            with archive.open(f"tables/{table.name}.jsonl") as lines:
                while part := lines.read(AT_ONCE):
                    digest.update(part)
        except (KeyError, *BROKEN) as wrong:
            raise _damaged(archive, table.name) from wrong
        if digest.hexdigest() != table.sha256:
            sentence = f"备份文件损坏，{table.name} 与备份时不一致：{archive.filename}"
            raise Refused("backup.differs", sentence, hint=NOTHING_WRITTEN)


def sha256_of(file: Path) -> str:
    """Return the hash of a whole file."""
    with file.open("rb") as bytes_of:
        return hashlib.file_digest(bytes_of, "sha256").hexdigest()


def _damaged(archive: zipfile.ZipFile, what: str) -> Refused:
    sentence = f"备份文件损坏，{what} 读不出来：{archive.filename}"
    return Refused("backup.damaged", sentence, hint=NOTHING_WRITTEN)
