"""Bodies of the REST API of imports: what it takes and what it answers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.identifiers import mask
from apps.imports import choices, registry, selectors, services
from apps.imports.models import Batch, BatchState, Direction, RowIssue, Severity, Take, Undo
from apps.imports.models import Row as StagedRow
from apps.imports.tables import failure_words, finding_line, hide_numbers, remedy_of, show

MOST_CELLS = 1_000

# Given --------------------------------------------------------------------------------------------


class UploadSerializer(serializers.Serializer[Any]):
    """A roster to be imported; the form of the page checks it."""

    file = serializers.FileField(
        help_text=(
            "xlsx, xls or csv; at most 20 MB, 50,000 rows, 300 columns and 3 million filled cells"
        )
    )
    kind = serializers.CharField(help_text="Kind of roster, such as household_roster")
    region = serializers.CharField(help_text="Code of the division that the roster is for")
    as_of = serializers.DateField(help_text="The day whose state the roster describes")


class SheetColumnsSerializer(serializers.Serializer[Any]):
    """What the columns of one sheet mean; columns that are not named stay as suggested."""

    number = serializers.IntegerField(min_value=1)
    columns = serializers.DictField(
        child=serializers.CharField(allow_null=True, allow_blank=True, max_length=80),
        help_text="Field by column letter; null for a column that is not imported",
    )


class ChosenColumnsSerializer(serializers.Serializer[Any]):
    """What the columns mean, sheet by sheet."""

    sheets = SheetColumnsSerializer(many=True, allow_empty=True, default=list)
    remember = serializers.BooleanField(default=True)


class CorrectionSerializer(serializers.Serializer[Any]):
    """What one cell with a finding shall say."""

    sheet = serializers.CharField(max_length=120)
    row = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    column = serializers.CharField(max_length=3, allow_blank=True)
    value = serializers.CharField(max_length=1_000, allow_blank=True, trim_whitespace=False)


class CorrectionsSerializer(serializers.Serializer[Any]):
    """Cells to correct in one step: all of them or, when one cannot be right, none."""

    corrections = CorrectionSerializer(  # type: ignore[call-arg]
        many=True, allow_empty=False, max_length=MOST_CELLS
    )


class TakeSerializer(serializers.Serializer[Any]):
    """What happens to rows with errors."""

    take = serializers.ChoiceField(Take.choices)


class DirectionSerializer(serializers.Serializer[Any]):
    """Take an import back, or bring it in again."""

    direction = serializers.ChoiceField(Direction.choices, default=Direction.BACK)


# Answered -----------------------------------------------------------------------------------------


class RegionSerializer(serializers.Serializer[Any]):
    """A division."""

    code = serializers.CharField()
    name = serializers.CharField()


class CountsSerializer(serializers.Serializer[Any]):
    """Rows of the file as the last check counted them."""

    all = serializers.IntegerField()
    clean = serializers.IntegerField()
    warned = serializers.IntegerField()
    importable = serializers.IntegerField(help_text="clean and warned together")
    blocked = serializers.IntegerField()
    skipped = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    same = serializers.IntegerField()


ROW_COUNTS = ("all", "clean", "warned", "importable", "blocked", "skipped")
OUTCOMES = ("new", "changed", "same")


class BatchSerializer(serializers.ModelSerializer[Batch]):
    """One import in a list."""

    number = serializers.CharField()
    region = RegionSerializer()
    state_label = serializers.CharField(source="get_state_display")
    created_by = serializers.CharField()
    confirmed_by = serializers.CharField(allow_null=True)
    rows = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = (
            "id",
            "number",
            "kind",
            "region",
            "as_of",
            "filename",
            "size",
            "state",
            "state_label",
            "take",
            "recheck_due",
            "rows",
            "created_by",
            "created_at",
            "checked_at",
            "confirmed_by",
            "confirmed_at",
            "finished_at",
        )
        read_only_fields = fields

    @extend_schema_field(CountsSerializer(allow_null=True))
    def get_rows(self, batch: Batch) -> dict[str, int] | None:
        """The counts of the last check, null before it."""
        if "importable" not in batch.counts:
            return None
        outcomes = batch.counts["outcomes"]
        rows = {name: batch.counts.get(name, 0) for name in ROW_COUNTS}
        return rows | {name: outcomes.get(name, 0) for name in OUTCOMES}


class SheetSerializer(serializers.Serializer[Any]):
    """One sheet of the workbook."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.CharField(help_text="data for a sheet with a table of people")
    hidden = serializers.BooleanField(source="is_hidden")
    data_rows = serializers.IntegerField()


class VillageSerializer(serializers.Serializer[Any]):
    """Rows of one village by what writing them does; null for a village that is not known."""

    region = RegionSerializer(allow_null=True)
    rows = serializers.IntegerField()
    outcomes = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_outcomes(self, line: selectors.VillageLine) -> dict[str, int]:
        return dict(line.cells)


class KindCountSerializer(serializers.Serializer[Any]):
    """How often one kind of finding occurs."""

    kind = serializers.CharField()
    title = serializers.SerializerMethodField()
    severity = serializers.ChoiceField(Severity.choices)
    rows = serializers.IntegerField()
    cells = serializers.IntegerField()

    def get_title(self, count: selectors.KindCount) -> str:
        return choices.kind_title(count.kind)


class ProgressSerializer(serializers.Serializer[Any]):
    """How far the work in the background is; seconds since it began and probably left."""

    stage = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    percent = serializers.IntegerField()
    elapsed = serializers.IntegerField()
    left = serializers.IntegerField(allow_null=True)
    is_waiting = serializers.BooleanField()
    was_interrupted = serializers.BooleanField()


class FailureSerializer(serializers.Serializer[Any]):
    """Why a file could not be taken, and what helps."""

    reason = serializers.CharField()
    remedy = serializers.CharField()


class BatchDetailSerializer(BatchSerializer):
    """One import with everything that is known of it."""

    sheets = serializers.SerializerMethodField()
    villages = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    result = serializers.DictField(
        child=serializers.IntegerField(), help_text="Figures of the writing, empty before it"
    )
    failure = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    may_retry = serializers.SerializerMethodField()
    page = serializers.URLField(source="get_absolute_url", help_text="The page about this import")

    class Meta(BatchSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *BatchSerializer.Meta.fields,
            "sheets",
            "villages",
            "findings",
            "result",
            "failure",
            "progress",
            "may_retry",
            "page",
        )
        read_only_fields = fields  # type: ignore[assignment]

    @extend_schema_field(SheetSerializer(many=True))
    def get_sheets(self, batch: Batch) -> Any:
        return SheetSerializer(selectors.sheets(batch), many=True).data

    @extend_schema_field(VillageSerializer(many=True))
    def get_villages(self, batch: Batch) -> Any:
        return VillageSerializer(selectors.village_lines(batch), many=True).data

    @extend_schema_field(KindCountSerializer(many=True))
    def get_findings(self, batch: Batch) -> Any:
        counts = [c for kinds in selectors.kind_counts(batch).values() for c in kinds]
        return KindCountSerializer(counts, many=True).data

    @extend_schema_field(FailureSerializer(allow_null=True))
    def get_failure(self, batch: Batch) -> dict[str, str] | None:
        if batch.state != BatchState.FAILED:
            return None
        reason, remedy = failure_words(batch)
        return {"reason": reason, "remedy": remedy}

    @extend_schema_field(ProgressSerializer(allow_null=True))
    def get_progress(self, batch: Batch) -> Any:
        if not (batch.is_reading or batch.is_writing):
            return None
        return ProgressSerializer(selectors.running(batch)).data

    def get_may_retry(self, batch: Batch) -> bool:
        return services.may_retry(batch)


class ColumnSerializer(serializers.Serializer[Any]):
    """One column of a sheet and what it is taken for."""

    letter = serializers.CharField()
    header = serializers.CharField()
    field = serializers.CharField(allow_null=True)
    how = serializers.CharField(help_text="How that was told: header, content, remembered …")
    certain = serializers.BooleanField()


class MeaningSerializer(serializers.Serializer[Any]):
    """A meaning that a column can have."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class DataSheetSerializer(serializers.Serializer[Any]):
    """A sheet with a table."""

    number = serializers.IntegerField()
    name = serializers.CharField()
    columns = ColumnSerializer(many=True)


class ColumnsSerializer(serializers.Serializer[Any]):
    """What the columns of all sheets are taken for, and what they could be taken for."""

    confirmed = serializers.BooleanField()
    sheets = DataSheetSerializer(many=True)
    meanings = MeaningSerializer(many=True)


class FindingSerializer(serializers.Serializer[Any]):
    """One finding; numbers of people are masked as on the page."""

    sheet = serializers.CharField()
    row = serializers.IntegerField()
    column = serializers.CharField(help_text="Letter; empty for a whole row")
    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    kind = serializers.CharField()
    title = serializers.CharField()
    severity = serializers.ChoiceField(Severity.choices)
    name = serializers.CharField()
    value = serializers.CharField()
    reason = serializers.CharField()
    remedy = serializers.CharField()
    suggestion = serializers.CharField()


def finding(issue: RowIssue, sheet: str, kind: registry.SheetKind) -> dict[str, Any]:
    """Say one finding as the API does."""
    line = finding_line(issue, sheet, kind)
    return {
        "sheet": sheet,
        "row": issue.row_number,
        "column": issue.column,
        "field": issue.field,
        "label": line.label,
        "kind": issue.kind,
        "title": choices.kind_title(issue.kind),
        "severity": issue.severity,
        "name": line.name,
        "value": line.value + line.tail,
        "reason": line.reason,
        "remedy": remedy_of(issue, sheet),
        "suggestion": hide_numbers(str(issue.facts["suggestion"] or "")),
    }


class ChangeSerializer(serializers.Serializer[Any]):
    """One value that writing a row changes."""

    field = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    old = serializers.CharField()
    new = serializers.CharField()


class RowSerializer(serializers.Serializer[Any]):
    """One row of the file and what writing it does."""

    sheet = serializers.CharField()
    row = serializers.IntegerField()
    status = serializers.CharField()
    outcome = serializers.CharField(help_text="new, changed or same; empty if it is not written")
    name = serializers.CharField()
    id_number = serializers.CharField(help_text="masked")
    village = RegionSerializer(allow_null=True)
    is_older = serializers.BooleanField()
    changes = ChangeSerializer(many=True)


def row(staged: StagedRow, sheet: str, kind: registry.SheetKind) -> dict[str, Any]:
    """Say one row as the API does."""
    village, values = staged.village, staged.values
    return {
        "sheet": sheet,
        "row": staged.row_number,
        "status": staged.status,
        "outcome": staged.outcome,
        "name": str(values.get("name") or ""),
        "id_number": mask(str(values.get("id_number") or "")),
        "village": {"code": village.code, "name": village.name} if village else None,
        "is_older": staged.is_older,
        "changes": [
            {
                "field": name,
                "label": str(kind.field_label(name)),
                "old": show(kind, name, old),
                "new": show(kind, name, new),
            }
            for name, (old, new) in staged.changes.items()
        ],
    }


class UndoSerializer(serializers.ModelSerializer[Undo]):
    """One taking back, or bringing in again: what it would do, then what it did."""

    records = serializers.SerializerMethodField()
    asked_by = serializers.CharField()
    confirmed_by = serializers.CharField(allow_null=True)

    class Meta:
        model = Undo
        fields = (
            "id",
            "direction",
            "state",
            "records",
            "going",
            "staying",
            "asked_by",
            "planned_at",
            "confirmed_by",
            "confirmed_at",
            "finished_at",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_records(self, undo: Undo) -> dict[str, int]:
        """People and households by what becomes of them."""
        return dict(selectors.fate_totals(undo))


class TakingBackSerializer(serializers.Serializer[Any]):
    """Whether an import can be taken back or brought in again, and the last time it was."""

    until = serializers.DateTimeField(allow_null=True, help_text="null if it was never written")
    undo = UndoSerializer(allow_null=True)


class WorkbookSerializer(serializers.Serializer[Any]):
    """Whether the workbook with the errors can be fetched."""

    is_ready = serializers.BooleanField()
    is_failed = serializers.BooleanField()
