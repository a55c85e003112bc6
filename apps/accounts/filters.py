"""Conditions of the list of accounts."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.core.filters import BaseFilterSet


class UserFilter(BaseFilterSet):
    """By name, role, and whether the account is open."""

    main = ("name:4", "role:3", "is_active:3")

    name = django_filters.CharFilter(label=_("User name or name"), method="by_name")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices)
    is_active = django_filters.BooleanFilter(label=_("May sign in"))

    class Meta(BaseFilterSet.Meta):
        model = User
        fields = ("name", "role", "is_active")

    def by_name(self, rows: QuerySet[User], _name: str, value: Any) -> QuerySet[User]:
        """Find the words anywhere in user name or name."""
        return rows.filter(Q(username__icontains=value) | Q(display_name__icontains=value))
