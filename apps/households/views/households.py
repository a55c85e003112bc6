"""Households: list, file, forms."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.context import Crumb
from apps.core.views import ActView, DeleteView, EditView, ListView
from apps.households import selectors
from apps.households.filters import HouseholdFilter
from apps.households.forms import (
    CategoryForm,
    EndForm,
    HeadForm,
    HouseholdForm,
    MemberForm,
    RelationshipForm,
)
from apps.households.models import Household
from apps.households.panels import HOUSEHOLD
from apps.households.services import households as services
from apps.households.services import persons
from apps.households.tables import HouseholdTable
from apps.households.views.files import FileView, PersonFormView, TabView

FIELDS = ("number", "group", "address", "valid_from", "remark")


class HouseholdList(ListView):
    permission = "households.view"
    title = gettext_lazy("Households")
    selector = staticmethod(selectors.households)
    by_region = True
    region_tree = True
    table_class = HouseholdTable
    filter_class = HouseholdFilter
    create_url = "households:household_create"
    create_permission = "households.edit"
    create_text = gettext_lazy("New household")
    empty_text = gettext_lazy("No households here yet.")
    empty_hint = gettext_lazy("Import a village roster, or enter the first household by hand.")


class HouseholdDetail(FileView):
    permission = "households.view"
    selector = staticmethod(selectors.households)
    object_name = "household"
    page = HOUSEHOLD
    tab_url = "households:household_tab"
    template_name = "households/household_detail.html"

    def get_title(self) -> Any:
        return household_title(self.object)

    def extra_context(self) -> dict[str, Any]:
        today = timezone.localdate()
        held = self.object.categories.filter(selectors.holds_on(today))
        return {**super().extra_context(), "held_categories": held}


def household_title(household: Household) -> str:
    """Name a household after its head."""
    if household.head is None:
        return _("Household %(number)s") % {"number": household}
    return _("Household of %(name)s") % {"name": household.head.name}


class HouseholdTab(TabView):
    permission = "households.view"
    selector = staticmethod(selectors.households)
    object_name = "household"
    page = HOUSEHOLD
    tab_url = "households:household_tab"


class HouseholdCreate(EditView):
    permission = "households.edit"
    selector = staticmethod(selectors.households)
    form_class = HouseholdForm
    title = gettext_lazy("New household")
    object_name = "household"
    cancel_url = "households:household_list"
    done_text = gettext_lazy("The household has been entered. Now add its members.")
    service = staticmethod(services.register_household)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, **super().form_arguments()}

    def initial(self) -> dict[str, Any]:
        region = getattr(self.request, "region", None)
        return {"region": region.pk} if region is not None and region.kind == "village" else {}


class HouseholdEdit(HouseholdCreate):
    title = gettext_lazy("Change household")
    cancel_url = ""
    done_text = gettext_lazy("The household has been saved.")

    def initial(self) -> dict[str, Any]:
        return {
            "region": self.object.region_id,
            **{name: getattr(self.object, name) for name in FIELDS},
        }

    def save(self, form: Any) -> Household:
        actor: Any = self.request.user
        return services.update_household(
            actor=actor,
            household=self.object,
            record=form.record(),
            seen_at=self.seen_at,
        )


class AboutHousehold(EditView):
    """A form about one household, which leads back to its file."""

    permission = "households.edit"
    selector = staticmethod(selectors.households)
    object_name = "household"

    def crumbs(self) -> list[Crumb]:
        return [household_crumb(self.object)]

    def result_url(self, result: Any) -> str:
        return self.object.get_absolute_url()


def household_crumb(household: Household) -> Crumb:
    """The step back to a household's file."""
    return Crumb(household_title(household), household.get_absolute_url())


class MemberCreate(AboutHousehold, PersonFormView):
    title = gettext_lazy("Add member")
    form_class = MemberForm
    done_text = gettext_lazy("%(object)s has been added.")
    service = staticmethod(persons.add_member)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "household": self.object, **super().form_arguments()}


class HeadChange(AboutHousehold):
    title = gettext_lazy("Change head")
    form_class = HeadForm
    save_text = gettext_lazy("Confirm head")
    done_text = gettext_lazy("The head has been changed.")
    service = staticmethod(services.change_head)

    def form_arguments(self) -> dict[str, Any]:
        choices = services.candidates(self.object, on=timezone.localdate())
        return {"choices": choices, **super().form_arguments()}


class HouseholdEnd(ActView):
    permission = "households.edit"
    selector = staticmethod(selectors.households)
    object_name = "household"
    form_class = EndForm
    verb = gettext_lazy("End household")
    is_danger = True
    consequence = gettext_lazy("The household stays in the register as ended.")
    done_text = gettext_lazy("The household has ended.")
    service = staticmethod(services.end_household)


class HouseholdDelete(DeleteView):
    permission = "households.remove"
    selector = staticmethod(selectors.households)
    object_name = "household"
    service = staticmethod(services.delete_household)
    done_url = "households:household_list"


class CategoryCreate(AboutHousehold):
    title = gettext_lazy("Confirm category")
    form_class = CategoryForm
    done_text = gettext_lazy("The category has been entered.")
    service = staticmethod(services.confirm_category)

    def result_url(self, result: Any) -> str:
        return f"{self.object.get_absolute_url()}?tab=categories"


class CategoryEnd(ActView):
    permission = "households.edit"
    selector = staticmethod(selectors.categories)
    object_name = "category"
    form_class = EndForm
    verb = gettext_lazy("End category")
    consequence = gettext_lazy("From that day on the household no longer counts as this.")
    service = staticmethod(services.end_category)

    def get_title(self) -> Any:
        return _("%(what)s: %(who)s") % {
            "what": self.object.get_kind_display(),
            "who": household_title(self.object.household),
        }

    def cancel_address(self) -> str:
        return f"{self.object.household.get_absolute_url()}?tab=categories"

    def result_url(self, result: Any) -> str:
        return self.cancel_address()


class MembershipEdit(EditView):
    permission = "households.edit"
    selector = staticmethod(selectors.memberships)
    object_name = "membership"
    form_class = RelationshipForm
    done_text = gettext_lazy("The relationship has been saved.")
    service = staticmethod(services.set_relationship)

    def get_title(self) -> Any:
        return _("Relationship of %(name)s") % {"name": self.object.person.name}

    def initial(self) -> dict[str, Any]:
        return {"relationship": self.object.relationship_to_head}

    def cancel_address(self) -> str:
        return reverse("households:household_detail", args=[self.object.household_id])

    def result_url(self, result: Any) -> str:
        return self.cancel_address()
