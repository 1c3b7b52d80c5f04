"""The rules that ship: from the stories, adopted by a subdistrict as they stand or changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from linli.capabilities.alerts.terms import When
from linli.core.words import Word


@dataclass(frozen=True)
class LibraryRule:
    """A rule of the library; ``why`` says what it is for, ``given`` what differs from empty."""

    key: str
    name: str
    why: str
    when: str
    subject: str
    role: str
    message: str
    where: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("name", "why"):
            object.__setattr__(self, name, Word(getattr(self, name)))

    def facts(self) -> dict[str, Any]:
        """Return the facts of a rule like this."""
        condition = {"subject": self.subject, "where": self.where} if self.where else {}
        return {
            "key": self.key,
            "name": self.name,
            "when": self.when,
            "subject": self.subject,
            "role": self.role,
            "message": self.message,
            "condition": condition,
            **self.given,
        }


def _is(key: str, value: Any, op: str = "eq") -> dict[str, Any]:
    return {"field": key, "op": op, "value": value}


def _all(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(parts)}


def _turning(years: int, what: str) -> LibraryRule:
    return LibraryRule(
        f"turning-{years}",
        f"满{years}岁",
        f"满{years}岁：{what}",
        When.DATE,
        "person",
        "community_worker",
        "{名称}{日期}满" + f"{years}岁，" + what,
        given={"field": "birth_date", "years": years, "lead": 30},
    )


LIFT, FIRE, RESERVE = _is("kind", "电梯"), _is("kind", "消防设备"), _is("kind", "储备物资")
ALONE = _is("lives_alone", True)
WORKER, GRID, SECRETARY = "community_worker", "grid_worker", "secretary"

LIBRARY: tuple[LibraryRule, ...] = (
    LibraryRule(
        "lift-inspection",
        "电梯年检",
        "闻喜路251弄：提前一个月告诉书记",
        When.DUTY,
        "facility",
        SECRETARY,
        "{名称}{日期}到期，请安排",
        LIFT,
        {"duty": "inspection", "lead": 30, "past": True, "repeat": 10},
    ),
    LibraryRule(
        "inspection-due",
        "其他设施检验到期",
        "消防设备等检验到期前一个月",
        When.DUTY,
        "facility",
        WORKER,
        "{名称}{日期}到期，请安排",
        {"not": LIFT},
        {"duty": "inspection", "lead": 30, "past": True},
    ),
    LibraryRule(
        "duty-due",
        "设施检查到期",
        "电梯、消防设备、充电桩按各自的周期检查",
        When.DUTY,
        "facility",
        WORKER,
        "{名称}{日期}到期，请检查",
        given={"duty": "check", "lead": 7, "past": True},
    ),
    LibraryRule(
        "maintenance-due",
        "设施维保到期",
        "电梯半月维保等，到期前三天问维保单位",
        When.DUTY,
        "facility",
        WORKER,
        "{名称}{日期}到期，请问维保单位",
        given={"duty": "maintenance", "lead": 3, "past": True},
    ),
    LibraryRule(
        "renewal-due",
        "设施更换到期",
        "电池、药剂等到期前一个月更换",
        When.DUTY,
        "facility",
        WORKER,
        "{名称}{日期}到期，请更换",
        given={"duty": "renewal", "lead": 30, "past": True},
    ),
    LibraryRule(
        "expiry",
        "物资快过期",
        "储备物资过期前一个月用掉或换新",
        When.DATE,
        "facility",
        WORKER,
        "{名称}{日期}过期，请换新",
        RESERVE,
        {"field": "expires_on", "lead": 30, "past": True},
    ),
    LibraryRule(
        "fire-expiry",
        "消防设备到期",
        "灭火器等到期前更换",
        When.DATE,
        "facility",
        WORKER,
        "{名称}{日期}到期，请更换",
        FIRE,
        {"field": "expires_on", "lead": 30, "past": True},
    ),
    LibraryRule(
        "reserve-short",
        "物资低于最低数量",
        "储备少于预案要求",
        When.HOLDS,
        "facility",
        WORKER,
        "{名称}低于最低数量，请补货",
        _is("is_short", True),
        {"repeat": 7},
    ),
    LibraryRule(
        "lease-ends",
        "公共场地租约到期",
        "公共收益的租约提前两个月商量",
        When.DATE,
        "facility",
        SECRETARY,
        "{名称}租约{日期}到期，请业委会、物业一起商量",
        given={"field": "contract_until", "lead": 60, "past": True},
    ),
    LibraryRule(
        "paper-ends",
        "设施证件到期",
        "使用登记证、合格证等到期前一个月换证",
        When.DATE,
        "facility",
        WORKER,
        "{名称}的证件{日期}到期，请换证",
        given={"field": "papers_until", "lead": 30, "past": True},
    ),
    LibraryRule(
        "tenant-lease-ends",
        "租客合同到期",
        "租房合同到期前一个月问一问：续租还是搬走",
        When.DATE,
        "person",
        GRID,
        "{名称}租房合同{日期}到期，问问续租还是搬走",
        _is("tenure", "tenant"),
        {"field": "lease_until", "lead": 30},
    ),
    _turning(60, "可办老年优待证"),
    _turning(70, "可享高龄健康服务"),
    _turning(80, "可申领高龄津贴，纳入上门关爱"),
    _turning(90, "高龄津贴可能提高一档，请核对本街道的政策"),
    LibraryRule(
        "newborn",
        "新生儿",
        "新生儿上门祝贺，告诉疫苗和医保怎么办",
        When.DATE,
        "person",
        WORKER,
        "{名称}是新生儿，请上门告诉疫苗、医保怎么办",
        given={"field": "birth_date"},
    ),
    LibraryRule(
        "due-date",
        "预产期临近",
        "孕妇预产期前两周问一问",
        When.DATE,
        "person",
        WORKER,
        "{名称}预产期{日期}，问问需要什么",
        given={"field": "due_date", "lead": 14},
    ),
    LibraryRule(
        "school-age",
        "满6岁上学",
        "满6岁提醒家长报名入学",
        When.DATE,
        "person",
        WORKER,
        "{名称}{日期}满6岁，提醒报名入学",
        given={"field": "birth_date", "years": 6, "lead": 150},
    ),
    LibraryRule(
        "alone-unseen",
        "独居老人多日没联系",
        "75岁以上独居的，15天没联系就上门",
        When.SILENCE,
        "person",
        GRID,
        "{名称}15天没有联系，请上门看一看",
        _all(ALONE, _is("age", 75, "ge")),
        {"field": "last_contact_on", "days": 15},
    ),
    LibraryRule(
        "disabled-unseen",
        "重残人员多日没联系",
        "一二级残疾30天没联系就上门",
        When.SILENCE,
        "person",
        GRID,
        "{名称}30天没有联系，请上门看一看",
        _is("disability_level", ["1", "2"], "in"),
        {"field": "last_contact_on", "days": 30},
    ),
    LibraryRule(
        "typhoon-frail",
        "台风来前看望体弱老人",
        "台风预警时80岁以上独居的逐户看到",
        When.SIGNAL,
        "person",
        GRID,
        "台风要来，请上门看望{名称}",
        _all(ALONE, _is("age", 80, "ge")),
        {"advisory": "typhoon"},
    ),
    LibraryRule(
        "heating-frail",
        "停暖停电时看望老人",
        "停暖停电停水时75岁以上独居的逐户看到",
        When.SIGNAL,
        "person",
        GRID,
        "停暖停电停水，请上门看望{名称}",
        _all(ALONE, _is("age", 75, "ge")),
        {"advisory": "no_heating"},
    ),
    LibraryRule(
        "heat-frail",
        "高温天看望独居老人",
        "高温预警时80岁以上独居的逐户看到",
        When.SIGNAL,
        "person",
        GRID,
        "高温预警，请看望{名称}",
        _all(ALONE, _is("age", 80, "ge")),
        {"advisory": "heat"},
    ),
    LibraryRule(
        "empty-posts",
        "岗位没有人",
        "五一中路29个小区12个没有物业：没人管的要看得见",
        When.SOURCE,
        "person",
        "subdistrict_officer",
        "{名称}，请安排",
        given={"source": "posts.empty"},
    ),
    LibraryRule(
        "late-promises",
        "答应居民的事过期了",
        "答应居民的事过了期限，书记要知道",
        When.SOURCE,
        "person",
        SECRETARY,
        "{名称}，答应的日期是{日期}",
        given={"source": "promises.late"},
    ),
    LibraryRule(
        "late-tasks",
        "待办过期了",
        "其他待办过了期限，书记要知道",
        When.SOURCE,
        "person",
        SECRETARY,
        "{名称}，{日期}已到期",
        given={"source": "tasks.late"},
    ),
    LibraryRule(
        "low-income-differs",
        "低保登记不一致",
        "本人登记低保而户没有，或反过来",
        When.DISAGREE,
        "person",
        WORKER,
        "{名称}的低保登记两处不一致，请核实",
        given={"field": "low_income", "other": "household_low_income"},
    ),
    LibraryRule(
        "building-grows-old",
        "高龄独居老人增多",
        "80岁以上独居超过100人，该添助餐点",
        When.THRESHOLD,
        "person",
        SECRETARY,
        "80岁以上独居的超过100人，请商量助餐和巡访",
        _all(ALONE, _is("age", 80, "ge")),
        {"side": "over", "number": 100},
    ),
)


def shipped(key: str) -> LibraryRule | None:
    """Return a rule of the library."""
    return next((rule for rule in LIBRARY if rule.key == key), None)


def words() -> Iterator[str]:
    """Return what the library shows to whoever chooses a rule."""
    for one in LIBRARY:
        yield from (one.name, one.why)
