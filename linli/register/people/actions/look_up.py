"""Looking somebody up by an identity number or a phone: for a stated purpose, so often a day."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.network.rate_limit import is_rate_limited
from linli.core.scope import current_scope, use_scope
from linli.register.people.actions.reveal import may_reveal, purpose_words
from linli.register.people.models import Person
from linli.register.people.queries import number_kind, people_by_number
from linli.register.people.rules import MOST_BY_NUMBER, look_ups_a_day
from linli.register.posts.models import User

A_DAY = 24 * 3600


@action(
    "person.look_up", term=gettext_noop("按号码查人"), may=may_reveal, journal="person.looked_up"
)
def look_up(*, number: str, purpose: str, words: str, by: User) -> list[Person]:
    """Find who has an identity number, a phone or its last four digits; found or not, it counts."""
    kind = number_kind(number)
    if not kind:
        raise Refused(
            "look_up.number",
            _("这不是身份证号、电话，也不是电话的后四位"),
            "number",
            _("请核对位数；姓名、门牌请到“找人”里找。"),
        )
    purpose_text = purpose_words(purpose, words)
    scope = current_scope()
    most = look_ups_a_day(role=scope.role)
    if is_rate_limited("look_up", f"user-{by.pk}", most, seconds=A_DAY):
        raise Refused(
            "look_up.too_often",
            _("今天按号码查人已满%(n)s次") % {"n": most},
            "number",
            _("明天再查；急用请找社区书记或街道干部。"),
        )
    people = list(people_by_number(number)[:MOST_BY_NUMBER])
    # The journal takes the purpose of its entries from the scope.
    with use_scope(replace(scope, purpose=purpose_text)):
        data = {"kind": kind, "purpose": purpose, "found": len(people)}
        for person in people:
            write_journal("person.looked_up", about=person, data=data, by=by)
        # Trying numbers leaves a trace as well.
        if not people:
            path = min(scope.paths, default="")
            write_journal("person.looked_up", data=data, scope_path=path, by=by)
    return people
