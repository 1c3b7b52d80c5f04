"""The long work of an import: previewing and applying, while somebody waits or by itself."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, Thread

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import translation
from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.logger import get_logger
from linli.core.runtime.liveness import holding
from linli.core.scope import Scope, current_scope, use_scope
from linli.core.storage import FULL, StorageRefused, trouble_of
from linli.register.people.provenance import Stamp
from linli.register.posts.models import User
from linli.workbench.imports import actions, dwelling_rows, own_values, people_rows, queries
from linli.workbench.imports.column_recognition import Words, words_of
from linli.workbench.imports.encrypted_rows import opened_file
from linli.workbench.imports.headings import SheetTable, table_of
from linli.workbench.imports.models import Batch
from linli.workbench.imports.parsed_row import Draft, FactColumns
from linli.workbench.imports.reading import SheetAsRead, UnreadableFile, read_file
from linli.workbench.imports.rules import ROWS_WHILE_WAITING
from linli.workbench.imports.terms import ImportSubject
from linli.workbench.imports.unknown_words import explained_words

log = get_logger(__name__)
# SQLite says it in words, PostgreSQL by a code of its own.
_FULL = ("disk is full", "disk full", "no space left", "could not extend file")


@dataclass(frozen=True)
class HowFar:
    """How far a run has come, as this process knows it."""

    done: int
    of: int


_how_far: dict[int, HowFar] = {}
_lock = Lock()


def how_far(batch: Batch) -> HowFar | None:
    """Return how far the run of an import is; None when another process runs it."""
    with _lock:
        return _how_far.get(batch.pk)


def _tell(batch: Batch) -> Callable[[int, int], None]:
    def tell(done: int, of: int) -> None:
        with _lock:
            _how_far[batch.pk] = HowFar(done, of)

    return tell


def sheet_of(batch: Batch, sheet: int | None = None) -> SheetAsRead:
    """Read the kept file again."""
    data = opened_file(queries.file_of(batch))
    if not data:
        raise Refused("imports.purged", _("文件已过保存期限，请重新上传"))
    read = read_file(data, batch.file_name, sheet=batch.sheet if sheet is None else sheet)
    if isinstance(read, UnreadableFile):
        raise Refused(f"imports.{read.code}", read.sentence, "file", read.hint)
    return read


def words_for(batch: Batch) -> Words:
    """Return the words for the columns of an import, the office's own facts with them."""
    return words_of(batch.subject, own_values.fields_of(batch.subject).values())


def table_in(batch: Batch, sheet: SheetAsRead, words: Words) -> SheetTable:
    """Return the table of a sheet, or refuse."""
    table = table_of(sheet, words.knows, fill_down=batch.fill_down)
    if table is None or not table.rows:
        raise Refused(
            "imports.no_table",
            _("没有找到表头和数据"),
            "file",
            _("请让第一行是列名，例如姓名、身份证号码、住址"),
        )
    return table


def preview(batch: Batch, by: User) -> None:
    """Decide the fate of every row and keep it."""
    words = words_for(batch)
    table = table_in(batch, sheet_of(batch), words)
    actions.keep_preview(batch=batch, drafts=drafts_of(batch, table, words, by), by=by)


def drafts_of(batch: Batch, table: SheetTable, words: Words, by: User) -> list[Draft]:
    """Return what would become of every row; nothing is written."""
    columns = FactColumns(batch.column_of, words.targets, explained_words())
    if batch.subject == ImportSubject.PERSON:
        return people_rows.previewed(
            table.rows,
            columns,
            offered=Stamp(batch.source, batch.confirmed_on, by.pk),
            make_dwellings=batch.make_dwellings,
            progress=_tell(batch),
        )
    return dwelling_rows.previewed(
        table.rows,
        columns,
        offered_on=batch.confirmed_on,
        make_dwellings=batch.make_dwellings,
        progress=_tell(batch),
    )


def apply(batch: Batch, by: User) -> None:
    """Import, all or nothing."""
    actions.apply_batch(batch=batch, by=by)


def run(work: Callable[[Batch, User], None], batch: Batch, by: User, rows: int) -> None:
    """Do the work now when it is short; else let it go on while the page shows how far it is."""
    # A thread has a connection of its own and would not see what a test has not committed.
    if rows <= ROWS_WHILE_WAITING or settings.TESTING:
        finish(work, batch, by)
        return
    # Context variables do not follow into a thread.
    scope, language = current_scope(), translation.get_language()
    thread = Thread(
        target=_alone, args=(work, batch, by, scope, language), name=f"import-{batch.pk}"
    )
    thread.start()


def _alone(
    work: Callable[[Batch, User], None], batch: Batch, by: User, scope: Scope, language: str
) -> None:
    try:
        # `finish` has put a refusal on the batch already; here nobody waits for it.
        with use_scope(scope), translation.override(language), suppress(Refused):
            finish(work, batch, by)
    finally:
        # Django closes connections when a request ends, and a thread has none.
        connection.close()


def finish(work: Callable[[Batch, User], None], batch: Batch, by: User) -> None:
    """Do the work; whatever goes wrong, nothing is half done and the batch says why."""
    try:
        # By this lock pages see that the run is alive (decision 0025).
        with holding(queries.RUN, batch.pk):
            work(batch, by)
    except StorageRefused as wrong:
        in_words = _in_words(wrong)
        _stop(batch, f"{in_words.sentence} {in_words.hint}".strip(), by)
        raise in_words from wrong
    except Refused as refused:
        _stop(batch, f"{refused.sentence} {refused.hint}".strip(), by)
        raise
    except (OSError, DatabaseError, MemoryError) as wrong:
        in_words = _in_words(wrong)
        log.warning("import stopped", batch=batch.pk, why=type(wrong).__name__)
        _stop(batch, f"{in_words.sentence} {in_words.hint}".strip(), by)
        raise in_words from wrong
    finally:
        with _lock:
            _how_far.pop(batch.pk, None)


def _stop(batch: Batch, error_text: str, by: User) -> None:
    # On a full disk even this may fail: then the run ends by its silence.
    with suppress(Refused, OSError, DatabaseError):
        actions.stop(batch=queries.batch_or_not_found(batch.link), error_text=error_text, by=by)


def _in_words(wrong: BaseException) -> Refused:
    text = str(wrong).lower()
    if trouble_of(wrong) == FULL or any(words in text for words in _FULL):
        return Refused(
            "imports.no_room",
            _("服务器磁盘已满，没有导入任何内容"),
            hint=_("请联系管理员清理磁盘后再导入；文件和预览都还在"),
        )
    if isinstance(wrong, MemoryError):
        return Refused("imports.no_memory", _("服务器内存不足，没有导入任何内容"))
    return Refused(
        "imports.failed", _("导入中断，没有导入任何内容"), hint=_("请稍后再试；仍不行请联系管理员")
    )


def said_in_words(work: Callable[[], Batch]) -> Batch:
    """Do something short; a full disk and its kin become a refusal in words."""
    try:
        return work()
    except (OSError, DatabaseError, MemoryError, StorageRefused) as wrong:
        raise _in_words(wrong) from wrong
