"""What organisations help with: topics, and the many words people have for each.

A *thing* (a lift, gas) says who is meant; a *trouble* (a leak, a noise) says what is wrong with it:
for a leaking lift the lift's maintainer comes, not the plumber.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.core.chinese.normalise import for_matching


@dataclass(frozen=True)
class HelpTopic:
    """One thing somebody can be called for."""

    key: str
    term: str | Promise
    synonyms: tuple[str, ...]
    group: str
    is_thing: bool = True

    @property
    def words(self) -> str:
        """Return what it is called."""
        return str(self.term)


GROUPS = {
    "house": _("房屋设施"),
    "safety": _("安全秩序"),
    "health": _("健康照护"),
    "rights": _("权益保障"),
    "life": _("日常生活"),
}


def _topic(
    key: str, term: Promise, group: str, synonyms: str, *, is_thing: bool = True
) -> HelpTopic:
    return HelpTopic(key, term, tuple(synonyms.split()), group, is_thing)


TOPICS: tuple[HelpTopic, ...] = (
    _topic("lift", _("电梯"), "house", "升降梯 加装电梯 困梯 困人 关人 lift elevator 轿厢"),
    _topic("property", _("物业"), "house", "保洁 门岗 公共维修 楼道灯 物业费 property 物管"),
    _topic("water", _("供水"), "house", "自来水 停水 水表 水压 供水管 water"),
    _topic("power", _("供电"), "house", "电力 停电 跳闸 电表 没电 electricity 用电"),
    _topic("gas", _("燃气"), "house", "煤气 天然气 漏气 燃气灶 gas"),
    _topic(
        "plumbing",
        _("漏水疏通"),
        "house",
        "漏水 渗水 水管 下水道 堵塞 堵了 马桶 疏通 管道 爆管 leak leaking plumber",
        is_thing=False,
    ),
    _topic(
        "repair", _("房屋维修"), "house", "房修 屋顶 外墙 补漏 墙面 房屋安全 危房", is_thing=False
    ),
    _topic("fire", _("消防"), "safety", "火灾 着火 起火 灭火 消防栓 灭火器 fire 119 消防通道"),
    _topic("charging", _("充电"), "house", "充电桩 充电棚 飞线 电动车充电 充电柜"),
    _topic(
        "broadband", _("宽带通信"), "house", "宽带 网络 电话线 通信 电信 光猫 信号 断网 internet"
    ),
    _topic("lock", _("开锁"), "life", "锁匠 换锁 门锁 钥匙 locksmith 忘带钥匙 门打不开"),
    _topic(
        "pests", _("消杀"), "life", "老鼠 蟑螂 白蚁 灭鼠 有害生物 除虫 虫害 马蜂 蜂窝 pest rats"
    ),
    _topic("waste", _("垃圾清运"), "life", "垃圾 建筑垃圾 大件 环卫 清运 清扫 waste rubbish"),
    _topic("security", _("治安"), "safety", "报警 派出所 民警 警察 小偷 盗窃 诈骗 police 110 防盗"),
    _topic("missing", _("走失"), "safety", "走丢 找人 失踪 寻人 missing"),
    _topic(
        "disputes", _("纠纷调解"), "rights", "纠纷 调解 邻里矛盾 吵架 打架 dispute", is_thing=False
    ),
    _topic("noise", _("噪声"), "safety", "噪音 扰民 广场舞 施工吵 太吵 noise", is_thing=False),
    _topic("streets", _("城管"), "safety", "违建 违章 占道 流动摊 搭建 市容 综合执法 乱停车"),
    _topic("traffic", _("交通"), "safety", "交警 停车 车祸 事故 挪车 红绿灯 traffic"),
    _topic("flood", _("防汛"), "safety", "台风 积水 内涝 水淹 防台 flood typhoon"),
    _topic("trees", _("绿化园林"), "house", "树木 倒树 修剪 树枝 园林 绿化"),
    _topic("animals", _("动物"), "life", "流浪狗 流浪猫 犬只 狗咬 养犬 捕狗 蛇 dog"),
    _topic(
        "clinic",
        _("看病"),
        "health",
        "医院 门诊 医生 家庭医生 慢病 疫苗 卫生服务 clinic doctor 发烧",
    ),
    _topic("emergency", _("急救"), "health", "急诊 救护车 昏倒 120 心脏病 中风 摔倒 ambulance"),
    _topic("medicine", _("药品"), "health", "药房 药店 配药 买药 pharmacy 送药"),
    _topic("mind", _("心理"), "health", "心理咨询 抑郁 想不开 自杀 情绪 心理热线 mental 焦虑"),
    _topic("nursing", _("护理照料"), "health", "护理 护工 上门护理 长护险 失能 喘息 nursing 陪护"),
    _topic("elders", _("养老"), "health", "养老院 居家养老 日间照料 助餐 老年食堂 助浴 elderly"),
    _topic(
        "disability", _("残疾人服务"), "health", "残联 残疾证 残疾 轮椅 辅具 无障碍 disabled 康复"
    ),
    _topic(
        "children", _("儿童青少年"), "health", "妇联 儿童 未成年 托育 青少年 孩子 child 家暴 妇女"
    ),
    _topic("relief", _("社会救助"), "rights", "低保 困难 救助 临时救助 民政 特困 补助 welfare"),
    _topic("law", _("法律援助"), "rights", "律师 法律 法律咨询 打官司 遗产 合同 lawyer legal 公证"),
    _topic("work", _("就业"), "rights", "找工作 招聘 失业 欠薪 劳动 社保 job"),
    _topic("insurance", _("医保社保"), "rights", "医保 养老金 社保卡 退休 insurance"),
    _topic("housing", _("住房"), "rights", "公租房 廉租 房管 产权 维修资金 业委会"),
    _topic("family", _("婚育"), "rights", "结婚 离婚 登记 生育 准生 marriage"),
    _topic("papers", _("证照户籍"), "rights", "户口 身份证 居住证 落户 证明 迁户口 办证"),
    _topic(
        "consumer", _("消费维权"), "rights", "假货 投诉商家 退款 食品安全 市场监管 12315 价格 过期"
    ),
    _topic("funeral", _("殡葬"), "life", "殡仪馆 火化 丧葬 去世 白事 funeral"),
    _topic("housework", _("家政"), "life", "保姆 钟点工 打扫 家政服务 月嫂 搬家 cleaning"),
    _topic("appliances", _("家电维修"), "life", "空调 冰箱 洗衣机 电视机 热水器 修电器"),
    _topic("veterans", _("退役军人"), "rights", "军人 优抚 老兵 军属 veteran"),
    _topic("volunteers", _("志愿服务"), "life", "志愿者 义工 帮忙跑腿 volunteer"),
    _topic("anything", _("综合值班"), "life", "总值班 值班室 市民热线 12345 什么都管 综合"),
)
BY_KEY = {topic.key: topic for topic in TOPICS}


@lru_cache(maxsize=1)
def _words() -> list[tuple[str, str]]:
    """Return (word, topic) with the longest word first, so that 燃气灶 is not taken for 气."""
    every = [
        (for_matching(word), topic.key)
        for topic in TOPICS
        for word in (*_own(topic), *topic.synonyms)
    ]
    return sorted(every, key=lambda pair: -len(pair[0]))


def _own(topic: HelpTopic) -> tuple[str, ...]:
    # The msgid itself, whatever language the reader has: what was typed is Chinese.
    return tuple(getattr(topic.term, "_args", (topic.words,))[:1])


@dataclass(frozen=True)
class TopicMention:
    """A topic in a text: which, and where its word stands."""

    topic: HelpTopic
    start: int
    end: int


@lru_cache(maxsize=4096)
def topics_named(text: str) -> tuple[TopicMention, ...]:
    """Return the topics a text names in their order; a word is taken for one topic only."""
    plain = for_matching(text)
    taken = [False] * len(plain)
    mentions = []
    for word, key in _words():
        start = plain.find(word)
        while start >= 0:
            end = start + len(word)
            if not any(taken[start:end]) and _stands_alone(plain, start, end):
                taken[start:end] = [True] * len(word)
                mentions.append(TopicMention(BY_KEY[key], start, end))
            start = plain.find(word, start + 1)
    return tuple(sorted(mentions, key=lambda mention: mention.start))


def _stands_alone(plain: str, start: int, end: int) -> bool:
    """A word in letters is a whole word: "gas" is not in "gasp"; 110 is not in 1101."""
    if not plain[start].isascii():
        return True
    before, after = plain[start - 1 : start], plain[end : end + 1]
    return not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum())


def topic_keys(text: str) -> list[str]:
    """Return the keys of the topics a text names, each once, in their order."""
    return list(dict.fromkeys(topic_mention.topic.key for topic_mention in topics_named(text)))
