"""Each capability used once, by its own actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linli.capabilities.alerts import actions as alerts
from linli.capabilities.alerts.library import LIBRARY
from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries.evaluate import Look, find
from linli.capabilities.alerts.runner import run_rules
from linli.capabilities.calendar.actions import add_feed
from linli.capabilities.cases import actions as cases
from linli.capabilities.directory import actions as directory
from linli.capabilities.form_filling import actions as forms
from linli.capabilities.form_filling.models import OpenQuestion
from linli.capabilities.form_filling.tests import builders as paper
from linli.capabilities.record_linkage import runner as linkage
from linli.capabilities.record_linkage.tests import builders as linked
from linli.capabilities.reports import actions as reports
from linli.capabilities.visits import actions as visits
from linli.capabilities.visits.models import CarePlan
from linli.commons.coverage import actions as coverage
from linli.commons.coverage.models import CoverageRow
from linli.core.scope import system_scope
from linli.core.time import today
from linli.register.posts.models import Post, User
from linli.workbench.conditions import queries as questions
from linli.workbench.journal.actions import keep_photo
from linli.workbench.tasks.actions import finish_task
from linli.workbench.tasks.models import Task
from tests.upgrades.builders.register import Made
from tests.upgrades.builders.workbench import a_photo


def add_capabilities(made: Made) -> None:
    """Use every capability once."""
    with system_scope("the taxonomy of the stored installation"):
        cases.load_taxonomy(place=made.town.town, by=made.users["officer"])
    with made.at_work("secretary"):
        secretary = made.users["secretary"]
        _cases(made, secretary)
        _canvass(made, secretary)
        _alerts(made, secretary)
        _questions(made, secretary)
        add_feed(post=Post.objects.get(user=secretary), covers="place", name="手机", by=secretary)
    with made.at_work("worker"):
        _referral(made, made.users["worker"])
        _a_list_of_a_department(made)
    _visits(made)
    _forms(made)


def _cases(made: Made, by: User) -> None:
    """One case that was handled with a photo and closed, one in hand, one in confidence."""
    home = made.town.home("1", "201")
    reporter = cases.Reporter(name="陈德", phone="14300008888", wants_answer="phone")
    first = cases.take_case(
        text="卫生间天花板漏水", place=home, channel="phone", reporter=reporter, by=by
    )
    case = first.case
    keep_photo(about=case, picture=a_photo("orange"), by=by)
    cases.assign_case(case=case, by=by)
    cases.start_case(case=case, by=by)
    share = Task.objects.get(subject_kind="cases.case", subject_id=case.pk)
    finish_task(task=share, result="找到楼上漏点，已修好", by=by)
    case.refresh_from_db()
    cases.answer_case(case=case, text="楼上换了水管，已不漏。", by=by)
    cases.give_verdict(report=first.report, fixed=True, by=by)
    second = cases.take_case(text="楼道灯不亮", place=made.town.building("1"), by=by)
    cases.assign_case(case=second.case, by=by)
    hidden = cases.take_case(
        text="隔壁晚上打人，请不要说是我讲的", place=home, confidential=True, by=by
    )
    cases.assign_case(case=hidden.case, by=by)


def _canvass(made: Made, by: User) -> None:
    canvass = coverage.open_coverage(
        title="燃气安全入户排查",
        why="燃气条例第二十条，看软管和阀门",
        place=made.town.building("1"),
        condition={},
        until_on=today() + timedelta(days=7),
        by=by,
    )
    stops = CoverageRow.objects.filter(coverage=canvass).order_by("pk")
    given: tuple[dict[str, Any], ...] = (
        {"result": "reached", "way": "door", "words": "软管老化，已劝换"},
        {"result": "absent", "way": "door", "try_on": today() + timedelta(days=1)},
        {"result": "refused", "way": "phone", "words": "说没空"},
    )
    for stop, said in zip(
        stops.select_related("coverage", "place", "household", "by"), given, strict=False
    ):
        coverage.record(row=stop, by=by, **said)


def _alerts(made: Made, by: User) -> None:
    for key in ("turning-80", "reserve-short", "paper-ends"):
        facts = next(entry.facts() for entry in LIBRARY if entry.key == key)
        rule = alerts.save_rule(rule=AlertRule(place=made.town.community), given=facts, by=by)
        with system_scope("how many would there be"):
            would = sum(
                hit.path.startswith(made.town.community.path) for hit in find(rule, Look(today()))
            )
        alerts.switch_on(rule=rule, would=would, of=0, confirmed=would, by=by)
    alerts.issue_advisory(
        place=made.town.community,
        kind="typhoon",
        from_on=today(),
        until_on=today() + timedelta(days=2),
        words="台风明天登陆",
        by=by,
    )
    run_rules()


def _questions(made: Made, by: User) -> None:
    condition = questions.condition_json(questions.ask("70岁以上").condition)
    reports.save_report(
        name="70岁以上名单",
        subject="person",
        condition=condition,
        columns=["name", "age"],
        sort="name",
        shared=True,
        by=by,
    )
    reports.ask_export(
        subject="person",
        condition=condition,
        condition_text="70岁以上",
        columns=["name", "age"],
        sort="name",
        kind="xlsx",
        rows=4,
        purpose="service",
        words="重阳节上门慰问",
        by=by,
    )


def _referral(made: Made, by: User) -> None:
    proposed = directory.propose_referral(
        person=made.fresh("邬根发"),
        party=made.parties["律师"],
        topic="law",
        matter="想问遗嘱怎么写",
        consent=directory.ReferralConsent("spoken", "self", today(), phone=True),
        by=by,
    )
    directory.accept_referral(referral=proposed.referral, words="约了周三", by=by)


def _a_list_of_a_department(made: Made) -> None:
    here = linked.Here(
        made.town,
        *(made.people[name] for name in ("虞阿香", "邬根发", "虞小芳", "虞阿香9")),
        made.users["worker"],
        made.users["neighbour"],
    )
    run = linked.brought(here)
    linkage.run(run, here.worker)


def _visits(made: Made) -> None:
    worker = made.users["worker"]
    with made.at_work("secretary"):
        given = {
            "name": "80岁以上每周看",
            "condition": {"subject": "person", "where": {"field": "age", "op": "ge", "value": 80}},
            "every": 7,
        }
        visits.save_plan(
            plan=CarePlan(place=made.town.community), given=given, by=made.users["secretary"]
        )
    with made.at_work("worker"):
        person = made.fresh("虞阿香")
        visits.visit_at_once(person=person, why="邻居说没见到人", by=worker)
        visits.record_visit(person=person, way="door", words="在家，感冒了", draw=0.0, by=worker)
        promise = visits.make_promise(
            person=person, what="修楼道灯", due_on=today() + timedelta(days=2), by=worker
        )
        visits.keep_promise(promise=promise, words="换好了", draw=0.0, by=worker)
        late = visits.make_promise(
            person=made.fresh("邬根发"), what="装扶手", due_on=today(), by=worker
        )
        visits.break_promise(promise=late, reason="物业还没来", draw=1.0, by=worker)


def _forms(made: Made) -> None:
    """A form of the community that is handed in, and one of the subdistrict given out."""
    here = paper.Town(
        made.town,
        *(made.people[name] for name in ("虞阿香", "邬根发", "陈德", "虞阿香9")),
        *(made.users[name] for name in ("officer", "worker", "grid")),
    )
    with made.at_work("worker"):
        form = paper.brought(here)
        forms.ask_open_questions(
            form_instance=form, headings=[paper.missing(form, "文化程度")], by=here.worker
        )
        question = OpenQuestion.objects.filter(form_instance=form).first()
        if question is not None:
            forms.answer_question(open_question=question, value="primary", by=here.worker)
        forms.hand_in_form(form_instance=form, by=here.worker, with_open_questions=True)
    with made.at_work("officer"):
        paper.given_out(here, paper.a_form_of_the_officer(here))
