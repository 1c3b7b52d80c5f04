"""Personal values at rest: encrypted text, and a blind index for "is it equal"."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def box() -> MultiFernet:
    """Return the box of the current keys: the first seals, all of them open."""
    return _box(tuple(settings.LINLI_FIELD_KEYS))


def encrypt(text: str) -> str:
    """Seal a text; empty stays empty."""
    return box().encrypt(text.encode()).decode() if text else ""


def decrypt(sealed: str) -> str:
    """Open a sealed text; empty stays empty; a text sealed with another key raises."""
    if not sealed:
        return ""
    try:
        return box().decrypt(sealed.encode()).decode()
    except InvalidToken as wrong:
        raise ValueError("sealed with a key that is not in LINLI_FIELD_KEYS") from wrong


def rotate(sealed: str) -> str:
    """Seal again with the current key."""
    return box().rotate(sealed.encode()).decode() if sealed else ""


def blind_index(value: str, purpose: str) -> str:
    """Return a keyed hash by which equal values of one purpose find each other; empty for empty."""
    if not value:
        return ""
    key = hashlib.sha256(f"{settings.LINLI_INDEX_KEY}|{purpose}".encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """Text that is sealed in the database and plain in Python; it cannot be looked up."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Open what the database holds."""
        return decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        """Seal what goes to the database."""
        return encrypt(str(value)) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse comparisons: they would silently find nothing."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted; compare its blind index instead")
        return super().get_lookup(lookup_name)
