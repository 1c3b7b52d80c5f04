"""Opening what was kept of a change."""

from __future__ import annotations

from datetime import datetime

from linli.core.personal_data.crypto import decrypt, open_json
from linli.register.people.reversal.memory import VERSION, Memory
from linli.register.people.reversal.version_1 import memory_of_version_1

OF_NUMBERED_ROWS = ("created", "people", "stamps", "stays_made", "stays", "households")


def read_memory(text: str) -> Memory:
    """Read sealed text back; keys of JSON are texts and become numbers again."""
    content = open_json(decrypt(text))
    if content.pop("version", 1) != VERSION:
        return memory_of_version_1(content)
    for name in OF_NUMBERED_ROWS:
        content[name] = {int(key): value for key, value in content[name].items()}
    return Memory(**{**content, "moment": datetime.fromisoformat(content["moment"])})
