"""Remove stored files of imports whose time is over: they hold people's numbers.

What an import read, wrote and who did it stays in the tables; only the file as it was uploaded
goes after years, and the workbook with errors, which can be made anew, after weeks.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.imports.models import OPEN_STATES, Batch
from apps.imports.services.uploads import FOLDER, path_of

# A file that no import names yet may be one that is just being uploaded.
LONGEST_UPLOAD = timedelta(days=1)


def remove_old_files() -> dict[str, int]:
    """Remove files whose time is over and those that a broken upload left; returns how many.

    Each file goes by itself, so that a run that breaks off has done part of the work and the next
    one does the rest.
    """
    now = timezone.now()
    return {
        "workbooks": _remove_workbooks(now - timedelta(days=settings.IMPORT_KEEP_ERRORS_DAYS)),
        "originals": _remove_originals(now - timedelta(days=settings.IMPORT_KEEP_FILES_DAYS)),
        "leftovers": sum(map(_remove, _leftovers(now - LONGEST_UPLOAD))),
    }


def _remove_workbooks(before: datetime) -> int:
    """Remove workbooks with errors that were made before a moment; they can be made again."""
    removed = 0
    for number in Batch.objects.filter(errors_made_at__lt=before).values_list("pk", flat=True):
        with transaction.atomic():
            rows = Batch.objects.select_for_update().filter(pk=number, errors_made_at__lt=before)
            batch = rows.first()
            if batch is None:
                continue
            stored_as, batch.errors_as, batch.errors_made_at = batch.errors_as, "", None
            batch.save(update_fields=["errors_as", "errors_made_at", "updated_at"])
        removed += _remove(path_of(stored_as))
    return removed


def _remove_originals(before: datetime) -> int:
    """Remove uploaded files of imports that ended before a moment, each noted in the audit log.

    Imports of what waited share the file of the first one: it goes with the last of them.
    """
    ended = Batch.objects.filter(finished_at__lt=before).exclude(state__in=OPEN_STATES)
    needed = Batch.objects.exclude(pk__in=ended.values("pk")).values("stored_as")
    removed = 0
    for batch in ended.exclude(stored_as__in=needed).select_related("region").iterator():
        path = path_of(batch.stored_as)
        if not path.is_file():
            continue
        with transaction.atomic():
            audit.record("imports.batch.file_removed", actor=None, target=batch, batch=batch.pk)
            removed += _remove(path)
    return removed


def _leftovers(before: datetime) -> Iterator[Path]:
    """Find old files that no import names: of uploads and workbooks that broke off."""
    folder = path_of(FOLDER)
    if not folder.is_dir():
        return
    found = Batch.objects.values_list("stored_as", "errors_as")
    named = {name for names in found.iterator(chunk_size=2_000) for name in names}
    for path in folder.iterdir():
        is_old = path.stat().st_mtime < before.timestamp()
        if is_old and path.is_file() and f"{FOLDER}/{path.name}" not in named:
            yield path


def _remove(path: Path) -> bool:
    """Remove a file; false when it was gone already."""
    if not path.is_file():
        return False
    path.unlink(missing_ok=True)
    return True
