"""Pages of the import wizard and of the import history."""

from apps.imports.views.columns import BatchColumns, BatchForget
from apps.imports.views.duplicates import BatchDuplicates, BatchFollowUp
from apps.imports.views.errors import BatchErrors
from apps.imports.views.fixing import BatchFix
from apps.imports.views.history import BatchTouched, OriginalFile
from apps.imports.views.missing import BatchMissing
from apps.imports.views.preview import BatchCancel, BatchConfirm, BatchPreview
from apps.imports.views.running import BatchDetail, BatchProgress, BatchRetry
from apps.imports.views.templates import TemplateDownload
from apps.imports.views.undo import UndoAsk, UndoConfirm, UndoDetail, UndoProgress
from apps.imports.views.upload import BatchCreate, BatchList
from apps.imports.views.workbooks import ErrorFile, ErrorWorkbook

__all__ = [
    "BatchCancel",
    "BatchColumns",
    "BatchConfirm",
    "BatchCreate",
    "BatchDetail",
    "BatchDuplicates",
    "BatchErrors",
    "BatchFix",
    "BatchFollowUp",
    "BatchForget",
    "BatchList",
    "BatchMissing",
    "BatchPreview",
    "BatchProgress",
    "BatchRetry",
    "BatchTouched",
    "ErrorFile",
    "ErrorWorkbook",
    "OriginalFile",
    "TemplateDownload",
    "UndoAsk",
    "UndoConfirm",
    "UndoDetail",
    "UndoProgress",
]
