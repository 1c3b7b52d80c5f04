"""What a raw token looks like, and its hash, which alone is stored."""

from __future__ import annotations

import hashlib
import secrets

PREFIX = "linli_"


def new_token() -> str:
    """Return a token nobody can guess; its beginning lets scanners recognise a leaked one."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(raw: str) -> str:
    """Return the hash by which a token is found: it is long and random, so a plain hash will do."""
    return hashlib.sha256(raw.encode()).hexdigest()
