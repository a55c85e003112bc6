"""Lines of rosters, as the checks hand them to the services."""

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from apps.core.identifiers import check_digit
from apps.households.roster_rows import RosterRow

_lines = count(1)
VILLAGE = "999901100201"
OTHER_VILLAGE = "999901100202"


def id_number(sex: str, born: date, serial: int = 1) -> str:
    """Make a valid number; area 999901 is not assigned to any county."""
    first17 = f"999901{born:%Y%m%d}{2 * serial + (1 if sex == '1' else 0):03d}"
    return first17 + check_digit(first17)


def line(name: str, relation: str = "", sex: str = "1", **values: Any) -> RosterRow:
    """Make a line of household 001 of VILLAGE; with an ID number unless `id_number` is given."""
    born = values.pop("birth_date", date(1980, 5, 6))
    values.setdefault("id_number", id_number(sex, born))
    values.setdefault("household_key", "001")
    values.setdefault("household_no", values["household_key"])
    return RosterRow(
        line=next(_lines),
        village_code=values.pop("village_code", VILLAGE),
        name=name,
        sex=sex,
        birth_date=born,
        relation=relation,
        is_head=relation == "02",
        **values,
    )


def family(key: str = "001", **values: Any) -> list[RosterRow]:
    """Make a household of four: head, wife, eldest son, eldest daughter."""
    shift = int(key)
    people = (
        ("韦大山", "02", "1", date(1980, 5, 6), "21"),
        ("覃芳", "12", "2", date(1982, 3, 4), "21"),
        ("韦小山", "22", "1", date(2008, 1, 2), "10"),
        ("韦小芳", "32", "2", date(2010, 7, 8), "10"),
    )
    return [
        line(
            name,
            relation,
            sex,
            birth_date=born,
            id_number=id_number(sex, born, shift),
            household_key=key,
            marital_status=marital,
            residence_status="1",
            **values,
        )
        for name, relation, sex, born, marital in people
    ]


def altered(row: RosterRow, **values: Any) -> RosterRow:
    """Return the line with other values."""
    return replace(row, **values)
