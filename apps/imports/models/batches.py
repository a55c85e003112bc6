"""One uploaded roster, from the file to the written records."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import Stamped
from apps.core.querysets import ScopedQuerySet


class BatchState(models.TextChoices):
    """Where one uploaded file stands."""

    UPLOADED = "uploaded", _("waiting to be read")
    READING = "reading", _("being read and checked")
    MAPPED = "mapped", _("columns to be confirmed")
    CHECKED = "checked", _("checked, not yet written")
    CONFIRMED = "confirmed", _("waiting to be written")
    APPLYING = "applying", _("being written")
    DONE = "done", _("written")
    UNDONE = "undone", pgettext_lazy("state of an import", "taken back")
    EMPTY = "empty", _("nothing to import")
    FAILED = "failed", _("could not be read or written")
    CANCELLED = "cancelled", _("cancelled")


OPEN_STATES = (
    BatchState.UPLOADED,
    BatchState.READING,
    BatchState.MAPPED,
    BatchState.CHECKED,
    BatchState.CONFIRMED,
    BatchState.APPLYING,
)


READ_STATES = (BatchState.UPLOADED, BatchState.READING)


WRITE_STATES = (BatchState.CONFIRMED, BatchState.APPLYING)


class Take(models.TextChoices):
    """What happens to a file of which some rows have errors."""

    ALL = "all", _("Write only when every row is right")
    GOOD = "good", _("Write the right rows now, leave the others out")


class Batch(Stamped):
    """One uploaded roster (导入批次) from the file to the written records.

    Nobody outside the batch's region sees it. The original file is kept sealed; `counts` are the
    figures of the last check, `result` those of the writing; `recheck_due` says that corrections
    were made since that check. At most one batch of the same file, kind and region is open, so a
    second upload leads to the first. `follows` is the written batch of the same file whose
    undecided rows this one brings. `errors_as` is the sealed workbook with the errors
    marked, once somebody asked for it.
    """

    SCOPE = ("region",)

    kind = models.CharField(_("kind of roster"), max_length=40)
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, related_name="+", verbose_name=_("region")
    )
    as_of = models.DateField(_("date of the roster"))
    filename = models.CharField(_("file"), max_length=255)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    stored_as = models.CharField(max_length=100, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=BatchState.choices, default=BatchState.UPLOADED
    )
    columns_confirmed = models.BooleanField(_("columns confirmed"), default=False)
    recheck_due = models.BooleanField(_("to be checked again"), default=False)
    take = models.CharField(
        _("rows with errors"), max_length=4, choices=Take.choices, default=Take.ALL
    )
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followers", verbose_name=_("import")
    )
    counts = models.JSONField(_("counts"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    failure = models.JSONField(_("reason of failure"), default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    repairs = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="repaired_by",
        verbose_name=_("repairs the import"),
    )
    errors_as = models.CharField(max_length=100, blank=True, editable=False)
    errors_made_at = models.DateTimeField(null=True, editable=False)
    read_started_at = models.DateTimeField(_("reading began"), null=True)
    checked_at = models.DateTimeField(_("checked at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    apply_started_at = models.DateTimeField(_("writing began"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    # The act in the row history that wrote this batch; by it the batch can be taken back.
    history_context = models.UUIDField(null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "kind", "region"],
                condition=Q(state__in=[str(state) for state in OPEN_STATES]),
                name="imports_batch_one_open_per_file",
                violation_error_message=_("This file is already being imported."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=BatchState.values), name="imports_batch_state_valid"
            ),
            models.CheckConstraint(
                condition=Q(take__in=Take.values), name="imports_batch_take_valid"
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.DONE) | Q(finished_at__isnull=False),
                name="imports_batch_done_has_end",
            ),
        ]
        indexes = [models.Index(fields=["region", "-id"], name="imports_batch_region")]

    def __str__(self) -> str:
        return f"{self.filename} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("imports:batch_detail", args=[self.pk])

    @property
    def number(self) -> str:
        """The number people quote: day of the upload and running number."""
        return f"{timezone.localtime(self.created_at):%Y%m%d}-{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_reading(self) -> bool:
        return self.state in READ_STATES

    @property
    def is_writing(self) -> bool:
        return self.state in WRITE_STATES

    @property
    def importable(self) -> int:
        """Rows that can be written."""
        return int(self.counts.get("importable", 0))

    @property
    def seconds(self) -> float | None:
        """How long the writing took, in seconds with one decimal; None before it is done."""
        if self.state != BatchState.DONE or not self.apply_started_at or not self.finished_at:
            return None
        return round((self.finished_at - self.apply_started_at).total_seconds(), 1)

    @property
    def has_error_workbook(self) -> bool:
        """Whether the workbook with errors was made after the last check and the writing."""
        told = max(filter(None, (self.checked_at, self.finished_at)), default=None)
        return bool(self.errors_made_at and told and self.errors_made_at >= told)

    @property
    def blocked(self) -> int:
        """Rows with errors, which are never written."""
        return int(self.counts.get("blocked", 0))

    @property
    def faulty(self) -> int:
        """Rows with errors that must be corrected; the others only wait for a decision."""
        return self.blocked - int(self.counts.get("undecided", 0))

    @property
    def undecided(self) -> int:
        """Rows that are not written before somebody has decided about them."""
        return int(self.counts.get("undecided", 0)) + int(self.counts.get("waiting", 0))
