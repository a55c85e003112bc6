"""What a roster of married women says in one line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from apps.households.roster_rows import PersonStatement


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
