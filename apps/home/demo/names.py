"""Names and ID numbers of people who do not exist.

The area part 9998xx of the ID numbers is not assigned to any county.
"""

import random
from datetime import date

from apps.core.identifiers import check_digit

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏"
    "苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "令狐")
MALE_OLD = "国建志明福德文玉贵荣华生庆春永金富成祥有光根水木土火长海山林来发宝喜"
MALE_YOUNG = "子浩宇轩俊杰博文昊天睿泽明辰嘉铭家豪一鸣志远思源景行书航承志逸凡"
FEMALE_OLD = "秀英兰桂花玉珍凤莲春香翠菊芳金美秋月梅娥淑琴素彩云巧"
FEMALE_YOUNG = "欣怡梓涵诗雨佳琪思颖雅静婷雪晨曦语嫣可馨若溪紫萱静雯梦瑶依诺"


def make_name(dice: random.Random, sex: str, born: int, surname: str = "") -> str:
    """Draw a name in the fashion of the birth year; 15 in 100 older names have one character."""
    old = born < 1985
    pool = (
        (MALE_OLD if old else MALE_YOUNG) if sex == "1" else (FEMALE_OLD if old else FEMALE_YOUNG)
    )
    count = 1 if dice.random() < 0.15 else 2
    return (surname or make_surname(dice)) + "".join(dice.choice(pool) for _ in range(count))


def make_surname(dice: random.Random) -> str:
    """Draw a surname; the first of the list are the most frequent."""
    if dice.random() < 0.006:
        return dice.choice(DOUBLE_SURNAMES)
    return SURNAMES[int(len(SURNAMES) * dice.random() ** 1.9)]


def surname_of(name: str) -> str:
    """Return the surname of a name made here."""
    return name[:2] if name[:2] in DOUBLE_SURNAMES else name[0]


class IdNumbers:
    """Hands out valid, distinct ID numbers of one fictional county area."""

    def __init__(self, area: str) -> None:
        self._area = area
        self._next: dict[tuple[date, str], int] = {}

    def take(self, sex: str, born: date) -> str:
        """Return the next number for that sex and day (499 of each a day are possible)."""
        key = (born, sex)
        number = self._next.get(key, 0)
        self._next[key] = number + 1
        serial = 2 * (number % 499) + (1 if sex == "1" else 2)
        first17 = f"{self._area}{born:%Y%m%d}{serial:03d}"
        return first17 + check_digit(first17)
