"""The sample workbooks through the whole import, against what their writers expect."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files import File
from django.core.management import call_command

from apps.home.management.commands.import_roster import report
from apps.households.models import Household, Marriage, Person
from apps.households.selectors import residents
from apps.imports import services
from apps.imports.models import Take
from apps.regions.models import Region
from apps.women.models import CaseFile, ContraceptiveUse

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parents[1] / "data" / "samples"
FILES = {
    "01": ("01_户籍人口花名册.xlsx", "household_roster"),
    "02": ("02_已婚育龄妇女花名册.xlsx", "married_women"),
    "10": ("10_人员信息补报表.xlsx", "household_roster"),
}
AS_OF = date(2026, 6, 30)
COUNTS = (
    *("data_rows", "rows_clean", "rows_warned", "rows_importable", "rows_blocked"),
    *("rows_skipped", "persons_created", "households_created"),
)


@pytest.fixture(autouse=True)
def _regions(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    call_command("load_regions", str(FOLDER / "regions.csv"), stdout=io.StringIO())


def bring_in(number: str) -> dict[str, Any]:
    """Import one workbook by the engine's services and return the report of the command."""
    name, kind = FILES[number]
    actor = services.system_user()
    with (FOLDER / name).open("rb") as file:
        batch = services.receive_roster(
            actor=actor,
            file=File(file, name=name),
            kind=kind,
            region=Region.objects.get(parent=None),
            as_of=AS_OF,
            in_background=False,
        ).batch
    batch = services.read_batch(batch_id=batch.pk, actor=actor)
    services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
    services.confirm_batch(actor=actor, batch=batch, in_background=False)
    batch = services.apply_batch(batch_id=batch.pk, actor=actor)
    return report(actor, batch, batch.result, batch.state)


def expected(number: str) -> dict[str, Any]:
    """Read what the writers of the samples expect."""
    path = (FOLDER / FILES[number][0]).with_suffix(".expected.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("number", FILES)
def test_sample_alone_comes_in_as_expected(number: str) -> None:
    wanted = expected(number)

    found = bring_in(number)

    assert {name: found[name] for name in COUNTS} == {name: wanted[name] for name in COUNTS}
    assert Person.objects.count() == wanted["persons_created"]["any"]
    assert Household.objects.count() == (wanted["households_created"] or 0)


@pytest.mark.parametrize("number", ["01", "10"])
def test_people_of_a_household_roster_by_sex(number: str) -> None:
    wanted = expected(number)["indicators"]["after_import"]["persons_by_sex"]

    bring_in(number)

    here = residents(AS_OF, "registered")
    by_sex = {
        "男": here.filter(person__sex="1").count(),
        "女": here.filter(person__sex="2").count(),
    }
    assert by_sex == wanted


def test_women_of_the_roster_and_their_methods() -> None:
    wanted = expected("02")["indicators"]["after_import"]

    bring_in("02")

    users = ContraceptiveUse.objects.exclude(method="00").filter(valid_to=None)
    assert CaseFile.objects.count() == wanted["women_15_49"]
    assert users.count() == wanted["contraceptive_users"]
    assert Marriage.objects.filter(husband__isnull=False).count() == 136


def test_samples_one_after_the_other_mean_the_same_people() -> None:
    for number in ("01", "02", "10"):
        bring_in(number)

    numbers = Person.objects.exclude(id_digest=None)
    assert Household.objects.count() == 239
    assert numbers.values("id_digest").distinct().count() == numbers.count()
    assert Person.objects.count() == 731


def test_samples_a_second_time_change_nothing() -> None:
    for number in FILES:
        bring_in(number)
    events = Person.pgh_event_model.objects  # type: ignore[attr-defined]
    before = events.count()

    again = [bring_in(number) for number in FILES]

    assert [found["persons_created"]["any"] for found in again] == [0, 0, 0]
    assert [found["persons_changed"] for found in again] == [0, 0, 0]
    assert [found["households_created"] for found in again] == [0, None, 0]
    assert events.count() == before
