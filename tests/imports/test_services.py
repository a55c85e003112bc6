"""Receiving, reading, deciding and writing, as services."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope
from apps.core.models import Job
from apps.core.sealed_files import open_sealed
from apps.imports import services
from apps.imports.models import Batch, BatchState, RememberedMapping, Row, RowIssue, Take
from apps.imports.services import uploads
from tests.factories.imports import (
    DAY,
    HEADER,
    KIND,
    TinyKind,
    groups,
    people,
    roster,
    unreadable,
)

pytestmark = pytest.mark.django_db


def upload(actor: User, places: SimpleNamespace, *rows: Any, **values: Any) -> Batch:
    """Hand in a roster of the small kind for the township."""
    header = values.pop("header", HEADER)
    arguments = {"kind": KIND, "region": places.township, "as_of": DAY, **values}
    return services.receive_roster(
        actor=actor, file=roster(*rows, header=header), **arguments
    ).batch


def checked(actor: User, places: SimpleNamespace, *rows: Any, **values: Any) -> Batch:
    """Hand in a roster and read it."""
    return services.read_batch(batch_id=upload(actor, places, *rows, **values).pk)


# Receiving


def test_uploaded_file_is_kept_sealed_and_read_in_the_background(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, settings: Any
) -> None:
    batch = upload(township_clerk, places, *people("韦大山"))

    stored = (settings.MEDIA_ROOT / batch.stored_as).read_bytes()
    assert "韦大山".encode() not in stored
    clear = b"".join(open_sealed(settings.MEDIA_ROOT / batch.stored_as, batch.stored_as))
    assert "韦大山" in clear.decode("utf-8-sig")
    assert Job.objects.get().target_id == str(batch.pk)
    assert Entry.objects.get(code="imports.batch.uploaded").actor == township_clerk


def test_same_file_twice_leads_to_the_open_batch(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    first = upload(township_clerk, places, *people("韦大山"))
    second = upload(township_clerk, places, *people("韦大山"))

    assert second == first
    assert Batch.objects.count() == 1
    assert Job.objects.count() == 1


def test_second_press_that_was_slower_gets_the_first_batch(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = upload(township_clerk, places, *people("韦大山"))
    answers = iter([None, first])
    monkeypatch.setattr(uploads, "_open_batch", lambda *_: next(answers))

    second = upload(township_clerk, places, *people("韦大山"))

    assert second == first
    assert len(list((settings.MEDIA_ROOT / "imports").iterdir())) == 1


def test_file_may_be_imported_again_once_the_first_import_has_ended(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    first = upload(township_clerk, places, *people("韦大山"))
    services.cancel_batch(actor=township_clerk, batch=first)

    assert upload(township_clerk, places, *people("韦大山")) != first


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "no_such_kind"}, "kind"),
        ({"as_of": timezone.localdate().replace(year=2099)}, "as_of"),
    ],
)
def test_wrong_input_is_refused_beside_its_field(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    change: dict[str, Any],
    field: str,
) -> None:
    with pytest.raises(ValidationError) as refusal:
        upload(township_clerk, places, *people("韦大山"), **change)

    assert set(refusal.value.error_dict) == {field}
    assert not Batch.objects.exists()


def test_too_large_file_is_refused(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, settings: Any
) -> None:
    settings.IMPORT_MAX_BYTES = 10

    with pytest.raises(ValidationError):
        upload(township_clerk, places, *people("韦大山"))


def test_file_that_is_no_workbook_is_refused_at_the_upload_and_kept_nowhere(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, settings: Any
) -> None:
    file = ContentFile(b"%PDF-1.7 not a table", name="roster.xlsx")

    with pytest.raises(ValidationError) as refusal:
        services.receive_roster(
            actor=township_clerk, kind=KIND, region=places.township, as_of=DAY, file=file
        )

    assert "PDF" in refusal.value.message_dict["file"][0]
    assert not Batch.objects.exists()
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_clerk_cannot_import_into_another_township(
    tiny: TinyKind, places: SimpleNamespace, outsider: User
) -> None:
    with pytest.raises(OutOfScope):
        upload(outsider, places, *people("韦大山"))


def test_village_worker_may_not_import(
    tiny: TinyKind, places: SimpleNamespace, village_worker: User
) -> None:
    with pytest.raises(NotPermitted):
        upload(village_worker, places, *people("韦大山"), region=places.village)


# Reading


def test_checked_batch_counts_rows_by_status_outcome_and_village(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = checked(
        township_clerk,
        places,
        *people("韦大山", "韦小山旧", "覃芳同", "黄明疑"),
        (5, "沙田村", "李强", "女", "1980-01-31"),
        (6, "沙田村", "", "女", "1980-02-01"),
    )

    assert batch.state == BatchState.CHECKED
    counts = batch.counts
    assert (counts["all"], counts["importable"], counts["blocked"]) == (6, 4, 2)
    assert counts["outcomes"] == {"new": 2, "changed": 1, "same": 1}
    by_village = {line["id"]: line for line in counts["villages"]}
    assert by_village[places.village.pk] == {
        "id": places.village.pk,
        "rows": 4,
        "new": 1,
        "changed": 1,
        "same": 1,
        "blocked": 1,
    }
    assert by_village[places.neighbour.pk]["rows"] == 2
    kinds = {item["kind"]: item["rows"] for item in counts["kinds"] if item["severity"] == "error"}
    assert kinds == {"ambiguous_match": 1, "name_missing": 1}


def test_staged_rows_hold_no_clear_text(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = checked(township_clerk, places, *people("韦大山", "黄明疑"))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload, diff FROM imports_row UNION ALL "
            "SELECT detail, NULL FROM imports_rowissue"
        )
        stored = b"".join(bytes(cell) for row in cursor.fetchall() for cell in row if cell)
    assert "韦大山".encode() not in stored
    row = Row.objects.filter(batch=batch).order_by("row_number").first()
    assert row is not None
    assert row.values["name"] == "韦大山"
    assert row.raw[2] == "韦大山"
    assert RowIssue.objects.get(kind="ambiguous_match").facts["raw"] == "黄明疑"


def test_changed_row_keeps_old_and_new_value(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = checked(township_clerk, places, *people("韦小山旧"))

    row = Row.objects.get(batch=batch)
    assert row.changes == {"sex": ["1", "2"]}
    assert row.subject_id == 7


def test_row_of_another_township_is_an_error_not_a_move(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = checked(township_clerk, places, *people("韦大山"), *people("覃芳", village="桥头村"))

    assert RowIssue.objects.get(batch=batch, severity="error").kind == "out_of_scope"
    assert batch.importable == 1


def test_file_that_is_no_workbook_fails_with_its_reason_and_stages_nothing(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    received = services.receive_roster(
        actor=township_clerk, kind=KIND, region=places.township, as_of=DAY, file=unreadable()
    )

    batch = services.read_batch(batch_id=received.batch.pk)

    assert batch.state == BatchState.FAILED
    assert batch.failure["code"]
    assert not Row.objects.exists()


def test_reading_twice_leaves_one_set_of_rows(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, *people("韦大山", "覃芳"))
    services.read_batch(batch_id=batch.pk)

    services.read_batch(batch_id=batch.pk)

    assert Row.objects.count() == 2


def test_batch_cancelled_while_it_is_read_stays_cancelled(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = upload(township_clerk, places, *people("韦大山"))

    def cancel(stage: str, done: int, total: int) -> None:
        if stage == "compare":
            services.cancel_batch(actor=township_clerk, batch=batch)

    with pytest.raises(services.Stopped):
        services.read_batch(batch_id=batch.pk, progress=cancel)

    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED
    assert not Row.objects.exists()


# Deciding


def test_confirmed_columns_are_read_again_and_remembered(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = checked(township_clerk, places, *people("韦大山"))
    columns = {"A": "seq", "B": "village", "C": "name", "D": None, "E": "birth"}

    services.confirm_columns(actor=township_clerk, batch=batch, columns={1: columns})
    batch = services.read_batch(batch_id=batch.pk)

    assert batch.state == BatchState.CHECKED
    assert {column["letter"]: column["field"] for column in batch.sheets.get().columns} == columns
    assert RememberedMapping.objects.get().columns == [
        ["序号", "seq"],
        ["村", "village"],
        ["姓名", "name"],
        ["性别", None],
        ["出生日期", "birth"],
    ]


def test_remembered_columns_hold_for_the_next_file_of_the_same_heading(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    first = checked(township_clerk, places, *people("韦大山"))
    columns = {"A": "seq", "B": "village", "C": "name", "D": None, "E": "birth"}
    services.confirm_columns(actor=township_clerk, batch=first, columns={1: columns})

    second = checked(township_clerk, places, *people("覃芳"))

    assert {column["letter"]: column["field"] for column in second.sheets.get().columns} == columns


@pytest.mark.parametrize(
    "columns",
    [
        {"B": "village", "C": "name", "D": "name", "E": "birth"},
        {"B": "village", "C": None, "D": "sex", "E": "birth"},
    ],
    ids=["one meaning twice", "no column for the name"],
)
def test_columns_that_cannot_be_are_refused(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    columns: dict[str, str | None],
) -> None:
    batch = checked(township_clerk, places, *people("韦大山"))

    with pytest.raises(ValidationError):
        services.confirm_columns(actor=township_clerk, batch=batch, columns={1: columns})

    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED


def test_batch_with_errors_is_not_written_unless_the_right_rows_are_chosen(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = checked(township_clerk, places, *people("韦大山", "黄明疑"))

    with pytest.raises(NotAllowedNow):
        services.confirm_batch(actor=township_clerk, batch=batch)
    services.choose_take(actor=township_clerk, batch=batch, take=Take.GOOD)
    batch = services.confirm_batch(actor=township_clerk, batch=batch)

    assert batch.state == BatchState.CONFIRMED
    assert batch.confirmed_by == township_clerk


def test_batch_without_importable_rows_cannot_be_confirmed(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = checked(township_clerk, places, *people("黄明疑"))
    services.choose_take(actor=township_clerk, batch=batch, take=Take.GOOD)

    with pytest.raises(NotAllowedNow):
        services.confirm_batch(actor=township_clerk, batch=batch)


# Writing


def confirmed(actor: User, places: SimpleNamespace, *names: str) -> Batch:
    batch = checked(actor, places, *people(*names))
    services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
    return services.confirm_batch(actor=actor, batch=batch)


def test_written_batch_holds_what_came_in_and_which_person_each_row_is(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = confirmed(township_clerk, places, "韦大山", "覃芳", "黄明疑")

    batch = services.apply_batch(batch_id=batch.pk)

    assert batch.state == BatchState.DONE
    assert batch.result["rows"] == 2
    assert batch.result["persons_created_any"] == 2
    assert groups() == 2
    rows = Row.objects.filter(batch=batch).order_by("row_number")
    assert [row.subject_id for row in rows] == [1, 2, None]
    assert Entry.objects.filter(code="imports.batch.applied", batch=str(batch.pk)).count() == 1


def test_writing_twice_writes_once(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = confirmed(township_clerk, places, "韦大山")
    services.apply_batch(batch_id=batch.pk)

    services.apply_batch(batch_id=batch.pk)

    assert tiny.calls == 1


def test_batch_cancelled_before_the_end_leaves_no_trace(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = confirmed(township_clerk, places, "韦大山", "覃芳")

    def cancel() -> None:
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.CANCELLED)

    tiny.before_end = cancel
    with pytest.raises(services.Stopped):
        services.apply_batch(batch_id=batch.pk)

    assert groups() == 0


def test_failing_write_leaves_no_trace_and_the_batch_confirmed(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = confirmed(township_clerk, places, "韦大山")

    def fail() -> None:
        raise RuntimeError("power cut")

    tiny.before_end = fail
    with pytest.raises(RuntimeError):
        services.apply_batch(batch_id=batch.pk)

    batch.refresh_from_db()
    assert groups() == 0
    assert batch.state == BatchState.APPLYING


def test_unconfirmed_batch_is_not_written(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = checked(township_clerk, places, *people("韦大山"))

    services.apply_batch(batch_id=batch.pk)

    assert tiny.calls == 0
    assert groups() == 0
