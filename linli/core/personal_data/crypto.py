"""Personal values at rest: sealed text, and a blind index for "is it equal".

Every key of LINLI_FIELD_KEYS is stretched into a Fernet key of its own, so any long random text
will do. The first seals, all open. The index key cannot be rotated in place: indexes are one-way
and are made anew from the opened values.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.functions import Cast
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.personal_data.unreadable import UnreadableValue, is_unreadable

ROTATED_AT_ONCE = 500


class CannotOpen(Refused, ValueError):
    """The value was sealed with a key that is not in LINLI_FIELD_KEYS, or was changed since."""

    def __init__(self, code: str = "sealed.cannot_open") -> None:
        sentence = (
            _("原来的内容打不开，没有覆盖它")
            if code == "sealed.not_replaced"
            else _("这里的内容打不开")
        )
        hint = _("请管理员运行 linli check 查看原因：多半是少了一把密钥，或数据被改动过。")
        super().__init__(code, sentence, hint=hint)


class CannotCompare(FieldError):
    """A sealed column was compared: every sealing differs, so it would find nothing, silently."""


def derived(key: str, use: str) -> bytes:
    """Stretch a key into one of 32 bytes that serves one use alone."""
    stretch = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"linli {use}".encode())
    return stretch.derive(key.encode())


@lru_cache(maxsize=16)
def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived(key, "field")))


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([_fernet(key) for key in keys])


@lru_cache(maxsize=64)
def _index_key(key: str, purpose: str) -> bytes:
    return derived(key, f"index {purpose}")


def keyring() -> MultiFernet:
    """Return the box of the current keys: the first seals, all of them open."""
    return _box(tuple(settings.LINLI_FIELD_KEYS))


def encrypt(text: str) -> str:
    """Seal a text; empty stays empty."""
    return keyring().encrypt(text.encode()).decode() if text else ""


def decrypt(sealed: str) -> str:
    """Open a sealed text; empty stays empty."""
    if not sealed:
        return ""
    try:
        return keyring().decrypt(sealed.encode()).decode()
    except InvalidToken as wrong:
        raise CannotOpen from wrong
    except UnicodeError as wrong:
        raise CannotOpen from wrong


def open_file(sealed: bytes | memoryview) -> bytes:
    """Open sealed bytes; none stay none."""
    data = bytes(sealed)
    try:
        return keyring().decrypt(data) if data else b""
    except InvalidToken as wrong:
        raise CannotOpen from wrong


def open_json(text: str) -> Any:
    """Read JSON that was sealed; what cannot be opened or read raises CannotOpen."""
    if is_unreadable(text):
        raise CannotOpen
    try:
        return json.loads(text)
    except ValueError as wrong:
        raise CannotOpen from wrong


def or_unreadable(sealed: str) -> str:
    """Open a sealed text, or return the words that stand in its place and keep it."""
    try:
        return decrypt(sealed)
    except CannotOpen:
        return UnreadableValue(_("〔打不开〕"), sealed)


def is_current(sealed: str) -> bool:
    """Was this sealed with the first key? Empty counts as current."""
    if not sealed:
        return True
    try:
        _fernet(settings.LINLI_FIELD_KEYS[0]).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def rotate(sealed: str) -> str:
    """Seal again with the first key; what cannot be opened raises CannotOpen."""
    return sealed if is_current(sealed) else encrypt(decrypt(sealed))


def blind_index(value: str, purpose: str) -> str:
    """Return a keyed hash (64 hexadecimal characters) by which equal values find each other.

    ``purpose`` ("identity", "phone") keeps one column's hashes useless for another. Give the normal
    spelling of the value: the index is equal only for equal text. Empty stays empty.
    """
    if not value:
        return ""
    key = _index_key(settings.LINLI_INDEX_KEY, purpose)
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class IndexedColumn:
    """A sealed column in its normal spelling, and the blind index beside it."""

    model: str
    sealed: str
    index: str
    purpose: str


_indexed: list[IndexedColumn] = []


def register_indexed_column(model: str, *, sealed: str, index: str, purpose: str) -> None:
    """Let an index be compared with the value it was made from."""
    _indexed.append(IndexedColumn(model, sealed, index, purpose))


def indexed_columns() -> list[IndexedColumn]:
    """Return the columns of which an index can be compared with its value."""
    return list(_indexed)


_replacing: ContextVar[str] = ContextVar("linli_replacing_unreadable", default="")


@contextmanager
def replacing_unreadable(reason: str) -> Iterator[None]:
    """Allow what cannot be opened to be replaced: somebody gave it anew and the journal says so."""
    token = _replacing.set(reason)
    try:
        yield
    finally:
        _replacing.reset(token)


class _Guarded(DeferredAttribute):
    """A sealed column of a row: what cannot be opened is not overwritten."""

    def __set__(self, instance: Any, value: Any) -> None:
        name = self.field.attname
        before = instance.__dict__.get(name)
        if isinstance(before, UnreadableValue) and not isinstance(value, UnreadableValue):
            if is_unreadable(value):  # a form gave the words back: nothing was changed
                return
            if not _replacing.get():
                raise CannotOpen("sealed.not_replaced")
        instance.__dict__[name] = value


class EncryptedText(models.TextField):  # type: ignore[type-arg]
    """Text that is sealed in the database and plain in Python; only isnull can be asked of it.

    What cannot be opened reads as the words that say so, and is written back as it was.
    """

    descriptor_class = _Guarded

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """Open what the database holds."""
        return or_unreadable(value) if value else value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Seal what goes to the database."""
        value = super().get_db_prep_value(value, connection, prepared)
        if isinstance(value, UnreadableValue) and value.sealed:
            return value.sealed
        if is_unreadable(value):
            raise CannotOpen("sealed.not_replaced")
        return encrypt(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        """Leave the words of what cannot be opened as they are."""
        return value if isinstance(value, UnreadableValue) else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        """Leave the words of what cannot be opened as they are."""
        return value if isinstance(value, UnreadableValue) else super().get_prep_value(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Refuse comparisons: they would silently find nothing."""
        if lookup_name != "isnull":
            raise CannotCompare(f"{self.name} is sealed; compare its blind index instead")
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Any:
        """Refuse transforms (length, lower …) for the same reason."""
        raise CannotCompare(f"{self.name} is sealed; {lookup_name} cannot be asked of it")


def rotate_column(rows: models.QuerySet[Any], field: str) -> int:
    """Seal one column again with the first key, in batches; return how many rows changed.

    Can be stopped and started again; what cannot be opened stays as it is (`linli check` lists
    it). The caller opens the scope and the transaction it wants.
    """
    rows, changed = rows.order_by("pk"), 0
    # Cast, or Django would open the column on the way.
    sealed = rows.annotate(_sealed=Cast(field, models.TextField())).values_list("pk", "_sealed")
    for keys in _batches(sealed):
        loaded = list(rows.filter(pk__in=keys))
        stale = [row for row in loaded if not is_unreadable(getattr(row, field))]
        # What cannot be opened would be written back as it is, and count as changed.
        rows.order_by().bulk_update(stale, [field])
        changed += len(stale)
    return changed


def _batches(sealed: Any) -> Iterator[list[Any]]:
    """Walk by primary key, so that writing between two batches disturbs nothing."""
    last: Any = None
    while True:
        page = list((sealed if last is None else sealed.filter(pk__gt=last))[:ROTATED_AT_ONCE])
        if not page:
            return
        last = page[-1][0]
        stale = [key for key, token in page if token and not is_current(token)]
        if stale:
            yield stale
