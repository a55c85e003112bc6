"""Reads of the tree of divisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.utils import timezone

from apps.core.names import normal_name
from apps.core.querysets import scope_paths
from apps.regions.choices import RegionKind
from apps.regions.models import Region

LONGEST_SEARCH = 30
OPTIONS = 12
FLOORS = tuple(RegionKind.values)


def valid_on(day: date) -> Q:
    """The condition that a division exists on a day; `valid_to` is the first day it does not."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def regions(user: Any) -> QuerySet[Region]:
    """Return the divisions a user works for and all below, also those that have ended."""
    return Region.objects.visible_to(user).order_by("sort_key", "pk")


def current_regions(user: Any, *, on: date | None = None) -> QuerySet[Region]:
    """Return the visible divisions that exist today, or on a given day."""
    return regions(user).filter(valid_on(on or timezone.localdate()))


def villages(user: Any, *, on: date | None = None) -> QuerySet[Region]:
    """Return the visible villages that exist today, or on a given day."""
    return current_regions(user, on=on).filter(kind=RegionKind.VILLAGE)


def regions_with_parent(user: Any) -> QuerySet[Region]:
    """Return the visible divisions for a list, with the name of what they are part of."""
    return regions(user).select_related("parent").annotate(parent_name=F("parent__name"))


def region_of_code(user: Any, code: str, *, on: date | None = None) -> Region | None:
    """Return the visible division of that code on a day (today)."""
    return current_regions(user, on=on).filter(code=code).first()


def own_regions(user: Any) -> list[Region]:
    """Return the topmost divisions a user works for."""
    paths = scope_paths(user)
    tops = [path for path in paths if not path.startswith(tuple(set(paths) - {path}))]
    return list(regions(user).filter(path__in=tops))


# The lazy tree ------------------------------------------------------------------------------------


def nodes(user: Any, *, parent: Region | None = None) -> list[Region]:
    """Return one run of the lazy tree, each with `has_children`; without a parent, the top.

    The top of a user with one region is that region and, in the same answer, what lies right
    below it: a village is then two requests away from anywhere in a county.
    """
    today = timezone.localdate()
    below = Region.objects.filter(valid_on(today), parent=OuterRef("pk"))
    rows = current_regions(user, on=today).annotate(has_children=Exists(below))
    if parent is not None:
        return list(rows.filter(parent=parent))
    tops: list[Region] = list(rows.filter(pk__in=[top.pk for top in own_regions(user)]))
    if len(tops) != 1:
        return tops
    children = list(rows.filter(parent=tops[0]))
    tops[0].has_children = False  # type: ignore[attr-defined]
    return [*tops, *children]


# Search -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """One place that a search found. `former_name` is the old name that the words matched."""

    id: int
    name: str
    place: str
    former_name: str = ""


def options(user: Any, text: str) -> list[Option]:
    """Find places by name, other name, pinyin, initials or code; words narrow each other.

    A place that has ended gives way to its successors. Best matches first, at most twelve.
    """
    words = normal_words(text)
    if not words:
        return []
    found = matching(regions(user), words).prefetch_related("successors")[: OPTIONS * 2]
    today = timezone.localdate()
    result: dict[int, Option] = {}
    for region in found:
        if _exists_on(region, today):
            former = _matched_alias(region, words[-1])
            result.setdefault(region.pk, _option(region, former))
            continue
        for successor in region.successors.all():
            if _is_visible(user, successor) and _exists_on(successor, today):
                result.setdefault(successor.pk, _option(successor, region.name))
    return list(result.values())[:OPTIONS]


def normal_words(text: str) -> list[str]:
    """Split what was typed into words, lower case, at most three."""
    return [normal_name(word).lower() for word in text[:LONGEST_SEARCH].split()][:3]


def matching(rows: QuerySet[Region], words: Sequence[str]) -> QuerySet[Region]:
    """Keep the places that every word fits; the nearest fit of the last word comes first."""
    rows = rows.annotate(
        alias_text=Func(
            F("aliases"), Value(" "), function="array_to_string", output_field=TextField()
        )
    )
    for word in words:
        rows = rows.filter(_fits(word))
    return rows.annotate(nearness=_nearness(words[-1])).order_by("nearness", "sort_key", "pk")


def _fits(word: str) -> Q:
    if word.isdigit():
        return Q(code__startswith=word) | Q(name__contains=word)
    if word.isascii():
        return Q(initials__startswith=word) | Q(pinyin__startswith=word) | Q(name__icontains=word)
    return Q(full_name__contains=word) | Q(alias_text__contains=word)


def _nearness(word: str) -> Case:
    """Order: the name itself, names that begin so, initials, names that contain it, the rest."""
    return Case(
        When(Q(name=word) | Q(initials=word) | Q(pinyin=word), then=0),
        When(Q(name__startswith=word) | Q(initials__startswith=word), then=1),
        When(Q(name__contains=word) | Q(pinyin__startswith=word), then=2),
        When(alias_text__contains=word, then=3),
        default=4,
        output_field=IntegerField(),
    )


def _exists_on(region: Region, day: date) -> bool:
    begun = region.valid_from is None or region.valid_from <= day
    return begun and (region.valid_to is None or region.valid_to > day)


def _is_visible(user: Any, region: Region) -> bool:
    return region.path.startswith(tuple(scope_paths(user)) or ("-",))


def _matched_alias(region: Region, word: str) -> str:
    if word in region.name or word.isascii():
        return ""
    return next((alias for alias in region.aliases if word in alias), "")


def _option(region: Region, former_name: str) -> Option:
    place = region.full_name.removesuffix(region.name)
    return Option(region.pk, region.name, place, former_name)


def named(rows: QuerySet[Region], text: str) -> list[Region]:
    """Return the places of exactly that code, name or other name (several may share one)."""
    name = normal_name(text)
    return list(rows.filter(Q(code=name) | Q(name=name) | Q(aliases__contains=[name])))


# One region ---------------------------------------------------------------------------------------


def ancestors(region: Region) -> QuerySet[Region]:
    """Return the way from the top to the region, without itself."""
    ids = [number for number in region.ancestor_ids() if number != region.pk]
    return Region.objects.filter(pk__in=ids).order_by("path")


def kinds_below(kind: str) -> list[str]:
    """Return the kinds that may lie below a kind; a village may lie right below a county."""
    return list(FLOORS[FLOORS.index(kind) + 1 :])
