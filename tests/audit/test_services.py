"""The audit log: what an entry holds, what it never holds, and that it cannot be changed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from apps.audit import services
from apps.audit.models import Entry
from apps.core import requests
from tests.factories.audit import EntryFactory
from tests.factories.households import PersonFactory, living

pytestmark = pytest.mark.django_db
NUMBER = "11010519491231002X"


@pytest.fixture
def person(places):
    return living(PersonFactory(name="张惠卿", id_number=NUMBER, sex="2"), places.village)


def test_entry_names_actor_record_and_place_as_text(township_clerk, person):
    entry = services.record("households.person.updated", actor=township_clerk, target=person)

    assert (entry.actor, entry.actor_name) == (township_clerk, "township_clerk")
    assert (entry.target_type, entry.target_id) == ("households.person", str(person.pk))
    assert (entry.target_label, entry.region_name) == ("张惠卿", "青禾县安塘乡黄岭村")
    assert entry.region_path == person.registered_region.path


def test_only_fields_that_differ_are_kept(township_clerk, person):
    entry = services.record(
        "households.person.updated",
        actor=township_clerk,
        target=person,
        before={"name": "张惠", "birth_date": date(1984, 3, 7), "remark": ""},
        after={"name": "张惠卿", "birth_date": date(1984, 3, 8), "remark": ""},
    )

    assert entry.changes == {
        "name": ["张惠", "张惠卿"],
        "birth_date": ["1984-03-07", "1984-03-08"],
    }


def test_new_record_is_kept_with_all_its_values_masked(township_clerk, person):
    entry = services.record(
        "households.person.created",
        actor=township_clerk,
        target=person,
        after=services.values_of(person),
    )

    assert entry.changes["id_number"] == [None, "110105********002X"]
    assert "id_digest" not in entry.changes
    assert NUMBER not in str(entry.changes)


@pytest.mark.parametrize(
    "text",
    [f"错号 {NUMBER}", f"{NUMBER.lower()}", "电话13800001234", f"甲{NUMBER}乙13800001234"],
)
def test_numbers_of_people_never_stand_in_the_log(township_clerk, person, text):
    entry = services.record(
        "households.person.updated",
        actor=township_clerk,
        target=person,
        after={"remark": text, "changes": {"note": [text]}},
        reason=text,
    )

    stored = f"{entry.reason} {entry.changes}"
    assert NUMBER not in stored.upper()
    assert "13800001234" not in stored


def test_act_of_a_command_has_no_actor():
    entry = services.record("regions.region.loaded", actor=None)

    assert (entry.actor, entry.actor_name, entry.region_path) == (None, "", "")


def test_act_without_a_place_happened_where_the_user_works(township_clerk, places):
    entry = services.record("home.search.searched", actor=township_clerk)

    assert entry.region_path == places.township.path


def test_request_and_address_come_from_the_request(township_clerk):
    with requests.using(requests.RequestContext("abc123", "10.0.0.7")):
        entry = services.record("home.search.searched", actor=township_clerk)

    assert (entry.request_id, entry.address) == ("abc123", "10.0.0.7")
    assert requests.current() == requests.OUTSIDE


def test_entry_and_write_are_one_transaction(township_clerk, person):
    @transaction.atomic
    def write_and_refuse():
        services.record("households.person.updated", actor=township_clerk, target=person)
        raise ValidationError("refused")

    with pytest.raises(ValidationError):
        write_and_refuse()

    assert not Entry.objects.exists()


def test_opening_a_file_is_written_down(township_clerk, person):
    services.record_open(township_clerk, person)

    assert Entry.objects.get().code == "households.person.opened"


def test_many_acts_are_few_statements(township_clerk, person, django_assert_num_queries):
    entries = [
        services.entry_for("households.person.created", actor=township_clerk, target=person)
        for _n in range(500)
    ]

    with django_assert_num_queries(1):
        assert services.record_many(entries) == 500


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor_name = 'nobody'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ],
)
def test_entries_cannot_be_changed_or_removed_even_by_sql(township_clerk, statement):
    EntryFactory(actor=township_clerk)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert Entry.objects.get().actor_name == "township_clerk"
