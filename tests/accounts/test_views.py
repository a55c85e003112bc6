"""Pages of users."""

import re

import pytest
from django.urls import reverse

from apps.accounts.models import User
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def fields(places, **values):
    return {
        "username": "ling",
        "display_name": "凌燕",
        "role": "village_worker",
        "regions": [places.village.pk],
        "is_active": "on",
        **values,
    }


def test_new_account_shows_its_password_once(client_of, administrator, places):
    client = client_of(administrator)

    answer = client.post(reverse("accounts:user_create"), fields(places))
    user = User.objects.get(username="ling")
    page = client.get(answer.url)
    password = re.search(r"<b>([a-z0-9-]{19})</b>", page.content.decode())[1]

    assert answer.url == reverse("accounts:user_password", args=[user.pk])
    assert user.check_password(password)
    assert client.get(answer.url).status_code == 302


def test_wrong_input_is_said_beside_the_field_and_kept(client_of, administrator, places):
    page = client_of(administrator).post(
        reverse("accounts:user_create"), fields(places, username="凌 燕!", role="nobody")
    )

    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="凌 燕!"' in text
    assert text.count('aria-invalid="true"') == 2


def test_region_outside_the_own_ones_cannot_be_chosen(client_of, places):
    boss = UserFactory(role="administrator", regions=[places.township])

    page = client_of(boss).post(
        reverse("accounts:user_create"), fields(places, regions=[places.far_village.pk])
    )

    assert page.status_code == 422
    assert not User.objects.filter(username="ling").exists()


def test_account_of_other_regions_is_not_found(client_of, places, outsider):
    boss = UserFactory(role="administrator", regions=[places.township])

    assert (
        client_of(boss).get(reverse("accounts:user_detail", args=[outsider.pk])).status_code == 404
    )


def test_list_of_users_needs_as_many_queries_for_thirty_as_for_one(
    client_of, administrator, places, django_assert_max_num_queries, django_assert_num_queries
):
    client = client_of(administrator)
    client.get(reverse("accounts:user_list"))
    with django_assert_max_num_queries(10) as one:
        client.get(reverse("accounts:user_list"))
    for _n in range(30):
        UserFactory(regions=[places.village])

    with django_assert_num_queries(len(one)):
        page = client.get(reverse("accounts:user_list") + "?size=50")

    assert page.content.decode().count("<tr") == 32


def test_password_reset_asks_first_and_then_shows_it(client_of, administrator, township_clerk):
    client = client_of(administrator)
    address = reverse("accounts:user_reset_password", args=[township_clerk.pk])

    assert client.get(address).status_code == 200
    township_clerk.refresh_from_db()
    assert not township_clerk.must_change_password
    page = client.post(address, follow=True)

    township_clerk.refresh_from_db()
    assert township_clerk.must_change_password
    assert re.search(r"<b>[a-z0-9-]{19}</b>", page.content.decode())
