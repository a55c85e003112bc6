"""Accounts as a table; they are changed on the pages of users."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.accounts import selectors
from apps.accounts.models import User
from apps.core.admin import ReferenceAdmin


@admin.register(User)
class UserAdmin(ReferenceAdmin):
    """Accounts of one's own regions."""

    view_permission = "accounts.view"
    list_display = ("username", "display_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "display_name")
    ordering = ("username", "pk")
    fields = ("username", "display_name", "role", "regions", "is_active", "last_login")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return selectors.users(request.user)
