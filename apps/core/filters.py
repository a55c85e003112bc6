"""The query form over a list.

class PersonFilter(BaseFilterSet):
    main = ("name:3", "id_number:3", "sex:2")      # first row; the rest folds under "more"
    private = ("name", "id_number")                # never in an address
    born = DateSpanFilter(field_name="birth_date", label=_("Born"))
    age = NumberSpanFilter(method="by_age", label=_("Age"))
    region = RegionFilter(queryset=lambda request: regions_of(request.user), label=_("Place"))

A list with `region_tree = True` shows the tree of places at its left and needs a field `region`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_filters.filters import QuerySetRequestMixin

from apps.core import searches
from apps.core.forms import FieldBox, FormStyle, RegionField, WrittenDateField
from apps.core.templatetags.fp import day

TOKEN = "s"
RELAXED_LIMIT = 1000
FEW = 8


class QueryForm(FormStyle, forms.Form):  # type: ignore[misc]  # bound fields of our own
    """The form of a filter set: nothing is required, an empty choice reads "all"."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False
            _name_the_empty_choice(field)
            _tick_rather_than_select(field)


def _name_the_empty_choice(field: Any) -> None:
    """Let an unset choice read "all", whichever library made the field."""
    if getattr(field, "empty_label", None) is not None:
        field.empty_label = _("All")
        if not isinstance(field, forms.ModelChoiceField):
            field.choices = [pair for pair in field.choices if pair[0] not in ("", None)]
    elif isinstance(field, forms.NullBooleanField):
        field.widget.choices = [("", _("All")), ("true", _("Yes")), ("false", _("No"))]
    elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
        field.choices = [("", _("All")), *(pair for pair in _pairs(field) if pair[0])]


def _pairs(field: Any) -> list[tuple[Any, Any]]:
    return list(field.choices)


def _tick_rather_than_select(field: Any) -> None:
    """Show a short list of which several may hold as boxes to tick."""
    few = isinstance(field, forms.MultipleChoiceField) and len(_pairs(field)) <= FEW
    if few and isinstance(field.widget, forms.SelectMultiple):
        attrs = {"class": "form-check-input"}
        field.widget = forms.CheckboxSelectMultiple(attrs=attrs, choices=_pairs(field))


class RegionFilter(QuerySetRequestMixin, django_filters.Filter):
    """Rows in a region or below it; the place is found by typing its name.

    `queryset` is a callable taking the request and returning the regions the user may see. The
    list's own queryset must know `in_region`.
    """

    field_class = RegionField

    def filter(self, qs: Any, value: Any) -> QuerySet[Any]:
        return qs.in_region(value) if value else qs


class SpanInput(forms.MultiWidget):
    """Two fields, from and to, in one line."""

    template_name = "components/widgets/span.html"
    use_fieldset = True

    def __init__(self, widgets: Any) -> None:
        super().__init__({"from": widgets[0], "to": widgets[1]})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, words in zip(context["widget"]["subwidgets"], (_("from"), _("to")), strict=True):
            part["attrs"]["aria-label"] = words
            part["attrs"]["id"] = f"id_{part['name']}"
            part["attrs"].pop("aria-describedby", None)
        return context

    def decompress(self, value: Any) -> list[Any]:
        return [value.start, value.stop] if isinstance(value, slice) else [None, None]


class SpanField(forms.MultiValueField):
    """From and to, both included; either may be left open. Gives a slice."""

    default_error_messages = {"reversed": _("The first must not be after the second.")}

    def __init__(self, *, parts: tuple[forms.Field, forms.Field], **kwargs: Any) -> None:
        widget = SpanInput([part.widget for part in parts])
        super().__init__(parts, widget=widget, require_all_fields=False, **kwargs)

    def compress(self, values: list[Any]) -> slice | None:
        start, stop = (None if value == "" else value for value in values or [None, None])
        if start is None and stop is None:
            return None
        if start is not None and stop is not None and start > stop:
            raise forms.ValidationError(self.error_messages["reversed"], code="reversed")
        return slice(start, stop)


class SpanFilter(django_filters.Filter):
    """Rows whose field lies between two values, both included."""

    def filter(self, qs: QuerySet[Any], value: slice | None) -> QuerySet[Any]:
        if value is None:
            return qs
        bounds = {"gte": value.start, "lte": value.stop}
        found = {f"{self.field_name}__{how}": end for how, end in bounds.items() if end is not None}
        return self.get_method(qs)(**found)


class DateSpanFilter(SpanFilter):
    """Between two days, typed in any way."""

    @property
    def field(self) -> forms.Field:
        parts = (WrittenDateField(required=False), WrittenDateField(required=False))
        return SpanField(parts=parts, label=self.label, required=False)


class NumberSpanFilter(SpanFilter):
    """Between two whole numbers, for example ages."""

    @property
    def field(self) -> forms.Field:
        parts = (_whole_number(), _whole_number())
        return SpanField(parts=parts, label=self.label, required=False)


def _whole_number() -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "6"})
    return forms.IntegerField(required=False, min_value=0, widget=widget)


@dataclass(frozen=True)
class Chip:
    """One condition in force, with the query that is left when it is dropped."""

    label: str
    query: str
    without: str = ""


class BaseFilterSet(django_filters.FilterSet):
    """Conditions of a list, with their chips and with personal values kept out of addresses."""

    main: ClassVar[tuple[str, ...]] = ()
    private: ClassVar[tuple[str, ...]] = ()

    class Meta:
        form = QueryForm

    def __init__(
        self, data: Any = None, queryset: QuerySet[Any] | None = None, **kwargs: Any
    ) -> None:
        self.address_data = data if data is not None else QueryDict()
        request = kwargs.get("request")
        self.user_pk = getattr(getattr(request, "user", None), "pk", None)
        merged = self.address_data.copy()
        opened = searches.unseal(merged.get(TOKEN, ""), self.user_pk)
        for name, value in opened.items():
            if self._is_private(name):
                merged[name] = value
        super().__init__(merged, queryset, **kwargs)

    def get_form_class(self) -> type[forms.Form]:
        fields = {name: found.field for name, found in self.filters.items()}
        return type(f"{type(self).__name__}Form", (QueryForm,), fields)

    @property
    def qs(self) -> QuerySet[Any]:
        """The rows that meet the conditions; none while a condition is not understood."""
        if self.form.errors:
            return self.queryset.none()
        return super().qs

    @cached_property
    def main_fields(self) -> list[FieldBox]:
        """The fields of the first row."""
        cells = self.main or tuple(list(self.filters)[:4])
        return [self._box(cell) for cell in cells]

    @cached_property
    def more_fields(self) -> list[FieldBox]:
        """The fields that fold away."""
        shown = {box.name for box in self.main_fields}
        return [self._box(name) for name in self.filters if name not in shown]

    @property
    def more_in_force(self) -> bool:
        """Whether a folded condition is set; then the fold stays open."""
        return any(self._is_set(box.name) for box in self.more_fields)

    def _box(self, cell: str) -> FieldBox:
        name, _colon, span = cell.partition(":")
        box: FieldBox = self.form[name]
        box.span = int(span or 3)
        return box

    def _is_private(self, key: str) -> bool:
        return any(self._belongs(key, name) for name in self.private)

    def _belongs(self, key: str, name: str) -> bool:
        """Whether a key of the address is this condition or a part of it (born_from)."""
        if not name or key == name:
            return bool(name)
        return key.startswith(f"{name}_") and key not in self.filters

    def _value(self, name: str) -> Any:
        self.form.is_valid()
        return self.form.cleaned_data.get(name)

    def _is_set(self, name: str) -> bool:
        value = self._value(name)
        if isinstance(value, slice):
            return value.start is not None or value.stop is not None
        return value not in (None, "", [], ()) and not _is_empty_queryset(value)

    @property
    def is_narrowed(self) -> bool:
        """Whether any condition is in force."""
        return any(self._is_set(name) for name in self.filters)

    def query(self, *, without: str = "", posted: Mapping[str, Any] | None = None) -> str:
        """Return the address's query for these conditions, personal ones sealed.

        Leaves out the page and one condition, if named. Order and page size stay.
        """
        data = self.data if posted is None else posted
        plain = QueryDict(mutable=True)
        sealed: dict[str, str] = {}
        for key in data:
            if key in {TOKEN, "page", "csrfmiddlewaretoken"} or self._belongs(key, without):
                continue
            values = data.getlist(key) if hasattr(data, "getlist") else [data[key]]
            values = [value for value in values if value]
            if self._is_private(key) and values:
                sealed[key] = values[-1]
            elif values:
                plain.setlist(key, values)
        token = searches.seal(sealed, self.user_pk)
        if token:
            plain[TOKEN] = token
        return plain.urlencode()

    @property
    def chips(self) -> list[Chip]:
        """The conditions in force, in the order of the form."""
        names = [box.name for box in (*self.main_fields, *self.more_fields)]
        return [self._chip(name) for name in names if self._is_set(name)]

    def _chip(self, name: str) -> Chip:
        label = str(self.form[name].label)
        text = _spoken(self.form.fields[name], self._value(name), self.form[name].value())
        words = str(_("%(label)s: %(text)s")) % {"label": label, "text": text}
        return Chip(words, self.query(without=name), name)

    def easing(self) -> tuple[Chip, int] | None:
        """Name the condition whose dropping brings rows back, with how many (at most 1,000)."""
        chips = self.chips
        if len(chips) < 2:
            return None
        best: tuple[Chip, int] | None = None
        for chip in chips:
            count = self._count_without(chip.without)
            if count and (best is None or count < best[1]):
                best = (chip, count)
        return best

    def _count_without(self, name: str) -> int:
        """Count the rows without one condition; conditions may depend on each other."""
        kept = self.form.cleaned_data
        self.form.cleaned_data = {**kept, name: None}
        try:
            queryset = self.filter_queryset(self.queryset)
        finally:
            self.form.cleaned_data = kept
        return queryset.order_by()[:RELAXED_LIMIT].count()


def _is_empty_queryset(value: Any) -> bool:
    return isinstance(value, QuerySet) and not value


def _spoken(field: Any, value: Any, raw: Any) -> str:
    """Say a condition's value as the form says it."""
    if isinstance(value, slice):
        return f"{_end(value.start)}–{_end(value.stop)}"
    if isinstance(value, Model) or not isinstance(field, forms.ChoiceField):
        return _end(value)
    labels = {str(key): str(label) for key, label in _pairs(field)}
    chosen = value if isinstance(value, list | tuple) else [raw if raw not in (None, "") else value]
    return str(_(", ")).join(labels.get(str(item), str(item)) for item in chosen)


def _end(value: Any) -> str:
    return "" if value is None else day(value) or str(value)
