"""Empty templates and today's rosters for download."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.downloads import attachment
from apps.core.views import Screen
from apps.imports import services
from apps.imports.forms import TemplateForm


class TemplateDownload(Screen):
    """Choose kind and region and get the workbook."""

    permission = "imports.run"
    title = _("Template or today's roster")
    template_name = "imports/template.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=TemplateForm(user=request.user))  # type: ignore[arg-type]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = TemplateForm(request.POST, user=request.user)  # type: ignore[arg-type]
        if form.is_valid():
            try:
                content, name = services.roster_template(
                    actor=request.user,  # type: ignore[arg-type]
                    kind=form.cleaned_data["kind"],
                    region=form.cleaned_data["region"],
                    on=timezone.localdate(),
                    with_people=form.cleaned_data["content"] == "people",
                )
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                return attachment([content], name)
        return self.show(form=form, status=422)
