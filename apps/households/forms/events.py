"""Forms of life events."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.choices import SEXES
from apps.core.codes import coded
from apps.core.forms import (
    Fieldset,
    IdNumberInput,
    NumberCodeField,
    PartialDateField,
    RegionField,
    TidyCharField,
    WrittenDateField,
)
from apps.core.identifiers import normalise_id
from apps.households.choices import (
    HEAD,
    MarriageOrder,
    ResidenceKind,
    ResidenceReason,
)
from apps.households.forms.fields import PersonField
from apps.households.forms.households import (
    offer,
)
from apps.households.forms.people import MindsExisting
from apps.households.models import Person
from apps.households.records import (
    BirthRecord,
    Happening,
    MarriageRecord,
    MoveRecord,
)
from apps.households.selectors import households, people
from apps.regions.selectors import villages

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
