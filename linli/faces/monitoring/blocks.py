"""What officers must hear of the machine itself: who runs it may look at its checks too rarely."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.core.database.marks import is_demonstration
from linli.faces.cli import health


def needs_somebody(request: HttpRequest) -> list[str] | None:
    """Return what is wrong with the machine in plain sentences; None when all is well.

    One question to the database and one file: what `linli check` asks further takes too long here.
    """
    if is_demonstration():
        return None
    wrong = []
    if health.worker().state == "bad":
        wrong.append(_("后台任务停了：提醒、通知都没有在发"))
    if health.backup_age().state == "bad":
        wrong.append(_("没有新的备份：机器坏了，数据就没有了"))
    if health.space().state == "bad":
        wrong.append(_("磁盘快满了：很快就什么都存不进去"))
    return wrong or None
