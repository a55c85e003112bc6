"""Which villages a roster may name: those inside the region that was chosen for it."""

from datetime import date

from django.db.models import QuerySet

from apps.imports.rules.places import PlaceDirectory
from apps.regions.choices import RegionKind
from apps.regions.models import Region
from apps.regions.selectors import valid_on

NAMED = (RegionKind.COUNTY, RegionKind.TOWNSHIP, RegionKind.VILLAGE)


def directory_of(region: Region, *, on: date) -> PlaceDirectory:
    """Return the divisions of the region's county on a day; rows outside the region are refused.

    The other divisions of the county are known by name, so that a row that names one is told to
    be outside the area and is not taken for a misspelt village. Beyond the county nothing is.
    """
    rows = list(
        _county(region, on=on).values_list("code", "name", "kind", "parent__code", "aliases")
    )
    return PlaceDirectory.from_rows(
        [(code, name, kind, parent or "", aliases) for code, name, kind, parent, aliases in rows],
        scope=[region.code],
        default=region.code,
    )


def village_ids(region: Region, *, on: date) -> dict[str, int]:
    """Return the row numbers of the county's divisions by code."""
    return dict(_county(region, on=on).values_list("code", "pk"))


def _county(region: Region, *, on: date) -> QuerySet[Region]:
    """The county that holds the region, or the region itself if it is larger, with all in it."""
    above = Region.objects.filter(pk__in=region.ancestor_ids())
    county = above.filter(kind=RegionKind.COUNTY).first() or region
    divisions = Region.objects.in_region(county).filter(valid_on(on), kind__in=NAMED)
    return divisions | Region.objects.filter(pk=region.pk)
