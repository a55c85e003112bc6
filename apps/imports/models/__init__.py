"""Batches of uploaded rosters, their sheets, staged rows and what was found wrong with them."""

from apps.imports.models.batches import (
    OPEN_STATES,
    READ_STATES,
    WRITE_STATES,
    Batch,
    BatchState,
    Take,
)
from apps.imports.models.decisions import (
    ALLOWED,
    NOT_WAITING,
    Choice,
    Decision,
    Question,
    QuestionKind,
    allows,
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
from apps.imports.models.undos import (
    GOING,
    OPEN_UNDO,
    STAYING,
    Direction,
    Fate,
    Undo,
    UndoLine,
    UndoState,
)

__all__ = [
    "ALLOWED",
    "GOING",
    "IMPORTABLE",
    "NOT_WAITING",
    "OPEN_STATES",
    "OPEN_UNDO",
    "READ_STATES",
    "STAYING",
    "WRITE_STATES",
    "Batch",
    "BatchState",
    "Choice",
    "Correction",
    "Decision",
    "Direction",
    "Fate",
    "Fix",
    "FixAct",
    "Outcome",
    "Question",
    "QuestionKind",
    "RememberedMapping",
    "Row",
    "RowIssue",
    "RowStatus",
    "Severity",
    "Sheet",
    "Take",
    "Undo",
    "UndoLine",
    "UndoState",
    "allows",
]
