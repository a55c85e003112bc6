"""What a statement "so it is on that day" does to intervals that are there already. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


class Interval(Protocol):
    """A dated row: half-open, open where None."""

    @property
    def valid_from(self) -> date | None:
        """First day, None if nobody knows."""

    @property
    def valid_to(self) -> date | None:
        """First day after, None if it still lasts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the intervals of one person and kind say about a day.

    `covering` is the row that contains the day; `is_newer` tells that the register knows of a
    change after that day, which a roster of that day must not touch; `earliest` is the first
    day on which a new row could begin (None: no row stands in the way).
    """

    covering: Any
    is_newer: bool
    earliest: date | None


NOTHING = Standing(None, False, None)


def standing(rows: Sequence[Any], on: date) -> Standing:
    """Read the intervals of one person and kind, in any order, for one day."""
    if not rows:
        return NOTHING
    covering = None
    newer = False
    earliest = None
    for row in rows:
        begun = row.valid_from is None or row.valid_from <= on
        lasts = row.valid_to is None or row.valid_to > on
        if begun and lasts:
            covering = row
            newer = newer or row.valid_to is not None
        elif not begun:
            newer = True
        elif row.valid_to is not None and (earliest is None or row.valid_to > earliest):
            earliest = row.valid_to
    return Standing(covering, newer, earliest)


def beginning(now: Standing, on: date, known: date | None = None) -> date | None:
    """Return the day on which a new row begins that no row covers yet.

    The known day, if nothing stands in the way; with earlier rows the day of the roster, because
    the change came at some time after them; None, "since before anybody knows", otherwise.
    """
    if known is not None and (now.earliest is None or known >= now.earliest):
        return known
    return None if now.earliest is None else max(now.earliest, on)


def takes_over_on(covering: Interval, on: date, known: date | None = None) -> date | None:
    """Return the day on which a differing statement replaces the covering row.

    None: the row began on that very day, so it is corrected and not ended.
    """
    day = known if known is not None and known <= on else on
    if covering.valid_from is not None and day <= covering.valid_from:
        day = on
    return None if covering.valid_from is not None and day <= covering.valid_from else day
