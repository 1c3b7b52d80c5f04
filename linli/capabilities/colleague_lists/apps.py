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
