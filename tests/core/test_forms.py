"""Forms: what is cleaned silently, what is refused and how, and how the form is laid out."""

from contextlib import suppress
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.core.dates import WrittenDate
from apps.core.forms import (
    BaseForm,
    Fieldset,
    IdNumberField,
    NameField,
    NumberCodeField,
    PartialDateField,
    RegionField,
    TidyCharField,
    WrittenDateField,
)
from apps.regions.models import Region


@pytest.fixture(autouse=True)
def _in_english() -> Any:
    with translation.override("en"):
        yield


class PersonForm(BaseForm):
    """A form in the order of a paper form."""

    name = NameField(label="Name")
    born_on = WrittenDateField(label="Born", required=False, help_text="As on the certificate")
    sex = forms.ChoiceField(
        label="Sex", choices=[("1", "male"), ("2", "female")], widget=forms.RadioSelect
    )
    phone = NumberCodeField(label="Phone", required=False)
    extra = TidyCharField(label="Extra", required=False)
    fieldsets = (
        Fieldset("Identity", "sex:3", "name:4", "missing:2"),
        Fieldset("Rest", "born_on", "phone:3"),
    )


# Dates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "20260501",
        "2026-05-01",
        "2026.5.1",
        "2026/5/1",
        "2026年5月1日",
        " 2026．5．1 ",
        "２０２６0501",
    ],
)
def test_day_is_understood_in_every_usual_writing(typed: str) -> None:
    assert WrittenDateField().clean(typed) == date(2026, 5, 1)


@pytest.mark.parametrize("typed", ["2026-02-30", "20261301", "tomorrow", "2026-05", "1/2"])
def test_what_is_no_full_day_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        WrittenDateField().clean(typed)


def test_empty_day_is_nothing() -> None:
    assert WrittenDateField(required=False).clean("  ") is None


@pytest.mark.parametrize(
    "typed, on, precision",
    [
        ("1986", date(1986, 1, 1), "year"),
        ("1986.5", date(1986, 5, 1), "month"),
        ("1986年5月", date(1986, 5, 1), "month"),
        ("19860512", date(1986, 5, 12), "day"),
    ],
)
def test_date_is_kept_as_far_as_it_is_known(typed: str, on: date, precision: str) -> None:
    written = PartialDateField().clean(typed)

    assert (written.on, written.precision) == (on, precision)


@pytest.mark.parametrize(
    "value, shown",
    [
        ((date(1986, 5, 1), "month"), "1986-05"),
        ((date(1986, 1, 1), "year"), "1986"),
        (date(1986, 5, 12), "1986-05-12"),
        (WrittenDate(date(1986, 5, 1), "month", "iso"), "1986-05"),
        (None, None),
    ],
)
def test_date_is_shown_as_far_as_it_is_known(value: Any, shown: str | None) -> None:
    assert PartialDateField().prepare_value(value) == shown


def test_same_date_written_otherwise_has_not_changed() -> None:
    field = PartialDateField(required=False)

    assert not field.has_changed((date(1986, 5, 1), "month"), "1986年5月")
    assert field.has_changed((date(1986, 5, 1), "month"), "1986-05-01")
    assert field.has_changed(None, "1986")


@given(st.text(max_size=30))
def test_no_writing_breaks_a_date_field(typed: str) -> None:
    for field in (WrittenDateField(required=False), PartialDateField(required=False)):
        with suppress(ValidationError):
            field.clean(typed)


# Text and numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field, typed, clean",
    [
        (TidyCharField(), "\u3000２７ 号\u200b ", "27 号"),
        (NameField(), " 王\u3000伟 ", "王伟"),
        (NameField(), "古丽娜尔•艾山", "古丽娜尔·艾山"),
        (NumberCodeField(), "138-0000 ５186", "13800005186"),
        (IdNumberField(), "999901 19860512 2043", "999901198605122043"),
        (IdNumberField(), "99990119900101123x".replace("123x", "123X"), None),
    ],
)
def test_input_is_cleaned_silently(field: forms.Field, typed: str, clean: str | None) -> None:
    if clean is None:
        with pytest.raises(ValidationError):
            field.clean(typed)
        return

    assert field.clean(typed) == clean


def test_wrong_check_digit_is_named() -> None:
    with pytest.raises(ValidationError) as refused:
        IdNumberField().clean("999901198403071238")

    assert "it should be 3" in str(refused.value.messages)


def test_masked_number_is_left_for_the_service_to_keep() -> None:
    assert IdNumberField().clean("999901********1233") == "999901********1233"


# Layout and errors --------------------------------------------------------------------------------


def test_fields_stand_in_the_order_of_the_paper_form() -> None:
    groups = PersonForm().groups

    assert [group.title for group in groups] == ["Identity", "Rest", ""]
    assert [[box.name for box in group.fields] for group in groups] == [
        ["sex", "name"],
        ["born_on", "phone"],
        ["extra"],
    ]
    assert [box.span for box in groups[0].fields] == [3, 4]


def test_errors_are_listed_in_the_order_of_the_page() -> None:
    form = PersonForm({"born_on": "2026-02-30", "name": ""})

    assert [str(problem) for problem in form.problems] == [
        "Sex: Please choose one.",
        "Name: Please fill in.",
        "Born: There is no such day in the calendar.",
    ]
    assert [problem.target for problem in form.problems] == ["id_sex_0", "id_name", "id_born_on"]


def test_field_is_described_by_error_and_hint() -> None:
    html = str(PersonForm({"born_on": "x"})["born_on"])

    assert 'aria-describedby="id_born_on_error id_born_on_hint"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="x"' in html


def test_refusal_for_an_unknown_field_stands_above_the_form() -> None:
    form = PersonForm({"name": "王伟", "sex": "1"})
    assert form.is_valid()

    form.refuse(ValidationError({"elsewhere": "No.", "phone": "Too short."}))

    assert [str(problem) for problem in form.problems] == ["No.", "Phone: Too short."]


def test_form_remembers_what_was_seen() -> None:
    form = PersonForm(initial={"name": "王伟"})

    form.remember_what_was_seen()

    assert '<input type="hidden" name="initial-name" value="王伟"' in str(form["name"])


# Regions ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_place_is_taken_by_number_or_by_its_only_name(places: SimpleNamespace) -> None:
    field = RegionField(Region.objects.all())
    widget: Any = field.widget
    village = places.village

    for posted in (
        {"r": str(village.pk), "r_text": "黄岭村", "r_label": "黄岭村"},
        {"r": str(village.pk)},
        {"r": "", "r_text": " 黄岭村 "},
        {"r": str(places.neighbour.pk), "r_text": "黄岭村", "r_label": "沙田村"},
    ):
        assert field.clean(widget.value_from_datadict(posted, {}, "r")) == village


@pytest.mark.django_db
def test_place_with_an_unclear_name_is_refused_and_kept(places: SimpleNamespace) -> None:
    places.neighbour.name = "黄岭村"
    places.neighbour.save()

    class PlaceForm(BaseForm):
        place = RegionField(Region.objects.all(), label="Place")

    form = PlaceForm({"place_text": "黄岭村"})

    assert "Several places" in str(form.errors)
    assert 'value="黄岭村"' in str(form["place"])


@pytest.mark.django_db
def test_emptied_place_is_empty(places: SimpleNamespace) -> None:
    field = RegionField(Region.objects.all(), required=False)
    widget: Any = field.widget
    posted = {"r": str(places.village.pk), "r_text": "", "r_label": "黄岭村"}

    assert field.clean(widget.value_from_datadict(posted, {}, "r")) is None


@pytest.mark.django_db
def test_place_out_of_the_forms_reach_is_refused(places: SimpleNamespace) -> None:
    field = RegionField(Region.objects.filter(pk=places.village.pk))

    with pytest.raises(ValidationError):
        field.clean(str(places.neighbour.pk))
