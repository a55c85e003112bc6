"""Text as people type it, brought to one form: width of digits, spaces, middle dots."""

import re
import unicodedata

# Spaces of every width, line feeds, tabs, zero-width marks and the byte order mark.
_SPACE = re.compile(r"[\s\u00a0\u200b-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Dots that stand for the middle dot · (U+00B7) in names such as 古丽娜尔·艾山.
_DOTS = re.compile(r"(?<=\w)\s*[．•・‧∙⋅●.。·᛫⸱]\s*(?=\w)")
# Letters of Chinese and of the other scripts that are written without spaces.
_HAN = r"\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACE_IN_HAN = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_PREFIXES = "'`‘’´\"“”"


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text; keeps long vocabularies readable in the source."""
    return tuple(text.split())


_NOTHING = frozenset(
    words(
        "无 没有 暂无 未有 空 缺 无此项 - -- --- — —— ― / // \\ . 、 N/A n/a NA none None null NULL"
    )
)


def normalise(text: str) -> str:
    """Return text with compatibility characters folded (NFKC) and outer space removed.

    Full-width digits and letters become ordinary ones; every kind of inner space becomes one
    ordinary space. Characters beyond the basic plane are kept.
    """
    if text.isascii():
        return _CONTROL.sub("", " ".join(text.split()))
    return _CONTROL.sub("", _SPACE.sub(" ", unicodedata.normalize("NFKC", text))).strip()


def compact(text: str) -> str:
    """Return normalised text without any space at all."""
    return normalise(text).replace(" ", "")


def tidy(text: str) -> str:
    """Return free text as written, only without outer space, control and zero-width marks.

    Unlike `normalise` this keeps the width of characters: 《》（）：are right in Chinese prose.
    """
    return _CONTROL.sub("", _SPACE.sub(" ", text)).strip()


def tidy_name(text: str) -> str:
    """Return a person's name in its one written form.

    Spaces between Chinese characters go (王　伟 → 王伟), one space stays between Latin words, and
    any dot between two parts becomes the middle dot U+00B7.
    """
    name = _SPACE_IN_HAN.sub("", normalise(text))
    return _DOTS.sub("·", name)


def strip_prefix(text: str) -> str:
    """Remove the quote or back-quote that marks "this is text" in a spreadsheet cell."""
    return text.strip().lstrip(_PREFIXES).strip()


def means_nothing(text: str) -> bool:
    """Whether the text only says that there is nothing, such as 无, 暂无 or a dash."""
    return not text or text in _NOTHING


def could_run_as_formula(text: str) -> bool:
    """Whether a spreadsheet would run this text: it begins with = + - @ and goes on as a formula.

    A telephone number (+86 …), a signed number or a lone dash is not one.
    """
    start = text.lstrip("\t\r\n \u3000'")
    if not start or start[0] not in "=+-@＝＋－＠":
        return False
    rest = start[1:].strip()
    if start[0] in "=＝@＠":
        return bool(rest)
    return not rest.replace(" ", "").replace("-", "").isdigit() and any(c in rest for c in "(|!")
