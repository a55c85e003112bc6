"""Slow down guessing of passwords without locking out an office.

A village office shares one address, so the address alone never counts. Failures count for a user
name together with an address; from many addresses together they count for the user name.
Stored in django-axes' own table, one row per user name and address, without what was typed.
"""

from datetime import datetime, timedelta
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone

from apps.core.requests import client_address

__all__ = ["TieredHandler", "client_address", "locked_until", "pause_after"]

# Failures of one user name from one address → pause. At each fifth failure in between the pause
# begins anew, so a person gets five tries at a time.
TIERS = ((20, timedelta(hours=1)), (10, timedelta(minutes=15)), (5, timedelta(minutes=1)))
STEP = 5
# Failures of one user name from all addresses within a day.
NAME_LIMIT = 50
NAME_PAUSE = timedelta(hours=1)
FORGET_AFTER = timedelta(days=1)
NAME_LENGTH = 255


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after the `failures`-th failure in a row; zero for most."""
    if failures % STEP:
        return timedelta(0)
    return next((pause for least, pause in TIERS if failures >= least), timedelta(0))


def locked_until(username: str, address: str | None, *, at: datetime) -> datetime | None:
    """Return until when this user name may not sign in from this address; None if it may."""
    mine = _attempts(username, at).filter(ip_address=address).first()
    ends = [mine.attempt_time + pause_after(mine.failures_since_start)] if mine else []
    total = _attempts(username, at).aggregate(total=Sum("failures_since_start"))["total"] or 0
    if total >= NAME_LIMIT:
        latest = _attempts(username, at).latest("attempt_time")
        ends.append(latest.attempt_time + NAME_PAUSE)
    return max((end for end in ends if end > at), default=None)


def _attempts(username: str, at: datetime) -> Any:
    return AccessAttempt.objects.filter(
        username=username[:NAME_LENGTH], attempt_time__gt=at - FORGET_AFTER
    )


class TieredHandler(AbstractAxesHandler, AxesBaseHandler):
    """django-axes' handler with pauses that grow with the number of failures."""

    def is_locked(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        """Tell whether the name in `credentials` may not sign in from here now."""
        until = locked_until(_name(credentials), client_address(request), at=timezone.now())
        request.locked_until = until  # type: ignore[attr-defined]
        return until is not None

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Return the failures in a row of this name from here."""
        attempts = _attempts(_name(credentials), timezone.now())
        mine = attempts.filter(ip_address=client_address(request)).first()
        return mine.failures_since_start if mine else 0

    @transaction.atomic
    def user_login_failed(
        self, sender: Any, credentials: dict, request: Any = None, **kwargs: Any
    ) -> None:
        """Count one failure; a try during a pause counts nothing and does not prolong it."""
        if request is None or getattr(request, "locked_until", None):
            return
        now = timezone.now()
        key = {
            "username": _name(credentials),
            "ip_address": client_address(request),
            "user_agent": "",
        }
        AccessAttempt.objects.filter(**key, attempt_time__lte=now - FORGET_AFTER).delete()
        blank = {"get_data": "", "post_data": "", "http_accept": "", "path_info": ""}
        row, _new = AccessAttempt.objects.get_or_create(
            **key, defaults={**blank, "failures_since_start": 0}
        )
        AccessAttempt.objects.filter(pk=row.pk).update(
            failures_since_start=F("failures_since_start") + 1, attempt_time=now
        )

    def user_logged_in(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Forget the failures of this name from this address."""
        if request is not None:
            self.reset_attempts(username=user.get_username(), ip_address=client_address(request))

    def user_logged_out(self, sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
        """Nothing to do."""

    def reset_attempts(
        self,
        *,
        ip_address: str | None = None,
        username: str | None = None,
        ip_or_username: bool = False,
    ) -> int:
        """Forget failures; an administrator gives only the user name."""
        attempts = AccessAttempt.objects.all()
        if username:
            attempts = attempts.filter(username=username[:NAME_LENGTH])
        if ip_address:
            attempts = attempts.filter(ip_address=ip_address)
        return attempts.delete()[0]

    def post_save_access_attempt(self, instance: Any, **kwargs: Any) -> None:
        """Nothing to do."""

    def post_delete_access_attempt(self, instance: Any, **kwargs: Any) -> None:
        """Nothing to do."""


def _name(credentials: dict | None) -> str:
    return str((credentials or {}).get("username") or "")[:NAME_LENGTH]
