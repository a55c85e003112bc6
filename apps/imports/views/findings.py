"""One kind of finding as the errors page shows it: its rows, and the editor of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.choices import Sex
from apps.core.codes import code_set
from apps.core.spreadsheets.grid import column_index
from apps.imports import selectors
from apps.imports.models import Batch, Fix, Row, RowIssue
from apps.imports.records import Spot
from apps.imports.rules.identity import SEX_NAMES
from apps.imports.rules.proposals import SENSITIVE, UNUSABLE
from apps.imports.selectors import fixing
from apps.imports.selectors.fixing import FindingPlace
from apps.imports.services.fixing import ALL, BELOW, ONE, SAME, Desk, is_pending, reached
from apps.imports.tables import FindingLine, finding_line, hide_numbers

Places = Sequence[RowIssue | FindingPlace]


def spot_key(issue: RowIssue) -> str:
    """How an address or a button names the place of a finding: 2-13-G."""
    return f"{issue.sheet_number}-{issue.row_number}-{issue.column}"


def spot_from(key: str, kind: str, severity: str) -> Spot | None:
    """Read the name of a place; None for anything else."""
    sheet, _dash, rest = key.partition("-")
    row, _dash, column = rest.partition("-")
    if not (sheet.isdecimal() and row.isdecimal() and len(sheet) < 5 and len(row) < 9):
        return None
    return Spot(kind, severity, int(sheet), int(row), column[:3])


@dataclass(frozen=True)
class Editor:
    """The row that is being corrected: field, what stands in the input, whom the value reaches.

    `reaches` are (name, words); `options` what may be typed; `cells` (heading, text, was corrected)
    of the whole row.
    """

    label: str
    value: str
    options: Sequence[str]
    reaches: Sequence[tuple[str, str]]
    reach: str
    cells: Sequence[tuple[str, str, bool]]
    is_sensitive: bool
    refusal: str = ""


@dataclass(frozen=True)
class FixLine:
    """One finding with what helps to settle it; `about` says in short who the row is about."""

    found: FindingLine
    spot: str
    about: str
    proposal: str
    is_pending: bool
    editor: Editor | None = None


@dataclass(frozen=True)
class Findings:
    """The findings of one kind on a page, and what can be done with all of the kind."""

    lines: Sequence[FixLine]
    proposals: int | None = None
    open_count: int = 0


@dataclass
class Asked:
    """What the address or a refused step asks for: the row to edit, what was typed and why not."""

    spot: Spot | None = None
    typed: str | None = None
    reach: str = ONE
    refusal: str = ""
    has_steps: bool = False
    pending: set[tuple[str, int, str]] = field(default_factory=set)


class FindingsPage:
    """Builds the lines of one page of findings; `still_open` are all of the kind in the file."""

    def __init__(self, desk: Desk, asked: Asked, still_open: Places) -> None:
        self.desk = desk
        self.asked = asked
        self.still_open = still_open

    def lines(self, issues: Sequence[RowIssue]) -> list[FixLine]:
        """Lines for the findings of a page."""
        return [self._line(issue) for issue in issues]

    def _line(self, issue: RowIssue) -> FixLine:
        desk = self.desk
        sheet = desk.sheets[issue.sheet_number].name
        waits = bool(self.asked.pending) and is_pending(desk, issue, self.asked.pending)
        editor = self._editor(issue) if _stands_at(issue, self.asked.spot) else None
        return FixLine(
            found=finding_line(issue, sheet, desk.kind),
            spot=spot_key(issue),
            about=_about(issue.row),
            proposal=hide_numbers(desk.proposal(issue)),
            is_pending=waits,
            editor=editor,
        )

    def _editor(self, issue: RowIssue) -> Editor | None:
        desk, column = self.desk, self.desk.column(issue)
        if column is None:
            return None
        target = desk.target(issue)
        proposal = desk.proposal(issue)
        raw = str(issue.facts["raw"] or "") if target.field == issue.field else ""
        value = proposal or ("" if issue.kind in UNUSABLE else raw)
        return Editor(
            label=f"{target.column} {desk.kind.field_label(target.field)}".strip(),
            value=value if self.asked.typed is None else self.asked.typed,
            options=_options(desk.batch, column),
            reaches=_reaches(issue, self.still_open),
            reach=self.asked.reach,
            cells=_cells(desk, issue, self.asked.has_steps),
            is_sensitive=column.kind in SENSITIVE,
            refusal=self.asked.refusal,
        )


def _stands_at(issue: RowIssue, spot: Spot | None) -> bool:
    return spot is not None and spot_key(issue) == (
        f"{spot.sheet_number}-{spot.row_number}-{spot.column}"
    )


def _about(row: Row | None) -> str:
    """Sex and birth date of the person a row is about."""
    values: Mapping[str, Any] = row.values if row else {}
    sex = values.get("sex") or ""
    word = str(Sex(sex).label) if sex in Sex.values else ""
    parts = word, str(values.get("birth_date") or "")
    return " ".join(filter(None, parts))


def _options(batch: Batch, column: Any) -> list[str]:
    """What may be typed in a column of which the values are known."""
    if column.kind == "sex":
        return list(SEX_NAMES.values())
    if column.kind == "village":
        return fixing.village_names(batch)
    if column.code_set:
        return [code.name_zh for code in code_set(column.code_set).values()]
    return []


def _reaches(issue: RowIssue, still_open: Places) -> list[tuple[str, str]]:
    """Where else the value may be put, each choice with its number of rows."""
    found = {reach: len(places) for reach, places in reached(issue, still_open).items()}
    every, same, below = found[ALL], found[SAME], found[BELOW]
    choices = [(ONE, _("only this row"))]
    if every < 2:
        return choices
    raw = str(issue.facts["raw"] or "")
    if 1 < same < every or (same > 1 and raw):
        words = ngettext("the %(n)s row with “%(raw)s”", "all %(n)s rows with “%(raw)s”", same)
        choices.append((SAME, words % {"n": same, "raw": hide_numbers(raw)[:20] or _("empty")}))
    if 1 < below < every:
        choices.append((BELOW, _("this and below in the sheet: %(n)s rows") % {"n": below}))
    choices.append((ALL, _("all %(n)s rows of this list") % {"n": every}))
    return choices


def _cells(desk: Desk, issue: RowIssue, has_steps: bool) -> list[tuple[str, str, bool]]:
    """The whole row by heading, numbers masked, corrected cells as corrected."""
    if issue.row is None:
        return []
    sheet, raw = desk.sheets[issue.sheet_number], issue.row.raw
    corrected = {}
    if has_steps:
        corrected = fixing.corrections_of_row(desk.batch, sheet.name, issue.row_number)
    cells = []
    for column in sheet.columns:
        letter, index = column["letter"], column_index(column["letter"])
        text = corrected.get(letter, raw[index] if index < len(raw) else "")
        if text and letter != desk.target(issue).column:
            heading = column["header"] or letter
            cells.append((heading, hide_numbers(str(text)), letter in corrected))
    return cells


# What was corrected -------------------------------------------------------------------------------


@dataclass(frozen=True)
class CorrectedLine:
    """One corrected cell or row: where, whose, what stood there and what counts now."""

    sheet: str
    row: int
    column: str
    label: str
    name: str
    old: str
    new: str


def corrected_lines(desk: Desk, fix: Fix, corrections: Sequence[Any]) -> list[CorrectedLine]:
    """Corrections of one step with the file's own values beside."""
    numbers = {sheet.name: number for number, sheet in desk.sheets.items()}
    places = [(numbers.get(each.sheet_name, 0), each.row_number) for each in corrections]
    rows = selectors.rows_at(desk.batch, places)
    return [
        _corrected(desk, fix, each, rows.get(place))
        for each, place in zip(corrections, places, strict=True)
    ]


def _corrected(desk: Desk, fix: Fix, correction: Any, row: Row | None) -> CorrectedLine:
    old = ""
    if row is not None and correction.column:
        index, raw = column_index(correction.column), row.raw
        old = raw[index] if index < len(raw) else ""
    return CorrectedLine(
        sheet=correction.sheet_name,
        row=correction.row_number,
        column=correction.column,
        label=desk.kind.field_label(correction.field) if correction.field else "",
        name=str(row.values.get("name") or "") if row else "",
        old=hide_numbers(str(old)),
        new=str(fix.get_act_display())
        if fix.is_about_rows
        else hide_numbers(correction.value or ""),
    )
