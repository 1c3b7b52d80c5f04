"""What the child that reads a file may use. Plain Python: the child imports it too."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Measured: a million filled cells take 110 MiB and 1 s to parse, so these leave room.

    ``memory`` bounds the child's address space, ``output`` what it may answer, ``expanded`` what a
    zip may hold; 0 switches a limit off, which only tests do. ``queue`` is where it waits for its
    turn: reading does not wait for filling.
    """

    memory: int = 256 * MIB
    cpu_seconds: int = 8
    wall_seconds: float = 10.0
    output: int = 96 * MIB
    upload: int = 20 * MIB
    expanded: int = 160 * MIB
    ratio: int = 150
    ratio_from: int = 32 * MIB
    members: int = 2000
    rows: int = 50_000
    columns: int = 200
    box: int = 4_000_000  # cells from A1 to the last filled one: the parser lays them all out
    queue: str = "read"


# A form may take many people, and a list as long as a subdistrict is written cell by cell.
FILLING = Limits(
    memory=1024 * MIB, cpu_seconds=60, wall_seconds=90.0, output=128 * MIB, queue="fill"
)
# 50 million pixels lie in memory at four bytes each while they are made smaller.
PHOTO = Limits(memory=448 * MIB, output=32 * MIB, queue="photo")
