"""Pages that begin and list imports: the history, and step 1 of the wizard."""

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from apps.core.views import EditView, ListView
from apps.imports import selectors, services
from apps.imports.filters import BatchFilter
from apps.imports.forms import UploadForm
from apps.imports.models import Batch
from apps.imports.tables import (
    BatchTable,
)
from apps.imports.views.base import steps_of


class BatchList(ListView):
    """The import history of the user's regions."""

    permission = "imports.view"
    title = _("Import history")
    selector = staticmethod(selectors.batches)
    table_class = BatchTable
    filter_class = BatchFilter
    create_url = "imports:batch_create"
    create_permission = "imports.run"
    create_text = _("Import a roster")
    empty_text = _("No roster has been imported yet.")
    empty_hint = _("Each import stays listed here with its file, its errors and what came in.")


class BatchCreate(EditView):
    """Step 1: choose file, kind, region and date."""

    permission = "imports.run"
    title = _("Import a roster")
    template_name = "imports/batch_create.html"
    selector = staticmethod(selectors.batches)
    form_class = UploadForm
    save_text = _("Upload and check")
    cancel_url = "imports:batch_list"

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "initial": self.initial()}

    def initial(self) -> dict[str, Any]:
        """Kind, region and date of another import, when its file is replaced by a better one."""
        number = self.request.GET.get("like", "")
        before = self.get_queryset().filter(pk=number).first() if number.isdecimal() else None
        if before is None:
            return {}
        return {"kind": before.kind, "region": before.region_id, "as_of": before.as_of}

    def save(self, form: Any) -> Batch:
        received = services.receive_roster(actor=self.request.user, **form.arguments())  # type: ignore[arg-type]
        if not received.is_new:
            messages.info(self.request, _("This file is already being imported. Here it is."))
        return received.batch

    def extra_context(self) -> dict[str, Any]:
        return {"steps": steps_of(None), "step": 1}
