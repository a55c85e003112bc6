"""National and local code lists, read from fixtures/reference/codelists/*.csv.

Columns: code, name_zh, name_en, standard. The files are part of the program, so a code list is
the same in forms, rosters, tables and prints.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

FOLDER = settings.BASE_DIR / "fixtures" / "reference" / "codelists"


@dataclass(frozen=True)
class Code:
    """One entry: the code, its Chinese and English name, the standard it is from."""

    code: str
    name_zh: str
    name_en: str
    standard: str

    @property
    def label(self) -> str:
        """The name in the current language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class CodeSet(dict[str, Code]):
    """The codes of one list, in the order of the list."""

    def __init__(self, name: str, codes: list[Code]) -> None:
        super().__init__({code.code: code for code in codes})
        self.name = name
        self.by_name_zh = {code.name_zh: code.code for code in codes}

    def label(self, code: str | None) -> str:
        """Return the name of a code in the current language; an unknown code as it is."""
        found = self.get(code or "")
        return found.label if found else (code or "")

    def choices(self) -> list[tuple[str, str]]:
        """Return (code, label) pairs in the current language."""
        return [(code.code, code.label) for code in self.values()]


@cache
def code_set(name: str) -> CodeSet:
    """Return the code list of that file name, for example "marital_status".

    Raises KeyError for a name that has no file.
    """
    path = FOLDER / f"{name}.csv"
    if not path.is_file():
        raise KeyError(name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return CodeSet(name, [Code(**row) for row in csv.DictReader(file)])


def code_label(name: str, code: str | None) -> str:
    """Return the name of one code in the current language."""
    return code_set(name).label(code)


def code_choices(name: str) -> list[tuple[str, str]]:
    """Return the choices of a model or form field; used as `partial(code_choices, "sex")`.

    A callable, so labels follow the user's language and a longer list needs no migration.
    """
    return code_set(name).choices()


def coded(name: str, *, without: tuple[str, ...] = ()) -> Callable[[], list[tuple[str, Any]]]:
    """Return the choices of a form field over a code list, with an empty one in front."""

    def choices() -> list[tuple[str, Any]]:
        found = [pair for pair in code_choices(name) if pair[0] not in without]
        return [("", _("Please choose")), *found]

    return choices
