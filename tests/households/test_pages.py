"""Pages of households, persons and events as clerks and others see them."""

import re
import time
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Entry
from apps.core.identifiers import check_digit
from apps.households.models import Household, LifeEvent, Person
from apps.households.records import Happening
from apps.households.services import events
from tests.factories.households import HouseholdFactory, child_of, marry, member


def id_number(birth: str, sequence: str = "204") -> str:
    first = f"999901{birth}{sequence}"
    return first + check_digit(first)


@pytest.fixture
def family(household):
    head = member(
        household,
        "02",
        name="覃志强",
        sex="1",
        birth_date=date(1984, 3, 7),
        id_number=id_number("19840307", "123"),
    )
    wife = member(household, "12", name="李春梅", sex="2", birth_date=date(1986, 5, 12))
    son = member(household, "22", name="覃子安", sex="1", birth_date=date(2010, 9, 12))
    marry(wife, head, date(2008, 10, 8))
    child_of(son, wife, head)
    return head, wife, son


def query_count(client, url, django_assert_max_num_queries) -> int:
    with django_assert_max_num_queries(100) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


LISTS = ["households:household_list", "households:person_list", "households:event_list"]


@pytest.mark.parametrize("name", LISTS)
def test_list_asks_as_many_queries_for_thirty_rows_as_for_one(
    client, clerk, household, name, django_assert_max_num_queries
):
    client.force_login(clerk)
    first = member(household, "02")
    events.record_death(actor=clerk, person=first, record=_happening())
    url = reverse(name) + "?size=50"
    client.get(url)
    one = query_count(client, url, django_assert_max_num_queries)
    for _ in range(29):
        home = HouseholdFactory(region=household.region)
        person = member(home, "02")
        events.record_death(actor=clerk, person=person, record=_happening())

    assert query_count(client, url, django_assert_max_num_queries) == one


def _happening():
    return Happening(on=date(2026, 5, 1), learnt_on=date(2026, 5, 2))


@pytest.mark.parametrize("words", ["覃志强", "志强", "qinzhiqiang", "tanzhi", "qzq", "tzq"])
def test_clerk_finds_a_household_by_a_members_name_in_any_writing(client, clerk, family, words):
    client.force_login(clerk)
    HouseholdFactory(region=family[0].registered_region, number="9999")

    answer = client.post(reverse("households:household_list"), {"name": words}, follow=True)

    assert words not in answer.redirect_chain[0][0]
    assert "0203-0147" in answer.content.decode()
    assert "9999" not in answer.content.decode()


@pytest.mark.parametrize("number", [id_number("19840307", "123"), "0203-0147", "0203"])
def test_clerk_finds_a_household_by_id_or_household_number(client, clerk, family, number):
    client.force_login(clerk)

    answer = client.post(reverse("households:household_list"), {"number": number}, follow=True)

    assert "覃志强" in answer.content.decode()
    assert number not in answer.redirect_chain[0][0]


def test_people_are_found_by_the_last_six_of_the_id_number(client, clerk, family):
    client.force_login(clerk)
    tail = id_number("19840307", "123")[-6:]

    page = client.post(reverse("households:person_list"), {"number": tail}, follow=True)

    assert "覃志强" in page.content.decode()
    assert "李春梅" not in page.content.decode()


@pytest.mark.parametrize(
    "query, names",
    [
        ("sex=2", {"李春梅"}),
        ("age_from=18&on=2026-11-21", {"覃志强", "李春梅"}),
        ("age_to=16&on=20261121", {"覃子安"}),
        ("age_from=40&age_to=40&on=2026年11月21日", {"李春梅"}),
        ("basis=registered&on=2009-01-01", {"覃志强", "李春梅"}),
        ("identity=none", {"李春梅", "覃子安"}),
        ("life=dead", set()),
    ],
)
def test_person_list_conditions(client, clerk, family, query, names):
    client.force_login(clerk)

    page = client.get(f"{reverse('households:person_list')}?{query}").content.decode()

    assert {name for name in ("覃志强", "李春梅", "覃子安") if name in page} == names


def test_lists_and_files_never_show_a_whole_id_number(client, clerk, family):
    client.force_login(clerk)
    number = family[0].id_number

    for url in (
        reverse("households:person_list"),
        family[0].get_absolute_url(),
        family[0].memberships.get().household.get_absolute_url(),
        family[0].get_absolute_url() + "?tab=changes",
    ):
        page = client.get(url).content.decode()
        assert number not in page, url
    assert "999901********" in client.get(family[0].get_absolute_url()).content.decode()


def test_opening_a_person_writes_who_looked(client, clerk, family):
    client.force_login(clerk)

    client.get(family[0].get_absolute_url())

    entry = Entry.objects.get(code="households.person.opened")
    assert (entry.actor, entry.target_id) == (clerk, str(family[0].pk))


def test_numbers_are_shown_for_a_reason_for_one_minute(client, clerk, family, monkeypatch):
    client.force_login(clerk)
    number = family[0].id_number
    url = reverse("households:person_unmask", args=[family[0].pk])
    assert client.post(url, {"reason": ""}).status_code == 422

    page = client.post(url, {"reason": "核对户口簿"}, follow=True).content.decode()

    assert number in page
    entry = Entry.objects.get(code="households.person.unmasked")
    assert entry.reason == "核对户口簿"
    later = time.time() + 61
    monkeypatch.setattr("apps.households.views.people.time.time", lambda: later)
    assert number not in client.get(family[0].get_absolute_url()).content.decode()


def test_village_worker_may_not_unmask(client, worker, family):
    client.force_login(worker)

    answer = client.post(reverse("households:person_unmask", args=[family[0].pk]), {"reason": "x"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "name", ["person_detail", "person_edit", "event_choose", "person_unmask", "person_delete"]
)
def test_clerk_of_other_township_gets_404(client, far_clerk, family, name):
    client.force_login(far_clerk)

    assert client.get(reverse(f"households:{name}", args=[family[0].pk])).status_code == 404


@pytest.mark.parametrize("tab", ["members", "events", "places", "categories", "changes"])
@pytest.mark.parametrize("htmx", [False, True])
def test_household_file_opens_each_tab(client, clerk, household, family, tab, htmx):
    client.force_login(clerk)
    events.record_divorce(actor=clerk, person=family[0], record=_happening())

    if htmx:
        url = reverse("households:household_tab", args=[household.pk, tab])
        page = client.get(url, headers={"HX-Request": "true"})
    else:
        page = client.get(f"{household.get_absolute_url()}?tab={tab}")

    assert page.status_code == 200
    assert ("<html" in page.content.decode()) is not htmx


@pytest.mark.parametrize(
    "tab", ["details", "family", "household", "places", "events", "changes", "looks"]
)
def test_person_file_opens_each_tab_for_an_auditor(client, reader, family, tab):
    client.force_login(reader)

    assert client.get(f"{family[0].get_absolute_url()}?tab={tab}").status_code == 200


def test_clerk_does_not_see_who_looked(client, clerk, family):
    client.force_login(clerk)

    page = client.get(f"{family[0].get_absolute_url()}?tab=looks")

    assert page.status_code == 404


# Forms


def test_clerk_registers_a_household(client, clerk, places):
    client.force_login(clerk)

    answer = client.post(
        reverse("households:household_create"),
        {"region": places.village.pk, "number": "0203-0200", "group": "3组"},
    )

    household = Household.objects.get()
    assert answer.url == household.get_absolute_url()
    assert (household.region, household.number) == (places.village, "0203-0200")


def test_second_household_of_the_same_number_is_refused_beside_the_field(client, clerk, household):
    client.force_login(clerk)

    answer = client.post(
        reverse("households:household_create"),
        {"region": household.region.pk, "number": household.number},
    )

    assert answer.status_code == 422
    assert "number" in answer.context["form"].errors
    assert Household.objects.count() == 1


def test_household_cannot_be_put_into_another_township(client, clerk, places):
    client.force_login(clerk)

    answer = client.post(reverse("households:household_create"), {"region": places.far_village.pk})

    assert answer.status_code == 422
    assert not Household.objects.exists()


def person_form(**values) -> dict:
    return {
        "id_type": "01",
        "id_number": "",
        "name": "韦金凤",
        "sex": "2",
        "birth_date": "1990-02-03",
        "relationship": "02",
        "lives": "same",
        **values,
    }


def test_member_without_number_gets_a_temporary_one_that_stays_searchable(client, clerk, household):
    client.force_login(clerk)
    url = reverse("households:member_create", args=[household.pk])

    client.post(url, person_form(birth_date="19900203"))

    person = Person.objects.get()
    assert person.temporary_number == "T999901100201-1"
    edit = reverse("households:person_edit", args=[person.pk])
    form = client.get(edit).context["form"]
    number = id_number("19900203", "204")
    data = {name: form[name].value() or "" for name in form.fields}
    data.update(id_number=number, birth_date="1990年2月3日")
    answer = client.post(edit, {**data, "seen_at": person.updated_at.isoformat()})
    assert answer.status_code == 302, answer.context["form"].errors
    person.refresh_from_db()
    assert (person.id_number, person.temporary_number) == (number, "T999901100201-1")
    page = client.post(
        reverse("households:person_list"), {"number": "T999901100201-1"}, follow=True
    )
    assert "韦金凤" in page.content.decode()


def test_edit_form_shows_masked_numbers_and_keeps_them_when_a_name_changes(client, clerk, family):
    client.force_login(clerk)
    person = family[0]
    number = person.id_number
    Person.objects.filter(pk=person.pk).update(phone="13800001234")
    edit = reverse("households:person_edit", args=[person.pk])

    page = client.get(edit)
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data |= {"name": "覃志明", "birth_date": person.birth_date.isoformat()}
    seen_at = Person.objects.get(pk=person.pk).updated_at.isoformat()
    answer = client.post(edit, {**data, "seen_at": seen_at})

    assert number not in page.content.decode()
    assert "13800001234" not in page.content.decode()
    assert "138****1234" in page.content.decode()
    assert answer.status_code == 302, answer.context["form"].errors
    saved = Person.objects.get(pk=person.pk)
    assert (saved.name, saved.id_number, saved.phone) == ("覃志明", number, "13800001234")


@pytest.mark.parametrize(
    "change, field",
    [
        ({"id_number": "99990119860512204X"}, "id_number"),
        ({"id_number": "12345"}, "id_number"),
        ({"id_number": id_number("19900203", "205")}, "sex"),
        ({"id_number": id_number("19900204", "204")}, "birth_date"),
        ({"name": "123"}, "name"),
        ({"name": ""}, "name"),
        ({"birth_date": "1990-02-30"}, "birth_date"),
        ({"birth_date": "2990-02-03"}, "birth_date"),
        ({"phone": "1380000518"}, "phone"),
        ({"lives": "village"}, "current_region"),
        ({"moved_in": "on"}, "since"),
        ({"since": "2999-01-01"}, "since"),
        ({"relationship": ""}, "relationship"),
    ],
)
def test_wrong_field_is_named_and_typed_values_stay(client, clerk, household, change, field):
    client.force_login(clerk)
    url = reverse("households:member_create", args=[household.pk])

    answer = client.post(url, person_form(remark="留着", **change))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "留着" in answer.content.decode()
    assert not Person.objects.exists()


def test_check_digit_refusal_says_which_character_it_should_be(client, clerk, household):
    client.force_login(clerk)
    right = id_number("19900203", "204")
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")

    answer = client.post(
        reverse("households:member_create", args=[household.pk]), person_form(id_number=wrong)
    )

    [text] = answer.context["form"].errors["id_number"]
    assert right[-1] in text


def test_number_that_differs_is_taken_with_a_reason(client, clerk, household):
    client.force_login(clerk)
    number = id_number("19900203", "205")

    answer = client.post(
        reverse("households:member_create", args=[household.pk]),
        person_form(id_number=number, differs_reason="派出所确认"),
    )

    assert answer.status_code == 302
    assert Person.objects.get().sex == "2"
    assert Entry.objects.get(code="households.person.created").reason == "派出所确认"


def test_existing_number_leads_to_the_file_with_masked_name_and_village(client, clerk, family):
    client.force_login(clerk)
    other = HouseholdFactory(region=family[0].registered_region)

    answer = client.post(
        reverse("households:member_create", args=[other.pk]),
        person_form(id_number=family[0].id_number, sex="1", birth_date="1984-03-07", name="覃某"),
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "覃*强" in page
    assert "黄岭村" in page
    assert family[0].get_absolute_url() in page


def test_existing_person_elsewhere_is_told_without_a_link(client, far_clerk, places, family):
    client.force_login(far_clerk)
    other = HouseholdFactory(region=places.far_village)

    answer = client.post(
        reverse("households:member_create", args=[other.pk]),
        person_form(id_number=family[0].id_number, sex="1", birth_date="1984-03-07", name="覃某"),
    )

    page = answer.content.decode()
    assert "覃*强" in page
    assert family[0].get_absolute_url() not in page


def test_second_saver_is_told_of_the_conflict_and_nothing_is_lost(client, clerk, family):
    client.force_login(clerk)
    edit = reverse("households:person_edit", args=[family[1].pk])
    form = client.get(edit).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    data["birth_date"] = "1986-05-12"
    seen = family[1].updated_at.isoformat()
    assert client.post(edit, {**data, "remark": "甲", "seen_at": seen}).status_code == 302

    answer = client.post(edit, {**data, "remark": "乙", "seen_at": seen})

    assert answer.status_code == 409
    family[1].refresh_from_db()
    assert family[1].remark == "甲"
    assert "乙" in answer.content.decode()


@pytest.mark.parametrize(
    "kind",
    [
        "birth",
        "death",
        "marriage",
        "divorce",
        "move_in",
        "move_out",
        "move_within",
        "left_home",
        "came_home",
    ],
)
def test_each_event_has_its_form(client, clerk, family, kind):
    client.force_login(clerk)

    page = client.get(reverse("households:event_create", args=[family[0].pk, kind]))

    assert page.status_code == 200


def test_clerk_records_a_birth_from_the_fathers_file(client, clerk, family):
    client.force_login(clerk)
    url = reverse("households:event_create", args=[family[0].pk, "birth"])
    form = client.get(url).context["form"]
    assert form["mother"].value() == family[1].pk

    answer = client.post(
        url,
        {
            "mother": family[1].pk,
            "father": family[0].pk,
            "on": "2026.5.1",
            "learnt_on": "20260503",
            "sex": "2",
            "name": "覃雨桐",
        },
    )

    assert answer.status_code == 302, answer.context["form"].errors
    assert Person.objects.get(name="覃雨桐").birth_order == 2


def test_head_of_household_is_proposed_and_confirmed_on_the_death_form(client, clerk, family):
    client.force_login(clerk)
    url = reverse("households:event_create", args=[family[0].pk, "death"])
    offered = [pk for pk, _label in client.get(url).context["form"].fields["new_head"].choices]
    assert offered == [family[1].pk, family[2].pk]

    client.post(url, {"on": "2026-05-01", "learnt_on": "2026-05-02", "new_head": family[1].pk})

    assert Household.objects.get().head == family[1]


def test_same_form_sent_twice_records_one_event(client, clerk, family):
    client.force_login(clerk)
    url = reverse("households:event_create", args=[family[0].pk, "divorce"])
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(url).content.decode())[1]
    data = {"on": "2026-05-01", "learnt_on": "2026-05-02", "form_token": token}

    first = client.post(url, data)
    second = client.post(url, data)

    assert first.status_code == second.status_code == 302
    assert LifeEvent.objects.count() == 1


def test_future_event_is_refused_beside_the_field(client, clerk, family):
    client.force_login(clerk)
    url = reverse("households:event_create", args=[family[0].pk, "divorce"])

    answer = client.post(url, {"on": "2999-01-01", "learnt_on": str(timezone.localdate())})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["on"]


def test_clerk_removes_a_wrong_event_with_a_reason(client, clerk, family):
    client.force_login(clerk)
    event = events.record_divorce(actor=clerk, person=family[0], record=_happening())
    url = reverse("households:event_delete", args=[event.pk])

    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "弄错人了"}).status_code == 302

    assert not LifeEvent.objects.exists()
    family[0].refresh_from_db()
    assert family[0].marital_status == "21"


def test_village_worker_may_not_remove_events(client, worker, clerk, family):
    event = events.record_divorce(actor=clerk, person=family[0], record=_happening())
    client.force_login(worker)

    answer = client.get(reverse("households:event_delete", args=[event.pk]))

    assert answer.status_code == 403


def test_people_for_a_picker_come_by_post_and_only_own_ones(client, clerk, far_clerk, family):
    url = reverse("households:person_options")
    client.force_login(clerk)
    assert "李春梅" in client.post(url, {"q": "lcm"}).content.decode()
    assert client.get(url).status_code == 405
    client.force_login(far_clerk)

    assert "李春梅" not in client.post(url, {"q": "lcm"}).content.decode()


def test_head_is_changed_on_confirmation(client, clerk, household, family):
    client.force_login(clerk)
    url = reverse("households:household_head", args=[household.pk])
    offered = [pk for pk, _label in client.get(url).context["form"].fields["new_head"].choices]
    assert offered[0] == family[1].pk

    client.post(url, {"new_head": family[1].pk, "on": "2026-05-01"})

    household.refresh_from_db()
    assert household.head == family[1]
    old = family[0].memberships.get(valid_to=None)
    assert (old.relationship_to_head, old.is_head) == ("11", False)


def test_household_with_people_cannot_end(client, clerk, household, family):
    client.force_login(clerk)
    url = reverse("households:household_end", args=[household.pk])

    answer = client.post(url, {"on": "2026-05-01", "reason": "空户"})

    assert answer.status_code == 422
    household.refresh_from_db()
    assert household.valid_to is None


def test_category_is_confirmed_and_ended(client, clerk, household):
    client.force_login(clerk)

    client.post(
        reverse("households:category_create", args=[household.pk]),
        {"kind": "only_child", "valid_from": "2020-01-01", "basis": "光荣证"},
    )
    category = household.categories.get()
    client.post(
        reverse("households:category_end", args=[category.pk]),
        {"on": "2026-01-01", "reason": "生育二孩"},
    )

    category.refresh_from_db()
    assert (category.confirmed_by, category.valid_to) == (clerk, date(2026, 1, 1))
