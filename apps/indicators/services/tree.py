"""The tree of regions as the rollup sees it: who keeps values, who feeds whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.regions.choices import RegionKind
from apps.regions.models import Region


@dataclass(frozen=True)
class Tree:
    """Which regions keep values and how they hang together.

    Village groups keep none: what is recorded in one counts in its village (`keeper`).
    """

    parents: Mapping[int, int | None]
    keeper: Mapping[int, int]
    deepest_first: tuple[int, ...]

    def upwards(self, regions: Iterable[int]) -> set[int]:
        """Return the regions that keep values for these, and all above them."""
        found: set[int] = set()
        for region in regions:
            here: int | None = self.keeper.get(region)
            while here is not None and here not in found:
                found.add(here)
                here = self.parents[here]
        return found

    def feeding(self, regions: set[int]) -> list[int]:
        """Return the regions whose rows count in one of `regions` directly."""
        return [region for region, keeper in self.keeper.items() if keeper in regions]

    def above(self, region: int) -> int:
        """Return the parent of a region that has one."""
        parent = self.parents[region]
        if parent is None:
            raise ValueError(region)
        return parent

    def children(self, regions: set[int]) -> list[int]:
        """Return the children of `regions` that are not among them."""
        return [
            region
            for region in self.deepest_first
            if region not in regions and self.parents[region] in regions
        ]


def load_tree() -> Tree:
    """Read the tree of regions, in one query."""
    rows = list(Region.objects.order_by().values_list("pk", "parent_id", "path", "kind"))
    parents = {pk: parent for pk, parent, _path, _kind in rows}
    groups = {pk for pk, _parent, _path, kind in rows if kind == RegionKind.GROUP}
    keeper = {pk: _keeper(pk, parents, groups) for pk in parents}
    kept = sorted(
        ((path.count("/"), pk) for pk, _parent, path, _kind in rows if pk not in groups),
        reverse=True,
    )
    return Tree(parents, keeper, tuple(pk for _depth, pk in kept))


def _keeper(region: int, parents: Mapping[int, int | None], groups: set[int]) -> int:
    parent = parents[region]
    while region in groups and parent is not None:
        region, parent = parent, parents[parent]
    return region
