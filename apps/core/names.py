"""Names of people: pinyin and initials for searching, all readings of a surname."""

import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, pinyin

# Surnames whose reading differs from the everyday one; first the usual reading as a surname,
# then other readings in use. Source: the surname readings of 现代汉语词典.
SURNAME_READINGS: dict[str, tuple[str, ...]] = {
    "覃": ("qin", "tan"),
    "单": ("shan", "dan"),
    "仇": ("qiu", "chou"),
    "曾": ("zeng", "ceng"),
    "解": ("xie", "jie"),
    "区": ("ou", "qu"),
    "盖": ("ge", "gai"),
    "查": ("zha", "cha"),
    "朴": ("piao", "pu"),
    "尉": ("wei", "yu"),
    "任": ("ren",),
    "华": ("hua",),
    "纪": ("ji",),
    "缪": ("miao", "mou"),
    "乐": ("yue", "le"),
    "员": ("yun", "yuan"),
    "逄": ("pang",),
    "种": ("chong", "zhong"),
    "重": ("chong", "zhong"),
    "翟": ("zhai", "di"),
    "洗": ("xian", "xi"),
    "冼": ("xian",),
    "黑": ("he", "hei"),
    "折": ("she", "zhe"),
    "召": ("shao", "zhao"),
    "燕": ("yan",),
    "宁": ("ning",),
    "应": ("ying",),
    "那": ("na",),
    "葛": ("ge",),
    "石": ("shi",),
    "秘": ("bi", "mi"),
    "祭": ("zhai", "ji"),
    "繁": ("po", "fan"),
    "万": ("wan", "mo"),
    "沈": ("shen",),
    "谌": ("chen", "shen"),
    "晟": ("cheng", "sheng"),
    "句": ("gou", "ju"),
    "牟": ("mou", "mu"),
    "郇": ("xun", "huan"),
    "适": ("kuo", "shi"),
    "莘": ("shen", "xin"),
    "车": ("che",),
    "都": ("du", "dou"),
    "过": ("guo",),
    "藏": ("zang", "cang"),
    "行": ("xing", "hang"),
    "长孙": ("zhangsun",),
    "尉迟": ("yuchi",),
    "万俟": ("moqi",),
    "澹台": ("tantai",),
    "令狐": ("linghu",),
    "宗政": ("zongzheng",),
    "濮阳": ("puyang",),
}
DOTS = str.maketrans(dict.fromkeys("•・．.‧∙", "·"))


def normal_name(name: str) -> str:
    """Return a name as it is stored: no blanks inside Chinese names, one kind of middle dot."""
    text = unicodedata.normalize("NFC", name).translate(DOTS)
    if any(ord(char) > 0x2E7F for char in text):
        return "".join(text.split())
    return " ".join(text.split())


@lru_cache(maxsize=65536)
def _plain(chars: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(chars, style=Style.NORMAL, errors="default"))


@lru_cache(maxsize=4096)
def _surname(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the surname's characters and its readings, the usual one first."""
    if name[:2] in SURNAME_READINGS:
        return name[:2], SURNAME_READINGS[name[:2]]
    first = name[:1]
    if first in SURNAME_READINGS:
        return first, SURNAME_READINGS[first]
    readings = pinyin(first, style=Style.NORMAL, heteronym=False, errors="default")
    return first, tuple(readings[0]) if readings else ("",)


def search_keys(name: str) -> tuple[str, str, str, str]:
    """Return (pinyin, initials, other pinyin, other initials) in lower case, without blanks.

    The "other" pair holds the second reading of the surname, empty when there is none:
    覃芳 gives ("qinfang", "qf", "tanfang", "tf").
    """
    if not name:
        return "", "", "", ""
    surname, readings = _surname(name[:2])
    given = [_letters(syllable) for syllable in _given(name[len(surname) :])]
    keys = [_key(reading, surname, given) for reading in readings[:2]]
    other = keys[1] if len(keys) > 1 else ("", "")
    return (*keys[0], *other)


def _given(rest: str) -> list[str]:
    return [syllable for char in rest for syllable in _plain(char)]


def _letters(syllable: str) -> str:
    return "".join(char for char in syllable.lower() if char.isalnum())


def _key(reading: str, surname: str, given: list[str]) -> tuple[str, str]:
    reading = _letters(reading)
    head = reading[:1]
    if len(surname) == 2:
        head += "".join(_letters(s)[:1] for s in _plain(surname[1]))
    return reading + "".join(given), head + "".join(s[:1] for s in given if s)


def masked_name(name: str) -> str:
    """Return a name for public notices: 张*英, 张*, 欧*英."""
    if len(name) <= 2:
        return name[:1] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
