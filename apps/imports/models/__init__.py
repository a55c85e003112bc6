"""Batches of uploaded rosters, their sheets, staged rows and what was found wrong with them."""

from apps.imports.models.batches import (
    OPEN_STATES,
    READ_STATES,
    WRITE_STATES,
    Batch,
    BatchState,
    Take,
)
from apps.imports.models.fixes import Correction, Fix, FixAct
from apps.imports.models.mappings import RememberedMapping
from apps.imports.models.staging import (
    IMPORTABLE,
    Outcome,
    Row,
    RowIssue,
    RowStatus,
    Severity,
    Sheet,
)

__all__ = [
    "IMPORTABLE",
    "OPEN_STATES",
    "READ_STATES",
    "WRITE_STATES",
    "Batch",
    "BatchState",
    "Correction",
    "Fix",
    "FixAct",
    "Outcome",
    "RememberedMapping",
    "Row",
    "RowIssue",
    "RowStatus",
    "Severity",
    "Sheet",
    "Take",
]
