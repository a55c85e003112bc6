"""The base of all lists: dense, sortable, one count and one page query, order ends in the key.

Declare a table with the columns below; the first column that is a `NameColumn` becomes the row's
heading and carries the link. Cells say by `label` what they are when rows turn into cards.

    class PersonTable(BaseTable):
        name = NameColumn()
        birth_date = DateColumn(precision="birth_precision")
        state = StatusColumn(accessor="presence", kinds={"present": "ok", "away": "wait"})
        class Meta(BaseTable.Meta):
            model = Person
            fields = ("name", "birth_date", "state")
            order_by = ("name",)
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import django_tables2 as tables
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableData, TableQuerysetData

from apps.core.templatetags.fp import day, figure

LONG_LIST = 10_000
COUNT_KEPT_SECONDS = 60


class OrderedRows(TableQuerysetData):
    """A queryset whose order always ends in the primary key: pages neither skip nor repeat."""

    data: QuerySet[Any]

    def __len__(self) -> int:
        """Count once. A long list's count may be a minute old: counting all costs more than a page.

        Short lists are always counted, so what was just entered shows at once.
        """
        if not hasattr(self, "_length"):
            self._length = self._recent_count()
        return self._length

    def _recent_count(self) -> int:
        try:
            sql, values = self.data.order_by().query.sql_with_params()
        except EmptyResultSet:
            return 0
        digest = hashlib.sha256(f"{sql}|{values!r}".encode()).hexdigest()
        known = cache.get(f"count:{digest}")
        if known is not None:
            return int(known)
        count = self.data.count()
        if count > LONG_LIST:
            cache.set(f"count:{digest}", count, COUNT_KEPT_SECONDS)
        return count

    def order_by(self, aliases: Iterable[str]) -> None:
        super().order_by(aliases)
        self._end_in_key()

    def set_table(self, table: Any) -> None:
        super().set_table(table)
        self._end_in_key()

    def _end_in_key(self) -> None:
        queryset = self.data
        order = list(queryset.query.order_by) or list(queryset.model._meta.ordering)
        if not order or str(order[-1]).lstrip("-") not in {"pk", "id"}:
            self.data = queryset.order_by(*order, "pk")


class BaseTable(tables.Table):
    """A list of records. `stack` turns rows into cards on phones; else it scrolls sideways."""

    stack = True

    class Meta:
        template_name = "components/table.html"
        attrs = {"class": "fp-table sticky"}
        order_by_field = "sort"
        empty_text = ""

    def __init__(self, data: Any, *args: Any, **kwargs: Any) -> None:
        if not isinstance(data, TableData) and TableQuerysetData.validate(data):
            data = OrderedRows(data)
        kwargs.setdefault("order_by_field", "sort")
        kwargs.setdefault("page_field", "page")
        super().__init__(data, *args, **kwargs)

    @property
    def caption(self) -> Any:
        """What the table lists, for those who do not see it."""
        return self.data.verbose_name_plural

    @property
    def css(self) -> str:
        return f"fp-table sticky{' fp-stack' if self.stack else ' firstcol'}"

    def lines(self) -> Iterator[tuple[Any, list[tuple[SafeString, Any, SafeString]]]]:
        """Each row of the page with its cells: opening tag, content, closing tag.

        What surrounds a cell is the same in every row and is written once for each column.
        """
        frames = [(column.name, *_frame(column)) for column in self.columns]
        for row in self.paginated_rows:
            yield row, [(start, row.get_cell(name), end) for name, start, end in frames]

    def first_number(self) -> int:
        """The running number (序号) of the first row on this page."""
        page = getattr(self, "page", None)
        return page.start_index() if page else 1


def _frame(column: Any) -> tuple[SafeString, SafeString]:
    """Return the tags around a column's cells; on phones a cell says what it is."""
    if getattr(column.column, "row_header", False):
        return mark_safe('<th scope="row">'), mark_safe("</th>")
    css = column.attrs["td"].get("class", "")
    label = "" if css == "acts" else format_html(' data-label="{}"', column.header)
    return format_html('<td class="{}"{}>', css, label), mark_safe("</td>")


class TextColumn(tables.Column):
    """Plain text; nothing known is shown as "none"."""

    empty_values = ()
    css = ""
    row_header = False

    def __init__(self, *args: Any, nowrap: bool = True, **kwargs: Any) -> None:
        css = " ".join(filter(None, [self.css, "nowrap" if nowrap and not self.css else ""]))
        kwargs.setdefault("attrs", {"td": {"class": css}, "th": {"class": css}})
        super().__init__(*args, **kwargs)

    def render(self, *, value: Any, record: Any, **more: Any) -> Any:
        return nothing() if value is None or value == "" else value


class NameColumn(TextColumn):
    """The row's heading: the record's name, linking to its page.

    `url` says how the address follows from the record; default is get_absolute_url().
    """

    row_header = True

    def __init__(self, *args: Any, url: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        self._url = url
        super().__init__(*args, **kwargs)

    def render(self, *, value: Any, record: Any, **more: Any) -> SafeString:
        address = self._url(record) if self._url else record.get_absolute_url()
        return format_html('<a href="{}"><b>{}</b></a>', address, value or _("no name"))


class LinkColumn(TextColumn):
    """A second way to a record, for example to the household of a person."""

    def __init__(self, *args: Any, url: Callable[[Any], str], **kwargs: Any) -> None:
        self._url = url
        super().__init__(*args, **kwargs)

    def render(self, *, value: Any, record: Any, **more: Any) -> Any:
        address = self._url(record)
        if not value or not address:
            return value or nothing()
        return format_html('<a href="{}">{}</a>', address, value)


class CodeColumn(TextColumn):
    """A number that is read, not summed: household number, masked identity number, phone."""

    css = "id"


class FigureColumn(TextColumn):
    """A number that is summed or compared; right-aligned with thousands separators.

    With `url` the figure opens its rows.
    """

    css = "num"

    def __init__(
        self,
        *args: Any,
        places: int | None = None,
        url: Callable[[Any], str] | None = None,
        **kwargs: Any,
    ) -> None:
        self._places, self._url = places, url
        super().__init__(*args, **kwargs)

    def render(self, *, value: Any, record: Any, **more: Any) -> Any:
        if value is None:
            return nothing()
        text = figure(value, self._places)
        if not self._url:
            return text
        return format_html('<a class="q" href="{}">{}</a>', self._url(record), text)


class DateColumn(TextColumn):
    """A date as 2026-11-21; `precision` names the field that says how much of it is known."""

    css = "id"

    def __init__(self, *args: Any, precision: str = "", **kwargs: Any) -> None:
        self._precision = precision
        super().__init__(*args, **kwargs)

    def render(self, *, value: Any, record: Any, **more: Any) -> Any:
        if not value:
            return nothing()
        precision = _read(record, self._precision) if self._precision else "day"
        return day(value, precision)


class StatusColumn(TextColumn):
    """A state as shape, word and colour.

    `kinds` maps the stored value to ok, wait, warn, bad or off; the word is the field's own label.
    """

    def __init__(self, *args: Any, kinds: Mapping[str, str], **kwargs: Any) -> None:
        self._kinds = kinds
        super().__init__(*args, **kwargs)

    def render(self, *, value: Any, record: Any, **more: Any) -> Any:
        if value is None or value == "":
            return nothing()
        stored = _read(record, str(more["bound_column"].accessor).replace("__", "."))
        kind = self._kinds.get(str(stored), "wait")
        return format_html('<span class="st {}">{}</span>', kind, value)


class ActionsColumn(tables.Column):
    """Links at the end of a row. `links` returns (label, address) pairs for a record."""

    empty_values = ()
    row_header = False

    def __init__(self, links: Callable[[Any], list[tuple[Any, str]]], **kwargs: Any) -> None:
        self._links = links
        kwargs.setdefault("verbose_name", _("Actions"))
        kwargs.setdefault("orderable", False)
        kwargs.setdefault("attrs", {"td": {"class": "acts"}, "th": {"class": "acts"}})
        super().__init__(**kwargs)

    def render(self, record: Any, **kwargs: Any) -> SafeString:
        parts = [
            format_html('<a href="{}" aria-label="{}: {}">{}</a>', url, record, label, label)
            for label, url in self._links(record)
        ]
        return SafeString("".join(parts))


def nothing() -> SafeString:
    """What stands in a cell when nothing is known."""
    return format_html('<span class="muted">{}</span>', _("none"))


def _read(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record[name] if isinstance(record, Mapping) else getattr(record, name, None)
    return record
