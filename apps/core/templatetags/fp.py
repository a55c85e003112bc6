"""Template tags and filters of the shell: icons, figures, dates, status words.

Load with ``{% load fp %}``.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core import browsers
from apps.core.menu import address

register = template.Library()

MINUS = "\N{MINUS SIGN}"
DATE_LENGTHS = {"year": 4, "month": 7, "day": 10}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw one Tabler outline icon from the sprite; always beside a word, so hidden from readers.

    Names must stand in static/icons.txt, from which the sprite is built.
    """
    sprite = static("vendor/icons.svg")
    classes = f"fp-icon {css}".strip()
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"></use></svg>', classes, sprite, name
    )


@register.simple_tag
def link_to(name: str, *args: Any) -> str:
    """Return the address of a named page, or "" where that page does not exist."""
    return address(name, *args)


@register.filter
def figure(value: Any, places: int | None = None) -> str:
    """Write a number with thousands separators: 33,058 or 0.97. None becomes "none" (无)."""
    if value is None or value == "":
        return _("none")
    if not isinstance(value, int | float | Decimal):
        return str(value)
    if places is None and isinstance(value, float | Decimal) and value == int(value):
        value = int(value)
    text = f"{value:,}" if places is None else f"{value:,.{int(places)}f}"
    return text.replace("-", MINUS)


@register.filter
def lasting(seconds: int) -> str:
    """Say how long something takes: seconds up to a minute and a half, then minutes."""
    if seconds < 90:
        return _("%(n)s s") % {"n": seconds}
    return _("%(n)s min") % {"n": round(seconds / 60)}


@register.filter
def browser(user_agent: str) -> str:
    """Name the browser behind what it says about itself: Chrome 109, Windows."""
    return browsers.name_of(user_agent)


@register.filter
def signed(value: Any, places: int | None = None) -> str:
    """Write a change with its sign: +3, a true minus for a decrease, 0 for none."""
    text = figure(value, places)
    return f"+{text}" if isinstance(value, int | float | Decimal) and value > 0 else text


@register.filter
def day(value: Any, precision: str = "day") -> str:
    """Write a date as 2026-11-21, or 2026-11 or 2026 where only that much is known."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if not isinstance(value, date):
        return str(value)
    return value.isoformat()[: DATE_LENGTHS.get(str(precision), 10)]


@register.filter
def moment(value: Any) -> str:
    """Write an instant as 2026-11-21 10:32 in local time."""
    if not isinstance(value, datetime):
        return ""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%Y-%m-%d %H:%M")


@register.simple_tag
def show_day(value: Any, precision: Any = "") -> str:
    """Write a date as `day` does; a precision that is missing means the whole day."""
    return day(value, str(precision or "day"))


@register.simple_tag
def show_figure(value: Any, places: Any = "") -> str:
    """Write a number as `figure` does; places that are missing mean as it is."""
    return figure(value, None if places in ("", None) else int(places))


@register.simple_tag
def show_change(value: Any, places: Any = "") -> str:
    """Write a change as `signed` does; places that are missing mean as it is."""
    return signed(value, None if places in ("", None) else int(places))


@register.inclusion_tag("components/status.html")
def status(kind: str, word: Any) -> dict[str, Any]:
    """Show a state as shape, word and colour. kind: ok, wait, warn, bad or off."""
    return {"kind": kind, "word": word}


@register.filter
def percent_of(value: Any, whole: Any) -> str:
    """Return how many percent `value` is of `whole`, rounded down; 0 of nothing is 0."""
    return str(int(100 * (value or 0) / whole)) if whole else "0"


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """Look up a key that is only known at display, for example a row's own field name."""
    return mapping.get(key) if mapping else None
