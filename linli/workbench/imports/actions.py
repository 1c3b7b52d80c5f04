"""What people do with spreadsheets: bring one, choose its columns, import it, take it back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import NotFound, Refused
from linli.core.personal_data.crypto import encrypt
from linli.core.scope import current_scope, system_scope
from linli.core.time import today
from linli.register.people.bulk import apply_rows, blocked, undo_rows
from linli.register.places.bulk import plant
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.register.posts.rules import MAY_IMPORT
from linli.workbench.imports import dwelling_changes, list_traces, own_values, plan, undo_outlook
from linli.workbench.imports.departures import propose_departures, withdraw_departures
from linli.workbench.imports.encrypted_rows import encode_row, sealed_file
from linli.workbench.imports.models import Batch, ExplainedWord, ImportRow
from linli.workbench.imports.parsed_row import Draft
from linli.workbench.imports.queries import is_stopped, rows_of
from linli.workbench.imports.rules import purge_on
from linli.workbench.imports.terms import ImportState, ImportSubject, RowFate

AT_ONCE = 500
imports = role_in(MAY_IMPORT)


def _own_place() -> str:
    """Return the place an import belongs to: the active post's own."""
    paths = current_scope().paths
    if not paths:
        raise NotFound()
    return paths[0]


@action("imports.bring", term=gettext_noop("上传表格"), may=imports, journal="imports.brought")
def bring_file(
    *,
    data: bytes,
    name: str,
    subject: str,
    sheets: Sequence[str],
    sheet: int,
    source: str,
    confirmed_on: date,
    by: User,
) -> Batch:
    """Keep a spreadsheet that could be read, sealed and for a limited time."""
    if confirmed_on > today():
        raise Refused("imports.future", _("信息日期在将来"), "confirmed_on")
    batch = Batch(
        subject=ImportSubject(subject),
        # The end of a long name holds its ending.
        file_name=name[-200:],
        file_size=len(data),
        file=sealed_file(data),
        purge_on=purge_on(brought_on=today()),
        sheet=sheet,
        sheets=list(sheets),
        source=source,
        confirmed_on=confirmed_on,
        by=by,
        scope_path=_own_place(),
    )
    batch.save()
    write_journal("imports.brought", about=batch, text=batch.file_name, by=by)
    return batch


@action(
    "imports.choose_columns",
    term=gettext_noop("核对导入的列"),
    may=imports,
    journal="imports.columns_chosen",
)
def choose_columns(
    *,
    batch: Batch,
    columns: Mapping[str, str],
    sheet: int,
    fill_down: bool,
    make_dwellings: bool,
    by: User,
) -> Batch:
    """Say what the columns of a spreadsheet are; the preview follows."""
    chosen = [key for key in columns.values() if key]
    doubled = next((key for key in chosen if chosen.count(key) > 1), None)
    if doubled:
        raise Refused("imports.doubled", _("有两列选了同一项，请只留一列"), doubled)
    _claim(batch, [ImportState.READ, ImportState.PREVIEWED], ImportState.PREVIEWING)
    batch.columns, batch.sheet = {k: v for k, v in columns.items() if v}, sheet
    batch.fill_down, batch.make_dwellings = fill_down, make_dwellings
    batch.save(update_fields=["columns", "sheet", "fill_down", "make_dwellings"])
    write_journal("imports.columns_chosen", about=batch, by=by, data={"columns": len(chosen)})
    return batch


@action(
    "imports.explain_words",
    term=gettext_noop("说明表格里的词"),
    may=imports,
    journal="imports.words_explained",
)
def explain_words(*, batch: Batch, means: Mapping[tuple[str, str], str], by: User) -> Batch:
    """Say once what words of a list mean; every list of the subdistrict knows them from now on."""
    if not means:
        raise Refused("imports.no_words", _("请至少选一个词的意思"))
    root = f"{batch.scope_path.split('/', 1)[0]}/"
    with system_scope("a word that is explained is known in the whole subdistrict"):
        for (key, word), value in means.items():
            ExplainedWord.objects.update_or_create(
                scope_path=root, key=key, word=word, defaults={"value": value, "by": by}
            )
    write_journal("imports.words_explained", about=batch, by=by, data={"words": len(means)})
    return batch


@action(
    "imports.keep_preview",
    term=gettext_noop("保存导入预览"),
    may=imports,
    journal="imports.previewed",
)
def keep_preview(*, batch: Batch, drafts: Sequence[Draft], by: User) -> Batch:
    """Keep the fate of every row, sealed, in place of an earlier preview."""
    _take(batch, ImportState.PREVIEWING, ImportState.PREVIEWED)
    ImportRow.objects.filter(batch=batch).delete()
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                batch=batch,
                number=draft.number,
                fate=draft.fate,
                has_doubt=bool(draft.doubts),
                told=encode_row(draft.told()),
                subject_id=draft.subject_id,
                scope_path=batch.scope_path,
            )
            for draft in drafts
        ),
        batch_size=AT_ONCE,
    )
    batch.counts = {fate: sum(draft.fate == fate for draft in drafts) for fate in RowFate.values}
    batch.counts["doubts"] = sum(bool(draft.doubts) for draft in drafts)
    batch.counts["words"] = len({(d.key, d.word) for one in drafts for d in one.doubted if d.word})
    batch.counts["missing"] = len({one.missing for one in drafts if one.missing})
    batch.counts["gone"] = sum(bool(one.gone and one.subject_id) for one in drafts)
    batch.error_text = ""
    batch.save(update_fields=["counts", "error_text"])
    write_journal("imports.previewed", about=batch, by=by, data=dict(batch.counts))
    return batch


@action("imports.begin", term=gettext_noop("开始导入"), may=imports, journal="imports.begun")
def begin(*, batch: Batch, by: User) -> Batch:
    """Begin to import: whoever begins first is the only one."""
    if not batch.count(RowFate.NEW) + batch.count(RowFate.CHANGED) + batch.count("gone"):
        raise Refused("imports.nothing", _("没有可以导入的行"), hint=_("请更正表格后重新上传"))
    _claim(batch, [ImportState.PREVIEWED], ImportState.APPLYING)
    write_journal("imports.begun", about=batch, by=by)
    return batch


def _claim(batch: Batch, states: Sequence[str], to: str) -> None:
    """Change the state in one statement: the first one wins; a silent run can be replaced."""
    now = timezone.now()
    free = Q(state__in=states) | _interrupted(batch, to)
    claim = secrets.token_urlsafe(12)
    won = Batch.objects.filter(free, pk=batch.pk).update(state=to, claim=claim, claimed_at=now)
    if not won:
        raise Refused(
            "imports.not_now", _("这张表格正在处理，或已经处理完了"), hint=_("请刷新页面查看进度")
        )
    batch.refresh_from_db()


def _interrupted(batch: Batch, *states: str) -> Q:
    """Return what is true of an import that stopped in the very run that was looked at."""
    batch.refresh_from_db(fields=["claim", "claimed_at"])
    if not is_stopped(batch):
        return Q(pk__in=[])
    return Q(state__in=states, claim=batch.claim)


def _take(batch: Batch, state: str, to: str) -> None:
    """End a run that still holds its claim; a replaced one writes nothing."""
    held = Batch.objects.filter(pk=batch.pk, state=state, claim=batch.claim)
    if not held.update(state=to, claim="", claimed_at=None):
        raise Refused("imports.not_now", _("这次处理已被另一次代替，没有写入"))
    batch.state = to


@action("imports.apply", term=gettext_noop("导入表格"), may=imports, journal="imports.applied")
def apply_batch(*, batch: Batch, by: User) -> Batch:
    """Import every row that can be, all of them or none."""
    # Before anything is written, so that a run that was replaced ends here.
    _take(batch, ImportState.APPLYING, ImportState.APPLIED)
    rows = plan.rows_to_apply(
        rows_of(batch, [RowFate.NEW, RowFate.CHANGED]).iterator(chunk_size=2000)
    )
    stamp = {"source": batch.source, "confirmed_on": batch.confirmed_on}
    new_places, keys = _make_places(rows, stamp)
    undo: dict[str, Any] = {"places": keys}
    written: list_traces.Names = {}
    if batch.subject == ImportSubject.PERSON:
        there = plan.places_of(rows)
        applied = apply_rows(
            new=plan.new_rows(rows, there, new_places),
            changed=plan.changed_rows(rows, there, new_places),
            source=batch.source,
            confirmed_on=batch.confirmed_on,
            by=by,
            what=batch.file_name,
        )
        undo["people"] = applied.undo
        batch.counts = {**batch.counts, "awaiting_head": applied.awaiting_head}
        written = {record: list(facts) for record, facts in applied.written.items()}
        # What cannot be undone is told by its row, which is what the sheet shows.
        undo["rows"] = {person: row for row, person in applied.created.items()}
        undo["rows"] |= {row.subject_id: row.number for row in rows if row.fate == RowFate.CHANGED}
    else:
        undo["dwellings"] = dwelling_changes.change(
            rows, source=batch.source, confirmed_on=batch.confirmed_on
        )
    propose_departures(batch, by)
    undo["own"] = own_values.write(
        _own_rows(batch, rows, new_places, undo), batch.subject, on=batch.confirmed_on, by=by
    )
    _keep_trace(batch, written, undo)
    batch.undo, batch.applied_at = encrypt(json.dumps(undo)), timezone.now()
    batch.save(update_fields=["undo", "applied_at", "counts"])
    write_journal(
        "imports.applied",
        about=batch,
        text=batch.file_name,
        by=by,
        data={**batch.counts, "places": len(keys)},
    )
    return batch


def _keep_trace(batch: Batch, written: list_traces.Names, undo: Mapping[str, Any]) -> None:
    told = plan.rows_to_apply(
        rows_of(batch, [RowFate.NEW, RowFate.CHANGED, RowFate.UNCHANGED]).iterator(chunk_size=2000)
    )
    list_traces.keep(
        page=undo_outlook.PAGE,
        link=batch.link,
        label=batch.file_name,
        written=list_traces.names([*written.items(), *undo_outlook.written(batch, undo)]),
        named=list_traces.names(undo_outlook.named(batch, told)),
        purge_on=batch.purge_on,
        scope_path=batch.scope_path,
    )


def _own_rows(
    batch: Batch,
    rows: Sequence[plan.PlannedRow],
    new_places: Mapping[tuple[int, plan.Chain], Place],
    undo: Mapping[str, Any],
) -> list[tuple[int, int, Mapping[str, Any]]]:
    """Return row, subject and the office's own facts of every row that has some."""
    new = {row: person for person, row in undo.get("rows", {}).items()}
    own_rows = []
    for row in rows:
        own = row.told.get("own") or {}
        if own and batch.subject == ImportSubject.PERSON:
            own_rows.append((row.number, row.subject_id or new[row.number], own))
        elif own:
            home = new_places.get((row.told["parent"], row.chain))
            own_rows.append((row.number, row.subject_id or (home.pk if home else 0), own))
    return own_rows


def _make_places(
    rows: Sequence[plan.PlannedRow], stamp: Mapping[str, Any]
) -> tuple[dict[tuple[int, plan.Chain], Place], list[int]]:
    """Make the places that rows need; return them by parent and chain, and their keys."""
    new_places: dict[tuple[int, plan.Chain], Place] = {}
    keys: list[int] = []
    wanted = [row for row in rows if row.fate == RowFate.NEW or row.told["moves"]]
    grown = plan.branches(wanted, stamp)
    parents = Place.objects.in_bulk(list(grown))
    for pk, branch in grown.items():
        # Ended, or out of scope, since the preview.
        if pk not in parents:
            raise NotFound()
        chains: dict[int, plan.Chain] = {pk: ()}
        for _spec, place in plant(parents[pk], branch.specs()).places:
            chains[place.pk] = (*chains[place.parent_id or pk], (place.kind, place.name))
            new_places[pk, chains[place.pk]] = place
            keys.append(place.pk)
    return new_places, keys


@action("imports.stop", term=gettext_noop("中止导入"), may=imports, journal="imports.stopped")
def stop(*, batch: Batch, error_text: str, by: User) -> Batch:
    """Say why a run ended without writing anything; it can begin again."""
    earlier = ImportState.READ if batch.state == ImportState.PREVIEWING else ImportState.PREVIEWED
    _take(batch, batch.state, earlier)
    batch.error_text = error_text[:300]
    batch.save(update_fields=["error_text"])
    write_journal("imports.stopped", about=batch, text=batch.error_text, by=by)
    return batch


@action("imports.undo", term=gettext_noop("撤销整张表格"), may=imports, journal="imports.undone")
def undo_batch(*, batch: Batch, by: User) -> Batch:
    """Restore what was before an import, all of it; refuse while later changes rest on it."""
    if not Batch.objects.filter(pk=batch.pk, state=ImportState.APPLIED).update(
        state=ImportState.UNDONE
    ):
        raise Refused("imports.not_applied", _("这张表格没有导入，或已经撤销"))
    if not batch.undo:
        raise Refused("imports.purged", _("撤销所需的原值已过保存期限，不能撤销"))
    outlook = undo_outlook.outlook_of(batch)
    if outlook.count:
        raise blocked(outlook.count)
    memory = undo_outlook.memory_of(batch)
    own_values.put_back(memory.get("own", []), batch.subject)
    if memory.get("people"):
        undo_rows(undo=memory["people"], by=by)
    if memory.get("dwellings"):
        dwelling_changes.put_back(memory["dwellings"])
    withdraw_departures(batch, by)
    # Places last: they can only go when nobody lives in them any more.
    dwelling_changes.remove_places(memory["places"])
    list_traces.forget(page=undo_outlook.PAGE, link=batch.link)
    batch.state, batch.undone_at, batch.undo = ImportState.UNDONE, timezone.now(), ""
    batch.save(update_fields=["undone_at", "undo"])
    write_journal(
        "imports.undone",
        about=batch,
        text=batch.file_name,
        by=by,
        data={
            "removed": outlook.people.removed,
            "restored": outlook.people.restored,
            "places": len(memory["places"]),
        },
    )
    return batch


@action("imports.drop", term=gettext_noop("放弃导入"), may=imports, journal="imports.dropped")
def drop_batch(*, batch: Batch, by: User) -> Batch:
    """Give up an import that was not applied; its file and preview are deleted."""
    waiting = Q(state__in=[ImportState.READ, ImportState.PREVIEWED])
    stale = _interrupted(batch, ImportState.PREVIEWING, ImportState.APPLYING)
    if not Batch.objects.filter(waiting | stale, pk=batch.pk).update(
        state=ImportState.DROPPED, file=b"", claim=""
    ):
        raise Refused("imports.not_now", _("这张表格正在处理，或已经处理完了"))
    ImportRow.objects.filter(batch=batch).delete()
    write_journal("imports.dropped", about=batch, text=batch.file_name, by=by)
    return batch


@action("imports.purge", term=gettext_noop("清理过期表格"), may=imports, journal="imports.purged")
def purge(*, by: User | None) -> int:
    """Delete files, rows and former values that are past their day."""
    past = Batch.objects.filter(purge_on__lte=today()).exclude(file=b"", undo="")
    keys = list(past.values_list("pk", flat=True))
    list_traces.purge()
    ImportRow.objects.filter(batch_id__in=keys).delete()
    Batch.objects.filter(pk__in=keys).update(file=b"", undo="")
    paths = current_scope().paths
    write_journal(
        "imports.purged", by=by, data={"files": len(keys)}, scope_path=paths[0] if paths else ""
    )
    return len(keys)
