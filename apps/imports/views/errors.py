"""Step 3 of the wizard: what is wrong with the rows."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.core.errors import NotAllowedNow
from apps.imports import choices, selectors, services
from apps.imports.models import BatchState, Take
from apps.imports.tables import (
    finding_line,
    remedy_of,
)
from apps.imports.views.base import CheckedScreen


class BatchErrors(CheckedScreen):
    """Step 3: all findings, grouped and counted by kind, with their rows; what to do with them."""

    template_name = "imports/batch_errors.html"
    step = 3

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if not self.may_run:
            raise PermissionDenied
        try:
            services.choose_take(
                actor=request.user,  # type: ignore[arg-type]
                batch=batch,
                take=request.POST.get("take", Take.ALL),
            )
        except (ValidationError, NotAllowedNow) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
            return redirect(batch)
        return redirect("imports:batch_preview", pk=batch.pk)

    def extra_context(self) -> dict[str, Any]:
        groups = selectors.kind_counts(self.object)
        every = [count for counts in groups.values() for count in counts]
        asked = (self.request.GET.get("severity", ""), self.request.GET.get("kind", ""))
        found = {(count.severity, count.kind): count for count in every}
        current = found.get(asked) or next(iter(every), None)
        page = self.findings_page(current) if current else None
        issues = list(page) if page else []
        return {
            "groups": [
                (severity, [(count, choices.kind_title(count.kind)) for count in counts])
                for severity, counts in groups.items()
                if counts
            ],
            "current": current,
            "current_title": choices.kind_title(current.kind) if current else "",
            **self.paging(page),
            "lines": [
                finding_line(issue, self.sheet_names[issue.sheet_number], self.kind)
                for issue in issues
            ],
            "remedy": remedy_of(issues[0], self.sheet_names[issues[0].sheet_number])
            if issues
            else "",
            "is_open": self.may_run and self.object.state == BatchState.CHECKED,
        }

    def findings_page(self, current: selectors.KindCount) -> Page[Any]:
        return self.page(selectors.findings(self.object, current.kind, current.severity))
