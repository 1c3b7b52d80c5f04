"""Colleagues come in by a list."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ColleagueListsConfig(AppConfig):
    """One page: a list of colleagues, the fate of each row, the passwords."""

    name = "linli.capabilities.colleague_lists"
    label = "colleague_lists"
    verbose_name = "同事名单"

    def ready(self) -> None:
        """Put the page beside the appointments."""
        from linli.core.interface.first_week import register_first_step
        from linli.core.interface.registry import register_page
        from linli.register.posts.rules import MAY_GIVE_POSTS

        register_page(
            "colleague_lists.take",
            label=_("同事名单"),
            icon="user-plus",
            url_name="colleague_lists:take",
            group="settings",
            note=_("用表格一次任命多位同事"),
            may=lambda scope: scope.role in MAY_GIVE_POSTS,
            order=2,
        )
        for role, label, why, order in (
            (
                "subdistrict_officer",
                _("加同事"),
                _("每个人用自己的账户，各看各的社区；用表格一次加好，也可以一位一位任命"),
                20,
            ),
            ("secretary", _("给网格配人"), _("有人负责，待办和上门才知道派给谁"), 35),
        ):
            register_first_step(
                f"colleague_lists.{role}",
                label=label,
                why=why,
                roles=frozenset({role}),
                url_name="colleague_lists:take",
                is_done="linli.capabilities.colleague_lists.first_steps.has_colleagues",
                order=order,
            )
