"""Every case gets an answer."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class CasesConfig(AppConfig):
    """Cases: taken in, handed out, answered, and closed by whoever reported them."""

    name = "linli.capabilities.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        """Register the kind of task, records, pages, and what happens by itself."""
        from linli.capabilities.cases import endings, retention
        from linli.capabilities.cases.rules import USUAL_ROLE
        from linli.capabilities.cases.terms import ANSWER, DISPATCH, HANDLE
        from linli.core.endings import KINDS
        from linli.workbench.tasks.kinds import (
            ends_on_page,
            on_task,
            register_task_kind,
            stands_on_page,
        )

        register_task_kind(
            HANDLE,
            term=gettext_noop("办件"),
            role=USUAL_ROLE,
            working_days=5,
            weight=40,
            url_name="cases:case",
            refusal_goes_back=True,
            outlives=KINDS,
        )
        on_task(HANDLE, "linli.capabilities.cases.actions.handling.hear_of_task")
        ends_on_page(HANDLE, "linli.capabilities.cases.queries.case_status.page_of_task")
        for kind in (HANDLE, DISPATCH, ANSWER):
            stands_on_page(kind, "linli.capabilities.cases.queries.case_status.where_they_stand")
        _register_state_tasks()
        retention.declare_tables()
        endings.declare_tables()
        _begin_with_categories()
        _register_records()
        _join_the_shell()
        _register_pages()
        _register_bulk()
        _register_jobs()
        _tell_programs()


def _register_state_tasks() -> None:
    """Name the tasks that a state of a case asks for, and say of every state who acts."""
    from linli.capabilities.cases import rules
    from linli.capabilities.cases.terms import ANSWER, DISPATCH
    from linli.workbench.tasks.kinds import register_task_kind

    for key, term, days in (
        (DISPATCH, gettext_noop("分派办件"), rules.DISPATCH_WITHIN_DAYS),
        (ANSWER, gettext_noop("答复办件"), rules.ANSWER_WITHIN_DAYS),
    ):
        register_task_kind(
            key,
            term=term,
            role=rules.USUAL_ROLE,
            working_days=days,
            weight=45,
            url_name="cases:case",
            ends_with_subject=True,
        )


def _begin_with_categories() -> None:
    """Give a new subdistrict the shipped taxonomy: suggestions and Open311 live on it."""
    from linli.core.interface.registry import register_set_up
    from linli.core.words import register_words

    register_words("linli.workbench.text_analysis.category_model.shipped_names")
    register_set_up("cases.categories", "linli.capabilities.cases.actions.load_taxonomy")


def _register_records() -> None:
    """Say where a case's page is, and put open cases on the pages of places and people."""
    from linli.core.interface.registry import (
        register_record,
        register_record_block,
        register_router,
    )
    from linli.workbench.journal.queries import register_hidden, register_look

    register_record(
        "cases.case",
        url_name="cases:case",
        find="linli.capabilities.cases.queries.case_or_not_found",
    )
    register_hidden("cases.case", "linli.capabilities.cases.queries.hidden_cases")
    register_look("case.phone_shown")
    for label in ("places.place", "people.person"):
        register_record_block(
            f"cases.{label}",
            label=label,
            template="cases/block.html",
            build="linli.capabilities.cases.blocks.open_matters",
            order=30,
        )
    register_router("/cases", router="linli.capabilities.cases.api.router")
    _register_on_home()


def _register_on_home() -> None:
    """Put what waits on 今日, the numbers into the matrix of places, the first verb of ＋记."""
    from linli.capabilities.cases import rules
    from linli.core.interface.registry import register_home_block
    from linli.core.interface.shell import (
        register_place_figure,
        register_public_entry,
        register_quick_verb,
    )
    from linli.register.posts.permits import role_in

    register_home_block(
        "cases.waiting",
        template="cases/waiting.html",
        build="linli.capabilities.cases.blocks.waiting",
        roles=frozenset({"secretary"}),
        order=10,
    )
    register_public_entry(
        "cases.report",
        label=_("我要报事"),
        icon="message-circle",
        url_name="cases:report",
        order=10,
    )
    register_public_entry(
        "cases.track", label=_("查我的事"), icon="search", url_name="cases:track", order=20
    )
    register_quick_verb(
        "cases.take",
        label=_("报一件事"),
        icon="message-circle",
        url_name="cases:take",
        may=role_in(rules.TAKES_CASES).holds,
        order=10,
    )
    dispatches = role_in(rules.DISPATCHES).holds
    register_place_figure(
        "cases.open",
        label=_("未结"),
        count="linli.capabilities.cases.place_figures.count_open",
        href="linli.capabilities.cases.place_figures.open_href",
        may=dispatches,
        order=10,
    )
    register_place_figure(
        "cases.late",
        label=_("逾期"),
        count="linli.capabilities.cases.place_figures.count_late",
        href="linli.capabilities.cases.place_figures.late_href",
        may=dispatches,
        order=11,
    )
    register_place_figure(
        "cases.to_answer",
        label=_("待答复"),
        count="linli.capabilities.cases.place_figures.count_to_answer",
        href="linli.capabilities.cases.place_figures.to_answer_href",
        may=dispatches,
        order=12,
    )


def _register_pages() -> None:
    """Put cases and the station's board under 今日."""
    from linli.capabilities.cases import rules
    from linli.core.interface.registry import register_page
    from linli.register.posts.permits import role_in

    register_page(
        "cases.all",
        label=_("办件"),
        icon="messages",
        url_name="cases:all",
        group="affairs",
        note=_("居民的事，件件有回音"),
        may=role_in(rules.TAKES_CASES).holds,
        order=20,
    )
    register_page(
        "cases.board",
        label=_("联勤联动"),
        icon="layout-board",
        url_name="cases:board",
        group="affairs",
        note=_("未办、逾期、等谁、待确认"),
        may=role_in(rules.DISPATCHES).holds,
        order=21,
    )


def _register_bulk() -> None:
    """Say what is done to many cases of the list."""
    from linli.core.interface.bulk import register_bulk, register_bulk_list
    from linli.register.posts.permits import role_in
    from linli.workbench.tasks.rules import MAY_DISPATCH

    dispatches = role_in(MAY_DISPATCH).holds
    register_bulk_list(
        "cases.all",
        url_name="cases:all",
        find="linli.capabilities.cases.bulk_verbs.rows",
        found="linli.capabilities.cases.bulk_verbs.found",
    )
    register_bulk(
        "cases.all",
        "hand-over",
        label=_("转办"),
        icon="transfer",
        run="linli.capabilities.cases.bulk_verbs.hand_over",
        form="linli.capabilities.cases.bulk_verbs.hand_over_form",
        may=dispatches,
        note=_("期限不变"),
        order=10,
    )
    register_bulk(
        "cases.all",
        "remind",
        label=_("催办"),
        icon="bell",
        run="linli.capabilities.cases.bulk_verbs.remind",
        may=dispatches,
        note=_("给办的人发一条提醒；一件一天只催一次"),
        order=20,
    )


def _register_jobs() -> None:
    """Close what nobody confirmed, and forget reporters whose time is over."""
    from linli.core.jobs import register_job

    register_job(
        "cases.forget_reporters",
        term=gettext_noop("反映人到期清空"),
        run="linli.capabilities.cases.actions.forget_old_reporters",
        every=timedelta(days=1),
    )
    register_job(
        "cases.raise_dangers",
        term=gettext_noop("危险没人接就上报"),
        run="linli.capabilities.cases.actions.raise_dangers",
        every=timedelta(minutes=1),
    )
    register_job(
        "cases.open_missing_tasks",
        term=gettext_noop("办件补开待办"),
        run="linli.capabilities.cases.actions.open_missing_tasks",
        every=timedelta(hours=1),
    )
    register_job(
        "cases.close_unanswered",
        term=gettext_noop("到期结案"),
        run="linli.capabilities.cases.actions.close_unanswered",
        every=timedelta(hours=1),
    )


def _tell_programs() -> None:
    """Let other programs hear of every step."""
    from linli.capabilities.cases import terms
    from linli.capabilities.cases.step_listeners import on_step
    from linli.workbench.webhooks.events import register_event

    usual = (terms.ProgramEvent.RECEIVED, terms.ProgramEvent.CLOSED)
    for event in terms.ProgramEvent:
        register_event(str(event), term=event.label, usual=event in usual)
    on_step("linli.capabilities.cases.actions.notify_programs.notify_programs")


def _join_the_shell() -> None:
    """Let cases be found, and taken down from the page of what they are about."""
    from linli.capabilities.cases import rules
    from linli.core.interface.first_week import register_first_step
    from linli.core.interface.shell import register_record_verb, register_search
    from linli.register.posts.permits import role_in

    takes = role_in(rules.TAKES_CASES).holds
    register_search(
        "cases.all",
        label=_("办件"),
        find="linli.capabilities.cases.search_source.find_cases",
        may=takes,
        order=30,
    )
    for record, label, href, order in (
        ("people.person", _("报事"), "linli.capabilities.cases.record_verbs.report_for", 30),
        ("places.place", _("报事"), "linli.capabilities.cases.record_verbs.report_at", 10),
        ("facilities.facility", _("报修"), "linli.capabilities.cases.record_verbs.repair_of", 20),
    ):
        register_record_verb(
            f"cases.take.{record}",
            record=record,
            label=label,
            icon="message",
            href=href,
            may=takes,
            order=order,
        )
    register_first_step(
        "cases.sheet",
        label=_("打印公开报事的二维码"),
        why=_("贴在楼道和门口，居民扫一扫就能报事"),
        roles=frozenset({"subdistrict_officer", "secretary"}),
        href="linli.capabilities.cases.first_steps.sheet_of_mine",
        order=80,
    )
    register_record_verb(
        "cases.code",
        record="places.place",
        label=_("打印报事码"),
        icon="qrcode",
        href="linli.capabilities.cases.record_verbs.code_of",
        may=takes,
        order=40,
    )
