"""A hundred thousand residents: our answers beside hand-written SQL, DuckDB and pandas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

HOUSEHOLD = " JOIN people_household h ON h.id = p.household_id"
BUILDING = (
    " JOIN places_dwelling d ON d.place_id = p.home_id"
    " JOIN places_building b ON b.place_id = d.building_id"
)
HOME = " JOIN places_place a ON a.id = p.home_id"


@dataclass(frozen=True)
class Typical:
    """A question people ask, and the WHERE that a database expert would write for it."""

    sentence: str
    where: str
    joins: str = ""

    @property
    def count_sql(self) -> str:
        """Return the expert's count."""
        return f"SELECT COUNT(*) FROM people_person p{self.joins} WHERE {self.where}"

    @property
    def list_sql(self) -> str:
        """Return the expert's first page, the columns that our list shows."""
        return (
            "SELECT p.id, p.name, p.sex, p.birth_date, a.address, p.phone, p.confirmed_on"
            f" FROM people_person p{self.joins}{HOME}"
            f" WHERE {self.where} ORDER BY p.id LIMIT 50"
        )


def born_by(age: int, today: date) -> str:
    """Return the last birthday of those who are at least so old."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year - age, today.month, day).isoformat()


def typical(today: date, community: str, *, scoped: bool = True) -> list[Typical]:
    """Return ten questions; ``community`` is the path of 殷家社区."""
    here = f"p.scope_path >= '{community}' AND p.scope_path < '{community[:-1]}0'"
    # The expert, too, answers within the subdistrict that may be seen.
    town = community.split("/")[0]
    now = "p.status = 'current'"
    if scoped:
        now = f"p.scope_path >= '{town}/' AND p.scope_path < '{town}0' AND {now}"
    old = {age: f"p.birth_date <= '{born_by(age, today)}'" for age in (60, 70, 80, 90)}
    return [
        Typical(
            "殷家社区90岁以上独居老人", f"{here} AND {now} AND {old[90]} AND h.size = 1", HOUSEHOLD
        ),
        Typical("80岁以上老人", f"{now} AND {old[80]}"),
        Typical("独居老人", f"{now} AND {old[60]} AND h.size = 1", HOUSEHOLD),
        Typical("残疾人", f"{now} AND (p.disability_kind > '' OR p.disability_level > '')"),
        Typical("女党员", f"{now} AND p.sex = '2' AND p.political_status IN ('01', '02')"),
        Typical("租客", f"{now} AND p.tenure = 'tenant'"),
        Typical("低保", f"{now} AND p.low_income"),
        Typical("殷家社区", f"{here} AND {now}"),
        Typical("70岁以上高血压", f"{now} AND {old[70]} AND p.chronic_illness = 'hypertension'"),
        Typical("没有电梯的80岁以上老人", f"{now} AND {old[80]} AND NOT b.has_lift", BUILDING),
    ]
