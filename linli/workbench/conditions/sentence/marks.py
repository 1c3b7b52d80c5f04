"""The small words of a sentence: what joins, reverses, asks, or names the subject."""

from __future__ import annotations

from collections.abc import Sequence

from linli.core.fields import BUILDING, DWELLING, HOUSEHOLD, PERSON

NOT = """
    没有 没 不是 不属于 不在 不 并非 非 未曾 从未 未 无
    除了 除开 除去 除 排除 不含 不包括 去掉 尚未 还没有
    还没 没能 没有过 不包含 从来没 从来没有 从没 从没有 从来未
""".split()
OR = """
    或者是 或者 或是 或 要么
""".split()
LIST = """
    、 和 及 以及 与 还有 跟 /
""".split()
AND = """
    并且 而且 同时 且 又 并 也 , ; 还 但是 但
""".split()
HAVE = """
    家里有 家中有 户内有 户里有 里有 住着 住有 带着 有
""".split()
FILLERS = """
    的 了 吗 呢 吧 啊 过 请问 请 帮我 帮忙 帮 查询 查一下 查查 查 找一下 找找 找到 找 看一下
    看看 看 我要 我想 知道 想 要 给我 一下 里面 里 中间 当中 其中 内 中 住在 居住在 居住 常住
    住着 住 位于 在 处于 属于 是 为 都 所有 全部 全体 全 现在 目前 当前 我们 我 一共 总共 共有
    共 总 还 那些 这些 那 这 等 本社区 本街道 本辖区 辖区内 辖区 本地 到底 大概 左右
    情况 方面 身份 患有 患 得了 享受 领取 领 参加 办理 拥有 具有 属 个 位 名 者 患者 身边 需要
    。 ? ! . : “ ” " ' ( ) · 《 》 「 」 到 曾 曾经 家里 家中 已经 已 于
    日期 时间 一位 一个 能 可以 会 达到 学历 文化 人家的 老百姓的 去 来 段 情况的
""".split()
ONLY = """
    只 仅 仅仅
""".split()
OUTSIDE = """
    以外 之外 外 除外 不算 不算在内 不计 不计在内
""".split()
COUNT = """
    有多少 多少 有几 几 人数 总数 数量 统计 数一数 数 合计
""".split()
NAMES = """
    名单 清单 名册 花名册 哪些 哪几 哪 谁 列出 列一下 列表 有谁 找出 名字 明细 具体是
""".split()
EACH = """
    各个 各 每个 每 分 按照 按
""".split()
SPREAD = """
    分布 分别 构成 占比 比例 结构 情况统计 统计表 交叉表 分类
""".split()
RANK = """
    及以上 以上 及以下 以下
""".split()
BLANK = """
    未填写 未填 没填写 没填 没有填 没有登记 没登记 空白 空着 不详 不明 缺失 缺少 缺
""".split()
ASKED = """
    有多少 多少 有几 哪几 几 哪些 哪
""".split()

SUBJECTS: dict[str, Sequence[str]] = {
    PERSON: "居民 人员 人口 住户 百姓 人 群体 对象 人士 乡亲 邻居".split(),
    HOUSEHOLD: "户家庭 家庭 人家 户".split(),
    DWELLING: "房子 房屋 房间 住房 户室 房源 房 屋 套间".split(),
    BUILDING: "楼栋 楼房 楼幢 大楼 居民楼 住宅楼 楼宇 幢楼 栋楼 楼".split(),
}
# How the things asked for are counted: the surest sign of the subject.
COUNTERS: dict[str, Sequence[str]] = {
    PERSON: "人 个人 名 位".split(),
    HOUSEHOLD: "户 户人家 户家庭 家".split(),
    DWELLING: "套 间 套房 套房子 间房 套房屋 户室".split(),
    BUILDING: "幢 栋 幢楼 栋楼 座楼 座".split(),
}
BY_KIND: dict[str, Sequence[str]] = {
    "filler": FILLERS,
    "not": NOT,
    "or": OR,
    "list": LIST,
    "and": AND,
    "have": HAVE,
    "only": ONLY,
    "outside": OUTSIDE,
    "count": COUNT,
    "names": NAMES,
    "each": EACH,
    "spread": SPREAD,
    "rank": RANK,
    "blank": BLANK,
}


def _marks() -> dict[str, tuple[str, str]]:
    made = {word: (kind, "") for kind, words in BY_KIND.items() for word in words}
    made |= {" ": ("filler", ""), "的": ("of", "")}
    for subject, words in SUBJECTS.items():
        made |= dict.fromkeys(words, ("subject", subject))
    for subject, words in COUNTERS.items():
        for ask in ASKED:
            kind = "names" if ask.startswith("哪") else "count"
            made |= {ask + word: (kind, subject) for word in words}
    return made


# Every small word: (kind, subject it speaks of).
MARKS: dict[str, tuple[str, str]] = _marks()
