"""The subdistrict's taxonomy: loaded once, then edited; a category in use is retired, not lost."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linli.capabilities.cases import rules
from linli.capabilities.cases.actions.transitions import readable
from linli.capabilities.cases.models import Category
from linli.capabilities.cases.queries.taxonomy import Names, every_path, key_of, named_paths
from linli.core.actions import action, write_journal
from linli.core.errors import Refused
from linli.register.places.models import Place
from linli.register.posts.models import User
from linli.register.posts.permits import role_in
from linli.workbench.text_analysis.category_model import DATA

may_edit_categories = role_in(rules.EDITS_CATEGORIES)
SHIPPED = DATA / "taxonomy.csv"
DEEPEST = 3
OWN = "z"  # sorts behind the shipped digits


@action(
    "case.load_categories",
    term=gettext_noop("载入事项分类"),
    may=may_edit_categories,
    journal="case.categories_loaded",
)
def load_taxonomy(*, place: Place, by: User | None, file: Path = SHIPPED) -> int:
    """Load the shipped taxonomy for a subdistrict; what is there already stays as it is."""
    there = {category.code: category for category in Category.objects.filter(place=place)}
    added = 0
    with file.open(encoding="utf-8", newline="") as rows:
        # Parents first, whatever the order of the file: a child looks its parent up in `there`.
        for row in sorted(csv.DictReader(rows), key=lambda row: int(row["level"])):
            if row["code"] in there:
                continue
            category = Category(
                code=row["code"],
                name=row["name"],
                place=place,
                scope_path=place.path,
                parent=there.get(row["parent"]),
                level=int(row["level"]),
                role=row["role"],
                working_days=int(row["working_days"] or rules.USUAL_WORKING_DAYS),
                needs_review=row["needs_review"] in ("1", "true", "True"),
                confidential=row["confidential"] in ("1", "true", "True"),
                danger=row.get("danger") or "",
            )
            category.save()
            there[category.code] = category
            added += 1
    write_journal(
        "case.categories_loaded", about=place, text=str(added), data={"added": added}, by=by
    )
    return added


@action(
    "case.bring_categories",
    term=gettext_noop("导入事项分类"),
    may=may_edit_categories,
    journal="case.categories_brought",
)
def bring_taxonomy(*, place: Place, paths: Sequence[Names], by: User | None) -> int:
    """Add a taxonomy that is given by names from the top; what is there already stays as it is."""
    there = named_paths(place)
    added = 0
    for path in every_path(paths):
        if key_of(path) in there:
            continue
        above = there[key_of(path[:-1])] if len(path) > 1 else None
        there[key_of(path)] = _new(place, _check(path[-1], rules.USUAL_WORKING_DAYS), above)
        added += 1
    write_journal(
        "case.categories_brought", about=place, text=str(added), data={"added": added}, by=by
    )
    return added


def _new(place: Place, name: str, parent: Category | None, **more: Any) -> Category:
    """Add one category with the next code of our own."""
    # Retired ones count too: a code that cases still carry is never given out again.
    beside = Category.objects.filter(place=place, parent=parent).values_list("code", flat=True)
    above = {"role": parent.role, "working_days": parent.working_days} if parent else {}
    category = Category(
        code=_next_code(parent, beside),
        name=name,
        place=place,
        parent=parent,
        level=parent.level + 1 if parent else 1,
        scope_path=place.path,
        **(above | more),
    )
    category.save()
    return category


def _check(name: str, working_days: int) -> str:
    checked = readable(name)
    if not checked:
        raise Refused("category.no_name", _("请填写名称"), "name")
    if not 1 <= working_days <= 365:
        raise Refused("category.days", _("期限是1到365个工作日"), "working_days")
    return checked[:40]


@action(
    "case.add_category",
    term=gettext_noop("新增分类"),
    may=may_edit_categories,
    journal="case.category_added",
)
def add_category(
    *,
    place: Place,
    name: str,
    by: User | None,
    parent: Category | None = None,
    working_days: int = rules.USUAL_WORKING_DAYS,
    role: str = "",
    needs_review: bool = False,
    confidential: bool = False,
    danger: str = "",
) -> Category:
    """Add a category below another one, at most three levels deep."""
    checked = _check(name, working_days)
    level = parent.level + 1 if parent else 1
    if level > DEEPEST:
        raise Refused("category.deep", _("分类最多三级"), "parent")
    beside = Category.objects.filter(place=place, parent=parent)
    if beside.filter(name=checked, is_active=True).exists():
        raise Refused("category.twice", _("已经有“%(name)s”") % {"name": checked}, "name")
    category = _new(
        place,
        checked,
        parent,
        role=role,
        working_days=working_days,
        needs_review=needs_review,
        confidential=confidential,
        danger=danger,
    )
    write_journal("case.category_added", about=category, text=category.name, by=by)
    return category


def _next_code(parent: Category | None, codes: Any) -> str:
    """Return the next code of the subdistrict's own below the parent's: a letter, two digits.

    Shipped codes are digits alone and carry a meaning that examples were written for; a code of
    our own must never take one of theirs.
    """
    before = f"{parent.code if parent else ''}{OWN}"
    tails = [code[len(before) :] for code in codes if code.startswith(before)]
    highest = max((int(tail) for tail in tails if tail.isdigit()), default=0)
    return f"{before}{highest + 1:02d}"


_EDITED = ("name", "working_days", "role", "needs_review", "confidential", "danger", "is_active")


@action(
    "case.edit_category",
    term=gettext_noop("修改分类"),
    may=may_edit_categories,
    journal="case.category_edited",
)
def edit_category(
    *,
    category: Category,
    by: User | None,
    name: str,
    working_days: int,
    role: str = "",
    needs_review: bool = False,
    confidential: bool = False,
    danger: str | None = None,
    is_active: bool = True,
) -> Category:
    """Change a category's name, days, first post, review, confidentiality, danger; or retire it."""
    category.name = _check(name, working_days)
    category.working_days, category.role, category.is_active = working_days, role, is_active
    category.needs_review, category.confidential = needs_review, confidential
    category.danger = category.danger if danger is None else danger
    category.save(update_fields=[*_EDITED])
    write_journal("case.category_edited", about=category, text=category.name, by=by)
    return category
