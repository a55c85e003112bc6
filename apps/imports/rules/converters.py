"""One cell to one value. A converter returns (value, fault, notices) and never fails.

`fault` is None or a Fault, `notices` names what was put right. Results are remembered per column,
because most cells of a roster repeat.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from apps.core.codes import CodeSet, code_set
from apps.core.dates import DAY, TYPED, BadDate, WrittenDate, parse_age, parse_date
from apps.core.identifiers import (
    birth_of,
    explain_id,
    extend,
    is_landline,
    is_mobile,
    is_valid_id,
    normalise_id,
    repair_lookalikes,
)
from apps.core.spreadsheets.grid import CELL_ERRORS, Cell, cell_text
from apps.core.text import (
    compact,
    could_run_as_formula,
    means_nothing,
    normalise,
    tidy,
    tidy_name,
    words,
)
from apps.imports.records import NO_PARAMS, Column
from apps.imports.rules import vocabulary


class Fault(NamedTuple):
    """Why a cell has no usable value, or what somebody should look at."""

    kind: str
    params: Mapping[str, Any] = NO_PARAMS
    suggestion: str = ""


Converted = tuple[Any, Fault | None, tuple[str, ...]]
Convert = Callable[[Cell], Converted]

NOTHING: Converted = (None, None, ())
MAX_NAME = 50
MAX_KEY = 30
# Enough for whatever repeats; names and numbers of a large file do not.
REMEMBERED = 1_000
# A number beyond 15 digits as spreadsheets write it into csv files: 9.99901E+17.
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?1\d")
_NO_ID = frozenset(
    words(
        "无 未办理 暂无 没有 未办 不详 未上户 未落户 没办 待办 未知 新生儿 无证 无号 未录入"
        " 暂未办理 未办证 无身份证 未编 未有 待补 未提供 忘记 丢失 遗失 办理中 正在办理 未登记 缺"
    )
)
_NO_DATE = frozenset(words("无 暂无 没有 未 空 未有"))
_PLACEHOLDER = re.compile(
    r"未取名|未命名|待取名|未起名|无名|暂无名|未定名|新生儿|婴儿|无名氏|未取|待定|某某|.{0,5}(?:某某|未取名).{0,4}"
    r"|.{1,6}之(?:子|女|长子|次子|长女|次女|孙|孙子|孙女|婴)"
)
_NAME = re.compile(
    r"[\w\ue000-\uf8ff\U000f0000-\U0010fffd]"
    r"(?:[\w\ue000-\uf8ff\U000f0000-\U0010fffd·'()（）\- ]|\.(?= ))*\.?"
)
_WRONG_IN_NAME = re.compile(r"[\d_]")
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_NUMBER_WORDS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7}
_COUNTED = re.compile(r"(\d{1,4})(?:\.0+)?(?:个|人|名|孩|口)?")
_PHONE_SEPARATORS = re.compile(r"[/、;；,，|\\\n]|\s{2,}|或|和")
_DIALLING = re.compile(r"^(?:\(?\+?0{0,2}86\)?[- ]?)(?=1\d{10}$|1\d{2}[- ])")
_GROUP = re.compile(r"第?\s*([0-9一二三四五六七八九十百]{1,4})\s*(?:村民小组|小组|组|队|社|号)?")
_TICKS = frozenset(words("√ ✓ ✔ 是 有 Y y 1 v V ○ ● ■ ☑ + *"))


class Remembered(dict[Any, Converted]):
    """The last results of one column by raw cell; computes what is not there yet."""

    def __init__(self, convert: Convert) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, cell: Cell) -> Converted:
        # True and 1 are the same key; a tick box in a number column is rare enough to skip.
        found = self._convert(cell)
        if not isinstance(cell, bool):
            if len(self) == REMEMBERED:
                self.clear()
            self[cell] = found
        return found


def converter(column: Column, *, as_of: date, heading: str = "", usual_style: str = "") -> Convert:
    """Return the converter of a column.

    `heading` is the whole heading text, which some columns need (是否外出); `usual_style` is how
    most dates of the column are written.
    """
    makers: dict[str, Callable[[], Convert]] = {
        "name": lambda: convert_name if column.role == "subject" else convert_other_name,
        "id": lambda: lambda cell: convert_id(cell, as_of),
        "sex": lambda: convert_sex,
        "date": lambda: lambda cell: convert_date(cell, as_of, usual_style),
        "birth": lambda: lambda cell: convert_birth(cell, as_of, usual_style),
        "age": lambda: convert_age,
        "code": lambda: code_converter(column, heading),
        "relation": lambda: code_converter(column, heading, fault="relation_unknown"),
        "integer": lambda: convert_integer,
        "amount": lambda: convert_amount,
        "account": lambda: convert_account,
        "phone": lambda: convert_phone,
        "group": lambda: convert_group,
        "household": lambda: convert_household_number,
        "village": lambda: convert_place,
        "town": lambda: convert_place,
        "text": lambda: lambda cell: convert_text(cell, column.max_length),
        # Whose key it is only the register can tell.
        "key": lambda: lambda cell: convert_text(cell, MAX_KEY),
        "tick": lambda: lambda cell: _tick(cell, column.option),
    }
    return _guarded(makers[column.kind]())


def _guarded(convert: Convert) -> Convert:
    """Deal with empty cells and formula errors before the converter proper."""

    def guarded(cell: Cell) -> Converted:
        if cell.__class__ is str:
            if not cell or cell.isspace():
                return NOTHING
            if cell[0] == "#" and cell.strip() in CELL_ERRORS:
                return None, Fault("cell_error_value"), ()
        return convert(cell)

    return guarded


# People ------------------------------------------------------------------------------------------


def convert_id(cell: Cell, as_of: date) -> Converted:
    """Read an ID number: 18 characters, or None where the cell says that there is none."""
    if cell.__class__ is not str:
        return _id_from_number(cell, as_of)
    if len(cell) == 18 and is_valid_id(cell) and birth_of(cell) <= as_of:
        return cell, None, ()
    raw = str(cell)
    number = normalise_id(raw)
    if means_nothing(number) or number in _NO_ID:
        return NOTHING
    if _SCIENTIFIC.fullmatch(number):
        return None, Fault("id_precision_lost"), ()
    if problems := explain_id(number, on=as_of):
        return None, _id_fault(number, problems[0].code, problems[0].params), ()
    notices = list(_id_notices(raw, number))
    if len(number) == 15:
        return extend(number), None, (*notices, "id_15_digits")
    return number, None, tuple(notices)


def _id_from_number(cell: Cell, as_of: date) -> Converted:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return None, _id_fault(cell_text(cell), "length", {"actual": len(cell_text(cell))}), ()
    if cell != cell or abs(cell) >= 1e15 or cell != int(cell):
        return None, Fault("id_precision_lost"), ()
    return convert_id(str(int(cell)), as_of) if cell else NOTHING


_ID_KINDS = {
    "masked": "id_masked",
    "characters": "id_char",
    "length": "id_length",
    "birth": "id_birth_impossible",
    "future": "id_birth_impossible",
    "checksum": "id_checksum",
}


def _id_fault(number: str, code: str, params: Mapping[str, Any]) -> Fault:
    suggestion = repair_lookalikes(number) or "" if code == "characters" else ""
    return Fault(_ID_KINDS[code], params, suggestion)


def _id_notices(raw: str, number: str) -> tuple[str, ...]:
    found = []
    inner = raw.strip()
    if raw[:1] in "'`‘’\t" or inner[:1] in "'`‘’":
        found.append("id_prefixed")
    elif any(c.isspace() or c in "\u00a0\u3000\u200b\ufeff" for c in raw):
        found.append("trim_space")
    if any("！" <= c <= "～" for c in raw):
        found.append("fullwidth")
    elif number.endswith("X") and inner.rstrip("'`").endswith("x"):
        found.append("id_lower_x")
    return tuple(found)


def convert_name(cell: Cell) -> Converted:
    """Read the name of the person that the line is about."""
    raw = cell_text(cell)
    name = tidy_name(raw)
    if means_nothing(name):
        return NOTHING
    if len(name) > MAX_NAME or _WRONG_IN_NAME.search(name) or not _NAME.fullmatch(name):
        return None, Fault("name_invalid"), ()
    if _PLACEHOLDER.fullmatch(name):
        return name, Fault("name_placeholder"), _name_notices(raw, name)
    return name, None, () if raw == name else _name_notices(raw, name)


def convert_other_name(cell: Cell) -> Converted:
    """Read the name of somebody else (spouse, head): kept if it can be a name, else as nothing."""
    raw = cell_text(cell)
    name = tidy_name(raw)
    if means_nothing(name) or len(name) > MAX_NAME or not any(c.isalpha() for c in name):
        return NOTHING
    if could_run_as_formula(name):
        return name, Fault("formula_injection"), ()
    return name, None, () if raw == name else _name_notices(raw, name)


def _name_notices(raw: str, name: str) -> tuple[str, ...]:
    if raw == name:
        return ()
    inner = raw.strip("\u00a0\u3000\ufeff\u200b \t\r\n")
    found = [] if inner == raw else ["trim_space"]
    if "·" in name and name.replace("·", "") != inner and "·" not in inner:
        found.append("name_dot_variant")
    elif len(inner.split()) > 1 or any(c.isspace() or c == "\u00a0" for c in inner):
        found.append("name_inner_space")
    elif inner != name:
        found.append("fullwidth")
    return tuple(found)


def convert_sex(cell: Cell) -> Converted:
    """Read the sex as code of GB/T 2261.1."""
    text = compact(cell_text(cell))
    if code := vocabulary.SEXES.get(text):
        return code, None, () if text in ("男", "女") else ("sex_code",)
    if means_nothing(text):
        return NOTHING
    return None, Fault("sex_invalid"), ()


# Dates -------------------------------------------------------------------------------------------


def convert_date(cell: Cell, as_of: date, usual_style: str) -> Converted:
    """Read a date; the value is a WrittenDate."""
    if isinstance(cell, str) and ((text := compact(cell)) in _NO_DATE or not text.strip("-/—")):
        return NOTHING
    try:
        found = parse_date(cell, today=as_of)
    except BadDate as bad:
        return None, Fault(f"date_{bad.code}"), ()
    return found, None, _date_notices(found, usual_style)


def convert_birth(cell: Cell, as_of: date, usual_style: str) -> Converted:
    """Read a birth date; the value is a WrittenDate, or whole years if the cell holds an age."""
    age = parse_age(cell)
    if age is not None:
        return age, None, ("age_in_birth_column",)
    return convert_date(cell, as_of, usual_style)


def style_of(found: WrittenDate) -> str:
    """Return how a date is written, with its precision."""
    return f"{found.style} {found.precision}"


def _date_notices(found: WrittenDate, usual_style: str) -> tuple[str, ...]:
    if found.two_digit_year:
        return ("date_two_digit_year",)
    style = style_of(found)
    if style == usual_style or found.style == TYPED:
        return ()
    return ("date_text_variant",) if found.precision == DAY else ("date_month_only",)


def convert_age(cell: Cell) -> Converted:
    """Read whole years; anything else is nothing, since an age is only ever a hint."""
    return parse_age(cell), None, ()


# Listed values -----------------------------------------------------------------------------------


def code_converter(column: Column, heading: str = "", fault: str = "code_unknown") -> Convert:
    """Return the converter of a column with a code list.

    The names of the list and the first word for each code are the usual ways of writing; any
    other word that is understood leaves a notice.
    """
    codes = code_set(column.code_set)
    answers = _answers(column, heading)
    usual = {code: word for word, code in reversed(list(column.written.items()))}
    examples = "、".join(code.name_zh for code in list(codes.values())[:6])

    def convert(cell: Cell) -> Converted:
        text = compact(cell_text(cell))
        if text in answers:
            return answers[text], None, ()
        for form in (text, _BRACKETS.sub("", text), text.strip("。.,，;；:：?？!！*"), text[:60]):
            if form and (found := _code_of(form, codes, column.written)):
                is_usual = text == usual.get(found[0]) or text not in column.written
                return found[0], None, () if is_usual else ("value_synonym",)
        if means_nothing(text):
            return NOTHING
        return None, Fault(fault, {"examples": examples}), ()

    return convert


def _code_of(
    text: str, codes: CodeSet, written: Mapping[str, str | None]
) -> tuple[str | None] | None:
    """Return the code in a tuple, since a word may also mean "nothing to state"."""
    if text in written:
        return (written[text],)
    if code := codes.by_name_zh.get(text) or codes.by_name_zh.get(f"{text}族"):
        return (code,)
    if text in codes:
        return (text,)
    return (text.zfill(2),) if text.isdigit() and text.zfill(2) in codes else None


def _answers(column: Column, heading: str) -> dict[str, str]:
    """Return what yes and no mean under a heading that asks (是否外出)."""
    if column.code_set != "residence_status":
        return {}
    text = compact(heading)
    away = any(word in text for word in vocabulary.ASKS_IF_AWAY)  # first: 是否不在家
    here = not away and any(word in text for word in vocabulary.ASKS_IF_HERE)
    if not here and not away:
        return {}
    yes, no = ("1", "2") if here else ("2", "1")
    return dict.fromkeys(vocabulary.YES, yes) | dict.fromkeys(vocabulary.NO, no)


# Numbers and texts -------------------------------------------------------------------------------


def convert_integer(cell: Cell) -> Converted:
    """Read a small whole number: 2, 2个, 两个; 无 is none at all."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if 0 <= cell <= 9999 and cell == int(cell):
            return int(cell), None, ()
        return None, Fault("number_invalid"), ()
    text = compact(cell_text(cell))
    if means_nothing(text):
        return (0 if text in ("无", "没有") else None), None, ()
    if match := _COUNTED.fullmatch(text):
        return int(match[1]), None, ()
    if (number := _NUMBER_WORDS.get(text.removesuffix("个"))) is not None:
        return number, None, ("value_synonym",)
    return None, Fault("number_invalid"), ()


def convert_amount(cell: Cell) -> Converted:
    """Read an amount in yuan, not negative, with at most two decimals."""
    if isinstance(cell, (bool, date, datetime)):
        return None, Fault("amount_invalid"), ()
    text = compact(cell_text(cell)).replace(",", "").removesuffix("元").lstrip("¥￥")
    if means_nothing(text):
        return NOTHING
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None, Fault("amount_invalid"), ()
    if not amount.is_finite() or not 0 <= amount <= 99_999_999:
        return None, Fault("amount_invalid"), ()
    return amount.quantize(Decimal("0.01")), None, ()


def convert_account(cell: Cell) -> Converted:
    """Read a bank account as text of digits."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not abs(cell) < 1e15 or cell != int(cell):
            return None, Fault("account_precision_lost"), ()
        return str(int(cell)), None, ()
    number = normalise_id(cell_text(cell)).replace("-", "")
    if means_nothing(number):
        return NOTHING
    if _SCIENTIFIC.fullmatch(number):
        return None, Fault("account_precision_lost"), ()
    return number[:40], None, () if number == cell else ("trim_space",)


def convert_phone(cell: Cell) -> Converted:
    """Read one telephone number; of several the first mobile one, else the first."""
    raw = cell_text(cell)
    if isinstance(cell, str) and len(cell) == 11 and cell.isascii() and is_mobile(cell):
        return cell, None, ()
    text = normalise(raw.replace("\n", "/"))
    if means_nothing(text):
        return NOTHING
    parts = [part.strip() for part in _PHONE_SEPARATORS.split(text) if part.strip()]
    numbers = [number for part in parts if (number := _phone(part))]
    if not numbers:
        return None, Fault("phone_invalid"), ()
    chosen = next((number for number in numbers if is_mobile(number)), numbers[0])
    return chosen, None, _phone_notices(raw, chosen, len(parts))


def _phone(part: str) -> str | None:
    plain = part.lstrip("'`").replace(" ", "")
    digits = _DIALLING.sub("", plain).replace("-", "")
    if is_mobile(digits):
        return digits
    return plain if is_landline(plain) else None


def _phone_notices(raw: str, chosen: str, parts: int) -> tuple[str, ...]:
    if parts > 1:
        return ("phone_multiple",)
    if raw == chosen:
        return ()
    if any("０" <= c <= "９" for c in raw):
        return ("fullwidth",)
    return ("trim_space",) if raw.strip() == chosen else ("phone_prefix",)


def convert_group(cell: Cell) -> Converted:
    """Read a village group as 3组, whether written 3, 三组, 第3村民小组 or 3组."""
    text = normalise(cell_text(cell))
    if means_nothing(text):
        return NOTHING
    if match := _GROUP.fullmatch(text):
        return f"{_whole(match[1])}组", None, ()
    return text[:30], _formula_fault(text), ()


def _formula_fault(text: str) -> Fault | None:
    return Fault("formula_injection") if could_run_as_formula(text) else None


def _whole(text: str) -> str:
    """Return a numeral in digits: 十二 → 12."""
    if text.isdigit():
        return str(int(text))
    tens, has_ten, units = text.partition("十")
    digits = "零一二三四五六七八九"
    if has_ten and len(tens) < 2 and len(units) < 2 and "百" not in text:
        return str((digits.index(tens) if tens else 1) * 10 + (digits.index(units) if units else 0))
    return str(digits.index(text)) if text in digits and len(text) == 1 else text


def convert_household_number(cell: Cell) -> Converted:
    """Read a household number as text."""
    text = compact(cell_text(cell)).lstrip("'`")
    return NOTHING if means_nothing(text) else (text[:40], _formula_fault(text), ())


def convert_place(cell: Cell) -> Converted:
    """Read the name of a village or township; which one it means is told later."""
    text = compact(cell_text(cell))
    return NOTHING if means_nothing(text) else (text[:100], None, ())


def convert_text(cell: Cell, limit: int) -> Converted:
    """Read free text; what looks like a formula stays text and is pointed out."""
    text = tidy(cell_text(cell))
    if could_run_as_formula(text):
        return text[:limit], Fault("formula_injection"), ()
    if len(text) > limit:
        return text[:limit], Fault("text_shortened", {"limit": limit}), ()
    return NOTHING if means_nothing(text) else (text, None, ())


def _tick(cell: Cell, option: str) -> Converted:
    return (option if compact(cell_text(cell)) in _TICKS else None), None, ()
