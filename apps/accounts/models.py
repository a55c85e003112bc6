"""Users, their one role and the regions they work for."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.roles import permissions_of


class User(AbstractUser):
    """One person with one account, one role and the regions that person works for.

    Somebody without a role or without a region sees nothing (fails closed).
    """

    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    display_name = models.CharField(_("name"), max_length=60, blank=True)
    regions = models.ManyToManyField(
        "regions.Region", related_name="users", blank=True, verbose_name=_("works for")
    )
    must_change_password = models.BooleanField(_("must choose a new password"), default=False)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]
        verbose_name_plural = _("users")  # type: ignore[assignment]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=[*Role.values, ""]), name="accounts_user_role_valid"
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.username

    def get_absolute_url(self) -> str:
        return reverse("accounts:user_detail", args=[self.pk])

    def may(self, permission: str) -> bool:
        """Tell whether the user's role includes `permission`, for example "households.edit"."""
        return self.is_active and permission in permissions_of(self.role)

    @cached_property
    def _region_paths(self) -> list[str]:
        return sorted(self.regions.values_list("path", flat=True))

    def region_paths(self) -> list[str]:
        """Return the paths of the regions this user works for (read once per request)."""
        return self._region_paths


class SignIn(models.Model):
    """One browser in which a user is signed in now (在线用户)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins", verbose_name=_("user"))
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    started_at = models.DateTimeField(_("signed in at"), auto_now_add=True)
    seen_at = models.DateTimeField(_("last active at"), auto_now_add=True)
    address = models.GenericIPAddressField(_("address"), null=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-seen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.address or ''}"
