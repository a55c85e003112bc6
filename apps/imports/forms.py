"""Input of the import wizard: the file, and what each column means."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.forms import BaseForm, Fieldset, RegionField, WrittenDateField
from apps.imports import registry
from apps.imports.models import Sheet
from apps.regions import selectors as regions

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".txt")


class UploadForm(BaseForm):
    """Which file, what kind of roster it is, for which region and which day."""

    file = forms.FileField(
        label=_("File"),
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text=_(
            "xlsx, xls or csv; at most 20 MB, 50,000 rows, 300 columns and 3 million filled cells"
        ),
        error_messages={
            "required": _("Please choose the file of the roster."),
            "missing": _("Please choose the file of the roster."),
            "empty": _("This file is empty. Please choose another one."),
            "max_length": _("The name of this file is too long. Please shorten it."),
        },
    )
    kind = forms.ChoiceField(label=_("Kind of roster"), widget=forms.RadioSelect)
    region = RegionField(
        None,
        label=_("Region"),
        help_text=_(
            "Rows of places outside it are not imported. Choose the township if the file "
            "has several villages."
        ),
    )
    as_of = WrittenDateField(
        label=_("Date of the roster"),
        help_text=_("The day whose state the roster describes, for example 20260630"),
    )
    fieldsets = (
        Fieldset(_("Roster"), "kind:12", "file:8"),
        Fieldset(_("Applies to"), "region:5", "as_of:4"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_kinds_and_regions(self, user)
        self.initial.setdefault("as_of", timezone.localdate())

    def clean_file(self) -> Any:
        """Refuse by name what cannot be a table; the content is judged when it is read."""
        file = self.cleaned_data["file"]
        suffix = PurePath(file.name).suffix.lower()
        if suffix not in SUFFIXES:
            raise ValidationError(
                _("This is not a table file. Please choose one that ends in xlsx, xls or csv."),
                code="suffix",
            )
        return file


class TemplateForm(BaseForm):
    """Which kind of roster, for which region; empty, or with the people of today."""

    kind = forms.ChoiceField(label=_("Kind of roster"), widget=forms.RadioSelect)
    region = RegionField(
        None,
        label=_("Region"),
        help_text=_("A village, or a township: then each village gets a sheet of its own."),
    )
    content = forms.ChoiceField(
        label=_("Content"),
        widget=forms.RadioSelect,
        choices=[
            ("people", _("Today's roster, with the people of the register")),
            ("empty", _("Empty, only headings and drop-downs")),
        ],
        initial="people",
    )
    fieldsets = (Fieldset(_("Template"), "kind:12", "region:5", "content:12"),)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_kinds_and_regions(self, user)


def _offer_kinds_and_regions(form: BaseForm, user: User) -> None:
    """Fill the choices of kind and region, with what a user most probably means chosen."""
    kinds = [(kind.name, kind.label) for kind in registry.kinds()]
    choice = form.fields["kind"]
    assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - narrows the type
    choice.choices = kinds
    place = form.fields["region"]
    assert isinstance(place, RegionField)  # noqa: S101 - narrows the type
    place.queryset = regions.current_regions(user)
    place._name_widget()
    own = regions.own_regions(user)
    form.initial.setdefault("region", own[0].pk if len(own) == 1 else None)
    form.initial.setdefault("kind", kinds[0][0] if kinds else None)


class ColumnsForm:
    """The meaning of each column of the sheets of one workbook, one choice per column.

    Not a Django form: the fields are the file's own columns. `chosen()` gives {sheet number:
    {letter: field or None}} and raises ValidationError for a meaning that the kind does not have.
    """

    def __init__(self, sheets: list[Sheet], fields: dict[str, Any], data: Any = None) -> None:
        self.sheets = [sheet for sheet in sheets if sheet.is_data]
        self.known = fields
        self.data = data

    @staticmethod
    def name(sheet: Sheet, letter: str) -> str:
        """The name under which the choice of one column is posted."""
        return f"c{sheet.number}-{letter}"

    def value(self, sheet: Sheet, column: dict[str, Any]) -> str:
        """The meaning to show as chosen, "" for none."""
        suggested = column["field"] or ""
        if self.data is None:
            return suggested
        return self.data.get(self.name(sheet, column["letter"]), suggested)

    def chosen(self) -> dict[int, dict[str, str | None]]:
        """Return the meanings as posted, those of columns not posted as suggested."""
        return {
            sheet.number: {
                column["letter"]: self._known(self.value(sheet, column)) for column in sheet.columns
            }
            for sheet in self.sheets
        }

    def _known(self, value: str) -> str | None:
        if value and value not in self.known:
            raise ValidationError(_("Please choose one of the meanings offered."))
        return value or None
