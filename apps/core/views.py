"""Five small generic views: list, detail, edit, delete, act.

An app's view is a list of attributes. What a page may show comes from a selector that takes the
user and starts from `visible_to(user)`; what it changes goes through a service.

    class PersonList(ListView):
        permission = "households.view"
        title = _("People")
        selector = staticmethod(selectors.people)            # people(user) -> QuerySet
        table_class = PersonTable
        filter_class = PersonFilter
        create_url = "households:person_create"              # button "New", if the user may
        create_permission = "households.edit"
        empty_text = _("No people have been entered yet.")

    class PersonDetail(DetailView):
        permission = "households.open_person"
        selector = staticmethod(selectors.people_with_household)
        template_name = "households/person_detail.html"      # extends generic/detail.html
        opened = staticmethod(services.note_opening)         # note_opening(actor=, obj=) audits it

    class PersonEdit(EditView):                              # without pk in the address: creates
        permission = "households.edit"
        selector = staticmethod(selectors.people)
        form_class = PersonForm
        done_text = _("%(object)s has been saved.")

        def save(self, form):
            return services.update_person(
                actor=self.request.user, person=self.object, seen_at=self.seen_at,
                **form.arguments(),
            )

    class HouseholdDelete(DeleteView):                       # asks for a reason
        permission = "households.remove"
        selector = staticmethod(selectors.households)
        service = staticmethod(services.remove_household)    # (actor=, household=, reason=)
        object_name = "household"
        done_url = "households:household_list"

    class EventUndo(ActView):                                # any other act on one record
        permission = "households.record_event"
        selector = staticmethod(selectors.events)
        service = staticmethod(services.undo_event)          # (actor=, event=, reason=)
        object_name = "event"
        verb = _("Undo")
        consequence = _("The household goes back to what it was before this event.")

Templates get `title`, `object` and what `extra_context()` returns. A list answers htmx with
`generic/_list.html`, the very fragment that the page includes. Refusals of services become words
beside the fields; a record that somebody else changed meanwhile leads to the conflict page.
"""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.http import require_POST

from apps.core import menu, once
from apps.core.conflicts import Conflict
from apps.core.context import TEXT_COOKIE, TEXT_SIZES, Crumb
from apps.core.errors import NotPermitted, OutOfScope, Refusal, StaleRecord
from apps.core.filters import BaseFilterSet
from apps.core.forms import ReasonForm
from apps.core.tables import BaseTable

PAGE_SIZES = (20, 50, 100)
SIZE_COOKIE = "fp_size"
YEAR_SECONDS = 365 * 24 * 60 * 60
CONFLICT = 409
INVALID = 422
# Posted with what was typed before a session ended: the user looks it over, then saves.
SHOW_AGAIN = "show_again"


class Screen(View):
    """A page: who may open it, what it is called, which template shows it."""

    permission: ClassVar[str] = ""
    template_name: str = ""
    title: Any = ""
    note: Any = ""
    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return ask_to_sign_in(request)
        if not self.permission or not self.may(self.permission):
            raise PermissionDenied(str(NotPermitted.message))
        try:
            return super().dispatch(request, *args, **kwargs)
        except OutOfScope as refusal:
            raise Http404 from refusal
        except NotPermitted as refusal:
            raise PermissionDenied(str(refusal)) from refusal

    def may(self, permission: str) -> bool:
        """Tell whether the signed-in user's role includes a permission."""
        return bool(self.request.user.may(permission))  # type: ignore[union-attr]

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a part of the page only."""
        htmx: Any = getattr(self.request, "htmx", None)
        return bool(htmx) and not htmx.boosted and not htmx.history_restore_request

    def get_title(self) -> Any:
        return self.title

    def get_note(self) -> Any:
        """One grey sentence beside the title: which region, which day, which basis."""
        return self.note

    def crumbs(self) -> list[Crumb]:
        """Steps between the menu's own (home, business, list) and this page; usually none."""
        return []

    def extra_context(self) -> dict[str, Any]:
        """What the template needs beyond the usual."""
        return {}

    def context(self, **kwargs: Any) -> dict[str, Any]:
        usual = {"view": self, "title": self.get_title(), "note": self.get_note()}
        return {**usual, "crumbs": self.crumbs(), **kwargs, **self.extra_context()}

    def show(self, template: str = "", status: int = 200, **kwargs: Any) -> HttpResponse:
        """Render the page; addresses answer differently to htmx, which caches must know."""
        name = template or self.template_name
        response = render(self.request, name, self.context(**kwargs), status=status)
        response["Vary"] = "HX-Request, Cookie"
        return response


class RecordScreen(Screen):
    """A page about one record that the user may see."""

    selector: ClassVar[Callable[..., QuerySet[Any]]]
    object_name: ClassVar[str] = "object"
    object: Any

    def get_queryset(self) -> QuerySet[Any]:
        return type(self).selector(self.request.user)

    def get_object(self) -> Any:
        """Return the record, or 404 when it is outside the user's regions."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        return self.title or str(self.object)

    def context(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"object": self.object, self.object_name: self.object}
        return super().context(**{**shown, **kwargs})


# List ---------------------------------------------------------------------------------------------


class ListView(Screen):
    """A query form over a table. One count and one page query, whatever the size."""

    template_name = "generic/list.html"
    list_template: ClassVar[str] = "generic/_list.html"
    selector: ClassVar[Callable[..., QuerySet[Any]]]
    by_region: ClassVar[bool] = False
    region_tree: ClassVar[bool] = False
    table_class: ClassVar[type[BaseTable]]
    filter_class: ClassVar[type[BaseFilterSet] | None] = None
    create_url: ClassVar[str] = ""
    create_permission: ClassVar[str] = ""
    create_text: Any = _("New")
    empty_text: Any = _("Nothing has been entered here yet.")
    empty_hint: Any = ""
    unit: Any = ""

    def get_queryset(self) -> QuerySet[Any]:
        """The rows before conditions; with `by_region` the selector also gets the region chosen."""
        select = type(self).selector
        if not self.by_region:
            return select(self.request.user)
        return select(self.request.user, region=getattr(self.request, "region", None))

    @cached_property
    def conditions(self) -> BaseFilterSet | None:
        if self.filter_class is None:
            return None
        return self.filter_class(self.request.GET, self.get_queryset(), request=self.request)

    @cached_property
    def page_size(self) -> int:
        """20, 50 or 100: as just asked for, else as last time in this browser."""
        for text in (self.request.GET.get("size"), self.request.COOKIES.get(SIZE_COOKIE)):
            if text in {str(size) for size in PAGE_SIZES}:
                return int(text)
        return PAGE_SIZES[0]

    @cached_property
    def table(self) -> BaseTable:
        rows = self.conditions.qs if self.conditions is not None else self.get_queryset()
        sort = self.request.GET.get("sort")
        table = self.table_class(rows, request=self.request, **({"order_by": sort} if sort else {}))
        table.paginate(page=1, per_page=self.page_size)
        asked = self.request.GET.get("page", "1")
        wanted = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
        table.page = table.paginator.page(min(max(wanted, 1), table.paginator.num_pages))
        return table

    @property
    def count(self) -> int:
        return self.table.paginator.count

    def totals(self) -> list[tuple[Any, Any, Any]]:
        """Sums under the list as (label, figure, unit); costs a query, so none by default."""
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        template = self.list_template if self.is_fragment else self.template_name
        response = self.show(
            template,
            table=self.table,
            conditions=self.conditions,
            easing=self._easing(),
            page_sizes=PAGE_SIZES,
            create_address=self._create_address(),
        )
        if request.GET.get("size"):
            response.set_cookie(
                SIZE_COOKIE, str(self.page_size), max_age=YEAR_SECONDS, samesite="Lax"
            )
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a query with names or numbers and go on under an address that holds none."""
        query = self.conditions.query(posted=request.POST) if self.conditions is not None else ""
        return HttpResponseRedirect(f"{request.path}?{query}" if query else request.path)

    @property
    def kept_conditions(self) -> list[tuple[str, str]]:
        """What the tree beside the list leaves as it is when another place is chosen."""
        query = self.conditions.query(without="region") if self.conditions is not None else ""
        return parse_qsl(query)

    def _easing(self) -> Any:
        if self.conditions is None or self.count or self.conditions.form.errors:
            return None
        return self.conditions.easing()

    def _create_address(self) -> str:
        if not self.create_url or not self.may(self.create_permission or self.permission):
            return ""
        return menu.address(self.create_url)


# Detail -------------------------------------------------------------------------------------------


class DetailView(RecordScreen):
    """One record on one page. `opened` is called after the record was found, to audit it."""

    template_name = "generic/detail.html"
    opened: ClassVar[Callable[..., Any] | None] = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        note = type(self).opened
        if note is not None:
            note(actor=request.user, obj=self.object)
        return self.show()


# Edit ---------------------------------------------------------------------------------------------


class FormScreen(RecordScreen):
    """A form that is shown, checked, carried out once, and led to its result."""

    form_class: ClassVar[type[Any]]
    service: ClassVar[Callable[..., Any]]
    done_text: Any = ""
    done_url: ClassVar[str] = ""
    object: Any = None

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data, files, **self.form_arguments())

    def form_arguments(self) -> dict[str, Any]:
        """Further keyword arguments of the form, for example the user for its querysets."""
        return {}

    def load(self) -> None:
        """Fetch the record that the form is about."""
        self.object = self.get_object()

    def save(self, form: Any) -> Any:
        """Call the service: actor, the record under its name, and what the form hands over."""
        record = {self.object_name: self.object} if self.object is not None else {}
        arguments = {"actor": self.request.user, **record, **form.arguments()}
        return type(self).service(**arguments)

    def result_url(self, result: Any) -> str:
        if self.done_url:
            return reverse(self.done_url)
        target: Any = result if isinstance(result, Model) else self.object
        return target.get_absolute_url() if target is not None else menu.address("home:worklist")

    def done_message(self, result: Any) -> str:
        named = result if isinstance(result, Model) else self.object
        return str(self.done_text) % {"object": named} if self.done_text else ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.load()
        return self.show_form(self.get_form())

    def show_form(self, form: Any, status: int = 200) -> HttpResponse:
        return self.show(form=form, form_token=once.new_token(), status=status)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get(SHOW_AGAIN):
            self.load()
            return self.show_form(self.get_form(request.POST))
        token = request.POST.get("form_token", "")
        if not once.claim(request.user.pk, token):
            return self._second_press(token)
        url = ""
        try:
            self.load()
            response, url = self._attempt()
        finally:
            if url:
                once.settle(request.user.pk, token, url)
            else:
                once.release(request.user.pk, token)
        return response

    def _second_press(self, token: str) -> HttpResponse:
        self.load()
        url = once.result(self.request.user.pk, token)
        if url:
            return redirect(url)
        form = self.get_form(self.request.POST, self.request.FILES)
        form.add_error(None, _("This is still being saved. Please look again in a moment."))
        return self.show_form(form, status=CONFLICT)

    def _attempt(self) -> tuple[HttpResponse, str]:
        """Check and carry out; return the answer and, when done, the address it leads to."""
        form = self.get_form(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.show_form(form, status=INVALID), ""
        try:
            result = self.save(form)
        except ValidationError as error:
            form.refuse(error)
        except StaleRecord as error:
            return self.conflict(form, error), ""
        except (OutOfScope, NotPermitted):
            raise
        except Refusal as error:
            form.add_error(None, str(error))
        else:
            return self._finish(result)
        return self.show_form(form, status=INVALID), ""

    def _finish(self, result: Any) -> tuple[HttpResponse, str]:
        text = self.done_message(result)
        if text:
            messages.success(self.request, text)
        url = self.result_url(result)
        return redirect(url), url

    def conflict(self, form: Any, error: StaleRecord) -> HttpResponse:
        """Answer a stale form; forms that edit show both versions."""
        form.add_error(None, str(error))
        return self.show_form(form, status=CONFLICT)


class EditView(FormScreen):
    """Create a record (address without pk) or change one, with both versions on a conflict."""

    template_name = "generic/edit.html"
    save_text: Any = _("Save")
    cancel_url: ClassVar[str] = ""

    def load(self) -> None:
        self.object = self.get_object() if "pk" in self.kwargs else None

    def get_title(self) -> Any:
        return self.title or (str(self.object) if self.object is not None else _("New"))

    @property
    def seen_at(self) -> Any:
        """When the record had last been changed as the user saw it; None for a new one."""
        return parse_datetime(self.request.POST.get("seen_at", "")) if self.object else None

    def get_form(self, data: Any = None, files: Any = None) -> Any:
        form = super().get_form(data, files)
        if self.object is not None:
            form.remember_what_was_seen()
        return form

    def form_arguments(self) -> dict[str, Any]:
        """A model form gets its record; a plain form its `initial` from `initial()`."""
        if hasattr(self.form_class, "_meta"):
            return {"instance": self.object} if self.object is not None else {}
        return {"initial": self.initial()}

    def initial(self) -> dict[str, Any]:
        """Values to begin with."""
        return {}

    def cancel_address(self) -> str:
        if self.cancel_url:
            return menu.address(self.cancel_url)
        if self.object is not None and hasattr(self.object, "get_absolute_url"):
            return self.object.get_absolute_url()
        return menu.address("home:worklist")

    def show_form(self, form: Any, status: int = 200) -> HttpResponse:
        seen = self.request.POST.get("seen_at") if form.is_bound else None
        stamp = getattr(self.object, "updated_at", None)
        seen_at = seen or (stamp.isoformat() if stamp else "")
        return self.show(form=form, form_token=once.new_token(), seen_at=seen_at, status=status)

    def conflict(self, form: Any, error: StaleRecord) -> HttpResponse:
        """Show what the other person saved beside what this user typed, field by field."""
        mine = self.request.POST
        self.object = self.get_object()
        theirs = self.get_form()
        changes = Conflict(theirs, form, mine)
        stamp = getattr(self.object, "updated_at", None)
        return self.show(
            "generic/conflict.html",
            form=theirs,
            error=error,
            conflict=changes,
            form_token=once.new_token(),
            seen_at=stamp.isoformat() if stamp else "",
            status=CONFLICT,
        )


# Act, delete --------------------------------------------------------------------------------------


class ActView(FormScreen):
    """Confirm one act on one record, with a reason when `form_class` asks for one.

    The page names the record and what will follow (`consequence`); the button repeats the verb.
    """

    template_name = "generic/act.html"
    form_class: ClassVar[type[Any]] = ReasonForm
    verb: Any = _("Confirm")
    consequence: Any = ""
    is_danger: ClassVar[bool] = False

    def get_title(self) -> Any:
        return self.title or self.verb

    def consequences(self) -> list[Any]:
        """What will happen, sentence by sentence, with names and counts."""
        return [self.consequence] if self.consequence else []

    def cancel_address(self) -> str:
        return self.object.get_absolute_url()


class DeleteView(ActView):
    """Remove a mistaken entry, with a reason; the audit log keeps the whole record."""

    verb = _("Delete")
    is_danger = True
    consequence = _("The entry is removed. The audit log keeps what it said and your reason.")
    done_text = _("%(object)s has been deleted.")

    def cancel_address(self) -> str:
        if hasattr(self.object, "get_absolute_url"):
            return self.object.get_absolute_url()
        return reverse(self.done_url)

    def result_url(self, result: Any) -> str:
        return reverse(self.done_url)


# Small things of the shell ------------------------------------------------------------------------


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and back; htmx is told to leave the page as a whole."""
    current = request.headers.get("HX-Current-URL")
    if getattr(request, "htmx", None) and current:
        parts = urlsplit(current)
        here = f"{parts.path}?{parts.query}" if parts.query else parts.path
        response = HttpResponse(status=204)
        response["HX-Redirect"] = redirect_to_login(here).url
        return response
    back = request.get_full_path() if request.method == "GET" else request.path
    return redirect_to_login(back)


def safe_next(request: HttpRequest) -> str:
    """Return where to go back to: the posted `next` if it is ours, else the front page."""
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if target and ours else "/"


@require_POST
def set_text_size(request: HttpRequest) -> HttpResponse:
    """Remember the text size (normal, large, larger) in this browser and go back."""
    size = request.POST.get("size", "normal")
    response = HttpResponseRedirect(safe_next(request))
    if size in TEXT_SIZES:
        response.set_cookie(TEXT_COOKIE, size, max_age=YEAR_SECONDS, httponly=True, samesite="Lax")
    return response
