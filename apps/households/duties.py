"""What falls due in households: numbers and heads that are missing."""

from django.utils.translation import gettext_lazy as _

from apps.core.duties import Duty, register
from apps.households.selectors import due

register(
    Duty(
        name="households-without-head",
        title=_("Households without a head"),
        business=_("Households"),
        permission="households.edit",
        selector=due.households_without_head,
        since="updated_at",
        hint=_("Open the household and confirm who is the head now."),
        days=30,
        order=20,
    )
)
register(
    Duty(
        name="newborns-without-number",
        title=_("Newborns without an ID number"),
        business=_("Households"),
        permission="households.edit",
        selector=due.newborns_without_number,
        since="birth_date",
        hint=_("Once the child is registered, enter its ID number; all links stay."),
        days=90,
        order=30,
    )
)
register(
    Duty(
        name="persons-without-number",
        title=_("People without an ID number"),
        business=_("Households"),
        permission="households.edit",
        selector=due.persons_without_number,
        since="created_at",
        hint=_("Ask the family for the number and enter it in the person's file."),
        order=40,
    )
)
