"""Service files and contraceptive methods that a roster of women states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from apps.core.bulk import copy_models, staging_table, take_numbers, update_rows
from apps.households.roster_rows import RosterResult
from apps.households.services.roster.spells import beginning, standing, takes_over_on
from apps.households.services.roster.subjects import Subject
from apps.women.models import CaseFile, ContraceptiveUse

NOT_STATED = "99"
# Columns of CaseFile beside the fields of a line.
STATED = {"stated_boys": "boys", "stated_girls": "girls", "stated_last_birth_on": "last_birth_on"}


class FileFacts(NamedTuple):
    """One row of CaseFile."""

    id: int
    person_id: int
    stated_boys: int | None
    stated_girls: int | None
    stated_last_birth_on: date | None
    stated_on: date | None


class UseFacts(NamedTuple):
    """One row of ContraceptiveUse."""

    id: int
    person_id: int
    method: str
    valid_from: date | None
    from_precision: str
    valid_to: date | None
    facility: str


@dataclass(slots=True)
class FileSteps:
    """Service files and uses to open and to alter; a Subject stands for a person without number."""

    files_new: list[tuple[Subject, dict[str, Any]]] = field(default_factory=list)
    files_altered: list[FileFacts] = field(default_factory=list)
    uses_new: list[tuple[Subject, date | None, str]] = field(default_factory=list)
    uses_altered: list[UseFacts] = field(default_factory=list)


def plan_files(women: Sequence[Subject], on: date) -> FileSteps:
    """Decide what is written into the service files of the women whose lines are taken."""
    steps = FileSteps()
    files, uses = _read([w for w in women if w.is_taken])
    for woman in women:
        if not woman.is_here:
            continue
        _settle_file(woman, files.get(woman.person_id or 0), steps, on)
        _settle_use(woman, uses.get(woman.person_id or 0, []), steps, on)
    return steps


def _read(women: Iterable[Subject]) -> tuple[dict[int, FileFacts], dict[int, list[UseFacts]]]:
    files: dict[int, FileFacts] = {}
    uses: dict[int, list[UseFacts]] = defaultdict(list)
    people = sorted({w.person_id for w in women if w.person_id is not None})
    if not people:
        return files, uses
    staging_table("roster_woman", {"id": "bigint"}, [(number,) for number in people])
    with connection.cursor() as cursor:
        cursor.execute(FILES)
        files = {row[1]: FileFacts._make(row) for row in cursor.fetchall()}
        cursor.execute(USES)
        for row in cursor.fetchall():
            uses[row[1]].append(UseFacts._make(row))
    return files, uses


FILES = """
    SELECT f.id, f.person_id, f.stated_boys, f.stated_girls, f.stated_last_birth_on, f.stated_on
    FROM women_casefile f JOIN roster_woman w ON w.id = f.person_id
"""
USES = """
    SELECT u.id, u.person_id, u.method, u.valid_from, u.from_precision, u.valid_to, u.facility
    FROM women_contraceptiveuse u JOIN roster_woman w ON w.id = u.person_id
"""


# The service file ---------------------------------------------------------------------------------


def _settle_file(woman: Subject, known: FileFacts | None, steps: FileSteps, on: date) -> None:
    """Children are stated as of the roster; an empty cell keeps what was stated before."""
    said = {column: getattr(woman.said, name) for column, name in STATED.items()}
    if known is None:
        steps.files_new.append((woman, said))
        for column, value in said.items():
            if value is not None:
                woman.say(STATED[column], None, value)
        return
    older = known.stated_on is not None and known.stated_on > on
    new = known
    for column, value in said.items():
        old = getattr(known, column)
        if value is None or value == old:
            continue
        if older and old is not None and not woman.prefers_file():
            woman.hold_back(STATED[column], old, value, "roster")
        else:
            new = new._replace(**{column: value})
            woman.say(STATED[column], old, value)
    if not older and any(value is not None for value in said.values()):
        new = new._replace(stated_on=on)
    if new != known:
        steps.files_altered.append(new)


# Methods ------------------------------------------------------------------------------------------


def _settle_use(woman: Subject, uses: Sequence[UseFacts], steps: FileSteps, on: date) -> None:
    """The method in use on the day of the roster; "00" states that none is used."""
    said = woman.said
    if said.method in ("", NOT_STATED):
        return
    now = standing(uses, on)
    row: UseFacts | None = now.covering
    if row is None:
        if now.is_newer:
            woman.hold_back("method", "", said.method)
            return
        _open(woman, beginning(now, on, said.method_on), steps)
        woman.say("method", "", said.method)
    elif row.method == said.method and not _is_another_time(row, said):
        _better(woman, row, now.earliest, steps)
    elif now.is_newer:
        woman.hold_back("method", row.method, said.method)
    elif why := woman.newer("method"):
        woman.hold_back("method", row.method, said.method, why)
    else:
        _change(woman, row, steps, on)


def _is_another_time(row: UseFacts, said: Any) -> bool:
    """The same method begun again on a later day is another use."""
    return bool(said.method_on and row.valid_from and said.method_on > row.valid_from)


def _better(woman: Subject, row: UseFacts, earliest: date | None, steps: FileSteps) -> None:
    """Fill the day and the institution that the register lacks."""
    said, new = woman.said, row
    day = said.method_on
    fits = earliest is None or (day is not None and day >= earliest)
    if day is not None and row.valid_from is None and fits:
        new = new._replace(valid_from=day, from_precision=said.method_precision)
        woman.say("method_on", None, day)
    if said.facility and not row.facility:
        new = new._replace(facility=said.facility)
        woman.say("facility", "", said.facility)
    if new != row:
        steps.uses_altered.append(new)


def _change(woman: Subject, row: UseFacts, steps: FileSteps, on: date) -> None:
    said = woman.said
    day = takes_over_on(row, on, said.method_on)
    woman.say("method", row.method, said.method)
    if day is None:
        steps.uses_altered.append(row._replace(method=said.method, facility=said.facility))
        return
    steps.uses_altered.append(row._replace(valid_to=day))
    _open(woman, day, steps)


def _open(woman: Subject, since: date | None, steps: FileSteps) -> None:
    is_stated = since is not None and since == woman.said.method_on
    precision = woman.said.method_precision if is_stated else "day"
    steps.uses_new.append((woman, since, precision))


# Writing ------------------------------------------------------------------------------------------


def write_files(steps: FileSteps, result: RosterResult, on: date) -> None:
    """Open and alter service files and uses, once the women have their numbers."""
    now = timezone.now()
    altered = [(*row[:1], *row[2:], now) for row in steps.files_altered]
    count = update_rows(CaseFile, ["id", *FileFacts._fields[2:], "updated_at"], altered)
    numbers = list(take_numbers(CaseFile, len(steps.files_new)))
    rows = [
        (number, woman.person_id, *said.values(), _stated_on(said, on), "", now, now)
        for number, (woman, said) in zip(numbers, steps.files_new, strict=True)
    ]
    columns = ("id", "person_id", *STATED, "stated_on", "remark", "created_at", "updated_at")
    copy_models(CaseFile, columns, rows)
    result.count(CaseFile, created=len(numbers), changed=count)
    _write_uses(steps, result)


def _stated_on(said: dict[str, Any], on: date) -> date | None:
    return on if any(value is not None for value in said.values()) else None


def _write_uses(steps: FileSteps, result: RosterResult) -> None:
    altered = [(*row[:1], *row[2:]) for row in steps.uses_altered]
    count = update_rows(ContraceptiveUse, ["id", *UseFacts._fields[2:]], altered)
    numbers = list(take_numbers(ContraceptiveUse, len(steps.uses_new)))
    rows = [
        (number, w.person_id, w.said.method, since, precision, w.said.facility)
        for number, (w, since, precision) in zip(numbers, steps.uses_new, strict=True)
    ]
    columns = ("id", "person_id", "method", "valid_from", "from_precision", "facility")
    copy_models(ContraceptiveUse, columns, rows)
    result.count(ContraceptiveUse, created=len(numbers), changed=count)
