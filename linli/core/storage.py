"""Where the data lies has no room, or may not be written, or is busy: told in plain words.

Both databases and the file system say these in their own ways; here they become refusals, so that
every face lays them out as it lays out any other and a form keeps what was typed.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.logger import get_logger

log = get_logger(__name__)

FULL, READ_ONLY, BUSY, FAILING, AWAY = "full", "read_only", "busy", "failing", "away"
HARDLY_ANY = 1 << 20
# What the triggers of a database that moved away say (linli.core.database.relocation).
MOVED = "linli: this database has moved"
RETRY_SECONDS = 5
_ERRNO = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY}
# Primary codes of SQLite (the low byte): FULL, READONLY, BUSY, LOCKED, IOERR, CANTOPEN. The last
# two are also how a full disk shows where SQLite keeps its own small files.
_SQLITE = {13: FULL, 8: READ_ONLY, 5: BUSY, 6: BUSY, 10: FAILING, 14: ""}
# disk_full, read_only_sql_transaction, lock_not_available, deadlock_detected, query_canceled,
# too_many_connections, cannot_connect_now, admin_shutdown, crash_shutdown,
# idle_session_timeout, idle_in_transaction_session_timeout
_POSTGRESQL = {
    "53100": FULL,
    "25006": READ_ONLY,
    "55P03": BUSY,
    "40P01": BUSY,
    "57014": BUSY,
    "53300": BUSY,
    "57P03": AWAY,
    "57P01": AWAY,
    "57P02": AWAY,
    "57P05": AWAY,
    "25P03": AWAY,
}
# Of an address where nobody answers, and of a line that was cut, the driver has no code.
_CUT_OFF = "OperationalError"


class StorageRefused(Refused):
    """Nothing was stored, and it is not for what was typed: no room, not writable, or busy."""

    def __init__(self, what: str, sentence: str, hint: str, status: int) -> None:
        super().__init__(f"storage.{what}", sentence, hint=hint)
        self.what = what
        self.status = status
        if what in (BUSY, AWAY):
            self.retry_seconds = RETRY_SECONDS


def trouble_of(wrong: BaseException | None) -> str:
    """Return what is wrong with the storage behind an error: "full", "read_only", "busy" or ""."""
    # Django's own error hides the driver's, which has the code.
    for _depth in range(6):
        if wrong is None:
            return ""
        if trouble := _of_one(wrong):
            return trouble
        wrong = wrong.__cause__ or wrong.__context__
    return ""


def _of_one(wrong: BaseException) -> str:
    if isinstance(wrong, StorageRefused):
        return wrong.what
    if str(wrong) == MOVED:
        return READ_ONLY
    if isinstance(code := getattr(wrong, "sqlite_errorcode", None), int):
        primary = code & 0xFF
        return FULL if primary in (10, 14) and _is_full() else _SQLITE.get(primary, "")
    if isinstance(state := getattr(wrong, "sqlstate", None), str):
        return AWAY if state.startswith("08") else _POSTGRESQL.get(state, "")
    if type(wrong).__module__.startswith("psycopg") and _is_cut_off(wrong):
        return AWAY
    if isinstance(wrong, OSError) and wrong.errno:
        return _ERRNO.get(wrong.errno, "")
    return ""


def _is_cut_off(wrong: BaseException) -> bool:
    # The errors that an answer of the server brings have a code and are classes of their own.
    return type(wrong).__name__ == _CUT_OFF


def _is_full() -> bool:
    if connection.vendor != "sqlite":
        return False
    try:
        folder = Path(str(connection.settings_dict["NAME"])).parent
        return shutil.disk_usage(folder).free < HARDLY_ANY
    except OSError:
        return False


def refusal_for(wrong: BaseException) -> StorageRefused | None:
    """Return the refusal that says an error of the storage in plain words, or None for others."""
    if isinstance(wrong, StorageRefused):
        return wrong
    if isinstance(wrong, Refused) or not isinstance(wrong, DatabaseError | OSError):
        return None
    what = trouble_of(wrong)
    if what == FULL:
        return StorageRefused(
            what,
            _("服务器磁盘满了，这一步没有存下"),
            _("填的内容还在，请不要关闭页面，联系管理员清理磁盘后再提交。查看不受影响。"),
            507,
        )
    if what == READ_ONLY:
        return StorageRefused(
            what,
            _("数据库现在只能读，这一步没有存下"),
            _("填的内容还在，请联系管理员检查磁盘后再提交。查看不受影响。"),
            507,
        )
    if what == FAILING:
        return StorageRefused(
            what,
            _("磁盘读写出错，这一步没有存下"),
            _("填的内容还在，请不要关闭页面，联系管理员检查磁盘后再提交。"),
            507,
        )
    if what == BUSY:
        return StorageRefused(
            what, _("现在太忙，这一步没有存下"), _("填的内容还在，请过几秒再提交一次。"), 503
        )
    if what == AWAY:
        return StorageRefused(
            what,
            _("数据库正在重新启动或连不上"),
            _("填的内容还在，请过几秒再提交一次；一分钟还不行，请联系管理员。"),
            503,
        )
    return None


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turn an error of the storage inside the block into a refusal."""
    try:
        yield
    except (DatabaseError, OSError) as wrong:
        if refusal := refusal_for(wrong):
            raise refusal from wrong
        raise


@contextmanager
def unless_there_is_no_room() -> Iterator[None]:
    """Do a write that reading must not depend on: without room it is left undone, and logged."""
    try:
        with transaction.atomic():
            yield
    except (DatabaseError, OSError) as wrong:
        what = trouble_of(wrong)
        if not what:
            raise
        log.warning("a mark was not stored", why=what)
