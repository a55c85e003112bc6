"""Every write of an import: receive, read, decide, write."""

from apps.imports.services.deciding import decide, decide_all, follow_up, open_follow_up
from apps.imports.services.decisions import (
    COLUMNS_OPEN,
    cancel_batch,
    choose_take,
    close_cancelled,
    confirm_batch,
    confirm_columns,
    forget_columns,
    may_retry,
    retry_batch,
)
from apps.imports.services.error_workbook import (
    ERRORS_JOB,
    make_error_workbook,
    open_error_workbook,
    request_error_workbook,
    workbook_name,
)
from apps.imports.services.fixing import (
    CellText,
    accept,
    correct,
    correct_cells,
    leave_out,
    recheck,
    show_value,
    take_back,
    take_in,
)
from apps.imports.services.keeping import remove_old_files
from apps.imports.services.reading import fail_batch, read_batch
from apps.imports.services.running import Stopped
from apps.imports.services.system import system_user
from apps.imports.services.templates import roster_template
from apps.imports.services.undoing import (
    ask_undo,
    carry_out_undo,
    confirm_undo,
    fail_undo,
    last_undo,
    left_of,
    look_through,
    undo_until,
)
from apps.imports.services.undoing.naming import NamedLine, named_lines
from apps.imports.services.uploads import Received, open_original, original, receive_roster
from apps.imports.services.writing import apply_batch, came_in

__all__ = [
    "COLUMNS_OPEN",
    "ERRORS_JOB",
    "CellText",
    "NamedLine",
    "Received",
    "Stopped",
    "accept",
    "apply_batch",
    "ask_undo",
    "came_in",
    "cancel_batch",
    "carry_out_undo",
    "choose_take",
    "close_cancelled",
    "confirm_batch",
    "confirm_columns",
    "confirm_undo",
    "correct",
    "correct_cells",
    "decide",
    "decide_all",
    "fail_batch",
    "fail_undo",
    "follow_up",
    "forget_columns",
    "last_undo",
    "leave_out",
    "left_of",
    "look_through",
    "make_error_workbook",
    "may_retry",
    "named_lines",
    "open_error_workbook",
    "open_follow_up",
    "open_original",
    "original",
    "read_batch",
    "receive_roster",
    "recheck",
    "remove_old_files",
    "request_error_workbook",
    "retry_batch",
    "roster_template",
    "show_value",
    "system_user",
    "take_back",
    "take_in",
    "undo_until",
    "workbook_name",
]
