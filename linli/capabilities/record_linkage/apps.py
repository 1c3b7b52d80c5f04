"""Record linkage: a department's list laid against the register, nothing overwritten silently."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class RecordLinkageConfig(AppConfig):
    """A list of people is matched, decided and taken over fact by fact."""

    name = "linli.capabilities.record_linkage"
    label = "record_linkage"
    verbose_name = "名单合并"

    def ready(self) -> None:
        """Register the page and what happens by itself."""
        from linli.capabilities.record_linkage import endings, retention
        from linli.core.interface.registry import register_page
        from linli.core.jobs import register_job
        from linli.register.posts.permits import role_in
        from linli.register.posts.rules import MAY_IMPORT

        retention.declare_tables()
        endings.declare_tables()
        register_page(
            "record_linkage.all",
            label=_("名单合并"),
            icon="git-merge",
            url_name="record_linkage:all",
            group="settings",
            note=_("部门的名单对上底册，不同的逐项选"),
            may=role_in(MAY_IMPORT).holds,
            order=21,
        )
        register_job(
            "record_linkage.work",
            term=gettext_noop("比对和写入长名单"),
            run="linli.capabilities.record_linkage.jobs.do_long_work",
            every=timedelta(seconds=5),
        )
        register_job(
            "record_linkage.forget",
            term=gettext_noop("清理过期名单"),
            run="linli.capabilities.record_linkage.jobs.forget_old_lists",
            every=timedelta(hours=12),
        )
