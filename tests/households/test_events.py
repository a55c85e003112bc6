"""Events: what each changes, that a refusal changes nothing, and that removal puts all back."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow, OutOfScope, Refusal
from apps.households.choices import EventKind, ResidenceKind
from apps.households.models import (
    Household,
    Kinship,
    LifeEvent,
    MaritalPeriod,
    Marriage,
    Membership,
    Person,
    Residence,
)
from apps.households.records import BirthRecord, Happening, MarriageRecord, MoveRecord
from apps.households.services import events
from tests.factories.households import HouseholdFactory, child_of, marry, member

DAY = date(2026, 5, 1)
LEARNT = date(2026, 5, 3)
BOTH = (ResidenceKind.REGISTERED, ResidenceKind.CURRENT)


def state() -> dict:
    """Everything that events may change, without times of saving."""
    models = (Household, Person, Membership, Residence, Kinship, Marriage, MaritalPeriod)
    hidden = {"created_at", "updated_at"}
    return {
        model.__name__: sorted(
            (
                [(k, str(v)) for k, v in row.items() if k not in hidden]
                for row in model.objects.values()
            ),
        )
        for model in models
    }


def happening(on=DAY, **more) -> Happening:
    return Happening(on=on, learnt_on=max(on, LEARNT), **more)


def birth(**more) -> BirthRecord:
    return BirthRecord(on=DAY, learnt_on=LEARNT, **{"sex": "2", "name": "周雨桐", **more})


def move(**more) -> MoveRecord:
    return MoveRecord(on=DAY, learnt_on=LEARNT, **{"kinds": BOTH, **more})


@pytest.fixture
def family(household):
    head = member(household, "02", name="周志强", sex="1", birth_date=date(1984, 3, 7))
    wife = member(household, "12", name="李春梅", sex="2", birth_date=date(1986, 5, 12))
    son = member(household, "22", name="周子安", sex="1", birth_date=date(2010, 9, 12))
    marry(wife, head, date(2008, 10, 8))
    child_of(son, wife, head)
    return head, wife, son


# Birth


def test_birth_adds_child_with_places_role_parents_and_event(clerk, household, family):
    head, wife, _son = family

    event = events.record_birth(actor=clerk, mother=wife, father=head, record=birth())

    child = event.person
    assert (child.name, child.sex, child.birth_date) == ("周雨桐", "2", DAY)
    assert child.birth_order == 2
    assert child.temporary_number.startswith("T999901100201-")
    assert child.registered_region == child.current_region == household.region
    role = child.memberships.get()
    assert (role.relationship_to_head, role.valid_from) == ("32", DAY)
    assert {link.parent for link in child.parent_links.all()} == {head, wife}
    assert {r.valid_from for r in child.residences.all()} == {DAY}
    household.refresh_from_db()
    assert household.member_count == 4
    assert (event.kind, event.occurred_on, event.learnt_on) == (EventKind.BIRTH, DAY, LEARNT)
    assert event.entered_at.date() == timezone.now().date()
    entry = Entry.objects.get(code="households.event.recorded")
    assert (entry.actor, entry.target_id) == (clerk, str(child.pk))


def test_child_without_name_is_named_after_its_mother(clerk, family):
    event = events.record_birth(actor=clerk, mother=family[1], record=birth(name="", sex="1"))

    assert event.person.name == "李春梅之子"


def test_child_lives_where_the_mother_lives(clerk, places, family):
    wife = family[1]
    away = MoveRecord(
        on=date(2026, 1, 1), learnt_on=LEARNT, kinds=(ResidenceKind.CURRENT,), place="广东省"
    )
    events.record_left_home(actor=clerk, person=wife, record=away)

    child = events.record_birth(actor=clerk, mother=wife, record=birth()).person

    assert child.registered_region == places.village
    assert child.current_region is None
    assert child.residence_status == "2"


def test_same_child_twice_is_refused(clerk, family):
    events.record_birth(actor=clerk, mother=family[1], record=birth())
    before = state()

    with pytest.raises(ValidationError) as refusal:
        events.record_birth(actor=clerk, mother=family[1], record=birth())

    assert "name" in refusal.value.error_dict
    assert state() == before


@pytest.mark.parametrize(
    "days_from_today, learnt_from_today, field",
    [
        pytest.param(1, 1, "on", id="born tomorrow"),
        pytest.param(0, 1, "learnt_on", id="learnt tomorrow"),
        pytest.param(0, -1, "learnt_on", id="learnt before it happened"),
    ],
)
def test_birth_on_impossible_days_is_refused(
    clerk, family, days_from_today, learnt_from_today, field
):
    today = timezone.localdate()
    record = BirthRecord(
        sex="1",
        name="周新",
        on=today + timedelta(days=days_from_today),
        learnt_on=today + timedelta(days=learnt_from_today),
    )
    before = state()

    with pytest.raises(ValidationError) as refusal:
        events.record_birth(actor=clerk, mother=family[1], record=record)

    assert list(refusal.value.error_dict) == [field]
    assert state() == before


def test_clerk_of_other_township_cannot_record_a_birth(far_clerk, family):
    before = state()

    with pytest.raises(OutOfScope):
        events.record_birth(actor=far_clerk, mother=family[1], record=birth())

    assert state() == before
    assert not LifeEvent.objects.exists()


# Death


def test_death_of_head_asks_for_the_next_one_and_names_the_wife(clerk, family):
    before = state()

    with pytest.raises(ValidationError) as refusal:
        events.record_death(actor=clerk, person=family[0], record=happening())

    assert "李春梅" in str(refusal.value.error_dict["new_head"])
    assert state() == before


def test_death_of_head_appoints_the_confirmed_head_and_roles_follow(clerk, household, family):
    head, wife, son = family

    events.record_death(actor=clerk, person=head, record=happening(), new_head=wife)

    for one in (household, head, wife):
        one.refresh_from_db()
    assert household.head == wife
    assert household.member_count == 2
    assert Membership.objects.filter(is_head=True, valid_to=None).count() == 1
    assert son.memberships.get(valid_to=None).relationship_to_head == "22"
    assert head.memberships.get().valid_to == DAY
    assert head.died_on == DAY
    assert head.registered_region is not None
    assert wife.marital_status == "30"
    assert wife.marital_periods.get(valid_to=None).valid_from == DAY
    marriage = Marriage.objects.get()
    assert (marriage.valid_to, marriage.end_kind) == (DAY, "death")


def test_removing_a_wrong_death_makes_the_person_alive_again_everywhere(clerk, family):
    head, wife, _son = family
    before = state()
    event = events.record_death(actor=clerk, person=head, record=happening(), new_head=wife)
    assert state() != before

    events.remove_event(actor=clerk, event=event, reason="别人的事")

    assert state() == before
    assert not LifeEvent.objects.exists()
    entry = Entry.objects.get(code="households.event.removed")
    assert entry.reason == "别人的事"


def test_death_of_the_last_member_leaves_an_empty_household(clerk, household):
    head = member(household, "02", sex="1", birth_date=date(1950, 1, 1))

    events.record_death(actor=clerk, person=head, record=happening())

    household.refresh_from_db()
    assert (household.head, household.member_count, household.presence) == (None, 0, "empty")


def test_second_death_is_refused(clerk, family):
    head, wife, _son = family
    events.record_death(actor=clerk, person=head, record=happening(), new_head=wife)
    before = state()

    with pytest.raises(NotAllowedNow):
        events.record_death(actor=clerk, person=head, record=happening())

    assert state() == before


def test_removal_is_refused_when_a_later_event_rests_on_it_and_names_that(clerk, family):
    head, wife, son = family
    event = events.record_death(actor=clerk, person=head, record=happening(), new_head=wife)
    events.record_death(actor=clerk, person=wife, record=happening(date(2026, 6, 1)), new_head=son)
    before = state()

    with pytest.raises(NotAllowedNow) as refusal:
        events.remove_event(actor=clerk, event=event, reason="错")

    assert "李春梅" in str(refusal.value)
    assert state() == before


# Marriage and divorce


def test_first_marriage_opens_marriage_and_both_statuses(clerk, household):
    groom = member(household, "02", sex="1", birth_date=date(1995, 1, 1))
    bride = member(household, "99", sex="2", birth_date=date(1996, 1, 1))

    record = MarriageRecord(on=DAY, learnt_on=LEARNT)
    event = events.record_marriage(actor=clerk, person=bride, spouse=groom, record=record)

    marriage = Marriage.objects.get()
    assert (marriage.wife, marriage.husband, marriage.order) == (bride, groom, "21")
    for one in (bride, groom):
        one.refresh_from_db()
        assert (one.marital_status, one.first_marriage_on) == ("21", DAY)
    assert event.other_person == groom


def test_marriage_with_somebody_outside_keeps_the_name_only(clerk, household):
    bride = member(household, "02", sex="2", birth_date=date(1996, 1, 1))

    record = MarriageRecord(on=DAY, learnt_on=LEARNT, spouse_name="王外人")
    events.record_marriage(actor=clerk, person=bride, record=record)

    marriage = Marriage.objects.get()
    assert (marriage.wife, marriage.husband, marriage.spouse_name) == (bride, None, "王外人")


def test_married_person_cannot_marry_again(clerk, household, family):
    other = member(household, "99", sex="2", birth_date=date(1990, 1, 1))
    before = state()

    with pytest.raises(ValidationError):
        events.record_marriage(
            actor=clerk,
            person=other,
            spouse=family[0],
            record=MarriageRecord(on=DAY, learnt_on=LEARNT),
        )

    assert state() == before


def test_divorce_ends_marriage_and_removal_restores_it(clerk, family):
    head, wife, _son = family
    before = state()

    event = events.record_divorce(actor=clerk, person=wife, record=happening())

    for one in (head, wife):
        one.refresh_from_db()
        assert one.marital_status == "40"
    assert Marriage.objects.get().end_kind == "divorce"
    events.remove_event(actor=clerk, event=event, reason="错")
    assert state() == before


def test_marriage_after_divorce_counts_as_another(clerk, family):
    wife = family[1]
    events.record_divorce(actor=clerk, person=wife, record=happening())

    events.record_marriage(
        actor=clerk,
        person=wife,
        record=MarriageRecord(on=date(2026, 6, 1), learnt_on=date(2026, 6, 2), spouse_name="王"),
    )

    assert Marriage.objects.get(wife=wife, valid_to=None).order == "22"
    wife.refresh_from_db()
    assert wife.first_marriage_on == date(2008, 10, 8)


# Moves


def test_move_out_closes_places_and_role_and_the_office_still_finds_the_file(
    clerk, places, household, family
):
    son = family[2]

    events.record_move_out(actor=clerk, person=son, record=move(place="广东省东莞市"))

    son.refresh_from_db()
    assert son.left_on == DAY
    assert son.registered_region == places.village
    assert son.current_region is None
    assert Person.objects.visible_to(clerk).filter(pk=son.pk).exists()
    assert son.memberships.get().valid_to == DAY
    household.refresh_from_db()
    assert household.member_count == 2


def test_move_in_again_ends_the_absence(clerk, places, household, family):
    son = family[2]
    events.record_move_out(actor=clerk, person=son, record=move(place="广东省东莞市"))

    events.record_move_in(
        actor=clerk,
        person=son,
        record=MoveRecord(
            on=date(2026, 8, 1),
            learnt_on=date(2026, 8, 1),
            kinds=BOTH,
            region=places.village,
            household=household,
            relationship="22",
        ),
    )

    son.refresh_from_db()
    assert (son.left_on, son.current_region) == (None, places.village)
    household.refresh_from_db()
    assert household.member_count == 3


def test_move_within_changes_village_and_household(clerk, places, household, family):
    son = family[2]
    other = HouseholdFactory(region=places.neighbour)

    event = events.record_move_within(
        actor=clerk,
        person=son,
        record=move(region=places.neighbour, household=other, relationship="02"),
    )

    other.refresh_from_db()
    assert (other.head, other.member_count) == (son, 1)
    assert (event.region, event.other_region) == (places.neighbour, places.village)
    ended = son.residences.filter(valid_to=DAY)
    assert {row.end_reason for row in ended} == {"move"}


def test_move_out_of_the_clerks_sight_is_refused(clerk, places, family):
    before = state()

    with pytest.raises(OutOfScope):
        events.record_move_within(
            actor=clerk, person=family[2], record=move(region=places.far_village)
        )

    assert state() == before


def test_left_home_and_came_home_change_only_the_current_place(clerk, places, family):
    son = family[2]
    before = state()
    gone = events.record_left_home(
        actor=clerk,
        person=son,
        record=move(kinds=(ResidenceKind.CURRENT,), place="广东省", reason="work"),
    )
    son.refresh_from_db()
    assert (son.registered_region, son.current_region) == (places.village, None)
    assert son.residence_status == "2"

    back = events.record_came_home(
        actor=clerk,
        person=son,
        record=MoveRecord(on=date(2026, 7, 1), learnt_on=date(2026, 7, 1), kinds=()),
    )

    son.refresh_from_db()
    assert (son.current_region, son.residence_status) == (places.village, "1")
    events.remove_event(actor=clerk, event=back, reason="错")
    events.remove_event(actor=clerk, event=gone, reason="错")
    assert state() == before


def test_removing_a_wrong_birth_removes_the_child(clerk, family):
    before = state()
    event = events.record_birth(actor=clerk, mother=family[1], record=birth())

    events.remove_event(actor=clerk, event=event, reason="重复")

    assert state() == before


def test_birth_of_a_child_with_a_later_life_stays(clerk, family):
    event = events.record_birth(actor=clerk, mother=family[1], record=birth())
    child = event.person
    events.record_death(actor=clerk, person=child, record=happening(date(2026, 6, 1)))

    with pytest.raises(NotAllowedNow):
        events.remove_event(actor=clerk, event=event, reason="错")

    assert Person.objects.filter(pk=child.pk).exists()


def test_removal_needs_a_reason(clerk, family):
    event = events.record_divorce(actor=clerk, person=family[1], record=happening())

    with pytest.raises(ValidationError):
        events.remove_event(actor=clerk, event=event, reason=" ")

    assert LifeEvent.objects.filter(pk=event.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_deaths_of_one_person_give_one_event(clerk, household):
    person = member(household, "02", sex="1", birth_date=date(1950, 1, 1))
    outcomes = []

    def submit() -> None:
        try:
            mine = Person.objects.get(pk=person.pk)
            events.record_death(actor=clerk, person=mine, record=happening())
            outcomes.append("done")
        except (Refusal, ValidationError):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["done", "refused"]
    assert LifeEvent.objects.filter(kind=EventKind.DEATH).count() == 1
