"""The last rehearsal of a restore: noted down when it is done, told by every `linli check`."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from linli.core.database import marks

LAST_REHEARSAL = "last_rehearsal.json"  # beside the data: when, what and how long
OLDEST = timedelta(days=35)
DO_IT = "现在就演练一次：linli rehearse-restore"


def note_file() -> Path:
    """Return where the note of the last rehearsal lies."""
    return settings.DATA_DIR / LAST_REHEARSAL


def note(**told: Any) -> None:
    """Write down when it was, of which file, how long it took and what was found."""
    part = note_file().with_suffix(".part")
    told = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **told}
    part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    part.replace(note_file())


def look_at_the_last() -> tuple[str, str, str]:
    """Return a state, a sentence and what to do: bad when the last one failed."""
    if not note_file().exists():
        if marks.bears_the_mark():
            return "good", "演示数据，不用演练", ""
        return "warn", "还没有演练过恢复：没有恢复过的备份，不知道能不能用", DO_IT
    try:
        told = json.loads(note_file().read_text(encoding="utf-8"))
        age = datetime.now(UTC) - datetime.fromisoformat(told["at"]).astimezone()
        is_good, file, why = bool(told["good"]), str(told["file"]), str(told.get("why", ""))
    except (ValueError, KeyError, TypeError):
        return "bad", f"演练的记录读不出来：{note_file()}", DO_IT
    when = f"上次在 {age.days} 天前（{file}）"
    if not is_good:
        return "bad", f"没有通过：{why}；{when}", f"重新备份以后，{DO_IT}"
    if age > OLDEST:
        return "warn", f"{OLDEST.days} 天没有演练了：{when}", DO_IT
    return "good", f"{when}，用时 {told.get('seconds', 0)} 秒，通过", ""
