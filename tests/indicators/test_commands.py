"""What the commands print."""

import json
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.indicators import registry, services
from apps.indicators.models import Snapshot


def _json(*arguments: str) -> Any:
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_rollup_fills_an_empty_system_and_then_finds_nothing_to_do(
    village: SimpleNamespace,
) -> None:
    first, second = _json("rollup"), _json("rollup")

    assert (first["kind"], first["state"], first["months"]) == ("full", "done", 35)
    assert second["state"] == "nothing"
    assert Snapshot.objects.count() == 35 * 7 * 2


def test_full_rollup_counts_everything_anew(village: SimpleNamespace) -> None:
    call_command("rollup", stdout=StringIO())
    Snapshot.objects.update(values={})

    outcome = _json("rollup", "--full")

    assert (outcome["state"], outcome["regions"], outcome["rows_written"]) == ("done", 7, 490)
    assert services.value("births", village.here, "2026-06").rounded == 2


def test_indicator_prints_value_parts_and_rows(village: SimpleNamespace) -> None:
    call_command("rollup", stdout=StringIO())

    answer = _json("indicator", "birth_rate", "--region", "999901100201", "--period", "2026-06")

    assert (answer["value"], answer["numerator"], answer["denominator"]) == (250, 2, 8)
    assert (answer["rows"], answer["stored"], answer["as_of"]) == (2, True, "2026-06-30")
    assert answer["computed_at"]


def test_indicator_counts_what_is_not_stored(village: SimpleNamespace) -> None:
    arguments = ("--region", "999901100000", "--period", "2026-06", "--basis", "resident")

    answer = _json("indicator", "population", *arguments)

    assert (answer["value"], answer["basis"], answer["stored"]) == (10, "current", False)


def test_ratio_without_a_denominator_has_no_value(village: SimpleNamespace) -> None:
    arguments = ("--region", "999901100202", "--period", "2026-05")

    answer = _json("indicator", "sex_ratio_at_birth", *arguments)

    assert (answer["value"], answer["numerator"], answer["denominator"]) == (None, 0, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ("quota", "--region", "999901100201", "--period", "2026-06"),
        ("births", "--region", "123", "--period", "2026-06"),
        ("births", "--region", "999901100201", "--period", "June"),
        ("births", "--region", "999901100201", "--period", "2026-06", "--basis", "all"),
        ("households", "--region", "999901100201", "--period", "2026-06", "--basis", "resident"),
    ],
)
def test_indicator_refuses_what_does_not_exist(
    village: SimpleNamespace, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(CommandError):
        call_command("indicator", *arguments)


def test_list_names_every_measure_and_formula(db: None) -> None:
    codes = [row["code"] for row in _json("indicators_list")]

    assert codes == [*registry.formulas(), *registry.measures()]
    assert len(codes) == len(set(codes)) >= 100


def test_figures_check_covers_and_counts(village: SimpleNamespace) -> None:
    path = settings.BASE_DIR / "fixtures" / "reference" / "seed_figures.yaml"

    answer = _json("figures_check", str(path))

    states = {row["id"]: row["state"] for row in answer["figures"]}
    assert answer["coverage"] == {
        "total": 438,
        "covered": 12,
        "equal": 0,
        "differs": 12,
        "not_covered": 426,
    }
    assert (states["S1-003"], states["S1-007"]) == ("differs", "not_covered")


def test_figures_check_refuses_a_file_that_is_no_catalogue(db: None, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: [1", encoding="utf-8")

    with pytest.raises(CommandError):
        call_command("figures_check", str(path))


def test_document_of_indicators_is_up_to_date(db: None) -> None:
    call_command("indicators_doc", "--check")
