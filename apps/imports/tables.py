"""Shape of the lists of an import: the history, findings, changes, rows."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from apps.core.choices import Sex
from apps.core.identifiers import mask, mask_phone
from apps.core.tables import (
    BaseTable,
    DateColumn,
    FigureColumn,
    NameColumn,
    StatusColumn,
    TextColumn,
)
from apps.imports import choices, registry
from apps.imports.models import STAYING, Batch, BatchState, Fate, Outcome, Row, RowIssue, RowStatus
from apps.imports.pipeline import why_refused
from apps.imports.records import Issue

LONG_NUMBER = re.compile(r"\d{11,}[\dXx]?|\d\.\d{4,}[eE]\+?\d+")
CHECK_CHARACTER = "id_checksum"
STATE_KINDS: dict[str, str] = {
    BatchState.UPLOADED: "wait",
    BatchState.READING: "wait",
    BatchState.MAPPED: "warn",
    BatchState.CHECKED: "warn",
    BatchState.CONFIRMED: "wait",
    BatchState.APPLYING: "wait",
    BatchState.DONE: "ok",
    BatchState.UNDONE: "off",
    BatchState.EMPTY: "off",
    BatchState.FAILED: "bad",
    BatchState.CANCELLED: "off",
}
COLUMN_LABELS = {
    Outcome.NEW: _("New"),
    Outcome.CHANGED: _("Changed"),
    Outcome.SAME: _("Same"),
    RowStatus.SKIPPED: _("Left out"),
    RowStatus.WAITING: _("To be decided"),
    RowStatus.BLOCKED: _("Not imported"),
}
COLUMN_STATES = {
    Outcome.NEW: "ok",
    Outcome.CHANGED: "ok",
    Outcome.SAME: "off",
    RowStatus.SKIPPED: "off",
    RowStatus.WAITING: "warn",
    RowStatus.BLOCKED: "bad",
}
FATE_STATES = {
    Fate.REMOVED: "ok",
    Fate.SET_BACK: "ok",
    Fate.BROUGHT: "ok",
    **dict.fromkeys(STAYING, "warn"),
}

# Lists of the preview that do not add up with the others: of rows that are written.
MORE_LABELS = {"held": _("Register is newer"), "stays": _("Stays as it is")}
WHY = {
    "roster": _("a later roster"),
    "hand": _("entered since"),
    "dated": _("a later change with its day"),
}

# What goes wrong on our side; what is the matter with a file stands in choices.
OWN_FAILURES = {
    "file_lost": (
        _("The stored copy of the file cannot be opened any more."),
        _("Please upload the file again."),
    ),
    "gave_up": (
        _("The work broke off on our side."),
        _(
            "Your file is safe. Press “Try again”; if it breaks off again, call the hotline and "
            "name the number of the import."
        ),
    ),
}


class FigureFromCounts(FigureColumn):
    """A figure of the last check; nothing before there was one."""

    def __init__(self, key: str, **kwargs: Any) -> None:
        self._key = key
        super().__init__(accessor="counts", orderable=False, **kwargs)

    def render(self, value: Any, **kwargs: Any) -> Any:
        return super().render(value=value.get(self._key), **kwargs)


class BatchTable(BaseTable):
    """The import history."""

    filename = NameColumn()
    kind = TextColumn(nowrap=False)
    region = TextColumn(accessor="region__name", verbose_name=_("region"), orderable=False)
    as_of = DateColumn(verbose_name=_("As of"))
    state = StatusColumn(kinds=STATE_KINDS)
    lines = FigureFromCounts("all", verbose_name=_("rows"))
    importable = FigureFromCounts("importable", verbose_name=_("can be imported"))
    blocked = FigureFromCounts("blocked", verbose_name=_("with errors"))
    created_by = TextColumn(verbose_name=_("By"), orderable=False)
    created_at = tables.DateTimeColumn(
        verbose_name=_("Uploaded"), format="Y-m-d H:i", attrs={"td": {"class": "id"}}
    )

    class Meta(BaseTable.Meta):
        model = Batch
        fields = (
            "filename",
            "kind",
            "region",
            "as_of",
            "state",
            "lines",
            "importable",
            "blocked",
            "created_by",
            "created_at",
        )
        order_by = ("-created_at",)

    def render_kind(self, value: str) -> Any:
        return registry.get(value).label


def failure_words(batch: Batch) -> tuple[str, str]:
    """Why a batch failed and what helps, in the reader's language."""
    code, params = batch.failure.get("code", ""), batch.failure.get("params", {})
    own = OWN_FAILURES.get(code)
    if own:
        return str(own[0]), str(own[1])
    reason, remedy = why_refused(code, params)
    return hide_numbers(reason), hide_numbers(remedy)


# Findings and rows --------------------------------------------------------------------------------


@dataclass(frozen=True)
class FindingLine:
    """One finding as the page shows it. `tail` is the last character when that is what is wrong."""

    sheet: str
    row: int
    column: str
    label: str
    name: str
    value: str
    tail: str
    reason: str


def finding_line(issue: RowIssue, sheet: str, kind: Any) -> FindingLine:
    """Show one finding with its value masked and its reason in words."""
    _title, reason, _remedy = choices.describe(as_issue(issue, sheet))
    value = hide_numbers(str(issue.facts["raw"] or ""))
    tail = value[-1:] if issue.kind == CHECK_CHARACTER else ""
    return FindingLine(
        sheet=sheet,
        row=issue.row_number,
        column=issue.column,
        label=str(kind.field_label(issue.field)) if issue.field else "",
        name=str(issue.row.values.get("name") or "") if issue.row else "",
        value=value.removesuffix(tail) if tail else value,
        tail=tail,
        reason=hide_numbers(reason),
    )


def remedy_of(issue: RowIssue, sheet: str) -> str:
    """What helps against one finding."""
    return hide_numbers(choices.describe(as_issue(issue, sheet))[2])


def as_issue(issue: RowIssue, sheet: str) -> Issue:
    """A stored finding as the pipeline made it."""
    facts = issue.facts
    return Issue(
        sheet=sheet,
        row=issue.row_number,
        column_letter=issue.column,
        field=issue.field,
        kind=issue.kind,
        severity=issue.severity,
        raw=facts["raw"] or "",
        params=facts["params"],
        suggestion=facts["suggestion"] or "",
    )


@dataclass(frozen=True)
class HeldCell:
    """One cell that the register keeps: what it has, what the file says, why, whether for good."""

    label: str
    old: str
    new: str
    why: Any
    is_firm: bool


@dataclass(frozen=True)
class RowLine:
    """One staged row as the preview shows it: who, and what would change (label, old, new).

    `held` is what the register keeps because its values are newer (since that day), `stays` are
    the labels of empty cells that the register knows.
    """

    sheet: str
    row: int
    name: str
    number: str
    url: str
    changes: list[tuple[str, str, str]]
    is_older: bool
    held: list[HeldCell]
    since: Any
    stays: list[str]


def row_line(row: Row, sheet: str, kind: Any, url_of: Callable[[int], str]) -> RowLine:
    """Show one row with masked numbers and translated values."""
    values = row.values
    changes = [
        (str(kind.field_label(name)), show(kind, name, old), show(kind, name, new))
        for name, (old, new) in row.changes.items()
    ]
    return RowLine(
        sheet=sheet,
        row=row.row_number,
        name=str(values.get("name") or ""),
        number=mask(str(values.get("id_number") or "")),
        url=url_of(row.subject_id) if row.subject_id else "",
        changes=changes,
        is_older=row.is_older,
        held=held_cells(row, kind),
        since=row.held_back["since"],
        stays=[str(kind.field_label(name)) for name in row.stays or ()],
    )


def held_cells(row: Row, kind: Any) -> list[HeldCell]:
    """What the register keeps of one row, in words."""
    return [
        HeldCell(
            str(kind.field_label(name)),
            show(kind, name, old),
            show(kind, name, new),
            WHY.get(why, ""),
            why == "dated",
        )
        for name, (old, new, why) in row.held_back["fields"].items()
    ]


def show(kind: Any, name: str, value: Any) -> str:
    """One value in words; numbers of people masked."""
    if value is None or value == "":
        return ""
    if name == "sex" and value in Sex.values:
        return str(Sex(value).label)
    return hide_numbers(str(kind.value_label(name, value)))


def hide_numbers(text: str) -> str:
    """Mask every ID, phone or account number that stands in a text."""
    return LONG_NUMBER.sub(lambda found: _masked(found[0]), text)


def _masked(number: str) -> str:
    return mask_phone(number) if len(number) == 11 else mask(number)
