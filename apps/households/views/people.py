"""Persons: list, file, forms, numbers in clear for a minute."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.context import Crumb
from apps.core.dates import age_on
from apps.core.identifiers import mask_phone
from apps.core.views import ActView, DeleteView, EditView, ListView, RecordScreen, Screen
from apps.households import selectors
from apps.households.filters import PersonFilter
from apps.households.forms import ParentForm, PersonForm
from apps.households.models import Person
from apps.households.panels import PERSON, masked_number
from apps.households.services import kinship, persons
from apps.households.tables import PersonTable
from apps.households.views.files import FileView, PersonFormView, TabView

CLEAR_SECONDS = 60
CLEAR = "clear_numbers"
OPTION_COUNT = 12
FORM_FIELDS = (
    "id_type",
    "id_number",
    "name",
    "sex",
    "ethnic_group",
    "former_name",
    "hukou_type",
    "education",
    "marital_status",
    "birth_order",
    "phone",
    "remark",
)


class PersonList(ListView):
    permission = "households.view"
    title = gettext_lazy("People")
    selector = staticmethod(selectors.people)
    by_region = True
    region_tree = True
    table_class = PersonTable
    filter_class = PersonFilter
    empty_text = gettext_lazy("No people here yet.")
    empty_hint = gettext_lazy("Import a village roster, or add members to a household.")


class PersonDetail(FileView):
    permission = "households.open_person"
    selector = staticmethod(selectors.people_to_open)
    object_name = "person"
    page = PERSON
    tab_url = "households:person_tab"
    template_name = "households/person_detail.html"
    opened = staticmethod(persons.note_opening)

    def extra_context(self) -> dict[str, Any]:
        shown = {**super().extra_context(), **numbers_of(self.request, self.object)}
        membership = self.object.memberships.filter(valid_to__isnull=True)
        return {
            **shown,
            "age": age_on(self.object.birth_date, timezone.localdate()),
            "membership": membership.select_related("household__head").first(),
        }


def numbers_of(request: HttpRequest, person: Person) -> dict[str, Any]:
    """Return ID number and phone for the band: masked, or in clear for the rest of the minute."""
    until = request.session.get(CLEAR, {}).get(str(person.pk), 0)
    left = max(0, int(until - time.time()))
    is_clear = left > 0 and request.user.may("households.unmask")  # type: ignore[union-attr]
    phone = str(person.phone or "")
    return {
        "is_clear": is_clear,
        "seconds_left": left,
        "shown_number": (person.id_number if is_clear else None) or masked_number(person),
        "shown_phone": phone if is_clear or not phone else mask_phone(phone),
    }


class PersonTab(TabView):
    permission = "households.open_person"
    selector = staticmethod(selectors.people_to_open)
    object_name = "person"
    page = PERSON
    tab_url = "households:person_tab"


class PersonNumbers(RecordScreen):
    """The two numbers of the band; htmx fetches them again when the minute is over."""

    permission = "households.open_person"
    selector = staticmethod(selectors.people_to_open)
    object_name = "person"
    template_name = "households/_numbers.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return self.show(**numbers_of(request, self.object))


class PersonUnmask(ActView):
    permission = "households.unmask"
    selector = staticmethod(selectors.people_to_open)
    object_name = "person"
    verb = gettext_lazy("Show numbers")
    consequence = gettext_lazy(
        "ID number and phone are shown for one minute. Who looked and why is kept."
    )

    def save(self, form: Any) -> Person:
        person: Person = self.object
        actor: Any = self.request.user
        persons.unmask(actor=actor, person=person, **form.arguments())
        until = {**self.request.session.get(CLEAR, {}), str(person.pk): time.time() + CLEAR_SECONDS}
        now = time.time()
        self.request.session[CLEAR] = {pk: end for pk, end in until.items() if end > now}
        return person


class PersonEdit(PersonFormView):
    permission = "households.edit"
    selector = staticmethod(selectors.people)
    object_name = "person"
    form_class = PersonForm
    done_text = gettext_lazy("%(object)s has been saved.")

    def get_title(self) -> Any:
        return _("Change %(name)s") % {"name": self.object.name}

    def form_arguments(self) -> dict[str, Any]:
        return {"person": self.object, **super().form_arguments()}

    def initial(self) -> dict[str, Any]:
        values = {name: getattr(self.object, name) for name in FORM_FIELDS}
        born = (self.object.birth_date, self.object.birth_precision)
        return {**values, "birth_date": born}

    def save(self, form: Any) -> Person:
        actor: Any = self.request.user
        return persons.update_person(
            actor=actor,
            person=self.object,
            record=form.record(),
            seen_at=self.seen_at,
        )


class PersonDelete(DeleteView):
    permission = "households.remove"
    selector = staticmethod(selectors.people)
    object_name = "person"
    service = staticmethod(persons.delete_person)
    done_url = "households:person_list"


class ParentCreate(EditView):
    permission = "households.edit"
    selector = staticmethod(selectors.people)
    object_name = "child"
    form_class = ParentForm
    done_text = gettext_lazy("The link has been entered.")
    service = staticmethod(kinship.link_parent)

    def get_title(self) -> Any:
        return _("Parent of %(name)s") % {"name": self.object.name}

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, **super().form_arguments()}

    def result_url(self, result: Any) -> str:
        return f"{self.object.get_absolute_url()}?tab=family"

    def done_message(self, result: Any) -> str:
        return str(self.done_text)


class KinshipDelete(DeleteView):
    permission = "households.remove"
    selector = staticmethod(selectors.kinships)
    object_name = "kinship"
    service = staticmethod(kinship.unlink_parent)
    done_url = "households:person_list"
    done_text = gettext_lazy("The link has been removed.")

    def get_title(self) -> Any:
        return f"{self.object.parent.name} → {self.object.child.name}"

    def cancel_address(self) -> str:
        return f"{self.object.child.get_absolute_url()}?tab=family"

    def result_url(self, result: Any) -> str:
        return self.cancel_address()

    def done_message(self, result: Any) -> str:
        return str(self.done_text)


class PersonOptions(Screen):
    """People for a picker, found by posted words so that no name stands in an address."""

    permission = "households.view"
    template_name = "households/_person_options.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        words = request.POST.get("q", "").strip()[:60]
        found = selectors.search_people(request.user, words)[:OPTION_COUNT] if words else []
        today = timezone.localdate()
        options = [(person, age_on(person.birth_date, today)) for person in found]
        return self.show(options=options)


def person_crumb(person: Person) -> Crumb:
    """The step back to a person's file."""
    return Crumb(person.name, reverse("households:person_detail", args=[person.pk]))
