"""Which rows a user may see: one method, used by every list, count, search, chart and file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ScopedQuerySet(models.QuerySet):
    """A queryset of a model whose SCOPE names the paths that lead to its Regions.

    SCOPE = ("registered_region", "current_region") means: visible when any of them lies in a
    region the user works for. An empty path "" means the model is itself a Region.
    """

    def visible_to(self, user: Any | AnonymousUser) -> Self:
        """Keep the rows in the user's regions. Fails closed: no user, role or region, no rows."""
        paths = scope_paths(user)
        if not paths:
            return self.none()
        return self.filter(in_paths(self.model.SCOPE, paths))

    def in_region(self, region: Any) -> Self:
        """Keep the rows that lie in `region` or below it (no permission check)."""
        return self.filter(in_paths(self.model.SCOPE, [region.path]))


def scope_paths(user: Any) -> list[str]:
    """Return the region paths a user works for; empty for everybody who must see nothing."""
    if not getattr(user, "is_authenticated", False) or not user.is_active or not user.role:
        return []
    return user.region_paths()


def in_paths(scope: tuple[str, ...], paths: list[str]) -> Q:
    """Build the condition "one of the scope's regions lies in one of the paths"."""
    condition = Q(pk__in=[])
    for field in scope:
        column = f"{field}__path__startswith" if field else "path__startswith"
        for path in paths:
            condition |= Q(**{column: path})
    return condition
