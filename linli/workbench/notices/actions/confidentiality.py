"""What was told about a record becomes confidential together with it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.notices import rules
from linli.workbench.notices.models import Delivery, Notice

may_hide = role_in(rules.MAY_HIDE)


@action("notice.hide", term=gettext_noop("通知保密"), may=may_hide, journal="notice.hidden")
def hide_notices(*, about: models.Model, hidden: bool, by: User | None) -> int:
    """Leave what was told about a record to whoever told it, or show it again; return how many."""
    notices = Notice.objects.filter(subject_kind=about._meta.label_lower, subject_id=about.pk)
    keys = list(notices.exclude(confidential=hidden).values_list("pk", flat=True))
    Delivery.objects.filter(notice_id__in=keys).update(confidential=hidden)
    Notice.objects.filter(pk__in=keys).update(confidential=hidden)
    data = {"notices": len(keys), "hidden": hidden}
    write_journal("notice.hidden", about=about, data=data, by=by)
    return len(keys)
