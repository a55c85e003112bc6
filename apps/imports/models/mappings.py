"""What an office once said about the columns of a layout."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import Stamped
from apps.core.querysets import ScopedQuerySet


class RememberedMapping(Stamped):
    """What the columns of one header layout mean, as an office last confirmed it.

    `fingerprint` is a digest of the header words in order; `columns` lists the words of each
    column (numbered if they come again: 姓名#2) with its field (null: not imported).
    """

    SCOPE = ("region",)

    kind = models.CharField(_("kind of roster"), max_length=40)
    region = models.ForeignKey(
        "regions.Region", models.CASCADE, related_name="+", verbose_name=_("region")
    )
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField(_("columns"), default=list)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "region", "fingerprint"], name="imports_rememberedmapping_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:8]}"
