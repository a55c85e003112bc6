"""What forms say about a woman's service file. No database access."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class MethodRecord:
    """One method a woman or couple chose, since a day as far as it is known."""

    method: str
    valid_from: date | None = None
    from_precision: str = "day"
    facility: str = ""


@dataclass(frozen=True, kw_only=True)
class StatedChildren:
    """How many children a woman states on a day."""

    stated_on: date
    stated_boys: int | None = None
    stated_girls: int | None = None
    stated_last_birth_on: date | None = None
    remark: str = ""
