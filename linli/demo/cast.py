"""The people of the demonstration who can be tapped on the sign-in page, and their posts."""

from __future__ import annotations

from datetime import date

from linli.demo.population.layout import LIFT_ESTATE, YINJIA
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.actions import add_user, give_post
from linli.register.posts.terms import Role

SINCE = date(2024, 1, 1)


def give_posts(town: Place, today: date) -> None:
    """Add one person of each role, most of them in 殷家社区."""
    ours = _first(PlaceKind.COMMUNITY, town, code=YINJIA)
    lifts = _first(PlaceKind.COMMUNITY, town, code=LIFT_ESTATE)
    for username, name, role, place in (
        ("luying", "陆颖", Role.SUBDISTRICT_OFFICER, town),
        ("yinhong", "殷虹", Role.SECRETARY, ours),
        ("linfang", "林芳", Role.COMMUNITY_WORKER, ours),
        ("zhouqiang", "周强", Role.GRID_WORKER, _first(PlaceKind.GRID, ours)),
        ("chenaxiu", "陈阿秀", Role.MICRO_GRID_LEAD, _first(PlaceKind.MICRO_GRID, ours)),
        ("wumin", "吴敏", Role.PROPERTY_MANAGER, _first(PlaceKind.ESTATE, ours)),
        ("shenwei", "沈维", Role.AUDITOR, town),
        ("hejun", "何军", Role.SECRETARY, lifts),
    ):
        user = add_user(username=username, name=name, by=None).user
        give_post(user=user, role=role, place=place, from_date=min(SINCE, today), by=None)


def _first(kind: str, within: Place, **where: str) -> Place:
    rows = Place.objects.filter(kind=kind, path__startswith=within.path, **where)
    found: Place | None = rows.order_by("path").first()
    if found is None:
        raise LookupError(f"the demonstration has no {kind} in {within}")
    return found
