"""The people of the demonstration who can be tapped on the sign-in page, and their posts."""

from __future__ import annotations

from datetime import date

from linli.demo.population.layout import LIFT_ESTATE, YINJIA
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind
from linli.register.posts.actions import add_user, give_post
from linli.register.posts.models import User
from linli.register.posts.terms import Role

SINCE = date(2024, 1, 1)


PEOPLE = (
    ("luying", "陆颖"),
    ("yinhong", "殷虹"),
    ("linfang", "林芳"),
    ("zhouqiang", "周强"),
    ("chenaxiu", "陈阿秀"),
    ("wumin", "吴敏"),
    ("shenwei", "沈维"),
    ("hejun", "何军"),
)
# Who confirms facts where, in turn; elsewhere nobody of the cast has a post.
CONFIRMING = {YINJIA: ("linfang", "linfang", "linfang", "yinhong"), LIFT_ESTATE: ("hejun",)}


def add_cast() -> dict[str, User]:
    """Add the users, so that the register can name who confirmed a fact."""
    return {
        username: add_user(username=username, name=name, by=None).user for username, name in PEOPLE
    }


def give_posts(cast: dict[str, User], town: Place, today: date) -> None:
    """Give each of the cast their post, one of each role and most of them in 殷家社区."""
    ours = _first(PlaceKind.COMMUNITY, town, code=YINJIA)
    lifts = _first(PlaceKind.COMMUNITY, town, code=LIFT_ESTATE)
    for username, role, place in (
        ("luying", Role.SUBDISTRICT_OFFICER, town),
        ("yinhong", Role.SECRETARY, ours),
        ("linfang", Role.COMMUNITY_WORKER, ours),
        ("zhouqiang", Role.GRID_WORKER, _first(PlaceKind.GRID, ours)),
        ("chenaxiu", Role.MICRO_GRID_LEAD, _first(PlaceKind.MICRO_GRID, ours)),
        ("wumin", Role.PROPERTY_MANAGER, _first(PlaceKind.ESTATE, ours)),
        ("shenwei", Role.AUDITOR, town),
        ("hejun", Role.SECRETARY, lifts),
    ):
        user = cast[username]
        give_post(user=user, role=role, place=place, from_date=min(SINCE, today), by=None)


def _first(kind: str, within: Place, **where: str) -> Place:
    rows = Place.objects.filter(kind=kind, path__startswith=within.path, **where)
    place: Place | None = rows.order_by("path").first()
    if place is None:
        raise LookupError(f"the demonstration has no {kind} in {within}")
    return place
