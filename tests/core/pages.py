"""Addresses for the tests of the generic views: pages over the region tree, and our own ones."""

from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import include, path

from apps.core.errors import NotAllowedNow, StaleRecord
from apps.core.filters import BaseFilterSet, NumberSpanFilter
from apps.core.forms import BaseForm, Fieldset, TidyCharField
from apps.core.tables import BaseTable, CodeColumn, NameColumn
from apps.core.views import ActView, DeleteView, EditView, ListView
from apps.regions.models import Region
from fpms.urls import urlpatterns as ours

app_name = "pages"


def villages(user: Any) -> QuerySet[Region]:
    """The villages that the user may see."""
    return Region.objects.visible_to(user).filter(kind="village")


class VillageTable(BaseTable):
    """Villages by name."""

    name = NameColumn(url=lambda village: f"/t/{village.pk}/edit/")
    code = CodeColumn()

    class Meta(BaseTable.Meta):
        model = Region
        fields = ("name", "code")
        order_by = ("name",)


class VillageFilter(BaseFilterSet):
    """Villages by name, which counts as personal here, and by code."""

    main = ("name:4", "code:3")
    private = ("name",)
    name = django_filters.CharFilter(label="Name", lookup_expr="contains")
    code = django_filters.CharFilter(label="Code", lookup_expr="startswith")
    number = NumberSpanFilter(label="Number", field_name="pk")

    class Meta(BaseFilterSet.Meta):
        model = Region
        fields = ("name", "code", "number")


class VillageForm(BaseForm):
    """Name and pinyin of a village."""

    name = TidyCharField(label="Name", max_length=60)
    pinyin = TidyCharField(label="Pinyin", required=False)
    initials = TidyCharField(label="Initials", required=False)
    fieldsets = (Fieldset("Names", "name:6", "pinyin:6", "initials:6"),)


class VillageList(ListView):
    """A list with a query form."""

    permission = "households.view"
    title = "Villages"
    selector = staticmethod(villages)
    table_class = VillageTable
    filter_class = VillageFilter


class VillageEdit(EditView):
    """A form over one village; "taken" is a name that the service refuses."""

    permission = "households.edit"
    selector = staticmethod(villages)
    form_class = VillageForm
    cancel_url = "pages:list"
    done_url = "pages:list"
    done_text = "%(object)s saved"

    def initial(self) -> dict[str, Any]:
        fields = ("name", "pinyin", "initials")
        return {name: getattr(self.object, name) for name in fields} if self.object else {}

    def save(self, form: Any) -> Region:
        said = form.cleaned_data
        if said["name"] == "taken":
            raise ValidationError({"name": "This name is taken."})
        if said["name"] == "closed":
            raise NotAllowedNow("The year is closed.")
        if self.object is None:
            return Region.objects.create(code="999901100299", kind="village", **said)
        if self.request.POST.get("initial-name", self.object.name) != self.object.name:
            raise StaleRecord
        Region.objects.filter(pk=self.object.pk).update(**said)
        self.object.refresh_from_db()
        return self.object


def remove(*, actor: Any, village: Region, reason: str) -> None:
    """Remove a village."""
    village.delete()


def rename(*, actor: Any, village: Region, reason: str) -> Region:
    """Write the reason into the name, so that a test can see it."""
    Region.objects.filter(pk=village.pk).update(name=reason)
    return village


class VillageDelete(DeleteView):
    """Deleting asks for a reason."""

    permission = "households.remove"
    selector = staticmethod(villages)
    service = staticmethod(remove)
    object_name = "village"
    done_url = "pages:list"


class VillageRename(ActView):
    """Any other act."""

    permission = "households.edit"
    selector = staticmethod(villages)
    service = staticmethod(rename)
    object_name = "village"
    verb = "Rename"
    consequence = "The name changes."
    done_url = "pages:list"


pages = [
    path("", VillageList.as_view(), name="list"),
    path("new/", VillageEdit.as_view(), name="create"),
    path("<int:pk>/edit/", VillageEdit.as_view(), name="edit"),
    path("<int:pk>/delete/", VillageDelete.as_view(), name="delete"),
    path("<int:pk>/rename/", VillageRename.as_view(), name="rename"),
]
urlpatterns = [path("t/", include((pages, "pages"))), *ours]
