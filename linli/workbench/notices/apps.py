"""Notices: who is told, by which way, and what became of it."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class NoticesConfig(AppConfig):
    """One outbox for every capability."""

    name = "linli.workbench.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        """Register the pages, the blocks and the sending."""
        from linli.core.interface.registry import (
            register_home_block,
            register_record,
            register_record_block,
        )
        from linli.core.jobs import register_job
        from linli.workbench.journal.queries import register_leaving, register_look
        from linli.workbench.tasks.kinds import on_reminder

        register_record(
            "notices.notice",
            url_name="notices:notice",
            find="linli.workbench.notices.queries.notice_or_not_found",
        )
        register_record_block(
            "notices.told",
            label="*",
            template="notices/told.html",
            build="linli.workbench.notices.blocks.told_about",
            order=40,
            tab="log",
        )
        for look in ("notice.number_shown", "notice.sheet_taken"):
            register_look(look)
        register_leaving("notice.sheet_taken")
        register_home_block(
            "notices",
            template="notices/home.html",
            build="linli.workbench.notices.blocks.home",
            order=30,
        )
        on_reminder("linli.workbench.notices.actions.reminders.tell_of_reminder")
        _register_pages()
        _join_the_shell()
        _register_plugs()
        register_job(
            "notices.send",
            term=gettext_noop("发送通知"),
            run="linli.workbench.notices.jobs.send_queued",
            every=timedelta(seconds=10),
        )
        register_job(
            "notices.forget",
            term=gettext_noop("清除过期通知内容"),
            run="linli.workbench.notices.jobs.forget",
            every=timedelta(days=1),
        )


def _register_plugs() -> None:
    from linli.core.interface.shell import register_quick_verb, register_stops
    from linli.register.posts.permits import role_in
    from linli.workbench.notices import rules

    senders = role_in(rules.MAY_SEND).holds
    register_stops(
        "notices.calls",
        label=_("电话通知"),
        build="linli.workbench.notices.blocks.stops",
        may=senders,
        order=40,
    )
    register_quick_verb(
        "notices.write",
        label=_("写通知"),
        icon="speakerphone",
        url_name="notices:write",
        may=senders,
        order=50,
    )


def _register_pages() -> None:
    from linli.core.interface.registry import register_answer_use, register_page
    from linli.register.posts.permits import role_in
    from linli.workbench.notices import rules

    senders = role_in(rules.MAY_SEND).holds
    register_answer_use(
        "notices.write",
        label=_("发通知"),
        icon="speakerphone",
        url_name="notices:write",
        subjects=("person",),
        may=senders,
        order=10,
    )
    register_page(
        "notices.notices",
        label=_("通知"),
        icon="speakerphone",
        url_name="notices:notices",
        group="affairs",
        note=_("告诉谁、谁看到了、谁回复了"),
        may=senders,
        order=50,
    )
    register_page(
        "notices.calls",
        label=_("电话通知单"),
        icon="phone",
        url_name="notices:calls",
        group="affairs",
        tab="walk",
        note=_("用不了短信的人，一个个打电话"),
        may=senders,
        order=51,
    )
    register_page(
        "notices.inbox",
        label=_("消息"),
        icon="inbox",
        url_name="notices:inbox",
        group="mine",
        note=_("发给我的"),
        may=role_in(rules.MAY_TELL).holds,
        order=5,
    )
    register_page(
        "notices.channels",
        label=_("通知通道"),
        icon="send",
        url_name="notices:channels",
        group="settings",
        note=_("短信、群机器人、邮件"),
        may=role_in(rules.MAY_SET_CHANNELS).holds,
        order=75,
    )


def _join_the_shell() -> None:
    """Let those who live at a place be told from its page."""
    from linli.core.interface.shell import register_record_verb
    from linli.register.posts.permits import role_in
    from linli.workbench.notices import rules

    register_record_verb(
        "notices.tell",
        record="places.place",
        label=_("通知"),
        icon="speakerphone",
        href="linli.workbench.notices.record_verbs.tell_href",
        may=role_in(rules.MAY_SEND).holds,
        order=20,
    )
