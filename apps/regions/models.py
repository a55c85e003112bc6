"""The tree of administrative divisions, with dated codes and successors."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.fields import DateRange
from apps.core.querysets import ScopedQuerySet
from apps.regions.choices import RegionKind


class Region(models.Model):
    """One division in one span of time (行政区划): a village that is renamed keeps its row, one
    that is merged or gets a new code ends, and its successors go on.

    `path` is the materialised way from the root, "/3/17/203/" in numbers of rows, so a subtree
    is a prefix; `code` has 6, 9, 12 or 15 digits by GB/T 2260 and its extensions.
    """

    SCOPE = ("",)

    code = models.CharField(_("code"), max_length=15)
    name = models.CharField(_("name"), max_length=60)
    aliases = ArrayField(
        models.CharField(max_length=60), verbose_name=_("other names"), default=list, blank=True
    )
    pinyin = models.CharField(_("pinyin"), max_length=200, blank=True)
    initials = models.CharField(_("initials"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RegionKind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    path = models.CharField(_("path"), max_length=120, editable=False, default="")
    full_name = models.CharField(_("full name"), max_length=255, editable=False, default="")
    sort_key = models.CharField(max_length=120, editable=False, default="")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successors = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="predecessors",
        blank=True,
        verbose_name=_("successors"),
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["sort_key", "pk"]
        constraints = [
            ExclusionConstraint(
                name="regions_region_code_unique_per_span",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This code is already in use in that time."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RegionKind.values), name="regions_region_kind_valid"
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")), name="regions_region_not_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                name="regions_region_span_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="regions_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["code"], name="regions_code", opclasses=["text_pattern_ops"]),
            models.Index(fields=["initials"], name="regions_initials"),
            GinIndex(fields=["aliases"], name="regions_aliases"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("regions:region_detail", args=[self.pk])

    def contains(self, other: "Region") -> bool:
        """Tell whether `other` is this region or lies below it."""
        return other.path.startswith(self.path)

    def ancestor_ids(self) -> list[int]:
        """Return the row numbers on the way from the root to this region, itself included."""
        return [int(part) for part in self.path.split("/") if part]
