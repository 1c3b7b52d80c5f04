"""Papers of a facility: certificates with a number and a day, as a file or a link."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.core.moved_dates import tell_moved_dates
from linli.register.facilities import rules
from linli.register.facilities.actions.duties import check_date, may_keep
from linli.register.facilities.models import Facility, FacilityPaper
from linli.register.posts.models import User


@dataclass(frozen=True)
class NewPaper:
    """What a paper says; ``data`` is the file as it is kept, ``kind`` what it is."""

    name: str
    number: str = ""
    valid_until: date | None = None
    link: str = ""
    file_name: str = ""
    file_kind: str = ""
    data: bytes = b""


@action(
    "facility.keep_paper",
    term=gettext_noop("登记设施证件"),
    may=may_keep,
    journal="facility.paper_kept",
)
def keep_paper(*, facility: Facility, paper: NewPaper, by: User | None) -> FacilityPaper:
    """Keep a paper; one of the same name is replaced and stays readable."""
    name = paper.name.strip()
    if not name:
        raise Refused("paper.name", _("请写明证件名称"), "name", _("例如：使用登记证、检验合格证"))
    if paper.link and not paper.link.startswith(("https://", "http://")):
        raise Refused("paper.link", _("网址要以https://开头"), "link")
    if len(paper.data) > rules.LARGEST_PAPER:
        most = {"n": rules.LARGEST_PAPER // 1024 // 1024}
        raise Refused("paper.large", _("文件超过%(n)sMB") % most, "file", _("请缩小后再传"))
    check_date(paper.valid_until, "valid_until")
    FacilityPaper.objects.filter(facility=facility, name=name, ended=False).update(ended=True)
    facility_paper = FacilityPaper(
        facility=facility,
        name=name[:40],
        number=paper.number.strip()[:60],
        link=paper.link,
        valid_until=paper.valid_until,
        file_name=paper.file_name[-80:],
        file_kind=paper.file_kind,
        # A sealed column holds text.
        file=base64.b64encode(paper.data).decode(),
        by=by,
        scope_path=facility.scope_path,
    )
    facility_paper.save()
    _follow_papers(facility)
    data = {"until": str(paper.valid_until or ""), "paper": str(facility_paper.pk)}
    write_journal("facility.paper_kept", about=facility, text=name, data=data, by=by)
    tell_moved_dates(facility, by=by)
    return facility_paper


@action(
    "facility.end_paper",
    term=gettext_noop("作废设施证件"),
    may=may_keep,
    journal="facility.paper_ended",
)
def end_paper(*, paper: FacilityPaper, by: User | None) -> FacilityPaper:
    """Say that a paper holds no more; it stays readable."""
    paper.ended = True
    paper.save(update_fields=["ended"])
    _follow_papers(paper.facility)
    write_journal("facility.paper_ended", about=paper.facility, text=paper.name, by=by)
    tell_moved_dates(paper.facility, by=by)
    return paper


def _follow_papers(facility: Facility) -> None:
    """Write the earliest day on the facility, where rules and lists look."""
    days = FacilityPaper.objects.filter(
        facility=facility, ended=False, valid_until__isnull=False
    ).order_by("valid_until")
    facility.papers_until = days.values_list("valid_until", flat=True).first()
    facility.save()
