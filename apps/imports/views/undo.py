"""Take a written import back, or bring it in again: ask, look at what it would do, confirm."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from apps.core.context import Crumb
from apps.core.errors import NotAllowedNow
from apps.imports import registry, selectors, services
from apps.imports.models import (
    STAYING,
    Batch,
    BatchState,
    Direction,
    Fate,
    Undo,
    UndoLine,
    UndoState,
)
from apps.imports.selectors.since import Since, changed_since
from apps.imports.tables import FATE_STATES
from apps.imports.views.base import BatchScreen
from apps.imports.views.history import Words, label_of

# What a list of one fate says above its rows.
EXPLAINED = {
    Fate.REMOVED: _("They came in by this import and leave the register."),
    Fate.SET_BACK: _("They get the values they had before."),
    Fate.BROUGHT: _("They are entered again just as they were, with everything that is theirs."),
    Fate.CHANGED: _("Somebody changed them since. They stay as they are now, as a whole."),
    Fate.NEEDED: _("Later entries belong to them, so they stay. Remove those first if need be."),
    Fate.TAKEN: _("Their former number or time is taken by another entry now, so they stay."),
    Fate.MISSING: _("What they belong to is not in the register, so they stay as they are."),
    Fate.ELSEWHERE: _("They belong to a region that you do not work for, so they stay."),
    Fate.UNKNOWN: _("The history does not say what they were before, so they stay."),
}


def undo_context(batch: Batch) -> dict[str, Any]:
    """What the page of an import needs to offer taking it back: until when, and what was done."""
    if batch.state not in (BatchState.DONE, BatchState.UNDONE) or not batch.history_context:
        return {"undo_until": None, "last_undo": None}
    until = services.undo_until(batch)
    left = until - timezone.now()
    return {
        "undo_until": until if left.total_seconds() > 0 else None,
        "undo_days": left.days + 1,
        "undo_is_over": left.total_seconds() <= 0,
        "last_undo": services.last_undo(batch),
        "undo_left": services.left_of(batch) if batch.state == BatchState.UNDONE else 0,
    }


class UndoAsk(BatchScreen):
    """Have it looked through what taking this import back would do; leads to that page."""

    permission = "imports.run"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        wanted = request.POST.get("direction", Direction.BACK)
        direction = wanted if wanted in Direction.values else Direction.BACK
        try:
            undo = services.ask_undo(
                actor=request.user,  # type: ignore[arg-type]
                batch=batch,
                direction=direction,
            )
        except NotAllowedNow as refusal:
            messages.error(request, str(refusal))
            return redirect(batch)
        return redirect(undo)


class UndoScreen(BatchScreen):
    """A page about one taking back."""

    selector = staticmethod(selectors.undos)  # type: ignore[assignment]
    object_name = "undo"

    @property
    def kind(self) -> Any:
        return registry.get(self.object.batch.kind)

    def get_title(self) -> Any:
        back = _("Take back: %(kind)s")
        return (back if self.object.is_back else _("Bring in again: %(kind)s")) % {
            "kind": self.kind.label
        }

    def crumbs(self) -> list[Crumb]:
        batch = self.object.batch
        return [Crumb(batch.filename, batch.get_absolute_url())] if not self.is_fragment else []

    def context(self, **kwargs: Any) -> dict[str, Any]:
        usual = {"batch": self.object.batch, "may_run": self.may_run, "kind": self.kind}
        return super(BatchScreen, self).context(**{**usual, **kwargs})


class UndoDetail(UndoScreen):
    """The work going on, or who goes and who stays, before and after."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        undo: Any = self.load()
        if undo.is_busy:
            return self.show("imports/undo_running.html", running=selectors.undo_running(undo))
        return self.show("imports/undo_detail.html", **self.lines_context(undo))

    def lines_context(self, undo: Undo) -> dict[str, Any]:
        totals = selectors.fate_totals(undo)
        villages = selectors.fate_lines(undo)
        wanted = self.request.GET.get("village", "")
        village = next((line for line in villages if line.key == wanted), None)
        if wanted and village is None:
            raise Http404
        cells = [cell for cell in (village.cells if village else totals) if cell[1]]
        fate = self._fate(cells)
        page = self.page(selectors.undo_lines(undo, fate, village.key if village else ""))
        return {
            "totals": totals,
            "by_kind": kinds_of(undo, [name for name, _number in totals]),
            "villages": villages,
            "village": village,
            "cells": cells,
            "fate": fate,
            "labels": dict(Fate.choices),
            "states": FATE_STATES,
            "explained": EXPLAINED.get(Fate(fate)) if fate else "",
            **self.paging(page),
            "lines": self._lines(undo, list(page)),
            "is_open": self.may_run and undo.state == UndoState.PLANNED,
        }

    def _lines(self, undo: Undo, lines: list[UndoLine]) -> list[tuple[Any, list[Any]]]:
        """Each line with what was changed in it since: (label, before, by the import, now)."""
        user = self.request.user
        since = changed_since(undo, lines, user=user)
        named = services.named_lines(undo, lines, user=user)
        return [
            (name, list(_told(since[line.pk], is_back=undo.is_back)) if line.pk in since else [])
            for line, name in zip(lines, named, strict=True)
        ]

    def _fate(self, cells: list[tuple[str, int]]) -> str:
        """The fate asked for, else the first of those who stay, because they need a look."""
        names = [name for name, _number in cells]
        wanted = self.request.GET.get("fate", "")
        staying = [name for name in names if name in STAYING]
        return wanted if wanted in names else next(iter([*staying, *names]), "")


def _told(since: Since, *, is_back: bool) -> Iterator[tuple[str, str, str, str]]:
    words = Words(since.named)
    for column in since.differing(is_back=is_back):
        if label := label_of(column):
            before = words.of(column, since.before) if since.before is not None else ""
            yield label, before, words.of(column, since.left), words.of(column, since.now)


def kinds_of(undo: Undo, fates: list[str]) -> list[tuple[str, list[int]]]:
    """What people speak of (people, households) with its counts by fate."""
    counted = undo.counts.get("kinds", {})
    return [
        (
            str(apps.get_model(label)._meta.verbose_name_plural),
            [counts.get(fate, 0) for fate in fates],
        )
        for label, counts in counted.items()
    ]


class UndoProgress(UndoScreen):
    """The part of the page that shows how far the work is; leads on when it is over."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        undo: Any = self.load()
        if not undo.is_busy:
            url = undo.get_absolute_url()
            return HttpResponseClientRedirect(url) if self.is_fragment else redirect(url)
        if not self.is_fragment:
            return redirect(undo)
        return self.show("imports/_undo_running.html", running=selectors.undo_running(undo))


class UndoConfirm(UndoScreen):
    """Confirm that an import shall be taken back, or brought in again."""

    permission = "imports.run"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        undo: Any = self.load()
        try:
            services.confirm_undo(actor=request.user, undo=undo)  # type: ignore[arg-type]
        except NotAllowedNow as refusal:
            messages.error(request, str(refusal))
        return redirect(undo)
