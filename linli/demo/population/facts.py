"""What is known of each of them: facts that fit their age, their household and their building.

Identity numbers carry a division that no person has; phones carry 143, a network number that the
Ministry of Industry and Information Technology has given to no operator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from linli.core.personal_data.identity import DEMONSTRATION_DIVISION, make_identity_number
from linli.core.time import age_on
from linli.demo.population.families import HEAD, OLD, Family, Member
from linli.demo.population.names import given_name, surname

PHONE_NETWORK = "143"
STALE_DAYS = 540
SOURCES = ("visit", "phone", "self", "import", "department")
PROVINCES = (
    "安徽省六安市",
    "安徽省阜阳市",
    "河南省信阳市",
    "四川省达州市",
    "贵州省毕节市",
    "江西省上饶市",
    "湖北省黄冈市",
    "湖南省邵阳市",
    "重庆市万州区",
    "云南省昭通市",
    "山东省菏泽市",
    "江苏省盐城市",
)
FIRMS = ("制造", "服装", "物流", "餐饮", "装饰", "电器", "模具", "商贸", "软件", "外贸")
# Shares by age: (from age, share), the first that fits; rounded from national surveys.
DISABLED = ((80, 0.17), (60, 0.09), (40, 0.045), (0, 0.016))
HYPERTENSIVE = ((70, 0.36), (60, 0.26), (45, 0.10), (0, 0.0))
OTHER_ILLNESS = ((70, 0.22), (60, 0.15), (45, 0.06), (18, 0.01), (0, 0.002))
ILLNESSES = ("diabetes", "heart", "stroke", "cancer", "lung", "kidney", "dementia", "other")
FRAIL = ((90, 0.46), (80, 0.2), (70, 0.06), (60, 0.025), (0, 0.0))
PARTY = ((60, 0.11), (35, 0.09), (20, 0.06), (18, 0.01), (0, 0.0))


def _share(table: tuple[tuple[int, float], ...], age: int) -> float:
    return next(share for first, share in table if age >= first)


class FactMaker:
    """Makes the facts of person after person; numbers are never given twice."""

    def __init__(self, random: Random, today: date) -> None:
        self.random = random
        self.today = today
        self._sequences: Counter[tuple[date, str]] = Counter()
        self._phones = random.sample(range(10_000_000, 99_999_999), 1)[0]

    def household(self, family: Family) -> Iterator[dict[str, Any]]:
        """Return the facts of a household's members, the head first."""
        name = surname(self.random)
        since = self._since(family)
        confirmed = self.today - timedelta(days=int(self.random.triangular(0, STALE_DAYS, 40)))
        poor = self.random.random() < (0.022 if not family.tenants else 0.004)
        origin = self.random.choice(PROVINCES) if family.tenants else ""
        for member in sorted(family.members, key=lambda one: one.relation != HEAD):
            yield self._person(member, family, name, since, confirmed, poor, origin)

    def _since(self, family: Family) -> date:
        years = self.random.triangular(0, 6, 1) if family.tenants else self.random.uniform(1, 24)
        return self.today - timedelta(days=int(years * 365))

    def _birth(self, age: int) -> date:
        first = self.today.replace(year=self.today.year - age - 1, day=1)
        # A day by chance may miss the age by one; the middle of the span does not.
        for _ in range(8):
            birth = first + timedelta(days=self.random.randint(20, 370))
            if age_on(birth, self.today) == age:
                return birth
        return first + timedelta(days=180)

    def _identity(self, birth: date, sex: str) -> str:
        number = self._sequences[birth, sex]
        self._sequences[birth, sex] += 1
        # Odd for men and even for women, as in every identity number (GB 11643).
        sequence = number * 2 + (1 if sex == "1" else 2)
        if sequence > 999:
            raise ValueError("too many people born on one day")
        return make_identity_number(DEMONSTRATION_DIVISION, birth, sequence)

    def _phone(self) -> str:
        self._phones = 10_000_000 + (self._phones * 7 + 12_345_677) % 89_999_999
        return f"{PHONE_NETWORK}{self._phones:08d}"

    def _person(
        self,
        member: Member,
        family: Family,
        name: str,
        since: date,
        confirmed: date,
        poor: bool,
        origin: str,
    ) -> dict[str, Any]:
        birth = self._birth(member.age)
        own = name if self._same_name(member, family) else surname(self.random)
        facts = {
            "name": own + given_name(self.random, member.sex, birth.year),
            "sex": member.sex,
            "birth_date": birth,
            "identity_kind": "resident",
            "identity_number": self._identity(birth, member.sex),
            "ethnicity": "汉族"
            if self.random.random() < 0.965
            else self.random.choice(("土家族", "苗族", "回族", "壮族", "布依族", "彝族")),
            "relation_to_head": member.relation,
            "tenure": self._tenure(member, family),
            "registered": not family.tenants and self.random.random() < 0.86,
            "lives_since": max(since, birth),
            "source": self.random.choice(SOURCES),
            "confirmed_on": confirmed,
        }
        if member.age >= 12 and self.random.random() < (0.97 if member.age < 75 else 0.8):
            facts["phone"] = self._phone()
        if origin:
            facts["hukou_address"] = f"{origin}（演示）"
        facts |= self._life(member, birth)
        facts |= self._care(member, family, poor)
        return facts

    def _same_name(self, member: Member, family: Family) -> bool:
        if family.kind == "adults" and family.tenants:
            return False
        # Who marries keeps their own surname; children have the father's.
        if member.relation in ("0", "2", "4", "7"):
            return True
        return member.relation == "5" and member.sex == "1"

    def _tenure(self, member: Member, family: Family) -> str:
        if family.tenants:
            return "tenant" if family.kind != "adults" or self.random.random() < 0.9 else "other"
        return "owner" if member.relation in ("0", "1") else "family"

    def _life(self, member: Member, birth: date) -> dict[str, Any]:
        age, random = member.age, self.random
        facts: dict[str, Any] = {"medical_insurance": "resident", "pension": ""}
        if age < 6:
            facts |= {"employment": "preschool", "marital_status": "10"}
        elif age < 18:
            facts |= {"employment": "student", "marital_status": "10"}
            facts["education"] = "primary" if age < 13 else "junior" if age < 16 else "senior"
        else:
            facts |= self._adult(member, birth)
        if random.random() < 0.06:
            facts.pop("education", None)
        return facts

    def _adult(self, member: Member, birth: date) -> dict[str, Any]:
        age, random = member.age, self.random
        if age >= OLD or (member.sex == "2" and age >= 55):
            work, insurance, pension = "retired", "employee", "employee"
            if random.random() < 0.3:
                insurance = pension = "resident"
        elif age < 23 and random.random() < 0.6:
            work, insurance, pension = "student", "resident", ""
        else:
            work = random.choices(
                ("employed", "self", "flexible", "unemployed", "home"), (66, 12, 12, 4, 6)
            )[0]
            insurance = "employee" if work == "employed" else "resident"
            pension = insurance
        facts: dict[str, Any] = {
            "employment": work,
            "medical_insurance": insurance,
            "pension": pension,
            "education": self._schooling(birth),
            "marital_status": self._marital(member),
        }
        party = random.random() < _share(PARTY, age)
        facts["political_status"] = (
            "01" if party else "03" if age <= 28 and random.random() < 0.5 else "13"
        )
        if work == "employed" and random.random() < 0.5:
            facts["workplace"] = (
                f"宁波{random.choice('甬明海天宏恒嘉')}{random.choice('达泰盛信源')}{random.choice(FIRMS)}公司"
            )
        if member.sex == "1" and random.random() < (0.05 if age < 60 else 0.08):
            facts["veteran"] = True
        if random.random() < 0.045:
            facts["volunteer"] = True
        return facts

    def _schooling(self, birth: date) -> str:
        level = (
            "none",
            "primary",
            "junior",
            "senior",
            "vocational",
            "college",
            "bachelor",
            "master",
            "doctor",
        )
        weights = (
            (22, 40, 24, 9, 2, 2, 1, 0, 0)
            if birth.year < 1950
            else (3, 18, 40, 24, 5, 6, 4, 0, 0)
            if birth.year < 1970
            else (1, 5, 28, 16, 10, 18, 19, 3, 0)
            if birth.year < 1988
            else (0, 1, 12, 12, 8, 25, 34, 7, 1)
        )
        return self.random.choices(level, weights)[0]

    def _marital(self, member: Member) -> str:
        if member.relation == "1":
            return "20"
        if member.age >= 75:
            return "30" if self.random.random() < 0.55 else "20"
        if member.age < 24:
            return "10"
        return self.random.choices(("10", "20", "30", "40"), (18, 70, 4, 8))[0]

    def _care(self, member: Member, family: Family, poor: bool) -> dict[str, Any]:
        age, random = member.age, self.random
        facts: dict[str, Any] = {}
        if random.random() < _share(DISABLED, age) * 0.55:
            facts["disability_kind"] = random.choices("1234567", (18, 20, 3, 42, 7, 7, 3))[0]
            facts["disability_level"] = random.choices("1234", (14, 20, 32, 34))[0]
        if random.random() < _share(HYPERTENSIVE, age):
            facts["chronic_illness"] = "hypertension"
        elif random.random() < _share(OTHER_ILLNESS, age):
            facts["chronic_illness"] = random.choices(ILLNESSES, (40, 20, 9, 7, 8, 3, 6, 7))[0]
        if age >= OLD and random.random() < _share(FRAIL, age):
            facts["care_level"] = random.choices(
                ("light", "moderate", "severe", "full"), (46, 27, 17, 10)
            )[0]
        elif age >= OLD and random.random() < 0.8:
            facts["care_level"] = "able"
        if member.sex == "2" and 22 <= age <= 42 and random.random() < 0.028:
            facts["due_date"] = self.today + timedelta(days=random.randint(3, 230))
        if poor:
            facts["low_income"] = True
        if age >= OLD and family.kind == "alone" and random.random() < 0.02:
            facts["extreme_hardship"] = True
        if age >= 70:
            facts["preferred_channel"] = random.choice(("phone", "visit", "family"))
        if age >= 60 or "disability_kind" in facts or poor:
            gone = int(random.triangular(0, 300, 25))
            facts["last_contact_on"] = self.today - timedelta(days=gone)
        return facts
