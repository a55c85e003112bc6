"""Lists of households, persons and life events."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from apps.core.dates import age_on
from apps.core.identifiers import mask, mask_phone
from apps.core.tables import (
    ActionsColumn,
    BaseTable,
    CodeColumn,
    DateColumn,
    FigureColumn,
    LinkColumn,
    NameColumn,
    StatusColumn,
    TextColumn,
)
from apps.households.models import Household, LifeEvent, Person

LIVES = {
    "here": ("ok", _("in the county")),
    "left": ("wait", _("moved away")),
    "dead": ("off", _("dead")),
}


class HouseholdTable(BaseTable):
    """Households with head, size and presence."""

    head = NameColumn(
        accessor="head__name", url=lambda row: row.get_absolute_url(), verbose_name=_("Head")
    )
    number = CodeColumn(verbose_name=_("Household number"))
    region = TextColumn(
        accessor="region__name", order_by=("region__sort_key",), verbose_name=_("Village")
    )
    group = TextColumn(verbose_name=_("Group"))
    member_count = FigureColumn(verbose_name=_("Members"))
    at_home_count = FigureColumn(verbose_name=_("At home"), orderable=False)
    phone = CodeColumn(accessor="head__phone", verbose_name=_("Phone"), orderable=False)
    presence = StatusColumn(
        kinds={"present": "ok", "registered_only": "wait", "empty": "off"}, orderable=False
    )

    class Meta(BaseTable.Meta):
        model = Household
        fields = (
            "head",
            "number",
            "region",
            "group",
            "member_count",
            "at_home_count",
            "phone",
            "presence",
        )
        order_by = ("number",)  # as the index has it: no sorting of a whole county

    def render_phone(self, value: str | None) -> Any:
        return mask_phone(value) if value else _("none")

    def render_head(self, record: Household) -> Any:
        name = record.head.name if record.head is not None else _("no head")
        return format_html('<a href="{}"><b>{}</b></a>', record.get_absolute_url(), name)


class PersonTable(BaseTable):
    """Persons with the least that tells them apart."""

    name = NameColumn()
    sex = TextColumn()
    birth_date = DateColumn(precision="birth_precision")
    age = FigureColumn(empty_values=(), orderable=False, verbose_name=_("Age"))
    number = CodeColumn(empty_values=(), orderable=False, verbose_name=_("ID number"))
    registered_region = TextColumn(
        accessor="registered_region__name",
        order_by=("registered_region__sort_key",),
        verbose_name=_("Registered place"),
    )
    current_region = TextColumn(
        accessor="current_region__name",
        order_by=("current_region__sort_key",),
        verbose_name=_("Current place"),
    )
    state = TextColumn(accessor="life", verbose_name=_("State"), orderable=False)

    class Meta(BaseTable.Meta):
        model = Person
        fields = (
            "name",
            "sex",
            "birth_date",
            "age",
            "number",
            "registered_region",
            "current_region",
            "state",
        )
        order_by = ("name",)

    def order_name(self, rows: Any, descending: bool) -> tuple[Any, bool]:
        """By pinyin, as the index has it."""
        sign = "-" if descending else ""
        return rows.order_by(f"{sign}pinyin", f"{sign}pk"), True

    def render_state(self, value: str) -> Any:
        return format_html('<span class="st {}">{}</span>', *LIVES[value])

    def render_age(self, record: Person) -> Any:
        if record.died_on is not None:
            return "–"
        return age_on(record.birth_date, timezone.localdate())

    def render_number(self, record: Person) -> Any:
        return mask(str(record.id_number)) if record.id_number else record.temporary_number

    def render_sex(self, record: Person) -> Any:
        return record.get_sex_display()


class EventTable(BaseTable):
    """Life events with the three dates that matter."""

    person = NameColumn(
        accessor="person__name",
        url=lambda row: row.person.get_absolute_url(),
        verbose_name=_("Full name"),
    )
    kind = TextColumn()
    occurred_on = DateColumn(precision="precision")
    learnt_on = DateColumn()
    entered_at = DateColumn(verbose_name=_("Entered on"))
    region = TextColumn(accessor="region__name", orderable=False, verbose_name=_("Village"))
    other = LinkColumn(
        accessor="other_person__name",
        url=lambda row: row.other_person.get_absolute_url() if row.other_person else "",
        verbose_name=_("With"),
        orderable=False,
    )
    entered_by = TextColumn(orderable=False)
    actions = ActionsColumn(
        links=lambda row: [(_("Remove"), reverse("households:event_delete", args=[row.pk]))]
    )

    class Meta(BaseTable.Meta):
        model = LifeEvent
        fields = (
            "person",
            "kind",
            "occurred_on",
            "learnt_on",
            "entered_at",
            "region",
            "other",
            "entered_by",
            "actions",
        )
        order_by = ("-occurred_on",)

    def before_render(self, request: Any) -> None:
        """Show the way to remove an event to those who may."""
        if not request.user.may("households.remove"):
            self.columns.hide("actions")

    def render_kind(self, record: LifeEvent) -> Any:
        return record.get_kind_display()
