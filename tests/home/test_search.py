"""The search: by any name or number, inside the own regions, with nothing personal in addresses."""

import pytest
from django.urls import reverse

from apps.audit.models import Entry
from apps.home import selectors
from tests.factories.households import HouseholdFactory, PersonFactory, living, member

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"


@pytest.fixture
def people(places):
    household = HouseholdFactory(region=places.village, number="0203-0147")
    member(household, name="张惠卿", sex="2", id_number=NUMBER)
    living(PersonFactory(name="覃芳", sex="2"), places.village)
    living(PersonFactory(name="张慧琴", sex="1"), places.neighbour)
    living(PersonFactory(name="张惠卿", sex="2"), places.far_village)
    return places


def names(user, text):
    hits = selectors.search(user, text)
    return [person.name for person in hits.people] + [str(home) for home in hits.households]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("张惠卿", ["张惠卿"]),
        ("惠卿", ["张惠卿"]),
        ("张", ["张慧琴", "张惠卿"]),
        ("zhq", ["张慧琴", "张惠卿"]),
        ("ZhangHuiQing", ["张惠卿"]),
        ("qf", ["覃芳"]),
        ("tanfang", ["覃芳"]),
        (NUMBER, ["张惠卿"]),
        (NUMBER.lower(), ["张惠卿"]),
        ("110105 19491231 002X", ["张惠卿"]),
        ("31002X", ["张惠卿"]),
        ("0203-0147", ["0203-0147"]),
        ("0203", ["0203-0147"]),
        ("王", []),
        ("%", []),
        ("", []),
    ],
)
def test_clerk_finds_by_whatever_is_at_hand(township_clerk, people, typed, found):
    assert names(township_clerk, typed) == found


def test_nobody_finds_people_of_other_regions(outsider, unassigned, people):
    assert names(outsider, NUMBER) == []
    assert names(outsider, "张惠卿") == ["张惠卿"]
    assert names(unassigned, "张") == []


def test_clinic_finds_women_only_and_no_households(clinic, people):
    assert names(clinic, "张") == ["张惠卿"]
    assert names(clinic, "0203-0147") == []


def test_words_are_posted_and_stand_in_no_address(client_of, township_clerk, people):
    client = client_of(township_clerk)

    answer = client.post(reverse("home:search"), {"q": "张"})
    page = client.get(answer.url)

    assert answer.status_code == 302
    assert "张" not in answer.url
    assert "%E5" not in answer.url
    assert page.status_code == 200
    assert "张慧琴" in page.content.decode()


def test_number_of_one_person_opens_the_file_at_once(client_of, township_clerk, people):
    client = client_of(township_clerk)
    answer = client.post(reverse("home:search"), {"q": NUMBER})

    opened = client.get(answer.url)

    assert NUMBER not in answer.url
    assert opened.status_code == 302
    assert opened.url.startswith("/households/people/")


def test_number_of_a_household_opens_it_at_once(client_of, township_clerk, people):
    client = client_of(township_clerk)
    answer = client.post(reverse("home:search"), {"q": "0203-0147"})

    assert client.get(answer.url).status_code == 302


def test_search_of_somebody_else_cannot_be_repeated(client_of, township_clerk, outsider, people):
    answer = client_of(township_clerk).post(reverse("home:search"), {"q": "张"})

    page = client_of(outsider).get(answer.url)

    assert "张" not in page.content.decode().split("<main")[1]


def test_search_is_written_down_without_its_words(client_of, township_clerk, people):
    client = client_of(township_clerk)
    answer = client.post(reverse("home:search"), {"q": "张"})
    client.get(answer.url)

    entry = Entry.objects.get()
    assert entry.code == "home.search.searched"
    assert entry.changes == {"by": [None, "name"], "hits": [None, 2]}
    assert "张" not in str(entry.__dict__)


def test_more_than_fifty_are_cut_off_and_it_is_said(township_clerk, places):
    for _n in range(52):
        living(PersonFactory(name="李平"), places.village)

    hits = selectors.search(township_clerk, "李平")

    assert (len(hits.people), hits.more_people) == (50, True)


def test_nothing_found_says_what_to_try(client_of, township_clerk, people):
    client = client_of(township_clerk)

    page = client.get(client.post(reverse("home:search"), {"q": "王"}).url)

    assert page.status_code == 200
    assert page.context["hits"].count == 0


def test_search_needs_as_many_queries_for_fifty_as_for_one(
    client_of, township_clerk, places, django_assert_num_queries, django_assert_max_num_queries
):
    living(PersonFactory(name="李平"), places.village)
    living(PersonFactory(name="李平安"), places.village)
    client = client_of(township_clerk)
    address = client.post(reverse("home:search"), {"q": "李平"}).url
    client.get(address)
    with django_assert_max_num_queries(12) as few:
        client.get(address)
    for _n in range(40):
        living(PersonFactory(name="李平"), places.village)

    with django_assert_num_queries(len(few)):
        client.get(address)
