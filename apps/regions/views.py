"""The tree and search of the top bar, and the pages on which divisions are kept."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.views import ActView, DetailView, EditView, ListView, Screen, safe_next
from apps.regions import selectors, services
from apps.regions.filters import RegionFilter
from apps.regions.forms import MergeForm, MoveForm, NewRegionForm, RegionForm
from apps.regions.middleware import CHOSEN, by_code_or_number
from apps.regions.models import Region
from apps.regions.tables import RegionTable

# What an address must lose when another region is chosen.
OF_THE_OLD_REGION = {"region", "page", "parent"}


class Fragment(Screen):
    """A part of the shell, for everybody who may see regions."""

    permission = "regions.view"


class Tree(Fragment):
    """One run of the lazy tree (`?parent=`; without it the top)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        parent = None
        if text := request.GET.get("parent", ""):
            parent = by_code_or_number(request.user, text) if text.isdecimal() else None
            if parent is None:
                raise Http404
        nodes = selectors.nodes(request.user, parent=parent)
        here = getattr(request, "region", None)
        for node in nodes:
            node.is_current = here is not None and node.pk == here.pk  # type: ignore[attr-defined]
        return self.show("components/_region_nodes.html", nodes=nodes)


class Search(Fragment):
    """Places that fit what is being typed (`?q=`), as options of a combobox."""

    def get(self, request: HttpRequest) -> HttpResponse:
        found = selectors.options(request.user, request.GET.get("q", ""))
        return self.show("components/_region_options.html", options=found)


class Choose(Fragment):
    """Look at another region from now on; an empty choice means all of one's regions."""

    def post(self, request: HttpRequest) -> HttpResponse:
        text = request.POST.get("region", "")
        if not text:
            request.session.pop(CHOSEN, None)
        else:
            region = by_code_or_number(request.user, text) if text.isdecimal() else None
            if region is None:
                raise Http404
            request.session[CHOSEN] = region.pk
        return redirect(without_region(safe_next(request)))


def without_region(url: str) -> str:
    """Drop from an address what belongs to the region that was chosen before."""
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query) if pair[0] not in OF_THE_OLD_REGION]
    return parts._replace(query=urlencode(kept)).geturl()


class RegionList(ListView):
    """Divisions with their codes."""

    permission = "regions.view"
    title = _("Regions")
    selector = staticmethod(selectors.regions_with_parent)
    table_class = RegionTable
    filter_class = RegionFilter


class RegionDetail(DetailView):
    """One division: its names, its place in the tree, what came before and after it."""

    permission = "regions.view"
    selector = staticmethod(selectors.regions_with_parent)
    template_name = "regions/region_detail.html"
    object_name = "region"

    def extra_context(self) -> dict[str, Any]:
        region: Region = self.object
        return {
            "ancestors": selectors.ancestors(region),
            "children": selectors.nodes(self.request.user, parent=region),
            "predecessors": region.predecessors.all(),
            "successors": region.successors.all(),
            "may_manage": self.may("regions.manage"),
        }


class RegionEdit(EditView):
    """Names of a division."""

    permission = "regions.manage"
    selector = staticmethod(selectors.regions)
    form_class = RegionForm
    object_name = "region"

    def initial(self) -> dict[str, Any]:
        return {"name": self.object.name, "aliases": self.object.aliases}

    def save(self, form: Any) -> Any:
        said = form.cleaned_data
        return services.rename_region(
            actor=self.request.user,
            region=self.object,
            name=said["name"],
            aliases=said["aliases"],
        )


class RegionCreate(EditView):
    """A new division below the one of the address."""

    permission = "regions.manage"
    selector = staticmethod(selectors.current_regions)
    form_class = NewRegionForm
    title = _("New division")
    object_name = "parent"

    def form_arguments(self) -> dict[str, Any]:
        return {"parent": self.object}

    def save(self, form: Any) -> Any:
        return services.create_region(
            actor=self.request.user, parent=self.object, record=form.record()
        )


class RegionMove(ActView):
    """Put a division under another parent."""

    permission = "regions.manage"
    selector = staticmethod(selectors.current_regions)
    form_class = MoveForm
    object_name = "region"
    verb = _("Move")
    service = staticmethod(services.move_region)
    consequence = _("It and everything below it is counted under the other division from now on.")

    def form_arguments(self) -> dict[str, Any]:
        return {"regions": selectors.current_regions(self.request.user)}


class RegionMerge(ActView):
    """End a division; another goes on for it."""

    permission = "regions.manage"
    selector = staticmethod(selectors.current_regions)
    form_class = MergeForm
    object_name = "region"
    verb = _("Merge")
    is_danger = True
    consequence = _(
        "It ends on that day; the other division answers to its name from then on. Records keep"
        " the division of their own day."
    )

    def form_arguments(self) -> dict[str, Any]:
        return {"regions": selectors.current_regions(self.request.user)}

    def save(self, form: Any) -> Any:
        said = form.cleaned_data
        return services.merge_regions(
            actor=self.request.user,
            regions=[self.object],
            into=said["into"],
            on=said["on"],
            reason=said["reason"],
        )

    def result_url(self, result: Region) -> str:
        return reverse("regions:region_detail", args=[result.pk])
