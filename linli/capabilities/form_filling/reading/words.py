"""The words of forms: how headings are cut, whose name a name is, and what a group says."""

from __future__ import annotations

import re
from functools import lru_cache

# Forms for residents from abroad: the same headings in English, without spaces and marks.
ENGLISH = {
    "name": "姓名",
    "fullname": "姓名",
    "nameofresident": "姓名",
    "sex": "性别",
    "gender": "性别",
    "age": "年龄",
    "dateofbirth": "出生日期",
    "birthdate": "出生日期",
    "birthday": "出生日期",
    "dob": "出生日期",
    "phone": "联系电话",
    "tel": "联系电话",
    "telephone": "联系电话",
    "phonenumber": "联系电话",
    "phoneno": "联系电话",
    "telephonenumber": "联系电话",
    "contactnumber": "联系电话",
    "mobile": "手机",
    "mobilephone": "手机",
    "mobilenumber": "手机",
    "mobilephonenumber": "手机",
    "cellphone": "手机",
    "address": "家庭住址",
    "homeaddress": "家庭住址",
    "residentialaddress": "家庭住址",
    "currentaddress": "家庭住址",
    "idnumber": "身份证号码",
    "idno": "身份证号码",
    "idcardnumber": "身份证号码",
    "idcardno": "身份证号码",
    "ethnicity": "民族",
    "ethnicgroup": "民族",
    "education": "文化程度",
    "levelofeducation": "文化程度",
    "maritalstatus": "婚姻状况",
    "employer": "工作单位",
    "placeofwork": "工作单位",
    "workplace": "工作单位",
    "remarks": "备注",
    "no": "序号",
}

# Whose name is asked: a resident's own, before 姓名.
PLAIN_OWN = {"姓名", "名字", "本人姓名", "居民姓名", "人员姓名", "住户姓名"}
RESIDENT = (
    "老人|老年人|儿童|青少年|未成年人|婴幼儿|幼儿|学生|残疾人|患者|妇女|育龄妇女|孕妇|孕产妇|产妇"
    "|党员|退役军人|优抚对象|低保对象|救助对象|补贴对象|服务对象|帮扶对象|失业人员|流动人员|流动人口"
    "|外来人员|境外人员|退休人员|被登记人|享受人"
)
SOME_OWN = re.compile(rf"^(?:{RESIDENT})(?:姓名|名字)$")
HEAD = re.compile(r"^户主(?:姓名)?$")
# Before what it asks for: 申请人性别, 老人身份证号码.
APPLICANT = "申请人|申请者|本人|个人|当事人本人"
OF_A_PERSON = (
    "性别|年龄|民族|身份证|证件|公民身份|联系电话|联系方式|电话|手机|住址|地址|家庭住址|家庭地址|现住址|户籍"
    "|出生|文化程度|学历|婚姻|政治面貌|工作单位"
)
APPLICANTS = re.compile(rf"^(?:{APPLICANT})的?((?:姓名|名字|{OF_A_PERSON}).*)$")
RESIDENTS = re.compile(rf"^(?:{RESIDENT})的?((?:{OF_A_PERSON}).*)$")
# Somebody else: their kin, who looks after them, who works for them or fills the form.
KIN = (
    "配偶|丈夫|妻子|爱人|父亲|母亲|父母|祖父|祖母|爷爷|奶奶|外公|外婆|公婆|子女|儿子|女儿|儿媳"
    "|女婿|兄弟|姐妹|孙子|孙女|家属|亲属|亲戚|家长|监护|赡养|抚养|照料|照护|护工|保姆|家庭成员"
    "|家庭主要成员|同住人员?$|对象为"
)
AGENT = (
    "联系人|联络人|联络员|负责人|责任人|经办|代理|代办|代领|委托|担保|介绍人|推荐人|紧急联系|结对"
    "|帮扶人|帮困|包干|走访人|入户人|调查人|调查员|采集人|登记人|填表人|填报人|记录人|审核人|受理人"
    "|处理人|接待人|房东|房主|业主|产权人|权利人|出租人|承租人|租客|雇主|组长|书记|主任|网格员"
    "|网格长|楼长|民警|医生|社工|志愿者|签名|签字|签收|领取人|接收人|举办者|当事人|反映人|投诉人"
    "|来访人|来信人|信访人|申报人|经营者|法人|法定代表|户主|专管员|协管员|管理员"
)
OTHER = re.compile(
    rf"{KIN}|{AGENT}|姓名|名字"
    "|(?i:contact$|emergency|guardian|spouse|husband|wife|father|mother|parent|landlord|agent)"
)
# These say something of the resident though a word of kin is in them.
NOT_OTHER = re.compile(r"数量?$|人数|^是否|^有无|^与|^家庭人口")
# A column of these makes a list one of relatives.
OF_RELATIVES = {"称谓", "与本人关系", "与其关系", "与申请人关系", "与残疾人关系"}
# What stands over headings and only names the group: 基本信息, 人员基本情况, 联系方式.
ABOUT = re.compile(r"(情况|信息|资料|概况|状况|简况|内容|明细|项目|栏|对象)$")
OWN_GROUP = re.compile(
    rf"^(?:个人|本人|人员|居民|申请人|身份|户籍|居住|户主|住户|{RESIDENT})?(?:身份|信息)?$"
)
# X人信息 is about somebody; these are the residents themselves.
SOMEBODY = re.compile(r"(?<!老)(?<!老年)(?<!残疾)(?<![个本])(?<!申请)人(员)?(基本)?(情况|信息)$")
SERIAL = re.compile(r"^(序号|编号|序|No\.?|№)$", re.IGNORECASE)


def plain_heading(text: str) -> str:
    """Return a heading without spaces, marks, and the number before it."""
    bare = re.sub(r"[\s\u3000*＊★：:]+", "", text)
    return re.sub(r"^(?:\d{1,2}[.．、]|[一二三四五六七八九十]+、|[（(]\d+[)）])", "", bare)


def parts(text: str) -> list[str]:
    """Cut a heading into what it asks for, without spaces, units and marks."""
    bare = plain_heading(text).replace("现在", "现")
    cut = [one for one in re.split(r"[（()）、/,，]+", bare) if one]
    cut = [_own(_in_chinese(one)) for one in cut]
    double = re.fullmatch(r"(.*(?:地址|住址))(联系方式|联系电话|电话)", bare)
    return [double[1], double[2]] if double else cut


@lru_cache(1024)
def asks_name(text: str) -> bool:
    """Does a heading ask for a resident's own name?"""
    return any(word in PLAIN_OWN or SOME_OWN.match(word) for word in parts(text))


def is_word(text: str) -> bool:
    """Is more in a cell than marks and numbers?"""
    return bool(re.search(r"[\u4e00-\u9fffA-Za-z]", text))


# What running text says before a blank: 兹证明____，现居住于____.
IN_A_SENTENCE = {
    **dict.fromkeys(("兹证明", "兹有", "今有", "兹证明居民", "兹有居民", "同志姓名"), "姓名"),
    **dict.fromkeys(("现居住于", "居住于", "现居住在", "居住在", "现住于", "现住"), "现住址"),
    **dict.fromkeys(("出生于", "生于"), "出生日期"),
    **dict.fromkeys(("户籍地为", "户籍所在地为", "户口所在地为"), "户籍地址"),
}


def is_applicants(text: str) -> bool:
    """Does a heading name the applicant: 申请人姓名?"""
    return bool(re.match("^(申请人|申请者)", plain_heading(text))) and parts(text) != [
        plain_heading(text)
    ]


def _own(word: str) -> str:
    """Return 性别 for 申请人性别 and for 老人性别: what is asked, without of whom."""
    word = IN_A_SENTENCE.get(word, word)
    said = APPLICANTS.match(word) or RESIDENTS.match(word)
    return said[1] if said else word


def _in_chinese(word: str) -> str:
    """Return 姓名 for Name, and for 姓名Name, which says the same twice."""
    key = _letters(word)
    if key in ENGLISH:
        return ENGLISH[key]
    both = re.fullmatch(r"([\u4e00-\u9fff]+)([A-Za-z][A-Za-z.'’]*)", word)
    return both[1] if both and _letters(both[2]) in ENGLISH else word


def _letters(word: str) -> str:
    return re.sub(r"[.'’\s]", "", word).lower()


@lru_cache(1024)
def is_of_others(group: str) -> bool:
    """Does a word over headings make them somebody else's? An unknown one does."""
    word = plain_heading(group)
    if re.search(rf"{KIN}|{AGENT}", word):
        return not word.startswith("户主")
    if OWN_GROUP.match(word):
        return False
    return not ABOUT.search(word) or bool(SOMEBODY.search(word) and not _own_somebody(word))


def _own_somebody(word: str) -> bool:
    return bool(OWN_GROUP.match(re.sub(r"(?:基本)?(?:情况|信息)$", "", word)))
