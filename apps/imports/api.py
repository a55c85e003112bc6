"""Imports by REST: the same selectors, services, permissions and words as the pages.

A program uploads a roster, asks now and then how far it is, reads findings and preview, corrects
or leaves out what is wrong, confirms, and can take the import back:

    POST /api/v1/imports/               → 201, or 200 with the import of this file that is open
    GET  /api/v1/imports/7/             → state, counts, progress, result
    GET  /api/v1/imports/7/issues/      → what is wrong, where, and what helps
    GET  /api/v1/imports/7/rows/        → what writing would do
    POST /api/v1/imports/7/confirm/     → 202; repeated, the same import
    POST /api/v1/imports/7/undo/        → 202; then look, then undo/confirm/
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import jobs
from apps.core.api import RestrictedViewSet
from apps.core.choices import JobState
from apps.core.downloads import attachment
from apps.core.errors import NotAllowedNow
from apps.imports import registry, selectors, services
from apps.imports.forms import UploadForm
from apps.imports.models import Batch, BatchState, Outcome, RowStatus, Severity
from apps.imports.selectors import listed
from apps.imports.serializers import (
    BatchDetailSerializer,
    BatchSerializer,
    ChosenColumnsSerializer,
    ColumnsSerializer,
    CorrectionsSerializer,
    DirectionSerializer,
    FindingSerializer,
    RowSerializer,
    TakeSerializer,
    TakingBackSerializer,
    UploadSerializer,
    WorkbookSerializer,
    finding,
    row,
)
from apps.regions import selectors as regions

VIEW, RUN = "imports.view", "imports.run"
OUTCOMES = (*Outcome.values, *(str(s) for s in (RowStatus.SKIPPED, RowStatus.BLOCKED)))
FILE = {(200, "application/octet-stream"): OpenApiTypes.BINARY}
ASK_FIRST = _("Please have it looked through first what taking back would do.")
WAS_DONE_BEFORE = {BatchState.CONFIRMED, BatchState.APPLYING, BatchState.DONE}


def asked(name: str, text: str, values: Any = ()) -> OpenApiParameter:
    """Describe a condition that stands in the address."""
    return OpenApiParameter(name, str, description=text, enum=list(values) or None)


class ImportApi(mixins.ListModelMixin, mixins.RetrieveModelMixin, RestrictedViewSet):
    """Imports of rosters into the user's regions."""

    selector = staticmethod(selectors.batches)
    serializer_class = BatchDetailSerializer
    parser_classes = [JSONParser, MultiPartParser]
    renderer_classes = [JSONRenderer]
    lookup_value_regex = r"\d{1,18}"
    permissions = {
        "list": VIEW,
        "retrieve": VIEW,
        "columns": VIEW,
        "issues": VIEW,
        "rows": VIEW,
        "undo": VIEW,
        "create": RUN,
        "confirm_columns": RUN,
        "corrections": RUN,
        "recheck": RUN,
        "take": RUN,
        "confirm": RUN,
        "cancel": RUN,
        "retry": RUN,
        "ask_undo": RUN,
        "confirm_undo": RUN,
        "errors_workbook": RUN,
        "make_errors_workbook": RUN,
        "file": RUN,
    }

    # Reading --------------------------------------------------------------------------------------

    def get_serializer_class(self) -> type[Any]:
        return BatchSerializer if self.action == "list" else BatchDetailSerializer

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.action != "list":
            return queryset
        given = self.request.query_params
        wanted = {"state": given.get("state"), "kind": given.get("kind")}
        found = queryset.filter(**{name: value for name, value in wanted.items() if value})
        # Not "region": in addresses that is the region chosen at the head of the pages.
        code = given.get("region_code")
        return found.filter(region__code=code) if code else found

    @extend_schema(
        summary="List imports, newest first",
        parameters=[
            asked("state", "Where the import stands", BatchState.values),
            asked("kind", "Kind of roster"),
            asked("region_code", "Code of the division it is for"),
        ],
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(summary="Show one import: state, counts, progress, result")
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        summary="List what is wrong, with reason and remedy",
        parameters=[
            asked("kind", "Kind of finding"),
            asked("severity", "How much it matters", Severity.values),
        ],
        responses=FindingSerializer(many=True),
    )
    @action(detail=True)
    def issues(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        given = request.query_params
        found = listed.findings_like(
            batch, kind=given.get("kind", ""), severity=given.get("severity", "")
        )
        return self.answer_page(found, self._told(batch, finding))

    @extend_schema(
        summary="List the rows with what writing them does",
        parameters=[
            asked("outcome", "What becomes of the row", OUTCOMES),
            asked("village", "Code of the village"),
        ],
        responses=RowSerializer(many=True),
    )
    @action(detail=True)
    def rows(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        given = request.query_params
        outcome = given.get("outcome", "")
        if outcome and outcome not in OUTCOMES:
            raise serializers.ValidationError({"outcome": [", ".join(OUTCOMES)]})
        found = listed.rows_like(batch, outcome=outcome, village=given.get("village", ""))
        return self.answer_page(found, self._told(batch, row))

    def _told(self, batch: Batch, words: Callable[..., Any]) -> Callable[[Any], Any]:
        """Say a finding or row with the name of its sheet."""
        kind = registry.get(batch.kind)
        names = {sheet.number: sheet.name for sheet in selectors.sheets(batch)}
        return lambda line: words(line, names[line.sheet_number], kind)

    # Uploading and columns ------------------------------------------------------------------------

    @extend_schema(
        summary="Upload a roster and have it checked",
        request={"multipart/form-data": UploadSerializer},
        responses={
            201: BatchDetailSerializer,
            200: OpenApiResponse(BatchDetailSerializer, "This file is being imported already"),
        },
    )
    def create(self, request: Request) -> Response:
        form = UploadForm(self._upload(), request.FILES, user=request.user)  # type: ignore[arg-type]
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        received = services.receive_roster(actor=request.user, **form.arguments())  # type: ignore[arg-type]
        code = status.HTTP_201_CREATED if received.is_new else status.HTTP_200_OK
        return self._answer(received.batch, code)

    def _upload(self) -> dict[str, Any]:
        """Return what the form of the page takes; there a region is named by its number."""
        given: Any = self.request.data
        values = {name: given.get(name, "") for name in ("kind", "region", "as_of")}
        code = str(values["region"])
        found = regions.region_of_code(self.request.user, code) if code else None
        # Behind the sign stands a name, which a code is not: the form refuses it in its words.
        values["region"] = found.pk if found is not None else code and f"={code}"
        return values

    @extend_schema(summary="Show what the columns are taken for", responses=ColumnsSerializer)
    @action(detail=True)
    def columns(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        kind = registry.get(batch.kind)
        meanings = [
            {"field": column.key, "label": kind.field_label(column.field)}
            for column in kind.columns
        ]
        shown = {
            "confirmed": batch.columns_confirmed,
            "sheets": [sheet for sheet in selectors.sheets(batch) if sheet.is_data],
            "meanings": meanings,
        }
        return Response(ColumnsSerializer(shown).data)

    @extend_schema(
        summary="Say what the columns mean and have the file checked again",
        request=ChosenColumnsSerializer,
        responses={202: BatchDetailSerializer},
    )
    @columns.mapping.put
    def confirm_columns(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        given = self._given(ChosenColumnsSerializer)
        services.confirm_columns(
            actor=request.user,  # type: ignore[arg-type]
            batch=batch,
            columns=_chosen(batch, given["sheets"]),
            remember=given["remember"],
        )
        return self._answer(batch, status.HTTP_202_ACCEPTED)

    # Deciding -------------------------------------------------------------------------------------

    @extend_schema(
        summary="Correct cells in which something is wrong", request=CorrectionsSerializer
    )
    @action(detail=True, methods=["post"])
    def corrections(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        cells = [
            services.CellText(**line) for line in self._given(CorrectionsSerializer)["corrections"]
        ]
        services.correct_cells(actor=request.user, batch=batch, cells=cells)  # type: ignore[arg-type]
        return self._answer(batch)

    @extend_schema(
        summary="Have a large file checked again after corrections",
        request=None,
        responses={202: BatchDetailSerializer},
    )
    @action(detail=True, methods=["post"])
    def recheck(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        services.recheck(actor=request.user, batch=batch)  # type: ignore[arg-type]
        return self._answer(batch, status.HTTP_202_ACCEPTED)

    @extend_schema(summary="Say what happens to rows with errors", request=TakeSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        services.choose_take(
            actor=request.user,  # type: ignore[arg-type]
            batch=batch,
            take=self._given(TakeSerializer)["take"],
        )
        return self._answer(batch)

    @extend_schema(
        summary="Have the right rows written",
        request=None,
        responses={
            202: BatchDetailSerializer,
            200: OpenApiResponse(BatchDetailSerializer, "It was confirmed before"),
        },
    )
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        try:
            services.confirm_batch(actor=request.user, batch=batch)  # type: ignore[arg-type]
        except NotAllowedNow:
            # A program that got no answer asks again, and is told what became of it.
            if self.get_object().state in WAS_DONE_BEFORE:
                return self._answer(batch)
            raise
        return self._answer(batch, status.HTTP_202_ACCEPTED)

    @extend_schema(summary="Stop an import that is not written yet", request=None)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        services.cancel_batch(actor=request.user, batch=batch)  # type: ignore[arg-type]
        return self._answer(batch)

    @extend_schema(
        summary="Take up work that broke off on our side",
        request=None,
        responses={202: BatchDetailSerializer},
    )
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        services.retry_batch(actor=request.user, batch=batch)  # type: ignore[arg-type]
        return self._answer(batch, status.HTTP_202_ACCEPTED)

    # Taking back ----------------------------------------------------------------------------------

    @extend_schema(
        summary="Show until when an import can be taken back, and what that would do or did",
        responses=TakingBackSerializer,
    )
    @action(detail=True)
    def undo(self, request: Request, pk: str) -> Response:
        return self._answer_undo(self.get_object())

    @extend_schema(
        summary="Have it looked through what taking back would do",
        request=DirectionSerializer,
        responses={202: TakingBackSerializer},
    )
    @undo.mapping.post
    def ask_undo(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        direction = self._given(DirectionSerializer)["direction"]
        services.ask_undo(actor=request.user, batch=batch, direction=direction)  # type: ignore[arg-type]
        return self._answer_undo(batch, status.HTTP_202_ACCEPTED)

    @extend_schema(
        summary="Confirm a taking back that was looked through",
        request=None,
        responses={202: TakingBackSerializer},
    )
    @action(detail=True, methods=["post"], url_path="undo/confirm", url_name="undo-confirm")
    def confirm_undo(self, request: Request, pk: str) -> Response:
        batch = self.get_object()
        undo = listed.latest_undo(request.user, batch)
        if undo is None:
            raise NotAllowedNow(ASK_FIRST)
        services.confirm_undo(actor=request.user, undo=undo)  # type: ignore[arg-type]
        return self._answer_undo(batch, status.HTTP_202_ACCEPTED)

    def _answer_undo(self, batch: Batch, code: int = status.HTTP_200_OK) -> Response:
        undo = listed.latest_undo(self.request.user, batch)
        until = services.undo_until(batch) if batch.history_context else None
        return Response(TakingBackSerializer({"until": until, "undo": undo}).data, status=code)

    # Files ----------------------------------------------------------------------------------------

    @extend_schema(
        summary="Fetch the workbook with its errors marked; 202 while it is being made",
        responses={**FILE, 202: WorkbookSerializer},
    )
    @action(detail=True, url_path="errors-workbook", url_name="errors-workbook")
    def errors_workbook(self, request: Request, pk: str) -> HttpResponseBase:
        batch = self.get_object()
        if not batch.has_error_workbook and _is_being_made(batch):
            return _workbook_state(batch)
        content = services.open_error_workbook(actor=request.user, batch=batch)  # type: ignore[arg-type]
        return attachment(content, services.workbook_name(batch))

    @extend_schema(
        summary="Have the workbook with the errors made",
        request=None,
        responses={200: WorkbookSerializer, 202: WorkbookSerializer},
    )
    @errors_workbook.mapping.post
    def make_errors_workbook(self, request: Request, pk: str) -> HttpResponseBase:
        batch = self.get_object()
        return _workbook_state(services.request_error_workbook(actor=request.user, batch=batch))  # type: ignore[arg-type]

    @extend_schema(summary="Fetch the file as it was uploaded", responses=FILE)
    @action(detail=True)
    def file(self, request: Request, pk: str) -> HttpResponseBase:
        batch = self.get_object()
        content = services.open_original(actor=request.user, batch=batch)  # type: ignore[arg-type]
        return attachment(content, batch.filename)

    # Bodies ---------------------------------------------------------------------------------------

    def _given(self, body: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        """Return what the request says, checked."""
        given = body(data=self.request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data

    def _answer(self, batch: Batch, code: int = status.HTTP_200_OK) -> Response:
        """Answer with the import as it is now."""
        now = self.get_queryset().get(pk=batch.pk)
        return Response(
            BatchDetailSerializer(now, context=self.get_serializer_context()).data, code
        )


def _chosen(batch: Batch, given: list[Mapping[str, Any]]) -> dict[int, dict[str, str | None]]:
    """Return the meanings of all columns, those that are not named as they are suggested."""
    known = {column.key for column in registry.get(batch.kind).columns}
    sheets = {sheet.number: sheet for sheet in selectors.sheets(batch) if sheet.is_data}
    chosen = {
        number: {column["letter"]: column["field"] for column in sheet.columns}
        for number, sheet in sheets.items()
    }
    for line in given:
        letters = chosen.get(line["number"], {})
        for letter, field in line["columns"].items():
            if letter not in letters or (field and field not in known):
                fault = f"{line['number']} {letter}: {field}"
                raise serializers.ValidationError({"sheets": [_("Not known: %s") % fault]})
            letters[letter] = field or None
    return chosen


def _is_being_made(batch: Batch) -> bool:
    job = jobs.latest_job(batch.pk, services.ERRORS_JOB)
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


def _workbook_state(batch: Batch) -> Response:
    job = jobs.latest_job(batch.pk, services.ERRORS_JOB)
    ready = batch.has_error_workbook
    failed = not ready and job is not None and job.state == JobState.FAILED
    code = status.HTTP_200_OK if ready else status.HTTP_202_ACCEPTED
    body = WorkbookSerializer({"is_ready": ready, "is_failed": failed})
    return Response(body.data, code)
