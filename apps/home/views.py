"""The landing page, the lists behind its figures, and the search."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.core import searches
from apps.core.duties import Duty, duty_named
from apps.core.filters import TOKEN
from apps.core.tables import BaseTable
from apps.core.views import ListView, Screen
from apps.home import selectors, services
from apps.home.forms import SearchForm
from apps.home.tables import TABLES, HouseholdTable, PersonTable

INVALID = 422


class WorkList(Screen):
    """What is due for me today."""

    permission = "home.view"
    template_name = "home/worklist.html"
    title = _("Home")

    def get(self, request: HttpRequest) -> HttpResponse:
        items = selectors.due_items(request.user, getattr(request, "region", None))
        return self.show(
            items=items,
            total=sum(item.count for item in items),
            late=sum(item.count for item in items if item.is_late),
            imports=selectors.recent_imports(request.user),
            today=timezone.localdate(),
            may_import=self.may("imports.run"),
        )


class DutyList(ListView):
    """The records behind one figure of the work list: the very same rows."""

    permission = "home.view"
    http_method_names = ["get", "head"]
    template_name = "home/duty_list.html"
    empty_text = _("Nothing is open here.")

    @cached_property
    def duty(self) -> Duty:
        duty = duty_named(self.request.user, self.kwargs["name"])
        if duty is None:
            raise Http404
        return duty

    def get_title(self) -> Any:
        return self.duty.title

    def get_queryset(self) -> QuerySet[Any]:
        return self.duty.selector(self.request.user, getattr(self.request, "region", None))

    @cached_property
    def table(self) -> BaseTable:
        self.table_class = TABLES[self.get_queryset().model]  # type: ignore[misc]
        return super().table

    def extra_context(self) -> dict[str, Any]:
        return {"hint": self.duty.hint}


class Search(Screen):
    """Find people and households. The words are posted and travel on sealed."""

    permission = "households.open_person"
    template_name = "home/search.html"
    title = _("Search")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SearchForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=INVALID)
        token = searches.seal({"q": form.cleaned_data["q"]}, request.user.pk)
        return redirect(f"{reverse('home:search')}?{TOKEN}={token}")

    def get(self, request: HttpRequest) -> HttpResponse:
        words = searches.unseal(request.GET.get(TOKEN, ""), request.user.pk).get("q", "")
        if not words:
            return self.show(form=SearchForm())
        hits = selectors.search(request.user, words)
        services.note_search(actor=request.user, text=words, hits=hits)
        if hits.only is not None:
            return redirect(hits.only)
        return self.show(
            form=SearchForm(initial={"q": words}),
            words=words,
            hits=hits,
            people=PersonTable(hits.people, orderable=False),
            households=HouseholdTable(hits.households, orderable=False),
        )
