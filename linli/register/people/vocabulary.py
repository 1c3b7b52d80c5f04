"""How people say the choices of the register: the words sentences and headings use."""

from __future__ import annotations

from linli.core.fields import Choice

Words = dict[str, tuple[str, ...]]

SEX: Words = {"1": ("男性", "男的", "男人", "男士"), "2": ("女性", "女的", "女人", "女士", "妇女")}
EDUCATION: Words = {
    "none": ("文盲", "没上过学", "不识字"),
    "primary": ("小学文化",),
    "junior": ("初中文化",),
    "senior": ("高中文化",),
    "vocational": ("中职", "技校"),
    "college": ("专科",),
    "bachelor": ("大学本科", "学士"),
    "master": ("硕士研究生",),
    "doctor": ("博士研究生",),
}
# Postgraduates of both kinds: the word alone does not say which.
EDUCATION_TOGETHER: Words = {"研究生": ("master", "doctor")}
MARITAL: Words = {
    "10": ("没结婚", "没有结婚"),
    "20": ("结婚", "有配偶"),
    "30": ("丧偶的",),
    "40": ("离异", "离婚的"),
}
MARITAL_TOGETHER: Words = {"单身": ("10", "30", "40"), "无配偶": ("10", "30", "40")}
POLITICAL: Words = {
    "01": ("正式党员",),
    "02": ("预备党员",),
    "03": ("团员",),
    "04": ("民主党派人士",),
    "13": ("普通群众",),
}
# Those who are counted as members include those on probation.
POLITICAL_TOGETHER: Words = {"党员": ("01", "02"), "共产党员": ("01", "02")}
EMPLOYMENT: Words = {
    "employed": ("在职人员", "上班", "上班族"),
    "self": ("个体户", "个体"),
    "flexible": ("灵活就业人员",),
    "unemployed": ("失业人员", "待业"),
    "retired": ("退休人员", "退休职工", "已退休"),
    "student": ("学生", "在读"),
    "preschool": ("学龄前儿童",),
    "farming": ("农民",),
    "home": ("无业人员", "没有工作", "没工作"),
}
DISABILITY_KIND: Words = {
    "1": ("视障", "盲人", "视力残疾人"),
    "2": ("听障", "聋人", "听力残疾人"),
    "3": ("言语障碍", "言语残疾人"),
    "4": ("肢残", "肢体残疾人"),
    "5": ("智障", "智力残疾人"),
    "6": ("精神残疾人",),
    "7": ("多重残疾人",),
}
DISABILITY_LEVEL: Words = {
    "1": ("一级残疾", "残疾一级", "1级残疾"),
    "2": ("二级残疾", "残疾二级", "2级残疾"),
    "3": ("三级残疾", "残疾三级", "3级残疾"),
    "4": ("四级残疾", "残疾四级", "4级残疾"),
}
DISABILITY_LEVEL_TOGETHER: Words = {
    "重度残疾": ("1", "2"),
    "重度残疾人": ("1", "2"),
    "重残": ("1", "2"),
}
CHRONIC_ILLNESS: Words = {
    "hypertension": ("血压高",),
    "diabetes": ("血糖高",),
    "heart": ("冠心病", "心脏不好"),
    "stroke": ("中风", "脑梗"),
    "cancer": ("癌症", "肿瘤"),
    "lung": ("肺病",),
    "kidney": ("尿毒症", "透析"),
    "dementia": ("失智", "老年痴呆", "痴呆", "阿尔茨海默"),
    "mental": ("精神病", "精神障碍"),
    "other": (),
}
CARE_LEVEL: Words = {
    "able": ("能自理", "生活自理"),
    "light": ("轻度",),
    "moderate": ("中度",),
    "severe": ("重度",),
    "full": ("卧床",),
}
CARE_LEVEL_TOGETHER: Words = {
    "半失能": ("light", "moderate"),
    "不能自理": ("severe", "full"),
    "生活不能自理": ("severe", "full"),
}
MEDICAL_INSURANCE: Words = {
    "employee": ("职工医疗保险",),
    "resident": ("城乡居民医保", "居民医疗保险"),
    "public": (),
    "elsewhere": ("外地医保",),
    "none": ("没有医保", "没医保", "无医保", "未参加医保"),
}
PENSION: Words = {
    "employee": ("职工养老保险",),
    "resident": ("居民养老保险",),
    "official": (),
    "none": ("没有养老保险", "无养老保险"),
}
CHANNEL: Words = {"phone": ("打电话",), "message": ("发短信",), "wechat": ("发微信",)}
TENURE: Words = {
    "owner": ("房东", "产权人", "房主"),
    "tenant": ("租户", "承租人", "租房户", "租房的", "租房客", "租住", "租房"),
    "family": ("业主家属",),
    "collective": ("集体户",),
    "other": ("借住人员",),
}
RESIDENCE: Words = {
    "together": ("人户合一", "人在户在", "户在人在"),
    "hukou_only": ("户在人不住", "人不在户在", "有户无人"),
    "living_only": ("人在户不在的", "户不在人在", "有人无户"),
    "empty_hukou": ("空挂", "空挂户口", "空户"),
}
# Home and household apart: the word alone does not say which of the two is here.
RESIDENCE_TOGETHER: Words = {"人户分离": ("hukou_only", "living_only")}
RELATION: Words = {
    "1": ("妻子", "丈夫"),
    "2": ("儿子", "女儿"),
    "4": ("孙子", "孙女"),
    "5": ("父亲", "母亲"),
    "8": (),
}
# Said bare, only this one is about the person: "子女" is mostly somebody else.
RELATION_TOGETHER: Words = {"户主": ("0",)}
PERSON_STATUS: Words = {
    "moved_out": ("迁出", "搬走", "迁出的", "搬走的"),
    "died": ("去世", "死亡", "过世"),
}

_PEOPLES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 "
    "拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 "
    "怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
PEOPLES = tuple(_PEOPLES.split())
# GB/T 3304 in its order; the register stores the word itself. 97 is for peoples not yet told apart.
ETHNICITIES: tuple[Choice, ...] = (
    *(Choice(f"{name}族", f"{name}族") for name in PEOPLES),
    Choice("穿青人", "穿青人"),
    Choice("其他民族", "其他民族"),
)
