"""A reminder of a task, as a message to whoever has it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linli.workbench.notices.actions.send import send_notice
from linli.workbench.notices.recipients import Recipient
from linli.workbench.tasks.kinds import Reminder


def tell_of_reminder(reminder: Reminder) -> None:
    """Tell those who are reminded: what, until when, who asks. Of what is confidential no word."""
    task = reminder.task
    title = _("保密事项") if task.confidential else task.title
    by = reminder.by.name if reminder.by is not None else ""
    words = [title, _("期限%(day)s") % {"day": task.due_on} if task.due_on else "", by]
    send_notice(
        key=reminder.key,
        about=task,
        recipients=[Recipient(user.name, user=user) for user in reminder.people],
        subject=_("催办：%(title)s") % {"title": title[:40]},
        text=" · ".join(word for word in words if word)[:480],
        by=reminder.by,
        confidential=task.confidential,
    )
