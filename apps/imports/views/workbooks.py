"""The clerk's own workbook back, with its errors marked."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from apps.core import jobs
from apps.core.choices import JobState
from apps.core.downloads import attachment
from apps.core.errors import NotAllowedNow
from apps.imports import services
from apps.imports.views.base import BatchScreen


class ErrorWorkbook(BatchScreen):
    """Have the workbook made; a large one takes a while, which this page shows."""

    permission = "imports.run"
    template_name = "imports/error_workbook.html"
    step = 3

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        job = jobs.latest_job(batch.pk, services.ERRORS_JOB)
        if self.is_fragment:
            return self.show("imports/_error_workbook.html", job=job, **self.states(job))
        return self.show(job=job, **self.states(job))

    def states(self, job: Any) -> dict[str, Any]:
        open_states = (JobState.QUEUED, JobState.RUNNING)
        ready = self.object.has_error_workbook
        running = not ready and job is not None and job.state in open_states
        failed = not ready and job is not None and job.state == JobState.FAILED
        return {"is_ready": ready, "is_running": running, "is_failed": failed}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        try:
            batch = services.request_error_workbook(actor=request.user, batch=batch)  # type: ignore[arg-type]
        except NotAllowedNow as refusal:
            messages.error(request, str(refusal))
            return redirect("imports:batch_errors", pk=batch.pk)
        name = "error_file" if batch.has_error_workbook else "error_workbook"
        return redirect(f"imports:{name}", pk=batch.pk)


class ErrorFile(BatchScreen):
    """Download the workbook with errors."""

    permission = "imports.run"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        batch = self.load()
        if not self.may_run:
            raise PermissionDenied
        try:
            content = services.open_error_workbook(actor=request.user, batch=batch)  # type: ignore[arg-type]
        except NotAllowedNow:
            return redirect("imports:error_workbook", pk=batch.pk)
        return attachment(content, services.workbook_name(batch))
