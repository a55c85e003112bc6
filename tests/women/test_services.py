"""Methods and stated children: what is written, and that a refusal changes nothing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow, OutOfScope
from apps.women import selectors
from apps.women.models import CaseFile, ContraceptiveUse
from apps.women.records import MethodRecord, StatedChildren
from apps.women.services import methods
from tests.factories.households import HouseholdFactory, child_of, member
from tests.factories.women import CaseFileFactory, ContraceptiveUseFactory

DAY = date(2026, 5, 1)


@pytest.fixture
def woman(places):
    home = HouseholdFactory(region=places.village)
    return member(home, "02", name="李春梅", sex="2", birth_date=date(1986, 5, 12))


def test_method_is_noted_and_the_one_before_ends(township_clerk, woman):
    before = ContraceptiveUseFactory(person=woman)

    use = methods.record_method(
        actor=township_clerk, person=woman, record=MethodRecord(method="06", valid_from=DAY)
    )

    before.refresh_from_db()
    assert before.valid_to == DAY
    assert (use.method, use.valid_from, use.valid_to) == ("06", DAY, None)
    assert CaseFile.objects.get().person == woman
    entry = Entry.objects.get(code="women.contraceptive_use.recorded")
    assert entry.target_id == str(woman.pk)


@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(None, id="unknown day"),
        pytest.param(date(2019, 12, 31), id="before the one in use"),
        pytest.param(timezone.localdate() + timedelta(days=1), id="tomorrow"),
    ],
)
def test_method_on_an_impossible_day_is_refused(township_clerk, woman, begin):
    before = ContraceptiveUseFactory(person=woman, valid_from=date(2020, 1, 1))

    with pytest.raises(ValidationError) as refusal:
        methods.record_method(
            actor=township_clerk, person=woman, record=MethodRecord(method="06", valid_from=begin)
        )

    assert list(refusal.value.error_dict) == ["valid_from"]
    before.refresh_from_db()
    assert before.valid_to is None
    assert ContraceptiveUse.objects.count() == 1
    assert not Entry.objects.exists()


def test_first_method_may_have_an_unknown_beginning(township_clerk, woman):
    use = methods.record_method(
        actor=township_clerk, person=woman, record=MethodRecord(method="03")
    )

    assert use.valid_from is None


def test_clerk_of_other_township_is_out_of_scope(outsider, woman):
    with pytest.raises(OutOfScope):
        methods.record_method(actor=outsider, person=woman, record=MethodRecord(method="03"))

    assert not ContraceptiveUse.objects.exists()


def test_no_service_file_for_a_man(township_clerk, places):
    man = member(HouseholdFactory(region=places.village), "02", sex="1")

    with pytest.raises(NotAllowedNow):
        methods.record_method(actor=township_clerk, person=man, record=MethodRecord(method="01"))


def test_end_is_noted_once_without_reason(township_clerk, woman):
    use = ContraceptiveUseFactory(person=woman)
    methods.end_method(actor=township_clerk, use=use, on=DAY)

    with pytest.raises(NotAllowedNow):
        methods.end_method(actor=township_clerk, use=use, on=DAY)

    use.refresh_from_db()
    assert use.valid_to == DAY


def test_removed_method_stays_in_the_audit_log(township_clerk, woman):
    use = ContraceptiveUseFactory(person=woman)

    methods.remove_method(actor=township_clerk, use=use, reason="录错人")

    assert not ContraceptiveUse.objects.exists()
    entry = Entry.objects.get(code="women.contraceptive_use.removed")
    assert (entry.reason, entry.changes["method"][0]) == ("录错人", "03")


def test_parity_is_computed_from_births_and_told_apart_from_what_was_stated(township_clerk, woman):
    home = woman.memberships.get().household
    son = member(home, "22", sex="1", birth_date=date(2010, 1, 1))
    step = member(home, "37", sex="2", birth_date=date(2009, 1, 1))
    child_of(son, woman)
    child_of(step, woman, nature="step")
    methods.state_children(
        actor=township_clerk,
        person=woman,
        record=StatedChildren(stated_on=DAY, stated_boys=1, stated_girls=1),
    )

    births = selectors.births_of(woman)

    assert (births.parity, births.boys, births.girls) == (1, 1, 0)
    assert births.differs


def test_births_as_stated_do_not_differ(woman):
    CaseFileFactory(person=woman, stated_boys=0, stated_girls=0)

    assert not selectors.births_of(woman).differs
