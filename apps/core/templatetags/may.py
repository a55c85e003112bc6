"""Ask in a template what the signed-in user may do: ``{% may "households.edit" as may_edit %}``."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], permission: str) -> bool:
    """Tell whether the role of the user of this request includes a permission."""
    user = getattr(context.get("request"), "user", None)
    return bool(user and user.is_authenticated and user.may(permission))
