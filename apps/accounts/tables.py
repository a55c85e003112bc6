"""Lists of accounts."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.tables import BaseTable, DateColumn, NameColumn, StatusColumn, TextColumn


def _page(user: User) -> str:
    return reverse("accounts:user_detail", args=[user.pk])


class UserTable(BaseTable):
    """Accounts with role and place of work."""

    username = NameColumn(url=_page, verbose_name=_("User name"))
    display_name = TextColumn()
    role = TextColumn()
    region_name = TextColumn(verbose_name=_("Works for"))
    last_login = DateColumn(verbose_name=_("Last signed in"))
    is_active = StatusColumn(
        verbose_name=_("State"), kinds={"True": "ok", "False": "off"}, orderable=False
    )

    class Meta(BaseTable.Meta):
        model = User
        fields = ("username", "display_name", "role", "region_name", "last_login", "is_active")
        order_by = ("username",)

    def render_role(self, record: User) -> Any:
        return record.get_role_display() or _("no role")

    def render_is_active(self, value: bool) -> SafeString:
        kind, words = ("ok", _("may sign in")) if value else ("off", _("closed"))
        return format_html('<span class="st {}">{}</span>', kind, words)
