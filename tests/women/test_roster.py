"""Rosters of married women: couples, service files and methods, and that twice is once."""

from datetime import date
from itertools import count
from typing import Any

import pytest

from apps.accounts.models import User
from apps.households.models import Household, MaritalPeriod, Marriage, Person, Residence
from apps.households.roster_rows import RosterResult
from apps.households.services.roster import register_roster
from apps.women.models import CaseFile, ContraceptiveUse
from apps.women.roster_rows import WomanRow
from apps.women.services.roster import plan_women, register_women
from tests.factories.rosters import VILLAGE, altered, family, id_number

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 30)
JULY = date(2026, 7, 31)
WIFE_BORN, HUSBAND_BORN = date(1982, 3, 4), date(1980, 5, 6)
MARRIED_ON = date(2007, 5, 1)
TABLES = (Person, Residence, Marriage, MaritalPeriod, CaseFile, ContraceptiveUse)
_lines = count(1)


@pytest.fixture
def clerk(township_clerk: User) -> User:
    """The clerk of 安塘乡."""
    return township_clerk


def woman(**values: Any) -> WomanRow:
    """Make a line: 覃芳, married to 韦大山, with an intrauterine device."""
    given: dict[str, Any] = {
        "line": next(_lines),
        "village_code": VILLAGE,
        "name": "覃芳",
        "sex": "2",
        "birth_date": WIFE_BORN,
        "id_number": id_number("2", WIFE_BORN),
        "marital_status": "21",
        "first_marriage_on": MARRIED_ON,
        "spouse_name": "韦大山",
        "spouse_id_number": id_number("1", HUSBAND_BORN),
        "boys": 1,
        "girls": 1,
        "last_birth_on": date(2010, 7, 8),
        "method": "03",
        "method_on": date(2011, 2, 1),
        "method_precision": "month",
        "facility": "县计生服务站",
    }
    return WomanRow(**{**given, **values})


def register(actor: User, rows: list[WomanRow], as_of: date = JUNE) -> RosterResult:
    return register_women(actor=actor, rows=rows, as_of=as_of, batch="8")


def state() -> dict[str, list[Any]]:
    """Everything that a roster of women writes."""
    found = {m.__name__: list(m.objects.order_by("pk").values()) for m in TABLES}
    for model in TABLES:
        events = model.pgh_event_model  # type: ignore[union-attr]
        found[f"{model.__name__} history"] = [events.objects.count()]
    return found


def kinds(result: RosterResult) -> list[str]:
    return [issue.kind for outcome in result.plan.outcomes for issue in outcome.issues]


def test_new_couple_comes_in_with_file_and_method(clerk: User) -> None:
    result = register(clerk, [woman()])

    wife, husband = Person.objects.order_by("pk")
    marriage = Marriage.objects.get()
    use = ContraceptiveUse.objects.get()
    file = CaseFile.objects.get()
    assert (result.persons_created, result.subjects_created) == (2, 1)
    assert not Household.objects.exists()
    assert (wife.name, husband.name, husband.sex) == ("覃芳", "韦大山", "1")
    assert husband.birth_date == HUSBAND_BORN
    assert {p.registered_region.code for p in (wife, husband) if p.registered_region} == {VILLAGE}
    assert (wife.first_marriage_on, husband.first_marriage_on) == (MARRIED_ON, None)
    assert (marriage.wife, marriage.husband) == (wife, husband)
    assert (marriage.valid_from, marriage.order) == (MARRIED_ON, "21")
    periods = MaritalPeriod.objects.order_by("person__pk")
    assert [(p.status, p.valid_from) for p in periods] == [("21", MARRIED_ON), ("20", None)]
    assert (file.person, file.stated_boys, file.stated_girls, file.stated_on) == (wife, 1, 1, JUNE)
    assert (use.method, use.valid_from, use.from_precision) == ("03", date(2011, 2, 1), "month")


def test_same_roster_twice_changes_nothing(clerk: User) -> None:
    born = date(1990, 1, 2)
    rows = [
        woman(),
        woman(name="黄无偶", birth_date=born, id_number=None, spouse_id_number=None, method="00"),
    ]
    register(clerk, rows)
    before = state()

    result = register(clerk, rows)

    assert result.plan.counts()["same"] == 2
    assert result.rows_written == 0
    assert state() == before


def test_couple_of_a_household_gets_its_day(clerk: User) -> None:
    register_roster(actor=clerk, rows=family(), as_of=JUNE)

    result = register(clerk, [woman()])

    marriage = Marriage.objects.get()
    assert result.persons_created == 0
    assert (marriage.valid_from, marriage.order) == (MARRIED_ON, "21")
    assert MaritalPeriod.objects.get(person__sex="2").valid_from == MARRIED_ON
    assert MaritalPeriod.objects.get(person__sex="1").status == "21"
    assert result.plan.outcomes[0].changes["married_on"] == (None, MARRIED_ON)


def test_household_finds_the_couple_of_an_earlier_roster(clerk: User) -> None:
    register(clerk, [woman()])

    result = register_roster(actor=clerk, rows=family(), as_of=JUNE)

    assert result.persons_created == 2
    assert Marriage.objects.count() == 1
    assert Household.objects.get().member_count == 4


def test_husband_without_number_stays_a_name(clerk: User) -> None:
    result = register(clerk, [woman(spouse_id_number=None)])

    marriage = Marriage.objects.get()
    assert result.persons_created == 1
    assert (marriage.husband, marriage.spouse_name) == (None, "韦大山")


def test_husband_comes_to_his_wife_later(clerk: User) -> None:
    register(clerk, [woman(spouse_id_number=None)])

    register(clerk, [woman()])

    marriage = Marriage.objects.get()
    assert (marriage.husband, marriage.spouse_name) == (Person.objects.get(sex="1"), "")


def test_two_wives_of_one_husband_are_for_a_person_to_decide(clerk: User) -> None:
    born = date(1985, 6, 7)
    other = woman(name="黄某", birth_date=born, id_number=id_number("2", born))

    result = register(clerk, [woman(), other])

    assert kinds(result) == ["spouse_conflict"]
    assert Marriage.objects.count() == 1


def test_number_of_a_husband_with_another_name_blocks_the_line(clerk: User) -> None:
    register(clerk, [woman()])

    result = register(clerk, [woman(spouse_name="黄某某")])

    assert kinds(result) == ["id_conflict"]
    assert result.plan.outcomes[0].issues[0].field == "spouse_id_number"


def test_other_method_ends_the_one_before(clerk: User) -> None:
    register(clerk, [woman()])

    register(clerk, [woman(method="06", method_on=date(2026, 7, 4), facility="")], as_of=JULY)

    uses = ContraceptiveUse.objects.order_by("pk")
    assert [(u.method, u.valid_from, u.valid_to) for u in uses] == [
        ("03", date(2011, 2, 1), date(2026, 7, 4)),
        ("06", date(2026, 7, 4), None),
    ]


def test_older_roster_does_not_replace_children(clerk: User) -> None:
    register(clerk, [woman(boys=2)], as_of=JULY)

    result = register(clerk, [woman(boys=1)])

    assert result.plan.outcomes[0].withheld["boys"] == (2, 1)
    assert CaseFile.objects.get().stated_boys == 2


def test_plan_writes_nothing(clerk: User) -> None:
    found = plan_women(actor=clerk, rows=[woman(), altered_line()], as_of=JUNE)

    assert [o.outcome for o in found.outcomes] == ["new", "skipped"]
    assert not Person.objects.exists()


def altered_line() -> WomanRow:
    """The same woman once more."""
    line: Any = altered(woman(), remark="重复")  # type: ignore[arg-type]
    return line
