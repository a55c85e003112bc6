"""Forms of households."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.codes import coded
from apps.core.forms import (
    BaseForm,
    Fieldset,
    ReasonForm,
    RegionField,
    TidyCharField,
    WrittenDateField,
)
from apps.households.choices import (
    HEAD,
    CategoryKind,
)
from apps.households.models import Person
from apps.households.records import (
    HouseholdRecord,
)
from apps.households.selectors import these_people
from apps.regions.selectors import villages


class HouseholdForm(BaseForm):
    """A household without its members (户)."""

    region = RegionField(None, label=_("Village"))
    number = TidyCharField(
        label=_("Household number"),
        max_length=40,
        required=False,
        help_text=_("As in the household register, for example 0203-0147."),
    )
    group = TidyCharField(label=_("Village group"), max_length=30, required=False)
    address = TidyCharField(label=_("Address"), max_length=200, required=False)
    valid_from = WrittenDateField(
        label=_("Registered since"), required=False, help_text=_("Leave empty if nobody knows.")
    )
    remark = forms.CharField(
        label=_("Remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )

    fieldsets = (
        Fieldset(_("Household"), "region:5", "number:4", "group:3", "address:8", "valid_from:4"),
        Fieldset(_("Remark"), "remark:12"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        field.queryset = villages(user)  # type: ignore[attr-defined]

    def record(self) -> HouseholdRecord:
        return HouseholdRecord(**self.cleaned_data)


class HeadForm(BaseForm):
    """Who heads the household from which day; the first choice is the one proposed."""

    new_head: Any = forms.ModelChoiceField(
        None, label=_("New head"), empty_label=None, widget=forms.RadioSelect
    )
    on = WrittenDateField(label=_("From"))
    reason = TidyCharField(label=_("Reason"), max_length=200, required=False)

    fieldsets = (Fieldset("", "new_head:12", "on:4", "reason:8"),)

    def __init__(self, *args: Any, choices: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self.fields["new_head"], choices)
        self.fields["on"].initial = timezone.localdate()


def offer(field: Any, choices: list[Person]) -> None:
    """Let a field offer these persons in this order, the first one chosen."""
    field.queryset = these_people(choices)
    today = timezone.localdate()
    field.choices = [
        (person.pk, f"{person.name}, {person.get_sex_display()}, {_age(person, today)}")
        for person in choices
    ]
    if choices:
        field.initial = choices[0].pk


def _age(person: Person, today: date) -> Any:
    from_birth = today.year - person.birth_date.year
    had = (today.month, today.day) >= (person.birth_date.month, person.birth_date.day)
    return _("%(age)s years") % {"age": from_birth - (not had)}


class EndForm(ReasonForm):
    """Ends something on a day, with a reason."""

    on = WrittenDateField(label=_("Ended on"))
    fieldsets = (Fieldset("", "on:4", "reason:12"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()


class CategoryForm(BaseForm):
    """What a household counts as, and on what basis."""

    kind = forms.ChoiceField(
        label=_("Category"), choices=[("", _("Please choose")), *CategoryKind.choices]
    )
    valid_from = WrittenDateField(label=_("From"))
    basis = TidyCharField(
        label=_("Basis"), max_length=200, help_text=_("The document or fact that it rests on.")
    )
    fieldsets = (Fieldset(_("Category"), "kind:4", "valid_from:3", "basis:5"),)


class RelationshipForm(BaseForm):
    """What a member is to the head."""

    relationship = forms.ChoiceField(
        label=_("Relationship to head"),
        choices=coded("relationship_to_head", without=("01", HEAD, "03")),
    )
    fieldsets = (Fieldset(_("Member"), "relationship:5"),)
