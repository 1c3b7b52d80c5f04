"""How characters are read in personal names, where a dictionary of words says otherwise."""

from __future__ import annotations

# Each word is a surname and its readings, the usual one first. Only surnames whose reading as a
# name differs from the reading as a word, or that families read in two ways.
_SURNAMES = """
曾zeng 单shan 單shan 仇qiu 区ou 區ou 解xie 朴piao/pu 查zha 盖ge/gai 蓋ge/gai 乐yue/le 樂yue/le
召shao/zhao 员yun/yuan 員yun/yuan 贠yun 翟zhai/di 折she/zhe 洗xian 覃qin/tan 逄pang 逢pang/feng
郇xun/huan 牟mu/mou 缪miao/mu 繆miao/mu 繁po/fan 黑he/hei 种chong 種chong 重chong 秘bi/mi
祕bi/mi 晟cheng/sheng 谌chen/shen 諶chen/shen 郗xi/chi 隗wei/kui 卜bu 能nai/neng 么yao 尉wei/yu
宿su 句gou/ju 勾gou 阚kan 闞kan 薄bo 藏zang 适kuo/shi 適kuo/shi 乜nie/mie 莘shen/xin 祭zhai/ji
行xing/hang 隽juan/jun 雋juan/jun 都du 炅gui/jiong 宓mi/fu 长chang 長chang 车che 車che 葛ge
任ren 华hua 華hua 宁ning 甯ning 那na 柏bai/bo 相xiang 校xiao 观guan 觀guan 冠guan 强qiang 強qiang
应ying 應ying 於yu 朝chao 令ling 燕yan 要yao 曲qu 余yu 佘she 沈shen 石shi 叶ye 葉ye 台tai 俞yu/shu
纪ji 紀ji 撒sa 佴nai/er 蔚yu/wei 幺yao 呙guo 咼guo 哈ha 过guo 過guo 缴jiao 侯hou 盛sheng 夏xia
殷yin 万wan 萬wan 大da 角jue 泌bi 戏xi 奇qi 兴xing 臧zang 麴qu 芮rui 阮ruan 冯feng 馮feng 訾zi
"""
_COMPOUND_SURNAMES = """
尉迟yu,chi 尉遲yu,chi 万俟mo,qi 萬俟mo,qi 长孙zhang,sun 長孫zhang,sun 令狐ling,hu 澹台tan,tai
澹臺tan,tai 乐正yue,zheng 樂正yue,zheng 鲜于xian,yu 鮮于xian,yu 宇文yu,wen 慕容mu,rong
欧阳ou,yang 歐陽ou,yang 司马si,ma 司馬si,ma 司徒si,tu 司空si,kong 司寇si,kou 上官shang,guan
诸葛zhu,ge 諸葛zhu,ge 东方dong,fang 東方dong,fang 西门xi,men 西門xi,men 公孙gong,sun
公孫gong,sun 公冶gong,ye 公羊gong,yang 轩辕xuan,yuan 軒轅xuan,yuan 端木duan,mu 赫连he,lian
赫連he,lian 百里bai,li 东郭dong,guo 東郭dong,guo 钟离zhong,li 鍾離zhong,li 申屠shen,tu
太叔tai,shu 淳于chun,yu 夏侯xia,hou 皇甫huang,fu 闻人wen,ren 聞人wen,ren 呼延hu,yan 宰父zai,fu
亓官qi,guan 南宫nan,gong 南宮nan,gong 第五di,wu 独孤du,gu 獨孤du,gu 拓跋tuo,ba 濮阳pu,yang
濮陽pu,yang 巫马wu,ma 巫馬wu,ma 漆雕qi,diao 壤驷rang,si 谷梁gu,liang 榖梁gu,liang 梁丘liang,qiu
左丘zuo,qiu 东门dong,men 東門dong,men 子车zi,ju 子車zi,ju 颛孙zhuan,sun 顓孫zhuan,sun 段干duan,gan
闾丘lv,qiu 閭丘lv,qiu 完颜wan,yan 完顏wan,yan 耶律ye,lv 纳兰na,lan 納蘭na,lan 哥舒ge,shu
贺兰he,lan 賀蘭he,lan 叶赫ye,he 葉赫ye,he 钮祜禄niu,hu,lu 爱新觉罗ai,xin,jue,luo
"""
# Characters of given names: what parents mean, then what else it may be.
_GIVEN_NAMES = """
曾zeng 长chang/zhang 長chang/zhang 乐le/yue 樂le/yue 行xing/hang 朝chao/zhao 重zhong/chong
茜qian/xi 晟sheng/cheng 柏bai/bo 参can/shen 單dan 还huan 還huan 好hao 盛sheng 率shuai 尽jin
弹tan 调tiao 校xiao 俞yu 降jiang/xiang 奇qi 都du 传chuan 傳chuan 相xiang 盖gai 呈cheng 查cha
蔓man 堡bao 圩wei 娜na/nuo 卓zhuo 薄bo 露lu 了liao 落luo 伯bo 仔zai/zi 莎sha 祎yi 阿a 藏cang/zang
藉ji 予yu 种zhong 芥jie 更geng 禅chan 鹄hu 会hui 说yue 识shi 省sheng 宿su 殷yin
"""


def _readings(table: str) -> dict[str, tuple[str, ...]]:
    readings: dict[str, tuple[str, ...]] = {}
    for word in table.split():
        characters = "".join(c for c in word if not c.isascii())
        readings[characters] = tuple(word.removeprefix(characters).split("/"))
    return readings


SURNAMES = _readings(_SURNAMES)
COMPOUND_SURNAMES: dict[str, tuple[str, ...]] = {
    characters: tuple(readings[0].split(","))
    for characters, readings in _readings(_COMPOUND_SURNAMES).items()
}
GIVEN_NAMES = _readings(_GIVEN_NAMES)
LONGEST_COMPOUND = max(map(len, COMPOUND_SURNAMES))


def surname_of(name: str) -> str:
    """Return the surname a Chinese name starts with: a compound one when it is known."""
    # One character at least is left for the given name: somebody called 欧阳 is 阳 of the 欧.
    for length in range(min(LONGEST_COMPOUND, len(name) - 1), 1, -1):
        if name[:length] in COMPOUND_SURNAMES:
            return name[:length]
    return name[:1]
