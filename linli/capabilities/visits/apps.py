"""Visits and promises."""

from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class VisitsConfig(AppConfig):
    """Who is visited how often, what was promised, and how it felt."""

    name = "linli.capabilities.visits"
    label = "visits"
    verbose_name = "看望与承诺"

    def ready(self) -> None:
        """Register the pages, the blocks, the kinds of tasks, what happens by itself."""
        from linli.capabilities.visits import endings, retention, rules
        from linli.core.endings import PERSON, when_moved, when_reopened
        from linli.core.interface.first_week import register_first_step
        from linli.core.interface.registry import (
            register_answer_use,
            register_page,
            register_record_block,
        )
        from linli.core.interface.shell import register_quick_verb, register_stops
        from linli.register.posts.permits import role_in
        from linli.workbench.read_budget.exempt_records import register_part
        from linli.workbench.rounds.parts import register_door_part

        retention.declare_tables()
        endings.declare_tables()
        when_moved(PERSON, "linli.capabilities.visits.actions.endings.follow_home")
        when_reopened(PERSON, "linli.capabilities.visits.actions.endings.call_off_bereavement")
        register_page(
            "visits.plans",
            label=_("看望与承诺"),
            icon="heart-handshake",
            url_name="visits:home",
            group="affairs",
            tab="walk",
            note=_("该看谁、答应了谁、居民怎么说"),
            may=role_in(rules.MAY_VISIT).holds,
            order=31,
        )
        register_first_step(
            "visits.first",
            label=_("安排第一次看望"),
            why=_("独居、高龄、失能的，谁多久看一次，由系统记着"),
            roles=frozenset({"secretary"}),
            url_name="visits:home",
            is_done="linli.capabilities.visits.first_steps.has_visits",
            order=75,
        )
        register_stops(
            "visits",
            label=_("看望"),
            build="linli.capabilities.visits.blocks.stops",
            may=role_in(rules.MAY_VISIT).holds,
            order=20,
        )
        register_quick_verb(
            "visits.note",
            label=_("记看望"),
            icon="heart-handshake",
            url_name="visits:home",
            may=role_in(rules.MAY_VISIT).holds,
            order=20,
        )
        register_answer_use(
            "visits.add",
            label=_("定期看望"),
            icon="heart-handshake",
            url_name="visits:add",
            subjects=("person",),
            may=role_in(rules.MAY_PLAN).holds,
            order=30,
        )
        _register_records()
        register_part("visits.visit", "linli.capabilities.visits.queries.meant_by")
        register_record_block(
            "visits.of_person",
            label="people.person",
            template="visits/of_person.html",
            build="linli.capabilities.visits.blocks.of_person",
            order=30,
        )
        register_door_part("visits", part="linli.capabilities.visits.door_part.VisitPart", order=10)
        _register_tasks()
        _register_jobs()
        _join_the_shell()


def _register_tasks() -> None:
    from linli.capabilities.visits import terms
    from linli.workbench.tasks.kinds import ends_on_page, on_task, register_task_kind

    register_task_kind(
        terms.VISIT,
        term=gettext_noop("看望"),
        role="grid_worker",
        working_days=3,
        weight=30,
        url_name="visits:visit",
        notes_contact=True,
    )
    register_task_kind(
        terms.AT_ONCE,
        term=gettext_noop("马上看望"),
        role="grid_worker",
        working_days=1,
        weight=80,
        url_name="visits:visit",
        notes_contact=True,
    )
    register_task_kind(
        terms.PROMISE,
        term=gettext_noop("兑现承诺"),
        role="grid_worker",
        working_days=5,
        weight=45,
        url_name="visits:promise",
    )
    register_task_kind(
        terms.ASK,
        term=gettext_noop("回访"),
        role="community_worker",
        working_days=7,
        weight=15,
        url_name="visits:feedback",
    )
    register_task_kind(
        terms.DISPUTED,
        term=gettext_noop("居民说没来或没做到"),
        role="secretary",
        working_days=3,
        weight=60,
        url_name="visits:settle",
        outside=gettext_noop("看望"),
    )
    register_task_kind(
        terms.TELL,
        term=gettext_noop("告诉居民查明的结果"),
        role="community_worker",
        working_days=3,
        weight=30,
        url_name="visits:feedback",
        outside=gettext_noop("看望"),
    )
    register_task_kind(
        terms.MANY_FRAIL,
        term=gettext_noop("确认一批失能"),
        role="secretary",
        working_days=1,
        weight=70,
        outside=gettext_noop("看望"),
    )
    register_task_kind(
        terms.TELL_FAMILY,
        term=gettext_noop("向家属说明"),
        role="grid_worker",
        working_days=5,
        weight=40,
    )
    on_task(terms.VISIT, "linli.capabilities.visits.actions.follow_visit")
    on_task(terms.AT_ONCE, "linli.capabilities.visits.actions.follow_visit")
    on_task(terms.PROMISE, "linli.capabilities.visits.actions.follow_promise")
    ends_on_page(terms.ASK, "linli.capabilities.visits.queries.page_of_asking")
    ends_on_page(terms.DISPUTED, "linli.capabilities.visits.queries.page_of_asking")
    on_task(terms.ASK, "linli.capabilities.visits.actions.follow_asking")
    on_task(terms.DISPUTED, "linli.capabilities.visits.actions.follow_dispute")


def _register_jobs() -> None:
    from linli.core.jobs import register_job
    from linli.core.words import register_words

    register_words("linli.capabilities.visits.library.words")
    register_job(
        "visits.plan",
        term=gettext_noop("排看望"),
        run="linli.capabilities.visits.jobs.plan_every_night",
        every=timedelta(hours=12),
    )
    register_job(
        "visits.changes",
        term=gettext_noop("急事马上看望"),
        run="linli.capabilities.visits.jobs.hear_changes",
        every=timedelta(minutes=10),
    )


def _register_records() -> None:
    from linli.capabilities.visits import rules
    from linli.core.interface.registry import register_record
    from linli.register.posts.permits import role_in

    for label, name, find in (
        ("visit", "visit", "linli.capabilities.visits.queries.visit_or_not_found"),
        ("promise", "promise", "linli.capabilities.visits.queries.promise_or_not_found"),
        (
            "feedbackrequest",
            "feedback",
            "linli.capabilities.visits.queries.feedback_request_or_not_found",
        ),
        ("careplan", "plan", "linli.capabilities.visits.queries.plan_or_not_found"),
    ):
        register_record(
            f"visits.{label}",
            url_name=f"visits:{name}",
            find=find,
            may=role_in(rules.MAY_VISIT).holds,
        )


def _join_the_shell() -> None:
    """Let plans be found, and a visit be written down from the page of a person."""
    from linli.capabilities.visits import rules
    from linli.core.interface.shell import register_record_verb, register_search
    from linli.register.posts.permits import role_in

    register_search(
        "visits.plans",
        label=_("看望安排"),
        find="linli.capabilities.visits.search_source.find_plans",
        may=role_in(rules.MAY_VISIT).holds,
        order=75,
    )
    register_record_verb(
        "visits.visit",
        record="people.person",
        label=_("记看望"),
        icon="heart-handshake",
        href="linli.capabilities.visits.record_verbs.visit_href",
        may=role_in(rules.MAY_VISIT).holds,
        order=20,
    )
