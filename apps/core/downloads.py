"""Files that go out: always as an attachment, never kept by the browser."""

from collections.abc import Iterable
from pathlib import PurePath

from django.http import FileResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {".xlsx": XLSX, ".xls": "application/vnd.ms-excel", ".csv": "text/csv; charset=utf-8"}
PLAIN = "application/octet-stream"


def attachment(content: Iterable[bytes], name: str) -> FileResponse:
    """Answer with a file of that name; the type follows from its ending."""
    kind = TYPES.get(PurePath(name).suffix.lower(), PLAIN)
    answer = FileResponse(iter(content), content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
