"""What today's roster says of a person, in the words that a roster is read with."""

from datetime import date

from apps.core.choices import DatePrecision
from apps.core.codes import code_set
from apps.core.keys import record_key
from apps.households.models import Membership, Person

# What a roster writes where somebody belongs to no household (that a line could name).
NO_HOUSEHOLD = "无"
SEXES = {"1": "男", "2": "女"}


def person_texts(person: Person) -> dict[str, str]:
    """Return the columns that every roster shares, {field: text}."""
    return {
        "key": record_key(person.pk),
        "name": person.name,
        "sex": SEXES.get(person.sex, ""),
        "id": person.id_number or "",
        "birth": date_text(person.birth_date, person.birth_precision),
        "ethnic": code_text("ethnic_group", person.ethnic_group),
        "edu": code_text("education", person.education),
        "marital": code_text("marital_status", person.marital_status),
        "marry": date_text(person.first_marriage_on),
        "hukou": code_text("hukou_type", person.hukou_type),
        "phone": person.phone or "",
        "remark": person.remark,
    }


def home_texts(person: Person, membership: Membership | None) -> dict[str, str]:
    """Return the columns of the household roster, {field: text}."""
    found = person_texts(person)
    found["residence"] = code_text("residence_status", person.residence_status)
    home = membership.household if membership is not None else None
    if membership is None or home is None or not (home.number or home.head_id):
        found["hh_no"] = NO_HOUSEHOLD
    else:
        found |= {
            "hh_no": home.number,
            "relation": code_text("relationship_to_head", membership.relationship_to_head),
            "group": home.group,
            "address": home.address,
        }
    return found


def code_text(name: str, code: str) -> str:
    """Return the Chinese name of a code, as a roster writes it."""
    entry = code_set(name).get(code)
    return entry.name_zh if entry else ""


def date_text(day: date | None, precision: str = DatePrecision.DAY) -> str:
    """Write a day as far as it is known: 1985-03-01, 1985-03, 1985."""
    if day is None:
        return ""
    length = {DatePrecision.DAY: 10, DatePrecision.MONTH: 7}.get(DatePrecision(precision), 4)
    return day.isoformat()[:length]
