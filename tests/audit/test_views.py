"""Who reads the log, and what they find in it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit import selectors
from tests.factories.audit import EntryFactory
from tests.factories.households import PersonFactory, living

pytestmark = pytest.mark.django_db
LIST = "audit:entry_list"


@pytest.fixture
def person(places):
    return living(PersonFactory(name="张惠卿"), places.village)


@pytest.fixture
def entries(person, places, township_clerk, outsider):
    far = living(PersonFactory(name="李远方"), places.far_village)
    return [
        EntryFactory(actor=township_clerk, target=person, code="households.person.opened"),
        EntryFactory(actor=township_clerk, target=person, code="households.person.updated"),
        EntryFactory(actor=outsider, target=far, code="households.person.opened"),
        EntryFactory(code="regions.region.loaded"),
    ]


def codes(rows):
    return [row.code for row in rows]


def test_leader_reads_the_acts_of_the_own_township(township_leader, entries):
    assert codes(selectors.entries(township_leader)) == [
        "households.person.updated",
        "households.person.opened",
    ]


def test_auditor_of_the_county_reads_all_newest_first(auditor, entries):
    assert codes(selectors.entries(auditor)) == [
        "regions.region.loaded",
        "households.person.opened",
        "households.person.updated",
        "households.person.opened",
    ]


@pytest.mark.parametrize(
    "persona", ["village_worker", "township_clerk", "clinic", "administrator", "unassigned"]
)
def test_other_roles_read_nothing(request, persona, entries):
    assert not selectors.entries(request.getfixturevalue(persona)).exists()


def test_who_looked_at_a_person(auditor, person, entries, township_clerk):
    rows = selectors.openings_of("households.person", person.pk)

    assert [(row.actor, row.code) for row in rows] == [(township_clerk, "households.person.opened")]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 4),
        ({"actor": "outsider"}, 1),
        ({"act": "opened"}, 2),
        ({"target_type": "households.person"}, 3),
        ({"batch": "b7"}, 0),
        ({"actor": "outsider", "act": "updated"}, 0),
    ],
)
def test_conditions_narrow_the_list(client_of, auditor, entries, query, count):
    page = client_of(auditor).get(reverse(LIST), query)

    assert page.context["table"].paginator.count == count


def test_days_are_local_days_and_both_ends_count(client_of, auditor, entries):
    client = client_of(auditor)
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)

    def count(**days):
        return client.get(reverse(LIST), days).context["table"].paginator.count

    assert count(since=today.isoformat(), until=today.isoformat()) == 4
    assert count(since=tomorrow.isoformat()) == 0
    assert count(until=(today - timedelta(days=1)).isoformat()) == 0


def test_name_of_a_record_does_not_stand_in_the_address(client_of, auditor, entries):
    client = client_of(auditor)

    answer = client.post(reverse(LIST), {"record": "张惠卿"})
    page = client.get(answer.url)

    assert "%E5%BC%A0" not in answer.url
    assert page.context["table"].paginator.count == 2


def test_page_of_an_act_shows_before_and_after(client_of, auditor, person):
    entry = EntryFactory(
        code="households.person.updated",
        actor=auditor,
        target=person,
        before={"name": "张惠"},
        after={"name": "张惠卿"},
    )

    text = client_of(auditor).get(reverse("audit:entry_detail", args=[entry.pk])).content.decode()

    assert "张惠" in text
    assert "张惠卿" in text


def test_act_elsewhere_is_not_found(client_of, township_leader, entries):
    client = client_of(township_leader)

    assert client.get(reverse("audit:entry_detail", args=[entries[2].pk])).status_code == 404


def test_list_costs_the_same_for_one_and_for_thirty(
    client_of, auditor, entries, person, django_assert_num_queries, django_assert_max_num_queries
):
    client = client_of(auditor)
    client.get(reverse(LIST))
    with django_assert_max_num_queries(7) as few:
        client.get(reverse(LIST))
    for _n in range(30):
        EntryFactory(actor=auditor, target=person)

    with django_assert_num_queries(len(few)):
        client.get(reverse(LIST) + "?size=50")
