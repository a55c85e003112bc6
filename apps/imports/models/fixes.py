"""What people changed in the page before a roster is written, on top of the uploaded file."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.fields import EncryptedTextField
from apps.core.querysets import ScopedQuerySet
from apps.imports.models.batches import Batch


class FixAct(models.TextChoices):
    """What somebody did about findings, in one step."""

    EDIT = "edit", _("cell corrected")
    REPLACE = "replace", _("value replaced wherever it stands")
    FILL = "fill", _("value put into several rows")
    ACCEPT = "accept", _("proposal taken")
    LEAVE_OUT = "leave_out", _("left out")
    TAKE_IN = "take_in", _("taken in again")


class Fix(models.Model):
    """One step of fixing (改正): who, what, about which kind of finding, how many cells or rows.

    Taking a step back removes it with its corrections. `is_pending` until a check has seen it.
    """

    SCOPE = ("batch__region",)

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="fixes", verbose_name=_("import"))
    act = models.CharField(_("what was done"), max_length=10, choices=FixAct.choices)
    kind = models.CharField(_("kind of finding"), max_length=40)
    count = models.PositiveIntegerField(_("number"))
    is_pending = models.BooleanField(default=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction step")
        verbose_name_plural = _("correction steps")
        ordering = ["batch", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(act__in=FixAct.values), name="imports_fix_act_valid")
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.count}"

    @property
    def is_about_rows(self) -> bool:
        """Whether whole rows were left out or taken in, not cells corrected."""
        return self.act in {FixAct.LEAVE_OUT, FixAct.TAKE_IN}


class Correction(models.Model):
    """One corrected cell: the text that counts instead of what the file says, sealed.

    `column` is its letter, or empty where the sheet has no column for the field. Without a field
    it is about the whole row, which the step leaves out or takes in. Of several for one cell the
    latest step counts.
    """

    SCOPE = ("fix__batch__region",)

    fix = models.ForeignKey(Fix, models.CASCADE, related_name="corrections")
    sheet_name = models.CharField(max_length=120)
    row_number = models.PositiveIntegerField()
    column = models.CharField(max_length=3, blank=True)
    field = models.CharField(max_length=60, blank=True)
    value = EncryptedTextField(null=True, max_chars=1_000)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["fix", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fix", "sheet_name", "row_number", "column", "field"],
                name="imports_correction_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_name}/{self.row_number} {self.column or self.field}"
