"""Which region the user is looking at: `request.region`, shown in the top bar."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from apps.core.querysets import scope_paths
from apps.regions import selectors
from apps.regions.models import Region

CHOSEN = "region_id"
SHORTEST_CODE = 6


class ChosenRegionMiddleware:
    """Set `request.region`: named in the address, else chosen in the top bar, else the own one.

    None means all regions of a user who has several. A region that the user does not work for
    is never set; one that is named in the address is then not found.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.region = None  # type: ignore[attr-defined]
        if request.user.is_authenticated:
            request.region = _chosen(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Take the region of the address, given as code or as row number."""
        text = request.GET.get("region", "")
        if not (request.user.is_authenticated and text.isdecimal() and len(text) <= 15):
            return
        found = by_code_or_number(request.user, text)
        if found is None:
            raise Http404
        request.region = found  # type: ignore[attr-defined]


def by_code_or_number(user: Any, text: str) -> Region | None:
    """Return a visible region by its code, or by its row number; both are digits only."""
    region = None
    if len(text) >= SHORTEST_CODE:
        region = selectors.region_of_code(user, text)
    return region or selectors.regions(user).filter(pk=int(text)).first()


def _chosen(request: HttpRequest) -> Region | None:
    paths = scope_paths(request.user)
    chosen = request.session.get(CHOSEN)
    if chosen:
        region = Region.objects.filter(pk=chosen).first()
        if region is not None and region.path.startswith(tuple(paths) or ("-",)):
            return region
    return Region.objects.filter(path=paths[0]).first() if len(paths) == 1 else None
