"""Divisions as a table; they are changed on the pages of regions."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.admin import ReferenceAdmin
from apps.regions import selectors
from apps.regions.models import Region


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    """Divisions of one's own regions, by code and name."""

    view_permission = "regions.view"
    list_display = ("code", "name", "kind", "full_name", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("code__startswith", "name", "pinyin__startswith", "initials__startswith")
    ordering = ("sort_key", "pk")
    exclude = ("path", "sort_key")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return selectors.regions(request.user)
