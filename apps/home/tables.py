"""Lists of the landing page: what is due, what a search found."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from apps.core.identifiers import mask
from apps.core.tables import (
    BaseTable,
    CodeColumn,
    DateColumn,
    FigureColumn,
    NameColumn,
    TextColumn,
)
from apps.households.models import Household, Person
from apps.imports.models import Batch


class PersonTable(BaseTable):
    """People, with what tells namesakes apart. Heads are named since a search gives lists."""

    name = NameColumn(verbose_name=_("Full name"))
    sex = TextColumn(verbose_name=_("Sex"))
    birth_date = DateColumn(verbose_name=_("Date of birth"), precision="birth_precision")
    id_number = CodeColumn(verbose_name=_("ID number"), orderable=False)
    registered_region = TextColumn(
        verbose_name=_("Registered place"), order_by=("registered_region__sort_key",)
    )

    class Meta(BaseTable.Meta):
        model = Person
        fields = ("name", "sex", "birth_date", "id_number", "registered_region")

    def render_id_number(self, value: str | None, record: Person) -> Any:
        return mask(value) if value else (record.temporary_number or _("none"))


class HouseholdTable(BaseTable):
    """Households by their number."""

    number = NameColumn(verbose_name=_("Household number"))
    region = TextColumn(verbose_name=_("Village"), order_by=("region__sort_key",))
    group = TextColumn(verbose_name=_("Group"))
    address = TextColumn(verbose_name=_("Address"), nowrap=False)
    member_count = FigureColumn(verbose_name=_("Members"))

    class Meta(BaseTable.Meta):
        model = Household
        fields = ("number", "region", "group", "address", "member_count")


class BatchTable(BaseTable):
    """Imports."""

    filename = NameColumn(orderable=False)
    region = TextColumn(orderable=False)
    state = TextColumn()
    created_at = DateColumn()

    class Meta(BaseTable.Meta):
        model = Batch
        fields = ("filename", "region", "state", "created_at")


TABLES: dict[type[Model], type[BaseTable]] = {
    Person: PersonTable,
    Household: HouseholdTable,
    Batch: BatchTable,
}
