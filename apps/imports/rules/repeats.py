"""The same person or the same number more than once in one file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from apps.core.dates import DAY
from apps.imports.rules.drafts import Draft


class SeenNumbers:
    """Which line first carried an ID number; asked once per line, in file order."""

    def __init__(self) -> None:
        self._first: dict[str, Draft] = {}

    def check(self, draft: Draft, number: str) -> bool:
        """Look a number up and add an issue if it was seen; whether it can be trusted here.

        A repetition is skipped only if the earlier line comes in; if that one is blocked, this
        one takes its place.
        """
        first = self._first.get(number)
        if first is None:
            self._first[number] = draft
            return True
        name, other = draft.values.get("name"), first.values.get("name")
        if name and other and name != other:
            draft.add("id_conflict", "id", {"name": other, "place": first.place})
            return False
        if draft.region is None or first.region is None or draft.region == first.region:
            if first.is_blocked:
                self._first[number] = draft
            else:
                draft.add("dup_in_file", "id", {"place": first.place})
            return True
        draft.add("person_in_two_places", "id", {"place": f"{first.region.name} ({first.place})"})
        return True


Key = tuple[str | None, str, str]


def check_people_without_number(drafts: Iterable[Draft]) -> None:
    """Find lines without ID number that repeat another line of the same village.

    Same name and sex and agreeing birth: one such other line makes this one a repetition, several
    make it undecidable. Children not yet named are different children.
    """
    settled = [d for d in drafts if d.birth and not d.is_blocked and not d.is_skipped]
    waiting = [
        draft
        for draft in settled
        if not draft.id_number
        and draft.values.get("name")
        and not draft.values.get("is_own_person")
        and not draft.has("name_placeholder")
    ]
    if not waiting:
        return
    # Of the others only those that one of these could repeat.
    wanted = {_key(draft) for draft in waiting}
    known: dict[Key, list[Draft]] = defaultdict(list)
    for draft in settled:
        if draft.id_number and (key := _key(draft)) in wanted:
            known[key].append(draft)
    for draft in waiting:
        others = [other for other in known[_key(draft)] if _same_birth(draft, other)]
        if len(others) == 1:
            draft.add("dup_in_file", "id", {"place": others[0].place})
        elif others:
            draft.add("ambiguous_match", "id")
        else:
            known[_key(draft)].append(draft)


def _key(draft: Draft) -> Key:
    values = draft.values
    return draft.region.code if draft.region else None, values["name"] or "", values["sex"] or ""


def _same_birth(first: Draft, second: Draft) -> bool:
    if first.birth is None or second.birth is None:
        return False
    return agreeing_births(first.values, second.values)


def agreeing_births(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether the birth dates of two lines (their values) agree, at least in year and month."""
    one, other = first.get("birth_date"), second.get("birth_date")
    if one is None or other is None:
        return False
    if first["birth_precision"] == second["birth_precision"] == DAY:
        return bool(one == other)
    return (one.year, one.month) == (other.year, other.month)
