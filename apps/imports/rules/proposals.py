"""Which cell settles a finding, what would be right there, and whether a typed text can be."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from apps.core.dates import DAY
from apps.imports.choices import severity_of
from apps.imports.records import ERROR, NOTICE, CheckedRow, Column, Issue
from apps.imports.rules.converters import Fault, converter
from apps.imports.rules.identity import SEX_NAMES

# Findings about something that the line does not say: they stand at another cell.
WANTED = {
    "village_missing": "village",
    "village_unknown": "village",
    "village_ambiguous": "village",
    "out_of_scope": "village",
    "sex_missing": "sex",
    "birth_missing": "birth",
    "id_missing": "id",
}
# What stands in the cell is of no use for typing the right value.
UNUSABLE = frozenset(("id_precision_lost", "account_precision_lost", "cell_error_value"))
SENSITIVE = frozenset(("id", "phone", "account"))


def wanted_field(kind: str, field: str) -> str:
    """Return the field whose value settles a finding of a kind at a field."""
    return WANTED.get(kind, field)


def proposal(column: Column | None, suggestion: str, values: Mapping[str, Any]) -> str:
    """Return the text that is very probably right in a cell, or "".

    That is what the check suggested, or what a trusted ID number of the same line says about sex
    and birth date. `values` are those of the line after the checks.
    """
    if suggestion:
        return suggestion
    if column is None or not values.get("id_number"):
        return ""
    if column.kind == "sex":
        return SEX_NAMES.get(values.get("sex") or "", "")
    if column.kind == "birth" and values.get("birth_precision") == DAY:
        return values["birth_date"].isoformat()
    return ""


def with_proposals(row: CheckedRow, declared: Mapping[str, Column]) -> CheckedRow:
    """Add to the findings of a checked line what its own ID number proposes."""
    if not row.issues or not row.values.get("id_number"):
        return row
    return replace(row, issues=tuple(_with_proposal(i, row.values, declared) for i in row.issues))


def _with_proposal(
    issue: Issue, values: Mapping[str, Any], declared: Mapping[str, Column]
) -> Issue:
    if issue.suggestion or issue.severity == NOTICE:
        return issue
    column = declared.get(wanted_field(issue.kind, issue.field)) or declared.get(issue.field)
    text = proposal(column, "", values)
    return replace(issue, suggestion=text) if text else issue


def fault_of(
    column: Column, text: str, *, kind: str, as_of: date, heading: str = ""
) -> Fault | None:
    """Return why a typed text cannot stand in a column: an error, or the finding it shall settle.

    `kind` is that finding's; `heading` that of the column, which some columns need.
    """
    fault = converter(column, as_of=as_of, heading=heading)(text)[1]
    if fault is None:
        return None
    is_error = (column.severity or severity_of(fault.kind)) == ERROR
    return fault if is_error or fault.kind == kind else None
