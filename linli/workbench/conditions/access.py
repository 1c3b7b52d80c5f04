"""Who may ask for which field, and how its value reaches the eye: one place for every caller."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.core.errors import Refused
from linli.core.fields import AllOf, AnyOf, Compare, Dictionary, Field, Has, Node, Not
from linli.register.posts.rules import Access, access


def access_to(one: Field, role: str) -> Access:
    """How does this role see the field?"""
    return Access(access(role=role, sensitivity=one.sensitivity.value))


def refuse_hidden(one: Field, role: str) -> None:
    """Refuse a field that the role may not see."""
    if access_to(one, role) is Access.HIDDEN:
        raise Refused(
            "condition.hidden",
            _("您的岗位不能按“%(label)s”查询") % {"label": one.label},
            one.key,
            _("需要时请找社区书记或街道管理员。"),
        )


def check_access(node: Node, subject: str, dictionary: Dictionary, role: str) -> None:
    """Refuse a condition that asks for a hidden field anywhere in it."""
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
        case Compare(key, _op, _value):
            refuse_hidden(dictionary.field(subject, key), role)
