"""What the pages of the import wizard have in common: the steps, the batch, the paging."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from apps.core.context import Crumb
from apps.core.views import RecordScreen
from apps.imports import registry, selectors
from apps.imports.models import Batch, BatchState

ROWS_PER_PAGE = 50
CHECKED_STATES = {
    BatchState.CHECKED,
    BatchState.CONFIRMED,
    BatchState.APPLYING,
    BatchState.DONE,
    BatchState.UNDONE,
    BatchState.FAILED,
    BatchState.CANCELLED,
}


@dataclass(frozen=True)
class Step:
    """One step of the wizard as the bar above the page shows it."""

    title: Any
    note: str = ""
    url: str = ""


def steps_of(batch: Batch | None) -> list[Step]:
    """The five steps with what is known of each, those behind with their address."""
    titles = [_("Choose file"), _("Columns"), _("Check"), _("Preview"), _("Write and result")]
    if batch is None:
        return [Step(title) for title in titles]
    counts = batch.counts
    notes = ["", "", "", "", ""]
    urls = ["", "", "", "", ""]
    if "all" in counts:
        notes[0] = ngettext("%(n)s row", "%(n)s rows", counts["all"]) % {"n": counts["all"]}
        urls[1] = reverse("imports:batch_columns", args=[batch.pk])
    if "importable" in counts:
        blocked = counts["blocked"]
        notes[2] = ngettext("%(n)s row with errors", "%(n)s rows with errors", blocked) % {
            "n": blocked
        }
        outcomes = counts["outcomes"]
        notes[3] = _("new %(new)s, changed %(changed)s") % {
            "new": outcomes.get("new", 0),
            "changed": outcomes.get("changed", 0),
        }
        urls[2] = reverse("imports:batch_errors", args=[batch.pk])
        urls[3] = reverse("imports:batch_preview", args=[batch.pk])
    return [Step(*parts) for parts in zip(titles, notes, urls, strict=True)]


def lead_to(request: HttpRequest, url: str) -> HttpResponse:
    """Lead to another page as a whole, also when htmx asked for a part of this one."""
    return HttpResponseClientRedirect(url) if getattr(request, "htmx", None) else redirect(url)


class BatchScreen(RecordScreen):
    """A page of the wizard about one import."""

    permission = "imports.view"
    selector = staticmethod(selectors.batches)
    object_name = "batch"
    step = 1

    def load(self) -> Batch:
        self.object = self.get_object()
        return self.object

    def get_title(self) -> Any:
        return _("Import: %(kind)s") % {"kind": self.kind.label}

    @property
    def kind(self) -> Any:
        return registry.get(self.object.kind)

    def crumbs(self) -> list[Crumb]:
        return [Crumb(self.object.filename, "")] if not self.is_fragment else []

    @cached_property
    def sheet_names(self) -> dict[int, str]:
        return {sheet.number: sheet.name for sheet in selectors.sheets(self.object)}

    @property
    def may_run(self) -> bool:
        return self.may("imports.run")

    def context(self, **kwargs: Any) -> dict[str, Any]:
        usual = {
            "steps": steps_of(self.object),
            "step": self.step,
            "may_run": self.may_run,
            "kind": self.kind,
        }
        return super().context(**{**usual, **kwargs})

    def page(self, rows: QuerySet[Any] | list[Any], number: str | int | None = None) -> Page[Any]:
        """One page of rows; a number out of range becomes the nearest page."""
        return Paginator(rows, ROWS_PER_PAGE).get_page(number or self.request.GET.get("page"))

    def paging(self, page: Page[Any] | None) -> dict[str, Any]:
        """What the foot of a list needs: the page, the page numbers, the rest of the address."""
        if page is None:
            return {"page": None}
        kept = self.request.GET.copy()
        for name in ("page", "edit", "after"):
            kept.pop(name, None)
        return {
            "page": page,
            "page_numbers": list(page.paginator.get_elided_page_range(page.number, on_ends=1)),
            "ellipsis": Paginator.ELLIPSIS,
            "keep": kept.urlencode(),
        }


class CheckedScreen(BatchScreen):
    """A page that needs the results of the check; before them it leads to where the batch is.

    With `needs_latest` also corrections made since the check lead away, to the errors.
    """

    needs_latest = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if "importable" not in batch.counts or batch.state not in CHECKED_STATES:
            return lead_to(request, batch.get_absolute_url())
        if self.needs_latest and batch.recheck_due:
            return redirect("imports:batch_errors", pk=batch.pk)
        return self.show()
