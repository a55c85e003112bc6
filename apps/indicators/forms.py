"""Input of legacy totals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import BaseForm, Fieldset, RegionField, TidyCharField
from apps.indicators.models import LegacyValue
from apps.indicators.records import LegacyRecord
from apps.indicators.selectors.legacy import all_series
from apps.regions.selectors import regions


class LegacyForm(BaseForm):
    """One total of an abolished figure, copied from a document."""

    fieldsets = (
        Fieldset(_("What"), "series:6", "region:6"),
        Fieldset(_("Published total"), "period:4", "value:4", "source:12"),
    )

    series: Any = forms.ModelChoiceField(
        label=_("Series"),
        queryset=None,
        help_text=_("Abolished figures exist only here, as totals."),
    )
    region = RegionField(None, label=_("Region"))
    period = TidyCharField(
        label=_("Period"),
        max_length=20,
        help_text=_("As printed, for example 2014 or 2013-10:2014-09."),
    )
    value = forms.DecimalField(label=_("Value"), max_digits=16, decimal_places=4)
    source = TidyCharField(
        label=_("Source"),
        max_length=200,
        help_text=_("The document the total was taken from."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["series"].queryset = all_series()  # type: ignore[attr-defined]
        self.fields["region"].queryset = regions(user)  # type: ignore[attr-defined]

    def record(self) -> LegacyRecord:
        """Return what was typed as one record."""
        return LegacyRecord(**self.cleaned_data)


def values_of(point: LegacyValue) -> dict[str, Any]:
    """Return the values an edit form begins with."""
    return {
        "series": point.series_id,
        "region": point.region_id,
        "period": point.period,
        "value": point.value.normalize(),
        "source": point.source,
    }
