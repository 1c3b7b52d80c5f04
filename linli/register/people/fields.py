"""Facts of people and households for the dictionary."""

from __future__ import annotations

from dataclasses import replace

from linli.core.fields import (
    ALWAYS_SET,
    HOUSEHOLD,
    NOT_ASKED,
    OWN_RECORD,
    PERSON,
    Field,
    Kind,
    register_fields,
    register_subject,
)
from linli.core.personal_data.masking import (
    mask_address,
    mask_identity_number,
    mask_name,
    mask_phone,
)
from linli.register.choices import choices_of
from linli.register.people import normalise, terms, vocabulary
from linli.register.people.care_fields import CARE_FACTS
from linli.register.people.derived_fields import HOUSEHOLD_DERIVED, PERSON_DERIVED, SUBJECTS
from linli.register.people.household_fields import HOUSEHOLD_FACTS
from linli.register.people.stored_field import CARE, PERSONAL, TO_CARE, TO_REACH, person_field
from linli.register.places.fields import DWELLING_FACTS, building_seen_from, place_fields


def mask_birth_date(text: str) -> str:
    """Keep the year: the age is open anyway."""
    return text[:4] + "-**-**"


def mask_workplace(text: str) -> str:
    """Keep two characters, enough to recognise."""
    return text[:2] + "*" * 4


WHO: tuple[Field, ...] = (
    person_field(
        "name",
        "姓名",
        Kind.TEXT,
        "名字",
        "居民姓名",
        "人员姓名",
        "住户姓名",
        "本人姓名",
        "户主姓名",
        "被登记人",
        "称呼",
        purposes=TO_REACH,
        # For roles that see names covered; other readers see them open (decisions 0005, 0022).
        mask=mask_name,
        order="name_pinyin",
    ),
    person_field(
        "sex",
        "性别",
        Kind.CHOICE,
        "男女",
        choices=choices_of(terms.Sex, vocabulary.SEX),
        silence=NOT_ASKED,
    ),
    person_field(
        "birth_date",
        "出生日期",
        Kind.DATE,
        "出生年月",
        "出生年月日",
        "生日",
        "出生时间",
        "出生",
        sensitivity=PERSONAL,
        mask=mask_birth_date,
        verbs=("出生", "出世", "生"),
        # The date is covered; questions about whole years of it are not (decision 0021).
        yearly="birth_year",
        precision="birth_precision",
    ),
    person_field(
        "identity_kind",
        "证件类型",
        Kind.CHOICE,
        "证件种类",
        "证件类别",
        choices=choices_of(terms.IdentityKind),
        silence=NOT_ASKED,
    ),
    person_field(
        "identity_number",
        "证件号码",
        Kind.TEXT,
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "公民身份证号码",
        "证件号",
        "身份证",
        "身份号码",
        "居民身份证号",
        "身份证件号码",
        sensitivity=PERSONAL,
        mask=mask_identity_number,
        sealed=True,
        index_column="identity_index",
        index=normalise.identity_index,
    ),
    person_field(
        "phone",
        "手机",
        Kind.TEXT,
        "手机号",
        "手机号码",
        "联系电话",
        "电话",
        "电话号码",
        "联系方式",
        "移动电话",
        "本人电话",
        sensitivity=PERSONAL,
        mask=mask_phone,
        sealed=True,
        index_column="phone_index",
        index=normalise.phone_index,
        purposes=TO_REACH,
    ),
    person_field(
        "ethnicity", "民族", Kind.CHOICE, "族别", choices=vocabulary.ETHNICITIES, silence=NOT_ASKED
    ),
    person_field(
        "education",
        "文化程度",
        Kind.CHOICE,
        "学历",
        "教育程度",
        "受教育程度",
        "最高学历",
        choices=choices_of(terms.Education, vocabulary.EDUCATION),
        ranked="rising",
        words=vocabulary.EDUCATION_TOGETHER,
        silence=NOT_ASKED,
    ),
    person_field(
        "marital_status",
        "婚姻状况",
        Kind.CHOICE,
        "婚姻",
        "婚否",
        "婚姻情况",
        choices=choices_of(terms.Marital, vocabulary.MARITAL),
        words=vocabulary.MARITAL_TOGETHER,
        silence=NOT_ASKED,
    ),
    person_field(
        "political_status",
        "政治面貌",
        Kind.CHOICE,
        "面貌",
        "党派",
        "是否党员",
        choices=choices_of(terms.Political, vocabulary.POLITICAL),
        words=vocabulary.POLITICAL_TOGETHER,
        silence=NOT_ASKED,
    ),
    person_field(
        "employment",
        "就业状况",
        Kind.CHOICE,
        "就业",
        "就业情况",
        "职业状况",
        "从业状况",
        "职业",
        choices=choices_of(terms.Employment, vocabulary.EMPLOYMENT),
        silence=NOT_ASKED,
    ),
    person_field(
        "workplace",
        "工作单位",
        Kind.TEXT,
        "单位",
        "就业单位",
        "服务处所",
        "工作单位名称",
        "就读学校",
        sensitivity=PERSONAL,
        mask=mask_workplace,
    ),
    person_field(
        "hukou_address",
        "户籍地址",
        Kind.TEXT,
        "户籍地",
        "户口所在地",
        "户籍所在地",
        "户口地址",
        sensitivity=PERSONAL,
        mask=mask_address,
        sealed=True,
    ),
    person_field(
        "veteran",
        "退役军人",
        Kind.FLAG,
        "退伍军人",
        "复员军人",
        "转业军人",
        "老兵",
        "是否退役军人",
        negative="非退役军人",
        silence=NOT_ASKED,
    ),
    person_field(
        "volunteer", "志愿者", Kind.FLAG, "义工", "是否志愿者", "志愿服务者", silence=NOT_ASKED
    ),
)

COVER: tuple[Field, ...] = (
    person_field(
        "medical_insurance",
        "医疗保险",
        Kind.CHOICE,
        "医保",
        "医保类型",
        "参保情况",
        "医疗保障",
        choices=choices_of(terms.MedicalInsurance, vocabulary.MEDICAL_INSURANCE),
        silence=NOT_ASKED,
        none=terms.MedicalInsurance.NONE.value,
    ),
    person_field(
        "pension",
        "养老保险",
        Kind.CHOICE,
        "社保",
        "养老保险类型",
        "养老保障",
        choices=choices_of(terms.Pension, vocabulary.PENSION),
        silence=NOT_ASKED,
        none=terms.Pension.NONE.value,
    ),
    person_field(
        "preferred_channel",
        "联系方式偏好",
        Kind.CHOICE,
        "方便的联系方式",
        "联系偏好",
        choices=choices_of(terms.ContactChannel, vocabulary.CHANNEL),
        spoken=False,
        silence=NOT_ASKED,
    ),
    person_field(
        "last_contact_on",
        "最近联系",
        Kind.DATE,
        "最近联系日期",
        "上次联系",
        "最近走访",
        "走访日期",
        "上次走访",
        verbs=("联系", "走访", "上门", "探望", "看望", "探访", "联络", "走访到", "见"),
        sensitivity=CARE,
        silence=OWN_RECORD,
    ),
)

LIVING: tuple[Field, ...] = (
    person_field(
        "address",
        "住址",
        Kind.TEXT,
        "家庭地址",
        "现住址",
        "居住地址",
        "地址",
        "家庭住址",
        "现居住地",
        "居住地",
        "常住地址",
        "联系地址",
        "现住地址",
        "详细地址",
        column="home__address",
        order="scope_path",
        purposes=TO_REACH,
    ),
    person_field(
        "tenure",
        "居住身份",
        Kind.CHOICE,
        "居住性质",
        "住户类型",
        "人员类别",
        "与房屋关系",
        choices=choices_of(terms.Tenure, vocabulary.TENURE),
        silence=NOT_ASKED,
    ),
    person_field(
        "registered",
        "户籍人口",
        Kind.FLAG,
        "户籍在册",
        "本地户籍",
        "是否户籍",
        "本地户口",
        "户口在本地",
        "户籍居民",
        negative="非户籍人口",
        negative_words=("流动人口", "外来人口", "外来人员", "非户籍", "外地人"),
        silence=NOT_ASKED,
    ),
    person_field(
        "residence_status",
        "人户状态",
        Kind.CHOICE,
        "人户情况",
        "人户关系",
        "人户一致性",
        "人户是否一致",
        "是否人户分离",
        choices=choices_of(terms.ResidenceStatus, vocabulary.RESIDENCE),
        words=vocabulary.RESIDENCE_TOGETHER,
        silence=NOT_ASKED,
    ),
    person_field(
        "relation_to_head",
        "与户主关系",
        Kind.CHOICE,
        "户主关系",
        "家庭关系",
        "与户主的关系",
        "关系",
        choices=choices_of(terms.Relation, vocabulary.RELATION),
        words=vocabulary.RELATION_TOGETHER,
        spoken=False,
        silence=NOT_ASKED,
    ),
    person_field(
        "lives_since",
        "入住日期",
        Kind.DATE,
        "居住日期",
        "入住时间",
        "起住日期",
        "来本地日期",
        verbs=("入住", "搬来", "搬入", "住进来", "搬进来", "住进"),
    ),
    person_field(
        "lease_until", "租房合同到期", Kind.DATE, "租约到期", "租房到期", "租赁合同到期", ahead=True
    ),
    person_field(
        "status",
        "居住状态",
        Kind.CHOICE,
        "状态",
        "人员状态",
        "在住状态",
        choices=choices_of(terms.PersonStatus, vocabulary.PERSON_STATUS),
        silence=ALWAYS_SET,
    ),
    person_field(
        "source",
        "来源",
        Kind.CHOICE,
        "信息来源",
        "数据来源",
        choices=choices_of(terms.FactSource),
        spoken=False,
        silence=NOT_ASKED,
    ),
    person_field(
        "confirmed_on",
        "核实日期",
        Kind.DATE,
        "更新日期",
        "最近核实",
        "登记日期",
        "采集日期",
        verbs=("核实", "核对", "更新", "确认"),
        silence=OWN_RECORD,
    ),
)

# Stored for what is worked out from them; nobody asks for these by name.
BEHIND: tuple[Field, ...] = (
    person_field(
        "household_youngest_birth_date",
        "户内最年轻出生日期",
        Kind.DATE,
        listed=False,
        column="household__youngest_birth_date",
        sensitivity=PERSONAL,
    ),
)
OF_HOUSEHOLD: tuple[Field, ...] = (
    person_field(
        "household_size",
        "户内人数",
        Kind.NUMBER,
        "家庭人口",
        "家庭人数",
        "家庭人口数",
        "户人口数",
        "同住人数",
        column="household__size",
        unit="人",
        lowest=0,
        highest=99,
        bands=(0, 1, 2, 3, 4, 5, 6),
    ),
    person_field(
        "household_awaits_head",
        "所在户待补户主",
        Kind.FLAG,
        column="household__awaits_head",
        spoken=False,
        silence=ALWAYS_SET,
    ),
    person_field(
        "household_low_income",
        "低保户",
        Kind.FLAG,
        "低保家庭",
        column="household__low_income",
        sensitivity=CARE,
        purposes=TO_CARE,
        silence=NOT_ASKED,
    ),
)


def _home_seen_from(subject: str, through: str) -> list[Field]:
    dwelling = [
        replace(fact, subject=subject, column=through + fact.column) for fact in DWELLING_FACTS
    ]
    building = building_seen_from(subject, through + "building__building_facts__")
    return [*dwelling, *building]


def declare() -> None:
    """Put people and households into the dictionary."""
    for subject in SUBJECTS:
        register_subject(subject)
    age, *derived = PERSON_DERIVED
    register_fields(
        [
            *WHO[:3],
            age,
            *WHO[3:],
            *place_fields(PERSON),
            *LIVING[:6],
            *OF_HOUSEHOLD,
            *derived,
            *CARE_FACTS,
            *COVER,
            *_home_seen_from(PERSON, "home__dwelling_facts__"),
            *LIVING[6:],
            *BEHIND,
        ]
    )
    register_fields(
        [
            *HOUSEHOLD_FACTS[:3],
            *place_fields(HOUSEHOLD),
            *HOUSEHOLD_FACTS[3:5],
            *HOUSEHOLD_DERIVED,
            *_home_seen_from(HOUSEHOLD, "dwelling__dwelling_facts__"),
            *HOUSEHOLD_FACTS[5:],
        ]
    )
