"""The living directory: who comes when you call."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class DirectoryConfig(AppConfig):
    """Organisations by place, topic and moment; referral with consent."""

    name = "linli.capabilities.directory"
    label = "directory"
    verbose_name = "通讯录"

    def ready(self) -> None:
        """Register the page, the record, the endpoint and the follow-up task."""
        from linli.capabilities.directory import endings, retention
        from linli.core.interface import registry
        from linli.register.posts.rules import READS_REGISTER
        from linli.workbench.tasks.kinds import register_task_kind

        retention.declare_tables()
        endings.declare_tables()
        register_task_kind(
            "directory.follow_up",
            term=gettext_noop("转介回访"),
            role="community_worker",
            working_days=5,
            weight=35,
            url_name="directory:referral",
            comes_back=True,
        )
        registry.register_page(
            "directory.search",
            label=_("通讯录"),
            icon="phone",
            url_name="directory:search",
            group="resources",
            note=_("谁能来、现在在不在、打哪个电话"),
            may=lambda scope: scope.role in READS_REGISTER,
            order=10,
        )
        registry.register_record("parties.party", url_name="directory:party")
        _join_the_shell()
        registry.register_record(
            "directory.referral",
            url_name="directory:referral",
            find="linli.capabilities.directory.queries.referral_or_not_found",
        )
        registry.register_router("/directory", router="linli.capabilities.directory.api.router")
        registry.register_record_block(
            "directory.referrals",
            label="people.person",
            template="directory/of_person.html",
            build="linli.capabilities.directory.blocks.of_person",
            order=60,
        )
        registry.register_record_block(
            "directory.place",
            label="places.place",
            template="directory/of_place.html",
            build="linli.capabilities.directory.blocks.of_place",
            tab="parties",
            order=70,
        )


def _join_the_shell() -> None:
    """Let organisations and their contacts be found."""
    from linli.core.interface.shell import register_search
    from linli.register.posts.permits import role_in
    from linli.register.posts.rules import READS_REGISTER

    register_search(
        "directory.parties",
        label=_("单位和联系人"),
        find="linli.capabilities.directory.search_source.find_parties",
        may=role_in(READS_REGISTER).holds,
        order=50,
    )
