"""People whom the register has in the villages of a roster and whom the roster does not name."""

from collections import Counter
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse

from apps.core import menu
from apps.imports import selectors
from apps.imports.tables import show
from apps.imports.views.base import ROWS_PER_PAGE, CheckedScreen

LONGEST_NAME = 50


class BatchMissing(CheckedScreen):
    """Who is in the register but not in this roster; a list to look through, nothing is changed."""

    template_name = "imports/batch_missing.html"
    step = 4

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Search by name; a name does not belong into an address."""
        return self.get(request, *args, **kwargs)

    def extra_context(self) -> dict[str, Any]:
        batch, name = self.object, self.request.POST.get("name", "").strip()[:LONGEST_NAME]
        coverage = selectors.coverage(batch)
        rows = self.kind.missing(coverage, user=self.request.user, as_of=batch.as_of, name=name)
        if rows is None:
            raise Http404
        villages = selectors.regions_of(coverage.villages)
        counted = Counter(dict(rows.order_by().values_list("village").annotate(Count("person"))))
        wanted = self._village(villages)
        if wanted:
            rows = rows.filter(village=wanted)
        page = Paginator(rows, ROWS_PER_PAGE).get_page(self.request.GET.get("page"))
        return {
            "villages": [(region, counted[region.pk]) for region in villages.values()],
            "village": villages.get(wanted or 0),
            "total": sum(counted.values()),
            "name": name,
            **self.paging(page),
            "lines": [
                {
                    **row,
                    "village": villages[row["village"]],
                    "sex": show(self.kind, "sex", row["sex"]),
                    "url": menu.address(self.kind.person_url_name, row["person"]),
                }
                for row in page
            ],
        }

    def _village(self, villages: dict[int, Any]) -> int | None:
        wanted = self.request.GET.get("village", "")
        if not wanted:
            return None
        if not wanted.isdecimal() or int(wanted) not in villages:
            raise Http404
        return int(wanted)
