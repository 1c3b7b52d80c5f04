"""Who may ask for which field, and how its value reaches the eye: one place for every caller.

What may not be seen may not be asked, compared, sorted, grouped or counted: with equality and
bounds a covered birth date falls in 17 questions and an identity number in 13.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.fields import AllOf, AnyOf, Compare, Dictionary, Field, Has, Node, Not, Op
from linli.register.posts.rules import Access, access, may_be_asked


def access_to(field: Field, role: str) -> Access:
    """How does this role see the field?"""
    return Access(
        access(
            role=role, sensitivity=field.sensitivity.value, subject=field.subject, field=field.key
        )
    )


def is_askable(field: Field, role: str) -> bool:
    """May this role compare, sort and group by the field? Covered values answer nothing."""
    return may_be_asked(access=access_to(field, role), is_known=False)


def ops_for(field: Field, role: str) -> frozenset[Op]:
    """Return what this role may ask of a field; of a covered one, whether there is a value."""
    seen = access_to(field, role)
    return frozenset(op for op in field.ops if may_be_asked(access=seen, is_known=op is Op.KNOWN))


def refuse_hidden(field: Field, role: str) -> None:
    """Refuse a field that the role may not see."""
    if access_to(field, role) is Access.HIDDEN:
        raise Refused(
            "condition.hidden",
            _("您的岗位不能按“%(label)s”查询") % {"label": _(field.label)},
            field.key,
            _("需要时请找社区书记或街道管理员。"),
        )


def refuse_asking(field: Field, role: str, op: Op | None = None) -> None:
    """Refuse a field that the role sees hidden or covered; ``op`` None: to sort or group by it."""
    refuse_hidden(field, role)
    if not may_be_asked(access=access_to(field, role), is_known=op is Op.KNOWN):
        raise Refused(
            "condition.masked",
            _("“%(label)s”是遮盖的，不能用来查询、排序和统计") % {"label": _(field.label)},
            field.key,
            _("年龄、出生年份、下月满岁数可以查；按号码找人请用“按号码查人”，要写用途。"),
        )


def check_access(node: Node, subject: str, dictionary: Dictionary, role: str) -> None:
    """Refuse a condition that asks anywhere in it for what the role may not see in the open."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                check_access(part, subject, dictionary, role)
        case Not(part):
            check_access(part, subject, dictionary, role)
        case Has(key, where, _at_least):
            relation = dictionary.subject(subject).relation(key)
            if relation is not None:
                check_access(where, relation.target, dictionary, role)
        case Compare(key, op, _value):
            refuse_asking(dictionary.field(subject, key), role, op)
