"""Which divisions a user sees and finds."""

from datetime import date

import pytest
from django.core.management import call_command

from apps.regions import selectors, services
from apps.regions.models import Region
from tests.factories.accounts import UserFactory
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 1)


def names(rows):
    return [row.name for row in rows]


def test_user_sees_the_own_regions_and_all_below(township_clerk, places):
    assert names(selectors.regions(township_clerk)) == ["安塘乡", "黄岭村", "沙田村"]


@pytest.mark.parametrize("persona", ["unassigned"])
def test_user_without_region_sees_nothing(request, persona, places):
    user = request.getfixturevalue(persona)

    assert names(selectors.regions(user)) == []
    assert selectors.nodes(user) == []
    assert selectors.options(user, "黄岭") == []


def test_region_ends_on_the_day_it_no_longer_exists(township_clerk, places):
    Region.objects.filter(pk=places.village.pk).update(valid_to=DAY)

    before = names(selectors.current_regions(township_clerk, on=date(2026, 6, 30)))
    after = names(selectors.current_regions(township_clerk, on=DAY))

    assert "黄岭村" in before
    assert "黄岭村" not in after


def test_top_of_the_tree_brings_the_floor_below_with_it(county_reader, places):
    top = selectors.nodes(county_reader)

    assert [(node.name, node.has_children) for node in top] == [
        ("青禾县", False),
        ("安塘乡", True),
        ("石桥镇", True),
    ]
    assert names(selectors.nodes(county_reader, parent=places.township)) == ["黄岭村", "沙田村"]


def test_user_of_two_villages_has_two_tops(places):
    user = UserFactory(regions=[places.village, places.far_village])

    assert names(selectors.nodes(user)) == ["黄岭村", "桥头村"]


def test_region_inside_another_own_region_is_no_top(places):
    user = UserFactory(regions=[places.township, places.village])

    assert names(selectors.own_regions(user)) == ["安塘乡"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("黄岭", ["黄岭村"]),
        ("岭", ["黄岭村"]),
        ("hlc", ["黄岭村"]),
        ("hl", ["黄岭村"]),
        ("HuangLing", ["黄岭村"]),
        ("老黄", ["黄岭村"]),
        ("999901100201", ["黄岭村"]),
        ("安塘 黄岭", ["黄岭村"]),
        ("安塘乡黄岭", ["黄岭村"]),
        ("桥头", []),
        ("", []),
        ("   ", []),
        ("%", []),
    ],
)
def test_place_is_found_by_what_people_type(township_clerk, places, typed, found):
    Region.objects.filter(pk=places.village.pk).update(aliases=["老黄岭"])

    assert names(selectors.options(township_clerk, typed)) == found


def test_old_name_that_was_typed_is_told(township_clerk, places):
    Region.objects.filter(pk=places.village.pk).update(aliases=["龙屋村"])

    (option,) = selectors.options(township_clerk, "龙屋")

    assert (option.name, option.former_name, option.place) == ("黄岭村", "龙屋村", "青禾县安塘乡")


def test_abolished_village_offers_its_successor(administrator, township_clerk, places):
    services.merge_regions(
        actor=administrator, regions=[places.neighbour], into=places.village, on=DAY, reason="x"
    )

    found = selectors.options(township_clerk, "沙田")

    assert [(option.id, option.name, option.former_name) for option in found] == [
        (places.village.pk, "黄岭村", "沙田村")
    ]


def test_any_village_of_a_county_is_found_in_six_keystrokes():
    call_command("load_regions", "tests/data/samples/regions.csv", verbosity=0)
    county = Region.objects.get(kind="county")
    user = UserFactory(regions=[county])
    villages = list(Region.objects.filter(kind="village").order_by("code")[::10])

    missed = []
    for village in villages:
        typed = (village.initials[:6], village.name[:3])
        if not any(village.pk in [o.id for o in selectors.options(user, text)] for text in typed):
            missed.append(village.name)

    assert missed == []


def test_names_and_other_names_resolve_exactly(township_clerk, places):
    Region.objects.filter(pk=places.village.pk).update(aliases=["黄岭村委会"])
    rows = selectors.villages(township_clerk)

    assert names(selectors.named(rows, "黄岭村委会")) == ["黄岭村"]
    assert names(selectors.named(rows, "黄 岭 村")) == ["黄岭村"]
    assert names(selectors.named(rows, "黄")) == []


def test_tree_of_one_township_costs_the_same_for_many_villages(
    township_clerk, places, django_assert_num_queries
):
    for number in range(40):
        RegionFactory(name=f"新村{number}", parent=places.township)
    township_clerk.region_paths()

    with django_assert_num_queries(1):
        assert len(selectors.nodes(township_clerk, parent=places.township)) == 42
