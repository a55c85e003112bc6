"""Reference data of indicators, and what the rollup did."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.indicators.models import LegacySeries, Run


@admin.register(LegacySeries)
class LegacySeriesAdmin(admin.ModelAdmin):
    """Names of abolished figures whose totals may be entered."""

    list_display = ("name", "code", "unit")
    search_fields = ("name", "code")


@admin.register(Run)
class RunAdmin(admin.ModelAdmin):
    """Runs of the rollup, to be read."""

    list_display = (
        "kind",
        "state",
        "started_at",
        "finished_at",
        "months_done",
        "months_total",
        "rows_written",
    )
    list_filter = ("kind", "state")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
