"""Forms of households, persons and life events, in the order of the paper forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.choices import Sex
from apps.core.codes import code_choices
from apps.core.forms import (
    BaseForm,
    Fieldset,
    IdNumberInput,
    NumberCodeField,
    PartialDateField,
    ReasonForm,
    RegionField,
    RegionPicker,
    TidyCharField,
    WrittenDateField,
)
from apps.core.identifiers import is_landline, is_mobile, normalise_id
from apps.households.choices import (
    HEAD,
    CategoryKind,
    KinshipNature,
    MarriageOrder,
    ResidenceKind,
    ResidenceReason,
)
from apps.households.models import Household, Person
from apps.households.records import (
    BirthRecord,
    Happening,
    HouseholdRecord,
    MarriageRecord,
    MoveRecord,
    PersonRecord,
    PlaceRecord,
)
from apps.households.selectors import households, people, person_by_document, these_people
from apps.households.services.persons import AlreadyEntered
from apps.regions.selectors import villages

SEXES = [(Sex.MALE.value, Sex.MALE.label), (Sex.FEMALE.value, Sex.FEMALE.label)]
SAME, OTHER_VILLAGE, OUTSIDE = "same", "village", "outside"
LIVES = [
    (SAME, _("where registered")),
    (OTHER_VILLAGE, _("another village of the county")),
    (OUTSIDE, _("outside the county")),
]
BOTH_PLACES = "both"
MOVED_KINDS = [
    (BOTH_PLACES, _("registration and home")),
    (ResidenceKind.REGISTERED.value, _("registration only")),
    (ResidenceKind.CURRENT.value, _("home only")),
]
MOVE_REASONS = [
    (ResidenceReason.MOVE.value, ResidenceReason.MOVE.label),
    (ResidenceReason.MARRIAGE.value, ResidenceReason.MARRIAGE.label),
    (ResidenceReason.WORK.value, ResidenceReason.WORK.label),
    (ResidenceReason.STUDY.value, ResidenceReason.STUDY.label),
    (ResidenceReason.OTHER.value, ResidenceReason.OTHER.label),
]
NOT_A_STATUS = "20"


def coded(name: str, *, without: tuple[str, ...] = ()) -> Callable[[], list[tuple[str, Any]]]:
    """Return the choices of a code list with an empty one in front."""

    def choices() -> list[tuple[str, Any]]:
        found = [pair for pair in code_choices(name) if pair[0] not in without]
        return [("", _("Please choose")), *found]

    return choices


class PersonPicker(RegionPicker):
    """A person found by name, pinyin or number; the words are posted, never in an address."""

    def __init__(self) -> None:
        super().__init__({"data-picker-post": "1"}, source="households:person_options")


class PersonField(RegionField):
    """One of the persons the user may see. Without JavaScript: the exact name or ID number."""

    widget: Any = PersonPicker
    default_error_messages = {
        "invalid_choice": _("Nobody of that name or number in your regions."),
        "several": _("Several people have this name. Please choose one from the list."),
    }

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.startswith("="):
            number = normalise_id(value[1:])
            found = person_by_document("01", number) if len(number) == 18 else None
            mine: Any = self.queryset
            if found is not None and mine.filter(pk=found.pk).exists():
                return found
        return super().to_python(value)

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PhoneField(NumberCodeField):
    """A mobile number, or a fixed line with its area code."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not (is_mobile(value) or is_landline(value)):
            raise ValidationError(
                _("This has %(count)s digits; a mobile number has 11 and begins with 1."),
                params={"count": len(value)},
                code="phone",
            )


# Household ----------------------------------------------------------------------------------------


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


# Person -------------------------------------------------------------------------------------------


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
            del self.fields["first_marriage_on"]
            if person.marital_status:
                del self.fields["marital_status"]

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


# Life events --------------------------------------------------------------------------------------


class EventForm(MindsExisting):
    """When something happened and when the office learnt of it."""

    on = PartialDateField(label=_("Happened on"))
    learnt_on = WrittenDateField(label=_("Learnt on"))
    note = TidyCharField(label=_("Note"), max_length=500, required=False)

    when = Fieldset(_("When"), "on:4", "learnt_on:4")
    closing = Fieldset(_("Note"), "note:12")
    fieldsets: ClassVar[tuple[Fieldset, ...]] = (when, closing)
    record_class: type[Any] = Happening
    own: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def __init__(self, *args: Any, user: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.person = user, person
        self.fields["learnt_on"].initial = timezone.localdate()
        for name in ("mother", "father", "spouse"):
            if name in self.fields:
                self.fields[name].queryset = people(user)  # type: ignore[attr-defined]

    def record(self) -> Any:
        data = self.cleaned_data
        own = {name: data[name] for name in self.own if data.get(name) not in (None, "")}
        return self.record_class(
            on=data["on"].on,
            precision=data["on"].precision,
            learnt_on=data["learnt_on"],
            note=data["note"],
            **own,
        )

    def arguments(self) -> dict[str, Any]:
        return {"person": self.person, "record": self.record()}


class BirthForm(EventForm):
    """A newborn child."""

    mother = PersonField(None, label=_("Mother"))
    father = PersonField(None, label=_("Father"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), choices=SEXES, widget=forms.RadioSelect)
    name = TidyCharField(
        label=_("Full name"),
        max_length=50,
        required=False,
        help_text=_("Without a name the child is named after its mother for now."),
    )
    id_number = NumberCodeField(
        label=_("ID number"), required=False, max_length=40, widget=IdNumberInput()
    )
    birth_order = forms.IntegerField(
        label=_("Order of birth"),
        required=False,
        min_value=1,
        max_value=20,
        help_text=_("Left empty it is counted from the mother's children."),
    )
    relationship = forms.ChoiceField(
        label=_("Relationship to head"),
        choices=coded("relationship_to_head", without=("01", HEAD, "03")),
        required=False,
        help_text=_("Left empty it follows from the mother's."),
    )

    fieldsets = (
        Fieldset(_("Parents"), "mother:5", "father:5"),
        Fieldset(_("Child"), "on:4", "sex:4", "name:4", "id_number:5", "birth_order:3"),
        Fieldset(_("Household"), "relationship:5", "learnt_on:4"),
        EventForm.closing,
    )
    record_class = BirthRecord
    own = ("sex", "name", "id_number", "birth_order", "relationship")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Born on")

    def clean_id_number(self) -> str:
        return normalise_id(self.cleaned_data["id_number"] or "")

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"mother": data["mother"], "father": data["father"], "record": self.record()}


class DeathForm(EventForm):
    """A death; a head's also names the next head."""

    new_head: Any = forms.ModelChoiceField(
        None,
        label=_("Next head of the household"),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("The first one is proposed: spouse, grown children by age, parents, others."),
    )
    fieldsets = (EventForm.when, Fieldset(_("Household"), "new_head:12"), EventForm.closing)
    needs = ("heads",)

    def __init__(self, *args: Any, heads: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Died on")
        _offer_heads(self, heads)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "new_head": self.cleaned_data.get("new_head")}


def _offer_heads(form: forms.Form, heads: list[Person]) -> None:
    if heads:
        offer(form.fields["new_head"], heads)
    else:
        del form.fields["new_head"]


class MarriageForm(EventForm):
    """A marriage with somebody of the register or outside it."""

    spouse = PersonField(None, label=_("Husband or wife"), required=False)
    spouse_name = TidyCharField(
        label=_("Or name of somebody outside the register"), max_length=50, required=False
    )
    order = forms.ChoiceField(
        label=_("Which marriage"),
        choices=[("", _("as it follows from the file")), *MarriageOrder.choices[:3]],
        required=False,
    )
    fieldsets = (
        Fieldset(_("Couple"), "spouse:5", "spouse_name:5", "order:5"),
        EventForm.when,
        EventForm.closing,
    )
    record_class = MarriageRecord
    own = ("spouse_name", "order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Married on")

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "spouse": self.cleaned_data["spouse"]}


class DivorceForm(EventForm):
    """The end of the marriage in force."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Divorced on")


class MoveForm(EventForm):
    """A move; which fields are asked for depends on the kind of move."""

    moved = forms.ChoiceField(
        label=_("What moves"), choices=MOVED_KINDS, widget=forms.RadioSelect, initial=BOTH_PLACES
    )
    region = RegionField(None, label=_("To the village"), required=False)
    place = TidyCharField(
        label=_("Place outside the county"),
        max_length=200,
        required=False,
        help_text=_("Province, city and county are enough."),
    )
    household_number = TidyCharField(
        label=_("Household joined"),
        max_length=40,
        required=False,
        help_text=_("Its number in that village; empty if it is not clear yet."),
    )
    relationship = forms.ChoiceField(
        label=_("Relationship to head"),
        choices=coded("relationship_to_head", without=("01",)),
        required=False,
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=MOVE_REASONS)
    new_head: Any = forms.ModelChoiceField(
        None,
        label=_("Next head of the household"),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    fieldsets = (
        EventForm.when,
        Fieldset(_("The move"), "moved:12", "region:6", "place:6", "reason:4"),
        Fieldset(_("New household"), "household_number:4", "relationship:5"),
        Fieldset(_("Household left"), "new_head:12"),
        EventForm.closing,
    )
    needs = ("heads",)
    asks: tuple[str, ...] = ()

    def __init__(self, *args: Any, heads: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_heads(self, heads)
        mine = {"moved", "region", "place", "household_number", "relationship", "reason"}
        for name in mine - set(self.asks):
            del self.fields[name]
        if "moved" not in self.asks:
            self.fields.pop("new_head", None)
        if "region" in self.fields:
            self.fields["region"].queryset = villages(self.user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("household_number") and data.get("region"):
            self._find_household(data)
        return data

    def _find_household(self, data: dict[str, Any]) -> None:
        found = households(self.user).filter(
            region=data["region"], number=data["household_number"], valid_to__isnull=True
        )
        data["household"] = found.first()
        if data["household"] is None:
            self.add_error("household_number", _("This village has no household of that number."))

    def _kinds(self) -> tuple[str, ...]:
        moved = self.cleaned_data.get("moved", ResidenceKind.CURRENT)
        return tuple(ResidenceKind.values) if moved == BOTH_PLACES else (moved,)

    def record(self) -> MoveRecord:
        data = self.cleaned_data
        names = ("region", "place", "reason", "household", "relationship", "new_head")
        own = {name: data[name] for name in names if data.get(name) not in (None, "")}
        return MoveRecord(
            on=data["on"].on,
            precision=data["on"].precision,
            learnt_on=data["learnt_on"],
            note=data["note"],
            kinds=self._kinds(),
            **own,
        )


class MoveInForm(MoveForm):
    """Somebody known comes (back) into the county."""

    asks = ("moved", "region", "household_number", "relationship", "reason")


class MoveOutForm(MoveForm):
    """Somebody leaves the county."""

    asks = ("moved", "place", "reason")


class MoveWithinForm(MoveForm):
    """Somebody moves to another village of the county."""

    asks = ("moved", "region", "household_number", "relationship", "reason")


class LeftHomeForm(MoveForm):
    """Somebody lives elsewhere, the registration stays."""

    asks = ("region", "place", "reason")


class CameHomeForm(MoveForm):
    """Somebody lives at the registered place again."""

    asks = ()
