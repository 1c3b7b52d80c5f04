"""Forms of departments: dropped in blank, handed back filled."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class FormsConfig(AppConfig):
    """A department's form is read, filled from the register, completed at doors, handed in."""

    name = "linli.capabilities.form_filling"
    label = "form_filling"
    verbose_name = "填表"

    def ready(self) -> None:
        """Register the page, the task at a door, what happens by itself, and the looks."""
        from linli.capabilities.form_filling import endings, retention, rules
        from linli.capabilities.form_filling.terms import ASK, DECIDE, FILL, UNCOVERED
        from linli.core.endings import PERSON, PLACE, when_moved
        from linli.core.interface.registry import (
            register_page,
            register_record,
            register_record_block,
        )
        from linli.register.posts.permits import role_in
        from linli.workbench.journal.queries import register_leaving, register_look
        from linli.workbench.read_budget.exempt_records import register_part
        from linli.workbench.rounds.parts import register_door_part
        from linli.workbench.tasks.kinds import register_task_kind

        retention.declare_tables()
        endings.declare_tables()
        when_moved(PERSON, "linli.capabilities.form_filling.actions.endings.ask_at_new_door")
        register_task_kind(
            ASK,
            term=gettext_noop("问缺项"),
            role="grid_worker",
            working_days=5,
            weight=25,
            url_name="form_filling:door",
        )
        register_task_kind(
            FILL,
            term=gettext_noop("填表"),
            role="community_worker",
            working_days=5,
            weight=35,
            url_name="form_filling:record",
            outlives=(PERSON, PLACE),
            ends_with_subject=True,
        )
        register_task_kind(
            DECIDE,
            term=gettext_noop("收表"),
            role="subdistrict_officer",
            working_days=3,
            weight=25,
            url_name="form_filling:record",
            ends_with_subject=True,
        )
        register_page(
            "form_filling.all",
            label=_("填表"),
            icon="table-import",
            url_name="form_filling:all",
            group="affairs",
            note=_("部门的空表放进来，填好拿走"),
            may=lambda scope: scope.role in rules.MAY_SEE,
            order=45,
        )
        register_record(
            "form_filling.forminstance",
            url_name="form_filling:record",
            find="linli.capabilities.form_filling.queries.record_or_not_found",
            may=role_in(rules.MAY_SEE).holds,
        )
        register_part(
            "form_filling.forminstance", "linli.capabilities.form_filling.queries.meant_by"
        )
        register_record_block(
            "form_filling.of_person",
            label="people.person",
            template="form_filling/of_person.html",
            build="linli.capabilities.form_filling.blocks.of_person",
            order=80,
        )
        register_look(UNCOVERED)
        register_leaving("form.taken")
        register_door_part(
            "forms", part="linli.capabilities.form_filling.door_part.OpenQuestionsPart", order=20
        )
        _register_jobs()
        _join_the_shell()


def _register_jobs() -> None:
    from linli.core.jobs import register_job

    register_job(
        "form_filling.answer",
        term=gettext_noop("已知的表自动答复"),
        run="linli.capabilities.form_filling.jobs.answer_what_is_known",
        every=timedelta(minutes=1),
    )
    register_job(
        "form_filling.close_known",
        term=gettext_noop("已知的缺项自动填上"),
        run="linli.capabilities.form_filling.jobs.close_what_became_known",
        every=timedelta(hours=1),
    )
    register_job(
        "form_filling.remind",
        term=gettext_noop("表格到期提醒"),
        run="linli.capabilities.form_filling.jobs.remind",
        every=timedelta(hours=6),
    )


def _join_the_shell() -> None:
    """Let forms be found, and one be filled from the page of a person."""
    from linli.capabilities.form_filling import rules
    from linli.core.interface.shell import register_record_verb, register_search
    from linli.register.posts.permits import role_in

    register_search(
        "form_filling.forms",
        label=_("填表"),
        find="linli.capabilities.form_filling.search_source.find_forms",
        may=role_in(rules.MAY_SEE).holds,
        order=60,
    )
    register_record_verb(
        "form_filling.fill",
        record="people.person",
        label=_("填表"),
        icon="forms",
        href="linli.capabilities.form_filling.record_verbs.fill_href",
        may=role_in(rules.MAY_FILL).holds,
        order=40,
    )
