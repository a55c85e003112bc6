"""Batches of uploaded rosters, their sheets, staged rows and what was found wrong with them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.fields import EncryptedTextField
from apps.core.frozen import thaw
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


class RowStatus(models.TextChoices):
    """What the checks say about one data row."""

    CLEAN = "clean", _("right")
    WARN = "warn", _("with a reminder")
    BLOCKED = "blocked", _("with an error")
    SKIPPED = "skipped", _("repeated")


IMPORTABLE = (RowStatus.CLEAN, RowStatus.WARN)


class Outcome(models.TextChoices):
    """What writing an importable row does to the register."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    SAME = "same", _("same")


class Severity(models.TextChoices):
    """How much a finding matters: errors and repetitions keep a row out, the others do not."""

    ERROR = "error", _("error")
    SKIP = "skip", _("repetition")
    WARNING = "warning", _("reminder")
    NOTICE = "notice", _("put right by itself")


class Batch(Stamped):
    """One uploaded roster (导入批次) from the file to the written records.

    Nobody outside the batch's region sees it. The original file is kept sealed; `counts` are the
    figures of the last check, `result` those of the writing. At most one batch of the same file,
    kind and region is open, so a second upload leads to the first.
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
    take = models.CharField(
        _("rows with errors"), max_length=4, choices=Take.choices, default=Take.ALL
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
    read_started_at = models.DateTimeField(_("reading began"), null=True)
    checked_at = models.DateTimeField(_("checked at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    apply_started_at = models.DateTimeField(_("writing began"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

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
    def blocked(self) -> int:
        """Rows with errors, which are never written."""
        return int(self.counts.get("blocked", 0))


class Sheet(models.Model):
    """One sheet of an uploaded workbook: its shape as understood and what its columns mean.

    `columns` holds one {letter, header, field, how, certain} per column in file order; `samples`
    the first values of each column as sealed JSON {letter: [text, …]}.
    """

    SCOPE = ("batch__region",)

    batch = models.ForeignKey(
        Batch, models.CASCADE, related_name="sheets", verbose_name=_("import")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("sheet"), max_length=120)
    role = models.CharField(max_length=10)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    reason = models.CharField(_("why it is not imported"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=255, blank=True)
    header_rows = models.JSONField(default=list)
    first_data_row = models.PositiveIntegerField(null=True)
    data_rows = models.PositiveIntegerField(_("data rows"), default=0)
    village_code = models.CharField(max_length=15, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    columns = models.JSONField(default=list)
    samples = EncryptedTextField(null=True, max_chars=100_000)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        ordering = ["batch", "number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="imports_sheet_number_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_data(self) -> bool:
        return self.role == "data"

    @property
    def sample_values(self) -> dict[str, list[str]]:
        """The first values of each column by letter."""
        return thaw(self.samples) if self.samples else {}


class Row(models.Model):
    """One data row of a roster, staged: what the file says, sealed, and what became of it.

    `payload` is sealed JSON {"values": …, "raw": […]} (see core.frozen), `diff` sealed JSON
    {field: [old, new]}. `subject_id` is the person the row is about, once known.
    """

    SCOPE = ("batch__region",)

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)
    sheet_number = models.PositiveSmallIntegerField()
    row_number = models.PositiveIntegerField()
    status = models.CharField(max_length=8, choices=RowStatus.choices)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    is_older = models.BooleanField(default=False)
    village = models.ForeignKey(
        "regions.Region", models.PROTECT, null=True, related_name="+", db_index=False
    )
    subject_id = models.BigIntegerField(null=True)
    payload = EncryptedTextField(max_chars=100_000)
    diff = EncryptedTextField(null=True, max_chars=100_000)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        ordering = ["sheet_number", "row_number"]
        constraints = [
            # Also the index for reading a batch in file order.
            models.UniqueConstraint(
                fields=["batch", "sheet_number", "row_number"], name="imports_row_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=RowStatus.values), name="imports_row_status_valid"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[*Outcome.values, ""]), name="imports_row_outcome_valid"
            ),
        ]
        indexes = [
            models.Index(
                fields=["batch", "status", "outcome", "village"], name="imports_row_outcome"
            ),
            models.Index(
                fields=["subject_id"],
                name="imports_row_subject",
                condition=Q(subject_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_number}/{self.row_number}"

    @property
    def values(self) -> dict[str, Any]:
        """The normalised values by field."""
        return thaw(self.payload)["values"]

    @property
    def raw(self) -> list[str]:
        """The cells as written in the file."""
        return thaw(self.payload)["raw"]

    @property
    def changes(self) -> dict[str, list[Any]]:
        """What writing changes: {field: [old, new]}."""
        return thaw(self.diff) if self.diff else {}


class RowIssue(models.Model):
    """One finding about one cell, or about a whole row (then it points at its key cell).

    `detail` is sealed JSON {"raw": …, "params": …, "suggestion": …}.
    """

    SCOPE = ("batch__region",)

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="issues", db_index=False)
    row = models.ForeignKey(Row, models.CASCADE, null=True, related_name="issues")
    sheet_number = models.PositiveSmallIntegerField()
    row_number = models.PositiveIntegerField()
    column = models.CharField(max_length=3, blank=True)
    field = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    detail = EncryptedTextField(null=True, max_chars=100_000)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["sheet_number", "row_number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(severity__in=Severity.values), name="imports_rowissue_severity_valid"
            )
        ]
        indexes = [
            models.Index(
                fields=["batch", "kind", "sheet_number", "row_number"], name="imports_rowissue_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet_number}/{self.row_number} {self.column} {self.kind}"

    @property
    def facts(self) -> dict[str, Any]:
        """The value given, the parameters of the reason, and the value proposed."""
        return thaw(self.detail) if self.detail else {"raw": None, "params": {}, "suggestion": None}


class RememberedMapping(Stamped):
    """What the columns of one header layout mean, as an office last confirmed it.

    `fingerprint` is a digest of the header words in order; `columns` maps letter to field (null:
    not imported).
    """

    SCOPE = ("region",)

    kind = models.CharField(_("kind of roster"), max_length=40)
    region = models.ForeignKey(
        "regions.Region", models.CASCADE, related_name="+", verbose_name=_("region")
    )
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField(_("columns"), default=dict)
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
