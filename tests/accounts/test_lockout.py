"""Slowing down guesses without locking out an office that shares one address."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from apps.accounts.lockout import locked_until, pause_after
from apps.core.requests import client_address
from tests.factories.accounts import PASSWORD, UserFactory

LOGIN = "accounts:login"
pytestmark = pytest.mark.django_db


def sign_in(client, username, password, **headers):
    return client.post(reverse(LOGIN), {"username": username, "password": password}, **headers)


def fail(username, times, address="10.0.0.7"):
    client = Client(REMOTE_ADDR=address)
    return [sign_in(client, username, "wrong").status_code for _n in range(times)]


def wait(seconds):
    """Let time pass for the lock: move what happened back."""
    for row in AccessAttempt.objects.all():
        row.attempt_time -= timedelta(seconds=seconds)
        row.save(update_fields=["attempt_time"])


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (0, 0),
        (1, 0),
        (4, 0),
        (5, 60),
        (6, 0),
        (9, 0),
        (10, 900),
        (11, 0),
        (15, 900),
        (19, 0),
        (20, 3600),
        (25, 3600),
        (100, 3600),
    ],
)
def test_pause_grows_with_the_number_of_failures(failures, seconds):
    assert pause_after(failures).total_seconds() == seconds


def test_fifth_wrong_password_makes_the_right_one_wait_a_minute(township_clerk):
    assert fail("township_clerk", 6) == [422, 422, 422, 422, 422, 429]

    client = Client(REMOTE_ADDR="10.0.0.7")
    assert sign_in(client, "township_clerk", PASSWORD).status_code == 429

    wait(61)
    assert sign_in(client, "township_clerk", PASSWORD).status_code == 302


def test_tries_during_a_pause_do_not_prolong_it(township_clerk):
    fail("township_clerk", 5)
    until = locked_until("township_clerk", "10.0.0.7", at=timezone.now())

    fail("township_clerk", 3)

    assert locked_until("township_clerk", "10.0.0.7", at=timezone.now()) == until


def test_tenth_wrong_password_makes_wait_a_quarter_of_an_hour(township_clerk):
    fail("township_clerk", 5)
    wait(61)
    fail("township_clerk", 5)

    left = locked_until("township_clerk", "10.0.0.7", at=timezone.now()) - timezone.now()

    assert timedelta(minutes=14) < left <= timedelta(minutes=15)


def test_right_password_forgets_the_failures(township_clerk):
    fail("township_clerk", 4)
    sign_in(Client(REMOTE_ADDR="10.0.0.7"), "township_clerk", PASSWORD)

    assert fail("township_clerk", 4) == [422, 422, 422, 422]


def test_failures_are_forgotten_after_a_day(township_clerk):
    fail("township_clerk", 4)
    wait(24 * 3600 + 1)

    assert fail("township_clerk", 4) == [422, 422, 422, 422]


def test_thirty_clerks_behind_one_address_and_one_of_them_wrong_twenty_times(places):
    clerks = [UserFactory(regions=[places.township]) for _n in range(30)]
    for _round in range(4):
        fail(clerks[0].username, 5)
        wait(3601)
    fail(clerks[0].username, 1)

    answers = [
        sign_in(Client(REMOTE_ADDR="10.0.0.7"), clerk.username, PASSWORD).status_code
        for clerk in clerks[1:]
    ]

    assert answers == [302] * 29


def test_name_that_fails_from_everywhere_is_paused_everywhere(township_clerk):
    for number in range(13):
        fail("township_clerk", 4, address=f"10.0.1.{number}")

    answer = sign_in(Client(REMOTE_ADDR="10.9.9.9"), "township_clerk", PASSWORD)

    assert answer.status_code == 429


def test_unknown_name_is_answered_like_a_known_one(township_clerk):
    known = sign_in(Client(REMOTE_ADDR="10.0.0.1"), "township_clerk", "wrong")
    unknown = sign_in(Client(REMOTE_ADDR="10.0.0.2"), "township_klerk", "wrong")

    def body(answer):
        text = answer.content.decode()
        for name in ("township_clerk", "township_klerk"):
            text = text.replace(name, "NAME")
        token = text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        return [line for line in text.split("\n") if token[:8] not in line and "csrf" not in line]

    assert known.status_code == unknown.status_code == 422
    assert body(known) == body(unknown)
    assert fail("township_klerk", 6, address="10.0.0.2")[-1] == 429


def test_what_was_typed_is_not_stored(township_clerk):
    sign_in(Client(), "township_clerk", "my-secret-password")

    row = AccessAttempt.objects.get()
    assert (row.post_data, row.get_data, row.user_agent) == ("", "", "")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "", "10.0.0.1"),
        (0, "8.8.8.8", "10.0.0.1"),
        (1, "8.8.8.8", "8.8.8.8"),
        (1, "6.6.6.6, 8.8.8.8", "8.8.8.8"),
        (2, "6.6.6.6, 8.8.8.8, 10.1.1.1", "8.8.8.8"),
        (2, "8.8.8.8", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_address_counts_only_what_our_own_proxies_wrote(settings, proxies, forwarded, expected):
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == expected


def test_pause_page_says_how_long_and_nothing_else(township_clerk):
    fail("township_clerk", 5)

    page = sign_in(Client(REMOTE_ADDR="10.0.0.7"), "township_clerk", PASSWORD)

    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 61
    assert "township_clerk" not in page.content.decode()
