"""Life events: list, one form for each kind, removal of a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.choices import Sex
from apps.core.context import Crumb
from apps.core.views import DeleteView, ListView, RecordScreen
from apps.households import selectors
from apps.households.choices import EventKind
from apps.households.filters import EventFilter
from apps.households.forms import (
    BirthForm,
    CameHomeForm,
    DeathForm,
    DivorceForm,
    EventForm,
    LeftHomeForm,
    MarriageForm,
    MoveInForm,
    MoveOutForm,
    MoveWithinForm,
)
from apps.households.models import Person
from apps.households.services import events as services
from apps.households.services import households, intervals
from apps.households.tables import EventTable
from apps.households.views.files import PersonFormView
from apps.households.views.people import person_crumb


@dataclass(frozen=True)
class Act:
    """One kind of event a clerk can record: its words, its form, its service."""

    kind: EventKind
    title: Any
    hint: Any
    form: type[EventForm]
    service: Callable[..., Any]


ACTS = {
    act.kind.value: act
    for act in (
        Act(
            EventKind.BIRTH,
            _("Birth of a child"),
            _("Enters the child with its parents, household and home."),
            BirthForm,
            services.record_birth,
        ),
        Act(
            EventKind.DEATH,
            _("Death"),
            _("Ends membership and marriage; proposes the next head."),
            DeathForm,
            services.record_death,
        ),
        Act(
            EventKind.MARRIAGE,
            _("Marriage"),
            _("With somebody of the register or outside it."),
            MarriageForm,
            services.record_marriage,
        ),
        Act(
            EventKind.DIVORCE,
            _("Divorce"),
            _("Ends the marriage in force."),
            DivorceForm,
            services.record_divorce,
        ),
        Act(
            EventKind.MOVE_IN,
            _("Moved in"),
            _("Comes back from outside the county."),
            MoveInForm,
            services.record_move_in,
        ),
        Act(
            EventKind.MOVE_OUT,
            _("Moved out"),
            _("Leaves the county; the file stays here."),
            MoveOutForm,
            services.record_move_out,
        ),
        Act(
            EventKind.MOVE_WITHIN,
            _("Moved within the county"),
            _("To another village."),
            MoveWithinForm,
            services.record_move_within,
        ),
        Act(
            EventKind.LEFT_HOME,
            _("Lives elsewhere now"),
            _("The registration stays."),
            LeftHomeForm,
            services.record_left_home,
        ),
        Act(
            EventKind.CAME_HOME,
            _("Back home"),
            _("Lives at the registered place again."),
            CameHomeForm,
            services.record_came_home,
        ),
    )
}


class EventList(ListView):
    permission = "households.view"
    title = _("Life events")
    selector = staticmethod(selectors.events)
    by_region = True
    table_class = EventTable
    filter_class = EventFilter
    empty_text = _("No life events here yet.")
    empty_hint = _("Record one from the file of a person.")


class EventChoose(RecordScreen):
    """What happened to this person: one link for each kind of event that fits."""

    permission = "households.record_event"
    selector = staticmethod(selectors.people)
    object_name = "person"
    title = _("Record an event")
    template_name = "households/event_choose.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        acts = [
            (act, reverse("households:event_create", args=[self.object.pk, act.kind]))
            for act in ACTS.values()
        ]
        return self.show(acts=acts)

    def crumbs(self) -> list[Crumb]:
        return [person_crumb(self.object)]


class EventCreate(PersonFormView):
    permission = "households.record_event"
    selector = staticmethod(selectors.people)
    object_name = "person"
    done_text = _("The event has been recorded.")

    @property
    def act(self) -> Act:
        try:
            return ACTS[self.kwargs["kind"]]
        except KeyError as error:
            raise Http404 from error

    @property
    def form_class(self) -> type[Any]:  # type: ignore[override]
        return self.act.form

    def get_title(self) -> Any:
        return _("%(what)s: %(who)s") % {"what": self.act.title, "who": self.object.name}

    def crumbs(self) -> list[Crumb]:
        return [person_crumb(self.object)]

    def initial(self) -> dict[str, Any]:
        if self.act.kind != EventKind.BIRTH:
            return {}
        spouse = services.spouse_of(self.object)
        couple = [self.object, *([spouse] if spouse is not None else [])]
        women = [one.pk for one in couple if one.sex == Sex.FEMALE]
        men = [one.pk for one in couple if one.sex == Sex.MALE]
        return {"mother": women[0] if women else None, "father": men[0] if men else None}

    def form_arguments(self) -> dict[str, Any]:
        found = {"user": self.request.user, "person": self.object, "initial": self.initial()}
        if "heads" in getattr(self.act.form, "needs", ()):
            found["heads"] = self._heads()
        return found

    def _heads(self) -> list[Person]:
        """Who could follow as head; empty unless this person is the head."""
        membership = intervals.open_membership(self.object)
        if membership is None or not membership.is_head:
            return []
        today = timezone.localdate()
        return households.candidates(membership.household, on=today, leaving=self.object)

    def save(self, form: Any) -> Any:
        return self.act.service(actor=self.request.user, **form.arguments())

    def result_url(self, result: Any) -> str:
        return f"{self.object.get_absolute_url()}?tab=events"

    def done_message(self, result: Any) -> str:
        return str(self.done_text)


class EventDelete(DeleteView):
    permission = "households.remove"
    selector = staticmethod(selectors.events)
    object_name = "event"
    service = staticmethod(services.remove_event)
    verb = _("Remove event")
    consequence = _("What the event changed goes back to what it was before.")
    done_text = _("The event has been removed.")
    done_url = "households:event_list"

    def get_title(self) -> Any:
        return _("%(what)s: %(who)s") % {
            "what": self.object.get_kind_display(),
            "who": self.object.person.name,
        }

    def cancel_address(self) -> str:
        return f"{self.object.person.get_absolute_url()}?tab=events"
