"""Accounts and passwords: who may give what to whom, and what is written down."""

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from apps.accounts import services
from apps.accounts.choices import Role
from apps.accounts.models import User
from apps.accounts.records import UserRecord
from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def described(*regions, username="ling", role=Role.VILLAGE_WORKER, **values):
    return UserRecord(
        username=username, display_name="凌燕", role=role, regions=tuple(regions), **values
    )


def test_administrator_opens_an_account_with_a_password_to_be_changed(administrator, places):
    user, password = services.create_user(actor=administrator, record=described(places.village))

    assert user.check_password(password)
    assert user.must_change_password
    assert list(user.regions.all()) == [places.village]
    assert not user.is_staff
    entry = Entry.objects.get()
    assert (entry.code, entry.actor, entry.target_id) == (
        "accounts.user.created",
        administrator,
        str(user.pk),
    )
    assert entry.changes["regions"] == [None, ["青禾县安塘乡黄岭村"]]
    assert password not in str(entry.changes)


def test_user_name_is_taken_whatever_its_case(administrator, places, township_clerk):
    record = described(places.village, username="Township_Clerk")

    with pytest.raises(ValidationError) as refusal:
        services.create_user(actor=administrator, record=record)

    assert list(refusal.value.message_dict) == ["username"]


def test_clerk_may_not_open_accounts(township_clerk, places):
    with pytest.raises(NotPermitted):
        services.create_user(actor=township_clerk, record=described(places.village))

    assert not User.objects.filter(username="ling").exists()


def test_nobody_gives_away_more_regions_than_they_have(places):
    boss = UserFactory(role=Role.ADMINISTRATOR, regions=[places.township])

    with pytest.raises(OutOfScope):
        services.create_user(actor=boss, record=described(places.village, places.far_village))

    assert not User.objects.filter(username="ling").exists()


def test_account_without_region_is_refused(administrator):
    with pytest.raises(ValidationError) as refusal:
        services.create_user(actor=administrator, record=described())

    assert list(refusal.value.message_dict) == ["regions"]


def test_change_of_role_and_regions_is_written_down(administrator, township_clerk, places):
    record = described(places.elsewhere, username="township_clerk", role=Role.TOWNSHIP_LEADER)

    services.update_user(actor=administrator, user=township_clerk, record=record)

    township_clerk.refresh_from_db()
    assert township_clerk.role == Role.TOWNSHIP_LEADER
    changes = Entry.objects.get().changes
    assert changes["role"] == ["township_clerk", "township_leader"]
    assert changes["regions"] == [["青禾县安塘乡"], ["青禾县石桥镇"]]


def test_administrator_of_a_township_cannot_touch_accounts_elsewhere(outsider, places):
    boss = UserFactory(role=Role.ADMINISTRATOR, regions=[places.township])

    with pytest.raises(OutOfScope):
        services.update_user(actor=boss, user=outsider, record=described(places.village))
    with pytest.raises(OutOfScope):
        services.reset_password(actor=boss, user=outsider)

    assert Entry.objects.count() == 0


def test_administrator_cannot_take_the_own_role_away(administrator, places):
    record = described(places.county, username="administrator", role=Role.AUDITOR)

    with pytest.raises(NotAllowedNow):
        services.update_user(actor=administrator, user=administrator, record=record)


def test_only_administrators_reach_the_reference_data(administrator, places):
    record = described(places.county, role=Role.ADMINISTRATOR)
    user, _password = services.create_user(actor=administrator, record=record)
    assert user.is_staff

    services.update_user(
        actor=administrator, user=user, record=described(places.county, role=Role.AUDITOR)
    )

    user.refresh_from_db()
    assert not user.is_staff


def test_new_password_is_made_not_chosen_and_has_to_be_changed(administrator, township_clerk):
    password = services.reset_password(actor=administrator, user=township_clerk)

    township_clerk.refresh_from_db()
    assert township_clerk.check_password(password)
    assert township_clerk.must_change_password
    assert len(password) == 19
    assert Entry.objects.get().code == "accounts.user.password_reset"


def test_generated_passwords_differ_and_are_strong_enough():
    passwords = {services.generated_password() for _n in range(200)}

    assert len(passwords) == 200
    for password in list(passwords)[:20]:
        validate_password(password)


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("7654321", False),
        ("elevenchars", False),
        ("quiet heron", False),
        ("quiet herons", True),
        ("x" * 20 + " 平安 的 一 天 " + "y" * 40, True),
        ("一二三四五六七八九十天地", True),
        ("123456789012345", False),
        ("passwordpassword", False),
        ("fpms20261121!", False),
        ("Fpms@2026-2026", False),
        ("计生2026112120261121", False),
        ("安塘2026112120261121", False),
        ("antangxiang2026", False),
        ("township_clerk1", False),
        ("fpms seven quiet herons", True),
    ],
)
def test_which_passwords_are_accepted(township_clerk, password, accepted):
    if accepted:
        validate_password(password, township_clerk)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, township_clerk)


def test_long_password_is_not_cut_off(township_clerk):
    long = "seven quiet herons " * 4

    township_clerk.set_password(long)

    assert township_clerk.check_password(long)
    assert not township_clerk.check_password(long[:-1])


def test_passwords_are_kept_by_argon2id_with_19_mib(settings):
    settings.PASSWORD_HASHERS = ["apps.accounts.hashers.Argon2idHasher"]

    assert make_password(PASSWORD).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_user_without_role_or_region_has_no_scope(places):
    no_role = UserFactory(role="", regions=[places.county])
    closed = UserFactory(is_active=False, regions=[places.county])

    assert not no_role.may("households.view")
    assert not closed.may("households.view")


def test_demo_user_is_made_and_renewed_by_command(places, capsys):
    call_command("create_demo_user", "township_clerk", "--region", "999901100000")
    name, first = capsys.readouterr().out.split()
    call_command("create_demo_user", "township_clerk", "--region", "999901100000")
    again, second = capsys.readouterr().out.split()

    user = User.objects.get()
    assert name == again == user.username == "township_clerk"
    assert first != second
    assert user.check_password(second)
    assert list(user.regions.all()) == [places.township]
    assert not user.must_change_password


def test_demo_user_in_an_unknown_region_is_refused(places):
    with pytest.raises(CommandError):
        call_command("create_demo_user", "township_clerk", "--region", "999999")

    assert not User.objects.exists()
