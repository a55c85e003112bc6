"""Taking an import back, and bringing it in again, under kills."""

from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from apps.accounts.models import User
from apps.core.errors import NotAllowedNow
from apps.imports import services
from apps.imports.models import Direction, Undo, UndoState
from apps.imports.selectors import UNDO_JOB, UNDO_LOOK_JOB
from tools.faults.runs import ACTOR, VICTIMS, Sight, Work, look, tried


@dataclass
class TakingBack(Work):
    """One written import from the question to the register as it was before."""

    undo: int = 0

    NAME = "take back"
    # Where it can be, in order: job and what it is about.
    PLACES = (
        *("undo_look queued", "undo_look begun", "undo_look look"),
        *("undo queued", "undo begun", "undo look", "undo write"),
    )
    VICTIMS = {name: share for name, share in VICTIMS.items() if name != "reader"}
    ENDS = (UndoState.FAILED,)
    DIRECTION: ClassVar[str] = Direction.BACK

    def _act(self) -> None:
        if not self.undo:
            self.undo = tried(self._ask) or 0
        elif self._last.state == UndoState.PLANNED:
            tried(self._confirm)

    def _ask(self) -> int:
        """Ask for it; when nobody heard the answer to the first time, the same one comes again."""
        if self.batch is None:
            raise ValueError("no import to take back")
        actor = User.objects.get(username=ACTOR)
        return services.ask_undo(actor=actor, batch=self.batch, direction=self.DIRECTION).pk

    def _confirm(self) -> None:
        actor, undo = User.objects.get(username=ACTOR), Undo.objects.get(pk=self.undo)
        # When it was confirmed at the first press and is done by now, the page says so.
        with suppress(NotAllowedNow):
            services.confirm_undo(actor=actor, undo=undo)

    def _sight(self) -> Sight:
        if not self.undo:
            return Sight("")
        return look("imports_undo", self.undo, (UNDO_LOOK_JOB, UNDO_JOB))


@dataclass
class BringingInAgain(TakingBack):
    """One import that was taken back, to the register as it had left it."""

    NAME = "bring in again"
    DIRECTION = Direction.AGAIN
