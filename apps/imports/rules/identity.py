"""What ID number, sex, birth date and age of a line say together.

The ID number decides where the columns are empty or rougher. Where a filled column contradicts
it, a person decides, not the program.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from apps.core.dates import DAY, MONTH, YEAR, WrittenDate, age_on
from apps.core.identifiers import birth_of, sex_of
from apps.imports.rules.drafts import Draft

SEX_NAMES = {"1": "男", "2": "女"}
# Ages in rosters are completed years, years by the calendar or 虚岁 (up to two more).
_OLDER_BY, _YOUNGER_BY = 2, 1


def settle_person(
    draft: Draft,
    found: Mapping[str, Any],
    *,
    as_of: date,
    id_is_trusted: bool,
    implied_sex: str = "",
) -> None:
    """Bring sex and birth of the line's subject together with the ID number; add issues.

    `found` holds the converted cells by field (id, sex, birth, age); a number that belongs to
    somebody else is not trusted. Sets the values sex, birth_date and birth_precision.
    """
    number = found.get("id") if id_is_trusted else None
    if implied_sex and number and sex_of(number) != implied_sex:
        draft.add("id_sex_mismatch", "id", _sexes(implied_sex, sex_of(number)))
        number = None
    _settle_sex(draft, found.get("sex"), number, implied_sex)
    _settle_birth(draft, found.get("birth"), number, as_of)
    _check_age(draft, found.get("age"), as_of)
    if "id" in draft.layout.indices and found.get("id") is None and not _id_is_faulty(draft):
        draft.add("id_missing", "id")
    if found.get("id") is None and not _id_is_faulty(draft):
        _demand_facts(draft)


def _id_is_faulty(draft: Draft) -> bool:
    return any(issue.field == "id" and issue.severity == "error" for issue in draft.issues)


def _sexes(stated: str, by_id: str) -> dict[str, str]:
    return {"stated": SEX_NAMES[stated], "by_id": SEX_NAMES[by_id]}


def _settle_sex(draft: Draft, stated: str | None, number: str | None, implied: str) -> None:
    by_id = sex_of(number) if number else ""
    if stated and by_id and stated != by_id:
        draft.add("id_sex_mismatch", "sex", _sexes(stated, by_id))
    draft.values["sex"] = by_id or stated or implied or None


def _settle_birth(
    draft: Draft, stated: WrittenDate | int | None, number: str | None, as_of: date
) -> None:
    if number:
        by_id = birth_of(number)
        _compare_birth(draft, stated, by_id, as_of)
        _set_birth(draft, by_id, DAY)
    elif isinstance(stated, WrittenDate):
        if stated.on > as_of:
            draft.add("date_future", "birth", _future(stated.on, as_of))
        elif stated.ambiguous_month:
            draft.add("date_ambiguous", "birth", severity="" if _id_is_faulty(draft) else "error")
            _set_birth(draft, stated.on.replace(month=1), YEAR)
        else:
            _set_birth(draft, stated.on, stated.precision)
    else:
        draft.drop_notices("age_in_birth_column")


def _set_birth(draft: Draft, on: date, precision: str) -> None:
    draft.birth = on
    draft.values["birth_date"] = on
    draft.values["birth_precision"] = precision


def _compare_birth(
    draft: Draft, stated: WrittenDate | int | None, by_id: date, as_of: date
) -> None:
    if isinstance(stated, WrittenDate):
        if not stated.agrees_with(by_id):
            draft.add(
                "id_birth_mismatch",
                "birth",
                {"stated": stated.on.isoformat(), "by_id": by_id.isoformat()},
            )
        elif stated.ambiguous_month:
            draft.add("date_ambiguous", "birth")
    elif isinstance(stated, int) and not _age_fits(stated, by_id, as_of):
        draft.drop_notices("age_in_birth_column")
        params = {"stated": stated, "by_id": by_id.isoformat()}
        draft.add("id_birth_mismatch", "birth", params)


def _age_fits(age: int, birth: date, as_of: date) -> bool:
    years = age_on(birth, as_of)
    return years - _YOUNGER_BY <= age <= years + _OLDER_BY


def _check_age(draft: Draft, age: int | None, as_of: date) -> None:
    """Compare a column of ages with the settled birth date; it is only a hint, so a warning."""
    if age is None or draft.birth is None or draft.has("id_birth_mismatch"):
        return
    if not _age_fits(age, draft.birth, as_of):
        by_birth = age_on(draft.birth, as_of)
        draft.add("age_mismatch", "age", {"stated": age, "by_birth": by_birth})


def _demand_facts(draft: Draft) -> None:
    """Without an ID number a person is known by name, sex and birth (at least the month)."""
    if draft.values.get("sex") is None and not draft.has("sex_invalid"):
        draft.add("sex_missing", "sex")
    faulty = any(i.field == "birth" and i.severity == "error" for i in draft.issues)
    if draft.values.get("birth_precision") not in (DAY, MONTH) and not faulty:
        draft.add("birth_missing", "birth")


def settle_other_person(
    draft: Draft, field: str, number: str | None, implied_sex: str, severity: str = ""
) -> str | None:
    """Return the ID number of a spouse or head, or None if it contradicts the role."""
    if number and implied_sex and sex_of(number) != implied_sex:
        params = _sexes(implied_sex, sex_of(number))
        draft.add("id_sex_mismatch", field, params, severity=severity)
        return None
    return number


def check_date(
    draft: Draft, field: str, found: WrittenDate, as_of: date, *, after_birth: bool
) -> bool:
    """Check a date of the line against the day of the roster and the subject's birth."""
    if found.on > as_of:
        draft.add("date_future", field, _future(found.on, as_of))
        return False
    if after_birth and draft.birth and _is_before(found, draft):
        params = {"date": found.on.isoformat(), "birth": draft.birth.isoformat()}
        draft.add("date_order", field, params)
        return False
    return True


def _future(on: date, as_of: date) -> dict[str, str]:
    return {"date": on.isoformat(), "as_of": as_of.isoformat()}


def _is_before(found: WrittenDate, draft: Draft) -> bool:
    """Compare as far as both dates are known."""
    birth = draft.birth or found.on
    precisions = {found.precision, draft.values["birth_precision"]}
    if YEAR in precisions:
        return found.on.year < birth.year
    if MONTH in precisions:
        return (found.on.year, found.on.month) < (birth.year, birth.month)
    return found.on < birth
