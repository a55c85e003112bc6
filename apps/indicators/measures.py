"""What can be counted of the divisions themselves."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.indicators.choices import Unit
from apps.indicators.records import REGISTERED, STATUS, Column, Measure, Source, Span
from apps.indicators.registry import register
from apps.regions.choices import RegionKind
from apps.regions.models import Region


def villages(span: Span, basis: str) -> QuerySet[Region]:
    """Villages and communities that exist on the last day of the span."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=span.last)
    lasts = Q(valid_to__isnull=True) | Q(valid_to__gt=span.last)
    return Region.objects.filter(begun, lasts, kind=RegionKind.VILLAGE)


def itself(region: Region) -> Region:
    """A row is the region."""
    return region


VILLAGES = Source(
    code="villages",
    label=_("villages and communities"),
    kind=STATUS,
    rows=villages,
    region="pk",
    permission="regions.view",
    columns=(Column(_("name"), "name", "text"), Column(_("code"), "code", "text")),
    tables=("regions_region",),
    record=itself,
    bases=(REGISTERED,),
    order=("sort_key", "pk"),
)

register(Measure("villages", _("Villages"), Unit.VILLAGES, VILLAGES))
