"""The base of all pages of reference data: roles instead of Django's own permissions."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest


class ReferenceAdmin(admin.ModelAdmin):
    """Shows a table to those with `view_permission`; changes it for those with `edit_permission`.

    Without `edit_permission` nobody changes it here: the pages of the app do, through services.
    """

    view_permission: ClassVar[str] = "accounts.manage"
    edit_permission: ClassVar[str] = ""
    list_per_page = 50
    show_full_result_count = False

    def _may(self, request: HttpRequest, permission: str) -> bool:
        return bool(permission) and request.user.is_authenticated and request.user.may(permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.view_permission)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.view_permission)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.edit_permission)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.edit_permission)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, self.edit_permission)
