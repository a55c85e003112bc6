"""What the codes of acts mean, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# The last word of a code, "<app>.<model>.<past participle>".
ACTS = {
    "opened": gettext_noop("opened"),
    "created": gettext_noop("created"),
    "updated": gettext_noop("changed"),
    "removed": gettext_noop("removed"),
    "deleted": gettext_noop("deleted"),
    "unmasked": gettext_noop("shown in full"),
    "exported": gettext_noop("exported"),
    "printed": gettext_noop("printed"),
    "searched": gettext_noop("searched for"),
    "recorded": gettext_noop("entered"),
    "signed_in": gettext_noop("signed in"),
    "signed_out": gettext_noop("signed out"),
    "signed_out_elsewhere": gettext_noop("signed out from elsewhere"),
    "sign_in_failed": gettext_noop("wrong password"),
    "locked": gettext_noop("paused after wrong passwords"),
    "session_expired": gettext_noop("session ended by time"),
    "password_changed": gettext_noop("password changed"),
    "password_reset": gettext_noop("new password set"),
    "loaded": gettext_noop("loaded from a file"),
    "renamed": gettext_noop("renamed"),
    "moved": gettext_noop("moved"),
    "merged": gettext_noop("merged"),
    "replaced": gettext_noop("replaced"),
    "uploaded": gettext_noop("uploaded"),
    "confirmed": gettext_noop("confirmed"),
    "applied": gettext_noop("applied"),
    "cancelled": gettext_noop("cancelled"),
    "failed": gettext_noop("failed"),
    "ended": gettext_noop("ended"),
    "reopened": gettext_noop("opened again"),
    "undone": gettext_noop("taken back"),
    "entered": gettext_noop("entered"),
    "refreshed": gettext_noop("computed again"),
}


def act_label(code: str) -> str:
    """Return an act in words: the last word of its code, as it is if unknown."""
    last = code.rsplit(".", 1)[-1]
    return _(ACTS[last]) if last in ACTS else last.replace("_", " ")
