"""Who sees which rows: fails closed."""

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.core.querysets import in_paths, scope_paths
from apps.households.models import Person
from apps.regions.models import Region
from tests.factories.accounts import UserFactory
from tests.factories.households import PersonFactory, living

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(places):
    """Somebody of the village, somebody of the other township, somebody between both."""
    here = living(PersonFactory(name="甲"), places.village)
    there = living(PersonFactory(name="乙"), places.far_village)
    between = living(PersonFactory(name="丙"), places.village)
    between.current_region = places.far_village
    between.save()
    return [here, there, between]


def seen(user):
    return set(Person.objects.visible_to(user).values_list("name", flat=True))


@pytest.mark.parametrize(
    ("persona", "names"),
    [
        ("village_worker", {"甲", "丙"}),
        ("township_clerk", {"甲", "丙"}),
        ("outsider", {"乙", "丙"}),
        ("county_reader", {"甲", "乙", "丙"}),
        ("auditor", {"甲", "乙", "丙"}),
        ("unassigned", set()),
    ],
)
def test_user_sees_who_is_registered_or_lives_in_the_own_regions(request, people, persona, names):
    assert seen(request.getfixturevalue(persona)) == names


def test_nobody_sees_nothing(people):
    assert seen(AnonymousUser()) == set()
    assert seen(None) == set()


@pytest.mark.parametrize("flaw", [{"is_active": False}, {"role": ""}])
def test_closed_account_or_one_without_role_sees_nothing(people, places, flaw):
    assert seen(UserFactory(regions=[places.county], **flaw)) == set()


def test_person_in_two_own_regions_is_counted_once(people, places):
    user = UserFactory(regions=[places.village, places.far_village])

    assert Person.objects.visible_to(user).count() == 3


def test_region_whose_number_begins_alike_is_another_one(places):
    """The path ends in a stroke, so /1/2/ does not contain /1/23/."""
    inside = Region.objects.visible_to(UserFactory(regions=[places.township]))

    assert set(inside) == {places.township, places.village, places.neighbour}


def test_in_region_narrows_without_asking_who(people, places):
    assert Person.objects.in_region(places.elsewhere).count() == 2


def test_no_path_means_no_row(people):
    assert not Person.objects.filter(in_paths(Person.SCOPE, [])).exists()
    assert scope_paths(None) == []


def test_two_queries_whatever_the_number_of_regions(people, places, django_assert_num_queries):
    user = UserFactory(regions=[places.village, places.neighbour, places.far_village])
    user.region_paths()

    with django_assert_num_queries(2):
        assert len(Person.objects.visible_to(user)) == 3
