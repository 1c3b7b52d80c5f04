"""Facts worked out from stored ones: ages, living alone, care kinds; nothing here is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from linli.core.fields import (
    HOUSEHOLD,
    NOT_ASKED,
    OWN_RECORD,
    PERSON,
    UNCLEAR,
    AllOf,
    Compare,
    Field,
    Kind,
    Node,
    Not,
    Op,
    RelatedSubject,
    Sensitivity,
    Silence,
    Subject,
    all_of,
    any_of,
)
from linli.core.fields.field import Row
from linli.core.fields.rewrites import days_since, flag, turning_next_month, year_of, years_since
from linli.core.time.ages import age_on, born_on_or_before, turns_next_month
from linli.register.people import care_kinds as care
from linli.register.people.known_facts import (
    LIVES_HERE,
    Known,
    household_judged,
    or_elsewhere,
    other_than_none,
    pregnancy_said,
    registered,
)
from linli.register.people.terms import PersonStatus

AGE_BANDS = (0, 7, 14, 18, 35, 60, 70, 80, 90, 100)
BIRTH_DECADES = (1900, 1930, 1940, 1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020)
OLDEST = 150
BORN = Compare("birth_date", Op.KNOWN)
HAN = "汉族"


def derived(key: str, label: str, *synonyms: str, **more: Any) -> Field:
    """Return a derived fact; a flag unless told otherwise."""
    more.setdefault("kind", Kind.FLAG)
    more.setdefault("subject", PERSON)
    more.setdefault("owner", "people")
    return Field(key=key, label=label, synonyms=synonyms, **more)


def _age(stored: str) -> Callable[[Row, date], int | None]:
    def derive(row: Row, today: date) -> int | None:
        birth = row.get(stored)
        return None if birth is None else age_on(birth, today)

    return derive


def _birth_year(row: Row, _today: date) -> int | None:
    birth = row.get("birth_date")
    return None if birth is None else int(birth.year)


def _turning_next_month(row: Row, today: date) -> int | None:
    birth = row.get("birth_date")
    age = None if birth is None else turns_next_month(birth, today)
    return age if age is not None and age <= OLDEST else None


def _older_than(years: int, stored: str = "birth_date") -> Callable[[date], Node]:
    return lambda today: Compare(stored, Op.LE, born_on_or_before(years, today))


def _younger_than(years: int) -> Callable[[date], Node]:
    return lambda today: AllOf((BORN, Not(_older_than(years)(today))))


def _age_flag(key: str, label: str, *synonyms: str, from_age: int = 0, below: int = 0) -> Field:
    def derive(row: Row, today: date) -> bool | None:
        age = _age("birth_date")(row, today)
        return None if age is None else (age >= from_age if from_age else age < below)

    where = _older_than(from_age) if from_age else _younger_than(below)
    bound = f"年满{from_age}周岁" if from_age else f"不满{below}周岁"
    spoken = Compare("age", Op.GE, from_age) if from_age else Compare("age", Op.LT, below)
    return derived(
        key,
        label,
        *synonyms,
        needs=("birth_date",),
        derive=derive,
        rewrite=flag(where, BORN),
        description=bound,
        source="由出生日期算出",
        negative=f"非{label}",
        spoken_as=spoken,
        silence=NOT_ASKED,
    )


def _by_rule(
    key: str,
    label: str,
    *synonyms: str,
    rule: Callable[..., str],
    needs: tuple[str, ...],
    where: Callable[[date], Node],
    known: Known,
    care: bool = True,
    silence: Silence = NOT_ASKED,
) -> Field:
    sensitivity = Sensitivity.CARE if care else Sensitivity.INTERNAL
    is_known = known[1]
    return derived(
        key,
        label,
        *synonyms,
        needs=needs,
        # Where nothing is registered there is no answer: silence is not "no" (decision 0008).
        rewrite=flag(where, known[0]),
        sensitivity=sensitivity,
        derive=lambda row, today: bool(rule(row=row, today=today)) if is_known(row) else None,
        description=rule.__doc__ or "",
        source="规则一览",
        negative=f"非{label}",
        silence=silence,
    )


def _of_those_here(where: Callable[[date], Node]) -> Callable[[date], Node]:
    return lambda today: all_of(LIVES_HERE, where(today))


def _alone(size: str, awaits: str) -> Callable[[date], Node]:
    return lambda _today: AllOf((Compare(size, Op.EQ, 1), Compare(awaits, Op.EQ, False)))


def _empty_nest(size: str, youngest: str, awaits: str) -> Callable[[date], Node]:
    bound = _older_than(care.OLDER_FROM, youngest)
    return lambda today: AllOf(
        (Compare(size, Op.GE, 1), bound(today), Compare(awaits, Op.EQ, False))
    )


def _days_since_contact(row: Row, today: date) -> int | None:
    last = row.get("last_contact_on")
    return None if last is None else (today - last).days


def _is_minority(row: Row, _today: date) -> bool | None:
    return row["ethnicity"] != HAN if row.get("ethnicity") else None


def _of_household(row: Row) -> dict[str, Any]:
    return {
        "household_size": row.get("size"),
        "household_youngest_birth_date": row.get("youngest_birth_date"),
        "household_awaits_head": row.get("awaits_head"),
    }


PERSON_DERIVED: tuple[Field, ...] = (
    derived(
        "age",
        "年龄",
        "岁数",
        "周岁",
        "年纪",
        kind=Kind.NUMBER,
        unit="岁",
        units=("周岁", "岁"),
        lowest=0,
        highest=150,
        bands=AGE_BANDS,
        needs=("birth_date",),
        derive=_age("birth_date"),
        rewrite=years_since("birth_date"),
        order="-birth_date",
        # The order of birth dates would tell covered days (decision 0021).
        in_years=True,
        description="今天的周岁",
        source="由出生日期算出",
    ),
    derived(
        "birth_year",
        "出生年份",
        "出生年",
        "生年",
        kind=Kind.NUMBER,
        unit="年",
        lowest=1850,
        highest=2200,
        bands=BIRTH_DECADES,
        needs=("birth_date",),
        derive=_birth_year,
        rewrite=year_of("birth_date"),
        description="出生在哪一年",
        source="由出生日期算出",
    ),
    derived(
        "turning_next_month",
        "下月满岁数",
        "下个月满",
        "下月满",
        "下个月要满",
        kind=Kind.NUMBER,
        unit="岁",
        lowest=0,
        highest=OLDEST,
        needs=("birth_date",),
        derive=_turning_next_month,
        rewrite=turning_next_month("birth_date", oldest=OLDEST),
        sensitivity=Sensitivity.CARE,
        description="下个月过生日的人满几岁；其他人没有",
        silence=Silence(True, "下个月不过生日的人没有这一项"),
        source="由出生日期算出",
    ),
    _age_flag("older", "老人", "老年人", "老龄", "长者", from_age=care.OLDER_FROM),
    _age_flag("very_old", "高龄", "高龄老人", from_age=care.VERY_OLD_FROM),
    _age_flag("centenarian", "百岁老人", "百岁", from_age=care.CENTENARIAN_FROM),
    _age_flag("minor", "未成年人", "未成年", below=care.MINOR_BELOW),
    _age_flag("child", "儿童", "孩子", "小孩", "小朋友", "少儿", below=care.CHILD_BELOW),
    _age_flag("infant", "婴幼儿", "婴儿", "宝宝", "幼儿", below=care.INFANT_BELOW),
    _by_rule(
        "lives_alone",
        "独居",
        "独居老人",
        "一个人住",
        "单独居住",
        "独自居住",
        "是否独居",
        rule=care.is_living_alone,
        needs=("household_size", "household_awaits_head", "residence_status"),
        where=_of_those_here(_alone("household_size", "household_awaits_head")),
        known=or_elsewhere(household_judged("household_size", "household_awaits_head")),
        care=False,
        silence=UNCLEAR,
    ),
    _by_rule(
        "empty_nest",
        "空巢",
        "空巢老人",
        "纯老家庭",
        "纯老户",
        "是否空巢",
        rule=care.is_empty_nest,
        needs=(
            "household_size",
            "household_youngest_birth_date",
            "household_awaits_head",
            "residence_status",
        ),
        where=_of_those_here(
            _empty_nest("household_size", "household_youngest_birth_date", "household_awaits_head")
        ),
        known=or_elsewhere(
            household_judged(
                "household_size", "household_awaits_head", "household_youngest_birth_date"
            )
        ),
        care=False,
        silence=UNCLEAR,
    ),
    _by_rule(
        "pregnant",
        "孕妇",
        "怀孕",
        "孕产妇",
        "准妈妈",
        rule=care.is_pregnant,
        needs=("due_date", "sex"),
        where=lambda _today: Compare("due_date", Op.COMING, care.LONGEST_PREGNANCY_AHEAD),
        known=pregnancy_said(),
    ),
    _by_rule(
        "disabled",
        "残疾人",
        "残疾",
        "残障",
        "残疾人员",
        "残障人士",
        "是否残疾",
        rule=care.is_disabled,
        needs=("disability_kind", "disability_level"),
        where=lambda _today: any_of(
            other_than_none("disability_kind"), Compare("disability_level", Op.KNOWN)
        ),
        known=registered("disability_kind", "disability_level"),
    ),
    _by_rule(
        "chronically_ill",
        "慢性病人",
        "慢性病患者",
        "慢病患者",
        "慢性病",
        "慢病",
        "有慢性病",
        "患慢性病",
        rule=care.is_chronically_ill,
        needs=("chronic_illness",),
        where=lambda _today: other_than_none("chronic_illness"),
        known=registered("chronic_illness"),
    ),
    _by_rule(
        "frail",
        "失能",
        "失能老人",
        "失能人员",
        rule=care.is_frail,
        needs=("care_level",),
        where=lambda _today: Compare("care_level", Op.IN, care.LOST_ABILITY),
        known=registered("care_level"),
    ),
    derived(
        "minority",
        "少数民族",
        "少数民族居民",
        needs=("ethnicity",),
        derive=_is_minority,
        rewrite=flag(
            lambda _today: AllOf(
                (Compare("ethnicity", Op.KNOWN), Not(Compare("ethnicity", Op.EQ, HAN)))
            ),
            Compare("ethnicity", Op.KNOWN),
        ),
        description="民族已登记且不是汉族",
        source="由民族算出",
        negative="非少数民族",
        silence=NOT_ASKED,
    ),
    derived(
        "days_since_contact",
        "未联系天数",
        "多少天没联系",
        kind=Kind.NUMBER,
        unit="天",
        lowest=0,
        highest=36_500,
        bands=(0, 8, 31, 91, 181, 366),
        needs=("last_contact_on",),
        derive=_days_since_contact,
        rewrite=days_since("last_contact_on"),
        order="-last_contact_on",
        description="最近联系到今天的天数",
        source="由最近联系算出",
        sensitivity=Sensitivity.CARE,
        silence=OWN_RECORD,
    ),
)

HOUSEHOLD_COUNTED = household_judged("size", "awaits_head")
AGES_COUNTED = household_judged("size", "awaits_head", "youngest_birth_date")


def _of_counted(rule: Callable[..., str], known: Known) -> Callable[[Row, date], bool | None]:
    is_known = known[1]

    def derive(row: Row, today: date) -> bool | None:
        return bool(rule(row=_of_household(row), today=today)) if is_known(row) else None

    return derive


HOUSEHOLD_DERIVED: tuple[Field, ...] = (
    derived(
        "oldest_age",
        "户内最大年龄",
        "最年长年龄",
        "最大年龄",
        kind=Kind.NUMBER,
        unit="岁",
        subject=HOUSEHOLD,
        lowest=0,
        highest=150,
        bands=AGE_BANDS,
        needs=("oldest_birth_date",),
        derive=_age("oldest_birth_date"),
        rewrite=years_since("oldest_birth_date"),
        order="-oldest_birth_date",
        in_years=True,
        source="由出生日期算出",
    ),
    derived(
        "youngest_age",
        "户内最小年龄",
        "最年轻年龄",
        "最小年龄",
        kind=Kind.NUMBER,
        unit="岁",
        subject=HOUSEHOLD,
        lowest=0,
        highest=150,
        bands=AGE_BANDS,
        needs=("youngest_birth_date",),
        derive=_age("youngest_birth_date"),
        rewrite=years_since("youngest_birth_date"),
        order="-youngest_birth_date",
        in_years=True,
        source="由出生日期算出",
    ),
    derived(
        "lives_alone",
        "独居户",
        "一人户",
        "单人户",
        subject=HOUSEHOLD,
        needs=("size", "awaits_head"),
        derive=_of_counted(care.is_living_alone, HOUSEHOLD_COUNTED),
        rewrite=flag(_alone("size", "awaits_head"), HOUSEHOLD_COUNTED[0]),
        description="户内只有一个人",
        source="规则一览",
        negative="非独居户",
        silence=UNCLEAR,
    ),
    derived(
        "empty_nest",
        "空巢户",
        "空巢家庭",
        "纯老家庭",
        "纯老户",
        subject=HOUSEHOLD,
        needs=("size", "youngest_birth_date", "awaits_head"),
        derive=_of_counted(care.is_empty_nest, AGES_COUNTED),
        rewrite=flag(_empty_nest("size", "youngest_birth_date", "awaits_head"), AGES_COUNTED[0]),
        description="户内所有人都年满60周岁",
        source="规则一览",
        negative="非空巢户",
        silence=UNCLEAR,
    ),
)

SUBJECTS: tuple[Subject, ...] = (
    Subject(
        key=PERSON,
        label="居民",
        counter="人",
        model="people.Person",
        home="home_id",
        base=Compare("status", Op.EQ, PersonStatus.CURRENT.value),
        base_fields=("status",),
        # Asked for the registered or for those who left, nobody is left out (decision 0029).
        usual=LIVES_HERE,
        usual_fields=("residence_status", "registered", "status"),
        # Below 14 their data is sensitive (个人信息保护法 28, decision 0022).
        children=Compare("child", Op.EQ, True),
        columns=("name", "sex", "age", "address", "phone", "last_contact_on"),
        relations=(
            RelatedSubject("housemates", "同户的人", "person", "household_id", "household_id"),
        ),
        links={
            "household_id": "household_id",
            "home_id": "home_id",
            "building_id": "home__dwelling_facts__building_id",
        },
    ),
    Subject(
        key=HOUSEHOLD,
        label="户",
        counter="户",
        model="people.Household",
        home="dwelling_id",
        relations=(
            RelatedSubject("members", "户内的人", "person", "household_id", "household_id"),
        ),
        base=Not(Compare("ended_on", Op.KNOWN)),
        base_fields=("ended_on",),
        columns=("address", "head_name", "size", "low_income", "oldest_age"),
        links={"dwelling_id": "dwelling_id"},
    ),
)
