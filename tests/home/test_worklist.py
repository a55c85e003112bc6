"""The landing page: what is due for whom; each figure opens a list with just as many lines."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.duties import duties_of
from apps.home import selectors
from tests.factories.households import HouseholdFactory, PersonFactory, living, member

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"


@pytest.fixture
def village(places):
    """Two people and one newborn without a number, one with, one dead; one household headless."""
    today = timezone.localdate()
    household = HouseholdFactory(region=places.village)
    member(household)
    HouseholdFactory(region=places.village)
    living(PersonFactory(), places.village)
    living(PersonFactory(birth_date=today - timedelta(days=30)), places.village)
    living(PersonFactory(id_number=NUMBER), places.village)
    living(PersonFactory(died_on=today - timedelta(days=9)), places.village)
    living(PersonFactory(), places.far_village)
    return places.village


def counts(user, region=None):
    return {item.duty.name: item.count for item in selectors.due_items(user, region)}


def test_worker_is_told_what_is_missing_in_the_own_village(village_worker, village):
    assert counts(village_worker) == {
        "households-without-head": 1,
        "newborns-without-number": 1,
        "persons-without-number": 2,
    }


def test_worker_elsewhere_has_other_things_to_do(outsider, village):
    assert counts(outsider) == {"persons-without-number": 1}


def test_chosen_region_narrows_what_is_due(township_clerk, places, village):
    assert counts(township_clerk, places.neighbour) == {}
    assert counts(township_clerk, places.village)["persons-without-number"] == 2


@pytest.mark.parametrize("persona", ["unassigned", "auditor", "administrator", "clinic"])
def test_who_does_not_enter_data_has_nothing_due(request, persona, village):
    assert counts(request.getfixturevalue(persona)) == {}


def test_born_a_year_ago_is_no_newborn_any_more(village_worker, places):
    today = timezone.localdate()
    living(PersonFactory(birth_date=today - timedelta(days=365)), places.village)
    living(PersonFactory(birth_date=today - timedelta(days=364)), places.village)

    assert counts(village_worker) == {"newborns-without-number": 1, "persons-without-number": 1}


def test_most_urgent_comes_first_and_late_things_are_named(village_worker, places):
    today = timezone.localdate()
    living(PersonFactory(birth_date=today - timedelta(days=100)), places.village)
    living(PersonFactory(), places.village)

    first, second = selectors.due_items(village_worker)

    assert (first.duty.name, first.days_left, first.is_late) == (
        "newborns-without-number",
        -10,
        True,
    )
    assert (second.duty.name, second.due_on) == ("persons-without-number", None)


def test_every_figure_opens_a_list_with_as_many_lines(client_of, village_worker, village):
    client = client_of(village_worker)

    for item in selectors.due_items(village_worker):
        page = client.get(reverse("home:duty_list", args=[item.duty.name]))
        assert page.context["table"].paginator.count == item.count, item.duty.name


def test_list_of_a_duty_one_does_not_have_is_not_found(client_of, auditor, village_worker):
    names = [duty.name for duty in duties_of(village_worker)]

    for name in (*names, "no-such-duty"):
        assert client_of(auditor).get(reverse("home:duty_list", args=[name])).status_code == 404


def test_landing_page_needs_few_queries(
    client_of, township_clerk, village, django_assert_max_num_queries
):
    client = client_of(township_clerk)
    client.get(reverse("home:worklist"))

    with django_assert_max_num_queries(12):
        page = client.get(reverse("home:worklist"))

    assert page.status_code == 200


def test_landing_page_of_somebody_without_duties_says_so(client_of, administrator):
    page = client_of(administrator).get(reverse("home:worklist"))

    assert page.status_code == 200
    assert page.context["items"] == []
