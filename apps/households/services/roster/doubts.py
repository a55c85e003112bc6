"""Questions that a roster raises about people, and the answers that somebody gave to them.

A question is raised every time anew; its key is a digest of the line and of the persons it is
about. So an answer holds as long as nothing of that has changed, and no longer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from apps.imports.models import Choice, QuestionKind, allows
from apps.imports.records import Question, Verdict
from apps.imports.registry import question_key

if TYPE_CHECKING:
    from apps.households.services.roster.subjects import Subject


def ask(subject: Subject, kind: str, candidates: Sequence[int], *facts: Any) -> Verdict | None:
    """Raise a question about a line; return the answer if there is one that fits.

    `candidates` are the persons whom "the same person" can name; `facts` is what the answer
    depends on beside the line's own identity.
    """
    said = subject.said
    identity = (said.name, said.sex, said.birth_date, said.birth_precision, said.id_number or "")
    key = question_key(kind, *identity, said.village_code, *facts)
    answer = subject.answers.get(key)
    if answer is not None and not _fits(kind, answer, candidates):
        answer = None
    question = Question(kind, key, (), tuple(candidates), answer)
    subject.outcome.questions = (*subject.outcome.questions, question)
    return answer


def _fits(kind: str, answer: Verdict, candidates: Sequence[int]) -> bool:
    named = answer.target is None or answer.target in candidates
    return named and allows(kind, answer.choice, answer.target)


def follow(subject: Subject, answer: Verdict) -> None:
    """Do to a line what was answered: this person, a new one, or not at all."""
    if answer.choice == Choice.SAME:
        subject.person_id = answer.target
    elif answer.choice == Choice.NEW:
        subject.is_new_person = True
    else:
        subject.skip("decided_out", "name")


def wants_file(subject: Subject, *facts: Any) -> bool:
    """Whether somebody wants the file's values although the register has newer ones.

    Asked only when there is such a value, so that the question stands exactly then.
    """
    said = dataclasses.asdict(subject.said)
    said.pop("line")
    answer = ask(subject, QuestionKind.OLDER, (), sorted(said.items()), *facts)
    return answer is not None
