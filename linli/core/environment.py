"""Settings from the environment: LINLI_…, one DATABASE_URL, generated keys for one machine."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_OPTIONS = {
    # FULL: an acknowledged commit survives a power cut. IMMEDIATE: no refused upgrades of locks.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}


class BadSetting(RuntimeError):
    """A setting is missing or wrong; the message says which and what to do."""


def text(name: str, default: str = "") -> str:
    """Return LINLI_<name> or the default."""
    return os.environ.get(f"LINLI_{name}", default)


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated setting as a list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's database settings for DATABASE_URL; empty means the embedded SQLite."""
    if not url or url.startswith("sqlite:"):
        name = url.removeprefix("sqlite:///") if url else str(data_dir / "linli.sqlite3")
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": SQLITE_OPTIONS}
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise BadSetting("DATABASE_URL: use sqlite:///path or postgresql://user:password@host/name")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": query,
    }


def _new_keys() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "INDEX_KEY": secrets.token_urlsafe(32),
    }


def keys(mode: str, data_dir: Path) -> dict[str, str]:
    """Return the three keys: given in production, fixed in tests, made once otherwise.

    Made keys lie in ``<data>/keys.json``, readable by the owner alone; a backup without them
    cannot be read.
    """
    given = {name: text(name) for name in ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")}
    if mode == "test":
        fixed = base64.urlsafe_b64encode(b"linli-test-key-not-for-real-use!").decode()
        made = {"SECRET_KEY": "test", "FIELD_KEYS": fixed, "INDEX_KEY": "test"}
        return {name: given[name] or made[name] for name in given}
    if mode == "production":
        weak = [n for n, v in given.items() if len(v) < 32 or "change" in v.lower()]
        if weak:
            names = ", ".join(f"LINLI_{name}" for name in weak)
            raise BadSetting(f"production needs its own {names} (32 characters or more)")
        return given
    if all(given.values()):
        return given
    return {name: given[name] or value for name, value in kept_keys(data_dir).items()}


def kept_keys(data_dir: Path) -> dict[str, str]:
    """Read the keys of this installation, making them the first time."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = data_dir / "keys.json"
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump(_new_keys(), out)
    except FileExistsError:
        pass
    kept: dict[str, str] = json.loads(file.read_text())
    return kept
