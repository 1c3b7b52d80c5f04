"""吹哨：alerts list 列规则，try 规则 --from 日期 --to 日期 试一试，run 跑一遍。"""

from __future__ import annotations

import argparse
from datetime import date, timedelta

from django.utils.translation import gettext as _

from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries import Trial, explained, record_of, rules_here, trial
from linli.capabilities.alerts.queries.presenters import Record
from linli.capabilities.alerts.runner import run_rules
from linli.core.errors import NotFound, Refused
from linli.core.interface.commands import CommandContext
from linli.core.scope import current_scope, scope_or_none, system_scope
from linli.core.time import today


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, for which rule, and when."""
    parser.add_argument("what", choices=["list", "try", "run"], help="列规则、试一条、跑一遍")
    parser.add_argument("rule", nargs="?", default="", metavar="RULE", help="规则的编号或名称")
    parser.add_argument("--from", dest="since", metavar="DATE", help="试：从哪天")
    parser.add_argument("--to", dest="until", metavar="DATE", help="试：到哪天")
    parser.add_argument("--at", metavar="DATE", help="跑：当作哪天")
    parser.add_argument("--whole", action="store_true", help="跑：从头看，不只看变化")


def run(given: CommandContext) -> int:
    """Do it under the scope of ``--as``, or for the whole installation at the machine itself."""
    if scope_or_none() is None:
        with system_scope("rules of the installation, asked at the machine itself"):
            return _do(given)
    return _do(given)


def _do(given: CommandContext) -> int:
    what = given.options.what
    if what == "list":
        return _list(given)
    return _try(given) if what == "try" else _run(given)


def _day(text: str | None, otherwise: date) -> date:
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(
            "alert.date", _("“%(text)s”不是日期") % {"text": text}, hint=_("例如 2026-11-23")
        ) from None


def _list(given: CommandContext) -> int:
    listed = list(rules_here())
    records = record_of(listed)
    for rule in listed:
        record = records.get(rule.pk, Record())
        state = _("启用") if rule.is_on else _("停用")
        given.say(f"{rule.pk}  {rule.name}  {state}  {record.words}")
        given.say(f"    {_sentence(rule)}")
        given.answer(
            id=rule.pk,
            name=rule.name,
            place=rule.place.name,
            on=rule.is_on,
            sentence=_sentence(rule),
            live=record.live,
            done=record.done,
            false=record.false,
            mostly_false=record.is_mostly_false,
            error_text=rule.error_text,
        )
    if not listed:
        given.say(_("没有规则"))
    return 0


def _sentence(rule: AlertRule) -> str:
    try:
        return explained(rule)
    except Refused as refused:
        return refused.sentence


def _asked(name: str) -> AlertRule:
    here = rules_here()
    rule: AlertRule | None = here.filter(name=name).first()
    # A rule may be called by a number; a longer one does not fit the databases' integers.
    if rule is None and name.isdigit() and len(name) < 12:
        rule = here.filter(pk=int(name)).first()
    if rule is None:
        raise NotFound(_("没有找到规则“%(name)s”") % {"name": name})
    return rule


def _try(given: CommandContext) -> int:
    rule = _asked(given.options.rule)
    until = _day(given.options.until, today())
    since = _day(given.options.since, until - timedelta(days=365))
    tried: Trial = trial(rule, since=since, until=until, today=today())
    given.say(_sentence(rule))
    given.say(tried.words + "。" + tried.basis)
    for month, count in tried.by_month:
        given.say(f"  {month}  {count}")
    given.answer(
        rule=rule.pk,
        since=str(since),
        until=str(until),
        never=tried.never,
        total=tried.total if tried.has_history else None,
        most_at_one=tried.most_at_one,
        busiest=tried.busiest,
        by_month=dict(tried.by_month),
        now=tried.now,
        of=tried.of,
        words=tried.words,
        basis=tried.basis,
    )
    return 0


def _run(given: CommandContext) -> int:
    if not current_scope().everything:
        raise Refused("alert.run", _("跑规则要在服务器上，不带--as"))
    only = _asked(given.options.rule).pk if given.options.rule else None
    went = run_rules(on=_day(given.options.at, today()), whole=given.options.whole, rule=only)
    given.say(
        _("看了%(rules)s条规则，吹哨%(blown)s次，消除%(cleared)s次，告知%(told)s人")
        % {"rules": went.rules, "blown": went.raised, "cleared": went.cleared, "told": went.told}
    )
    if went.failed:
        given.warn(_("%(n)s条规则没跑成，请看规则页面") % {"n": went.failed})
    given.answer(
        rules=went.rules,
        raised=went.raised,
        cleared=went.cleared,
        told=went.told,
        failed=went.failed,
    )
    return 1 if went.failed else 0
