"""The account in whose name imports run that nobody started in a browser."""

from django.db import transaction

from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.regions.models import Region

SYSTEM = "system"


@transaction.atomic
def system_user() -> User:
    """Return the built-in account for command lines, which nobody can sign in with.

    It is stored as inactive and has no password. The object returned counts as active, so that
    the checks of scope and role hold for it as for everybody; it must not be saved.
    """
    user, is_new = User.objects.get_or_create(
        username=SYSTEM,
        defaults={"display_name": SYSTEM, "role": Role.COUNTY_OFFICER, "is_active": False},
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    user.regions.set(Region.objects.filter(parent=None))
    user.is_active = True
    return user
