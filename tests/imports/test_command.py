"""`manage.py import_roster`: the sample workbooks give exactly what is expected of them."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.households.models import Household, Person
from apps.imports.models import Batch, BatchState, Take
from apps.imports.services.system import SYSTEM
from apps.indicators.models import Run
from apps.regions.models import Region
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
NUMBERS = (
    "data_rows",
    "rows_clean",
    "rows_warned",
    "rows_importable",
    "rows_blocked",
    "rows_skipped",
    "persons_created",
    "households_created",
)
FILES = [
    ("01_户籍人口花名册", "household_roster"),
    ("02_已婚育龄妇女花名册", "married_women"),
    ("10_人员信息补报表", "household_roster"),
]


@pytest.fixture
def _county() -> None:
    call_command("load_regions", SAMPLES / "regions.csv", stdout=StringIO())


@pytest.fixture
def _townships(tmp_path: Path) -> None:
    """The county's first two townships, which is enough to see what a command does."""
    lines = (SAMPLES / "regions.csv").read_text(encoding="utf-8-sig").splitlines()
    few = [
        line
        for line in lines
        if line.startswith(("code", "999901000000", "999901100", "999901101"))
    ]
    file = tmp_path / "regions.csv"
    file.write_text("\n".join(few), encoding="utf-8")
    call_command("load_regions", file, stdout=StringIO())


def run(file: Path, kind: str, *options: str) -> dict[str, Any]:
    """Import a file as on the command line and return what it prints."""
    output = StringIO()
    call_command(
        "import_roster",
        file,
        f"--kind={kind}",
        "--as-of=2026-06-30",
        "--json",
        *options,
        stdout=output,
    )
    return json.loads(output.getvalue())


def sample(name: str) -> Path:
    return SAMPLES / f"{name}.xlsx"


def expected(name: str) -> dict[str, Any]:
    return json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))


@pytest.mark.usefixtures("_county")
@pytest.mark.parametrize(("name", "kind"), FILES)
def test_sample_gives_exactly_the_expected_rows_cells_and_people(name: str, kind: str) -> None:
    wanted = expected(name)

    found = run(sample(name), kind)

    assert {key: found[key] for key in NUMBERS} == {key: wanted[key] for key in NUMBERS}
    kinds = {(cell["sheet"], cell["row"], cell["col"]): cell["kind"] for cell in found["bad_cells"]}
    accepted = {
        (cell["sheet"], cell["row"], cell["col"]): {cell["kind"], *cell.get("also_accept", [])}
        for cell in wanted["bad_cells"]
    }
    assert kinds.keys() == accepted.keys()
    assert [place for place, one in kinds.items() if one not in accepted[place]] == []
    shapes = [(sheet["name"], sheet["role"], sheet["data_rows"]) for sheet in found["sheets"]]
    assert shapes == [
        (sheet["name"], sheet["role"], sheet["data_rows"]) for sheet in wanted["sheets"]
    ]


@pytest.mark.usefixtures("_townships")
def test_without_commit_nothing_stays_in_the_register() -> None:
    found = run(sample("10_人员信息补报表"), "household_roster")

    assert found["state"] == "checked"
    assert not Person.objects.exists()
    assert Batch.objects.get(pk=found["batch"]).state == BatchState.CANCELLED


@pytest.mark.usefixtures("_townships")
def test_committed_roster_is_in_the_register_and_changes_nothing_a_second_time() -> None:
    name = "10_人员信息补报表"
    first = run(sample(name), "household_roster", "--commit")
    second = run(sample(name), "household_roster", "--commit")

    assert first["state"] == second["state"] == "done"
    assert (Person.objects.count(), Household.objects.count()) == (28, 10)
    assert second["persons_created"] == {"subjects": 0, "all_roles_with_id": 0, "any": 0}
    assert (second["persons_changed"], second["households_created"]) == (0, 0)
    assert Batch.objects.get(pk=first["batch"]).take == Take.GOOD
    assert Run.objects.exists()


@pytest.mark.usefixtures("_townships")
def test_command_runs_in_the_name_of_an_account_nobody_can_use() -> None:
    run(sample("10_人员信息补报表"), "household_roster")

    user = User.objects.get(username=SYSTEM)
    assert not user.is_active
    assert not user.has_usable_password()
    assert Batch.objects.get().created_by == user


@pytest.mark.usefixtures("_townships")
def test_named_user_imports_only_into_the_own_region() -> None:
    township = Region.objects.filter(kind="township").order_by("code")[1]
    UserFactory(username="clerk", regions=[township])

    with pytest.raises(CommandError):
        run(sample("10_人员信息补报表"), "household_roster", "--user=clerk")


@pytest.mark.usefixtures("_townships")
@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.xlsx"), (b"%PDF-1.7 no table", "paper.xlsx"), ("天气,晴\n".encode(), "w.csv")],
    ids=["empty", "not a workbook", "no heading"],
)
def test_file_that_cannot_be_taken_ends_with_its_reason(
    tmp_path: Path, content: bytes, name: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)

    with pytest.raises(CommandError, match=r"\w"):
        run(file, "household_roster", "--commit")

    assert not Person.objects.exists()


@pytest.mark.usefixtures("_townships")
def test_roster_of_another_kind_is_refused() -> None:
    with pytest.raises(CommandError):
        run(sample("02_已婚育龄妇女花名册"), "household_roster", "--commit")

    assert not Person.objects.exists()
