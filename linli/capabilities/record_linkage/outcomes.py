"""A list laid against the register: the bucket of each row, and what it says otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from linli.capabilities.record_linkage import register_entries
from linli.capabilities.record_linkage.list_entries import ListEntry, listed
from linli.capabilities.record_linkage.matching import Matcher, RowMatch
from linli.capabilities.record_linkage.register_entries import Progress
from linli.capabilities.record_linkage.terms import Bucket
from linli.core.batches import in_batches
from linli.register.people.models import Person
from linli.register.people.terms import PersonStatus
from linli.workbench.imports.addresses import Tree
from linli.workbench.imports.enumeration_guard import guesses_in, hint, sentence_of
from linli.workbench.imports.matching import registered_elsewhere
from linli.workbench.imports.parsed_row import FactColumns
from linli.workbench.imports.reading import SheetRow


@dataclass
class ComparedRow:
    """One row after matching: its bucket, whom it may be about, why it cannot be used."""

    row: ListEntry
    match: RowMatch
    bucket: str
    why: str = ""


@dataclass
class LinkageResult:
    """Every row of a list, and how many are in which bucket."""

    rows: list[ComparedRow] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows are in each bucket."""
        counted = Counter(row.bucket for row in self.rows)
        return {bucket: counted[bucket] for bucket in Bucket.values}


def compared(
    rows: Sequence[SheetRow], columns: FactColumns, progress: Progress = lambda done, of: None
) -> LinkageResult:
    """Match every row within the active scope; nothing is written."""
    tree = Tree()
    # Reading and matching each count for half of what the page shows.
    entries = listed(rows, columns, tree, lambda done, of: progress(done // 2, of))
    guesses = guesses_in((entry.number, entry.entry.name) for entry in entries)
    usable = [
        entry
        for entry in entries
        if (entry.entry.name or entry.entry.number) and entry.number not in guesses
    ]
    matcher = Matcher(
        register_entries.everybody(tree),
        [one.entry for one in usable],
        opened=register_entries.decrypt_entries,
    )
    matches = matcher.matches(lambda done: progress(len(rows) // 2 + done // 2, len(rows)))
    result = LinkageResult()
    by_row = {match.row: match for match in matches}
    for entry in entries:
        match = by_row.get(entry.number, RowMatch(entry.number, "new"))
        result.rows.append(ComparedRow(entry, match, Bucket(match.bucket).value))
    _refuse(result.rows)
    for compared_row in result.rows:
        if (rows_of_it := guesses.get(compared_row.row.number)) is not None:
            compared_row.bucket = Bucket.UNUSABLE
            compared_row.why = f"{sentence_of(rows_of_it)}。{hint()}"
    progress(len(rows), len(rows))
    return result


def _refuse(rows: Sequence[ComparedRow]) -> None:
    """Set aside rows about nobody, about somebody elsewhere, and about people who are gone."""
    # Only of rows that would be added: a number known here is never asked about elsewhere.
    numbers = {
        compared_row.row.entry.number
        for compared_row in rows
        if compared_row.bucket == Bucket.NEW and compared_row.row.entry.number
    }
    elsewhere = registered_elsewhere(numbers)
    best = [compared_row.match.rivals[0].key for compared_row in rows if compared_row.match.rivals]
    gone: dict[int, str] = {}
    for keys in in_batches(sorted(set(best))):
        away = Person.objects.filter(pk__in=keys).exclude(status=PersonStatus.CURRENT)
        gone |= dict(away.values_list("pk", "status"))
    for compared_row in rows:
        if not compared_row.row.entry.name and not compared_row.row.entry.number:
            compared_row.bucket, compared_row.why = (
                Bucket.UNUSABLE,
                _("没有姓名，也没有可用的证件号码"),
            )
        elif compared_row.row.entry.number in elsewhere:
            compared_row.bucket, compared_row.why = (
                Bucket.ELSEWHERE,
                _("这个证件号码登记在您的范围以外"),
            )
        elif compared_row.bucket == Bucket.SURE and compared_row.match.rivals[0].key in gone:
            label = PersonStatus(gone[compared_row.match.rivals[0].key]).label
            compared_row.bucket, compared_row.why = (
                Bucket.UNUSABLE,
                _("底册里这个人%(status)s") % {"status": label},
            )
