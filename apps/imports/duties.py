"""What falls due in imports: files that wait for a decision, or that failed."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.duties import Duty, register
from apps.imports import selectors
from apps.imports.models import Batch, BatchState

FAILED_DAYS = 14


def waiting(user: Any, region: Any = None) -> QuerySet[Batch]:
    """Return the files of this user that are read and wait for the next step."""
    states = [BatchState.MAPPED, BatchState.CHECKED]
    return selectors.batches(user).filter(created_by=user, state__in=states).order_by("pk")


def failed(user: Any, region: Any = None) -> QuerySet[Batch]:
    """Return the files of this user that failed or held nothing, of the last fortnight."""
    since = timezone.now() - timedelta(days=FAILED_DAYS)
    found = selectors.batches(user).filter(created_by=user, created_at__gte=since)
    return found.filter(state__in=[BatchState.FAILED, BatchState.EMPTY]).order_by("pk")


register(
    Duty(
        name="imports-waiting",
        title=_("Imports that wait for your decision"),
        business=_("Imports"),
        permission="imports.run",
        selector=waiting,
        since="created_at",
        hint=_("Nothing has been written yet. Look over what was found, then confirm or cancel."),
        days=7,
        order=5,
    )
)
register(
    Duty(
        name="imports-failed",
        title=_("Imports that did not come in"),
        business=_("Imports"),
        permission="imports.run",
        selector=failed,
        since="created_at",
        hint=_("The page of the import says why and what to do."),
        order=10,
    )
)
