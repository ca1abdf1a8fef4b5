"""Invented names: of villages and of people, as they sound in the countryside."""

from dataclasses import dataclass
from random import Random

HEADS = "柳杨槐枣梨桃石沙龙凤云清白青黄红高平东南上下大小前后双三马牛羊赵钱孙李周吴郑王冯陈蒋沈韩朱秦许何吕张孔曹金魏姜"
TAILS = "湾庄桥沟岭坪营屯店铺台坡井塘堰集寨头洼川"
COMMUNITIES = ["迎春", "和兴", "长宁", "北关", "文昌", "幸福里", "东升", "永安", "新苑", "南河沿", "光明", "育才"]
TOWNSHIPS = [("100", "柳溪镇"), ("001", "城南街道"), ("200", "云岭乡")]
MORE_HEADS = [
    "白石",
    "红柳",
    "长坪",
    "清泉",
    "双河",
    "金沙",
    "枣园",
    "马场",
    "龙泉",
    "石门",
    "杨树",
    "大湾",
    "高桥",
    "平川",
    "青杨",
    "黄沙",
]

SURNAMES = (
    ["王"] * 8
    + ["李"] * 8
    + ["张"] * 7
    + ["刘"] * 6
    + ["陈"] * 4
    + list("杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾")
    + ["欧阳", "上官"]
)
OLD_WOMEN = [
    "桂兰",
    "秀英",
    "玉珍",
    "淑芬",
    "凤英",
    "桂花",
    "秀兰",
    "玉兰",
    "翠花",
    "素珍",
    "春梅",
    "月娥",
    "金凤",
    "兰英",
    "秀珍",
    "彩霞",
    "爱莲",
    "巧云",
]
OLD_MEN = [
    "建国",
    "德福",
    "长贵",
    "有才",
    "志明",
    "永福",
    "光荣",
    "国庆",
    "保田",
    "守信",
    "天成",
    "满仓",
    "金柱",
    "根生",
    "连生",
    "庆余",
    "树林",
    "忠厚",
]
YOUNGER = [
    "建军",
    "丽",
    "伟",
    "小芳",
    "强",
    "敏",
    "磊",
    "静",
    "涛",
    "艳",
    "刚",
    "雪梅",
    "俊杰",
    "婷婷",
    "浩",
    "欣怡",
    "海燕",
    "文博",
    "晓东",
    "红霞",
]
LONG = [
    "买买提·艾力",
    "阿依古丽·吐尔逊",
    "热孜万古丽·阿不都热合曼",
    "才让·多杰",
    "索朗·卓玛",
    "巴图·孟和",
    "努尔兰·叶尔肯",
    "古丽娜尔·买买提明",
]
GROUPS = ["一组", "二组", "三组", "四组", "五组", "东头组", "西头组", "河沿组"]


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    age: int
    woman: bool


def person(rng: Random, oldest: float = 0.62) -> Person:
    """`oldest`: the share of people over sixty; who comes to a village's center is mostly old."""
    old = rng.random() < oldest
    age = min(97, int(rng.triangular(60, 95, 70))) if old else rng.randint(19, 59)
    woman = rng.random() < 0.54
    if rng.random() < 0.03:
        return Person(rng.choice(LONG), age, woman)
    given = (OLD_WOMEN if woman else OLD_MEN) if old else YOUNGER
    return Person(rng.choice(SURNAMES) + rng.choice(given), age, woman)


def villages(rng: Random, count: int) -> list[str]:
    """Names of a township's villages, none twice; the first reads as it will be written on its sign."""
    pairs = rng.sample([head + tail for head in HEADS for tail in TAILS if head + tail != "柳湾"], count)
    return [f"{pair}村村民委员会" for pair in pairs]


def township(number: int) -> tuple[str, str]:
    """Code part and name of a county's nth township; towns are 1xx, townships 2xx, subdistricts 0xx."""
    if number < len(TOWNSHIPS):
        return TOWNSHIPS[number]
    head = MORE_HEADS[(number - len(TOWNSHIPS)) % len(MORE_HEADS)]
    return f"{100 + number}", f"{head}{'镇' if number < 16 else '乡'}"


class Numbers:
    """Mobile numbers that nobody has (13x 0000 xxxx), each given out once while there are enough."""

    PREFIXES = [*range(130, 140), *range(150, 160)]
    TOTAL = len(PREFIXES) * 10_000
    RESERVED = {"13800005678", "13900001234"}

    def __init__(self, start: int) -> None:
        self._next = start

    def take(self) -> str:
        while True:
            # A step without a common divisor goes through all of them before any comes again.
            at = self._next * 77_773 % self.TOTAL
            self._next += 1
            number = f"{self.PREFIXES[at // 10_000]}0000{at % 10_000:04d}"
            if number not in self.RESERVED:
                return number
