"""What a file holds after the checks: its sheets, its rows, what is wrong with them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.fields import DigestField, EncryptedTextField
from apps.core.frozen import thaw
from apps.core.querysets import ScopedQuerySet
from apps.imports.models.batches import Batch


class RowStatus(models.TextChoices):
    """What the checks say about one data row."""

    CLEAN = "clean", _("right")
    WARN = "warn", _("with a reminder")
    BLOCKED = "blocked", _("with an error")
    SKIPPED = "skipped", _("left out")
    WAITING = "waiting", _("to be decided")


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


class Sheet(models.Model):
    """One sheet of an uploaded workbook: its shape as understood and what its columns mean.

    `name` is that of the sheet, or of one of several tables on it (see core.spreadsheets.grid).
    `columns` holds one {letter, header, field, how, certain} per column in file order, with
    `memory`, the number of the remembered mapping, where one explained it; `samples`
    the first values of each column as sealed JSON {letter: [text, …]}. `has_marks`: its
    first column is the one of an earlier import's errors (see rules.repairs).
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
    has_marks = models.BooleanField(default=False)
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
    {field: [old, new]}. `subject_id` is the person the row is about, once known. `held` is sealed
    JSON {"fields": {field: [register, file, why]}, "since": day} of what an older file does not
    bring in; `stays` names the fields whose cell is empty and that the register knows.
    `number_digest` finds the same ID number in other imports.
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
    held = EncryptedTextField(null=True, max_chars=100_000)
    stays = models.JSONField(null=True)
    number_digest = DigestField(null=True, editable=False)

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
            models.Index(
                fields=["number_digest"],
                name="imports_row_number",
                condition=Q(number_digest__isnull=False),
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

    @property
    def held_back(self) -> dict[str, Any]:
        """What an older file does not bring in: {"fields": …, "since": day or None}."""
        return thaw(self.held) if self.held else {"fields": {}, "since": None}


class RowIssue(models.Model):
    """One finding about one cell, or about a whole row (then it points at its key cell).

    `detail` is sealed JSON {"raw": …, "params": …, "suggestion": …}. `raw_digest` finds the same
    content in other cells, `is_proposed` says whether there is a suggestion: what a step would take
    in of many thousands is counted without opening them.
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
    raw_digest = DigestField(null=True, editable=False)
    is_proposed = models.BooleanField(default=False)

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
