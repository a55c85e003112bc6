"""Step 3 of the wizard: what is wrong with the rows, and what was corrected."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from apps.core.errors import NotAllowedNow
from apps.imports import choices, selectors, services
from apps.imports.models import BatchState, RowIssue, Severity, Take
from apps.imports.rules.proposals import SENSITIVE
from apps.imports.selectors import fixing
from apps.imports.services.fixing import FIXABLE, Desk, is_pending, open_findings, pending_keys
from apps.imports.tables import remedy_of
from apps.imports.views.base import ROWS_PER_PAGE, CheckedScreen
from apps.imports.views.findings import (
    Asked,
    FindingsPage,
    Places,
    corrected_lines,
    spot_from,
)

FIXED = "fixed"
LEFT_OUT = "left_out"


class BatchErrors(CheckedScreen):
    """Step 3: all findings, grouped and counted by kind, with their rows; what to do with them.

    The address says which kind is shown (`severity`, `kind`), which row is being corrected
    (`edit`), or after which row the next one is to be (`after`).
    """

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
            if services.recheck(actor=request.user, batch=batch).is_reading:  # type: ignore[arg-type]
                return redirect(batch)
        except (ValidationError, NotAllowedNow) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
            return redirect(batch)
        return redirect("imports:batch_preview", pk=batch.pk)

    @property
    def is_open(self) -> bool:
        """Whether this user may still change anything."""
        return self.may_run and self.object.state == BatchState.CHECKED

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.object)

    @cached_property
    def asked(self) -> Asked:
        """What the address asks for; a refused step puts its own in here."""
        return Asked(pending=pending_keys(self.object))

    def extra_context(self) -> dict[str, Any]:
        groups = selectors.kind_counts(self.object)
        every = [count for counts in groups.values() for count in counts]
        asked = (self.request.GET.get("severity", ""), self.request.GET.get("kind", ""))
        found = {(count.severity, count.kind): count for count in every}
        current = found.get(asked) or next(iter(every), None)
        steps = fixing.fix_steps(self.object)
        last_step = steps.first()
        self.asked.has_steps = last_step is not None
        by_kind = fixing.fixed_by_kind(self.object) if last_step else {}
        context = {
            "groups": [
                (severity, [(count, choices.kind_title(count.kind)) for count in counts])
                for severity, counts in groups.items()
                if counts
            ],
            "is_open": self.is_open,
            "fixed_by_kind": by_kind,
            "fixed_total": sum(by_kind.values()),
            "last_step": last_step,
        }
        if asked[0] == FIXED and last_step:
            return context | self.steps_context(steps)
        return context | (self.findings_context(current) if current else {})

    # Findings of one kind

    def findings_context(self, current: selectors.KindCount) -> dict[str, Any]:
        found = selectors.findings(self.object, current.kind, current.severity)
        may_fix = self.is_open and current.severity in FIXABLE
        if may_fix:
            self.asked.spot = self.asked.spot or self._spot(current, found)
        is_short = current.cells <= ROWS_PER_PAGE
        page = self.page(list(found) if is_short else found, self._page_number(found))
        issues = list(page)
        still_open = self._still_open(current, issues if is_short else None) if may_fix else []
        is_plain = "edit" not in self.request.GET and not self.asked.spot
        if may_fix and is_plain and current.severity == Severity.ERROR:
            self.asked.spot = self._first_harmless(issues)
        self._note_shown(issues)
        first = issues[0] if issues else None
        return {
            "current": current,
            "current_title": choices.kind_title(current.kind),
            "is_left_out": current.kind == LEFT_OUT,
            "may_fix": may_fix,
            **self.paging(page),
            "lines": FindingsPage(self.desk, self.asked, still_open).lines(issues),
            "proposals": sum(place.is_proposed for place in still_open),
            "still_open": len({(place.sheet_number, place.row_number) for place in still_open}),
            "focus": bool(self.request.GET.get("edit") or self.request.GET.get("after")),
            "remedy": remedy_of(first, self.desk.sheets[first.sheet_number].name) if first else "",
        }

    def _still_open(self, current: selectors.KindCount, every: list[RowIssue] | None) -> Places:
        """What a step about all of a kind takes in; `every` are its findings where known."""
        if every is None:
            return open_findings(self.desk, current.kind, current.severity)
        return list(filter(self._waits, every))

    def _spot(self, current: selectors.KindCount, found: Any) -> Any:
        """The row to correct: the one asked for, or the next one after the one just corrected."""
        asked = self.request.GET
        if spot := spot_from(asked.get("edit", ""), current.kind, current.severity):
            return spot
        after = spot_from(asked.get("after", ""), current.kind, current.severity)
        if after is None:
            return None
        rest = fixing.later(found, after).iterator(chunk_size=ROWS_PER_PAGE)
        following = next(filter(self._waits, rest), None)
        return spot_of(following or found.first())

    def _waits(self, issue: RowIssue) -> bool:
        """Whether nobody has corrected this finding since the last check."""
        pending = self.asked.pending
        return not pending or not is_pending(self.desk, issue, pending)

    def _page_number(self, found: Any) -> str | int | None:
        """The page on which the row to correct stands."""
        spot = self.asked.spot
        if spot is None:
            return self.request.GET.get("page")
        return fixing.earlier(found, spot).count() // ROWS_PER_PAGE + 1

    def _first_harmless(self, issues: list[RowIssue]) -> Any:
        """The first row, ready to be corrected, unless its value is to be shown on demand only."""
        first = next((issue for issue in issues if self._waits(issue)), None)
        column = self.desk.column(first) if first else None
        return spot_of(first) if column and column.kind not in SENSITIVE else None

    def _note_shown(self, issues: list[RowIssue]) -> None:
        """Note in the audit log that a number is shown in clear."""
        spot = self.asked.spot
        issue = next((each for each in issues if spot and spot_of(each) == spot), None)
        column = self.desk.column(issue) if issue else None
        if issue and column and column.kind in SENSITIVE:
            services.show_value(
                actor=self.request.user,  # type: ignore[arg-type]
                batch=self.object,
                issue=issue,
            )

    # What was corrected

    def steps_context(self, steps: Any) -> dict[str, Any]:
        """All steps, or the cells of one."""
        wanted = self.request.GET.get("step", "")
        step = steps.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
        if step is None:
            page = self.page(steps)
            titles = [(each, choices.kind_title(each.kind)) for each in page]
            return {"fix_steps": titles, **self.paging(page)}
        page = self.page(step.corrections.order_by("pk"))
        return {
            "fix_step": step,
            "fix_title": choices.kind_title(step.kind),
            "corrected": corrected_lines(self.desk, step, list(page)),
            **self.paging(page),
        }


def spot_of(issue: RowIssue | None) -> Any:
    """Where a finding stands."""
    if issue is None:
        return None
    key = f"{issue.sheet_number}-{issue.row_number}-{issue.column}"
    return spot_from(key, issue.kind, issue.severity)
