"""What a roster (花名册) says, what the register makes of it, and what came in."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from apps.imports.records import Question

if TYPE_CHECKING:
    from django.db.models import Model

Outcome = Literal["new", "changed", "same", "skipped", "error", "waiting"]
Change = tuple[Any, Any]
REMARK_CHARS, ADDRESS_CHARS, FACILITY_CHARS = 500, 200, 100


@dataclass(frozen=True, slots=True)
class PersonStatement:
    """What one line says about one person on the date of the roster; "" and None say nothing.

    `line` is the line's running number in the file and names its outcome. Codes are national
    ones; ID numbers are normalised (18 characters); dates known to the month or year carry the
    first day. `is_own_person`: somebody has decided that no other line is about this person.
    `person_key`: the key by which a line of today's roster names its person (core.keys).
    """

    line: int
    village_code: str
    name: str
    sex: str
    birth_date: date
    birth_precision: str = "day"
    id_number: str | None = None
    ethnic_group: str = ""
    education: str = ""
    hukou_type: str = ""
    marital_status: str = ""
    first_marriage_on: date | None = None
    phone: str = ""
    residence_status: str = ""
    birth_order: int | None = None
    remark: str = ""
    is_own_person: bool = False
    person_key: str = ""


@dataclass(frozen=True, slots=True)
class RosterRow(PersonStatement):
    """One line of a household roster (户籍人口花名册): a person and the household.

    `household_key` is what the lines of one household share within the village and the file,
    also when the head's own line is not imported; "" means that the line names no household.
    """

    household_key: str = ""
    household_no: str = ""
    relation: str = ""
    is_head: bool = False
    head_name: str = ""
    group: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class RosterIssue:
    """Why the register cannot take a line as it is, or what somebody should look at."""

    kind: str
    field: str
    severity: Literal["error", "skip", "warning"] = "error"
    params: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(slots=True)
class RowOutcome:
    """What one line does to the register: `changes` is field → (register, roster).

    `older`: a later roster has changed this person since; then only empty fields are filled.
    `withheld` names what the line says differently and does not bring in, `why` says for each
    field why not: roster, hand or dated (see imports.records.RowOutcome); `since` is the day since
    which the register's values stand. `stays` are fields that the line leaves empty.
    `questions` are what somebody has to decide or has decided; their places are still empty.
    """

    line: int
    outcome: Outcome = "same"
    person_id: int | None = None
    changes: dict[str, Change] = dataclasses.field(default_factory=dict)
    withheld: dict[str, Change] = dataclasses.field(default_factory=dict)
    why: dict[str, str] = dataclasses.field(default_factory=dict)
    issues: tuple[RosterIssue, ...] = ()
    older: bool = False
    since: date | None = None
    stays: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def is_blocked(self) -> bool:
        """Whether the line is not written."""
        return self.outcome in ("error", "skipped", "waiting")


@dataclass(slots=True)
class RosterPlan:
    """What a roster would do: one outcome per line, in their order, and the households."""

    as_of: date
    outcomes: list[RowOutcome]
    households_new: int = 0
    households_changed: int = 0

    def counts(self) -> dict[str, int]:
        """Return how many lines have which outcome."""
        found = dict.fromkeys(("new", "changed", "same", "skipped", "error", "waiting"), 0)
        for outcome in self.outcomes:
            found[outcome.outcome] += 1
        return found


@dataclass(slots=True)
class RosterResult:
    """What a roster did. `plan` is that of its lines, of the last ones if it came in portions.

    `subjects_created`: people whom the lines are about and the register did not know; no spouses.
    """

    plan: RosterPlan
    subjects_created: int = 0
    persons_created: int = 0
    persons_created_with_id: int = 0
    persons_changed: int = 0
    households_created: int = 0
    households_changed: int = 0
    created: dict[str, int] = dataclasses.field(default_factory=dict)
    changed: dict[str, int] = dataclasses.field(default_factory=dict)

    def count(self, model: type[Model], *, created: int = 0, changed: int = 0) -> None:
        """Add to the numbers of rows written."""
        table = model._meta.label_lower
        self.created[table] = self.created.get(table, 0) + created
        self.changed[table] = self.changed.get(table, 0) + changed

    @property
    def rows_written(self) -> int:
        """Rows added or changed in all tables; 0 when the roster said nothing new."""
        return sum(self.created.values()) + sum(self.changed.values())


def same_birth(one: Any, other: Any) -> bool:
    """Whether two birth dates agree as far as both are known."""
    precisions = (one.birth_precision, other.birth_precision)
    length = 4 if "year" in precisions else 7 if "month" in precisions else 10
    return one.birth_date.isoformat()[:length] == other.birth_date.isoformat()[:length]


def person_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a checked line says about its person, as arguments of a PersonStatement."""
    return {
        "name": values["name"],
        "sex": values.get("sex") or "",
        "birth_date": values["birth_date"],
        "birth_precision": values.get("birth_precision") or "day",
        "id_number": values.get("id_number") or None,
        "ethnic_group": values.get("ethnic_group") or "",
        "education": values.get("education") or "",
        "hukou_type": values.get("hukou_type") or "",
        "marital_status": values.get("marital_status") or "",
        "first_marriage_on": values.get("first_marriage_on"),
        "phone": values.get("phone") or "",
        "residence_status": values.get("residence_status") or "",
        "remark": (values.get("remark") or "")[:REMARK_CHARS],
        "is_own_person": bool(values.get("is_own_person")),
        "person_key": values.get("person_key") or "",
    }


def roster_row(line: int, village_code: str, values: Mapping[str, Any]) -> RosterRow:
    """Read a checked line of a household roster (values by target, see households.sheets)."""
    return RosterRow(
        line=line,
        village_code=village_code,
        household_key=values.get("household_key") or "",
        household_no=values.get("household_no") or "",
        relation=values.get("relation") or "",
        is_head=bool(values.get("is_head")),
        head_name=values.get("head_name") or "",
        group=values.get("group") or "",
        address=(values.get("address") or "")[:ADDRESS_CHARS],
        **person_values(values),
    )
