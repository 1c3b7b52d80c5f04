"""How an office without a server room is served: name, ports and certificate, kept in a note.

The note lies in ``<data>/office/office.json``. Whatever runs with the same data reads it: what
works beside the pages builds the same links, and a second start needs no options.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from linli.core.office import addresses

FOLDER, NOTE = "office", "office.json"
PORT, STEPS_PORT = 8443, 8080
THIS_MACHINE = ("127.0.0.1", "localhost")


@dataclass(frozen=True)
class Office:
    """What an office serves; without a name it is found by its address, without a host by all."""

    folder: Path
    name: str = ""
    port: int = PORT
    steps_port: int = STEPS_PORT
    host: str = ""
    certificate: str = ""
    key: str = ""

    @property
    def has_authority(self) -> bool:
        """Does the office vouch for itself? Then phones are given its certificate once."""
        return not self.certificate

    @property
    def addresses(self) -> list[str]:
        """Return the addresses in the office's network that it is served at, the usual first."""
        if self.host:
            return [self.host]
        return [one for one in addresses.of_this_machine() if _is_inner(one)]

    @property
    def dns_names(self) -> list[str]:
        """Return the names it may be called by; ``….local`` is this machine's in the network."""
        own = addresses.host_name()
        names = [self.name, f"{own}.local" if own and own != "localhost" else "", "localhost"]
        return list(dict.fromkeys(name for name in names if name))

    @property
    def address(self) -> str:
        """Return where the pages are: by name if it has one."""
        return f"https://{self.name or self.number}:{self.port}"

    @property
    def number(self) -> str:
        """Return the address that phones reach without knowing a name."""
        return next(iter(self.addresses), THIS_MACHINE[0])

    @property
    def steps_address(self) -> str:
        """Return where a phone learns to trust it: plain HTTP, by number."""
        return f"http://{self.number}:{self.steps_port}/"

    @property
    def ports(self) -> tuple[int, ...]:
        """Return what it listens on; a real certificate needs no page of steps."""
        return (self.port, self.steps_port) if self.has_authority else (self.port,)

    @property
    def hosts(self) -> list[str]:
        """Return every host that a request may name."""
        return list(dict.fromkeys([*self.dns_names, *self.addresses, *THIS_MACHINE]))

    def with_options(self, **given: Any) -> Office:
        """Return the same with what was given; what is None stays as it was."""
        return replace(self, **{name: value for name, value in given.items() if value is not None})

    def keep(self) -> None:
        """Remember it, whole or not at all, for this user alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        told = {name: value for name, value in asdict(self).items() if name != "folder"}
        write_privately(self.folder / NOTE, json.dumps(told, ensure_ascii=False).encode())


def _is_inner(address: str) -> bool:
    return addresses.is_of_an_office(address)


def is_set_up(data_dir: Path) -> bool:
    """Was this data ever served to an office?"""
    return (data_dir / FOLDER / NOTE).is_file()


def read(data_dir: Path) -> Office:
    """Return what the note says; before the first start there is none."""
    office = Office(data_dir / FOLDER)
    try:
        told = json.loads((office.folder / NOTE).read_text(encoding="utf-8"))
        return office.with_options(**told)
    except (OSError, ValueError, TypeError):  # the next start writes it anew
        return office


def write_privately(file: Path, content: bytes) -> None:
    """Write a file that only this user can read, whole or not at all."""
    part = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
