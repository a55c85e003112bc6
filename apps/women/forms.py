"""Forms of the service file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.codes import coded
from apps.core.forms import (
    BaseForm,
    Fieldset,
    PartialDateField,
    TidyCharField,
    WrittenDateField,
)
from apps.women.records import MethodRecord, StatedChildren


class MethodForm(BaseForm):
    """The method a woman or couple chose."""

    method = forms.ChoiceField(
        label=_("Method"),
        choices=coded("contraceptive_method"),
        help_text=_("As the woman tells it; choosing a method, or none, is up to her."),
    )
    valid_from = PartialDateField(label=_("Since"), required=False)
    facility = TidyCharField(label=_("Institution"), max_length=100, required=False)
    fieldsets = (Fieldset(_("Method"), "method:5", "valid_from:3", "facility:4"),)

    def record(self) -> MethodRecord:
        data = self.cleaned_data
        since = data["valid_from"]
        return MethodRecord(
            method=data["method"],
            valid_from=since.on if since else None,
            from_precision=since.precision if since else "day",
            facility=data["facility"],
        )


class EndMethodForm(BaseForm):
    """From which day a method is no longer used."""

    on = WrittenDateField(label=_("No longer used from"))
    fieldsets = (Fieldset("", "on:4"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class ChildrenForm(BaseForm):
    """What a woman states about her children."""

    stated_boys = forms.IntegerField(label=_("Sons"), required=False, min_value=0, max_value=20)
    stated_girls = forms.IntegerField(
        label=_("Daughters"), required=False, min_value=0, max_value=20
    )
    stated_last_birth_on = WrittenDateField(label=_("Last child born on"), required=False)
    stated_on = WrittenDateField(label=_("Stated on"))
    remark = TidyCharField(label=_("Remark"), max_length=500, required=False)
    fieldsets = (
        Fieldset(
            _("Children, as stated"),
            "stated_boys:3",
            "stated_girls:3",
            "stated_last_birth_on:3",
            "stated_on:3",
            "remark:12",
        ),
    )

    def record(self) -> StatedChildren:
        return StatedChildren(**self.cleaned_data)
