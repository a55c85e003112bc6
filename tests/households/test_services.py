"""Households, heads, persons, kinship and categories: result, audit row, refusals."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope, StaleRecord
from apps.core.identifiers import check_digit
from apps.households.models import Category, Household, Kinship, LifeEvent, Person
from apps.households.records import HouseholdRecord, PersonRecord, PlaceRecord
from apps.households.services import households, kinship, persons
from tests.factories.households import HouseholdFactory, marry, member

DAY = date(2026, 5, 1)


def id_number(birth: str = "19900203", sequence: str = "204") -> str:
    first = f"999901{birth}{sequence}"
    return first + check_digit(first)


def record(**values) -> PersonRecord:
    return PersonRecord(**{"name": "韦金凤", "sex": "2", "birth_date": date(1990, 2, 3), **values})


def here(household, **values) -> PlaceRecord:
    return PlaceRecord(**{"relationship": "02", "current_region": household.region, **values})


def add(clerk, household, place=None, **values) -> Person:
    return persons.add_member(
        actor=clerk,
        household=household,
        record=record(**values),
        place=place or here(household),
    )


def test_member_is_found_by_pinyin_digest_and_head(clerk, household):
    person = add(clerk, household, id_number=id_number(), phone="13800001234")

    person.refresh_from_db()
    household.refresh_from_db()
    assert (person.pinyin, person.initials) == ("weijinfeng", "wjf")
    assert (person.id_number, person.phone) == (id_number(), "13800001234")
    assert person.temporary_number == ""
    assert (household.head, household.member_count, household.presence) == (person, 1, "present")
    assert {row.valid_from for row in person.residences.all()} == {None}
    assert not LifeEvent.objects.exists()


def test_audit_entry_of_a_new_person_holds_no_number_in_clear(clerk, household):
    add(clerk, household, id_number=id_number(), phone="13800001234")

    text = str(Entry.objects.get(code="households.person.created").changes)
    assert id_number() not in text
    assert "13800001234" not in text
    assert "999901********" in text


def test_member_who_moved_in_has_dated_places_and_an_event(clerk, household):
    person = add(clerk, household, here(household, since=DAY, moved_in=True))

    assert {(r.valid_from, r.begin_reason) for r in person.residences.all()} == {(DAY, "move")}
    assert LifeEvent.objects.get().kind == "move_in"


def test_member_who_lives_elsewhere_is_not_at_home(clerk, household):
    person = add(clerk, household, here(household, current_region=None, current_place="广东省"))

    household.refresh_from_db()
    assert (person.current_region, person.residence_status) == (None, "2")
    assert household.presence == "registered_only"


def test_second_head_is_refused(clerk, household):
    add(clerk, household)

    with pytest.raises(ValidationError) as refusal:
        add(clerk, household, name="另一人")

    assert list(refusal.value.error_dict) == ["relationship"]
    assert Person.objects.count() == 1


def test_number_of_another_person_is_refused_and_names_nobody_in_full(clerk, household):
    add(clerk, household, id_number=id_number())

    with pytest.raises(persons.AlreadyEntered) as refusal:
        add(clerk, household, here(household, relationship="99"), id_number=id_number())

    assert "韦*凤" in str(refusal.value)
    assert "韦金凤" not in str(refusal.value)


def test_temporary_numbers_of_a_village_run_on(clerk, household):
    first = add(clerk, household)
    second = add(clerk, household, here(household, relationship="99"))

    assert (first.temporary_number, second.temporary_number) == (
        "T999901100201-1",
        "T999901100201-2",
    )


def test_number_that_comes_later_keeps_links_and_the_old_number(clerk, household):
    person = add(clerk, household)
    places = list(person.residences.values_list("pk", flat=True))

    persons.update_person(actor=clerk, person=person, record=record(id_number=id_number()))

    person.refresh_from_db()
    assert (person.temporary_number, person.id_number) == ("T999901100201-1", id_number())
    assert list(person.residences.values_list("pk", flat=True)) == places


def test_stale_form_does_not_overwrite(clerk, household):
    person = add(clerk, household)
    seen = person.updated_at
    persons.update_person(actor=clerk, person=person, record=record(remark="甲"), seen_at=seen)

    with pytest.raises(StaleRecord):
        persons.update_person(actor=clerk, person=person, record=record(remark="乙"), seen_at=seen)

    person.refresh_from_db()
    assert person.remark == "甲"


def test_person_of_another_township_cannot_be_changed(far_clerk, clerk, household):
    person = add(clerk, household)

    with pytest.raises(OutOfScope):
        persons.update_person(actor=far_clerk, person=person, record=record(name="改名"))


def test_unmasking_needs_the_right_and_a_reason(clerk, worker, household):
    person = add(clerk, household, id_number=id_number())

    with pytest.raises(NotPermitted):
        persons.unmask(actor=worker, person=person, reason="看看")
    with pytest.raises(ValidationError):
        persons.unmask(actor=clerk, person=person, reason="  ")

    assert not Entry.objects.filter(code="households.person.unmasked").exists()
    assert persons.unmask(actor=clerk, person=person, reason="核对")["id_number"] == id_number()


def test_deleted_person_stays_in_the_audit_log_and_the_household_is_counted_again(clerk, household):
    person = add(clerk, household)

    persons.delete_person(actor=clerk, person=person, reason="重复录入")

    household.refresh_from_db()
    assert (household.head, household.member_count) == (None, 0)
    entry = Entry.objects.get(code="households.person.deleted")
    assert (entry.reason, entry.target_label) == ("重复录入", "韦金凤")


# Heads


def test_candidates_come_in_the_fixed_order(clerk, household):
    head = member(household, "02", sex="1", birth_date=date(1956, 1, 1))
    son = member(household, "22", sex="1", birth_date=date(1984, 1, 1))
    mother = member(household, "52", sex="2", birth_date=date(1930, 1, 1))
    wife = member(household, "12", sex="2", birth_date=date(1958, 1, 1))

    found = households.candidates(household, on=DAY, leaving=head)

    assert found == [wife, son, mother]


def test_changed_head_gives_everybody_a_role_from_that_day(clerk, household):
    head = member(household, "02", sex="1", birth_date=date(1956, 1, 1))
    wife = member(household, "12", sex="2", birth_date=date(1958, 1, 1))
    marry(wife, head)

    households.change_head(actor=clerk, household=household, new_head=wife, on=DAY)

    household.refresh_from_db()
    assert household.head == wife
    roles = household.memberships.filter(valid_to=None)
    assert {(r.person, r.relationship_to_head, r.valid_from) for r in roles} == {
        (wife, "02", DAY),
        (head, "11", DAY),
    }
    entry = Entry.objects.get(code="households.household.head_changed")
    assert entry.changes["head"] == [head.name, wife.name]


def test_stranger_cannot_become_head(clerk, household, places):
    member(household, "02", sex="1")
    stranger = member(HouseholdFactory(region=places.village), "02", sex="1")

    with pytest.raises(ValidationError):
        households.change_head(actor=clerk, household=household, new_head=stranger, on=DAY)


# Households


def test_registered_household_is_audited(clerk, places):
    household = households.register_household(
        actor=clerk, record=HouseholdRecord(region=places.village, number="0203-0300")
    )

    assert household.presence == "empty"
    assert Entry.objects.get().code == "households.household.created"


def test_household_outside_the_clerks_regions_is_refused(clerk, places):
    with pytest.raises(OutOfScope):
        households.register_household(
            actor=clerk, record=HouseholdRecord(region=places.far_village)
        )

    assert not Household.objects.exists()


def test_household_with_members_does_not_change_village(clerk, household, places):
    add(clerk, household)

    with pytest.raises(ValidationError) as refusal:
        households.update_household(
            actor=clerk, household=household, record=HouseholdRecord(region=places.neighbour)
        )

    assert list(refusal.value.error_dict) == ["region"]


def test_empty_household_ends_with_its_categories(clerk, household):
    category = Category.objects.create(
        household=household, kind="hardship", confirmed_by=clerk, valid_from=date(2020, 1, 1)
    )

    households.end_household(actor=clerk, household=household, on=DAY, reason="全家迁出")

    category.refresh_from_db()
    household.refresh_from_db()
    assert (household.valid_to, category.valid_to) == (DAY, DAY)
    with pytest.raises(NotAllowedNow):
        households.end_household(actor=clerk, household=household, on=DAY, reason="再来")


def test_household_that_had_members_is_not_deleted(clerk, household):
    add(clerk, household)

    with pytest.raises(NotAllowedNow):
        households.delete_household(actor=clerk, household=household, reason="错")


def test_same_category_twice_at_a_time_is_refused_beside_the_field(clerk, household):
    said = {"household": household, "kind": "only_child", "basis": "光荣证", "valid_from": DAY}
    households.confirm_category(actor=clerk, **said)

    with pytest.raises(ValidationError) as refusal:
        households.confirm_category(actor=clerk, **said)

    assert list(refusal.value.error_dict) == ["kind"]


def test_category_from_tomorrow_is_refused(clerk, household):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValidationError):
        households.confirm_category(
            actor=clerk, household=household, kind="hardship", basis="低保", valid_from=tomorrow
        )

    assert not Category.objects.exists()


# Kinship


def test_second_birth_mother_is_refused(clerk, household):
    child = member(household, "22", sex="1", birth_date=date(2010, 1, 1))
    mother = member(household, "12", sex="2", birth_date=date(1985, 1, 1))
    other = member(household, "99", sex="2", birth_date=date(1986, 1, 1))
    kinship.link_parent(actor=clerk, child=child, parent=mother, nature="birth")

    with pytest.raises(ValidationError) as refusal:
        kinship.link_parent(actor=clerk, child=child, parent=other, nature="birth")

    assert list(refusal.value.error_dict) == ["parent"]
    kinship.link_parent(actor=clerk, child=child, parent=other, nature="adoption")
    assert Kinship.objects.count() == 2


def test_parent_must_be_older(clerk, household):
    one = member(household, "22", sex="1", birth_date=date(2010, 1, 1))
    same_day = member(household, "23", sex="1", birth_date=date(2010, 1, 1))

    with pytest.raises(ValidationError):
        kinship.link_parent(actor=clerk, child=one, parent=same_day, nature="birth")


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_get_different_temporary_numbers(clerk, household):
    failures = []

    def submit(name: str) -> None:
        try:
            mine = Household.objects.get(pk=household.pk)
            add(clerk, mine, here(mine, relationship="99"), name=name)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit, args=(name,)) for name in ("甲某", "乙某")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    numbers = sorted(Person.objects.values_list("temporary_number", flat=True))
    assert numbers == ["T999901100201-1", "T999901100201-2"]


@pytest.mark.django_db(transaction=True)
def test_two_clerks_entering_one_number_at_once_make_one_person(clerk, household):
    outcomes = []

    def submit() -> None:
        try:
            mine = Household.objects.get(pk=household.pk)
            add(clerk, mine, here(mine, relationship="99"), id_number=id_number())
            outcomes.append("done")
        except ValidationError as error:
            outcomes.append(next(iter(error.error_dict)))
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "id_number"]
    assert Person.objects.count() == 1
