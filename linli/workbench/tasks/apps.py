"""The to-do list that every capability shares."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class TasksConfig(AppConfig):
    """One inbox, and the posts behind it."""

    name = "linli.workbench.tasks"
    label = "tasks"
    verbose_name = "待办"

    def ready(self) -> None:
        """Register the pages, the figures on 今日 and the going up of late tasks."""
        from linli.core.endings import PERSON, when_moved
        from linli.core.interface.registry import (
            register_home_block,
            register_page,
            register_record,
            register_record_block,
            register_router,
        )
        from linli.core.interface.shell import register_today
        from linli.core.jobs import register_job
        from linli.register.posts.permits import role_in
        from linli.register.posts.seat_changes import on_seats_changed
        from linli.workbench.journal.follow_ups import on_follow_up, on_forget
        from linli.workbench.journal.queries import register_hidden
        from linli.workbench.tasks import rules
        from linli.workbench.tasks.kinds import register_task_kind
        from linli.workbench.tasks.terms import FOLLOW_UP

        register_record(
            "tasks.task",
            url_name="tasks:task",
            find="linli.workbench.tasks.queries.task_or_not_found",
        )
        register_hidden("tasks.task", "linli.workbench.tasks.queries.hidden_tasks")
        register_task_kind(
            FOLLOW_UP, term=gettext_noop("回访"), role="grid_worker", working_days=5, weight=25
        )
        when_moved(PERSON, "linli.workbench.tasks.actions.endings.follow_moved_person")
        on_follow_up("linli.workbench.tasks.actions.follow_up.open_follow_up_task")
        on_forget("linli.workbench.tasks.actions.follow_up.forget_follow_up_task")
        on_seats_changed("linli.workbench.tasks.actions.reseat.tasks_follow")
        _join_the_shell()
        register_job(
            "tasks.reseat",
            term=gettext_noop("岗位到期后待办改派"),
            run="linli.workbench.tasks.actions.reseat_due",
            every=timedelta(hours=1),
        )
        register_record_block(
            "tasks.open",
            label="*",
            template="tasks/block.html",
            build="linli.workbench.tasks.blocks.open_tasks",
            order=20,
        )
        register_router("/tasks", router="linli.workbench.tasks.api.router")
        register_page(
            "tasks.inbox",
            label=_("待办"),
            icon="checklist",
            url_name="tasks:inbox",
            group="affairs",
            note=_("按门牌排好，一趟办完"),
            may=role_in(rules.MAY_WORK).holds,
            order=10,
        )
        register_page(
            "tasks.gaps",
            label=_("无人负责"),
            icon="user-question",
            url_name="tasks:gaps",
            group="register",
            note=_("空着的岗位和没有物业的小区"),
            may=role_in(rules.SEES_ALL_TASKS).holds,
            order=70,
        )
        register_page(
            "tasks.working-days",
            label=_("工作日安排"),
            icon="calendar",
            url_name="tasks:working-days",
            group="settings",
            note=_("每年的放假和调休"),
            may=role_in(rules.MAY_SET_WORKING_DAYS).holds,
            order=30,
        )
        register_today(
            "tasks",
            label=_("全部待办"),
            build="linli.workbench.tasks.blocks.today_rows",
            may=role_in(rules.MAY_WORK).holds,
            order=10,
        )
        register_home_block(
            "tasks.unknown_year",
            template="tasks/unknown_year.html",
            build="linli.workbench.tasks.blocks.unknown_year",
            slot="notice",
            order=10,
        )
        _register_bulk()
        register_job(
            "tasks.escalate",
            term=gettext_noop("逾期上报"),
            run="linli.workbench.tasks.actions.escalate_late_tasks",
            every=timedelta(hours=1),
        )


def _register_bulk() -> None:
    """Say what is done to many tasks of the inbox."""
    from linli.core.interface.bulk import register_bulk, register_bulk_list
    from linli.register.posts.permits import role_in
    from linli.workbench.tasks import rules

    works, reminds = role_in(rules.MAY_WORK).holds, role_in(rules.MAY_DISPATCH).holds
    register_bulk_list(
        "tasks.inbox",
        url_name="tasks:inbox",
        find="linli.workbench.tasks.bulk_verbs.rows",
        found="linli.workbench.tasks.bulk_verbs.found",
    )
    register_bulk(
        "tasks.inbox",
        "accept",
        label=_("我来办"),
        icon="hand-stop",
        run="linli.workbench.tasks.bulk_verbs.accept",
        may=works,
        order=10,
    )
    register_bulk(
        "tasks.inbox",
        "hand-over",
        label=_("转办"),
        icon="transfer",
        run="linli.workbench.tasks.bulk_verbs.hand_over",
        form="linli.workbench.tasks.bulk_verbs.hand_over_form",
        may=works,
        note=_("期限不变"),
        order=20,
    )
    register_bulk(
        "tasks.inbox",
        "remind",
        label=_("催办"),
        icon="bell",
        run="linli.workbench.tasks.bulk_verbs.remind",
        may=reminds,
        note=_("给办的人发一条提醒；一件一天只催一次"),
        order=30,
    )
    register_bulk(
        "tasks.inbox",
        "finish",
        label=_("办结"),
        icon="check",
        run="linli.workbench.tasks.bulk_verbs.finish",
        form="linli.workbench.tasks.bulk_verbs.finish_form",
        may=works,
        order=40,
    )


def _join_the_shell() -> None:
    """Let tasks be found."""
    from linli.core.interface.shell import register_search
    from linli.register.posts.permits import role_in
    from linli.workbench.tasks import rules

    register_search(
        "tasks.open",
        label=_("待办"),
        find="linli.workbench.tasks.search_source.find_tasks",
        may=role_in(rules.MAY_WORK).holds,
        order=35,
    )
