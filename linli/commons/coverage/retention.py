"""What retention does with coverages: what a household said goes with it, or with who left it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from linli.commons.coverage.models import CoverageRow
from linli.core.retention import HOUSEHOLD, ErasureMode, TableDeclaration, declare
from linli.register.people.models import Residence
from linli.workbench.journal.models import Mention


def _households(person: int) -> QuerySet[Residence, int | None]:
    stays = Residence.objects.filter(person=person, household__isnull=False)
    return stays.values_list("household", flat=True)


def rows_where_they_lived(person: int) -> QuerySet[CoverageRow]:
    """Return rows with words of households somebody lived in: any of them may be meant."""
    rows: QuerySet[CoverageRow] = CoverageRow.objects.filter(
        household__in=_households(person), coverage__closed_on__isnull=False
    )
    return rows.exclude(words="")


def entries_where_they_lived(person: int) -> Q:
    """Find the entries that say the same."""
    mentioned = Mention.objects.filter(
        subject_kind="people.household", subject_id__in=_households(person)
    )
    return Q(kind="canvass.recorded", pk__in=mentioned.values("entry"))


def declare_tables() -> None:
    """Tell the registry."""
    declare(
        TableDeclaration(
            "coverage.CoverageRow",
            (),
            ErasureMode.BLANK,
            "走访已结束；说了什么可能说的是本人，结果留作数字",
            rows=rows_where_they_lived,
            entries=entries_where_they_lived,
            blank={"words": ""},
        ),
        TableDeclaration(
            "coverage.CoverageRow",
            ("household",),
            ErasureMode.DELETE,
            "上门时说了什么，是这一户的信息",
            about=HOUSEHOLD,
        ),
    )
