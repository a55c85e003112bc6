"""Women of childbearing age: list, service file, methods."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.context import Crumb
from apps.core.dates import age_on
from apps.core.tables import BaseTable
from apps.core.views import ActView, DeleteView, DetailView, EditView, ListView
from apps.households.choices import ResidenceKind
from apps.households.services.persons import note_opening
from apps.women import selectors
from apps.women.filters import WomenFilter
from apps.women.forms import ChildrenForm, EndMethodForm, MethodForm
from apps.women.panels import service_file, state_of
from apps.women.services import methods
from apps.women.tables import WomenTable


class WomenList(ListView):
    permission = "women.view"
    title = gettext_lazy("Women of childbearing age")
    table_class = WomenTable
    filter_class = WomenFilter
    region_tree = True
    empty_text = gettext_lazy("No women of 15 to 49 here.")

    def get_queryset(self) -> QuerySet[Any]:
        """The women of today; the conditions build their own for another day or basis."""
        basis, region = ResidenceKind.REGISTERED, getattr(self.request, "region", None)
        today = timezone.localdate()
        return selectors.women(self.request.user, on=today, basis=basis, region=region)

    @cached_property
    def table(self) -> BaseTable:
        table = super().table
        table.on = getattr(self.conditions, "day", None)
        return table


class CaseFileDetail(DetailView):
    permission = "women.view"
    selector = staticmethod(selectors.women_to_open)
    object_name = "person"
    template_name = "women/casefile_detail.html"
    opened = staticmethod(note_opening)

    def extra_context(self) -> dict[str, Any]:
        kind, word = state_of(self.object)
        return {
            **service_file(self.request.user, self.object),
            "state_kind": kind,
            "state_word": word,
            "age": age_on(self.object.birth_date, timezone.localdate()),
        }


def file_url(person_pk: int) -> str:
    """Return the address of a woman's service file."""
    return reverse("women:casefile_detail", args=[person_pk])


class AboutWoman(EditView):
    """A form about one woman, which leads back to her file."""

    permission = "women.edit"
    selector = staticmethod(selectors.women_to_open)
    object_name = "person"

    def crumbs(self) -> list[Crumb]:
        return [Crumb(self.object.name, file_url(self.object.pk))]

    def cancel_address(self) -> str:
        return file_url(self.object.pk)

    def result_url(self, result: Any) -> str:
        return file_url(self.object.pk)

    def done_message(self, result: Any) -> str:
        return str(self.done_text)


class MethodCreate(AboutWoman):
    form_class = MethodForm
    done_text = gettext_lazy("The method has been noted.")
    service = staticmethod(methods.record_method)

    def get_title(self) -> Any:
        return _("Method chosen: %(name)s") % {"name": self.object.name}


class ChildrenEdit(AboutWoman):
    form_class = ChildrenForm
    done_text = gettext_lazy("What was stated has been saved.")
    service = staticmethod(methods.state_children)

    def get_title(self) -> Any:
        return _("Children as stated: %(name)s") % {"name": self.object.name}

    def initial(self) -> dict[str, Any]:
        file = selectors.case_file_of(self.object)
        if file is None:
            return {"stated_on": timezone.localdate()}
        return {name: getattr(file, name) for name in methods.STATED}


class AboutUse:
    """What acts on one method share: the file they come from and lead back to."""

    object: Any

    def get_title(self) -> Any:
        return _("%(what)s: %(who)s") % {
            "what": self.object.get_method_display(),
            "who": self.object.person.name,
        }

    def cancel_address(self) -> str:
        return file_url(self.object.person_id)

    def result_url(self, result: Any) -> str:
        return file_url(self.object.person_id)

    def done_message(self, result: Any) -> str:
        return str(self.done_text)  # type: ignore[attr-defined]


class MethodEnd(AboutUse, ActView):
    permission = "women.edit"
    selector = staticmethod(selectors.uses)
    object_name = "use"
    form_class = EndMethodForm
    verb = gettext_lazy("No longer used")
    consequence = gettext_lazy("The method stays in the history. No reason is asked.")
    done_text = gettext_lazy("The end has been noted.")
    service = staticmethod(methods.end_method)


class MethodDelete(AboutUse, DeleteView):
    permission = "women.edit"
    selector = staticmethod(selectors.uses)
    object_name = "use"
    done_url = "women:casefile_list"
    done_text = gettext_lazy("The entry has been removed.")
    service = staticmethod(methods.remove_method)
