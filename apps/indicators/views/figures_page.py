"""What pages of figures share: region, period and basis of the address."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404

from apps.core import periods
from apps.core.periods import Period
from apps.core.views import Screen
from apps.indicators import selectors
from apps.indicators.choices import Basis
from apps.regions.models import Region
from apps.regions.selectors import own_regions


class FiguresPage(Screen):
    """A page about one region, period and basis; wrong ones are said, not guessed."""

    permission = "indicators.view"

    @cached_property
    def region(self) -> Region:
        """The region of the address or the top bar, else the first the user works for."""
        chosen = getattr(self.request, "region", None)
        found = chosen or next(iter(own_regions(self.request.user)), None)
        if found is None:
            raise Http404
        return found

    @cached_property
    def problems(self) -> list[str]:
        """What of the address could not be understood."""
        return [text for text in (self._period[1], self._basis[1]) if text]

    @cached_property
    def _period(self) -> tuple[Period | None, str]:
        text = self.request.GET.get("period", "")
        try:
            return (periods.parse(text) if text else None), ""
        except ValidationError as error:
            return None, " ".join(error.messages)

    @cached_property
    def _basis(self) -> tuple[str, str]:
        try:
            asked = self.request.GET.get("basis") or Basis.REGISTERED.value
            return selectors.parse_basis(asked), ""
        except ValidationError as error:
            return Basis.REGISTERED.value, " ".join(error.messages)

    @property
    def wanted(self) -> Period | None:
        return self._period[0]

    @property
    def basis(self) -> str:
        return self._basis[0]

    def context(self, **kwargs: Any) -> dict[str, Any]:
        return super().context(region=self.region, problems=self.problems, **kwargs)
