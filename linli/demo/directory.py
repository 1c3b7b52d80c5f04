"""Who comes when called in the demonstration: real kinds of organisations, invented names.

Numbers begin with 143000: the network number nobody has, below those of the invented residents.
"""

from __future__ import annotations

from dataclasses import dataclass

from linli.demo.population.layout import LIFT_ESTATE, YINJIA
from linli.register.parties.actions import ContactFacts, add_contact, add_party, edit_party
from linli.register.parties.models import Party
from linli.register.places.models import Place
from linli.register.places.terms import PlaceKind

OFFICE = "工作日 8:30-11:30、13:30-17:00"
DAY_AND_NIGHT = "24小时"


@dataclass(frozen=True)
class DirectoryEntry:
    """One organisation: who, what for, when, and who is on call at night, if anybody."""

    name: str
    kind: str
    helps: str
    hours: str
    night: str = ""
    person: str = ""
    address: str = ""


# For the whole subdistrict. ``night`` is "name|hours" of whoever is on call outside the hours.
TOWN = (
    DirectoryEntry("潘火街道总值班室", "街道", "综合值班、投诉、紧急联络", DAY_AND_NIGHT),
    DirectoryEntry(
        "潘火综合执法中队",
        "城管",
        "违建、占道、流动摊、噪声",
        "每天 7:30-21:00",
        "执法值班|21:00-次日7:30",
    ),
    DirectoryEntry("潘火交警中队", "交警", "停车、事故、挪车", DAY_AND_NIGHT),
    DirectoryEntry("潘火专职消防站", "消防", "火灾、消防通道、马蜂窝", DAY_AND_NIGHT),
    DirectoryEntry("东湾医院急诊", "医院", "急诊、救护车、摔倒", DAY_AND_NIGHT),
    DirectoryEntry(
        "安康大药房", "药店", "买药、送药", "每天 8:00-21:30", "夜间售药|21:30-次日8:00"
    ),
    DirectoryEntry(
        "四明自来水潘火营业所", "供水", "停水、水表、水压、爆管", OFFICE, "抢修班|17:00-次日8:30"
    ),
    DirectoryEntry("鄞东供电所", "供电", "停电、跳闸、电表", OFFICE, "电力抢修|16:30-次日8:30"),
    DirectoryEntry(
        "兴明燃气服务站", "燃气", "漏气、燃气灶、安检", "每天 8:00-20:00", "燃气抢险|20:00-次日8:00"
    ),
    DirectoryEntry("甬通宽带潘火网点", "通信", "宽带、断网、电话线", "每天 8:30-18:00"),
    DirectoryEntry("平安开锁服务部", "开锁", "开锁、换锁、门锁", DAY_AND_NIGHT, "", "钱立"),
    DirectoryEntry("绿盾有害生物防制", "消杀", "老鼠、蟑螂、白蚁、马蜂", "周一至周六 8:00-17:30"),
    DirectoryEntry("洁城环卫潘火所", "环卫", "大件、建筑垃圾、清运", "每天 5:00-18:00"),
    DirectoryEntry(
        "青禾园林养护队", "园林", "倒树、修剪、绿化", "周一至周六 7:30-16:30", "防台值守|24小时"
    ),
    DirectoryEntry(
        "甬江律师事务所", "律师", "法律咨询、遗产、合同", "工作日 9:00-17:30", "", "方若谷"
    ),
    DirectoryEntry("潘火公共法律服务站", "司法", "法律援助、公证咨询", OFFICE),
    DirectoryEntry("潘火人民调解委员会", "调解", "邻里矛盾、纠纷调解", OFFICE, "", "罗和"),
    DirectoryEntry("心桥心理援助热线", "心理", "心理咨询、抑郁、想不开", DAY_AND_NIGHT),
    DirectoryEntry(
        "知语心理工作室", "心理", "心理咨询、青少年情绪", "周二至周日 9:00-20:00", "", "言清"
    ),
    DirectoryEntry("潘火民政服务窗口", "民政", "低保、临时救助、特困、殡葬", OFFICE),
    DirectoryEntry("潘火残疾人联合会", "残联", "残疾证、辅具、轮椅、无障碍", OFFICE, "", "祝平"),
    DirectoryEntry(
        "潘火妇女联合会", "妇联", "家暴、妇女儿童、婚姻纠纷", OFFICE, "妇儿维权|17:00-次日8:30"
    ),
    DirectoryEntry("潘火退役军人服务站", "退役军人", "优抚、老兵", OFFICE),
    DirectoryEntry("潘火就业社保窗口", "人社", "找工作、社保卡、退休、欠薪", OFFICE),
    DirectoryEntry("潘火医保服务点", "医保", "医保、生育", OFFICE),
    DirectoryEntry(
        "潘火户籍窗口", "公安", "户口、身份证、居住证", "周一至周六 8:30-16:30 节假日休息"
    ),
    DirectoryEntry("潘火市场监管所", "市场监管", "食品安全、投诉商家、过期", OFFICE),
    DirectoryEntry("鄞东房管站", "房管", "公租房、维修资金、业委会、危房", OFFICE),
    DirectoryEntry(
        "暖阳居家养老服务中心", "养老", "助餐、助浴、日间照料", "每天 7:00-18:00", "", "叶暖"
    ),
    DirectoryEntry(
        "康宁护理站", "护理", "上门护理、长护险、失能", "每天 8:00-17:00", "夜间护理|17:00-次日8:00"
    ),
    DirectoryEntry("好帮手家政", "家政", "钟点工、保姆、搬家", "每天 7:30-19:00"),
    DirectoryEntry(
        "老柯家电维修", "维修", "空调、冰箱、热水器", "周一至周六 8:30-18:00", "", "柯师傅"
    ),
    DirectoryEntry(
        "速通管道疏通", "维修", "下水道、马桶、漏水、疏通", "每天 7:00-22:00", "", "管师傅"
    ),
    DirectoryEntry("固安房屋修缮", "维修", "屋顶、外墙、补漏", "周一至周六 7:30-17:00"),
    DirectoryEntry("易充充电桩运维", "充电", "充电桩、充电棚", DAY_AND_NIGHT),
    DirectoryEntry("归途犬只收容点", "动物", "流浪狗、捕狗", "每天 8:00-17:30"),
)
# What the places the demonstration begins with need beside: their hours, numbers and nights.
KNOWN = {
    "潘火派出所": ("24小时", "值班民警|24小时"),
    "潘火街道社区卫生服务中心": ("每天 8:00-16:30", "夜间门诊|16:30-22:00"),
    "甬安物业服务公司": ("每天 8:00-20:00", "夜班门岗|20:00-次日8:00"),
    "明州电梯维保公司": ("周一至周六 8:00-17:30", "电梯急修|24小时"),
    "四明加装电梯服务公司": ("周一至周六 8:00-17:30", "加装电梯急修|24小时"),
}
# For one community each.
COMMUNITIES = {
    YINJIA: (
        DirectoryEntry(
            "殷家社区卫生服务站",
            "医院",
            "家庭医生、慢病、配药",
            "周一至周六 8:00-16:30",
            "",
            "沈家安",
        ),
        DirectoryEntry(
            "殷家社区志愿服务队", "志愿", "志愿者、帮忙跑腿", "每天 8:00-20:00", "", "周秀珍"
        ),
        DirectoryEntry(
            "殷家老年食堂", "养老", "老年食堂、送餐、助餐", "每天 10:30-12:30、16:30-18:00"
        ),
    ),
    LIFT_ESTATE: (
        DirectoryEntry(
            "加装电梯自管小组", "自治", "加装电梯协商、电梯费用", "周末 9:00-11:00", "", "何伯"
        ),
    ),
}


class _PhoneNumbers:
    """Numbers nobody has, one after another."""

    def __init__(self) -> None:
        self._last = 1000

    def next(self) -> str:
        """Return the next one."""
        self._last += 1
        return f"143{self._last:08d}"


def add_directory(town: Place) -> int:
    """Add who comes when called, through the same actions people use; return how many."""
    numbers = _PhoneNumbers()
    for name, (hours, night) in KNOWN.items():
        party = Party.objects.select_related("place").filter(name=name, place=town).first()
        if party is not None:
            changes = {"hours": hours, "phone": numbers.next()}
            edit_party(party=party, changes=changes, by=None)
            _on_call(party, night, numbers)
    for entry in TOWN:
        _add(town, entry, numbers)
    added = len(TOWN)
    for code, entries in COMMUNITIES.items():
        place = Place.objects.filter(kind=PlaceKind.COMMUNITY, code=code).first()
        if place is None:
            continue
        for entry in entries:
            _add(place, entry, numbers)
        added += len(entries)
    return added


def _add(place: Place, entry: DirectoryEntry, numbers: _PhoneNumbers) -> None:
    party = add_party(
        place=place,
        name=entry.name,
        kind=entry.kind,
        helps_with=entry.helps,
        hours=entry.hours,
        phone=numbers.next(),
        by=None,
    )
    if entry.night:
        _on_call(party, entry.night, numbers)
    if entry.person:
        own = ContactFacts(entry.person, phone=numbers.next(), is_personal=True)
        add_contact(party=party, facts=own, by=None)


def _on_call(party: Party, night: str, numbers: _PhoneNumbers) -> None:
    name, hours = night.split("|")
    facts = ContactFacts(
        name, phone=numbers.next(), hours=hours, is_on_call=True, is_personal=False
    )
    add_contact(party=party, facts=facts, by=None)
