"""What the forms and files of divisions say."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class RegionRecord:
    """One line of a file of divisions. `line` is its number in the file, from 2."""

    code: str
    name: str
    kind: str
    parent_code: str = ""
    aliases: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class NewRegion:
    """A division that begins on a day (None: always there)."""

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None


@dataclass
class LoadResult:
    """What loading a file did."""

    created: int = 0
    updated: int = 0
    same: int = 0
    problems: list[str] = field(default_factory=list)
