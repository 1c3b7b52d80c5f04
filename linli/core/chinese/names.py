"""Personal names as lists write them: what is the name, what stands beside it, who is the same.

Import, linkage and search compare names by ``name_key`` and in no other way.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from linli.core.chinese.normalise import for_matching, tidy

# Written between the parts of a name by one keyboard or another, or by nobody at all.
_JOINERS = re.compile(r"[\s·•‧∙⋅・･．.。'’`\-‐‑–—]+")
_BRACKETED = re.compile(r"[(（\[【〔<《](.*?)[)）\]】〕>》]")
_TITLE = re.compile("(?:先生|女士|小姐|同志|老师|师傅|阿姨|大爷|大妈|户主)$")
_DECEASED = re.compile(r"^(?:已)?[故亡殁](?=[\u3400-\u9fff]{2,4}$)")
_SEVERAL = re.compile(r"[、，,;；/／\\\n\r|&+]|(?<=[\u3400-\u9fff]{2})和(?=[\u3400-\u9fff]{2,4}$)")
_LOST = re.compile(r"[?？□■○◯●◇〇�_＿×*＊]|(?<=[\u3400-\u9fff])[xX]+$|某")
GAP = "?"
_NOBODY = frozenset(
    {"无", "空", "空户", "空房", "空置", "无人", "不详", "未知", "暂无", "同上", "出租", "合计"}
    | {"小计", "总计", "null", "none", "nan", "n/a", "-", "--", "/"}
)
_KINSHIP = re.compile(r"之(?:妻|夫|子|女|父|母|孙|孙女|媳|婿)$")


@dataclass(frozen=True)
class WrittenName:
    """``name`` is what is left of the text, ``remark`` what stood beside it.

    ``problem`` is empty, or says why this is no name to believe: "nobody" (空户), "several"
    (钱七、孙八), "lost" (王?, 李先生: a part is missing or covered), "kinship" (蒋七之妻) or
    "digits".
    """

    name: str
    remark: str = ""
    problem: str = ""


@lru_cache(maxsize=131_072)
def name_key(text: str) -> str:
    """Return the spelling by which two names are compared; never store it as the name.

    Width, script, spaces, invisible marks, middle dots and private-use codes of old encodings
    make no difference.
    """
    # Put together anew: a mark that stood behind a space may now belong to a letter.
    return unicodedata.normalize("NFC", _JOINERS.sub("", for_matching(text)))


def key_with_gaps(name: str) -> str:
    """Return a ``name_key`` in which every lost or covered character is GAP."""
    return name_key(_LOST.sub(GAP, name))


def same_name(one: str, other: str) -> bool:
    """Tell whether two texts spell the same name; nothing is the same as an empty name."""
    key = name_key(one)
    return bool(key) and key == name_key(other)


def written_name(text: str) -> WrittenName:
    """Take a cell that should hold one name apart; never raises, never guesses a name."""
    raw = text.strip()
    if not raw or for_matching(raw) in _NOBODY:
        return WrittenName("", problem="nobody" if raw else "")
    remarks, bare = _BRACKETED.findall(raw), _BRACKETED.sub("", raw).strip()
    if _SEVERAL.search(bare):
        return WrittenName(tidy(bare), problem="several")
    name, remarks = _without_beside(tidy(bare), remarks)
    return WrittenName(name, " ".join(tidy(r) for r in remarks if r), _problem(name, remarks))


def _without_beside(name: str, remarks: list[str]) -> tuple[str, list[str]]:
    if found := _DECEASED.match(name):
        name, remarks = name[found.end() :], [*remarks, found[0]]
    if found := _TITLE.search(name):
        name, remarks = name[: found.start()], [*remarks, found[0]]
    return name, remarks


def _problem(name: str, remarks: list[str]) -> str:
    key = name_key(name)
    if not key or key in _NOBODY:
        return "nobody"
    if _KINSHIP.search(name):
        return "kinship"
    # 李先生 leaves a surname: a name of one character alone may be whole.
    if _LOST.search(name) or (len(key) == 1 and any(map(_TITLE.search, remarks))):
        return "lost"
    return "digits" if any(c.isdigit() for c in name) else ""
