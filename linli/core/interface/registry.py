"""What the shell shows, told by the apps themselves: menu pages, blocks on 今日, the ask box.

An app calls these in its ``apps.py`` ``ready()``; the shell reads them and names no app. What is
called later (``build``, ``find``, ``run``, ``examples``) is given by its dotted path within the
app, so that starting imports none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from linli.core.dotted_paths import function_at

if TYPE_CHECKING:  # the models of scope.py are not ready when apps.py is read
    from linli.core.scope import Scope

Words = str | Promise
# The menu of the desk, from top to foot, and under which tab of the phone a group belongs.
GROUPS = {
    "today": "today",
    "emergency": "today",
    "affairs": "today",
    "register": "places",
    "resources": "places",
    "self_governance": "today",
    "learning": "mine",
    "settings": "mine",
    "mine": "mine",
}
TABS = ("today", "walk", "add", "places", "mine")
# What stands on the page of a place: people, matters, things, organisations, dates, money, log.
PLACE_TABS = ("people", "matters", "things", "parties", "dates", "money", "log")


class AlreadyRegistered(RuntimeError):
    """Two apps claim the same key; one of them has to choose another."""


May = Callable[["Scope"], bool]
Context = Mapping[str, Any] | None
Build = Callable[[Any], Context]


@dataclass(frozen=True)
class Page:
    """One entry of the menu: in which group it stands, what it is called, who sees it."""

    key: str
    label: Words
    icon: str
    url_name: str
    group: str
    tab: str
    note: Words = ""
    may: May | None = None
    order: int = 50

    def is_open_to(self, scope: Scope | None) -> bool:
        """May the holder of this scope see the entry? (The page itself asks again.)"""
        return self.may is None or (scope is not None and self.may(scope))


@dataclass(frozen=True)
class HomeBlock:
    """One block of 今日: ``build(request)`` gives its template's context, None leaves it out.

    ``roles`` are those it is for; without, it is for everybody.
    """

    key: str
    template: str
    build: Build
    order: int = 50
    slot: str = "main"
    roles: frozenset[str] | None = None

    def is_for(self, scope: Scope | None) -> bool:
        """Is it meant for the post that looks?"""
        return self.roles is None or (scope is not None and scope.role in self.roles)


BuildForRecord = Callable[[Any, Any], Context]


@dataclass(frozen=True)
class RecordBlock:
    """One block on the page of a record: ``build(request, record)`` gives its context.

    ``label`` is the kind of record ("people.person") or "*" for all; None leaves the block out.
    On the page of a place it stands under ``tab``, one of PLACE_TABS.
    """

    key: str
    label: str
    template: str
    build: BuildForRecord
    order: int = 50
    tab: str = "matters"


@dataclass(frozen=True)
class AskBox:
    """Where the sentence typed on 今日 goes, and examples that can be tapped."""

    url_name: str
    parameter: str = "q"
    examples: Callable[[Any], list[str]] | None = None


@dataclass(frozen=True)
class AnswerUse:
    """What else can be made of an answer: its condition goes to a page, as ``s`` and ``c``."""

    key: str
    label: Words
    icon: str
    url_name: str
    subjects: tuple[str, ...]
    may: May
    order: int = 50

    def fits(self, subject: str, scope: Scope | None) -> bool:
        """May the holder of this scope do it with answers about this subject?"""
        return (
            scope is not None
            and (not self.subjects or subject in self.subjects)
            and (self.may(scope))
        )


SetUp = Callable[..., object]

_set_ups: dict[str, SetUp] = {}
_pages: dict[str, Page] = {}
_uses: dict[str, AnswerUse] = {}
_records: dict[str, str] = {}
_finders: dict[str, Callable[[int], Any]] = {}
_record_may: dict[str, May] = {}
_blocks: dict[str, HomeBlock] = {}
_record_blocks: dict[str, RecordBlock] = {}
_ask: list[AskBox] = []
_routers: dict[str, str] = {}


def register_page(
    key: str,
    *,
    label: Words,
    icon: str,
    url_name: str,
    group: str,
    tab: str = "",
    note: Words = "",
    may: May | None = None,
    order: int = 50,
) -> Page:
    """Put a page into a group of the menu, or below another page.

    ``group`` is one of GROUPS, or the key of a page (with a dot) that lists what hangs below it;
    ``tab`` one of TABS where the phone has it under another tab than its group.
    """
    if group not in GROUPS and "." not in group:
        raise ValueError(f"page {key}: group is one of {', '.join(GROUPS)}, not {group!r}")
    if key in _pages:
        raise AlreadyRegistered(f"page {key}")
    tab = tab or GROUPS.get(group, "")
    page = Page(key, label, icon, url_name, group, tab, note, may, order)
    _pages[key] = page
    return page


def register_home_block(
    key: str,
    *,
    template: str,
    build: Build | str,
    order: int = 50,
    slot: str = "main",
    roles: frozenset[str] | None = None,
) -> HomeBlock:
    """Add a block to 今日, for everybody or for some roles.

    ``slot`` "notice" stands on top, "first" is what a role sees first, "main" stands below the
    list of what is to be done, "tiles" joins the row of figures at the end.
    """
    if key in _blocks:
        raise AlreadyRegistered(f"home block {key}")
    block = HomeBlock(key, template, function_at(build), order, slot, roles)
    _blocks[key] = block
    return block


def register_record_block(
    key: str,
    *,
    label: str,
    template: str,
    build: BuildForRecord | str,
    order: int = 50,
    tab: str = "matters",
) -> RecordBlock:
    """Add a block to the pages of one kind of record, or with label "*" to all of them."""
    if key in _record_blocks:
        raise AlreadyRegistered(f"record block {key}")
    if tab not in PLACE_TABS:
        raise ValueError(f"record block {key}: tab is one of {', '.join(PLACE_TABS)}")
    _record_blocks[key] = RecordBlock(key, label, template, function_at(build), order, tab)
    return _record_blocks[key]


def record_blocks(label: str) -> list[RecordBlock]:
    """Return the blocks for one kind of record in their order."""
    blocks = [block for block in _record_blocks.values() if block.label in (label, "*")]
    return sorted(blocks, key=lambda block: (block.order, block.key))


def place_tabs() -> list[str]:
    """Return the tabs of a place that some app has something for, in their order."""
    used = {block.tab for block in record_blocks("places.place")}
    return [tab for tab in PLACE_TABS if tab in used]


def register_ask_box(
    url_name: str, *, parameter: str = "q", examples: Callable[[Any], list[str]] | None = None
) -> AskBox:
    """Say which page answers a plain sentence; 今日 puts its box front and centre."""
    if _ask:
        raise AlreadyRegistered("the ask box")
    _ask.append(AskBox(url_name, parameter, examples))
    return _ask[0]


def register_answer_use(
    key: str,
    *,
    label: Words,
    icon: str,
    url_name: str,
    may: May,
    subjects: tuple[str, ...] = (),
    order: int = 50,
) -> AnswerUse:
    """Offer a page beside every answer, to go on with its condition; no subjects means all."""
    if key in _uses:
        raise AlreadyRegistered(f"answer use {key}")
    _uses[key] = AnswerUse(key, label, icon, url_name, subjects, may, order)
    return _uses[key]


def answer_uses(subject: str, scope: Scope | None) -> list[AnswerUse]:
    """Return what can be made of an answer about a subject, in order."""
    uses = [use for use in _uses.values() if use.fits(subject, scope)]
    return sorted(uses, key=lambda answer_use: (answer_use.order, answer_use.key))


def register_record(
    label: str,
    *,
    url_name: str,
    find: Callable[[int], Any] | str | None = None,
    may: May | None = None,
) -> None:
    """Say where the page of a record is ("people.person"); the address takes its key.

    ``find`` returns the record for whoever may see it, where its place alone does not decide;
    ``may`` says which posts there are such records for: for others there is none.
    """
    if label in _records:
        raise AlreadyRegistered(f"record {label}")
    _records[label] = url_name
    if may is not None:
        _record_may[label] = may
    if find is not None:
        _finders[label] = function_at(find)


def record_or_not_found(label: str, pk: int) -> Any:
    """Return a registered record that the active scope may see; else say that there is none."""
    from django.apps import apps

    from linli.core.errors import NotFound
    from linli.core.scope import current_scope, one_or_not_found

    may = _record_may.get(label)
    if label not in _records or (may is not None and not may(current_scope())):
        raise NotFound()
    if label in _finders:
        return _finders[label](pk)
    return one_or_not_found(apps.get_model(label).objects.all(), pk=pk)


def record_address(label: str, pk: object) -> str:
    """Return the address of a record's page, or "" when nothing shows such records."""
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse(_records[label], args=[pk]) if pk is not None else ""
    except (KeyError, NoReverseMatch):
        return ""


def register_set_up(key: str, run: SetUp | str) -> None:
    """Have ``run(place=…, by=…)`` called when a real subdistrict is set up: what it begins with."""
    if key in _set_ups:
        raise AlreadyRegistered(f"set-up {key}")
    _set_ups[key] = function_at(run)


def set_up_everything(place: Any, by: Any) -> None:
    """Give a new subdistrict what every app begins with."""
    # By key, so that the order is the same whatever apps are loaded first.
    for _key, run in sorted(_set_ups.items()):
        run(place=place, by=by)


def register_router(prefix: str, *, router: str) -> None:
    """Add endpoints below /api/v1/<prefix>; ``router`` says where: "linli.….api.router"."""
    if prefix in _routers:
        raise AlreadyRegistered(f"router {prefix}")
    _routers[prefix] = router


def routers() -> dict[str, str]:
    """Return the registered endpoints: where they hang, and where they are written."""
    return dict(sorted(_routers.items()))


def pages(group: str | None = None) -> list[Page]:
    """Return the registered pages in their order, of one group or of all."""
    listed = [page for page in _pages.values() if group is None or page.group == group]
    return sorted(listed, key=lambda page: (_place_of(page.group), page.order, page.key))


def _place_of(group: str) -> int:
    return list(GROUPS).index(group) if group in GROUPS else len(GROUPS)


def home_blocks(slot: str, scope: Scope | None) -> list[HomeBlock]:
    """Return the blocks of one slot of 今日 for who looks, in their order."""
    blocks = [block for block in _blocks.values() if block.slot == slot and block.is_for(scope)]
    return sorted(blocks, key=lambda block: (block.order, block.key))


def ask_box() -> AskBox | None:
    """Return where a sentence is answered, if anything answers sentences."""
    return _ask[0] if _ask else None
