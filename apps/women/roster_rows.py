"""What a roster of married women says in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.households.roster_rows import FACILITY_CHARS, PersonStatement, person_values


@dataclass(frozen=True, slots=True)
class WomanRow(PersonStatement):
    """One line of a roster of married women (已婚育龄妇女花名册): she, her husband, her children
    and the method in use, as stated on the date of the roster. None and "" say nothing.

    `first_marriage_on` is of the person; its precision is of the marriage.
    """

    first_marriage_precision: str = "day"
    spouse_name: str = ""
    spouse_id_number: str | None = None
    boys: int | None = None
    girls: int | None = None
    last_birth_on: date | None = None
    method: str = ""
    method_on: date | None = None
    method_precision: str = "day"
    facility: str = ""


def woman_row(line: int, village_code: str, values: Mapping[str, Any]) -> WomanRow:
    """Read a checked line of a roster of women (values by target, see women.sheets)."""
    return WomanRow(
        line=line,
        village_code=village_code,
        first_marriage_precision=values.get("first_marriage_on_precision") or "day",
        spouse_name=values.get("spouse_name") or "",
        spouse_id_number=values.get("spouse_id_number") or None,
        boys=values.get("boys"),
        girls=values.get("girls"),
        last_birth_on=values.get("last_birth_on"),
        method=values.get("method") or "",
        method_on=values.get("method_on"),
        method_precision=values.get("method_on_precision") or "day",
        facility=(values.get("facility") or "")[:FACILITY_CHARS],
        **person_values(values),
    )
