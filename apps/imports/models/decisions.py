"""What only a person can decide about the rows of a roster, and what was decided."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import Stamped
from apps.core.querysets import ScopedQuerySet
from apps.imports.models.batches import Batch


class QuestionKind(models.TextChoices):
    """Why a group of rows needs a decision; in the order in which they are asked."""

    SAME_NUMBER = "same_number", _("One ID number, several names in this file")
    TWO_PLACES = "two_places", _("Listed in two villages of this file")
    REPEATED = "repeated", _("Listed twice with different entries")
    UNCLEAR = "unclear", _("No ID number, and several lines of this file fit")
    OTHER_FILE = "other_file", _("Also in another import, for another village")
    OTHER_NAME = "other_name", _("The register has another name for this ID number")
    ELSEWHERE = "elsewhere", _("Registered in another village")
    AMBIGUOUS = "ambiguous", _("Several people of the register fit")
    SIMILAR = "similar", _("Perhaps already in the register")
    OLDER = "older", _("The register has newer entries")


class Choice(models.TextChoices):
    """Answers to a question. A kind of question allows some of them (ALLOWED)."""

    SAME = "same", _("The same person: update this one")
    NEW = "new", _("A different person: enter as new")
    KEEP = "keep", _("Keep this line, leave the others out")
    OUT = "out", _("Leave out")
    HERE = "here", _("Belongs to this village: write this line")
    TAKE = "take", _("Take what the file says")


ALLOWED: dict[str, tuple[str, ...]] = {
    QuestionKind.SAME_NUMBER: (Choice.KEEP, Choice.OUT),
    QuestionKind.TWO_PLACES: (Choice.KEEP, Choice.OUT),
    QuestionKind.REPEATED: (Choice.KEEP,),
    QuestionKind.UNCLEAR: (Choice.NEW, Choice.OUT),
    QuestionKind.OTHER_FILE: (Choice.HERE, Choice.OUT),
    QuestionKind.OTHER_NAME: (Choice.SAME, Choice.OUT),
    QuestionKind.ELSEWHERE: (Choice.OUT,),
    QuestionKind.AMBIGUOUS: (Choice.SAME, Choice.NEW, Choice.OUT),
    QuestionKind.SIMILAR: (Choice.SAME, Choice.NEW, Choice.OUT),
    QuestionKind.OLDER: (Choice.TAKE,),
}
# An open question of these kinds keeps nothing out: the first line counts, the register stays.
NOT_WAITING = (QuestionKind.REPEATED, QuestionKind.OLDER)


class Question(models.Model):
    """One group of rows about which a person decides, as the last check found it.

    `places` lists [sheet number, row number] of its rows, `candidates` numbers of persons of the
    register. `is_open` until there is an answer that still fits.
    """

    SCOPE = ("batch__region",)

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="questions", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=QuestionKind.choices)
    key = models.CharField(max_length=32)
    village = models.ForeignKey(
        "regions.Region", models.PROTECT, null=True, related_name="+", db_index=False
    )
    places = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    is_open = models.BooleanField(default=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="imports_question_once"),
            models.CheckConstraint(
                condition=Q(kind__in=QuestionKind.values), name="imports_question_kind_valid"
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "kind", "number"], name="imports_question_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def allowed(self) -> tuple[str, ...]:
        """The answers that fit this kind of question."""
        return ALLOWED[self.kind]


class Decision(Stamped):
    """What somebody answered to a question of one import.

    `key` is the question's. The answer outlives a new check of the file; when the rows or the
    persons it was about have changed, no question has this key any more and it is not followed.
    """

    SCOPE = ("batch__region",)

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="decisions", db_index=False)
    kind = models.CharField(max_length=12, choices=QuestionKind.choices)
    key = models.CharField(max_length=32)
    choice = models.CharField(max_length=4, choices=Choice.choices)
    target = models.BigIntegerField(null=True)
    places = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(fields=["batch", "key"], name="imports_decision_once"),
            models.CheckConstraint(
                condition=Q(choice__in=Choice.values), name="imports_decision_choice_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.choice}"

    @property
    def verdict(self) -> tuple[str, int | None]:
        """The answer as the services take it."""
        return self.choice, self.target


def allows(kind: str, choice: str, target: Any) -> bool:
    """Whether an answer fits a kind of question; those that name somebody need a target."""
    needs_target = choice in (Choice.SAME, Choice.KEEP)
    return choice in ALLOWED[kind] and (target is not None) == needs_target
