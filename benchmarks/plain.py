"""The peer: the same people by a plain django-import-export ModelResource.

What a project writes on its first day: one Person per row with the model's own checks, and the
household, the membership, the places, the marital status and the marriage made after the row is
saved, into the very same tables. Matching is by the ID number's digest, as the resource's key.
"""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import tablib
from import_export import fields, resources

from apps.core.names import search_keys
from apps.households.choices import MARRIED, ResidenceKind, Source
from apps.households.digests import id_digest, id_tail, phone_digest
from apps.households.models import (
    Household,
    Kinship,
    MaritalPeriod,
    Marriage,
    Membership,
    Person,
    Residence,
)
from apps.households.roster_rows import RosterRow
from apps.households.rules import CHILDREN, SPOUSE
from apps.regions.models import Region

COLUMNS = (
    *("name", "sex", "birth_date", "birth_precision", "id_number", "ethnic_group", "education"),
    *("hukou_type", "marital_status", "residence_status", "phone", "village_code"),
    *("household_no", "relation", "group"),
)


class PersonResource(resources.ModelResource):
    """One row, one person; the rest of the family is looked up row by row."""

    digest = fields.Field(attribute="id_digest", column_name="id_digest")

    class Meta:
        model = Person
        import_id_fields = ("digest",)
        fields = (
            *("digest", "name", "sex", "birth_date", "birth_precision", "id_number"),
            *("ethnic_group", "education", "hukou_type", "marital_status", "residence_status"),
            "phone",
        )
        clean_model_instances = True
        use_transactions = True
        skip_diff = True  # a digest cannot be shown

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        row["id_digest"] = id_digest(row["id_number"])
        row["birth_date"] = date.fromisoformat(str(row["birth_date"])[:10])
        for name in COLUMNS:
            row[name] = row[name] if row[name] is not None else ""

    def before_save_instance(self, instance: Person, row: dict[str, Any], **kwargs: Any) -> None:
        keys = search_keys(instance.name)
        instance.pinyin, instance.initials, instance.pinyin_other, instance.initials_other = keys
        instance.id_tail = id_tail(row["id_number"])
        instance.phone_digest = phone_digest(row["phone"]) if row["phone"] else None
        instance.source = Source.ROSTER
        village = Region.objects.get(code=row["village_code"])
        instance.registered_region = village
        instance.current_region = None if row["residence_status"] == "2" else village

    def after_save_instance(self, instance: Person, row: dict[str, Any], **kwargs: Any) -> None:
        household, _is_new = Household.objects.get_or_create(
            region=instance.registered_region,
            number=row["household_no"],
            valid_to=None,
            defaults={"group": row["group"]},
        )
        is_head = row["relation"] == "02"
        _save(
            Membership,
            person=instance,
            household=household,
            relationship_to_head=row["relation"],
            is_head=is_head,
        )
        for kind, region in (
            (ResidenceKind.REGISTERED, instance.registered_region),
            (ResidenceKind.CURRENT, instance.current_region),
        ):
            _save(Residence, person=instance, kind=kind, region=region)
        if instance.marital_status in MARRIED:
            _save(MaritalPeriod, person=instance, status=instance.marital_status)
        _link(instance, household, row["relation"])
        household.head = instance if is_head else household.head
        household.member_count = household.memberships.filter(valid_to=None).count()
        household.save()


def _save(model: Any, **values: Any) -> None:
    """Check by the model, then save: what a form would do."""
    row = model(**values)
    row.full_clean(validate_constraints=False)
    row.save()


def _link(person: Person, household: Household, relation: str) -> None:
    """Marry the spouse to the head, give the child its parent."""
    head = household.head
    if head is None:
        return
    if relation in SPOUSE:
        wife, husband = (person, head) if person.sex == "2" else (head, person)
        _save(Marriage, wife=wife, husband=husband, order="21")
    elif relation in CHILDREN:
        _save(Kinship, child=person, parent=head, parent_sex=head.sex)


def workbook_of(rows: Sequence[RosterRow]) -> bytes:
    """Return a tidy workbook of these lines: the peer gets no mess."""
    sheet = tablib.Dataset(headers=[*COLUMNS, "id_digest"])
    for row in rows:
        # The digest's column must be there; it is filled row by row.
        sheet.append([*(getattr(row, name) for name in COLUMNS), ""])
    content: bytes = sheet.export("xlsx")
    return content


def import_plainly(workbook: bytes) -> int:
    """Load the workbook and import it; returns how many people came in."""
    sheet = tablib.Dataset().load(BytesIO(workbook), format="xlsx")
    result = PersonResource().import_data(sheet, dry_run=False, raise_errors=True)
    return int(result.totals["new"])
