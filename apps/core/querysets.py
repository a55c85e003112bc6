"""Which rows a user may see: one method, used by every list, count, search, chart and file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.fields import ArrayField
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
        return self.filter(within(self.model, paths, keep_on=user))

    def in_region(self, region: Any) -> Self:
        """Keep the rows that lie in `region` or below it (no permission check)."""
        return self.filter(within(self.model, [region.path], keep_on=region))


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


def within(model: Any, paths: list[str], *, keep_on: Any = None) -> Q:
    """Build the same condition for a model's SCOPE, in the form that its indexes serve.

    Columns that point to a Region are compared with the regions' numbers, read first: one small
    query, after which a village is an index scan however many people there are. Joining the tree
    for two columns read the whole table. `keep_on` is the user or region that asks: it keeps the
    numbers as long as it lives, which is one request.
    """
    own = [name for name in model.SCOPE if name and "__" not in name]
    condition = in_paths(tuple(name for name in model.SCOPE if name not in own), paths)
    if own:
        numbers = _numbers_of_regions(model, own[0], paths, keep_on)
        for name in own:
            condition |= Q(is_one_of(name, numbers))
    return condition


def is_one_of(column: str, numbers: list[int]) -> models.Func:
    """Return the condition that a column holds one of some row numbers, as one parameter.

    A list of hundreds as parameters each costs more to write down than the query takes.
    """
    places = models.Value(numbers, output_field=ArrayField(models.BigIntegerField()))
    return models.Func(
        models.F(column),
        places,
        arg_joiner=" = ANY (",
        template="%(expressions)s)",
        output_field=models.BooleanField(),
    )


def _numbers_of_regions(model: Any, field: str, paths: list[str], keep_on: Any) -> list[int]:
    kept: dict[tuple[str, ...], list[int]] = {}
    if keep_on is not None:
        kept = keep_on.__dict__.setdefault("_region_numbers", kept)
    key = tuple(paths)
    if key not in kept:
        regions = model._meta.get_field(field).related_model
        found = regions.objects.filter(in_paths(("",), paths))
        kept[key] = list(found.values_list("pk", flat=True))
    return kept[key]
