"""The web face: shell, components, home page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from linli.core.interface.first_week import register_first_step
from linli.core.interface.registry import register_home_block, register_page
from linli.core.interface.shell import stop_sources

if TYPE_CHECKING:
    from linli.core.scope import Scope
from linli.core.interface.shell import register_search


class WebConfig(AppConfig):
    """Put the shell's own pages into the menu."""

    name = "linli.faces.web"
    label = "web"
    verbose_name = "网页"

    def ready(self) -> None:
        """Register 今日 with its figures, 我的, and the pages as what can be found."""
        register_search(
            "pages", label=_("功能和设置"), find="linli.faces.web.page_search.find_pages", order=90
        )
        register_page(
            "home", label=_("今日"), icon="home", url_name="web:home", group="today", order=0
        )
        register_page(
            "walk",
            label=_("走访"),
            icon="walk",
            url_name="web:walk",
            group="affairs",
            tab="walk",
            note=_("要敲的门，要打的电话"),
            may=_has_stops,
            order=29,
        )
        register_home_block(
            "figures",
            template="web/figures.html",
            build="linli.faces.web.figures.place_figures",
            slot="tiles",
            order=0,
        )
        register_home_block(
            "matrix",
            template="web/matrix.html",
            build="linli.faces.web.figures.matrix",
            slot="first",
            roles=frozenset({"subdistrict_officer"}),
            order=10,
        )
        register_home_block(
            "first-week",
            template="web/first_week.html",
            build="linli.faces.web.first_week.block",
            slot="first",
            order=0,
        )
        register_home_block(
            "first-steps",
            template="web/first_steps.html",
            build="linli.faces.web.figures.first_steps",
            slot="first",
            order=0,
        )
        register_first_step(
            "backup",
            label=_("备份"),
            why=_("电脑坏了，数据还在"),
            told=_("由管机器的人运行：linli backup --into 文件夹"),
            roles=frozenset({"subdistrict_officer"}),
            is_done="linli.faces.web.first_week.has_backup",
            order=60,
        )
        register_page(
            "rules",
            label=_("规则一览"),
            icon="scale",
            url_name="web:rules",
            group="settings",
            note=_("系统按什么作决定，依据是什么"),
            order=90,
        )
        register_page(
            "mine", label=_("账户与显示"), icon="user", url_name="web:mine", group="mine", order=0
        )


def _has_stops(scope: Scope) -> bool:
    return bool(stop_sources.open_to(scope))
