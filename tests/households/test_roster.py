"""Rosters of households: what a plan says, what registering writes, and that twice is once."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.errors import OutOfScope
from apps.households.models import (
    Household,
    Kinship,
    MaritalPeriod,
    Marriage,
    Membership,
    Person,
    Residence,
)
from apps.households.roster_rows import RosterPlan, RosterResult, RosterRow
from apps.households.services.roster import plan_roster, register_roster
from apps.imports.records import ELSEWHERE
from apps.regions.models import Region
from tests.factories.rosters import (
    OTHER_VILLAGE,
    VILLAGE,
    altered,
    family,
    id_number,
    line,
)

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 30)
MAY = date(2026, 5, 31)
JULY = date(2026, 7, 31)
TABLES = (Household, Person, Membership, Residence, Kinship, Marriage, MaritalPeriod)


@pytest.fixture
def villages(places: SimpleNamespace) -> dict[str, Region]:
    """The two villages of 安塘乡."""
    return {VILLAGE: places.village, OTHER_VILLAGE: places.neighbour}


@pytest.fixture
def clerk(township_clerk: User) -> User:
    """The clerk of 安塘乡."""
    return township_clerk


def plan(actor: User, rows: list[RosterRow], as_of: date = JUNE) -> RosterPlan:
    return plan_roster(actor=actor, rows=rows, as_of=as_of)


def register(actor: User, rows: list[RosterRow], as_of: date = JUNE) -> RosterResult:
    return register_roster(actor=actor, rows=rows, as_of=as_of, batch="7")


def state() -> dict[str, list[Any]]:
    """Everything that a roster writes, with the row history."""
    found = {m.__name__: list(m.objects.order_by("pk").values()) for m in TABLES}
    for model in TABLES:
        events = model.pgh_event_model  # type: ignore[union-attr]
        found[f"{model.__name__} history"] = [events.objects.count()]
    return found


def kinds(result: RosterPlan) -> list[str]:
    return [issue.kind for outcome in result.outcomes for issue in outcome.issues]


# Coming in ----------------------------------------------------------------------------------------


def test_new_family_comes_in_whole(clerk: User, villages: dict[str, Region]) -> None:
    result = register(clerk, family(group="1组", address="1组27号"))

    household = Household.objects.get()
    head, wife, son, daughter = Person.objects.order_by("pk")
    assert (result.persons_created, result.households_created) == (4, 1)
    assert (household.number, household.group, household.address) == ("001", "1组", "1组27号")
    assert (household.head, household.member_count, household.presence) == (head, 4, "present")
    assert [m.relationship_to_head for m in Membership.objects.order_by("pk")] == [
        *("02", "12", "22", "32")
    ]
    assert {(m.valid_from, m.valid_to) for m in Membership.objects.all()} == {(None, None)}
    assert {p.registered_region for p in (head, wife, son)} == {villages[VILLAGE]}
    assert (wife.pinyin, wife.pinyin_other) == ("qinfang", "tanfang")
    assert str(head.id_number) == id_number("1", date(1980, 5, 6))
    assert (son.birth_order, daughter.birth_order) == (1, 2)
    marriage = Marriage.objects.get()
    assert (marriage.wife, marriage.husband, marriage.order) == (wife, head, "21")
    parents = {(k.child, k.parent, k.parent_sex, k.nature) for k in Kinship.objects.all()}
    assert parents == {
        (child, parent, sex, "unknown")
        for child in (son, daughter)
        for parent, sex in ((head, "1"), (wife, "2"))
    }
    assert {(p.person, p.status, p.valid_from) for p in MaritalPeriod.objects.all()} == {
        (head, "21", None),
        (wife, "21", None),
    }
    places = Residence.objects.values_list("kind", "region", "valid_from")
    assert set(places) == {
        ("registered", villages[VILLAGE].pk, None),
        ("current", villages[VILLAGE].pk, None),
    }


def test_same_roster_twice_changes_nothing(clerk: User) -> None:
    rows = [*family("001"), *family("002"), line("农无号", id_number=None, household_key="003")]
    register(clerk, rows)
    before = state()

    result = register(clerk, rows)

    assert result.plan.counts() == {
        "new": 0,
        "changed": 0,
        "same": 9,
        "skipped": 0,
        "error": 0,
        "waiting": 0,
    }
    assert result.rows_written == 0
    assert state() == before


def test_one_audit_entry_and_one_history_context_per_roster(clerk: User) -> None:
    register(clerk, [*family("001"), *family("002")])

    entry = Entry.objects.get(code="households.roster.registered")
    history = Person.pgh_event_model  # type: ignore[attr-defined]
    assert (entry.actor, entry.batch) == (clerk, "7")
    assert entry.changes["created"][1]["households.person"] == 8
    contexts = {e.pgh_context for e in history.objects.select_related("pgh_context")}
    assert [c.metadata["batch"] for c in contexts] == ["7"]
    assert [c.metadata["as_of"] for c in contexts] == ["2026-06-30"]


def test_sealed_columns_hold_no_clear_number(clerk: User) -> None:
    register(clerk, family(phone="19900001234"))

    head = Person.objects.get(name="韦大山")
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number::text, phone::text FROM households_person")
        stored = cursor.fetchall()
    assert str(head.phone) == "19900001234"
    assert all(number.startswith("\\x0001") for number, _phone in stored)
    assert all("3139393030" not in phone for _number, phone in stored)


def test_person_living_elsewhere_has_no_current_village(clerk: User) -> None:
    register(clerk, [line("韦远", "02", residence_status="2")])

    person = Person.objects.get()
    assert person.current_region is None
    assert Residence.objects.get(kind="current").region is None
    assert Household.objects.get().presence == "registered_only"


def test_household_without_its_heads_line_is_one_household_without_head(clerk: User) -> None:
    register(clerk, family()[1:])

    assert Household.objects.get().head is None
    assert Household.objects.get().member_count == 3
    assert not Marriage.objects.exists()


def test_heads_line_that_comes_later_completes_the_family(clerk: User) -> None:
    rows = family()
    register(clerk, rows[1:])

    result = register(clerk, rows[:1])

    household = Household.objects.get()
    assert result.households_created == 0
    assert (household.head.name, household.member_count) == ("韦大山", 4)  # type: ignore[union-attr]
    assert Marriage.objects.get().husband == household.head
    assert Kinship.objects.count() == 4


def test_out_of_scope_village_is_refused(clerk: User, villages: dict[str, Region]) -> None:
    clerk.regions.set([villages[OTHER_VILLAGE]])
    fresh = User.objects.get(pk=clerk.pk)

    with pytest.raises(OutOfScope):
        register(fresh, family())

    assert not Person.objects.exists()


def test_clerk_who_was_shut_out_meanwhile_writes_nothing(clerk: User) -> None:
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    fresh = User.objects.get(pk=clerk.pk)

    with pytest.raises(OutOfScope):
        register(fresh, family())

    assert not Person.objects.exists()


# Matching -----------------------------------------------------------------------------------------


def test_number_is_given_to_the_person_known_without_one(clerk: User) -> None:
    born = date(1990, 4, 5)
    register(clerk, [line("农无号", "02", birth_date=born, id_number=None)])
    number = id_number("1", born)

    result = register(clerk, [line("农无号", "02", birth_date=born, id_number=number)])

    person = Person.objects.get()
    assert result.plan.outcomes[0].changes == {"id_number": ("", number)}
    assert (str(person.id_number), person.temporary_number) == (number, "T999901100201-1")


def test_line_without_number_is_the_person_with_one(clerk: User) -> None:
    rows = family()
    register(clerk, rows)

    found = plan(clerk, [altered(rows[1], id_number=None)])

    assert [o.outcome for o in found.outcomes] == ["same"]


@pytest.mark.parametrize(
    "precision, day, outcome",
    [
        ("month", date(1980, 5, 1), "same"),
        ("month", date(1980, 6, 1), "new"),
        ("year", date(1980, 1, 1), "same"),
        ("year", date(1981, 1, 1), "new"),
        ("day", date(1980, 5, 7), "new"),
    ],
)
def test_birth_date_counts_as_far_as_it_is_known(
    clerk: User, precision: str, day: date, outcome: str
) -> None:
    register(clerk, family()[:1])

    rough = line("韦大山", "02", birth_date=day, birth_precision=precision, id_number=None)
    found = plan(clerk, [rough])

    assert [o.outcome for o in found.outcomes] == [outcome]


def test_two_people_who_fit_are_for_a_person_to_decide(clerk: User) -> None:
    twins = [line("韦同名", id_number=id_number("1", date(1980, 5, 6), n)) for n in (1, 2)]
    register(clerk, twins)

    found = plan(clerk, [altered(twins[0], id_number=None)])

    assert [o.outcome for o in found.outcomes] == ["error"]
    assert kinds(found) == ["ambiguous_match"]


def test_number_of_somebody_else_is_refused(clerk: User) -> None:
    rows = family()
    register(clerk, rows)

    found = plan(clerk, [altered(rows[0], name="黄某某")])

    assert kinds(found) == ["id_conflict"]
    assert found.outcomes[0].issues[0].params["name"] == "韦大山"


def test_person_of_another_village_is_not_moved_by_a_roster(clerk: User) -> None:
    rows = family()
    register(clerk, rows)
    before = state()

    result = register(clerk, [altered(row, village_code=OTHER_VILLAGE) for row in rows])

    assert kinds(result.plan) == ["person_in_two_places"] * 4
    assert result.plan.outcomes[0].issues[0].params == {"place": "黄岭村"}
    assert state() == before


def test_name_of_a_village_out_of_sight_is_not_told(
    clerk: User, villages: dict[str, Region]
) -> None:
    rows = family()
    register(clerk, rows)
    other = User.objects.create_user("other", role="township_clerk")
    other.regions.add(villages[OTHER_VILLAGE])

    found = plan(other, [altered(rows[0], village_code=OTHER_VILLAGE)])

    assert found.outcomes[0].issues[0].params == {}


def test_somebody_registered_elsewhere_may_live_here(
    clerk: User, villages: dict[str, Region]
) -> None:
    rows = family()
    register(clerk, rows)

    guest = altered(rows[2], village_code=OTHER_VILLAGE, residence_status="3", household_key="")
    register(clerk, [guest])

    person = Person.objects.get(name="韦小山")
    assert person.registered_region == villages[VILLAGE]
    assert person.current_region == villages[OTHER_VILLAGE]


def test_second_line_on_one_person_is_skipped(clerk: User) -> None:
    rows = family()

    found = plan(clerk, [*rows, rows[0], altered(rows[1], id_number=None)])

    assert [o.outcome for o in found.outcomes] == ["new"] * 4 + ["skipped"] * 2
    assert kinds(found) == ["dup_in_file"] * 2


def test_deaths_in_the_register_outlast_a_roster(clerk: User) -> None:
    rows = family()
    register(clerk, rows)
    head = Person.objects.get(name="韦大山")
    head.died_on = date(2026, 6, 3)
    head.save()

    found = plan(clerk, [altered(rows[0], phone="19900001234")])

    assert [o.outcome for o in found.outcomes] == ["same"]
    assert kinds(found) == ["person_died"]


# Households ---------------------------------------------------------------------------------------


def test_household_written_with_another_number_is_found_by_its_head(clerk: User) -> None:
    rows = family()
    register(clerk, rows)

    other = [altered(r, household_key="x", household_no="999901100201010001") for r in rows]
    result = register(clerk, other)

    assert result.plan.counts()["same"] == 4
    assert Household.objects.get().number == "001"


def test_household_is_found_by_its_number_without_zeros(clerk: User) -> None:
    register(clerk, family())

    child = line("韦新儿", "23", birth_date=date(2026, 6, 1), household_key="1")
    result = register(clerk, [child])

    assert result.households_created == 0
    assert Household.objects.get().member_count == 5


def test_list_that_numbers_from_one_again_opens_its_own_household(clerk: User) -> None:
    register(clerk, family())

    result = register(clerk, [line("黄另户", "02", birth_date=date(1970, 1, 1))])

    assert result.households_created == 1
    assert kinds(result.plan) == ["household_number_taken"]
    assert sorted(h.number for h in Household.objects.all()) == ["", "001"]


def test_members_lead_to_the_household_when_the_heads_line_is_missing(clerk: User) -> None:
    rows = family()
    register(clerk, rows)

    others = [altered(r, household_key="0009", household_no="0009") for r in rows[1:]]
    result = register(clerk, others)

    assert result.households_created == 0
    assert result.plan.counts()["same"] == 3


def test_new_head_of_the_same_household_takes_over(clerk: User) -> None:
    rows = family()
    register(clerk, rows)

    wife = altered(rows[1], relation="02", is_head=True)
    husband = altered(rows[0], relation="11", is_head=False)
    result = register(clerk, [wife, husband, *rows[2:]], as_of=JULY)

    household = Household.objects.get()
    assert household.head == Person.objects.get(name="覃芳")
    assert result.plan.outcomes[0].changes == {
        "head": ("韦大山", "覃芳"),
        "relation": ("12", "02"),
    }
    roles = Membership.objects.order_by("pk").values_list("relationship_to_head", "is_head")
    assert list(roles) == [("11", False), ("02", True), ("22", False), ("32", False)]


def test_son_who_founds_a_household_leaves_the_old_one(clerk: User) -> None:
    rows = family()
    register(clerk, rows)

    son = altered(rows[2], relation="02", is_head=True, household_key="9", household_no="9")
    register(clerk, [son], as_of=JULY)

    old, new = Household.objects.order_by("pk")
    assert (old.member_count, new.member_count, new.head) == (
        *(3, 1),
        Person.objects.get(name="韦小山"),
    )
    spans = Membership.objects.filter(person=new.head).order_by("pk")
    assert [(m.valid_from, m.valid_to) for m in spans] == [(None, JULY), (JULY, None)]


# Older and newer statements -----------------------------------------------------------------------


def test_later_roster_replaces_values_and_blanks_nothing(clerk: User) -> None:
    rows = family(education="30", phone="19900001234", remark="原")
    register(clerk, rows)

    result = register(clerk, [altered(rows[0], education="20", phone="", remark="")], as_of=JULY)

    head = Person.objects.get(name="韦大山")
    assert result.plan.outcomes[0].changes == {"education": ("30", "20")}
    assert (head.education, str(head.phone), head.remark) == ("20", "19900001234", "原")


def test_older_roster_fills_but_does_not_replace(clerk: User) -> None:
    rows = family(education="20")
    register(clerk, rows)

    older = altered(rows[0], education="30", ethnic_group="08", residence_status="2")
    result = register(clerk, [older], as_of=MAY)

    outcome = result.plan.outcomes[0]
    assert outcome.older is True
    assert outcome.changes == {"ethnic_group": ("", "08")}
    assert outcome.withheld == {
        "education": ("20", "30"),
        "current_region": ("黄岭村", ELSEWHERE),
    }
    assert Person.objects.get(name="韦大山").education == "20"


def test_leaving_home_closes_one_place_and_opens_the_other(
    clerk: User, villages: dict[str, Region]
) -> None:
    rows = family()
    register(clerk, rows)

    register(clerk, [altered(rows[2], residence_status="2")], as_of=JULY)

    son = Person.objects.get(name="韦小山")
    spans = Residence.objects.filter(person=son, kind="current").order_by("pk")
    assert son.current_region is None
    assert [(r.region_id, r.valid_from, r.valid_to) for r in spans] == [
        (villages[VILLAGE].pk, None, JULY),
        (None, JULY, None),
    ]


def test_marriage_of_somebody_single_begins_on_its_day(clerk: User) -> None:
    rows = family()
    register(clerk, rows)
    married = altered(rows[2], marital_status="21", first_marriage_on=date(2026, 7, 9))

    register(clerk, [married], as_of=JULY)

    son = Person.objects.get(name="韦小山")
    assert (son.marital_status, son.first_marriage_on) == ("21", date(2026, 7, 9))
    assert son.marital_periods.get().valid_from == date(2026, 7, 9)


def test_widow_is_widowed_from_the_day_of_the_roster(clerk: User) -> None:
    rows = family()
    register(clerk, rows)

    register(clerk, [altered(rows[1], marital_status="30")], as_of=JULY)

    spans = MaritalPeriod.objects.filter(person__name="覃芳").order_by("pk")
    assert [(p.status, p.valid_from, p.valid_to) for p in spans] == [
        ("21", None, JULY),
        ("30", JULY, None),
    ]


def test_nobody_becomes_never_married_again(clerk: User) -> None:
    rows = family()
    register(clerk, rows)

    result = register(clerk, [altered(rows[1], marital_status="10")], as_of=JULY)

    assert kinds(result.plan) == ["marital_status_conflict"]
    assert Person.objects.get(name="覃芳").marital_status == "21"


# Meeting others -----------------------------------------------------------------------------------


def at_once(*acts: Callable[[], RosterResult]) -> list[RosterResult]:
    """Do all acts at the same time, each in a thread with its own connection."""
    start = Barrier(len(acts))
    results: list[RosterResult] = []

    def act(work: Callable[[], RosterResult]) -> None:
        try:
            start.wait()
            results.append(work())
        finally:
            connection.close()

    threads = [Thread(target=act, args=(work,)) for work in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_same_roster_by_two_clerks_at_once_comes_in_once(clerk: User) -> None:
    rows = [row for key in range(1, 40) for row in family(f"{key:03d}")]

    results = at_once(lambda: register(clerk, rows), lambda: register(clerk, rows))

    assert sorted(r.persons_created for r in results) == [0, 156]
    assert Person.objects.count() == 156
    assert Household.objects.count() == 39


@pytest.mark.django_db(transaction=True)
def test_same_people_in_two_villages_at_once_have_one_winner(clerk: User) -> None:
    rows = [row for key in range(1, 40) for row in family(f"{key:03d}")]
    there = [altered(row, village_code=OTHER_VILLAGE) for row in rows]

    results = at_once(lambda: register(clerk, rows), lambda: register(clerk, there))

    assert sorted(r.persons_created for r in results) == [0, 156]
    loser = next(r for r in results if not r.persons_created)
    assert set(kinds(loser.plan)) == {"person_in_two_places"}
    assert Person.objects.values("registered_region").distinct().count() == 1
