"""What was deleted, as hashes, in a file beside the database: keys of people, emptied entries.

A restored backup brings back the database of an earlier day, and people deleted and words emptied
since then with it; this list stays, and what it names is deleted and emptied again. Whoever
restores on another machine takes it along (``linli restore FILE --deleted LIST``).
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from linli.core.errors import Refused

NAME = "deleted-keys.jsonl"


@dataclass(frozen=True)
class HashedKey:
    """One deleted key: by which salt, its hash, when it was deleted."""

    salt: str
    hash: str
    at: str

    @property
    def moment(self) -> datetime:
        """Return when it was deleted."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True)
class RedactedEntry:
    """One entry of the journal whose words went: the hash by which it is known, when they went."""

    entry: str
    at: str

    @property
    def hash(self) -> str:
        """Return what tells it from other lines."""
        return self.entry


Line = HashedKey | RedactedEntry


def new_salt() -> str:
    """Return a salt nobody can guess."""
    return secrets.token_hex(16)


def hash_of(person: int, salt: str) -> str:
    """Return the salted hash of a person's key."""
    message = f"people.person:{person}".encode()
    return hmac.new(salt.encode(), message, hashlib.sha256).hexdigest()


def list_file() -> Path:
    """Return where the list stands."""
    if settings.TESTING:  # several processes test at once
        return Path(tempfile.gettempdir()) / f"linli-{os.getpid()}-{NAME}"
    return Path(settings.DATA_DIR) / NAME


def deleted_keys(file: Path | None = None) -> list[HashedKey]:
    """Return the deleted people of the list; no file is an empty list."""
    return [line for line in lines(file or list_file()) if isinstance(line, HashedKey)]


def redacted_entries(file: Path | None = None) -> set[str]:
    """Return the emptied entries of the list, by the hash by which they are known."""
    found = lines(file or list_file())
    return {line.entry for line in found if isinstance(line, RedactedEntry)}


def lines(file: Path) -> list[Line]:
    """Read the whole list; no file is an empty one."""
    if not file.exists():
        return []
    try:
        return [_line(json.loads(text)) for text in file.read_text(encoding="utf-8").splitlines()]
    except (ValueError, TypeError) as wrong:
        raise Refused(
            "retention.list", f"{file.name}不是删除名单，或已损坏", hint="请换一份完好的"
        ) from wrong


def _line(told: dict[str, str]) -> Line:
    if "entry" in told:
        return RedactedEntry(**told)
    key = HashedKey(**told)
    # A damaged day is refused here, before anybody is deleted by half a list.
    _ = key.moment
    return key


def keep(more: Iterable[Line]) -> None:
    """Add lines to the list, each once, as a whole or not at all."""
    file = list_file()
    with _locked(file):
        there = lines(file)
        known = {line.hash for line in there}
        fresh = [line for line in more if line.hash not in known]
        if not fresh:
            return
        part = file.with_name(f"{file.name}.part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            for line in [*there, *fresh]:
                out.write(json.dumps(asdict(line)) + "\n")
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    # A file of its own: the list is replaced, and a lock on it would go with the old one.
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
