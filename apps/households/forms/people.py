"""Forms of persons, in the order of the paper form."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.choices import SEXES
from apps.core.codes import coded
from apps.core.forms import (
    BaseForm,
    Fieldset,
    IdNumberInput,
    NumberCodeField,
    PartialDateField,
    RegionField,
    TidyCharField,
    WrittenDateField,
)
from apps.core.identifiers import mask, mask_phone, normalise_id
from apps.households.choices import (
    HEAD,
    KinshipNature,
)
from apps.households.forms.fields import PersonField, PhoneField
from apps.households.models import Household, Person
from apps.households.records import (
    PersonRecord,
    PlaceRecord,
)
from apps.households.selectors import people
from apps.households.services.persons import AlreadyEntered
from apps.regions.selectors import villages

SAME, OTHER_VILLAGE, OUTSIDE = "same", "village", "outside"
LIVES = [
    (SAME, _("where registered")),
    (OTHER_VILLAGE, _("another village of the county")),
    (OUTSIDE, _("outside the county")),
]
NOT_A_STATUS = "20"


class MindsExisting(BaseForm):
    """A form that remembers whom a number belongs to, so that the page can link to the file."""

    existing: Person | None = None

    def refuse(self, error: ValidationError) -> None:
        """Show the refusal; keep the person it tells of."""
        if isinstance(error, AlreadyEntered):
            self.existing = error.person
        super().refuse(error)


class PersonForm(MindsExisting):
    """What is known of a person, in the order of the paper form (人员信息登记表)."""

    id_type = forms.ChoiceField(label=_("Kind of document"), choices=coded("id_document_type"))
    id_number = NumberCodeField(
        label=_("ID number"),
        required=False,
        max_length=40,
        widget=IdNumberInput(fills={"sex": "sex", "birth_date": "birth_date"}),
        help_text=_("Without a number the person gets a temporary one."),
    )
    name = TidyCharField(label=_("Full name"), max_length=50)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, widget=forms.RadioSelect)
    birth_date = PartialDateField(label=_("Date of birth"))
    ethnic_group = forms.ChoiceField(
        label=_("Ethnic group"), choices=coded("ethnic_group"), required=False
    )
    former_name = TidyCharField(label=_("Former name"), max_length=50, required=False)
    differs_reason = TidyCharField(
        label=_("If number and register differ: why"),
        max_length=200,
        required=False,
        help_text=_("Only when the number is right although it says another sex or birth date."),
    )
    hukou_type = forms.ChoiceField(
        label=_("Kind of registration"), choices=coded("hukou_type"), required=False
    )
    education = forms.ChoiceField(label=_("Education"), choices=coded("education"), required=False)
    marital_status = forms.ChoiceField(
        label=_("Marital status"),
        choices=coded("marital_status", without=(NOT_A_STATUS,)),
        required=False,
    )
    first_marriage_on = WrittenDateField(label=_("First married on"), required=False)
    birth_order = forms.IntegerField(
        label=_("Order of birth"), required=False, min_value=1, max_value=20
    )
    phone = PhoneField(label=_("Phone"), required=False, max_length=20)
    remark = forms.CharField(
        label=_("Remark"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )

    fieldsets: ClassVar[tuple[Fieldset, ...]] = (
        Fieldset(
            _("Identity"),
            "id_type:3",
            "id_number:5",
            "name:4",
            "sex:3",
            "birth_date:3",
            "ethnic_group:3",
            "former_name:3",
            "differs_reason:12",
        ),
        Fieldset(_("Registration"), "hukou_type:4", "education:4", "birth_order:4"),
        Fieldset(_("Marriage"), "marital_status:4", "first_marriage_on:4"),
        Fieldset(_("Contact"), "phone:4", "remark:12"),
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["id_type"].initial = "01"
        if person is not None:
            self._mask_numbers(person)
            del self.fields["first_marriage_on"]
            if person.marital_status:
                del self.fields["marital_status"]

    def _mask_numbers(self, person: Person) -> None:
        """Show stored numbers masked: seeing them whole needs a reason and is written down."""
        for name, masked in (("id_number", mask), ("phone", mask_phone)):
            number = getattr(person, name)
            if number:
                self.initial[name] = cast(NumberCodeField, self.fields[name]).keep(
                    number, masked(number)
                )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not any(char.isalpha() for char in name):
            raise ValidationError(_("A name has letters or characters."))
        return str(name)

    def record(self) -> PersonRecord:
        data = self.cleaned_data
        names = PersonRecord.__dataclass_fields__
        values = {name: data[name] for name in names if data.get(name) not in (None, "")}
        values["birth_date"] = data["birth_date"].on
        values["birth_precision"] = data["birth_date"].precision
        values["id_number"] = normalise_id(data.get("id_number") or "")
        return PersonRecord(**values)


class MemberForm(PersonForm):
    """A person who is added to a household."""

    relationship = forms.ChoiceField(
        label=_("Relationship to head"), choices=coded("relationship_to_head", without=("01",))
    )
    since = WrittenDateField(
        label=_("Belongs here since"), required=False, help_text=_("Leave empty if nobody knows.")
    )
    moved_in = forms.BooleanField(label=_("Moved in on that day"), required=False)
    lives = forms.ChoiceField(
        label=_("Lives"), choices=LIVES, widget=forms.RadioSelect, initial=SAME
    )
    current_region = RegionField(None, label=_("Village where the person lives"), required=False)
    current_place = TidyCharField(
        label=_("Place outside the county"), max_length=200, required=False
    )

    fieldsets = (
        PersonForm.fieldsets[0],
        Fieldset(
            _("Household and home"),
            "relationship:4",
            "since:4",
            "moved_in:4",
            "lives:12",
            "current_region:6",
            "current_place:6",
        ),
        *PersonForm.fieldsets[1:],
    )

    def __init__(self, *args: Any, user: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.household = household
        field = self.fields["current_region"]
        field.queryset = villages(user)  # type: ignore[attr-defined]
        if household.head_id is None:
            self.fields["relationship"].initial = HEAD

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("lives") == OTHER_VILLAGE and not data.get("current_region"):
            self.add_error("current_region", _("Please choose the village."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        regions = {SAME: self.household.region, OTHER_VILLAGE: data["current_region"]}
        place = PlaceRecord(
            relationship=data["relationship"],
            since=data["since"],
            moved_in=data["moved_in"],
            current_region=regions.get(data["lives"]),
            current_place=data["current_place"] if data["lives"] == OUTSIDE else "",
        )
        return {"record": self.record(), "place": place}


class ParentForm(BaseForm):
    """Somebody's mother or father."""

    parent = PersonField(None, label=_("Mother or father"))
    nature = forms.ChoiceField(
        label=_("Nature"), choices=KinshipNature.choices, initial=KinshipNature.BIRTH
    )
    fieldsets = (Fieldset(_("Parent"), "parent:6", "nature:4"),)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = people(user)  # type: ignore[attr-defined]
