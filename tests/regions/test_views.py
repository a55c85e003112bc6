"""The region switcher and the pages of divisions."""

import pytest
from django.urls import reverse

from apps.regions.models import Region
from tests.factories.accounts import UserFactory
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_tree_answers_with_the_own_regions_only(client_of, township_clerk):
    page = client_of(township_clerk).get(reverse("regions:tree"), headers=HTMX)

    text = page.content.decode()
    assert text.count("<li>") == 3
    assert "石桥镇" not in text


def test_tree_of_a_foreign_township_is_not_found(client_of, township_clerk, places):
    client = client_of(township_clerk)
    foreign = client.get(reverse("regions:tree"), {"parent": places.elsewhere.pk})
    unknown = client.get(reverse("regions:tree"), {"parent": 99999})
    nonsense = client.get(reverse("regions:tree"), {"parent": "x"})

    assert [page.status_code for page in (foreign, unknown, nonsense)] == [404, 404, 404]


def test_third_floor_is_two_small_answers_away(client_of, county_reader, places):
    for number in range(40):
        RegionFactory(name=f"新村{number}", parent=places.township)
    client = client_of(county_reader)

    first = client.get(reverse("regions:tree"))
    second = client.get(reverse("regions:tree"), {"parent": places.township.pk})

    assert "安塘乡" in first.content.decode()
    assert "黄岭村" in second.content.decode()
    assert len(first.content) < 10_000
    assert len(second.content) < 10_000


def test_search_answers_with_options(client_of, township_clerk):
    page = client_of(township_clerk).get(reverse("regions:search"), {"q": "hlc"})

    assert "黄岭村" in page.content.decode()
    assert page.content.decode().count('role="option"') == 1


def test_chosen_region_is_remembered_and_shown(client_of, county_reader, places):
    client = client_of(county_reader)

    answer = client.post(
        reverse("regions:choose"),
        {"region": places.village.pk, "next": "/regions/?kind=village&page=3&region=999901"},
    )
    page = client.get("/regions/")

    assert answer.url == "/regions/?kind=village"
    assert page.wsgi_request.region == places.village
    client.post(reverse("regions:choose"), {"region": ""})
    assert client.get("/regions/").wsgi_request.region == places.county


def test_foreign_region_cannot_be_chosen(client_of, township_clerk, places):
    client = client_of(township_clerk)

    answer = client.post(reverse("regions:choose"), {"region": places.elsewhere.pk})

    assert answer.status_code == 404
    assert client.get("/regions/").wsgi_request.region == places.township


def test_choice_ends_when_the_region_is_taken_away(client_of, county_reader, places):
    client = client_of(county_reader)
    client.post(reverse("regions:choose"), {"region": places.village.pk})

    county_reader.regions.set([places.elsewhere])

    assert client.get("/regions/").wsgi_request.region == places.elsewhere


def test_region_of_the_address_counts_for_that_page_only(client_of, county_reader, places):
    client = client_of(county_reader)

    by_code = client.get("/regions/", {"region": "999901100201"}).wsgi_request.region
    by_number = client.get("/regions/", {"region": places.elsewhere.pk}).wsgi_request.region
    after = client.get("/regions/").wsgi_request.region

    assert (by_code, by_number, after) == (places.village, places.elsewhere, places.county)


def test_foreign_region_in_the_address_is_not_found(client_of, township_clerk, places):
    client = client_of(township_clerk)

    assert client.get("/regions/", {"region": "999901101000"}).status_code == 404
    assert client.get("/regions/", {"region": "999901999000"}).status_code == 404


def test_user_of_two_villages_looks_at_both(client_of, places):
    user = UserFactory(regions=[places.village, places.neighbour])

    assert client_of(user).get("/regions/").wsgi_request.region is None


def test_renaming_by_the_page(client_of, administrator, places):
    answer = client_of(administrator).post(
        reverse("regions:region_edit", args=[places.village.pk]),
        {"name": "黄岭社区", "aliases": "黄岭、老黄岭"},
    )

    places.village.refresh_from_db()
    assert answer.status_code == 302
    assert places.village.name == "黄岭社区"
    assert places.village.aliases == ["黄岭", "老黄岭", "黄岭村"]


def test_merging_by_the_page(client_of, administrator, places):
    client = client_of(administrator)
    address = reverse("regions:region_merge", args=[places.neighbour.pk])
    assert client.get(address).status_code == 200

    answer = client.post(
        address,
        {"into": places.village.pk, "on": "2026年7月1日", "reason": "县府发〔2026〕3号"},
    )

    places.neighbour.refresh_from_db()
    assert answer.url == reverse("regions:region_detail", args=[places.village.pk])
    assert str(places.neighbour.valid_to) == "2026-07-01"


def test_refused_merge_says_why_and_keeps_what_was_typed(client_of, administrator, places):
    page = client_of(administrator).post(
        reverse("regions:region_merge", args=[places.elsewhere.pk]),
        {"into": places.township.pk, "on": "2026-07-01", "reason": "县府发〔2026〕3号"},
    )

    assert page.status_code == 422
    assert "县府发〔2026〕3号" in page.content.decode()


def test_new_village_by_the_page(client_of, administrator, places):
    answer = client_of(administrator).post(
        reverse("regions:region_create", args=[places.township.pk]),
        {"kind": "village", "code": "999901100209", "name": "新塘村", "aliases": ""},
    )

    assert answer.status_code == 302
    assert Region.objects.get(code="999901100209").full_name == "青禾县安塘乡新塘村"


def test_list_of_regions_needs_as_many_queries_for_thirty_as_for_one(
    client_of, county_reader, places, django_assert_num_queries, django_assert_max_num_queries
):
    client = client_of(county_reader)
    client.get("/regions/")
    with django_assert_max_num_queries(7) as few:
        client.get("/regions/")
    for number in range(30):
        RegionFactory(name=f"新村{number}", parent=places.township)

    with django_assert_num_queries(len(few)):
        page = client.get("/regions/?size=50")

    assert page.content.decode().count("<tr") == 38
