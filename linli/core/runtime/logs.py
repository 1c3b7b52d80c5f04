"""Logs that an operator can read and that name nobody: frames without values, in both modes.

Our own lines say a fixed sentence with keys and codes. Lines of others (Django, the web server,
libraries) keep their fixed words; what was filled in is left out, but for numbers of a status and
the pattern of an address. How errors are told stands in ``frames.py``. What lays a line out is
loaded with the first one: most starts write none.
"""

from __future__ import annotations

import logging
import re
import sys
import warnings
from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from linli.core.logger import get_logger, write_with
from linli.core.runtime import environment, frames, log_file

# Eighteen-character identity numbers and long numbers of any kind, wherever they turn up.
_NUMBERS = re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{7,})(?!\d)")
_TOKENS = re.compile(
    r"\b[Bb]earer\s+\S+|(?=[\w+=-]*\d)(?=[\w+=-]*[A-Z])(?=[\w+=-]*[a-z])[\w+=-]{16,}"
)
# What a key of ours may say: codes, names of types and modules, a fixed English reason.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_ .,:'/()-]{0,120}")
NAMING = frozenset({"name", "phone", "identity_number", "address", "hukou_address", "password"})
OURS = frozenset({"event", "level", "timestamp", "exception", "logger", "at"})
HIDDEN = "[遮盖]"
_PHRASES = frozenset(status.phrase for status in HTTPStatus)

Event = MutableMapping[str, Any]


def hide_personal_values(logger: object, method: str, event: Event) -> Event:
    """Replace what may be personal in a log line, by key, by shape and by kind."""
    for key, value in event.items():
        if key in ("exception", "timestamp", "at"):
            continue
        if key in NAMING:
            event[key] = HIDDEN
        elif key in OURS:
            event[key] = _by_shape(str(value))
        elif value is not None and not isinstance(value, bool | int | float):
            text = str(value)
            event[key] = _by_shape(text) if _PLAIN.fullmatch(text) else HIDDEN
        # From ten digits on a number may be somebody's.
        elif isinstance(value, int) and abs(value) >= 10**9:
            event[key] = HIDDEN
    return event


def tell_the_error(logger: object, method: str, event: Event) -> Event:
    """Put frames and kinds in the place of an error's own traceback."""
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if isinstance(info, tuple):
        wrong = info[1]
    else:
        wrong = info if isinstance(info, BaseException) else sys.exc_info()[1] if info else None
    if wrong is not None:
        event["exception"] = frames.describe_error(wrong)
    return event


class Formatter(logging.Formatter):
    """Lay out a line of Django, the web server or a library as one of ours."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; whatever is wrong with it, no value is shown."""
        event: Event = {"event": _said(record), "logger": record.name}
        if record.exc_info:
            event["exc_info"] = record.exc_info
        elif not event["event"].strip(f"{frames.LEFT_OUT} "):
            # Nothing of its words may be told: where it comes from is all that is left.
            event["at"] = f"{record.filename}:{record.lineno}"
        add_level, stamp, last = _steps()
        for step in (add_level, stamp, tell_the_error):
            event = step(None, record.levelname.lower(), event)
        return str(last(None, "", hide_personal_values(None, "", event)))


class Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """Write lines of others where ours go; one that cannot be written shows no argument."""

    def __init__(self) -> None:
        super().__init__(frames.written_to())
        self.setFormatter(Formatter())

    def handleError(self, record: logging.LogRecord) -> None:
        """Say where a line could not be written, in place of what it would have said."""
        frames.write(f"a log line failed: {record.filename}:{record.lineno}")


# The web server's own lines go the same way; it sets up its loggers itself.
FOR_GRANIAN: dict[str, Any] = {
    "handlers": {
        name: {"class": "linli.core.runtime.logs.Handler"} for name in ("console", "access")
    }
}


@dataclass
class LogSettings:
    """From which level on, for whom and where to."""

    level: int = logging.WARNING
    for_machines: bool = False
    file: Any = sys.stderr


_settings = LogSettings()


def configure(level: str, *, for_machines: bool) -> None:
    """Write logs to LINLI_LOG_FILE or standard error: words for people, JSON for machines."""
    global _settings
    if path := environment.log_file():
        frames.write_to(log_file.LogFile(path))
    number = logging.getLevelNamesMapping()[level.upper()]
    _settings = LogSettings(number, for_machines, frames.written_to())
    _structlog.cache_clear()
    _steps.cache_clear()
    write_with(number, lambda name: _structlog().get_logger(name))
    root = logging.getLogger()
    root.setLevel(number)
    root.addHandler(Handler())
    if "pytest" not in sys.modules:  # it has hooks of its own
        frames.install()
        warnings.showwarning = _warned


@cache
def _steps() -> tuple[Any, Any, Any]:
    """Return what adds the level, what adds the time, and what makes the line."""
    from structlog.dev import ConsoleRenderer
    from structlog.processors import JSONRenderer, TimeStamper, add_log_level

    in_json = _settings.for_machines
    last = JSONRenderer(ensure_ascii=False) if in_json else ConsoleRenderer(colors=False)
    return add_log_level, TimeStamper(fmt="iso", utc=False), last


@cache
def _structlog() -> Any:
    """Return structlog, set up for our own lines."""
    import structlog

    add_level, stamp, last = _steps()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            add_level,
            stamp,
            tell_the_error,
            # After the others, so that what they add is looked through too.
            hide_personal_values,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_settings.level),
        logger_factory=structlog.WriteLoggerFactory(file=_settings.file),
    )
    return structlog


def _warned(
    message: Any, category: type[Warning], filename: str, lineno: int, *_: Any, **__: Any
) -> None:
    words = frames.words_of_source(str(message), filename)
    line = f"{category.__name__} {words}".strip()
    get_logger("warnings").warning(line, at=f"{filename}:{lineno}")


def _by_shape(text: str) -> str:
    return _NUMBERS.sub(HIDDEN, _TOKENS.sub(HIDDEN, text))


def _said(record: logging.LogRecord) -> str:
    """Return the fixed words of a line, with what may be told of what was filled in."""
    request = getattr(record, "request", None)
    template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
    if not record.args:
        if frames.stands_in_source(template, record.pathname):
            return template
        return frames.words_of_source(template, record.pathname)
    route = _route(request) if record.name.startswith("django") else ""
    try:
        if isinstance(record.args, dict):
            return template % {
                key: _filled(argument, route) for key, argument in record.args.items()
            }
        return template % tuple(_filled(arg, route) for arg in record.args)
    except (TypeError, ValueError, KeyError):
        return template


def _filled(value: Any, route: str) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    text = value if isinstance(value, str) else ""
    if text in _PHRASES:
        return text
    return route if text.startswith("/") and route else frames.LEFT_OUT


def _route(request: Any) -> str:
    """Return the pattern of the address that was asked: which page, and nothing of whom."""
    # The method is text of the caller as well.
    method = request.method if getattr(request, "method", "") in _METHODS else ""
    match = getattr(request, "resolver_match", None)
    return f"{method} /{match.route if match else frames.LEFT_OUT}".strip()


_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
