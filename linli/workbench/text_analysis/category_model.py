"""What an installation knows: the shipped examples and its dispatchers' choices, kept in memory."""

from __future__ import annotations

import csv
import os
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from linli.workbench.text_analysis.classifier import BadModel, Model, load
from linli.workbench.text_analysis.texts import as_learnt
from linli.workbench.text_analysis.training import Row, newest, train, version_of

DATA = Path(__file__).with_name("data")
AGAIN_AFTER = 600.0  # seconds; a dispatcher's choice counts from then on
AT_ONCE = 300  # choices; with more, the first caller gets the shipped model and need not wait
Corrections = Callable[[], Iterable[Row]]


@lru_cache(maxsize=1)
def shipped() -> tuple[Row, ...]:
    """Return the invented examples that come along, with the codes of the shipped taxonomy."""
    with (DATA / "seeds.csv").open(encoding="utf-8", newline="") as file:
        examples = [(as_learnt("", row["text"]), row["code"]) for row in csv.DictReader(file)]
    used = {code for _text, code in examples}
    named = [(as_learnt("", name), code) for code, name in names().items() if code in used]
    return (*named, *examples)


def names() -> dict[str, str]:
    """Return the names of the shipped categories by code."""
    with (DATA / "taxonomy.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def shipped_names() -> list[str]:
    """Return what the shipped categories are called, once each."""
    return list(dict.fromkeys(names().values()))


def lessons(corrections: Iterable[Row] = ()) -> list[Row]:
    """Return all there is to learn from: examples, then choices (newest first) as they came."""
    return newest([*shipped(), *reversed(list(corrections))])


def learn(corrections: Iterable[Row] = ()) -> Model:
    """Learn from the shipped examples and what dispatchers chose (text, category), newest first."""
    return _learnt(lessons(corrections))


def _learnt(rows: list[Row]) -> Model:
    return train([text for text, _code in rows], [code for _text, code in rows])


class Learner:
    """Keeps one model; learns again in the background, not oftener than every few minutes.

    With a ``file`` what was learnt outlives the process, and several processes learn once.
    """

    def __init__(self, again_after: float = AGAIN_AFTER, *, in_background: bool = True) -> None:
        self.file: Path | None = None
        self._again_after = again_after
        self._in_background = in_background
        self._guard = threading.Lock()
        self._mark: Hashable = None
        self._model: Model | None = None
        self._tried_at = 0.0
        self._learner: threading.Thread | None = None

    def model(self, mark: Hashable = 0, corrections: Corrections = lambda: ()) -> Model:
        """Return the model; a new mark (how many choices, the last one) means learn."""
        known = self._model
        if known is None:
            with self._guard:
                # Another thread may have begun while this one waited.
                if self._model is None:
                    self._begin(mark, list(corrections()))
                known = self._model
        elif self._mark != mark and time.monotonic() - self._tried_at >= self._again_after:
            # Noted first, so that a failure is not tried again by every request.
            self._tried_at = time.monotonic()
            self._again(mark, list(corrections()))
            known = self._model
        if known is None:
            raise RuntimeError("nothing was learnt")
        return known

    def _begin(self, mark: Hashable, choices: list[Row]) -> None:
        rows = lessons(choices)
        stored = self._kept()
        if stored is not None:
            # A model of other lessons does to begin with; it is learnt again beside.
            self._model, self._mark = stored, mark if stored.version == version_of(rows) else None
        elif len(choices) <= AT_ONCE:
            self._learn(mark, rows)
        else:
            self._model = learn()
        self._tried_at = time.monotonic()
        if self._mark != mark:
            self._again(mark, choices)

    def _again(self, mark: Hashable, choices: list[Row]) -> None:
        if not self._in_background:
            self._learn(mark, lessons(choices))
            return
        if self._learner is None or not self._learner.is_alive():
            self._learner = threading.Thread(
                target=self._learn, args=(mark, lessons(choices)), name="categories", daemon=True
            )
            self._learner.start()

    def _learn(self, mark: Hashable, rows: list[Row]) -> None:
        model = self._kept()
        if model is None or model.version != version_of(rows):
            model = _learnt(rows)
            self._keep(model)
        self._model, self._mark = model, mark

    def _kept(self) -> Model | None:
        """Return the model in the file, if it is one."""
        try:
            return load(self.file) if self.file and self.file.is_file() else None
        except BadModel:
            return None

    def _keep(self, model: Model) -> None:
        """Write beside and put in place: whoever reads meanwhile reads the old or the new one."""
        if self.file is None:
            return
        beside = self.file.with_suffix(f".{os.getpid()}")
        try:
            model.save(beside)
            beside.chmod(0o600)
            beside.replace(self.file)
        except OSError:  # a full disk is no reason not to suggest
            beside.unlink(missing_ok=True)


def _file_of_this_installation() -> Path | None:
    """Return where to keep what was learnt, beside the data: a new start need not learn again."""
    if not settings.configured or settings.TESTING:
        return None
    return Path(settings.DATA_DIR) / "categories.npz"


LEARNER = Learner()
LEARNER.file = _file_of_this_installation()
