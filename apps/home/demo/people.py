"""What the generator knows about one fictional person and one household."""

from dataclasses import dataclass, field
from datetime import date

MALE, FEMALE = "1", "2"
NEVER_MARRIED, MARRIED, WIDOWED, DIVORCED = "10", "21", "30", "40"


@dataclass(slots=True)
class Spell:
    """Where somebody was registered, [since, until); None is open. Place "" is the village."""

    since: date | None
    until: date | None
    reason: str = ""
    place: str = ""


@dataclass(slots=True)
class DemoPerson:
    """One fictional person; `number` is the row number the register will give."""

    number: int
    name: str
    sex: str
    born: date
    id_number: str
    village: int = 0
    home: "DemoHome | None" = None
    role: str = ""
    is_head: bool = False
    joined: date | None = None
    left: date | None = None
    statuses: list[tuple[str, date | None]] = field(default_factory=list)
    married_on: date | None = None
    died_on: date | None = None
    registered: list[Spell] = field(default_factory=list)
    lives_elsewhere: bool = False
    registered_elsewhere: bool = False
    mother: "DemoPerson | None" = None
    father: "DemoPerson | None" = None
    birth_order: int | None = None
    children: list["DemoPerson"] = field(default_factory=list)
    ethnic_group: str = "01"
    education: str = ""
    phone: str = ""

    def age_on(self, day: date) -> int:
        """Completed years on `day`."""
        before = (day.month, day.day) < (self.born.month, self.born.day)
        return day.year - self.born.year - before

    @property
    def own_home(self) -> "DemoHome":
        """The household of somebody who has one; raises LookupError for a guest."""
        if self.home is None:
            raise LookupError(self.name)
        return self.home

    @property
    def status(self) -> str:
        """The marital status now."""
        return self.statuses[-1][0] if self.statuses else NEVER_MARRIED


@dataclass(slots=True)
class DemoCouple:
    """A wife and a husband, with the day they married and, if so, the day it ended."""

    wife: DemoPerson
    husband: DemoPerson
    since: date
    until: date | None = None
    ended_by: str = ""


@dataclass(slots=True)
class DemoHome:
    """One household: members in the order of the household book, the head first."""

    number: int
    village: int
    label: str
    group: int
    members: list[DemoPerson] = field(default_factory=list)


@dataclass(slots=True)
class DemoEvent:
    """One event as the office entered it."""

    kind: str
    person: DemoPerson
    on: date
    other: DemoPerson | None = None


@dataclass(slots=True)
class DemoTownship:
    """Everything of one township, ready to be loaded."""

    people: list[DemoPerson] = field(default_factory=list)
    homes: list[DemoHome] = field(default_factory=list)
    couples: list[DemoCouple] = field(default_factory=list)
    events: list[DemoEvent] = field(default_factory=list)
