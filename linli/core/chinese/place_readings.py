"""How places are called, where a dictionary of words reads the characters otherwise."""

from __future__ import annotations

_PLACES = """
六安lu,an 台州tai,zhou 天台tian,tai 丽水li,shui 乐清yue,qing 乐亭lao,ting 乐陵lao,ling 番禺pan,yu
浚县xun,xian 铅山yan,shan 大埔da,bu 黄埔huang,pu 亳州bo,zhou 涡阳guo,yang 单县shan,xian
任丘ren,qiu 任县ren,xian 柏乡bai,xiang 蔚县yu,xian 会稽kuai,ji 闵行min,hang 解州hai,zhou
朝阳chao,yang 珲春hun,chun 六合lu,he 浒墅关xu,shu,guan 浒山hu,shan 十里堡shi,li,pu 吴堡wu,bu
江厦jiang,sha 厦门xia,men 噶厦ga,xia 漯河luo,he 荥阳xing,yang 荥经ying,jing 阆中lang,zhong
蓟县ji,xian 郯城tan,cheng 无棣wu,di 筠连jun,lian 繁峙fan,shi 中牟zhong,mu 牟平mu,ping 叶县ye,xian
费县fei,xian 华县hua,xian 柞水zha,shui 临朐lin,qu 栖霞qi,xia 东阿dong,e 阿城a,cheng 百色bai,se
洪洞hong,tong 莘庄xin,zhuang 莘县shen,xian 莘塍xin,cheng 句容ju,rong 泌阳bi,yang 尉犁yu,li
蚌埠beng,bu 井陉jing,xing 冀州ji,zhou 大城dai,cheng 获鹿huo,lu 藁城gao,cheng 岢岚ke,lan
隰县xi,xian 黟县yi,xian 歙县she,xian 甪直lu,zhi 枞阳zong,yang 盱眙xu,yi 邗江han,jiang
邛崃qiong,lai 犍为qian,wei 秭归zi,gui 长阳chang,yang 瓯海ou,hai 鄞州yin,zhou 鄞县yin,xian
衢州qu,zhou 嵊州sheng,zhou 嵊泗sheng,si 诸暨zhu,ji 余姚yu,yao 重庆chong,qing 长沙chang,sha
西藏xi,zang 四行si,hang 行宫xing,gong 都江堰du,jiang,yan 石碶shi,qi 大栅栏da,shi,lan 万俟mo,qi
马家堡ma,jia,pu 牛栏山niu,lan,shan 铺前pu,qian 十八里店shi,ba,li,dian 社区she,qu 小区xiao,qu
街道jie,dao 大厦da,sha 公寓gong,yu 行政xing,zheng 银行yin,hang 华侨hua,qiao
"""

PLACES: dict[str, tuple[str, ...]] = {}
for _word in _PLACES.split():
    _characters = "".join(c for c in _word if not c.isascii())
    PLACES[_characters] = tuple(_word.removeprefix(_characters).split(","))

LONGEST_PLACE = max(map(len, PLACES))
# A lane and a block in addresses; elsewhere these characters are read otherwise.
PLACE_CHARACTERS = {"弄": "long", "幢": "zhuang"}
# A village called after a family: 殷家, 仇家村. 乐家 and 大家 are words of shops.
FAMILY_MARKS = frozenset("家")
NOT_FAMILIES = frozenset("乐大要过")
