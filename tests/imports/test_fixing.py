"""Fixing findings in the page, as services: every step, its way back, and who may."""

import threading
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope
from apps.core.models import Job
from apps.imports import services
from apps.imports.models import Batch, BatchState, Correction, Fix, RowIssue
from apps.imports.records import Spot
from apps.imports.services import fixing
from tests.factories.imports import DAY, KIND, TinyKind, groups, roster

pytestmark = pytest.mark.django_db

# Rows of the file: the heading is row 1.
ROWS = (
    (1, "黄领村", "韦大山", "女", "1980-01-01"),
    (2, "黄领村", "韦小山", "三", "1980-01-02"),
    (3, "黄岭村", "覃芳", "三", "1980-01-03"),
    (4, "沙甸村", "李强", "男", "1980-02-30"),
    (5, "黄领村", "黄明", "女", "1980-01-05"),
    (6, "沙田村", "", "女", "1980-01-06"),
)


@pytest.fixture
def batch(tiny: TinyKind, places: SimpleNamespace, township_clerk: User) -> Batch:
    """Six rows: four unknown villages of two spellings, two wrong sexes, a wrong day, no name."""
    return checked(township_clerk, places, *ROWS)


def checked(actor: User, places: SimpleNamespace, *rows: Any, **values: Any) -> Batch:
    received = services.receive_roster(
        actor=actor, kind=KIND, region=places.township, as_of=DAY, file=roster(*rows), **values
    )
    return services.read_batch(batch_id=received.batch.pk)


def left(batch: Batch) -> Counter[str]:
    """How many findings of each kind are left."""
    return Counter(RowIssue.objects.filter(batch=batch).values_list("kind", flat=True))


def village(row: int) -> Spot:
    return Spot("village_unknown", "error", 1, row, "B")


def sex(row: int) -> Spot:
    return Spot("sex_invalid", "error", 1, row, "D")


def state_of(batch: Batch) -> Batch:
    return Batch.objects.select_related("region").get(pk=batch.pk)


# The steps


def test_findings_of_the_file_are_what_the_tests_below_begin_with(batch: Batch) -> None:
    assert left(batch) == {
        "village_unknown": 4,
        "sex_invalid": 2,
        "date_impossible": 1,
        "name_missing": 1,
    }
    assert (batch.counts["importable"], batch.counts["blocked"]) == (0, 6)


def test_corrected_cell_is_checked_at_once(batch: Batch, township_clerk: User) -> None:
    fix = services.correct(actor=township_clerk, batch=batch, spot=village(2), value=" 黄岭村 ")

    assert fix is not None
    assert (fix.act, fix.count, fix.is_pending) == ("edit", 1, True)
    assert not Fix.objects.get().is_pending
    assert left(batch)["village_unknown"] == 3
    batch = state_of(batch)
    assert (batch.state, batch.recheck_due) == (BatchState.CHECKED, False)
    assert (batch.counts["importable"], batch.counts["blocked"]) == (1, 5)
    entry = Entry.objects.get(code="imports.batch.fixed")
    assert entry.actor == township_clerk
    assert entry.changes == {
        "act": [None, "edit"],
        "kind": [None, "village_unknown"],
        "count": [None, 1],
    }


def test_corrected_text_is_stored_sealed(batch: Batch, township_clerk: User) -> None:
    services.correct(actor=township_clerk, batch=batch, spot=village(2), value="黄岭村")

    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM imports_correction")
        assert "黄岭".encode() not in bytes(cursor.fetchone()[0])
    assert Correction.objects.get().value == "黄岭村"


@pytest.mark.parametrize(
    ("reach", "act", "rows"),
    [
        ("one", "edit", [3]),
        ("same", "replace", [2, 3, 6]),
        ("below", "fill", [3, 5, 6]),
        ("all", "fill", [2, 3, 5, 6]),
    ],
)
def test_value_reaches_the_rows_that_were_asked_for(
    batch: Batch, township_clerk: User, reach: str, act: str, rows: list[int]
) -> None:
    fix = services.correct(
        actor=township_clerk, batch=batch, spot=village(3), value="黄岭村", reach=reach
    )

    assert fix is not None
    assert (fix.act, fix.count) == (act, len(rows))
    assert list(fix.corrections.values_list("row_number", flat=True)) == rows
    assert left(batch)["village_unknown"] == 4 - len(rows)


def test_row_left_out_is_no_error_and_is_not_written(batch: Batch, township_clerk: User) -> None:
    spot = Spot("name_missing", "error", 1, 7, "C")
    services.leave_out(
        actor=township_clerk, batch=batch, kind=spot.kind, severity="error", spot=spot
    )

    assert left(batch)["left_out"] == 1
    assert left(batch)["name_missing"] == 0
    batch = state_of(batch)
    assert (batch.counts["skipped"], batch.counts["blocked"]) == (1, 5)


def test_rows_of_a_kind_are_left_out_together_and_taken_in_one_by_one(
    batch: Batch, township_clerk: User
) -> None:
    services.leave_out(actor=township_clerk, batch=batch, kind="sex_invalid", severity="error")
    assert left(batch)["left_out"] == 2

    spot = Spot("left_out", "skip", 1, 3, "C")
    services.take_in(actor=township_clerk, batch=batch, spot=spot)

    assert left(batch)["left_out"] == 1
    assert left(batch)["sex_invalid"] == 1
    services.take_in(actor=township_clerk, batch=batch)
    assert left(batch)["left_out"] == 0


def test_when_every_row_is_decided_the_file_can_be_written(
    batch: Batch, township_clerk: User
) -> None:
    def correct(spot: Spot, value: str, reach: str = "one") -> None:
        services.correct(actor=township_clerk, batch=batch, spot=spot, value=value, reach=reach)

    correct(village(2), "黄岭村", "same")
    correct(village(5), "沙田村")
    correct(sex(3), "女", "all")
    correct(Spot("date_impossible", "error", 1, 5, "E"), "1980-02-29")
    with pytest.raises(NotAllowedNow):
        services.confirm_batch(actor=township_clerk, batch=batch)
    services.leave_out(actor=township_clerk, batch=batch, kind="name_missing", severity="error")

    services.confirm_batch(actor=township_clerk, batch=batch)
    done = services.apply_batch(batch_id=batch.pk)

    assert (done.state, done.result["rows"], groups()) == (BatchState.DONE, 5, 5)


# Refusals


@pytest.mark.parametrize(
    ("spot", "value"),
    [
        (village(2), "某某村"),
        (village(2), "桥头村"),
        (village(2), "黄领村"),
        (sex(3), "四"),
        (sex(3), "三"),
        (Spot("date_impossible", "error", 1, 5, "E"), "1980-02-31"),
        (Spot("name_missing", "error", 1, 7, "C"), " "),
        (village(2), "长" * 1001),
    ],
)
def test_value_that_cannot_be_right_is_refused_beside_its_field(
    batch: Batch, township_clerk: User, spot: Spot, value: str
) -> None:
    before = left(batch)

    with pytest.raises(ValidationError) as refusal:
        services.correct(actor=township_clerk, batch=batch, spot=spot, value=value)

    assert list(refusal.value.message_dict) == ["value"]
    assert not Fix.objects.exists()
    assert left(batch) == before


def test_unknown_reach_is_refused(batch: Batch, township_clerk: User) -> None:
    with pytest.raises(ValidationError):
        services.correct(
            actor=township_clerk, batch=batch, spot=village(2), value="黄岭村", reach="county"
        )


def test_only_who_may_import_into_the_region_may_fix(
    batch: Batch, township_leader: User, outsider: User
) -> None:
    for actor, refusal in ((township_leader, NotPermitted), (outsider, OutOfScope)):
        with pytest.raises(refusal):
            services.correct(actor=actor, batch=batch, spot=village(2), value="黄岭村")
        with pytest.raises(refusal):
            services.leave_out(actor=actor, batch=batch, kind="sex_invalid", severity="error")
        with pytest.raises(refusal):
            services.take_back(actor=actor, batch=batch, fix_id=1)

    assert not Fix.objects.exists()


def test_only_a_checked_batch_can_be_fixed(batch: Batch, township_clerk: User) -> None:
    services.cancel_batch(actor=township_clerk, batch=batch)

    with pytest.raises(NotAllowedNow):
        services.correct(actor=township_clerk, batch=batch, spot=village(2), value="黄岭村")


# Back


def test_step_taken_back_leaves_everything_as_it_was(batch: Batch, township_clerk: User) -> None:
    before, counts = left(batch), batch.counts
    first = services.correct(
        actor=township_clerk, batch=batch, spot=village(2), value="黄岭村", reach="same"
    )
    second = services.leave_out(
        actor=township_clerk, batch=batch, kind="sex_invalid", severity="error"
    )
    assert first is not None
    assert second is not None

    assert services.take_back(actor=township_clerk, batch=batch, fix_id=second.pk)
    assert left(batch) == before - Counter(village_unknown=3)
    assert services.take_back(actor=township_clerk, batch=batch, fix_id=first.pk)

    assert left(batch) == before
    assert state_of(batch).counts == counts
    assert Entry.objects.filter(code="imports.batch.fix_undone").count() == 2
    assert not Correction.objects.exists()


def test_earlier_correction_of_a_cell_counts_again_when_the_later_is_taken_back(
    batch: Batch, township_clerk: User
) -> None:
    spot = Spot("date_impossible", "error", 1, 5, "E")
    services.correct(actor=township_clerk, batch=batch, spot=spot, value="2030-01-01")
    future = Spot("date_future", "error", 1, 5, "E")
    later = services.correct(actor=township_clerk, batch=batch, spot=future, value="1980-03-01")
    assert later is not None
    assert left(batch)["date_future"] == 0

    services.take_back(actor=township_clerk, batch=batch, fix_id=later.pk)

    assert left(batch)["date_future"] == 1
    assert left(batch)["date_impossible"] == 0


# Twice, and two at once


def test_second_press_changes_nothing(batch: Batch, township_clerk: User) -> None:
    for _press in range(2):
        services.correct(actor=township_clerk, batch=batch, spot=village(2), value="黄岭村")
        services.leave_out(actor=township_clerk, batch=batch, kind="name_missing", severity="error")
    fix = Fix.objects.latest("pk")
    assert services.take_back(actor=township_clerk, batch=batch, fix_id=fix.pk)
    assert not services.take_back(actor=township_clerk, batch=batch, fix_id=fix.pk)

    assert Fix.objects.count() == 1
    assert Entry.objects.filter(code="imports.batch.fixed").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_fix_at_once_both_get_their_way(batch: Batch, township_clerk: User) -> None:
    refused: list[Exception] = []

    def work(spot: Spot, value: str) -> None:
        try:
            services.correct(actor=township_clerk, batch=batch, spot=spot, value=value)
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=arguments)
        for arguments in ((village(2), "黄岭村"), (sex(4), "女"), (village(6), "沙田村"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == []
    assert left(batch) == {
        "village_unknown": 2,
        "sex_invalid": 1,
        "date_impossible": 1,
        "name_missing": 1,
    }
    assert state_of(batch).state == BatchState.CHECKED


# Large files


@pytest.fixture
def large(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """The same batch, as if it had too many rows to be checked with each step."""
    monkeypatch.setattr(fixing, "AT_ONCE_ROWS", 5)
    return batch


def test_large_file_waits_for_its_check_and_is_not_written_before(
    large: Batch, township_clerk: User
) -> None:
    services.correct(
        actor=township_clerk, batch=large, spot=village(2), value="黄岭村", reach="same"
    )

    batch = state_of(large)
    assert (batch.state, batch.recheck_due) == (BatchState.CHECKED, True)
    assert left(batch)["village_unknown"] == 4
    services.choose_take(actor=township_clerk, batch=batch, take="good")
    Batch.objects.filter(pk=batch.pk).update(counts=batch.counts | {"importable": 1})
    with pytest.raises(NotAllowedNow):
        services.confirm_batch(actor=township_clerk, batch=batch)

    Job.objects.all().delete()
    services.recheck(actor=township_clerk, batch=batch)
    assert Job.objects.get().target_id == str(batch.pk)
    batch = services.read_batch(batch_id=batch.pk)

    assert (batch.state, batch.recheck_due) == (BatchState.CHECKED, False)
    assert left(batch)["village_unknown"] == 1


def test_steps_on_a_large_file_do_not_take_in_what_waits(
    large: Batch, township_clerk: User
) -> None:
    def correct(spot: Spot, value: str, reach: str) -> Fix | None:
        return services.correct(
            actor=township_clerk, batch=large, spot=spot, value=value, reach=reach
        )

    first = correct(village(2), "黄岭村", "same")
    again = correct(village(2), "黄岭村", "same")
    rest = correct(village(5), "沙田村", "all")
    gone = services.leave_out(
        actor=township_clerk, batch=large, kind="village_unknown", severity="error"
    )

    assert first is not None
    assert rest is not None
    assert (first.count, again, rest.count, gone) == (3, None, 1, None)


def test_mind_can_be_changed_before_the_check(large: Batch, township_clerk: User) -> None:
    for value in ("黄岭村", "沙田村", "沙田村"):
        services.correct(actor=township_clerk, batch=large, spot=village(2), value=value)

    assert Fix.objects.count() == 2
    services.recheck(actor=township_clerk, batch=large)
    batch = services.read_batch(batch_id=large.pk)
    row = batch.rows.get(row_number=2)
    assert row.village is not None
    assert row.village.name == "沙田村"


def test_recheck_without_corrections_starts_nothing(batch: Batch, township_clerk: User) -> None:
    Job.objects.all().delete()

    services.recheck(actor=township_clerk, batch=batch)

    assert state_of(batch).state == BatchState.CHECKED
    assert not Job.objects.exists()
