"""Conditions: which people, households, dwellings or buildings."""

from __future__ import annotations

from django.apps import AppConfig


class ConditionsConfig(AppConfig):
    """One way to say who, for lists, counts, reminders and notices."""

    name = "linli.workbench.conditions"
    label = "conditions"
    verbose_name = "条件"

    def ready(self) -> None:
        """Put the offices' own fields into the menu."""
        from django.utils.translation import gettext_lazy as _

        from linli.core.interface.registry import register_page
        from linli.register.posts.rules import READS_REGISTER

        register_page(
            "conditions.own-fields",
            label=_("自定义字段"),
            icon="tags",
            url_name="conditions:own-fields",
            group="settings",
            order=10,
            may=lambda scope: scope.role in READS_REGISTER,
        )
        register_page(
            "conditions.care-groups",
            label=_("关爱分类"),
            icon="heart",
            url_name="conditions:care-groups",
            group="settings",
            order=11,
            may=lambda scope: scope.role in READS_REGISTER,
        )
