"""A row while it is checked, and what the checks of one file share."""

from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from apps.core.spreadsheets.grid import Cell, cell_text
from apps.imports.choices import SEVERITY
from apps.imports.records import (
    BLOCKED,
    CLEAN,
    ERROR,
    NO_PARAMS,
    NOTICE,
    SKIP,
    SKIPPED,
    WARN,
    WARNING,
    CheckedRow,
    Issue,
    RegionRef,
)
from apps.imports.rules.compact import RawCells, Values
from apps.imports.rules.corrections import AS_WRITTEN, LineCorrections

if TYPE_CHECKING:
    from apps.imports.rules.places import Directory


@dataclass(frozen=True)
class Layout:
    """Where the fields of one table stand.

    `letters` and `indices` by field; `anchor` is the field that stands for the whole line (the
    ID number, else the name).
    """

    sheet: str
    letters: Mapping[str, str]
    indices: Mapping[str, int]
    anchor: str
    width: int


@dataclass
class FileContext:
    """What the checks of one file know beside the row at hand."""

    as_of: date
    directory: "Directory"
    notices: Counter[str] = field(default_factory=Counter)


class Draft:
    """One line that carries a person. Checks read `values` and `raw_cell` and add issues.

    `rows` are those of the whole sheet, which holds them packed; so a line holds none of them. A
    line that somebody left out takes no further issues.
    """

    __slots__ = (
        "_corrections",
        "_rows",
        "birth",
        "id_number",
        "issues",
        "layout",
        "left_out",
        "region",
        "row",
        "status",
        "values",
    )

    def __init__(
        self,
        layout: Layout,
        row: int,
        rows: Sequence[Sequence[Cell]],
        corrections: LineCorrections = AS_WRITTEN,
    ) -> None:
        self.layout = layout
        self.row = row
        self._rows = rows
        self._corrections = corrections
        self.values: MutableMapping[str, Any] = {}
        self.region: RegionRef | None = None
        self.id_number: str | None = None
        self.birth: date | None = None
        self.issues: list[Issue] = []
        self.status = CLEAN
        self.left_out = False
        if corrections.left_out:
            self.add("left_out")
            self.left_out = True
        elif corrections.decided == "decided_out":
            self.add("decided_out")
            self.left_out = True
        elif corrections.decided:
            self.values["is_own_person"] = True

    @property
    def cells(self) -> Sequence[Cell]:
        """The cells of the file with what people corrected; looked up in the sheet each time."""
        return self._corrections.applied_to(self._rows[self.row - 1])

    @property
    def place(self) -> str:
        """Where the line stands, for messages about another one."""
        return f"{self.layout.sheet} {self.row}"

    @property
    def is_blocked(self) -> bool:
        return self.status == BLOCKED

    @property
    def is_skipped(self) -> bool:
        return self.status == SKIPPED

    def has(self, *kinds: str) -> bool:
        """Whether an issue of one of these kinds was found."""
        return any(issue.kind in kinds for issue in self.issues)

    def raw_cell(self, field: str) -> Cell:
        """Return the cell of a field as it stands in the file, or as it was corrected."""
        index, cells = self.layout.indices.get(field), self.cells
        return cells[index] if index is not None and index < len(cells) else ""

    def add(
        self,
        kind: str,
        field: str = "",
        params: Mapping[str, Any] = NO_PARAMS,
        *,
        suggestion: str = "",
        severity: str = "",
    ) -> None:
        """Add an issue at the cell of a field, or at the line's anchor if it has no such column."""
        if self.left_out:
            return
        layout = self.layout
        if field not in layout.letters:
            field = layout.anchor
        severity = severity or SEVERITY[kind]
        self.issues.append(
            Issue(
                layout.sheet,
                self.row,
                layout.letters.get(field, ""),
                field,
                kind,
                severity,
                cell_text(self.raw_cell(field)),
                params,
                suggestion,
            )
        )
        if severity == ERROR:
            self.status = BLOCKED
        elif severity == SKIP:
            if self.status != BLOCKED:
                self.status = SKIPPED
        elif severity == WARNING and self.status == CLEAN:
            self.status = WARN

    def drop_notices(self, *kinds: str) -> None:
        """Take back notices that a graver finding at the same cell makes pointless."""
        self.issues = [i for i in self.issues if i.severity != NOTICE or i.kind not in kinds]

    def pack(self) -> None:
        """Keep the values in little memory, once the line by itself is checked."""
        self.values = Values(self.values)

    def put(self, values: Mapping[str, Any]) -> None:
        """Set several values, as checks of the whole file do."""
        if isinstance(self.values, Values):
            self.values.put(values)
        else:
            self.values.update(values)

    def finished(self) -> CheckedRow:
        """Return the row as it leaves the pipeline."""
        layout = self.layout
        return CheckedRow(
            layout.sheet,
            self.row,
            self.status,
            self.values if isinstance(self.values, Values) else Values(self.values),
            RawCells(self._rows, self.row - 1),
            self.region.code if self.region else None,
            tuple(self.issues),
        )
