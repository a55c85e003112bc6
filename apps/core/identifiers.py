"""Numbers that identify people and bodies: what is valid, what is wrong with the rest.

Resident ID number: GB 11643-1999, check character by ISO 7064 MOD 11-2. The area part never
rejects a number, because codes of abolished counties live on in numbers already issued.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import mul
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.text import compact, strip_prefix, words

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# Letters and signs that are typed for a digit.
LOOKALIKES = str.maketrans({"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "Z": "2", "S": "5"})
# First two digits of the codes of the provinces (GB/T 2260).
_PROVINCES = frozenset(
    words(
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54"
        " 61 62 63 64 65 71 81 82"
    )
)
_OLD_FOREIGN = re.compile(r"[A-Z]{3}\d{12}")
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,5})?|[48]00-?\d{3}-?\d{4}")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a number; `params` hold what the message names.

    Codes: empty, length, characters, masked, birth, future, checksum.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return _MESSAGES[self.code]() % self.params


_MESSAGES = {
    "empty": lambda: _("There is no number."),
    "length": lambda: _(
        "The number has %(actual)s characters; it should have 18 (or 15 if it is an old one)."
    ),
    "characters": lambda: _(
        "Character %(position)s is “%(character)s”; only digits can stand there."
    ),
    "masked": lambda: _("Some digits are hidden by “*”; the whole number is needed."),
    "birth": lambda: _("Digits 7 to 14 (%(part)s) are not a date that exists."),
    "future": lambda: _("Digits 7 to 14 (%(part)s) are a day that has not come yet."),
    "checksum": lambda: _(
        "The last character is %(actual)s; by the first 17 digits it should be %(expected)s."
    ),
}


def check_digit(first: str) -> str:
    """Return the check character for the first 17 digits of a resident ID number."""
    return _CHECKS[sum(map(mul, map(int, first), _WEIGHTS)) % 11]


def extend(number: str) -> str:
    """Return the 18 characters of an old number of 15 digits (born in the 1900s)."""
    first = f"{number[:6]}19{number[6:]}"
    return first + check_digit(first)


def normalise_id(text: str) -> str:
    """Return an ID number as it is stored: no spaces or text marks, half-width, capital X."""
    return strip_prefix(compact(text)).upper()


def birth_of(number: str) -> date:
    """Return the birth date that 18 characters carry. Raises ValueError for an impossible one."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> str:
    """Return the sex (GB/T 2261.1: 1 male, 2 female) that 18 characters carry."""
    return "1" if int(number[16]) % 2 else "2"


def is_valid_id(number: str) -> bool:
    """Whether 18 normalised characters are a possible number: digits, date, check character."""
    first = number[:17]
    if len(number) != 18 or not (first.isascii() and first.isdigit()):
        return False
    if _CHECKS[sum(map(mul, map(int, first), _WEIGHTS)) % 11] != number[17]:
        return False
    try:
        return birth_of(number).year >= 1800
    except ValueError:
        return False


def explain_id(number: str, *, on: date | None = None) -> list[Problem]:
    """List everything that is wrong with an ID number; an empty list means it is valid.

    Accepts any writing (spaces, full width, 15 digits). With `on`, a birth date after that day is
    a problem too. A number whose length or characters are wrong is not checked further, since
    its other parts cannot be told apart.
    """
    number = normalise_id(number)
    if not number:
        return [Problem("empty")]
    if "*" in number:
        return [Problem("masked")]
    if problem := _first_wrong_character(number):
        return [problem]
    if len(number) not in (15, 18):
        return [Problem("length", {"actual": len(number)})]
    return _wrong_parts(extend(number) if len(number) == 15 else number, on)


def _first_wrong_character(number: str) -> Problem | None:
    digits = number[:-1] if number[-1] == "X" and len(number) > 15 else number
    for position, character in enumerate(digits, 1):
        if not ("0" <= character <= "9"):
            return Problem("characters", {"position": position, "character": character})
    return None


def _wrong_parts(number: str, on: date | None) -> list[Problem]:
    problems = []
    part = number[6:14]
    try:
        born = birth_of(number)
        if born.year < 1800:
            problems.append(Problem("birth", {"part": part}))
        elif on and born > on:
            problems.append(Problem("future", {"part": part}))
    except ValueError:
        problems.append(Problem("birth", {"part": part}))
    expected = check_digit(number[:17])
    if expected != number[17]:
        problems.append(Problem("checksum", {"actual": number[17], "expected": expected}))
    return problems


def clean_id(text: str, *, on: date | None = None) -> str:
    """Return the 18 characters to store. Raises ValidationError that names each wrong part."""
    problems = explain_id(text, on=on)
    if problems:
        raise ValidationError([ValidationError(str(p), code=f"id_{p.code}") for p in problems])
    number = normalise_id(text)
    return extend(number) if len(number) == 15 else number


def repair_lookalikes(number: str) -> str | None:
    """Return the number with letters read as the digits they look like, if that makes it valid."""
    number = normalise_id(number)
    repaired = number[:-1].translate(LOOKALIKES) + number[-1:]
    return repaired if repaired != number and is_valid_id(repaired) else None


def document_type_of(number: str) -> str:
    """Return the document type (code list id_document_type) that a valid number of 18 belongs to.

    81 and 82: residence permit of Hong Kong and Macao; 83: of Taiwan. A foreign permanent resident
    has 9 and then the province; other numbers that begin with 9 are ordinary ones.
    """
    if number[:2] in ("81", "82"):
        return "06"
    if number[:2] == "83":
        return "07"
    if number[0] == "9" and number[1:3] in _PROVINCES:
        return "05"
    return "01"


def is_old_foreign_permit(text: str) -> bool:
    """Whether the text has the form of foreign permanent residents' cards until 2023."""
    return bool(_OLD_FOREIGN.fullmatch(normalise_id(text)))


def is_uscc(text: str) -> bool:
    """Whether the text is a unified social credit code (GB 32100-2015), both checks right."""
    code = compact(text).upper()
    if len(code) != 18 or any(c not in _USCC_ALPHABET for c in code):
        return False
    return uscc_check_character(code[:17]) == code[17]


def uscc_check_character(first: str) -> str:
    """Return the last character for the first 17 of a unified social credit code."""
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(first, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(first: str) -> str:
    """Return the check character for the first 8 of an organisation code (GB 11714)."""
    total = sum(int(c, 36) * w for c, w in zip(first, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def is_mobile(text: str) -> bool:
    """Whether the text is a mobile number of the mainland, digits only."""
    return bool(_MOBILE.fullmatch(text))


def is_landline(text: str) -> bool:
    """Whether the text is a fixed line, with or without area code, or a 400/800 number."""
    return bool(_LANDLINE.fullmatch(text))


def passes_luhn(account: str) -> bool:
    """Whether a card number passes the Luhn check.

    Only ever a hint: passbooks and old rural accounts are real and fail it.
    """
    digits = compact(account)
    if not (digits.isascii() and digits.isdigit()):
        return False
    doubled = (sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def mask(number: str) -> str:
    """Return an ID number for display: 110105********002X; a shorter one keeps its ends."""
    if len(number) >= 15:
        return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
    if len(number) > 2:
        return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}"
    return "*" * len(number)


def mask_phone(number: str) -> str:
    """Return a telephone number for display: 138****1234."""
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}" if len(number) > 7 else "****"


def mask_account(number: str) -> str:
    """Return an account number for display: only its last four characters."""
    return f"{'*' * max(len(number) - 4, 0)}{number[-4:]}" if len(number) > 4 else "****"
