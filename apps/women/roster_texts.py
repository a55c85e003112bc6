"""Today's roster of married women of childbearing age, in the words that a roster is read with."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from apps.core.choices import DatePrecision
from apps.households.choices import EVER_MARRIED
from apps.households.models import Marriage, Person
from apps.households.roster_texts import code_text, date_text, person_texts
from apps.households.selectors import holds_on, spouses_of
from apps.indicators.records import REGISTERED
from apps.regions.models import Region
from apps.women import selectors
from apps.women.models import CaseFile, ContraceptiveUse


def roster_lines(user: Any, region: Region, on: date) -> Iterator[dict[str, str]]:
    """Yield the women of 15 to 49 registered in a village who are or were married, by name."""
    found: Any = selectors.women(user, on=on, basis=REGISTERED, region=region)
    women: list[Any] = list(found.filter(status__in=EVER_MARRIED).order_by("person__pinyin", "pk"))
    numbers = [row.person_id for row in women]
    husbands = spouses_of(numbers)
    seen = set(
        Person.objects.visible_to(user)
        .filter(pk__in=[husband.pk for husband in husbands.values()])
        .values_list("pk", flat=True)
    )
    files = {file.person_id: file for file in CaseFile.objects.filter(person__in=numbers)}
    uses = {
        use.person_id: use
        for use in ContraceptiveUse.objects.filter(holds_on(on), person__in=numbers)
    }
    weddings = {
        (wife, day): precision
        for wife, day, precision in Marriage.objects.filter(wife__in=numbers).values_list(
            "wife", "valid_from", "from_precision"
        )
    }
    for row in women:
        person = row.person
        texts = person_texts(person)
        texts |= _husband_texts(husbands.get(person.pk), seen)
        texts |= _file_texts(files.get(person.pk))
        texts |= _use_texts(uses.get(person.pk))
        precision = weddings.get((person.pk, person.first_marriage_on), DatePrecision.DAY)
        texts["marry"] = date_text(person.first_marriage_on, precision)
        texts["marital"] = code_text("marital_status", row.status)
        yield texts


def _use_texts(use: ContraceptiveUse | None) -> dict[str, str]:
    if use is None:
        return {}
    return {
        "method": code_text("contraceptive_method", use.method),
        "method_date": date_text(use.valid_from, use.from_precision),
        "facility": use.facility,
    }


def _husband_texts(husband: Person | None, seen: set[int]) -> dict[str, str]:
    """Name the husband; his number only where the user may see him."""
    if husband is None:
        return {}
    number = husband.id_number if husband.pk in seen else None
    return {"spouse_name": husband.name, "spouse_id": number or ""}


def _file_texts(file: CaseFile | None) -> dict[str, str]:
    """Numbers of children as somebody stated them; nothing where nobody did."""
    if file is None:
        return {}
    boys, girls = file.stated_boys, file.stated_girls
    texts = {"last_birth": date_text(file.stated_last_birth_on)}
    if boys is not None:
        texts["boys"] = str(boys)
    if girls is not None:
        texts["girls"] = str(girls)
    if boys is not None and girls is not None:
        texts["kids"] = str(boys + girls)
    return texts
