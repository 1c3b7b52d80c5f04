"""Alerts: nothing with a date is overlooked."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class AlertsConfig(AppConfig):
    """Rules that raise alerts before something falls due."""

    name = "linli.capabilities.alerts"
    label = "alerts"
    verbose_name = "到期提醒"

    def ready(self) -> None:
        """Register the task kind, the job, the records and the pages."""
        from linli.capabilities.alerts import endings, retention
        from linli.capabilities.alerts.rules import MAY_READ, MAY_RULE
        from linli.capabilities.alerts.terms import RESPOND
        from linli.core.interface.registry import (
            register_answer_use,
            register_page,
            register_record,
            register_record_block,
        )
        from linli.core.jobs import register_job
        from linli.core.moved_dates import on_moved_dates
        from linli.core.words import register_words
        from linli.register.posts.permits import role_in
        from linli.workbench.tasks.kinds import (
            ends_on_page,
            on_task,
            register_task_kind,
            stands_on_page,
            withhold_tasks,
        )

        retention.declare_tables()
        endings.declare_tables()
        _join_the_shell()
        register_task_kind(
            RESPOND,
            term=gettext_noop("吹哨响应"),
            role="community_worker",
            working_days=5,
            weight=40,
            url_name="alerts:alert",
        )
        on_task(RESPOND, "linli.capabilities.alerts.actions.follow_task")
        stands_on_page(RESPOND, "linli.capabilities.alerts.queries.alert_status.where_they_stand")
        ends_on_page(RESPOND, "linli.capabilities.alerts.queries.alert_closure.page_of_task")
        on_moved_dates("linli.capabilities.alerts.runner.follow_moved_dates")
        withhold_tasks(RESPOND, "linli.capabilities.alerts.queries.withheld")
        register_words("linli.capabilities.alerts.library.words")
        register_job(
            "alerts.run",
            term=gettext_noop("到期提醒"),
            run="linli.capabilities.alerts.jobs.raise_alerts",
            every=timedelta(minutes=5),
        )
        register_answer_use(
            "alerts.add",
            label=_("写吹哨规则"),
            icon="bell",
            url_name="alerts:add",
            may=role_in(MAY_RULE).holds,
            order=40,
        )
        _register_bulk()
        register_record(
            "alerts.alert",
            url_name="alerts:alert",
            find="linli.capabilities.alerts.queries.alert_or_not_found",
        )
        register_record_block(
            "alerts.of_thing",
            label="facilities.facility",
            template="alerts/of_thing.html",
            build="linli.capabilities.alerts.blocks.of_thing",
            order=10,
        )
        register_page(
            "alerts.all",
            label=_("到期提醒"),
            icon="bell",
            url_name="alerts:all",
            group="affairs",
            note=_("日子到之前先说一声"),
            may=role_in(MAY_READ).holds,
            order=35,
        )


def _register_bulk() -> None:
    """Say what is done to many alerts that wait."""
    from linli.capabilities.alerts.rules import MAY_READ
    from linli.core.interface.bulk import register_bulk, register_bulk_list
    from linli.register.posts.permits import role_in
    from linli.workbench.tasks.rules import MAY_DISPATCH

    answers, dispatches = role_in(MAY_READ).holds, role_in(MAY_DISPATCH).holds
    register_bulk_list(
        "alerts.all",
        url_name="alerts:all",
        find="linli.capabilities.alerts.bulk_verbs.rows",
        found="linli.capabilities.alerts.bulk_verbs.found",
    )
    register_bulk(
        "alerts.all",
        "accept",
        label=_("我来办"),
        icon="hand-stop",
        run="linli.capabilities.alerts.bulk_verbs.accept",
        may=answers,
        order=10,
    )
    register_bulk(
        "alerts.all",
        "finish",
        label=_("办好了"),
        icon="check",
        run="linli.capabilities.alerts.bulk_verbs.finish",
        form="linli.capabilities.alerts.bulk_verbs.finish_form",
        may=answers,
        note=_("要写新日期的那几件会留下，请一件件打开写"),
        order=20,
    )
    register_bulk(
        "alerts.all",
        "hand-over",
        label=_("转办"),
        icon="transfer",
        run="linli.capabilities.alerts.bulk_verbs.hand_over",
        form="linli.capabilities.alerts.bulk_verbs.hand_over_form",
        may=answers,
        note=_("期限不变"),
        order=30,
    )
    register_bulk(
        "alerts.all",
        "remind",
        label=_("催办"),
        icon="bell",
        run="linli.capabilities.alerts.bulk_verbs.remind",
        may=dispatches,
        note=_("给办的人发一条提醒；一件一天只催一次"),
        order=40,
    )
    register_bulk(
        "alerts.all",
        "false",
        label=_("是误报"),
        icon="ban",
        run="linli.capabilities.alerts.bulk_verbs.call_false",
        form="linli.capabilities.alerts.bulk_verbs.false_form",
        may=answers,
        note=_("写明为什么，规则会记住"),
        order=50,
    )


def _join_the_shell() -> None:
    """Let rules be found."""
    from linli.capabilities.alerts.rules import MAY_READ
    from linli.core.interface.shell import register_search
    from linli.register.posts.permits import role_in

    register_search(
        "alerts.rules",
        label=_("提醒规则"),
        find="linli.capabilities.alerts.search_source.find_rules",
        may=role_in(MAY_READ).holds,
        order=70,
    )
