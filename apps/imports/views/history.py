"""What stays of an import: every record it touched, and the file it came from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.downloads import attachment
from apps.core.errors import NotAllowedNow
from apps.core.fields import EncryptedTextField
from apps.core.identifiers import mask, mask_phone
from apps.core.templatetags.fp import day
from apps.imports import services
from apps.imports.selectors import touched
from apps.imports.views.base import BatchScreen

ACT_LABELS = {
    touched.CREATED: _("Entered"),
    touched.CHANGED: _("Changed"),
    touched.REMOVED: _("Removed"),
}
LONGEST = 10


class BatchTouched(BatchScreen):
    """The records that an import entered, changed or removed, table by table."""

    template_name = "imports/batch_touched.html"
    step = 5

    def get_title(self) -> Any:
        return _("Records of the import")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if batch.history_context is None:
            return redirect(batch)
        tables = touched.touched_tables(batch)
        current = self._current(tables)
        act = self._act(current)
        page = touched.Page([], None)
        if current is not None:
            page = touched.touched_rows(
                batch, current.table, act, user=request.user, after=self._after()
            )
        return self.show(
            tables=tables,
            current=current,
            act=act,
            labels=ACT_LABELS,
            lines=[touched_line(current.table, row, page.named) for row in page.rows]
            if current
            else [],
            after=page.after,
            is_first=not self._after(),
        )

    def _current(self, tables: list[touched.TouchedTable]) -> touched.TouchedTable | None:
        """The table asked for, else the first."""
        wanted = self.request.GET.get("table", "")
        found = next((line for line in tables if line.table.key == wanted), None)
        if wanted and found is None:
            raise Http404
        return found or next(iter(tables), None)

    def _act(self, current: touched.TouchedTable | None) -> str:
        """What is asked for, else the first that happened to the table's rows."""
        cells = current.cells if current else []
        filled = [name for name, number in cells if number]
        wanted = self.request.GET.get("act", "")
        return wanted if wanted in ACT_LABELS else next(iter(filled), touched.CREATED)

    def _after(self) -> int:
        text = self.request.GET.get("after", "")
        return int(text) if text.isdecimal() and len(text) <= LONGEST else 0


class OriginalFile(BatchScreen):
    """Download the file as it was uploaded."""

    permission = "imports.run"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        batch = self.load()
        try:
            content = services.open_original(actor=request.user, batch=batch)  # type: ignore[arg-type]
        except NotAllowedNow as refusal:
            messages.error(request, str(refusal))
            return redirect(batch)
        return attachment(content, batch.filename)


# Lines --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TouchedLine:
    """One touched record as the page shows it.

    `name` is "" for somebody out of sight, `url` "" for what has no page or is not there any more.
    `facts` hold (label, before, after); only changes have a before.
    """

    name: str
    url: str
    is_gone: bool
    facts: list[tuple[str, str, str]]


def touched_line(
    table: touched.Table, version: touched.Version, named: dict[Any, dict[int, Any]]
) -> TouchedLine:
    """Show one touched row: whose it is, and what it says or what changed in it."""
    words = Words(named)
    owners = [
        owner for column in table.ties if (owner := words.record(column, version.row)) is not None
    ]
    return TouchedLine(
        name=_name_of(table, version, owners),
        url=_url_of(version, owners),
        is_gone=version.today is None,
        facts=list(_facts(table, version, words)),
    )


def _name_of(table: touched.Table, version: touched.Version, owners: Sequence[Any]) -> str:
    if not table.is_root:
        return " – ".join(map(str, owners))
    columns = [column.attname for column in table.model._meta.concrete_fields]
    return str(table.model(**{name: getattr(version.row, name) for name in columns}))


def _url_of(version: touched.Version, owners: Sequence[Any]) -> str:
    """The record's own page, else that of whose row it is."""
    for record in (version.today, *owners):
        if hasattr(record, "get_absolute_url"):
            return str(record.get_absolute_url())
    return ""


def _facts(
    table: touched.Table, version: touched.Version, words: "Words"
) -> Iterator[tuple[str, str, str]]:
    is_change = version.before is not None
    for column in table.fields:
        if not is_change and (column in table.ties or (table.is_root and not _is_mark(column))):
            continue
        label = label_of(column)
        before = words.of(column, version.before) if is_change else ""
        after = words.of(column, version.row)
        if label and before != after:
            yield label, before, after


def label_of(column: Any) -> str:
    """What a column is called; "" for one without words, such as how exactly a date is known."""
    if isinstance(column.verbose_name, Promise):
        return str(column.verbose_name)
    return str(column.related_model._meta.verbose_name) if column.is_relation else ""


def _is_mark(column: Any) -> bool:
    """Whether a column helps to tell apart records of the same name: a place, a sealed number."""
    return column.is_relation or isinstance(column, EncryptedTextField)


class Words:
    """The values of a row in words: codes and places by their names, numbers masked."""

    def __init__(self, named: dict[Any, dict[int, Any]]) -> None:
        self._named = named

    def record(self, column: Any, row: Any) -> Any:
        """What a row points to; None for nothing and for what is out of sight."""
        return self._named.get(column.related_model, {}).get(getattr(row, column.attname))

    def of(self, column: Any, row: Any) -> str:
        value = getattr(row, column.attname)
        if value is None or value == "":
            return ""
        if isinstance(column, EncryptedTextField):
            return mask_phone(str(value)) if column.name == "phone" else mask(str(value))
        if column.is_relation:
            found = self.record(column, row)
            return str(found) if found is not None else str(_("somebody out of sight"))
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        return day(value) if hasattr(value, "isoformat") else str(value)
