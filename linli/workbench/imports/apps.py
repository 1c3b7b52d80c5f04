"""Imports: residents and dwellings from any spreadsheet, with a preview and a way back."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class ImportsConfig(AppConfig):
    """Tell the shell where spreadsheets are brought."""

    name = "linli.workbench.imports"
    label = "imports"
    verbose_name = "表格导入"

    def ready(self) -> None:
        """Register the page, and the task to look into what a list says of somebody's leaving."""
        from linli.core.endings import PERSON
        from linli.core.interface.first_week import register_first_step
        from linli.core.interface.registry import register_page
        from linli.register.posts.permits import role_in
        from linli.register.posts.rules import MAY_IMPORT
        from linli.workbench.tasks.kinds import register_task_kind

        register_page(
            "imports",
            label=_("表格导入"),
            icon="upload",
            url_name="imports:all",
            group="settings",
            note=_("居民、房屋的Excel和CSV"),
            may=role_in(MAY_IMPORT).holds,
            order=20,
        )
        register_first_step(
            "imports.dwellings",
            label=_("导入楼栋和房屋"),
            why=_("先有门牌，居民名单才对得上户"),
            roles=frozenset({"subdistrict_officer", "secretary"}),
            href="linli.workbench.imports.first_steps.where_dwellings_come_in",
            is_done="linli.workbench.imports.first_steps.has_dwellings",
            order=30,
        )
        register_first_step(
            "imports.people",
            label=_("导入第一份居民名单"),
            why=_("用现成的表格：先看清楚每一行再写入，错了可以撤销"),
            roles=frozenset({"subdistrict_officer", "secretary"}),
            url_name="imports:all",
            is_done="linli.workbench.imports.first_steps.has_people",
            order=40,
        )
        register_task_kind(
            "imports.departure",
            term=gettext_noop("核实去世或迁出"),
            role="community_worker",
            working_days=5,
            weight=40,
            outside=gettext_noop("核实人员情况"),
            outlives=(PERSON,),
        )
