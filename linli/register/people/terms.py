"""Named choices about people, with their Chinese words."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    """GB/T 2261.1."""

    MALE = "1", _("男")
    FEMALE = "2", _("女")


class IdentityKind(TextChoices):
    """What kind of document the number is of."""

    RESIDENT = "resident", _("居民身份证")
    HONGKONG_MACAO = "hk_mo", _("港澳居民来往内地通行证")
    TAIWAN = "tw", _("台湾居民来往大陆通行证")
    PASSPORT = "passport", _("护照")
    FOREIGN_RESIDENT = "foreign", _("外国人永久居留身份证")
    OTHER = "other", _("其他证件")


class Education(TextChoices):
    """GB/T 4658, as forms use it."""

    NONE = "none", _("未上学")
    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初中")
    SENIOR = "senior", _("高中")
    VOCATIONAL = "vocational", _("中专")
    COLLEGE = "college", _("大专")
    BACHELOR = "bachelor", _("本科")
    MASTER = "master", _("硕士")
    DOCTOR = "doctor", _("博士")


class Marital(TextChoices):
    """GB/T 2261.2."""

    SINGLE = "10", _("未婚")
    MARRIED = "20", _("已婚")
    WIDOWED = "30", _("丧偶")
    DIVORCED = "40", _("离婚")


class Political(TextChoices):
    """GB/T 4762, the words that forms use."""

    PARTY = "01", _("中共党员")
    PROBATIONARY = "02", _("中共预备党员")
    LEAGUE = "03", _("共青团员")
    DEMOCRATIC = "04", _("民主党派")
    MASSES = "13", _("群众")


class Employment(TextChoices):
    """What somebody does in the day."""

    EMPLOYED = "employed", _("在职")
    SELF_EMPLOYED = "self", _("个体经营")
    FLEXIBLE = "flexible", _("灵活就业")
    UNEMPLOYED = "unemployed", _("失业")
    RETIRED = "retired", _("退休")
    STUDENT = "student", _("在校学生")
    PRESCHOOL = "preschool", _("学龄前")
    FARMING = "farming", _("务农")
    HOME = "home", _("无业")


class DisabilityKind(TextChoices):
    """GB/T 26341."""

    SIGHT = "1", _("视力残疾")
    HEARING = "2", _("听力残疾")
    SPEECH = "3", _("言语残疾")
    LIMBS = "4", _("肢体残疾")
    INTELLECT = "5", _("智力残疾")
    MIND = "6", _("精神残疾")
    MULTIPLE = "7", _("多重残疾")
    NONE = "none", _("无残疾")


class DisabilityLevel(TextChoices):
    """GB/T 26341; one is the most severe."""

    ONE = "1", _("一级")
    TWO = "2", _("二级")
    THREE = "3", _("三级")
    FOUR = "4", _("四级")


class ChronicIllness(TextChoices):
    """The long illness that matters most for care."""

    HYPERTENSION = "hypertension", _("高血压")
    DIABETES = "diabetes", _("糖尿病")
    HEART = "heart", _("心脏病")
    STROKE = "stroke", _("脑卒中")
    CANCER = "cancer", _("恶性肿瘤")
    LUNG = "lung", _("慢阻肺")
    KIDNEY = "kidney", _("肾病")
    DEMENTIA = "dementia", _("认知障碍")
    MENTAL = "mental", _("严重精神障碍")
    OTHER = "other", _("其他慢性病")
    NONE = "none", _("无慢性病")


class CareLevel(TextChoices):
    """GB/T 42195: ability of older people."""

    ABLE = "able", _("能力完好")
    LIGHT = "light", _("轻度失能")
    MODERATE = "moderate", _("中度失能")
    SEVERE = "severe", _("重度失能")
    FULL = "full", _("完全失能")


class MedicalInsurance(TextChoices):
    """Basic medical insurance."""

    EMPLOYEE = "employee", _("职工医保")
    RESIDENT = "resident", _("居民医保")
    PUBLIC = "public", _("公费医疗")
    ELSEWHERE = "elsewhere", _("异地医保")
    NONE = "none", _("未参保")


class Pension(TextChoices):
    """Basic pension insurance."""

    EMPLOYEE = "employee", _("职工养老")
    RESIDENT = "resident", _("居民养老")
    OFFICIAL = "official", _("机关事业")
    NONE = "none", _("未参保")


class ContactChannel(TextChoices):
    """How somebody likes to be reached."""

    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    MESSAGE = "message", _("短信")
    WECHAT = "wechat", _("微信")
    FAMILY = "family", _("联系家属")


class Tenure(TextChoices):
    """On what ground somebody lives in a dwelling."""

    OWNER = "owner", _("业主")
    TENANT = "tenant", _("租客")
    FAMILY = "family", _("家属")
    COLLECTIVE = "collective", _("集体居住")
    OTHER = "other", _("借住")


class ResidenceStatus(TextChoices):
    """Do the home and the registered household (户口) of somebody agree, and where do they live?"""

    TOGETHER = "together", _("人户一致")
    HUKOU_ONLY = "hukou_only", _("户在人不在")
    LIVING_ONLY = "living_only", _("人在户不在")
    EMPTY_HUKOU = "empty_hukou", _("空挂户")


# Registered here, but living elsewhere (decision 0029).
NOT_LIVING_HERE = (ResidenceStatus.HUKOU_ONLY.value, ResidenceStatus.EMPTY_HUKOU.value)


class Relation(TextChoices):
    """GB/T 4761: relation to the head of the household."""

    HEAD = "0", _("户主")
    SPOUSE = "1", _("配偶")
    CHILD = "2", _("子女")
    GRANDCHILD = "4", _("孙辈")
    PARENT = "5", _("父母")
    GRANDPARENT = "6", _("祖辈")
    SIBLING = "7", _("兄弟姐妹")
    OTHER = "8", _("其他")
    CHILD_IN_LAW = "9", _("儿媳女婿")


class PersonStatus(TextChoices):
    """Is this person living here now?"""

    CURRENT = "current", _("在住")
    MOVED_OUT = "moved_out", _("已迁出")
    DIED = "died", _("已故")


class FactSource(TextChoices):
    """Where a fact comes from."""

    VISIT = "visit", _("上门走访")
    PHONE = "phone", _("电话核实")
    SELF = "self", _("本人申报")
    IMPORT = "import", _("表格导入")
    DEPARTMENT = "department", _("部门数据")
    NEIGHBOUR = "neighbour", _("邻里反映")


class RevealPurpose(TextChoices):
    """What a covered value is needed for."""

    CONTACT = "contact", _("联系本人或家属")
    VISIT = "visit", _("上门走访")
    VERIFY = "verify", _("核对信息")
    SERVICE = "service", _("代办服务")
    EMERGENCY = "emergency", _("紧急情况")
    OTHER = "other", _("其他")
