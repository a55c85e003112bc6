"""Reads about users and sign-ins."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from apps.accounts.models import SignIn, User
from apps.core.querysets import in_paths, scope_paths
from apps.regions import selectors as regions
from apps.regions.models import Region

REGIONS = User.regions.through


def users(user: Any) -> QuerySet[User]:
    """Return the accounts that `user` may see: those that work in the user's regions.

    An account without any region is shown to everybody who keeps users, since it would
    otherwise be lost. `region_name` is the first one's full name.
    """
    paths = scope_paths(user)
    if not paths:
        return User.objects.none()
    own = REGIONS.objects.filter(user_id=OuterRef("pk"))
    inside = own.filter(in_paths(("region",), paths))
    first = Region.objects.filter(users=OuterRef("pk")).order_by("sort_key", "pk")
    return (
        User.objects.filter(Exists(inside) | ~Exists(own))
        .annotate(region_name=Subquery(first.values("full_name")[:1]))
        .order_by("username", "pk")
    )


def sign_ins(user: Any) -> QuerySet[SignIn]:
    """Return where this user is signed in, latest activity first."""
    return SignIn.objects.filter(user=user)


def sign_ins_in_scope(user: Any) -> QuerySet[SignIn]:
    """Return the sign-ins of all accounts that `user` may see."""
    return SignIn.objects.filter(user__in=users(user).values("pk")).select_related("user")


def works_outside(user: User, paths: list[str]) -> bool:
    """Tell whether an account works for a region that lies in none of `paths`."""
    inside = in_paths(("",), paths)
    return user.regions.exclude(inside).exists()


def user_named(username: str) -> User | None:
    """Return the account of that name."""
    return User.objects.filter(username=username).first()


def region_existing_now(code: str) -> Region | None:
    """Return the division of that code, whoever asks; for commands, which act for nobody."""
    today = timezone.localdate()
    return Region.objects.filter(regions.valid_on(today), code=code).first()
