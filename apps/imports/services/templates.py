"""Empty templates and today's rosters, village by village, ready to be filled in and imported."""

import io
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.codes import code_set
from apps.imports import registry
from apps.imports.records import Column
from apps.imports.registry import SheetKind
from apps.imports.rules.templates import (
    TemplateColumn,
    TemplateSheet,
    Words,
    write_template,
)
from apps.imports.services.uploads import check_actor
from apps.regions.choices import RegionKind
from apps.regions.models import Region

MAX_VILLAGES = 60
WIDTHS = {"id": 22, "text": 24, "birth": 13, "date": 13, "phone": 15, "key": 14, "household": 11}
SEXES = ("男", "女")


@transaction.atomic
def roster_template(
    *, actor: User, kind: str, region: Region, on: date, with_people: bool
) -> tuple[bytes, str]:
    """Return a workbook (xlsx) with one sheet per village, and its file name.

    With people it is today's roster: their key, numbers and all, audited. Raises ValidationError
    when the region has more villages than one workbook should hold.
    """
    check_actor(actor, region)
    found = registry.get(kind)
    villages = _villages(region)
    fields = found.template if with_people else [f for f in found.template if f != "key"]
    columns = [_column(found, field) for field in fields]
    sheets = [
        TemplateSheet(
            village.name,
            f"{village.name}{found.file_words} {on:%Y-%m-%d}",
            (
                [line.get(field, "") for field in fields]
                for line in found.people_of(village, actor=actor, on=on)
            )
            if with_people
            else (),
        )
        for village in villages
    ]
    target = io.BytesIO()
    people = write_template(target, columns, sheets, _words())
    audit.record(
        "imports.template.downloaded",
        actor=actor,
        target=region,
        after={"kind": kind, "people": people, "villages": len(villages)},
    )
    return target.getvalue(), f"{region.name}_{found.file_words}_{on:%Y%m%d}.xlsx"


def _villages(region: Region) -> list[Region]:
    """Return the villages of a region, itself if it is one."""
    below = Region.objects.filter(
        path__startswith=region.path, kind=RegionKind.VILLAGE, valid_to__isnull=True
    )
    villages = list(below.order_by("sort_key")) or [region]
    if len(villages) > MAX_VILLAGES:
        raise ValidationError(
            {
                "region": ngettext(
                    "This region has %(n)s village; one workbook holds at most %(limit)s.",
                    "This region has %(n)s villages; one workbook holds at most %(limit)s. "
                    "Please choose a township or a village.",
                    len(villages),
                )
                % {"n": len(villages), "limit": MAX_VILLAGES}
            }
        )
    return villages


def _words() -> Words:
    return Words(
        lists=_("lists"), choose=_("Please choose from the list, or leave the cell empty.")
    )


def _column(kind: SheetKind, field: str) -> TemplateColumn:
    column = kind.column(field)
    if column is None:
        raise KeyError(field)
    required = any(group[0] == field for group in kind.required)
    return TemplateColumn(
        heading=kind.template_headings.get(field, column.words[0]),
        note=_note(column, required),
        options=_options(column),
        required=required,
        width=WIDTHS.get(column.kind, 11),
        is_key=column.kind == "key",
    )


def _options(column: Column) -> tuple[str, ...]:
    if column.kind == "sex":
        return SEXES
    return tuple(code_set(column.code_set).by_name_zh) if column.code_set else ()


def _note(column: Column, required: bool) -> str:
    """Return what to type into a column."""
    notes = {
        "id": _("18 characters, typed as text. Leave it empty if there is none yet."),
        "birth": _("For example 1985-03-01. Not needed when there is an ID number."),
        "date": _("For example 2026-05-01; month or year alone will do: 2026-05."),
        "phone": _("Mobile number, or area code and number."),
        "household": _("The same number for everybody of one household."),
        "key": _("Names the person in the register. Please do not change it."),
    }
    texts = [_("Must be filled in.")] if required else []
    if note := notes.get(column.kind):
        texts.append(note)
    if column.code_set:
        texts.append(_("Choose from the list."))
    return " ".join(texts)
