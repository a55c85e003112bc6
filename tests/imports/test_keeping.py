"""Stored files of imports go when their time is over, and only then."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow
from apps.imports import services, tasks
from apps.imports.models import Batch, BatchState
from apps.imports.services.uploads import path_of
from tests.imports.comparing import bring_in, row, upload

pytestmark = pytest.mark.django_db
NOTHING = {"workbooks": 0, "originals": 0, "leftovers": 0}
YEARS = timedelta(days=3 * 365 + 1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def batch(places: SimpleNamespace, township_clerk: User) -> Batch:
    """A written import with one line that could not come in."""
    wrong = row("覃小山", serial=2, village="白云村", household="002")
    return bring_in(township_clerk, places, row("韦大山"), wrong)


@pytest.fixture
def marked(batch: Batch, township_clerk: User) -> Batch:
    """The same with its workbook of errors."""
    return services.request_error_workbook(actor=township_clerk, batch=batch)


def stored() -> set[str]:
    return {f"imports/{path.name}" for path in path_of("imports").iterdir()}


def ago(span: timedelta) -> datetime:
    return timezone.now() - span


def test_files_stay_until_their_time_is_over(marked: Batch) -> None:
    Batch.objects.update(finished_at=ago(YEARS - MINUTE), errors_made_at=ago(timedelta(days=29)))

    assert services.remove_old_files() == NOTHING
    assert stored() == {marked.stored_as, marked.errors_as}


def test_workbook_with_errors_goes_after_a_month_and_can_be_made_anew(
    marked: Batch, township_clerk: User
) -> None:
    Batch.objects.update(errors_made_at=ago(timedelta(days=30)))

    assert tasks.remove_old_files() == NOTHING | {"workbooks": 1}

    assert stored() == {marked.stored_as}
    marked.refresh_from_db()
    assert (marked.errors_as, marked.errors_made_at, marked.has_error_workbook) == ("", None, False)
    anew = services.request_error_workbook(actor=township_clerk, batch=marked)
    assert stored() == {anew.stored_as, anew.errors_as}


def test_uploaded_file_goes_after_three_years_and_is_noted(
    batch: Batch, township_clerk: User
) -> None:
    Batch.objects.update(finished_at=ago(YEARS))

    assert services.remove_old_files() == NOTHING | {"originals": 1}
    assert services.remove_old_files() == NOTHING

    assert stored() == set()
    entry = Entry.objects.get(code="imports.batch.file_removed")
    assert (entry.actor, entry.batch) == (None, str(batch.pk))
    for act in (services.open_original, services.request_error_workbook):
        with pytest.raises(NotAllowedNow, match="存档"):
            act(actor=township_clerk, batch=batch)


def test_file_goes_with_the_last_import_that_needs_it(batch: Batch) -> None:
    values = {
        field.attname: getattr(batch, field.attname)
        for field in Batch._meta.concrete_fields
        if not field.primary_key
    }
    later = Batch.objects.create(**values | {"follows_id": batch.pk, "finished_at": ago(MINUTE)})
    Batch.objects.filter(pk=batch.pk).update(finished_at=ago(YEARS))
    assert services.remove_old_files() == NOTHING

    Batch.objects.filter(pk=later.pk).update(finished_at=ago(YEARS))

    assert services.remove_old_files() == NOTHING | {"originals": 1}


def test_import_that_is_open_keeps_its_file(places: SimpleNamespace, township_clerk: User) -> None:
    batch = upload(township_clerk, places, row("韦大山"))
    Batch.objects.update(created_at=ago(2 * YEARS), finished_at=ago(2 * YEARS))

    assert services.remove_old_files() == NOTHING
    assert (batch.state, stored()) == (BatchState.CHECKED, {batch.stored_as})


def test_what_a_broken_upload_left_goes_after_a_day(batch: Batch) -> None:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    for name, age in (("old", timedelta(days=1) + MINUTE), ("new", timedelta(hours=23))):
        (folder / name).write_bytes(b"")
        os.utime(folder / name, (ago(age).timestamp(),) * 2)

    assert services.remove_old_files() == NOTHING | {"leftovers": 1}
    assert stored() == {batch.stored_as, "imports/new"}


def test_no_folder_is_no_error() -> None:
    assert services.remove_old_files() == NOTHING
