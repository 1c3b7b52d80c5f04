"""Names as people of each generation have them; the weights are facts, the people are not."""

from __future__ import annotations

from random import Random

# Surnames by their share of the population in per mille (Ministry of Public Security, 2020).
SURNAMES = {
    "王": 72,
    "李": 71,
    "张": 67,
    "刘": 53,
    "陈": 52,
    "杨": 30,
    "黄": 22,
    "赵": 21,
    "吴": 21,
    "周": 20,
    "徐": 16,
    "孙": 15,
    "马": 14,
    "朱": 13,
    "胡": 12,
    "郭": 12,
    "何": 11,
    "林": 11,
    "高": 10,
    "罗": 10,
    "郑": 9,
    "梁": 9,
    "谢": 8,
    "宋": 8,
    "唐": 7,
    "许": 7,
    "韩": 7,
    "邓": 6,
    "冯": 6,
    "曹": 6,
    "彭": 6,
    "曾": 6,
    "肖": 5,
    "田": 5,
    "董": 5,
    "潘": 5,
    "袁": 5,
    "蔡": 5,
    "蒋": 5,
    "余": 5,
    "于": 5,
    "杜": 4,
    "叶": 4,
    "程": 4,
    "魏": 4,
    "苏": 4,
    "吕": 4,
    "丁": 4,
    "任": 4,
    "卢": 4,
    "姚": 4,
    "沈": 4,
    "钟": 4,
    "姜": 3,
    "崔": 3,
    "谭": 3,
    "陆": 3,
    "范": 3,
    "汪": 3,
    "廖": 3,
    "石": 3,
    "金": 3,
    "韦": 3,
    "贾": 3,
    "夏": 3,
    "付": 2,
    "方": 2,
    "邹": 2,
    "熊": 2,
    "白": 2,
    "孟": 2,
    "秦": 2,
    "邱": 2,
    "侯": 2,
    "江": 2,
    "尹": 2,
    "薛": 2,
    "闫": 2,
    "段": 2,
    "雷": 2,
    "龙": 2,
    "史": 2,
    "陶": 2,
    "贺": 2,
    "顾": 2,
    "毛": 2,
    "郝": 2,
    "龚": 2,
    "邵": 2,
    "万": 2,
    "单": 1,
    "仇": 1,
    "区": 1,
    "解": 1,
    "虞": 1,
    "殷": 1,
    "励": 1,
    "乐": 1,
    "竺": 1,
    "欧阳": 1,
}

# Characters of given names: by the year of birth up to which they were usual, for men and women.
GIVEN: tuple[tuple[int, str, str], ...] = (
    (
        1949,
        "根宝福财贵生金银法祥林德荣忠信义昌茂康寿龙水木土阿大小元永海发松仁才富顺孝学文",
        "阿翠菊花娥香珍玉秀兰英凤莲梅珠月娣妹巧金银桂素琴彩云仙娟芬美爱杏素惠贞雪",
    ),
    (
        1969,
        "建国军明华平强卫东伟民志勇国庆红兵新永忠林宝祥海根荣德胜利和平跃进援朝立业学文",
        "秀英桂兰玉珍凤英丽华美芳淑珍红梅爱华霞萍琴娟芬亚琴素珍玲菊仙彩红惠芬建华小",
    ),
    (
        1989,
        "伟强勇军杰涛超明刚斌辉鹏飞波磊峰建宏志海浩亮敏健俊东凯晓文利国栋旭宁彬",
        "丽娟敏静艳芳燕霞玲红萍莉琴娜英洁婷蓉颖晓慧雪梅君琳珊瑛亚莹佳璐娇倩",
    ),
    (
        2004,
        "浩宇杰鑫涛博文俊豪凯天翔晨阳志远子轩佳伟嘉诚一鸣泽明昊帆睿思远家乐",
        "婷欣怡雨佳慧雪莹思琪梦瑶诗涵静怡晓雯嘉颖可欣依琳心怡文静若曦紫萱冰洁",
    ),
    (
        2100,
        "梓轩宇浩泽沐辰子涵一诺奕宸俊熙铭睿承昱霖景行书言知远嘉懿星辰安皓",
        "梓涵欣怡一诺语桐诗涵可馨雨萱沐瑶若汐悦安知夏书瑶念安芷晴星遥婉清思妍",
    ),
)
DOUBLED = 0.18  # of the young: 婷婷, 浩浩
SINGLE = {1949: 0.12, 1969: 0.3, 1989: 0.42, 2004: 0.22, 2100: 0.05}


def surname(random: Random) -> str:
    """Return a surname by its weight."""
    return random.choices(_NAMES, cum_weights=_SUMS)[0]


def given_name(random: Random, sex: str, year: int) -> str:
    """Return a given name as people of this sex born in this year have it."""
    until, men, women = next(row for row in GIVEN if year <= row[0])
    letters = men if sex == "1" else women
    first = random.choice(letters)
    if random.random() < SINGLE[until]:
        return first
    if until >= 2004 and random.random() < DOUBLED / 3:
        return first + first
    second = random.choice(letters)
    return first + second if second != first or until >= 1989 else first


_NAMES = list(SURNAMES)
_SUMS = [sum(list(SURNAMES.values())[: n + 1]) for n in range(len(SURNAMES))]
