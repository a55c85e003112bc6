"""Accounts: signing in and out, passwords, who may do what where."""

import json
import secrets
from typing import Any

from django.contrib import auth
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts import selectors
from apps.accounts.choices import Role
from apps.accounts.models import SignIn, User
from apps.accounts.records import UserRecord
from apps.audit import services as audit
from apps.core import crypto, requests
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope
from apps.core.querysets import scope_paths

# Without letters and digits that are taken for one another on paper.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 4
GROUP_LENGTH = 4
STARTED = "signed_in_at"
SEEN = "seen_at"
WAS_IDLE = "was_idle"
KEPT_FORM = "kept_form"
KEPT_FORM_BYTES = 200_000
NEVER_KEPT = {"csrfmiddlewaretoken", "form_token", "show_again"}


# Signing in and out -------------------------------------------------------------------------------


@transaction.atomic
def sign_in(*, request: HttpRequest, user: User) -> None:
    """Begin a new session for a user whose password was right, and write it down."""
    auth.login(request, user)
    now = timezone.now()
    request.session.pop(WAS_IDLE, None)
    request.session[STARTED] = request.session[SEEN] = now.timestamp()
    _note_session(request, user)
    audit.record("accounts.user.signed_in", actor=user, target=user)


def note_failed_sign_in(*, username: str) -> None:
    """Write down a wrong password. What was typed as a name is kept only if it is one."""
    user = selectors.user_named(username)
    audit.record(
        "accounts.user.sign_in_failed", actor=None, target=user, region=_first_region(user)
    )


def note_lock(*, username: str) -> None:
    """Write down that a pause was imposed after several wrong passwords."""
    user = selectors.user_named(username)
    audit.record("accounts.user.locked", actor=None, target=user, region=_first_region(user))


def _first_region(user: User | None) -> Any:
    return user.regions.order_by("path").first() if user else None


@transaction.atomic
def sign_out(*, request: HttpRequest) -> None:
    """End the session of this browser."""
    user: Any = request.user
    if user.is_authenticated:
        SignIn.objects.filter(session_key=request.session.session_key).delete()
        audit.record("accounts.user.signed_out", actor=user, target=user)
    auth.logout(request)


def note_activity(*, request: HttpRequest, at: float) -> None:
    """Remember when this session was last used."""
    request.session[SEEN] = at
    SignIn.objects.filter(session_key=request.session.session_key).update(seen_at=timezone.now())


def expire(*, request: HttpRequest) -> None:
    """End a session that was idle or open for too long, keeping what was being typed.

    The posted values are sealed for this user and wait in the new, anonymous session: after
    signing in again in this browser the form comes back filled. Files are not kept.
    """
    kept = _sealed_form(request)
    SignIn.objects.filter(session_key=request.session.session_key).delete()
    user: Any = request.user
    audit.record("accounts.user.session_expired", actor=user, target=user)
    auth.logout(request)
    request.session[WAS_IDLE] = True
    if kept:
        request.session[KEPT_FORM] = kept


def _sealed_form(request: HttpRequest) -> dict[str, Any] | None:
    if request.method != "POST":
        return None
    values = {
        name: found
        for name, found in request.POST.lists()
        if name not in NEVER_KEPT and "password" not in name
    }
    plain = json.dumps(values, ensure_ascii=False)
    if not values or len(plain) > KEPT_FORM_BYTES:
        return None
    sealed = crypto.encrypt(_kept_purpose(request.user.pk), plain)
    return {"user": request.user.pk, "path": request.path, "sealed": sealed.hex()}


def kept_form(*, request: HttpRequest) -> tuple[str, list[tuple[str, str]]] | None:
    """Return address and values of a form that was interrupted, if it was this user's."""
    kept = request.session.get(KEPT_FORM)
    if not kept or kept["user"] != request.user.pk:
        return None
    purpose = _kept_purpose(request.user.pk)
    try:
        values = json.loads(crypto.decrypt(purpose, bytes.fromhex(kept["sealed"])))
    except crypto.Undecipherable:
        return None
    pairs = [(name, value) for name, found in values.items() for value in found]
    return kept["path"], pairs


def drop_kept_form(*, request: HttpRequest) -> None:
    """Throw an interrupted form away."""
    request.session.pop(KEPT_FORM, None)


def _kept_purpose(user_pk: object) -> str:
    return f"kept_form:{user_pk}"


def _note_session(request: HttpRequest, user: User) -> None:
    if not request.session.session_key:
        request.session.save()
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "address": requests.client_address(request),
            "browser": request.headers.get("User-Agent", "")[:200],
        },
    )


@transaction.atomic
def end_sign_in(*, actor: User, sign_in: SignIn) -> None:
    """Sign a browser out from elsewhere: one's own, or as an administrator anybody's in scope."""
    if sign_in.user_id != actor.pk:
        _require_manager(actor)
        _require_in_scope(actor, sign_in.user)
    _end_sessions(sign_in.user, only=sign_in.session_key)
    audit.record("accounts.user.signed_out_elsewhere", actor=actor, target=sign_in.user)


@transaction.atomic
def end_other_sign_ins(*, actor: User, keep: str) -> int:
    """Sign the actor out everywhere but in the session `keep`; returns in how many places."""
    count = _end_sessions(actor, keep=keep)
    audit.record("accounts.user.signed_out_elsewhere", actor=actor, target=actor)
    return count


def _end_sessions(user: User, *, only: str = "", keep: str = "") -> int:
    rows = SignIn.objects.filter(user=user)
    rows = rows.filter(session_key=only) if only else rows.exclude(session_key=keep)
    keys = list(rows.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    return len(keys)


# Passwords ----------------------------------------------------------------------------------------


def generated_password() -> str:
    """Return a password to hand over on paper: four groups of four, 79 bits."""
    groups = (
        "".join(secrets.choice(ALPHABET) for _n in range(GROUP_LENGTH)) for _g in range(GROUPS)
    )
    return "-".join(groups)


@transaction.atomic
def change_password(*, request: HttpRequest, old: str, new: str) -> None:
    """Set one's own password; all other sessions of the user end.

    Raises ValidationError for `old_password` or `new_password`.
    """
    user = User.objects.select_for_update().get(pk=str(request.user.pk))
    if not user.check_password(old):
        raise ValidationError({"old_password": _("This is not your present password.")})
    if old == new:
        raise ValidationError({"new_password": _("Please choose a password you do not have now.")})
    _set_password(user, new, must_change=False)
    _end_sessions(user)
    auth.update_session_auth_hash(request, user)
    _note_session(request, user)
    audit.record("accounts.user.password_changed", actor=user, target=user)


def _set_password(user: User, password: str, *, must_change: bool) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"new_password": error}) from error
    user.set_password(password)
    user.must_change_password = must_change
    user.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def reset_password(*, actor: User, user: User) -> str:
    """Give an account a new generated password and return it; it is shown this once.

    Nobody chooses a password for somebody else; its owner must change it at the next sign-in.
    """
    _require_manager(actor)
    _require_in_scope(actor, user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == actor.pk:
        raise NotAllowedNow(_("Change your own password under “My account”."))
    password = generated_password()
    _set_password(user, password, must_change=True)
    _end_sessions(user)
    audit.record("accounts.user.password_reset", actor=actor, target=user)
    return password


# Accounts -----------------------------------------------------------------------------------------


@transaction.atomic
def create_user(*, actor: User, record: UserRecord) -> tuple[User, str]:
    """Open an account; returns it with its generated password, which is shown this once."""
    _require_manager(actor)
    _check_regions(actor, record)
    if User.objects.filter(username__iexact=record.username).exists():
        raise ValidationError({"username": _("There is already a user of this name.")})
    user = User(
        username=record.username,
        display_name=record.display_name,
        role=record.role,
        is_active=record.is_active,
        is_staff=record.role == Role.ADMINISTRATOR,
        must_change_password=True,
    )
    password = generated_password()
    user.set_password(password)
    user.full_clean(exclude=["email", "first_name", "last_name"])
    user.save()
    user.regions.set(record.regions)
    audit.record("accounts.user.created", actor=actor, target=user, after=_described(user))
    return user, password


@transaction.atomic
def update_user(*, actor: User, user: User, record: UserRecord) -> User:
    """Change what an account is and where it works; holds from the user's very next request."""
    _require_manager(actor)
    _require_in_scope(actor, user)
    _check_regions(actor, record)
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.pk == actor.pk and (record.role != user.role or not record.is_active):
        raise NotAllowedNow(_("You cannot take your own role away. Ask another administrator."))
    before = _described(user)
    user.display_name = record.display_name
    user.role = record.role
    user.is_active = record.is_active
    user.is_staff = record.role == Role.ADMINISTRATOR
    user.save(update_fields=["display_name", "role", "is_active", "is_staff"])
    user.regions.set(record.regions)
    if not user.is_active:
        _end_sessions(user)
    audit.record(
        "accounts.user.updated", actor=actor, target=user, before=before, after=_described(user)
    )
    return user


@transaction.atomic
def provide_demo_user(*, username: str, role: str, region_code: str) -> tuple[User, str]:
    """Open an account for demonstrations and automated runs, or renew its password.

    For the command line, whose caller holds the database anyway: there is no acting user, and no
    other password is asked for at the first sign-in. Raises ValidationError for an unknown code.
    """
    region = selectors.region_existing_now(region_code)
    if region is None:
        text = _("There is no division of the code %(code)s.") % {"code": region_code}
        raise ValidationError(text)
    user, _is_new = User.objects.select_for_update().get_or_create(username=username)
    password = generated_password()
    user.role = role
    user.is_active = True
    user.is_staff = role == Role.ADMINISTRATOR
    user.display_name = user.display_name or f"{user.get_role_display()} ({region.name})"[:60]
    user.must_change_password = False
    user.set_password(password)
    user.save()
    user.regions.set([region])
    _end_sessions(user)
    audit.record("accounts.user.password_reset", actor=None, target=user, region=region)
    return user, password


def _described(user: User) -> dict[str, Any]:
    names = user.regions.order_by("sort_key").values_list("full_name", flat=True)
    return {
        "display_name": user.display_name,
        "role": user.role,
        "is_active": user.is_active,
        "regions": list(names),
    }


def _check_regions(actor: User, record: UserRecord) -> None:
    """Nobody gives away more than the regions they work for themselves."""
    paths = tuple(scope_paths(actor))
    if not record.regions:
        raise ValidationError({"regions": _("Please choose at least one region.")})
    if not all(region.path.startswith(paths) for region in record.regions):
        raise OutOfScope


def _require_manager(actor: User) -> None:
    if not actor.may("accounts.manage"):
        raise NotPermitted


def _require_in_scope(actor: User, user: User) -> None:
    paths = scope_paths(actor)
    if not paths or selectors.works_outside(user, paths):
        raise OutOfScope
