"""The words of the house: the English of the code, the Chinese of the product, what to confuse
them with and where they come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """One word: English in code, Chinese on the page, standard or source, its false friend."""

    english: str
    chinese: str
    source: str = ""
    not_to_be_confused: str = ""


WORDS = (
    Word("register", "底册", "", "户籍：公安的登记，不是本系统"),
    Word("condition", "条件", "", "规则：系统自己的决定"),
    Word("task", "待办", "", "事件：发生的事"),
    Word("journal", "民情日志", "", "运行日志：程序自己的"),
    Word("notice", "通知", "", "消息：发到一个人手里的那一条（delivery）"),
    Word("delivery", "通知收件", "", "通知：写的那一份"),
    Word("channel", "通道", "", "渠道：事情从哪里来"),
    Word("outbox", "发件", "", "消息：收到的（inbox）"),
    Word("call list", "电话通知单", "", "名单：查询的结果"),
    Word("post", "岗位", "", "用户：登录的人；一人可有几个岗位"),
    Word("scope", "范围", "", "权限：能做什么；范围：能看哪些行"),
    Word("place", "地方", "", "地址：地方的写法"),
    Word("province", "省", "GB/T 2260"),
    Word("city", "市", "GB/T 2260"),
    Word("district", "区县", "GB/T 2260"),
    Word("subdistrict", "街道", "GB/T 10114", "社区：街道之下"),
    Word("community", "社区", "GB/T 10114", "小区：楼盘"),
    Word("grid", "网格", "GB/T 34300", "微网格：网格之下"),
    Word("micro-grid", "微网格", "", "网格"),
    Word("estate", "小区", "", "社区：居委会辖区"),
    Word("building", "楼栋", "", "单元：楼栋里的一个门洞"),
    Word("entrance", "单元", "", "出入口：小区的门（gate）"),
    Word("dwelling", "户室", "", "户：住在一起的人（household）"),
    Word("household", "户", "", "户室：房子；户籍：公安登记"),
    Word("resident", "居民", "", "户籍人口：户口在此的人"),
    Word("residence", "居住", "", "住址：现在住的地方（home）"),
    Word("registered", "户籍在册", "", "流动人口（floating）：户口在外地"),
    Word("floating", "流动人口", "", "租客：居住身份之一"),
    Word("tenure", "居住身份", "", "与户主关系"),
    Word("head of household", "户主", "GB/T 4761", "业主：房子的主人"),
    Word("identity number", "公民身份号码", "GB 11643", "证件号码：也可能是护照等"),
    Word("identity kind", "证件类型", "GA/T 517"),
    Word("sex", "性别", "GB/T 2261.1"),
    Word("ethnicity", "民族", "GB/T 3304"),
    Word("marital status", "婚姻状况", "GB/T 2261.2"),
    Word("political status", "政治面貌", "GB/T 4762"),
    Word("education", "文化程度", "GB/T 4658"),
    Word("relation to head", "与户主关系", "GB/T 4761"),
    Word("disability", "残疾", "GB/T 26341", "失能：能力评估的结果"),
    Word("care level", "失能等级", "GB/T 42195", "残疾等级"),
    Word("party", "单位", "", "政党"),
    Word("mask", "遮盖", "", "加密：存的时候"),
    Word("reveal", "查看原文", "", "导出：拿走"),
    Word("sealed", "加密存放", "", "遮盖：显示的时候"),
    Word("blind index", "盲索引", "", "全文索引"),
    Word("cross-tab", "交叉表", "", "列表"),
    Word("elevation", "楼栋立面", "", "平面图（plan）"),
    Word("plan", "平面图", "", "立面（elevation）：一幢楼的正面；地图：没有方格"),
    Word("confirmed", "已核实", "", "已导入：还没有人看过"),
    Word("provenance", "来源", "", "依据：规则的出处"),
    Word("case", "办件", "", "来件（report）：一个人反映的话；几份来件可以是同一件办件"),
    Word("report", "来件", "", "办件（case）：要办的那件事；报表：查询的结果"),
    Word("share", "承办", "", "牵头：几个承办里负责的一个"),
    Word("hotline list", "批量来件", "", "名单：一群人（居民）"),
    Word("alert", "吹哨", "", "通知：人写的；吹哨：规则自己说"),
    Word("alert rule", "吹哨规则", "", "规则（rule）：写在程序里的决定"),
    Word("advisory", "预警", "", "吹哨：预警来了，规则才吹"),
    Word("form template", "表样", "", "填表（form instance）：为一个地方填的那一份"),
    Word("form instance", "填表", "", "工作表：Excel里的一页"),
    Word("open question", "缺项", "", "空格：版面上的空白"),
    Word("form return", "上交件", "", "退回：收表方不收，要重填"),
    Word("distribution", "下发的表", "", "分派：把一件办件交给人办"),
    Word("record linkage", "名单合并", "", "导入：自己的表格进底册"),
    Word("bucket", "合并结果", "", "判断：人对一行说的话"),
    Word("facility", "设施", "", "地方：设施所在的位置"),
    Word("visiting plan", "看望安排", "", "待办：安排到日子才开出"),
    Word("visit", "看望", "", "回访：事后问居民怎样"),
    Word("promise", "承诺", "", "待办：承诺到期要办的事"),
    Word("feedback request", "回访", "", "看望：去见居民"),
    Word("household round", "走户", "", "走访排查：一件事挨户做一遍"),
    Word("canvass", "走访排查", "", "走户：一扇门办完各种事"),
    Word("coverage", "人人不漏", "", "走访排查：用它的一件事"),
    Word("coverage row", "走访的户", "", "户：登记里的户"),
    Word("attachment", "附件凭据", "", "附件：上传后导入的表格"),
    Word("redaction", "清空日志内容", "", "更正：原来的话还在；删除：整行没了"),
)
