"""Which village a cell, a title or the name of a sheet means."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from apps.core.text import compact
from apps.imports.records import RegionRef

# Endings by which the same village is written; within a group they mean the same.
_VILLAGE_ENDINGS = ("村民委员会", "村委会", "行政村", "村委", "村")
_COMMUNITY_ENDINGS = ("社区居民委员会", "社区居委会", "居民委员会", "社区", "居委会", "居委")
_GROUP_AT_END = re.compile(r"第?[0-9一二三四五六七八九十]{1,3}(?:村民小组|小组|组|队|社)$")
_CODE = re.compile(r"\d{12}")
_LONGEST_NAME = 15

RegionRow = tuple[str, str, str, str, str | Sequence[str]]


class Directory(Protocol):
    """What the pipeline asks about divisions."""

    def resolve(self, text: str, within: RegionRef | None = None) -> Sequence[RegionRef]:
        """Return the villages that a cell names exactly (name, other name or code); often one.

        With `within` only those inside a division, since names repeat between townships.
        """

    def contains_names(self, text: str, within: RegionRef | None = None) -> RegionRef | None:
        """Return the deepest division named inside a title or address; a township if no village.

        With `within` only divisions inside that one. None if nothing is named, or several
        villages are and nothing tells which is meant.
        """

    def in_scope(self, code: str) -> bool:
        """Whether rows of this division may be imported."""

    def default(self) -> RegionRef | None:
        """Return the division chosen for the whole file, if any."""


class PlaceDirectory:
    """A directory held in memory; made from the rows of a region table."""

    def __init__(
        self,
        regions: dict[str, RegionRef],
        aliases: dict[str, tuple[str, ...]],
        scope: tuple[str, ...] | None,
        default: RegionRef | None,
    ) -> None:
        self._regions = regions
        self._scope = scope
        self._default = default
        self._names: dict[str, list[RegionRef]] = defaultdict(list)
        self._aliases: dict[str, list[RegionRef]] = defaultdict(list)
        self._stems: dict[str, list[RegionRef]] = defaultdict(list)
        self._upper: dict[str, list[RegionRef]] = defaultdict(list)
        for region in regions.values():
            self._index(region, aliases.get(region.code, ()))

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[RegionRow],
        *,
        scope: Iterable[str] | None = None,
        default: str | None = None,
    ) -> "PlaceDirectory":
        """Build from (code, name, level, parent code, aliases); aliases as "a|b" or a sequence.

        `scope`: codes of the divisions, with all below them, whose rows may be imported (None:
        all). `default`: code of the division chosen for the file.
        """
        rows = list(rows)
        parents = {code: parent for code, _name, _level, parent, _aliases in rows}
        regions = {
            code: RegionRef(code, name, _path(code, parents), level)
            for code, name, level, _parent, _aliases in rows
        }
        aliases = {
            code: tuple(filter(None, names.split("|") if isinstance(names, str) else names))
            for code, _name, _level, _parent, names in rows
        }
        paths = None if scope is None else tuple(regions[c].path for c in scope if c in regions)
        return cls(regions, aliases, paths, regions.get(default or ""))

    def _index(self, region: RegionRef, aliases: tuple[str, ...]) -> None:
        name = compact(region.name)
        if region.level != "village":
            for known in (name, *map(compact, aliases)):
                self._upper[known].append(region)
            return
        self._names[name].append(region)
        for alias in map(compact, aliases):
            self._aliases[alias].append(region)
        self._stems[_stem(name)].append(region)

    def get(self, code: str) -> RegionRef | None:
        """Return a division by its code."""
        return self._regions.get(code)

    def default(self) -> RegionRef | None:
        return self._default

    def in_scope(self, code: str) -> bool:
        region = self._regions.get(code)
        return region is not None and (
            self._scope is None or region.path.startswith(self._scope or ("\0",))
        )

    def resolve(self, text: str, within: RegionRef | None = None) -> list[RegionRef]:
        text = compact(text)
        return (
            self._exactly(text, within)
            or [village for village in self._by_code(text) if not within or village.inside(within)]
            or self._behind_township(text, within)
            or self._exactly(_GROUP_AT_END.sub("", text), within)
        )

    def _exactly(self, text: str, within: RegionRef | None) -> list[RegionRef]:
        """Look a name up: today's names first, then other ones, then other endings."""
        stem = _stem(text)
        for villages in (
            self._names.get(text),
            self._aliases.get(text),
            self._stems.get(stem) if stem != text else None,
        ):
            found = [v for v in villages or () if within is None or v.inside(within)]
            if found:
                return found
        return []

    def _by_code(self, text: str) -> list[RegionRef]:
        region = self._regions.get(text)
        return [region] if region and region.level == "village" else []

    def _behind_township(self, text: str, within: RegionRef | None) -> list[RegionRef]:
        """Read 安塘乡沙田村: the part behind the name of a division, inside that division."""
        for end in range(min(len(text) - 1, _LONGEST_NAME), 1, -1):
            for upper in self._upper.get(text[:end], ()):
                if within and not (upper.inside(within) or within.inside(upper)):
                    continue
                inner = upper if within is None or upper.inside(within) else within
                rest = _GROUP_AT_END.sub("", text[end:])
                if found := self._exactly(rest, inner) or self._behind_township(rest, inner):
                    return found
        return []

    def contains_names(self, text: str, within: RegionRef | None = None) -> RegionRef | None:
        text = compact(text)
        if code := _CODE.search(text):
            for village in self._by_code(code[0]):
                return village
        found = self._deepest_named(text, within)
        return found if found and (within is None or found.inside(within)) else None

    def _deepest_named(self, text: str, within: RegionRef | None) -> RegionRef | None:
        uppers = self._narrowed(
            [r for _s, _e, found in self._hits(text, self._upper) for r in found]
        )
        context = max(uppers, key=lambda region: len(region.path), default=None)
        if context is None or (within and within.inside(context)):
            context = within
        villages = self._villages_in(text, context)
        if len(villages) > 1:
            villages = self._narrowed(villages)
        return villages[0] if len(villages) == 1 else context

    def _villages_in(self, text: str, context: RegionRef | None) -> list[RegionRef]:
        """Return the villages named in a text; one that is part of a longer name does not count."""
        for index in (self._names, self._aliases):
            found: dict[str, RegionRef] = {}
            for start, end, villages in _outermost(self._hits(text, index)):
                if _stem(text[start:end]) == text[start:end] and not self._stands_apart(
                    text, start, end
                ):
                    continue
                for village in villages:
                    if context is None or village.inside(context):
                        found[village.code] = village
            if found:
                return list(found.values())
        return []

    def _stands_apart(self, text: str, start: int, end: int) -> bool:
        """Whether a bare name (沙田 for 沙田村) is meant: it ends the text or follows a town."""
        before = text[:start]
        if end == len(text) and (not before or before[-1] in "：:"):
            return True
        return any(before.endswith(name) for name in self._upper if len(name) > 2)

    def _hits(
        self, text: str, index: dict[str, list[RegionRef]]
    ) -> list[tuple[int, int, list[RegionRef]]]:
        return [
            (start, end, index[text[start:end]])
            for start in range(len(text))
            for end in range(start + 2, min(start + _LONGEST_NAME, len(text)) + 1)
            if text[start:end] in index
        ]

    def _narrowed(self, regions: list[RegionRef]) -> list[RegionRef]:
        """Prefer what lies in the chosen division, then what lies in the scope."""
        default = self._default
        if default and (inside := [r for r in regions if r.inside(default)]):
            return inside
        return [r for r in regions if self.in_scope(r.code)] or regions


def _path(code: str, parents: dict[str, str]) -> str:
    codes = []
    while code and code not in codes:
        codes.append(code)
        code = parents.get(code, "")
    return "".join(f"{part}/" for part in reversed(codes))


def _stem(name: str) -> str:
    """Return a name without its ending; communities keep a mark so that 村 and 社区 differ."""
    for ending in _VILLAGE_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    for ending in _COMMUNITY_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending) + "#"
    return name


def _outermost(
    hits: list[tuple[int, int, list[RegionRef]]],
) -> list[tuple[int, int, list[RegionRef]]]:
    return [
        hit
        for hit in hits
        if not any(
            other[0] <= hit[0] and hit[1] <= other[1] and other[1] - other[0] > hit[1] - hit[0]
            for other in hits
        )
    ]
