"""What the pages of an import show: batches, findings by kind, rows by village and outcome."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.core import jobs
from apps.core.choices import JobState
from apps.core.models import Job
from apps.imports.models import (
    IMPORTABLE,
    Batch,
    Decision,
    Fate,
    Outcome,
    Question,
    QuestionKind,
    RememberedMapping,
    Row,
    RowIssue,
    RowStatus,
    Severity,
    Sheet,
    Undo,
    UndoLine,
)
from apps.imports.records import Spot
from apps.imports.registry import Coverage
from apps.regions.models import Region

READ_JOB = "imports.read"
WRITE_JOB = "imports.write"
UNDO_LOOK_JOB = "imports.undo_look"
UNDO_JOB = "imports.undo"
SEVERITIES = (Severity.ERROR, Severity.SKIP, Severity.WARNING, Severity.NOTICE)
# What a village's rows are counted and listed by; errors and repetitions are never written.
COLUMNS = (
    Outcome.NEW,
    Outcome.CHANGED,
    Outcome.SAME,
    RowStatus.SKIPPED,
    RowStatus.WAITING,
    RowStatus.BLOCKED,
)


def batches(user: Any) -> QuerySet[Batch]:
    """The imports into the user's regions, newest first."""
    return Batch.objects.visible_to(user).select_related(
        "region", "created_by", "confirmed_by", "repairs"
    )


def subject_ids(user: Any, batch_pk: int) -> QuerySet[Row, Any]:
    """Numbers of the people that came in by one import, for `id__in` of a list."""
    return (
        Row.objects.visible_to(user)
        .filter(batch_id=batch_pk, subject_id__isnull=False, status__in=IMPORTABLE)
        .values("subject_id")
    )


# Progress -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Running:
    """How far the background work of a batch is; seconds since it began and probably left."""

    job: Job | None
    is_waiting: bool
    elapsed: int
    left: int | None

    @property
    def done(self) -> int:
        return self.job.done_count if self.job else 0

    @property
    def total(self) -> int:
        return self.job.total_count if self.job else 0

    @property
    def stage(self) -> str:
        return self.job.stage if self.job else ""

    @property
    def percent(self) -> int:
        return self.job.percent if self.job else 0

    @property
    def was_interrupted(self) -> bool:
        """Whether a worker was lost, so that part of the work is done again."""
        return bool(self.job and self.job.losses)


def running(batch: Batch) -> Running:
    """Return how far reading or writing of this batch is."""
    job = jobs.latest_job(batch.pk, WRITE_JOB if batch.is_writing else READ_JOB)
    waiting = job is None or job.state == JobState.QUEUED
    began = (job.started_at or job.created_at) if job else batch.updated_at
    elapsed = _seconds_since(began)
    return Running(job, waiting, elapsed, _seconds_left(job, elapsed))


def _seconds_since(moment: datetime) -> int:
    return max(0, int((timezone.now() - moment).total_seconds()))


def _seconds_left(job: Job | None, elapsed: int) -> int | None:
    """Estimate from the share of the whole that is done; nothing before a twentieth is."""
    if job is None or job.reached < 50:
        return None
    return round(elapsed * (1000 - job.reached) / job.reached)


@dataclass(frozen=True)
class FirstFindings:
    """What a check that goes on has found so far; `first` are (finding, name of its sheet)."""

    rows: int
    blocked: int
    warned: int
    first: list[tuple[RowIssue, str]]


def first_findings(batch: Batch) -> FirstFindings | None:
    """Return what the running check has found; None while there is nothing to tell."""
    counts = batch.counts.get("so_far")
    if not counts or not batch.is_reading:
        return None
    found = RowIssue.objects.filter(batch=batch).order_by("pk")
    first = [(issue, counts["sheets"][issue.sheet_number - 1]) for issue in found]
    return FirstFindings(counts["rows"], counts["blocked"], counts["warned"], first)


# Columns ------------------------------------------------------------------------------------------


def sheets(batch: Batch) -> list[Sheet]:
    """All sheets of the workbook in its order, those without a table too."""
    return list(batch.sheets.order_by("number"))


@dataclass(frozen=True)
class Memory:
    """What an office said about the columns of a sheet, and whether the user may forget it."""

    mapping: RememberedMapping
    may_forget: bool


def memory_of(user: Any, sheet: Sheet) -> Memory | None:
    """The remembered mapping that explained a sheet that the user sees, unless it is gone.

    It may be that of an office above, which the user does not see otherwise.
    """
    numbers = {column["memory"] for column in sheet.columns if "memory" in column}
    found = RememberedMapping.objects.filter(pk__in=numbers).select_related("region", "saved_by")
    mapping = found.first()
    if mapping is None:
        return None
    own = RememberedMapping.objects.visible_to(user).filter(pk=mapping.pk).exists()
    return Memory(mapping, own)


# Findings -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KindCount:
    """One kind of finding and how many rows and cells it concerns."""

    kind: str
    severity: str
    rows: int
    cells: int


def kind_counts(batch: Batch) -> dict[str, list[KindCount]]:
    """Kinds of findings by severity, as counted at the check."""
    found: dict[str, list[KindCount]] = {str(severity): [] for severity in SEVERITIES}
    for item in batch.counts.get("kinds", []):
        found[item["severity"]].append(
            KindCount(item["kind"], item["severity"], item["rows"], item["cells"])
        )
    return found


def findings(batch: Batch, kind: str, severity: str) -> QuerySet[RowIssue]:
    """The findings of one kind in file order, with their rows."""
    return (
        RowIssue.objects.filter(batch=batch, kind=kind, severity=severity)
        .select_related("row")
        .order_by("sheet_number", "row_number", "pk")
    )


def finding_at(batch: Batch, spot: Spot) -> RowIssue | None:
    """One finding by where it stands; None when it is settled."""
    found = findings(batch, spot.kind, spot.severity).filter(
        sheet_number=spot.sheet_number, row_number=spot.row_number, column=spot.column
    )
    return found.first()


# Preview and result -------------------------------------------------------------------------------


@dataclass(frozen=True)
class VillageLine:
    """One village's rows by what writing does to them; the columns add up to `rows`."""

    region: Region | None
    rows: int
    cells: list[tuple[str, int]] = field(default_factory=list)

    @property
    def key(self) -> str:
        """How an address names the village; "0" for rows whose village is unknown."""
        return str(self.region.pk) if self.region else "0"


def village_lines(batch: Batch) -> list[VillageLine]:
    """Counts by village in the order of the register, rows without a known village last."""
    counted = batch.counts.get("villages", [])
    regions = Region.objects.in_bulk([item["id"] for item in counted if item["id"]])
    lines = [
        VillageLine(
            regions.get(item["id"]),
            item["rows"],
            [(str(column), item.get(str(column), 0)) for column in COLUMNS],
        )
        for item in counted
    ]
    return sorted(lines, key=_register_order)


def _register_order(line: "VillageLine | FateLine") -> tuple[bool, str]:
    return line.region is None, line.region.sort_key if line.region else ""


def totals(lines: Iterable[VillageLine]) -> list[tuple[str, int]]:
    """Sum the columns of the villages."""
    sums = dict.fromkeys((str(column) for column in COLUMNS), 0)
    for line in lines:
        for column, number in line.cells:
            sums[column] += number
    return list(sums.items())


def rows_by_outcome(batch: Batch, column: str, village: str = "") -> QuerySet[Row]:
    """Rows of one column of the preview (new, changed, same, skipped, blocked), in file order.

    `village` is a region's number, "0" for rows without a known village, "" for all.
    """
    rows = Row.objects.filter(batch=batch).select_related("village")
    if column in Outcome.values:
        rows = rows.filter(status__in=IMPORTABLE, outcome=column)
    elif column == "held":
        rows = rows.filter(held__isnull=False)
    elif column == "stays":
        rows = rows.filter(stays__isnull=False)
    else:
        rows = rows.filter(status=column)
    if village == "0":
        rows = rows.filter(village=None)
    elif village:
        rows = rows.filter(village_id=int(village))
    return rows.order_by("sheet_number", "row_number")


# Taking back --------------------------------------------------------------------------------------


def undos(user: Any) -> QuerySet[Undo]:
    """The takings back of imports into the user's regions, newest first."""
    people = ("asked_by", "confirmed_by")
    return Undo.objects.visible_to(user).select_related("batch__region", *people)


def undo_lines(undo: Undo, fate: str, village: str = "") -> QuerySet[UndoLine]:
    """Whom a taking back is about, by fate, and by a region's number if one is given."""
    found = undo.lines.filter(fate=fate).select_related("village")
    if village == "0":
        found = found.filter(village=None)
    elif village:
        found = found.filter(village_id=int(village))
    return found.order_by("table", "pk")


def undo_running(undo: Undo) -> Running:
    """Return how far the work on a taking back is."""
    job = jobs.latest_job(undo.pk, UNDO_LOOK_JOB, UNDO_JOB)
    waiting = job is None or job.state == JobState.QUEUED
    began = (job.started_at or job.created_at) if job else undo.updated_at
    elapsed = _seconds_since(began)
    return Running(job, waiting, elapsed, _seconds_left(job, elapsed))


@dataclass(frozen=True)
class FateLine:
    """One village of a taking back: how many people and households have which fate."""

    region: Region | None
    cells: list[tuple[str, int]]

    @property
    def key(self) -> str:
        """How an address names the village; "0" for a village that is not known."""
        return str(self.region.pk) if self.region else "0"


def fate_totals(undo: Undo) -> list[tuple[str, int]]:
    """The fates that occur, in their order, with how many people and households have them."""
    counted = undo.counts.get("records", {})
    return [(str(fate), counted[fate]) for fate in Fate if counted.get(fate)]


def fate_lines(undo: Undo) -> list[FateLine]:
    """Counts by village in the order of the register, for the fates that occur."""
    fates = [fate for fate, _number in fate_totals(undo)]
    counted = undo.counts.get("villages", [])
    regions = Region.objects.in_bulk([item["id"] for item in counted if item["id"]])
    lines = [
        FateLine(regions.get(item["id"]), [(fate, item.get(fate, 0)) for fate in fates])
        for item in counted
    ]
    return sorted(lines, key=_register_order)


# Questions ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuestionCount:
    """One kind of question: how many groups there are, and how many are still open."""

    kind: str
    groups: int
    open: int


def question_counts(batch: Batch, *, without: Iterable[str] = ()) -> list[QuestionCount]:
    """Kinds of questions that the last check raised, in the order in which they are asked."""
    return [
        QuestionCount(item["kind"], item["groups"], item["open"])
        for item in batch.counts.get("questions", [])
        if item["kind"] not in without
    ]


def questions(batch: Batch, kind: str, village: str = "") -> QuerySet[Question]:
    """The questions of one kind, those still open first; `village` as in rows_by_outcome."""
    found = Question.objects.filter(batch=batch, kind=kind).select_related("village")
    if village:
        found = found.filter(village_id=int(village) or None)
    return found.order_by("-is_open", "number")


def answers_of(batch: Batch, keys: Iterable[str]) -> dict[str, Decision]:
    """What was answered to some questions, by their key, with who did it."""
    found = Decision.objects.filter(batch=batch, key__in=list(keys)).select_related("decided_by")
    return {decision.key: decision for decision in found}


def rows_at(batch: Batch, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Row]:
    """The rows at some places (sheet number, row number)."""
    wanted = list(places)
    found = Row.objects.filter(
        batch=batch, row_number__in={row for _sheet, row in wanted}
    ).select_related("village")
    rows = {(row.sheet_number, row.row_number): row for row in found}
    return {place: rows[place] for place in wanted if place in rows}


def regions_of(numbers: Iterable[int]) -> dict[int, Region]:
    """Regions by number, in the order of the register."""
    found = Region.objects.filter(pk__in=list(numbers)).order_by("sort_key")
    return {region.pk: region for region in found}


def _asked_about(batch: Batch) -> set[int]:
    """Persons of the register whom open questions name."""
    found = Question.objects.filter(batch=batch, is_open=True)
    found = found.exclude(kind=QuestionKind.OTHER_FILE)
    return {number for numbers in found.values_list("candidates", flat=True) for number in numbers}


def coverage(batch: Batch) -> Coverage:
    """Whom the roster names, for the question who is missing; for an import of what waited, the
    whole roster."""
    while batch.follows is not None:
        batch = batch.follows
    villages = [item["id"] for item in batch.counts.get("villages", []) if item["id"]]
    rows = Row.objects.filter(batch=batch)
    unknown = rows.filter(subject_id__isnull=True).exclude(outcome=Outcome.NEW)
    return Coverage(
        villages=villages,
        found=rows.filter(subject_id__isnull=False).values("subject_id"),
        others=[row.values for row in unknown.iterator(chunk_size=2_000)],
        asked=sorted(_asked_about(batch)),
    )


# For command lines --------------------------------------------------------------------------------


def bad_cells(batch: Batch) -> Iterator[tuple[RowIssue, str]]:
    """Errors, repetitions and reminders in file order, each with the name of its sheet."""
    names = {sheet.number: sheet.name for sheet in sheets(batch)}
    found = RowIssue.objects.filter(batch=batch).exclude(severity=Severity.NOTICE)
    for issue in found.order_by("sheet_number", "row_number", "pk").iterator():
        yield issue, names[issue.sheet_number]
