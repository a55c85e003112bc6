"""The reference data's own site: our sign-in page, our roles, our colours."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class ReferenceSite(AdminSite):
    """Django's admin for those who keep the system; case data is never changed here."""

    site_header = _("Family Planning Case Management")
    site_title = _("Reference data")
    index_title = _("Reference data")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whose role keeps accounts."""
        user = request.user
        return user.is_authenticated and user.may("accounts.manage")

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Lead to our own sign-in page, which locks out and writes down."""
        if request.user.is_authenticated:
            return redirect("/")
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Sign out by our own page."""
        return redirect("accounts:session_list")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Change the password on our own page."""
        return redirect("accounts:password_change")
