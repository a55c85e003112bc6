"""The base of all forms: fieldsets in the order of the paper form, errors that help, clean input.

    class PersonForm(BaseModelForm):
        fieldsets = (
            Fieldset(_("Identity"), "id_type:3", "id_number:5", "name:4"),
            Fieldset(_("Residence"), "registered_region:5", "moved_in_on:4"),
        )

A field name may be followed by its width in twelfths. Forms work without JavaScript; typed values
stay after an error. Spaces, full-width digits and invisible marks are cleaned silently.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core import dates, identifiers, text
from apps.core.templatetags.fp import day

REASON_LENGTH = 500
NAME_LENGTH = 50


class Fieldset:
    """A titled group of fields; shared by a form and the page that shows the record."""

    def __init__(self, title: Any, *cells: str) -> None:
        self.title = title
        self.cells = tuple(_cell(cell) for cell in cells)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _span in self.cells)


def _cell(cell: str) -> tuple[str, int]:
    name, _colon, span = cell.partition(":")
    return name, int(span or 0)


@dataclass(frozen=True)
class Group:
    """A fieldset with the bound fields that stand in it."""

    title: Any
    fields: list["FieldBox"]
    number: int = 0


@dataclass(frozen=True)
class Problem:
    """One line of the error summary: the field to go to and what is wrong with it."""

    text: str
    label: str = ""
    target: str = ""

    def __str__(self) -> str:
        if not self.label:
            return self.text
        return str(_("%(label)s: %(text)s")) % {"label": self.label, "text": self.text}


class FieldBox(BoundField):
    """A bound field that knows its width and which hints describe it."""

    span = 4

    @property
    def kind(self) -> str:
        """How the field is drawn: radios and check lists are groups with a legend."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxSelectMultiple):
            return "checks"
        if isinstance(widget, forms.RadioSelect):
            return "radios"
        if isinstance(widget, forms.MultiWidget):
            return "several"
        return "check" if isinstance(widget, forms.CheckboxInput) else "input"

    @property
    def is_group(self) -> bool:
        return self.kind in {"checks", "radios", "several"}

    @property
    def hint_id(self) -> str:
        return f"{self.id_for_label or self.auto_id}_hint"

    @property
    def error_id(self) -> str:
        return f"{self.id_for_label or self.auto_id}_error"

    @property
    def described_by(self) -> str:
        parts = [self.error_id] if self.errors else []
        if self.help_text:
            parts.append(self.hint_id)
        return " ".join(parts)

    @property
    def aria_describedby(self) -> str | None:
        return None if self.is_group else self.described_by or None

    @property
    def target(self) -> str:
        """The id that a link in the error summary goes to."""
        if self.is_group:
            return f"{self.auto_id}_{'from' if self.kind == 'several' else 0}"
        return self.id_for_label or self.auto_id

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        described = self.aria_describedby
        if described:
            built["aria-describedby"] = described
        if self.is_group:
            built.pop("required", None)
        return built


class FormStyle:
    """What every form of the system shares, whatever Django class it comes from."""

    fieldsets: ClassVar[tuple[Fieldset, ...]] = ()
    default_renderer: ClassVar[Any] = None
    bound_field_class = FieldBox
    use_required_attribute = False
    label_suffix = ""
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _dress(field)

    @property
    def groups(self) -> list[Group]:
        """The fieldsets with their bound fields; fields named in none come last."""
        placed: set[str] = set()
        groups: list[Group] = []
        for number, fieldset in enumerate(self.fieldsets):
            cells = [(name, span) for name, span in fieldset.cells if name in self.fields]
            boxes = [self._box(name, span) for name, span in cells]
            placed.update(name for name, _span in cells)
            if boxes:
                groups.append(Group(fieldset.title, boxes, number))
        rest = [self._box(name, 0) for name in self.fields if name not in placed]
        rest = [box for box in rest if not box.is_hidden]
        return [*groups, Group("", rest, len(groups))] if rest else groups

    def _box(self, name: str, span: int) -> FieldBox:
        box: FieldBox = self[name]  # type: ignore[index]
        box.span = span or _usual_span(box.field)
        return box

    @property
    def problems(self) -> list[Problem]:
        """All errors in the order of the page, those of the whole form first."""
        found = [Problem(str(words)) for words in self.non_field_errors()]  # type: ignore[attr-defined]
        for group in self.groups:
            for box in group.fields:
                found += [Problem(str(words), str(box.label), box.target) for words in box.errors]
        for box in self.hidden_fields():  # type: ignore[attr-defined]
            found += [Problem(str(words), str(box.label)) for words in box.errors]
        return found

    def refuse(self, error: ValidationError) -> None:
        """Show a service's refusal beside the fields it names, else above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)  # type: ignore[attr-defined]
            return
        for name, errors in error.error_dict.items():
            known = name if name in self.fields else None
            for item in errors:
                self.add_error(known, item)  # type: ignore[attr-defined]

    def remember_what_was_seen(self) -> None:
        """Post back the values as they were shown, so that two people's changes can be told."""
        for field in self.fields.values():
            field.show_hidden_initial = True

    def arguments(self) -> dict[str, Any]:
        """What the form hands to the service: its record if it makes one, else its values."""
        make = getattr(self, "record", None)
        return {"record": make()} if make else dict(self.cleaned_data)  # type: ignore[attr-defined]


class BaseForm(FormStyle, forms.Form):  # type: ignore[misc]  # bound fields of our own
    """A form that is not tied to one model."""


class BaseModelForm(FormStyle, forms.ModelForm):  # type: ignore[misc]  # as above
    """A form whose fields, labels and lengths come from a model. Saving is the service's work."""

    def save(self, commit: bool = True) -> Any:
        raise NotImplementedError("Call a service with form.arguments().")

    def _post_clean(self) -> None:
        """Check lengths and choices only; constraints are the service's and the database's."""
        self._validate_unique = False
        opts = self._meta
        exclude = self._get_validation_exclusions()  # type: ignore[attr-defined]
        for name in self.cleaned_data:
            if name in exclude or name not in self.fields:
                continue
            field = next((f for f in opts.model._meta.fields if f.name == name), None)
            if field is not None and not self.errors.get(name):
                self._check_by_model(name, field)

    def _check_by_model(self, name: str, field: Any) -> None:
        value = self.cleaned_data.get(name)
        if value in field.empty_values:
            return
        try:
            field.run_validators(value)
        except ValidationError as error:
            self.add_error(name, error)


class ReasonForm(BaseForm):
    """Confirms an act that must be explained."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Please say why.")},
        help_text=_("It is kept in the audit log."),
    )
    fieldsets = (Fieldset("", "reason:12"),)


class ConfirmForm(BaseForm):
    """Confirms an act that needs no explanation."""


# Cleaned input ------------------------------------------------------------------------------------

_FULL_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)}


class TidyCharField(forms.CharField):
    """Text of one line: invisible marks and outer spaces go, full-width digits become plain."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.tidy(value).translate(_FULL_WIDTH) if isinstance(value, str) else value


class NameField(forms.CharField):
    """A person's name: any character of GB 18030, one middle dot, no spaces between characters."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", NAME_LENGTH)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return text.tidy_name(value) if isinstance(value, str) else value


class NumberCodeField(forms.CharField):
    """A number that is read, not calculated with: no spaces or hyphens, capitals.

    After `keep` it shows a stored number masked; the mask sent back means "as it was", so that
    changing a name shows nobody a whole ID number.
    """

    stored = ""
    stored_mask = ""

    def keep(self, number: str, masked: str) -> str:
        """Stand for a stored number by its mask; returns the mask, to be the initial value."""
        self.stored, self.stored_mask = number, masked
        return masked

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if not isinstance(value, str):
            return value
        value = text.compact(value).replace("-", "").upper()
        return self.stored if value and value == self.stored_mask else value


class IdNumberField(forms.CharField):
    """A resident ID number of 18 characters (15 are extended); names each part that is wrong."""

    def __init__(self, *, fills: dict[str, str] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("widget", IdNumberInput(fills=fills))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        if value in self.empty_values or "*" in value:
            return value
        return identifiers.clean_id(value, on=timezone.localdate())


class WrittenDateField(forms.DateField):
    """A day typed as 20260501, 2026.5.1, 2026/5/1, 2026-5-1 or 2026年5月1日."""

    default_error_messages = {
        "incomplete": _("Please give year, month and day, for example 20260501."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateInput())
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        written = _read_date(value)
        if written is None:
            return None
        if written.precision != dates.DAY:
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        return written.on


class PartialDateField(forms.Field):
    """A date typed as fully as it is known: 1986, 1986-05 or 1986-05-12.

    Gives a core.dates.WrittenDate, whose `on` is the first day of what is known. As initial value
    a WrittenDate, a date, or the pair (date, precision) will do.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", DateInput())
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dates.WrittenDate | None:
        return _read_date(value)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, date):
            return day(value)
        if isinstance(value, tuple):
            return day(value[0], str(value[1]))
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, after = self.prepare_value(initial), self.prepare_value(data)
        try:
            return _day_and_precision(before) != _day_and_precision(after)
        except ValidationError:
            return True


def _day_and_precision(value: Any) -> tuple[date, str] | None:
    written = _read_date(value)
    return (written.on, written.precision) if written else None


def _read_date(value: Any) -> dates.WrittenDate | None:
    if value in (None, "") or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, dates.WrittenDate):
        return value
    try:
        return dates.parse_date(value, today=timezone.localdate())
    except dates.BadDate as error:
        raise ValidationError(str(error), code=error.code) from error


# Widgets ------------------------------------------------------------------------------------------


class DateInput(forms.DateInput):
    """A plain text field: dates are typed, not picked, in whatever way the office writes them."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        usual = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "20"}
        super().__init__(attrs={**usual, **(attrs or {})}, format="%Y-%m-%d")


class IdNumberInput(forms.TextInput):
    """An identity number; the page fills sex and birth date at once, the server still decides.

    `fills` maps sex, birth_date, age to the names of the fields to fill.
    """

    template_name = "components/widgets/id_number.html"

    def __init__(
        self, attrs: dict[str, Any] | None = None, fills: dict[str, str] | None = None
    ) -> None:
        usual = {"autocomplete": "off", "inputmode": "text", "maxlength": "24"}
        super().__init__(attrs={**usual, **(attrs or {})})
        self.fills = fills or {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["fills"] = self.fills
        return context


class RegionPicker(forms.TextInput):
    """A village or group found by typing its name or initials; posts the region's id.

    Without JavaScript the typed name itself is posted and looked up.
    """

    template_name = "components/widgets/region_picker.html"
    choices: Any = None

    def __init__(self, attrs: dict[str, Any] | None = None, source: str = "regions:search") -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})})
        self.source = source
        self.name_of: Any = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["source"] = self.source
        context["text"] = self.name_of(value) if value and self.name_of else ""
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The chosen id, unless the text was changed afterwards without choosing again."""
        chosen, typed = data.get(name) or "", (data.get(f"{name}_text") or "").strip()
        if not typed and f"{name}_text" in data:
            return ""
        if typed and data.get(f"{name}_label", typed) != typed:
            return f"={typed}"
        return chosen or (f"={typed}" if typed else "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data


class RegionField(forms.ModelChoiceField):
    """A region within the queryset the form is given (usually what the user may see)."""

    widget = RegionPicker
    default_error_messages = {
        "invalid_choice": _("No such place in your regions. Type a name and choose from the list."),
        "several": _("Several places have this name. Please choose one from the list."),
    }

    def __init__(self, queryset: QuerySet[Any] | None, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self._name_widget()

    def __deepcopy__(self, memo: Any) -> Any:
        result = super().__deepcopy__(memo)
        result._name_widget()
        return result

    def _name_widget(self) -> None:
        widget: Any = self.widget
        if isinstance(widget, RegionPicker):
            widget.name_of = self._name_of

    def _name_of(self, value: Any) -> str:
        if str(value).startswith("="):
            return str(value)[1:]
        places: Any = self.queryset
        try:
            found = places.filter(pk=value).first() if places is not None else None
        except (ValueError, TypeError):
            return ""
        return self.label_from_instance(found) if found else ""

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or not value.startswith("="):
            return super().to_python(value)
        places: Any = self.queryset
        found = list(places.filter(name=text.tidy(value[1:]))[:2])
        if len(found) == 1:
            return found[0]
        code = "several" if found else "invalid_choice"
        raise ValidationError(self.error_messages[code], code=code)


CONTROL = "form-control"
CSS = {
    forms.Select: "form-select",
    forms.CheckboxInput: "form-check-input",
    forms.RadioSelect: "form-check-input",
    forms.CheckboxSelectMultiple: "form-check-input",
}


def _dress(field: forms.Field) -> None:
    """Give a field's widget the classes of the house and its required message kind words."""
    widget = field.widget
    for part in getattr(widget, "widgets", ()):
        part.attrs.setdefault("class", CONTROL)
    css = next((name for kind, name in CSS.items() if isinstance(widget, kind)), CONTROL)
    given = widget.attrs.get("class", "")
    widget.attrs["class"] = f"{css} {given}".strip() if css not in given.split() else given
    if isinstance(widget, IdNumberInput):
        widget.attrs["class"] += " id-input"
    required = field.error_messages.get("required")
    if str(required) == str(forms.Field.default_error_messages["required"]):
        chooses = isinstance(field, forms.ChoiceField) and not isinstance(field, RegionField)
        field.error_messages["required"] = (
            _("Please choose one.") if chooses else _("Please fill in.")
        )


def _usual_span(field: forms.Field) -> int:
    if isinstance(field.widget, forms.Textarea | forms.CheckboxSelectMultiple):
        return 12
    return 3 if isinstance(field, forms.DateField | PartialDateField | forms.IntegerField) else 4
