"""Which keys this database was written with, so that another key is found at the start.

A wrong index key is no error: every number is simply not found, and everybody comes in twice. So
a keyed hash of a fixed text lies in the database for the index key and for each field key. What an
old installation was written with is asked of its own rows, once.
"""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, transaction

from linli.core.database import backup, marks, raw_sql, relocation, row_security
from linli.core.errors import Refused
from linli.core.personal_data import sealed_values
from linli.core.personal_data.crypto import (
    CannotOpen,
    IndexedColumn,
    blind_index,
    derived,
    indexed_columns,
    open_file,
)

INDEX, FIELD = "index key", "field key"
TEXT = b"linli"
SAMPLE = 20


def fingerprint(key: str, use: str) -> str:
    """Return by what a key is known again (64 hexadecimal characters); it cannot be read back."""
    return hmac.new(derived(key, f"fingerprint {use}"), TEXT, hashlib.sha256).hexdigest()


def of_today() -> dict[str, str]:
    """Return the marks of the keys that the settings give."""
    fields = [fingerprint(key, FIELD) for key in settings.LINLI_FIELD_KEYS]
    return {
        INDEX: fingerprint(settings.LINLI_INDEX_KEY, INDEX),
        **{f"{FIELD} {print_[:10]}": print_ for print_ in fields},
    }


def missing_from(kept: dict[str, str]) -> list[str]:
    """Return which marks of keys among ``kept`` belong to none of today's keys."""
    today = of_today()
    ours = {name: value for name, value in kept.items() if name.startswith((INDEX, FIELD))}
    return sorted(name for name, value in ours.items() if today.get(name) != value)


def wrong_keys() -> list[str]:
    """Return which kinds of key (INDEX, FIELD) are not those that the database was written with."""
    if not marks.can_have_values():
        return []  # before the first migration
    kept = marks.values()
    wrong = missing_from(kept) if INDEX in kept else _contradicted()
    if not wrong or not backup.holdings():
        return []
    kinds = {INDEX if name == INDEX else FIELD for name in wrong}
    # A key that nothing needs any more was taken out on purpose.
    if FIELD in kinds and INDEX in kept and not sealed_values.look_at_all().unreadable:
        kinds.remove(FIELD)
    return sorted(kinds)


def _contradicted() -> list[str]:
    """Ask the rows themselves: do some values open, and do their indexes fit?"""
    opened, fitting, seen = 0, 0, 0
    for column in indexed_columns():
        for sealed, index in _sample(column):
            seen += 1
            with suppress(CannotOpen):
                value = open_file(sealed.encode()).decode()
                opened += 1
                fitting += blind_index(value, column.purpose) == index
    # One row may be damaged; all of them are not.
    if seen and not opened:
        return [FIELD]
    return [INDEX] if opened and not fitting else []


def _sample(column: IndexedColumn) -> list[tuple[str, str]]:
    meta = apps.get_model(column.model)._meta
    sql = (
        f'SELECT "{column.sealed}", "{column.index}" FROM "{meta.db_table}"'  # noqa: S608
        f" WHERE \"{column.index}\" <> '' AND \"{column.sealed}\" <> ''"
        f' ORDER BY "{meta.pk.column}" DESC LIMIT {SAMPLE}'
    )
    with row_security.as_owner():
        return [(row[0], row[1]) for row in raw_sql.run(sql, reason="were these keys used here")]


def keep() -> None:
    """Write down whose database this is and by which keys; wrong keys are not written down."""
    if not marks.can_have_values():
        return
    marks.name_the_installation()
    if wrong_keys():
        return
    kept, today = marks.values(), of_today()
    for name in missing_from(kept):
        if name != INDEX:
            marks.drop(name)
    for name, value in today.items():
        if kept.get(name) != value:
            marks.keep(name, value)


def refuse_wrong_keys() -> None:
    """Refuse to start with keys that the database was not written with, or where it moved away."""
    relocation.refuse_moved()
    if wrong := wrong_keys():
        raise refusal(wrong)
    # Only when there is something to write: another process may be writing for long.
    if not marks.can_have_values() or _are_noted(marks.values()):
        return
    # A disk that takes nothing more must not keep people from reading.
    with suppress(DatabaseError), transaction.atomic():
        keep()


def _are_noted(kept: dict[str, str]) -> bool:
    return of_today().items() <= kept.items() and not missing_from(kept)


def refusal(wrong: list[str]) -> Refused:
    """Return the words for keys that are not those of the database."""
    names = {INDEX: "LINLI_INDEX_KEY", FIELD: "LINLI_FIELD_KEYS"}
    which = "、".join(names[kind] for kind in wrong)
    harm = (
        "按证件号、电话会什么都找不到，导入会重复建人" if INDEX in wrong else "加密的个人信息打不开"
    )
    sentence = f"{which} 不是这个数据库原来用的密钥：{harm}"
    file = settings.DATA_DIR / "keys.json"
    where = f"{file} 里的" if settings.MODE != "production" else ""
    hint = (
        f"把原来的密钥放回{where} {which} 再启动；换过密钥的，旧的也要留在 LINLI_FIELD_KEYS 里。"
        "用 linli backup --with-keys 备份过的，原来的密钥在备份文件的 keys.json 里。"
    )
    return Refused("keys.not_of_this_database", sentence, which, hint)
