"""What a rule's post may see: a rule tells nobody what they may not ask."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.capabilities.alerts.models import AlertRule
from linli.capabilities.alerts.queries.evaluate import condition_of
from linli.capabilities.alerts.terms import When
from linli.core.errors import Refused
from linli.core.scope import current_scope
from linli.register.posts.rules import CARE, Access, access
from linli.register.posts.terms import Role
from linli.workbench.conditions.access import access_to, check_access
from linli.workbench.conditions.own_fields import dictionary


def seen_by_the_post(rule: AlertRule) -> None:
    """Refuse a rule that would tell a post what it may not see."""
    words = dictionary()
    try:
        check_access(condition_of(rule, words).where, rule.subject, words, rule.role)
    except Refused as refused:
        raise Refused(
            "alert.hidden",
            _("%(role)s不能看条件里的信息") % {"role": Role(rule.role).label},
            "role",
            _("请换一个岗位来办，或去掉这一项条件。"),
        ) from refused
    for key in filter(None, (rule.field, rule.other)):
        field = words.field(rule.subject, key)
        # The writer too: a rule must not find out what its author may not ask.
        for role in (rule.role, current_scope().role):
            if not _is_told(rule, access_to(field, role), role):
                names = {"role": dict(Role.choices).get(role, role), "label": _(field.label)}
                raise Refused("alert.hidden", _("%(role)s不能看“%(label)s”") % names, "role")


def _is_told(rule: AlertRule, seen: Access, role: str) -> bool:
    """May a rule tell this role of a date? Of a covered one its month, to those who give care."""
    gives_care = access(role=role, sensitivity=CARE) is Access.OPEN
    return seen is Access.OPEN or (
        seen is Access.MASKED and rule.when == When.DATE and not rule.months and gives_care
    )
