"""Forms of accounts: signing in, passwords, users."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.accounts.records import UserRecord
from apps.core.forms import BaseForm, Fieldset, TidyCharField

LONGEST_PASSWORD = 128


class PasswordField(forms.CharField):
    """A password: never tidied, never shown again."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(widget=widget, strip=False, max_length=LONGEST_PASSWORD, **kwargs)


class SignInForm(BaseForm):
    """User name and password."""

    username = TidyCharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = PasswordField(label=_("Password"), autocomplete="current-password")
    fieldsets = (Fieldset("", "username:12", "password:12"),)


class PasswordForm(BaseForm):
    """One's own new password, typed twice."""

    old_password = PasswordField(label=_("Present password"), autocomplete="current-password")
    new_password = PasswordField(
        label=_("New password"),
        autocomplete="new-password",
        help_text=_("At least 12 characters; a sentence only you know is good. Spaces count."),
    )
    again = PasswordField(label=_("New password once more"), autocomplete="new-password")
    fieldsets = (Fieldset("", "old_password:12", "new_password:12", "again:12"),)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("new_password"), cleaned.get("again")
        if first and second and first != second:
            self.add_error("again", _("This is not the same as the line above."))
        return cleaned


class UserForm(BaseForm):
    """One account: who it is, its one role, where it works."""

    username = TidyCharField(
        label=_("User name"),
        max_length=60,
        validators=[
            RegexValidator(r"^[\w.@+-]+$", _("Please use letters, digits and . @ + - _ only."))
        ],
        help_text=_("For signing in. It cannot be changed later."),
    )
    display_name = TidyCharField(label=_("Name of the user"), max_length=60)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    regions: Any = forms.ModelMultipleChoiceField(
        label=_("Works for"),
        queryset=None,
        help_text=_("Everything below a chosen region is included."),
        widget=forms.SelectMultiple(attrs={"size": 12}),
    )
    is_active = forms.BooleanField(label=_("May sign in"), required=False, initial=True)
    fieldsets = (
        Fieldset(_("Account"), "username:4", "display_name:4", "is_active:4"),
        Fieldset(_("Work"), "role:4", "regions:8"),
    )

    def __init__(self, *args: Any, regions: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["regions"]
        field.queryset = regions
        field.label_from_instance = _indented
        if user is not None:
            self.fields["username"].disabled = True
            self.fields["username"].help_text = ""

    def record(self) -> UserRecord:
        """Return what the form says."""
        said = self.cleaned_data
        return UserRecord(
            username=said["username"],
            display_name=said["display_name"],
            role=said["role"],
            regions=tuple(said["regions"]),
            is_active=said["is_active"],
        )


def _indented(region: Any) -> str:
    """A region's name, set in by its floor below the county, with its code to tell namesakes."""
    depth = max(region.path.count("/") - 2, 0)
    return "\u3000" * depth + f"{region.name} ({region.code})"
