"""The walk over all data lines of a file: convert, settle village and people, check."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from apps.core.dates import WrittenDate
from apps.core.spreadsheets.grid import Cell, Workbook
from apps.core.spreadsheets.tables import DATA, SECTION
from apps.imports.records import ERROR, NOTICE, WARN, Column, Issue, RegionRef, SoFar
from apps.imports.registry import SheetKind
from apps.imports.rules.converters import Convert, Fault, Remembered, converter
from apps.imports.rules.corrections import AS_WRITTEN, UNCORRECTED, Corrections, LineCorrections
from apps.imports.rules.drafts import Draft, FileContext
from apps.imports.rules.identity import check_date, settle_other_person, settle_person
from apps.imports.rules.repeats import SeenNumbers, check_people_without_number
from apps.imports.rules.sheets import (
    Table,
    Whereabouts,
    section_text,
    spread_cells,
    surroundings,
    usual_style,
    whereabouts,
)

PROGRESS_EVERY = 1_000
FIRST_FINDINGS = 10
Progress = Callable[[int, int], None]
Watch = Callable[[SoFar], None]
# Ways of writing that are a column's own when most of its cells are written so.
_HABITS = frozenset(("sex_code", "date_text_variant", "date_month_only"))


class _Step:
    """How one mapped column of a table is read: where, by which converter, to which value."""

    __slots__ = ("column", "index", "key", "memory", "target")

    def __init__(self, table: Table, key: str, as_of: date) -> None:
        self.key = key
        self.column: Column = table.declared[key]
        self.index = table.layout.indices[key]
        self.target = self.column.target
        style = ""
        if self.column.kind in ("date", "birth"):
            style = usual_style(table, self.index, as_of)
        heading = table.heading_of(self.index)
        self.memory = Remembered(
            converter(self.column, as_of=as_of, heading=heading, usual_style=style)
        )


class FileChecker:
    """Walks over all data lines of a file once and then over the file as a whole."""

    def __init__(
        self,
        workbook: Workbook,
        kind: SheetKind,
        context: FileContext,
        progress: Progress | None,
        corrections: Corrections = UNCORRECTED,
        watch: Watch | None = None,
    ) -> None:
        self.workbook = workbook
        self.corrections = corrections
        self.kind = kind
        self.context = context
        self.progress = progress
        self.watch = watch
        self.whereabouts: dict[str, Whereabouts] = {}
        self._seen = SeenNumbers()
        self._done = 0
        self._total = 0
        self._blocked = 0
        self._warned = 0
        self._first: list[Issue] = []

    def run(self, ours: Mapping[str, list[Table]]) -> list[Draft]:
        """Return the drafts of all data lines, completely checked."""
        self._total = sum(len(table.data_lines) for tables in ours.values() for table in tables)
        drafts: list[Draft] = []
        for sheet, tables in ours.items():
            place = whereabouts(tables[0], self.workbook.filename, self.context.directory)
            self.whereabouts[sheet] = place
            section: RegionRef | None = None
            for table in tables:
                walk = _TableChecker(self, table, place, section)
                drafts += walk.run()
                section = walk.section
        check_people_without_number(drafts)
        self.kind.check_file(drafts, self.context)
        self.context.notices.update(
            issue.kind for draft in drafts for issue in draft.issues if issue.severity == NOTICE
        )
        if self.progress:
            self.progress(self._total, self._total)
        # They hold the drafts, which are no longer needed once their rows are finished.
        self._seen = SeenNumbers()
        return drafts

    def count(self, draft: Draft) -> None:
        """Count one line and report now and then."""
        self._done += 1
        self._warned += draft.status == WARN
        if draft.is_blocked:
            self._blocked += 1
            if len(self._first) < FIRST_FINDINGS:
                self._first.append(next(i for i in draft.issues if i.severity == ERROR))
        if self._done % PROGRESS_EVERY == 0:
            self._report()

    def _report(self) -> None:
        if self.watch and self._blocked + self._warned:
            self.watch(SoFar(self._done, self._blocked, self._warned, tuple(self._first)))
        if self.progress:
            self.progress(self._done, self._total)

    def is_first(self, draft: Draft, number: str) -> bool:
        """Whether a number may be trusted on this line."""
        return self._seen.check(draft, number)


def _drop_habits(drafts: Sequence[Draft]) -> None:
    """Take back notices about a way of writing that most lines of the table share."""
    counted = Counter(
        (issue.field, issue.kind)
        for draft in drafts
        for issue in draft.issues
        if issue.kind in _HABITS
    )
    habits = {key for key, count in counted.items() if count * 2 > len(drafts)}
    if habits:
        for draft in drafts:
            if draft.issues:
                draft.issues = [i for i in draft.issues if (i.field, i.kind) not in habits]


class _TableChecker:
    """Checks the lines of one table."""

    def __init__(
        self, checker: FileChecker, table: Table, place: Whereabouts, section: RegionRef | None
    ) -> None:
        self.checker = checker
        self.kind = checker.kind
        self.context = checker.context
        self.table = table
        self.place = place
        as_of = checker.context.as_of
        self.steps = [
            _Step(table, key, as_of)
            for key in table.layout.indices
            if table.declared[key].kind not in ("serial", "ignored")
        ]
        self.dates = [step for step in self.steps if step.column.kind == "date"]
        self.others = [
            step
            for step in self.steps
            if step.column.kind == "id" and step.column.role != "subject"
        ]
        self.corrections = checker.corrections.of(table.grid.name)
        self.spread = spread_cells(table, self.corrections)
        self._given: dict[str, Convert] = {}
        self.carries_village = "village" in table.fields and table.is_sparse("village")
        self.last_village: str | None = None
        self.section = section
        self._regions: dict[tuple[str, str], tuple[RegionRef | None, str, dict[str, str]]] = {}

    def run(self) -> list[Draft]:
        drafts = []
        for row, kind in self.table.lines:
            if kind == DATA:
                draft = self._check(row)
                self.checker.count(draft)
                draft.pack()
                drafts.append(draft)
            elif kind == SECTION:
                self._enter_section(section_text(self.table, row))
        _drop_habits(drafts)
        return drafts

    def _enter_section(self, text: str) -> None:
        found = self.context.directory.contains_names(text, self.place.upper)
        if found is not None and found.level == "village":
            self.section = found
            self.last_village = None

    def _check(self, row: int) -> Draft:
        corrections = self.corrections.get(row + 1, AS_WRITTEN)
        draft = Draft(self.table.layout, row + 1, self.table.grid.rows, corrections)
        found = self._convert(draft, self.spread.get(row), corrections)
        if row in self.table.grid.hidden_rows:
            draft.add("hidden_row", "name")
        if found.get("name") is None and not draft.has("name_invalid"):
            draft.add("name_missing", "name")
        self._settle_region(draft, found)
        self._settle_people(draft, found)
        for step in self.dates:
            self._settle_date(draft, step, found.get(step.key))
        self.kind.check_row(draft, self.context)
        return draft

    def _convert(
        self, draft: Draft, spread: Mapping[int, Cell] | None, corrections: LineCorrections
    ) -> dict[str, Any]:
        """Convert all mapped cells of a line; returns the values by field."""
        found: dict[str, Any] = {}
        cells = draft.cells
        values, width = draft.values, len(cells)
        for step in self.steps:
            index = step.index
            cell = cells[index] if index < width else ""
            if cell == "":
                if not spread or index not in spread or index in corrections.cells:
                    continue
                cell = spread[index]
            value, fault, notices = step.memory[cell]
            if fault is not None:
                self._add_fault(draft, step, fault)
            for notice in notices:
                draft.add(notice, step.key)
            if value is not None:
                found[step.key] = value
                if step.target:
                    values[step.target] = value
        for field, text in corrections.fields.items():
            self._give(draft, found, field, text)
        return found

    def _give(self, draft: Draft, found: dict[str, Any], field: str, text: str) -> None:
        """Add what somebody stated although the sheet has no such column, or in its place."""
        column = self.table.declared.get(field)
        if column is None:
            return
        if field not in self._given:
            self._given[field] = converter(column, as_of=self.context.as_of)
        value, fault, _notices = self._given[field](text)
        if fault is not None:
            draft.add(fault.kind, field, fault.params, severity=column.severity)
        if value is not None:
            found[field] = value
            if column.target:
                draft.values[column.target] = value

    @staticmethod
    def _add_fault(draft: Draft, step: _Step, fault: Fault) -> None:
        draft.add(
            fault.kind,
            step.key,
            fault.params,
            suggestion=fault.suggestion,
            severity=step.column.severity,
        )

    # Regions

    def _settle_region(self, draft: Draft, found: Mapping[str, Any]) -> None:
        """Find the village of a line: own cell, else section, sheet, household code, address."""
        text = found.get("village")
        if text is None and self.carries_village:
            text = self.last_village
        elif text is not None:
            self.last_village = text
        if text is not None:
            self._resolve(draft, text, found.get("town") or "")
        else:
            draft.region = self._implied_region(found)
        if draft.region is None:
            if not draft.has("village_unknown", "village_ambiguous", "cell_error_value"):
                self._add_no_village(draft)
        elif not self.context.directory.in_scope(draft.region.code):
            draft.add("out_of_scope", "village", {"village": draft.region.name})

    def _add_no_village(self, draft: Draft) -> None:
        if self.place.conflict:
            draft.add("village_ambiguous", "village", {"villages": "、".join(self.place.conflict)})
        else:
            draft.add("village_missing", "village")

    def _resolve(self, draft: Draft, text: str, town: str) -> None:
        if (text, town) not in self._regions:
            self._regions[text, town] = self._look_up(text, town)
        draft.region, issue, params = self._regions[text, town]
        if issue:
            draft.add(issue, "village", params)

    def _look_up(self, text: str, town: str) -> tuple[RegionRef | None, str, dict[str, str]]:
        """Return the village that a cell means, or the kind of issue and its parameters."""
        directory = self.context.directory
        within = (directory.contains_names(town) if town else None) or self.place.upper
        found = list(directory.resolve(text, within or surroundings(directory.default())))
        if not found and within is None:
            found = list(directory.resolve(text))
        if len(found) > 1:
            found = [village for village in found if directory.in_scope(village.code)] or found
        if len(found) == 1:
            return found[0], "" if found[0].name == text else "village_alias", {}
        if not found:
            return None, "village_unknown", {}
        return None, "village_ambiguous", {"villages": "、".join(v.name for v in found)}

    def _implied_region(self, found: Mapping[str, Any]) -> RegionRef | None:
        if region := self.section or self.place.village:
            return region
        directory = self.context.directory
        for field in ("hh_code", "hh_no", "address"):
            text = found.get(field)
            named = directory.contains_names(text, self.place.upper) if text else None
            if named is not None and named.level == "village":
                return named
        default = directory.default()
        if default is None or default.level != "village":
            return None
        conflict = self.place.conflict
        return default if not conflict or default.name in conflict else None

    # People

    def _settle_people(self, draft: Draft, found: dict[str, Any]) -> None:
        number = found.get("id")
        trusted = number is not None and (draft.left_out or self.checker.is_first(draft, number))
        draft.id_number = number if trusted else None
        settle_person(
            draft,
            found,
            as_of=self.context.as_of,
            id_is_trusted=trusted,
            implied_sex=self.kind.role_sex.get("subject", ""),
        )
        for step in self.others:
            if step.key in found:
                implied = self.kind.role_sex.get(step.column.role, "")
                draft.values[step.target] = settle_other_person(
                    draft, step.key, found[step.key], implied, step.column.severity
                )

    def _settle_date(self, draft: Draft, step: _Step, found: WrittenDate | None) -> None:
        if found is None:
            return
        column = step.column
        draft.values[step.target] = None
        if check_date(draft, step.key, found, self.context.as_of, after_birth=column.after_birth):
            draft.values[step.target] = found.on
            draft.values[f"{step.target}_precision"] = found.precision
