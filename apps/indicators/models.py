"""Stored values by region and month, what has to be counted again, runs, and legacy totals."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.history import tracked
from apps.core.models import Stamped
from apps.core.querysets import ScopedQuerySet
from apps.indicators.choices import Basis, RunKind, RunState


class Run(models.Model):
    """One run of the rollup (汇总运行): which months it had to do and how many it has done.

    A run that broke off leaves its heartbeat behind; the next one takes it over or starts anew.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=RunKind.choices)
    state = models.CharField(
        _("state"), max_length=8, choices=RunState.choices, default=RunState.RUNNING
    )
    fingerprint = models.CharField(max_length=16)
    months_total = models.PositiveSmallIntegerField(_("months"), default=0)
    months_done = models.PositiveSmallIntegerField(_("months done"), default=0)
    regions_count = models.PositiveIntegerField(_("regions"), default=0)
    rows_written = models.PositiveIntegerField(_("values written"), default=0)
    started_at = models.DateTimeField(_("started at"))
    heartbeat_at = models.DateTimeField(_("last sign at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("rollup run")
        verbose_name_plural = _("rollup runs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(state=RunState.RUNNING),
                name="indicators_run_one_running_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RunKind.values), name="indicators_run_kind_valid"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values), name="indicators_run_state_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M} ({self.state})"


class Snapshot(models.Model):
    """All measures of one region in one month on one basis (指标存储值), parts summed up.

    `values` maps a measure to its number and leaves out what is 0. `fingerprint` says which
    measures were counted: under another than today's, one that is absent may not have been counted,
    which is not 0. `as_of` is the day on which statuses were taken: the month's last, or the day of
    the run.
    """

    SCOPE = ("region",)

    region = models.ForeignKey(
        "regions.Region", models.CASCADE, related_name="+", verbose_name=_("region")
    )
    month = models.DateField(_("month"))
    basis = models.CharField(_("population counted"), max_length=10, choices=Basis.choices)
    values = models.JSONField(_("values"), default=dict)
    fingerprint = models.CharField(max_length=16, default="", editable=False)
    as_of = models.DateField(_("as of"))
    computed_at = models.DateTimeField(_("computed at"))
    run = models.ForeignKey(
        Run, models.SET_NULL, null=True, related_name="+", verbose_name=_("run")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored values")
        verbose_name_plural = _("stored values")
        ordering = ["region", "-month", "basis"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "month", "basis"], name="indicators_snapshot_once"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=Basis.values), name="indicators_snapshot_basis_valid"
            ),
        ]
        indexes = [
            models.Index(fields=["month", "basis", "fingerprint"], name="indicators_snapshot_month")
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.month:%Y-%m} {self.basis}"


class DirtyKey(models.Model):
    """A region whose records changed, and the first month whose values that may alter.

    Written by triggers of the record tables, one row per statement and region and never updated,
    so that two writers in one village do not wait for each other.
    """

    region = models.ForeignKey(
        "regions.Region", models.CASCADE, db_constraint=False, related_name="+"
    )
    from_month = models.DateField()
    marked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("region to count again")
        verbose_name_plural = _("regions to count again")

    def __str__(self) -> str:
        return f"{self.region_id} {self.from_month:%Y-%m}"


class LegacySeries(models.Model):
    """A figure that offices used to publish and that is abolished today (历史序列).

    It exists only as totals with a source; it is never computed from people, compared with a
    target or ranked.
    """

    code = models.SlugField(_("code"), max_length=50, unique=True)
    name = models.CharField(_("name"), max_length=80, unique=True)
    unit = models.CharField(_("unit"), max_length=20)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("legacy series")
        verbose_name_plural = _("legacy series")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked
class LegacyValue(Stamped):
    """One total of a legacy series for one region and one past period, with its source."""

    SCOPE = ("region",)

    series = models.ForeignKey(
        LegacySeries, models.PROTECT, related_name="points", verbose_name=_("series")
    )
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, related_name="+", verbose_name=_("region")
    )
    period = models.CharField(
        _("period"), max_length=20, help_text=_("As printed, for example 2014 or 2013-10:2014-09.")
    )
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4)
    source = models.CharField(
        _("source"), max_length=200, help_text=_("The document the total was taken from.")
    )
    entered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("entered by")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("legacy total")
        verbose_name_plural = _("legacy totals")
        ordering = ["series__name", "region__sort_key", "period", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "region", "period"],
                name="indicators_legacyvalue_once",
                violation_error_message=_("This total is already entered for that period."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:legacy_edit", args=[self.pk])
