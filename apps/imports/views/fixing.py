"""The steps of fixing on the errors page: correct, take proposals, leave out, take back."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.errors import NotAllowedNow
from apps.core.views import INVALID
from apps.imports import services
from apps.imports.records import Spot
from apps.imports.services.fixing import ONE
from apps.imports.views.base import lead_to
from apps.imports.views.errors import BatchErrors
from apps.imports.views.findings import spot_from

KEPT = ("severity", "kind", "page", "step")


class BatchFix(BatchErrors):
    """Carry out one step and show the list again; the button pressed says which.

    `do` is the name of the step, with the place of a finding or the number of a step behind a
    colon where it is about one: save:2-13-G, accept, leave_out:2-13-G, back:7.
    """

    permission = "imports.run"
    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Nothing is posted when such an address is opened again: show the list."""
        self.load()
        return redirect(self._address())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        name, _colon, key = request.POST.get("do", "").partition(":")
        act = {
            "save": self._save,
            "accept": self._accept,
            "leave_out": self._leave_out,
            "take_in": self._take_in,
            "back": self._take_back,
            "recheck": self._recheck,
        }.get(name)
        if act is None:
            return redirect(self._address())
        try:
            return act(key)
        except ValidationError as refusal:
            self.load()
            self.asked.refusal = " ".join(refusal.messages)
            self.asked.typed = request.POST.get("value", "")
            self.asked.reach = request.POST.get("reach", ONE)
            self.asked.spot = self._spot_of(key)
            return self.show(status=INVALID)
        except NotAllowedNow as refusal:
            messages.error(request, str(refusal))
            return lead_to(request, batch.get_absolute_url())

    def _save(self, key: str) -> HttpResponse:
        spot = self._spot_of(key)
        done = spot and services.correct(
            **self._who,
            spot=spot,
            value=self.request.POST.get("value", ""),
            reach=self.request.POST.get("reach", ONE),
        )
        return self._after(done, key)

    def _accept(self, key: str) -> HttpResponse:
        return self._after(services.accept(**self._who, **self._kind, spot=self._spot_of(key)), key)

    def _leave_out(self, key: str) -> HttpResponse:
        return self._after(
            services.leave_out(**self._who, **self._kind, spot=self._spot_of(key)), key
        )

    def _take_in(self, key: str) -> HttpResponse:
        return self._after(services.take_in(**self._who, spot=self._spot_of(key)))

    def _take_back(self, key: str) -> HttpResponse:
        number = int(key) if key.isdecimal() and len(key) < 19 else 0
        return self._after(services.take_back(**self._who, fix_id=number))

    def _recheck(self, key: str) -> HttpResponse:
        services.recheck(**self._who)
        return redirect(self.object)

    @property
    def _who(self) -> dict[str, Any]:
        return {"actor": self.request.user, "batch": self.object}

    @property
    def _kind(self) -> dict[str, Any]:
        asked = self.request.GET
        return {"kind": asked.get("kind", ""), "severity": asked.get("severity", "")}

    def _spot_of(self, key: str) -> Spot | None:
        return spot_from(key, **self._kind)

    def _after(self, done: Any, key: str = "") -> HttpResponse:
        """Show the list again, after one corrected row with the next one ready."""
        if not done:
            messages.info(self.request, _("This is settled already; nothing was changed."))
        return redirect(self._address(key))

    def _address(self, after: str = "") -> str:
        kept = {name: value for name in KEPT if (value := self.request.GET.get(name, ""))}
        wanted = self.request.POST.get("then", "")
        if after and self._spot_of(wanted):
            # The arrow upwards: not the next row but this one.
            kept["edit"] = wanted
        elif after:
            kept["after"] = after
        query = f"?{urlencode(kept)}" if kept else ""
        return reverse("imports:batch_errors", args=[self.object.pk]) + query
