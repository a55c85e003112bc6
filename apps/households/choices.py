"""Code lists of households and persons. National codes live in fixtures/reference/codelists."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MARRIED = ("20", "21", "22", "23")
EVER_MARRIED = (*MARRIED, "30", "40")
HEAD = "02"


class Presence(TextChoices):
    """Whether somebody of the household lives at the address."""

    PRESENT = "present", _("lives here")
    REGISTERED_ONLY = "registered_only", _("registered only")
    EMPTY = "empty", _("nobody left")


class ResidenceKind(TextChoices):
    """The two places every person has; every figure names which one it counts."""

    REGISTERED = "registered", _("registered place")
    CURRENT = "current", _("current place")


class ResidenceReason(TextChoices):
    """Why a residence began or ended."""

    UNKNOWN = "", _("not stated")
    ROSTER = "roster", _("named in a roster")
    BIRTH = "birth", _("birth")
    MARRIAGE = "marriage", _("marriage")
    MOVE = "move", _("move")
    WORK = "work", _("work")
    STUDY = "study", _("study")
    RETURN = "return", _("return")
    REGION = "region", _("change of divisions")
    CORRECTION = "correction", _("correction")
    OTHER = "other", _("other")


# Reasons by which a residence counts as a move. A birth, a roster, a correction or a change of
# divisions is none.
MOVES = (
    ResidenceReason.MARRIAGE,
    ResidenceReason.MOVE,
    ResidenceReason.WORK,
    ResidenceReason.STUDY,
    ResidenceReason.RETURN,
    ResidenceReason.OTHER,
)


class KinshipNature(TextChoices):
    """How a child belongs to a parent."""

    BIRTH = "birth", _("by birth")
    ADOPTION = "adoption", _("by adoption")
    STEP = "step", _("stepchild")
    UNKNOWN = "unknown", _("not stated")


class MarriageEnd(TextChoices):
    """How a marriage ended."""

    NOT_ENDED = "", _("not ended")
    DIVORCE = "divorce", _("divorce")
    DEATH = "death", _("death of a spouse")
    UNKNOWN = "unknown", _("not stated")


class MarriageOrder(TextChoices):
    """GB/T 2261.2 21-23: which marriage it is (for the one who marries again)."""

    FIRST = "21", _("first marriage")
    AGAIN = "22", _("marriage to a new spouse")
    RESUMED = "23", _("marriage to the former spouse")
    UNKNOWN = "20", _("not stated")


class CategoryKind(TextChoices):
    """What a household can count as, for a time."""

    ONLY_CHILD = "only_child", _("one-child family")
    TWO_DAUGHTERS = "two_daughters", _("two-daughter family")
    SPECIAL_SUPPORT = "special_support", _("family with special support")
    HARDSHIP = "hardship", _("family in hardship")


class EventKind(TextChoices):
    """Dated facts of a person's life."""

    BIRTH = "birth", _("birth")
    DEATH = "death", _("death")
    MARRIAGE = "marriage", _("marriage")
    DIVORCE = "divorce", _("divorce")
    MOVE_IN = "move_in", _("moved in")
    MOVE_OUT = "move_out", _("moved out")
    MOVE_WITHIN = "move_within", _("moved within the county")
    LEFT_HOME = "left_home", _("living elsewhere since")
    CAME_HOME = "came_home", _("back home since")


class Source(TextChoices):
    """How a record came in."""

    FORM = "form", _("entered by hand")
    ROSTER = "roster", _("from a roster")
    API = "api", _("from another system")
    DEMO = "demo", _("fictional sample data")
