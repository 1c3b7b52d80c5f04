"""Does a condition change its answer by time alone, between two days?"""

from __future__ import annotations

from datetime import date

from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries.evaluate import condition_of, words_now
from linli.core.fields import AllOf, AnyOf, Compare, Dictionary, Has, Node, Not, Op
from linli.workbench.conditions.evaluation.python_evaluator import with_base


def is_time_bound(rule: AlertRule, before: date, on: date) -> bool:
    """Must everything be looked at, because time passed or because others' facts are asked?"""
    words = words_now()
    condition = condition_of(rule, words)
    subject = words.subject(condition.subject)
    return _bound(with_base(subject, condition.where), subject.key, words, before, on)


def _bound(node: Node, subject: str, words: Dictionary, before: date, on: date) -> bool:
    match node:
        case AllOf(parts) | AnyOf(parts):
            return any(_bound(part, subject, words, before, on) for part in parts)
        case Not(part):
            return _bound(part, subject, words, before, on)
        case Has():
            return True  # another row may have changed, and this one did not
        case Compare(_, Op.WITHIN | Op.COMING, _):
            return before != on
        case Compare(key, op, value):
            field = words.field(subject, key)
            if field.rewrite is None:
                return False
            # What is asked of stored facts on both days: the same question, the same answer.
            then, now = (field.rewrite(op, value, day) for day in (before, on))
            return then != now or _bound(now, subject, words, before, on)
    return True
