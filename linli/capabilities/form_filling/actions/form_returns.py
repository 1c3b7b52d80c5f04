"""The filled form leaves: downloaded, handed in, accepted or returned; what went out is kept."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.form_filling import rules
from linli.capabilities.form_filling.actions.notify_fillers import ask_to_fill, decided, filled_in
from linli.capabilities.form_filling.actions.open_questions import is_collecting, stop_asking
from linli.capabilities.form_filling.answers.cells import (
    BY_HAND,
    COVERED,
    KNOWN,
    MISSING,
    at_a_glance,
    whose,
)
from linli.capabilities.form_filling.models import FormInstance, FormReturn
from linli.capabilities.form_filling.submissions.encrypted_rows import (
    EMPTY,
    empty_cells,
    rows_to_keep,
)
from linli.capabilities.form_filling.submissions.filled_file import FilledFile, filled
from linli.capabilities.form_filling.submissions.upload_check import (
    CompletedFile,
    emptied,
    looked_through,
)
from linli.capabilities.form_filling.terms import UNCOVERED, UNFINISHED, FormState
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.fields import PERSON
from linli.core.personal_data.crypto import keyring, open_file
from linli.core.scope import current_scope
from linli.register.people.models import Person
from linli.register.posts.models import User
from linli.register.posts.rules import Access
from linli.workbench.conditions.access import access_to
from linli.workbench.conditions.own_fields import dictionary
from linli.workbench.read_budget.actions import note_read
from linli.workbench.read_budget.exempt_records import leaving_in_a_file
from linli.workbench.read_budget.rules import ALONE_UP_TO

MOST_NAMED = 5


def may_take(*, form_instance: FormInstance, by: User | None) -> bool:
    """Whoever fills forms at this place."""
    return current_scope().role in rules.MAY_FILL


def may_decide(*, form_instance: FormInstance, by: User | None) -> bool:
    """The subdistrict decides on what communities hand in."""
    return current_scope().role in rules.MAY_ISSUE


def take_filled(*, form_instance: FormInstance, by: User) -> FilledFile:
    """Fill the form, then hand out the file."""
    if form_instance.state == FormState.READ:
        raise Refused("form.not_confirmed", _("请先确认栏目"))
    return take_made(form_instance=form_instance, made=filled(form_instance, by=by), by=by)


@action("form.take", term=gettext_noop("下载填好的表"), may=may_take, journal="form.taken")
def take_made(*, form_instance: FormInstance, made: FilledFile, by: User) -> FilledFile:
    """Hand out a filled file; whose covered values stand in it is in the journal."""
    people = whose(form_instance, (row.id for row in made.knowledge.rows))
    # A list that leaves counts against the day's people, unless a second person asked for it.
    with leaving_in_a_file(
        alone_up_to=ALONE_UP_TO,
        agreed=rules.is_asked_for(
            by=by.pk,
            distributed_by=form_instance.distribution.by_id if form_instance.distribution else None,
        ),
    ):
        note_read(people, within=form_instance)
    write_journal(
        "form.taken", about=form_instance, text=form_instance.title, data=made.counts, by=by
    )
    _say_who_was_uncovered(form_instance, made, by)
    return made


def _say_who_was_uncovered(form_instance: FormInstance, made: FilledFile, by: User | None) -> None:
    role, words, subject = current_scope().role, dictionary(), form_instance.subject
    if not rules.may_uncover(role=role, asked_by=form_instance.asked_by, basis=form_instance.basis):
        return
    keys = {
        key
        for heading in form_instance.headings
        for key in heading["fields"]
        if words.has(subject, key)
    }
    open_now = [
        words.field(subject, key).label
        for key in sorted(keys)
        if access_to(words.field(subject, key), role) is Access.MASKED
    ]
    if not open_now:
        return
    ids = [row.id for row in made.knowledge.rows] if subject == PERSON else []
    people = Person.objects.filter(pk__in=ids)
    text = _("%(title)s：%(fields)s，交%(asked_by)s，依据%(basis)s") % {
        "title": form_instance.title,
        "fields": "、".join(open_now),
        "asked_by": form_instance.asked_by,
        "basis": form_instance.basis,
    }
    write_journal(
        UNCOVERED,
        about=form_instance,
        also=list(people),
        text=text,
        data={"fields": open_now, "rows": len(made.knowledge.rows)},
        by=by,
    )


@dataclass(frozen=True)
class Upload:
    """A filled form that somebody completed by hand; ``is_meant`` though it looks like another."""

    data: bytes
    name: str
    is_meant: bool = False


@dataclass(frozen=True)
class ReadyToHandIn:
    """What is handed in, made and looked through: the file, its name, what is empty in it."""

    made: FilledFile
    data: bytes
    name: str
    empty: Sequence[int | None]
    by_hand: bool = False


def hand_in_form(
    *,
    form_instance: FormInstance,
    by: User,
    with_open_questions: bool = False,
    upload: Upload | None = None,
) -> FormReturn:
    """Fill the form and look through what was completed by hand, then hand it in.

    The file is the one the register fills, or the one a worker completed by hand.
    """
    _check_open(form_instance)
    ready = to_hand_in(form_instance, by, upload)
    return hand_in_filled(
        form_instance=form_instance, ready=ready, by=by, with_open_questions=with_open_questions
    )


def to_hand_in(
    form_instance: FormInstance, by: User, upload: Upload | None = None
) -> ReadyToHandIn:
    """Return what would be handed in; no transaction is open while it is made."""
    filled_file = filled(form_instance, by=by)
    empty = empty_cells(filled_file.knowledge.rows)
    if upload is None:
        return ReadyToHandIn(filled_file, filled_file.data, filled_file.name, empty)
    completed = _completed(form_instance, filled_file, upload)
    name = f"{Path(filled_file.name).stem}{completed.suffix}"
    return ReadyToHandIn(filled_file, upload.data, name, emptied(empty, completed), by_hand=True)


@action("form.hand_in", term=gettext_noop("上交"), may=may_take, journal="form.handed_in")
def hand_in_filled(
    *,
    form_instance: FormInstance,
    ready: ReadyToHandIn,
    by: User,
    with_open_questions: bool = False,
) -> FormReturn:
    """Hand the form in and keep the very file; empty cells only when that is meant."""
    _check_open(form_instance)
    filled_file = ready.made
    if not with_open_questions:
        _say_what_is_empty(form_instance, ready)
    form_return = _handed_in(form_instance, by)
    form_return.rows = rows_to_keep(filled_file.knowledge.rows)
    form_return.counts = {**filled_file.counts, EMPTY: list(ready.empty)}
    form_return.file_name, form_return.by_hand = ready.name[-200:], ready.by_hand
    form_return.file = keyring().encrypt(ready.data)
    form_return.save()
    filled_in(form_instance, by)
    data = {**filled_file.counts, "by_hand_file": form_return.by_hand}
    write_journal("form.handed_in", about=form_instance, text=form_instance.title, data=data, by=by)
    _say_who_was_uncovered(form_instance, filled_file, by)
    return form_return


def _check_open(form_instance: FormInstance) -> None:
    if form_instance.state not in (FormState.OPEN, FormState.SENT_BACK):
        words = {"state": form_instance.get_state_display()}
        raise Refused("form.closed", _("这张表“%(state)s”，不能上交") % words)


def _completed(form_instance: FormInstance, made: FilledFile, upload: Upload) -> CompletedFile:
    rows = len(made.knowledge.rows)
    completed = looked_through(upload.data, made.knowledge.form, rows)
    # Any other file with a table would else be handed in for this form.
    if completed.lost and not upload.is_meant:
        lost = {"names": "、".join(completed.lost[:MOST_NAMED]), "n": len(completed.lost)}
        raise Refused(
            "form.other_form",
            _("这份文件和原表对不上：少了%(n)d个栏目（%(names)s）") % lost,
            "is_meant",
            _("请换一份，或核对后勾选“就是这张表”"),
        )
    return completed


def _say_what_is_empty(form_instance: FormInstance, ready: ReadyToHandIn) -> None:
    counts = ready.made.counts
    if ready.by_hand:
        left = sum(filter(None, ready.empty))
        parts = [(left, _("%(n)d格空着"))]
    else:
        left = counts[MISSING] + counts[BY_HAND] + counts[COVERED]
        parts = [
            (counts[MISSING], _("%(n)d格没有填")),
            (counts[BY_HAND], _("%(n)d格要手填")),
            (counts[COVERED], _("%(n)d格不显示")),
        ]
    if left or is_collecting(form_instance):
        empty_words = "、".join(words % {"n": n} for n, words in parts if n) or _("有缺项还在问")
        raise Refused(
            "form.blanks",
            _("还有：%(what)s") % {"what": empty_words},
            "with_open_questions",
            _("可以派人去问，或下载填好再传上来；就这样交就勾选“留空上交”"),
        )


def _handed_in(form_instance: FormInstance, by: User) -> FormReturn:
    """Close the form for everybody else and begin its archive."""
    unfinished = FormInstance.objects.filter(pk=form_instance.pk, state__in=UNFINISHED)
    if unfinished.exclude(changed_at=form_instance.changed_at).exists():
        # It was filled as it stood before: what goes out must be what it says now.
        raise Refused("form.changed", _("这张表刚刚改过"), hint=_("刷新后再看"))
    changed = unfinished.update(
        state=FormState.HANDED_IN,
        sent_back_words="",
        answers_itself=False,
        changed_at=timezone.now(),
    )
    if not changed:
        raise Refused("form.closed", _("这张表刚刚已经上交"))
    stop_asking(form_instance, by)
    form_instance.refresh_from_db()
    return FormReturn(form_instance=form_instance, scope_path=form_instance.scope_path, by=by)


def answer_by_itself(*, form_instance: FormInstance, by: User) -> FormReturn | None:
    """Fill a form that its place need not fill, where enough is known; then hand it in or ask."""
    # Counted first, cheaply: the file is filled only where enough is known.
    counts, ready = at_a_glance(form_instance).counts, None
    if rules.is_answered_without_asking(
        known=counts[KNOWN],
        missing=counts[MISSING],
        by_hand=counts[BY_HAND],
        covered=counts[COVERED],
    ):
        with contextlib.suppress(Refused):
            ready = to_hand_in(form_instance, by)
    return answer_with_filled(form_instance=form_instance, counts=counts, ready=ready, by=by)


@action(
    "form.answer_by_itself",
    term=gettext_noop("由底册直接答复"),
    may=may_decide,
    journal="form.answered_by_itself",
)
def answer_with_filled(
    *, form_instance: FormInstance, counts: Mapping[str, int], ready: ReadyToHandIn | None, by: User
) -> FormReturn | None:
    """Hand a form in for a place that need not fill it; what turns out unknown goes to the place.

    Nothing that is left to the pen or covered ever goes out this way.
    """
    form_return = None
    if ready is not None:
        with contextlib.suppress(Refused):
            form_return = hand_in_filled(
                form_instance=form_instance, ready=ready, by=by, with_open_questions=True
            )
    if form_return is None:
        # Once and not again every few minutes: from here on it is its place's to fill.
        FormInstance.objects.filter(pk=form_instance.pk).update(answers_itself=False)
        form_instance.refresh_from_db()
        if form_instance.state == FormState.OPEN:
            ask_to_fill(form_instance, by)
    data = {**counts, "handed_in": form_return is not None}
    write_journal(
        "form.answered_by_itself", about=form_instance, text=form_instance.title, data=data, by=by
    )
    return form_return


@action("form.accept", term=gettext_noop("收下"), may=may_decide, journal="form.accepted")
def accept_form(*, form_instance: FormInstance, by: User) -> FormInstance:
    """Accept what was handed in."""
    _decide(form_instance, FormState.ACCEPTED, "", by)
    write_journal("form.accepted", about=form_instance, text=form_instance.title, by=by)
    return form_instance


@action("form.return", term=gettext_noop("退回重填"), may=may_decide, journal="form.returned")
def send_back_form(*, form_instance: FormInstance, reason: str, by: User) -> FormInstance:
    """Send a form back with the reason; what was handed in stays in the archive."""
    why = reason.strip()
    if len(why) < rules.SHORTEST_WORDS:
        raise Refused("form.reason", _("请写明退回原因，至少4个字"), "reason")
    _decide(form_instance, FormState.SENT_BACK, why[: rules.LONGEST_WORDS], by)
    # A form of one's own has no other post to hear of it.
    if form_instance.distribution_id is not None:
        ask_to_fill(form_instance, by, why=why[: rules.LONGEST_WORDS])
    write_journal("form.returned", about=form_instance, text=why, by=by)
    return form_instance


def _decide(form_instance: FormInstance, state: FormState, words: str, by: User) -> None:
    changed = FormInstance.objects.filter(pk=form_instance.pk, state=FormState.HANDED_IN).update(
        state=state, sent_back_words=words, changed_at=timezone.now()
    )
    form_instance.refresh_from_db()
    if not changed:
        told = {"state": form_instance.get_state_display()}
        raise Refused("form.decided", _("这张表现在“%(state)s”") % told, hint=_("刷新后再看"))
    decided(form_instance, by)


@action("form.open", term=gettext_noop("打开上交件"), may=may_take, journal="form.opened")
def open_form_return(*, form_instance: FormInstance, form_return: FormReturn, by: User) -> bytes:
    """Give out the archived file as it was handed in."""
    if not form_return.file:
        raise Refused("form.forgotten", _("里面有人的信息已到期，文件已按期删除"))
    # Only the receiver's look counts: the year's report names what nobody of them opened.
    if form_return.opened_at is None and current_scope().role in rules.MAY_ISSUE:
        form_return.opened_at = timezone.now()
        form_return.save(update_fields=["opened_at"])
    write_journal("form.opened", about=form_instance, text=form_return.file_name, by=by)
    return open_file(form_return.file)
