"""Pages of women's services as clerks and the clinic see them."""

from datetime import date

import pytest
from django.urls import reverse

from apps.audit.models import Entry
from apps.women.models import ContraceptiveUse
from tests.factories.households import HouseholdFactory, marry, member
from tests.factories.women import ContraceptiveUseFactory

LIST = "women:casefile_list"


@pytest.fixture
def home(places):
    return HouseholdFactory(region=places.village)


@pytest.fixture
def women(home, places):
    wife = member(home, "12", name="李春梅", sex="2", birth_date=date(1986, 5, 12))
    husband = member(home, "02", name="周志强", sex="1", birth_date=date(1984, 3, 7))
    marry(wife, husband, date(2008, 10, 8))
    ContraceptiveUseFactory(person=wife, valid_from=date(2020, 1, 1))
    member(home, "32", name="周雨桐", sex="2", birth_date=date(2009, 8, 21))
    member(home, "33", name="周小妹", sex="2", birth_date=date(2013, 8, 21))
    member(home, "52", name="刘桂英", sex="2", birth_date=date(1958, 2, 16))
    return wife


NAMES = {"李春梅", "周志强", "周雨桐", "周小妹", "刘桂英"}


@pytest.mark.parametrize(
    "query, names",
    [
        ("on=2026-11-21", {"李春梅", "周雨桐"}),
        ("on=2007-01-01", {"李春梅", "刘桂英"}),
        ("on=2026-11-21&status=married", {"李春梅"}),
        ("on=2026-11-21&status=other", {"周雨桐"}),
        ("on=2007-01-01&status=married", set()),
        ("on=2026-11-21&method=03", {"李春梅"}),
        ("on=2019-12-31&method=03", set()),
        ("on=2026-11-21&age_to=20", {"周雨桐"}),
        ("on=2026-11-21&basis=current", {"李春梅", "周雨桐"}),
        ("on=nonsense", set()),
    ],
)
def test_list_conditions(client_of, township_clerk, women, query, names):
    page = client_of(township_clerk).get(f"{reverse(LIST)}?{query}").content.decode()

    assert {name for name in NAMES if name in page} == names


def test_conditions_that_fit_nobody_name_the_one_to_drop(client_of, township_clerk, women):
    page = client_of(township_clerk).get(f"{reverse(LIST)}?on=2026-11-21&status=other&method=03")

    assert page.status_code == 200


def test_current_basis_leaves_out_who_lives_elsewhere(client_of, township_clerk, women):
    women.residences.filter(kind="current").update(region=None)

    page = client_of(township_clerk).get(f"{reverse(LIST)}?basis=current").content.decode()

    assert "李春梅" not in page


def test_list_asks_as_many_queries_for_thirty_rows_as_for_one(
    client_of, township_clerk, home, django_assert_max_num_queries
):
    browser = client_of(township_clerk)
    url = reverse(LIST) + "?size=50"

    def count() -> int:
        with django_assert_max_num_queries(60) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    member(home, "12", sex="2", birth_date=date(1990, 1, 1))
    browser.get(url)
    one = count()
    for _ in range(29):
        member(home, "39", sex="2", birth_date=date(1990, 1, 1))

    assert count() == one


def test_clinic_sees_the_service_file_without_household_data(client_of, clinic, women):
    page = client_of(clinic).get(reverse("women:casefile_detail", args=[women.pk]))

    text = page.content.decode()
    assert page.status_code == 200
    assert "周志强" in text
    assert "/households/people/" not in text.replace(women.get_absolute_url(), "")
    assert Entry.objects.filter(code="households.person.opened").count() == 1


def test_clinic_may_not_open_households_or_men(client_of, clinic, women, home):
    browser = client_of(clinic)
    husband = home.memberships.get(person__name="周志强").person

    assert browser.get(home.get_absolute_url()).status_code == 403
    assert browser.get(husband.get_absolute_url()).status_code == 404
    assert browser.get(women.get_absolute_url()).status_code == 200
    assert browser.get(women.get_absolute_url() + "?tab=family").status_code == 404


def test_auditor_reads_and_changes_nothing(client_of, auditor, women):
    browser = client_of(auditor)

    assert browser.get(reverse("women:casefile_detail", args=[women.pk])).status_code == 200
    assert browser.get(reverse("women:method_create", args=[women.pk])).status_code == 403


def test_clerk_of_other_township_gets_404(client_of, outsider, women):
    answer = client_of(outsider).get(reverse("women:casefile_detail", args=[women.pk]))

    assert answer.status_code == 404


def test_clinic_notes_a_method_and_its_end(client_of, clinic, women):
    browser = client_of(clinic)

    browser.post(
        reverse("women:method_create", args=[women.pk]),
        {"method": "06", "valid_from": "2026.5", "facility": "安塘乡卫生院"},
    )
    use = ContraceptiveUse.objects.get(method="06")
    browser.post(reverse("women:method_end", args=[use.pk]), {"on": "20260901"})

    use.refresh_from_db()
    assert (use.valid_from, use.from_precision) == (date(2026, 5, 1), "month")
    assert use.valid_to == date(2026, 9, 1)


def test_persons_page_of_a_woman_has_the_tab_and_that_of_a_man_has_not(
    client_of, township_clerk, women, home
):
    browser = client_of(township_clerk)
    husband = home.memberships.get(person__name="周志强").person

    assert browser.get(women.get_absolute_url() + "?tab=women").status_code == 200
    assert browser.get(husband.get_absolute_url() + "?tab=women").status_code == 404
