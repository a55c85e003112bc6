"""Reads of the audit log."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.audit.models import Entry
from apps.core.querysets import scope_paths


def entries(user: Any) -> QuerySet[Entry]:
    """Return the acts in the regions of a user whose role reads the log; newest first.

    Acts without a place (a command, a sign-in under an unknown name) are shown to those who
    work for the top of the tree.
    """
    paths = scope_paths(user)
    if not paths or not user.may("audit.view"):
        return Entry.objects.none()
    inside = Q()
    for path in paths:
        inside |= Q(region_path__startswith=path)
    if any(is_top(path) for path in paths):
        inside |= Q(region_path="")
    return Entry.objects.filter(inside).order_by("-id")


def is_top(path: str) -> bool:
    """Tell whether a region path is that of a root of the tree, "/3/"."""
    return path.count("/") == 2


def entries_about(user: Any, target_type: str, target_id: object) -> QuerySet[Entry]:
    """Return what was done with one record, newest first ("household.person", 17)."""
    return entries(user).filter(target_type=target_type, target_id=str(target_id))


def openings_of(target_type: str, target_id: object) -> QuerySet[Entry]:
    """Return who looked at one record, newest first; the caller has checked that it may know."""
    return Entry.objects.filter(
        target_type=target_type, target_id=str(target_id), code=f"{target_type}.opened"
    ).order_by("-id")


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return the first instant of a local day and of the day after."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return start, end
