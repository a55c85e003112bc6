"""Empty templates and today's roster: what they offer, and that importing them changes nothing."""

import io
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from openpyxl import load_workbook

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.errors import NotPermitted, OutOfScope
from apps.core.keys import read_key, record_key
from apps.households.models import Person
from apps.imports import registry, services
from apps.imports.models import BatchState, RowStatus, Take
from apps.imports.rules.templates import TemplateSheet, sheet_names
from apps.imports.services import templates
from apps.regions.models import Region
from tests.factories.households import PersonFactory, living, marry
from tests.imports.rosters import id_number

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
DAY = date(2026, 6, 30)


def test_key_names_a_record_and_notices_a_slip() -> None:
    key = record_key(1024)
    assert key.startswith("1024-")
    assert read_key(f" {key.lower()} ") == 1024
    assert [read_key(text) for text in ("1025" + key[4:], "1024", "", "x-AAAA")] == [None] * 4


def test_sheet_names_are_such_that_every_program_takes_them() -> None:
    sheets = [TemplateSheet(name, "") for name in ("甲/乙[1]", "甲/乙[1]", "", "长" * 40)]
    assert sheet_names(sheets) == ["甲_乙_1_", "甲_乙_1_2", "1", "长" * 28]


def _book(content: bytes):
    return load_workbook(io.BytesIO(content))


@pytest.mark.django_db
def test_empty_template_has_text_columns_drop_downs_and_a_sheet_per_village(
    places: SimpleNamespace, township_clerk: User
) -> None:
    content, name = services.roster_template(
        actor=township_clerk, kind="household_roster", region=places.township, on=DAY,
        with_people=False,
    )  # fmt: skip
    book = _book(content)
    assert name == "安塘乡_户籍人口花名册_20260630.xlsx"
    assert [(s.title, s.sheet_state) for s in book] == [
        ("黄岭村", "visible"), ("沙田村", "visible"), ("选项", "hidden"),
    ]  # fmt: skip
    sheet = book["黄岭村"]
    headings = [cell.value for cell in sheet[2]]
    assert headings[:6] == ["户号", "姓名", "与户主关系", "性别", "公民身份号码", "出生日期"]
    assert {sheet.column_dimensions[letter].number_format for letter in "AEF"} == {"@"}
    offers = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert offers["D3:D5001"] == '"男,女"'
    assert offers["C3:C5001"].startswith("'选项'!$A$1:$A$")
    assert "户主" in [cell.value for cell in book["选项"]["A"]]
    assert not sheet.protection.sheet
    entry = Entry.objects.get(code="imports.template.downloaded")
    assert entry.changes == {
        "kind": [None, "household_roster"], "people": [None, 0], "villages": [None, 2],
    }  # fmt: skip


@pytest.mark.django_db
def test_template_is_for_those_who_may_import_here(
    places: SimpleNamespace, township_clerk: User, township_leader: User
) -> None:
    wanted: dict[str, Any] = {"kind": "household_roster", "on": DAY, "with_people": True}
    with pytest.raises(NotPermitted):
        services.roster_template(actor=township_leader, region=places.village, **wanted)
    with pytest.raises(OutOfScope):
        services.roster_template(actor=township_clerk, region=places.far_village, **wanted)


@pytest.mark.django_db
def test_too_many_villages_are_refused_in_words(
    places: SimpleNamespace, township_clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(templates, "MAX_VILLAGES", 1)
    with pytest.raises(ValidationError) as refusal:
        services.roster_template(
            actor=township_clerk, kind="household_roster", region=places.township, on=DAY,
            with_people=True,
        )  # fmt: skip
    assert "2" in refusal.value.message_dict["region"][0]


@pytest.fixture
def _imported(db: None) -> None:
    call_command("load_regions", SAMPLES / "regions.csv", stdout=io.StringIO())
    for name, kind in (
        ("10_人员信息补报表.xlsx", "household_roster"),
        ("02_已婚育龄妇女花名册.xlsx", "married_women"),
    ):
        _import((SAMPLES / name).read_bytes(), name, kind)


def _import(content: bytes, name: str, kind: str):
    actor = services.system_user()
    batch = services.receive_roster(
        actor=actor, kind=kind, region=Region.objects.get(parent=None), as_of=DAY,
        file=ContentFile(content, name), in_background=False,
    ).batch  # fmt: skip
    batch = services.read_batch(batch_id=batch.pk, actor=actor)
    assert batch.state == BatchState.CHECKED
    if batch.importable:
        services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
        services.confirm_batch(actor=actor, batch=batch, in_background=False)
        batch = services.apply_batch(batch_id=batch.pk, actor=actor)
    return batch


@pytest.mark.usefixtures("_imported")
@pytest.mark.parametrize("kind", ["household_roster", "married_women"])
def test_todays_roster_imported_again_changes_nothing(kind: str) -> None:
    actor = services.system_user()
    village = Region.objects.get(name="沙田村", parent__name="安塘乡")
    content, name = services.roster_template(
        actor=actor, kind=kind, region=village, on=DAY, with_people=True
    )
    sheet = _book(content)[village.name]
    keys = [row[0].value for row in sheet.iter_rows(min_row=3) if row[0].value]
    assert keys
    assert all(read_key(key) for key in keys)
    assert sheet.protection.sheet
    assert (sheet["A3"].protection.locked, sheet["C3"].protection.locked) == (True, False)

    batch = _import(content, name, kind)
    assert batch.counts["all"] == len(keys)
    assert batch.counts["blocked"] == 0
    assert batch.counts["outcomes"] == {"same": len(keys)}
    assert not batch.rows.exclude(status__in=[RowStatus.CLEAN, RowStatus.WARN]).exists()
    # A woman whom only the household roster named gets her service file by the first of them.
    assert services.came_in(batch) == (kind == "married_women")
    assert not services.came_in(_import(content, name, kind))


@pytest.mark.usefixtures("_imported")
def test_key_brings_a_corrected_name_and_number_to_the_right_person() -> None:
    actor = services.system_user()
    village = Region.objects.get(name="沙田村", parent__name="安塘乡")
    content, name = services.roster_template(
        actor=actor, kind="household_roster", region=village, on=DAY, with_people=True
    )
    book = _book(content)
    sheet = book[village.name]
    columns = {cell.value: cell.column for cell in sheet[2]}
    rows = [
        row[0].row
        for row in sheet.iter_rows(min_row=3)
        if row[0].value and sheet.cell(row[0].row, columns["公民身份号码"]).value
    ]
    renamed, renumbered, shifted, strange = rows[:4]
    people = Person.objects.count()
    person = Person.objects.get(pk=read_key(sheet.cell(renamed, 1).value) or 0)
    sheet.cell(renamed, columns["姓名"]).value = "覃改名"
    other = Person.objects.get(pk=read_key(sheet.cell(renumbered, 1).value) or 0)
    number = id_number(other.birth_date, "男" if other.sex == "1" else "女", 77)
    sheet.cell(renumbered, columns["公民身份号码"]).value = number
    sheet.cell(shifted, 1).value = record_key(person.pk)
    sheet.cell(strange, 1).value = "12-AAAA"
    stored = io.BytesIO()
    book.save(stored)
    batch = _import(stored.getvalue(), name, "household_roster")

    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.name, person.initials[:1]) == ("覃改名", "q")
    assert (other.id_number, Person.objects.count()) == (number, people)
    found = {(issue.row_number, issue.kind) for issue in batch.issues.all()}
    assert {(shifted, "key_conflict"), (strange, "key_unknown")} <= found
    assert batch.counts["blocked"] == 1
    assert batch.counts["outcomes"]["changed"] == 2


@pytest.mark.django_db
def test_roster_of_women_keeps_the_number_of_a_husband_out_of_sight(
    places: SimpleNamespace, township_clerk: User
) -> None:
    numbers: dict[str, str | None] = {}
    for name, home in (("近", places.village), ("远", places.far_village)):
        wife = living(PersonFactory(name=f"韦{name}", sex="2"), places.village)
        number = id_number(date(1984, 3, 7), "男", len(numbers) + 1)
        husband = living(PersonFactory(name=f"覃{name}", id_number=number), home)
        marry(wife, husband)
        numbers[husband.name] = husband.id_number
    lines = registry.get("married_women").people_of(places.village, actor=township_clerk, on=DAY)
    found = {line["spouse_name"]: line["spouse_id"] for line in lines}
    assert found == {"覃近": numbers["覃近"], "覃远": ""}
