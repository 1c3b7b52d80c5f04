"""Who lives with whom: everybody of the pyramid finds a household, and none is left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from linli.demo.population.pyramid import FEMALE, MALE, OLDEST, Pool, ages

ADULT, OLD = 18, 60
HEAD, SPOUSE, CHILD, GRANDCHILD, PARENT, SIBLING, OTHER = "0", "1", "2", "4", "5", "7", "8"

# How many of each age live alone: more with every decade.
ALONE = ((90, 0.46), (80, 0.26), (70, 0.14), (60, 0.08))
TWO_CHILDREN, ONE_PARENT = 0.26, 0.07
THREE_GENERATIONS, BOTH_GRANDPARENTS = 0.24, 0.55
WITH_GROWN_CHILD = 0.16
TENANTS_AMONG_FAMILIES, TENANTS_AMONG_ADULTS = 0.16, 0.55


@dataclass
class Member:
    """Somebody in a household: age, sex, relation to the head."""

    age: int
    sex: str
    relation: str


@dataclass
class Family:
    """A household; ``kind`` is family, old_couple, alone, adults or with_child."""

    kind: str
    members: list[Member] = field(default_factory=list)
    tenants: bool = False

    @property
    def head(self) -> Member:
        """Return the head."""
        return next((member for member in self.members if member.relation == HEAD), self.members[0])


def families(people: int, households: int, random: Random) -> list[Family]:
    """Return exactly ``households`` households of exactly ``people`` people, shuffled."""
    counts: Counter[tuple[int, str]] = ages(people, random)
    pool = Pool(counts)
    everybody = [*_living_alone(pool, random), *_with_children(pool, random)]
    everybody += _couples_and_grown_children(pool, random)
    everybody += _adults(pool, households - len(everybody), random)
    random.shuffle(everybody)
    return everybody


def _living_alone(pool: Pool, random: Random) -> Iterator[Family]:
    for age, sex in pool.all_of(OLD, OLDEST, random):
        share = next(share for first, share in ALONE if age >= first)
        if random.random() < share and pool.drop((age, sex)):
            yield Family("alone", [Member(age, sex, HEAD)])


def _with_children(pool: Pool, random: Random) -> Iterator[Family]:
    children = sorted(pool.all_of(0, ADULT - 1, random), key=lambda one: random.random())
    while children:
        first = children.pop()
        pool.drop(first)
        mine = [first]
        if children and random.random() < TWO_CHILDREN:
            second = min(children[-12:], key=lambda one: abs(abs(one[0] - first[0]) - 4))
            children.remove(second)
            pool.drop(second)
            mine.append(second)
        yield _family(pool, mine, random)


def _family(pool: Pool, children: list[tuple[int, str]], random: Random) -> Family:
    eldest = max(age for age, _sex in children)
    mother_age = eldest + max(20, round(random.gauss(28, 4)))
    family = Family("family", tenants=random.random() < TENANTS_AMONG_FAMILIES)
    mother = pool.take(mother_age, FEMALE, ADULT, OLD - 1)
    father = None
    if random.random() >= ONE_PARENT or mother is None:
        father = pool.take(mother_age + round(random.gauss(2, 2)), MALE, ADULT, OLD - 1)
    if father:
        family.members.append(Member(*father, HEAD))
    if mother:
        family.members.append(Member(*mother, SPOUSE if father else HEAD))
    relation = CHILD if family.members else GRANDCHILD
    family.members += [Member(*child, relation) for child in children]
    if family.members[0].relation != HEAD or random.random() < THREE_GENERATIONS:
        _add_grandparents(pool, family, eldest, random)
    if all(member.relation != HEAD for member in family.members):
        max(family.members, key=lambda one: one.age).relation = HEAD
    return family


def _add_grandparents(pool: Pool, family: Family, eldest: int, random: Random) -> None:
    age = max(OLD, eldest + 28 + round(random.gauss(27, 3)))
    grandmother = pool.take(age, FEMALE, OLD, OLDEST)
    if grandmother:
        family.members.append(Member(*grandmother, PARENT))
    if random.random() < BOTH_GRANDPARENTS:
        grandfather = pool.take(age + 2, MALE, OLD, OLDEST)
        if grandfather:
            family.members.append(Member(*grandfather, PARENT))


def _couples_and_grown_children(pool: Pool, random: Random) -> Iterator[Family]:
    for age, sex in pool.all_of(OLD, OLDEST, random):
        # The list is older than the pool: they may be somebody's wife or father by now.
        if not pool.drop((age, sex)):
            continue
        first = Member(age, sex, HEAD)
        if random.random() < WITH_GROWN_CHILD:
            grown = pool.take(age - 27, random.choice((MALE, FEMALE)), ADULT, OLD - 1)
            if grown:
                yield Family("with_child", [first, Member(*grown, CHILD)])
                continue
        other = pool.take(age - round(random.gauss(1, 3)), _other(sex), OLD, OLDEST)
        members = [first, Member(*other, SPOUSE)] if other else [first]
        yield Family("old_couple" if other else "alone", members)


def _other(sex: str) -> str:
    return FEMALE if sex == MALE else MALE


def _adults(pool: Pool, households: int, random: Random) -> list[Family]:
    """Put the adults left into the households left: singles, couples, shared flats."""
    people = pool.all_of(0, OLDEST, random)
    if households <= 0:
        raise ValueError("too few households for so many people")
    sizes = [1] * households
    for _ in range(len(people) - households):
        sizes[random.randrange(households)] += 1
    flats = []
    for size in sizes:
        mine = sorted((people.pop() for _ in range(size) if people), reverse=True)
        if mine:
            flats.append(_shared(mine, random))
    return flats


def _shared(people: list[tuple[int, str]], random: Random) -> Family:
    family = Family("adults", tenants=random.random() < TENANTS_AMONG_ADULTS)
    for number, (age, sex) in enumerate(people):
        head = people[0]
        relation = HEAD if number == 0 else OTHER
        if number == 1 and sex != head[1] and head[0] - age < 9:
            relation = SPOUSE
        elif number and head[0] - age > 20:
            relation = CHILD
        elif number and not family.tenants and head[0] - age < 9:
            relation = SIBLING
        family.members.append(Member(age, sex, relation))
    return family
