"""What operations ask: is the process up, can it serve, how is it doing."""

import shutil
from datetime import timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from apps.core.choices import JobState
from apps.core.models import Job

LEAST_FREE_BYTES = 200 * 1024 * 1024
LONGEST_QUEUE = timedelta(minutes=10)


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process serves requests."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def readyz(request: HttpRequest) -> JsonResponse:
    """Tell which parts work; 503 when one that pages need does not."""
    parts = {
        "database": _database(),
        "broker": _broker(),
        "disk": _disk(),
        "jobs": _jobs(),
    }
    ready = parts["database"] == "ok" and parts["disk"] == "ok"
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Count jobs by state, for the monitoring of the site; only for administrators."""
    may = getattr(request.user, "may", None)
    if not (request.user.is_authenticated and may and may("accounts.manage")):
        raise Http404
    lines = ["# TYPE fpms_jobs gauge"]
    for state in JobState.values:
        count = Job.objects.filter(state=state).count()
        lines.append(f'fpms_jobs{{state="{state}"}} {count}')
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "not reachable"
    return "migrations waiting" if waiting else "ok"


def _broker() -> str:
    try:
        redis.Redis.from_url(settings.REDIS_URL.replace("redis+socket://", "unix://")).ping()
    except redis.RedisError:
        return "not reachable"
    return "ok"


def _disk() -> str:
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    return "ok" if shutil.disk_usage(settings.MEDIA_ROOT).free > LEAST_FREE_BYTES else "full"


def _jobs() -> str:
    try:
        late = Job.objects.filter(
            state=JobState.QUEUED, created_at__lt=timezone.now() - LONGEST_QUEUE
        ).exists()
    except DatabaseError:
        return "unknown"
    return "waiting too long" if late else "ok"
