"""What only a person can decide about the rows: by group, one by one or all of a kind."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import menu
from apps.core.errors import NotAllowedNow
from apps.imports import selectors, services
from apps.imports.models import ALLOWED, BatchState, Choice, Question, QuestionKind
from apps.imports.records import Verdict
from apps.imports.views.base import BatchScreen, CheckedScreen
from apps.imports.views.groups import Groups

GROUPS_PER_PAGE = 10
FIELD = "a-"


def hint_of(kind: str) -> str:
    """Return what helps to decide about a kind of question."""
    return {
        QuestionKind.SAME_NUMBER: _(
            "Compare with the ID cards: the number can be one person's only."
        ),
        QuestionKind.TWO_PLACES: _("A person is registered in one village. Keep the right line."),
        QuestionKind.REPEATED: _("As long as you do not choose, the first line counts."),
        QuestionKind.UNCLEAR: _("Adding the ID number to the line settles this for good."),
        QuestionKind.OTHER_FILE: _(
            "The other import is not written yet. Whichever is written decides the village."
        ),
        QuestionKind.OTHER_NAME: _("If it is the same person, the name in the register stays."),
        QuestionKind.ELSEWHERE: _(
            "If the person has moved, record the move first; then this line can be written."
        ),
        QuestionKind.AMBIGUOUS: _("Adding the ID number to the line settles this for good."),
        QuestionKind.SIMILAR: _(
            "Same sex and birth date, nearly the same name or another village. Twins often look "
            "alike: compare the households."
        ),
        QuestionKind.OLDER: _(
            "These entries were made after the day of this roster. As long as you do not choose, "
            "the register keeps them."
        ),
    }[QuestionKind(kind)]


class BatchDuplicates(CheckedScreen):
    """Groups of rows that need a decision, kind by kind; undecided ones stop nothing else."""

    template_name = "imports/batch_duplicates.html"
    step = 4

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if not self.may_run:
            raise PermissionDenied
        try:
            number = self._decide()
        except (ValidationError, NotAllowedNow) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
        else:
            text = ngettext("%(n)s answer kept.", "%(n)s answers kept.", number) % {"n": number}
            messages.success(request, text)
        address = reverse("imports:batch_duplicates", args=[batch.pk])
        return redirect(f"{address}?kind={self._asked_kind(request.POST)}#h-k")

    def _decide(self) -> int:
        data, actor, batch = self.request.POST, self.request.user, self.object
        if data.get("act") == "all":
            return services.decide_all(
                actor=actor,  # type: ignore[arg-type]
                batch=batch,
                kind=self._asked_kind(data),
                choice=data.get("all", ""),
            )
        answers = {
            name.removeprefix(FIELD): read_answer(str(value))
            for name, value in data.items()
            if name.startswith(FIELD)
        }
        return services.decide(actor=actor, batch=batch, answers=answers)  # type: ignore[arg-type]

    @staticmethod
    def _asked_kind(data: Any) -> str:
        wanted = data.get("kind", "")
        return wanted if wanted in QuestionKind.values else ""

    def extra_context(self) -> dict[str, Any]:
        batch = self.object
        counts = selectors.question_counts(batch)
        asked = self._asked_kind(self.request.GET)
        current = next((count for count in counts if count.kind == asked), None)
        current = current or next((c for c in counts if c.open), None) or next(iter(counts), None)
        page = self.questions_page(current.kind) if current else None
        return {
            "counts": [(count, QuestionKind(count.kind).label) for count in counts],
            "current": current,
            "current_title": QuestionKind(current.kind).label if current else "",
            "hint": hint_of(current.kind) if current else "",
            **self.paging(page),
            "groups": self.groups(list(page)) if page else [],
            "for_all": self.for_all(current.kind) if current else [],
            "is_open": self.may_run and batch.state == BatchState.CHECKED,
        }

    def questions_page(self, kind: str) -> Any:
        rows = selectors.questions(self.object, kind)
        return Paginator(rows, GROUPS_PER_PAGE).get_page(self.request.GET.get("page"))

    def groups(self, questions: list[Question]) -> list[Any]:
        """The questions of a page with their rows and candidates, in few queries."""
        batch, user = self.object, self.request.user
        places = [(sheet, row) for question in questions for sheet, row in question.places]
        numbers = sorted({number for question in questions for number in question.candidates})
        across = bool(questions) and questions[0].kind == QuestionKind.OTHER_FILE
        build = Groups(
            kind=self.kind,
            sheets=self.sheet_names,
            rows=selectors.rows_at(batch, places),
            people=[] if across else self.kind.candidates(numbers, user=user, on=batch.as_of),
            batches=selectors.batches(user).in_bulk(numbers) if across else {},
            answers=selectors.answers_of(batch, [question.key for question in questions]),
            url_of=lambda number: menu.address(self.kind.person_url_name, number),
        )
        return [build.group(question) for question in questions]

    def for_all(self, kind: str) -> list[tuple[str, Any]]:
        """Answers that can be given to all groups of a kind at once."""
        words = {
            Choice.SAME: _("The same person, where only one fits"),
            Choice.KEEP: _("Keep the first line of each group"),
        }
        found = [
            (choice, words.get(Choice(choice), Choice(choice).label)) for choice in ALLOWED[kind]
        ]
        return [*found, ("", _("Decide later (take all answers back)"))]


def read_answer(value: str) -> Verdict | None:
    """Read a posted answer; nonsense reads as an answer that no question allows."""
    choice, _colon, target = value.partition(":")
    if not choice:
        return None
    return Verdict(choice, int(target) if target.isdecimal() else None)


class BatchFollowUp(BatchScreen):
    """Open an import of the rows that waited for a decision."""

    permission = "imports.run"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        try:
            return redirect(services.follow_up(actor=request.user, batch=batch))  # type: ignore[arg-type]
        except NotAllowedNow as refusal:
            messages.error(request, str(refusal))
            return redirect(batch)
