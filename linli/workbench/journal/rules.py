"""How long a note may be, how large a photo: no Django, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from linli.core.rules import rule

TAKES_PHOTOS_OFF = frozenset({"community_worker", "secretary", "subdistrict_officer"})
WRITES_NOTES = frozenset(
    {
        "subdistrict_officer",
        "secretary",
        "community_worker",
        "grid_worker",
        "micro_grid_lead",
        "property_manager",
    }
)
# Kinds that say nothing of anybody's health or hardship: open also to those who give no care.
# What is told about a task or a case is further limited to those the post may see.
SAYS_NO_CARE = (
    "person.",
    "household.",
    "place.",
    "facility.",
    "duty.",
    "party.",
    "case.",
    "task.",
    "journal.photo_kept",
)
# But when somebody was last contacted is as sensitive as the care itself.
SAYS_CARE = frozenset({"person.contacted", "person.contact_taken_back"})
# The acts that name entries whose words went: somebody's data was deleted; one entry was emptied; a
# restored backup had brought words back.
ERASED, REDACTED, REDACTED_AGAIN = "retention.erased", "journal.redacted", "journal.redacted_again"
REDACTING = frozenset({ERASED, REDACTED, REDACTED_AGAIN})
SEALED_ANEW = "journal.sealed_anew"
MAY_REDACT = frozenset({"subdistrict_officer", "secretary"})
SHORTEST_LOG_PURPOSE = 4  # characters
LONGEST_NOTE = 5000  # characters: a minute of dictation is some 250
MIB = 1024 * 1024
LARGEST_FILE = 15 * MIB
MOST_PIXELS = 50_000_000
# Some 250 kB each: small enough to be stored in the database (decision 0013).
LONGEST_SIDE = 1600
QUALITY = 80
MOST_PHOTOS = 9


@rule(
    says="照片只留1600像素以内的一份，拍摄位置默认去掉",
    source="个人信息保护法第6条：最小范围；设计：默认不记位置",
    since="2026-11-23",
    examples=(
        ({"width": 4000, "height": 3000}, (1600, 1200)),
        ({"width": 800, "height": 600}, (800, 600)),
    ),
)
def kept_size(*, width: int, height: int) -> tuple[int, int]:
    """Return the size in pixels at which a photo is kept."""
    longest = max(width, height)
    if longest <= LONGEST_SIDE:
        return width, height
    return round(width * LONGEST_SIDE / longest), round(height * LONGEST_SIDE / longest)


def as_ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Return numbers as ranges [first, last], both included: one act may name hundreds."""
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


def numbers_in(ranges: Iterable[Sequence[int]]) -> Iterator[int]:
    """Yield the numbers of ranges [first, last]."""
    for first, last in ranges:
        yield from range(first, last + 1)
