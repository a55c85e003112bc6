"""Dashboards read stored values; every number opens the rows it counted."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.indicators import services
from apps.indicators.models import DirtyKey, Snapshot
from tests.factories.households import PersonFactory, living

DASHBOARD = "/indicators/?region=999901100201&period=2026-06&basis=registered"
ClientOf = Callable[[User], Client]


@pytest.fixture
def counted(village: SimpleNamespace) -> SimpleNamespace:
    services.roll_up()
    return village


def _rows(code: str, period: str = "2026-06", region: str = "999901100201", **more: str) -> str:
    query = {"measure": code, "region": region, "period": period, "basis": "registered", **more}
    return reverse("indicators:row_list", query=query)


def _links(html: str) -> dict[str, tuple[str, int]]:
    """The figures of a page that lead to rows: measure → (address, number)."""
    found = re.findall(r'<a[^>]*href="(/indicators/rows/[^"]+)"[^>]*>([^<]+)</a>', html)
    links = {}
    for url, text in found:
        url, text = url.replace("&amp;", "&"), text.replace(",", "").strip()
        if re.fullmatch(r"-?\d+", text):
            links[parse_qs(urlsplit(url).query)["measure"][0] + url] = (url, int(text))
    return links


def test_every_number_of_the_dashboard_opens_as_many_rows(
    counted: SimpleNamespace, village_worker: User, client_of: ClientOf
) -> None:
    client = client_of(village_worker)

    links = _links(client.get(DASHBOARD).content.decode())

    assert len(links) > 40
    for url, number in links.values():
        page = client.get(url)
        assert (url, page.context["view"].count) == (url, number)


def test_tiles_show_the_figures_of_the_period(
    counted: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    context = client_of(township_clerk).get(DASHBOARD).context

    shown = [str(tile.value) for tile in context["tiles"]]
    assert shown == [
        "9",
        "2",
        "1",
        "125.00",
        "2",
        "3",
        "2",
        "50.00",
        "250.00",
        "125.00",
        "1 : 1",
        "1",
    ]


def test_dashboard_reads_stored_values_only(
    counted: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    Snapshot.objects.filter(region=counted.here).update(values={"births": 4711})
    client = client_of(township_clerk)
    client.get(DASHBOARD)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(DASHBOARD)

    text = " ".join(query["sql"] for query in queries)
    assert "4,711" in page.content.decode()
    assert '"households_' not in text
    assert len(queries) <= 12


def test_dashboard_takes_as_many_queries_for_a_county_as_for_a_village(
    counted: SimpleNamespace, county_reader: User, client_of: ClientOf
) -> None:
    client = client_of(county_reader)
    client.get(DASHBOARD)

    with CaptureQueriesContext(connection) as village:
        client.get(DASHBOARD)
    with CaptureQueriesContext(connection) as county:
        client.get("/indicators/?region=999901&period=2026&basis=registered")

    assert len(county) <= len(village) + 1


def test_parts_stand_in_the_order_of_the_register(
    counted: SimpleNamespace, county_reader: User, client_of: ClientOf
) -> None:
    page = client_of(county_reader).get("/indicators/?region=999901100000&period=2026-06")

    parts = [part for part, _cells in page.context["part_rows"]]
    assert [part.region.name for part in parts] == ["黄岭村", "沙田村"]
    assert [part.numbers["births"] for part in parts] == [2, 1]
    assert [cell.number for cell in page.context["total_cells"]][4] == 3


def test_page_says_that_changes_wait_to_be_counted(
    counted: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)
    before = client.get(DASHBOARD)
    living(PersonFactory.create(sex="1"), counted.here)

    after = client.get(DASHBOARD)

    assert before.context["board"].fresh.waiting_since is None
    assert after.context["board"].fresh.waiting_since is not None


def test_list_says_when_records_changed_since_they_were_counted(
    counted: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    living(PersonFactory.create(sex="1", birth_date="2026-06-20"), counted.here)

    page = client_of(township_clerk).get(_rows("births"))

    assert (page.context["view"].listed.value, page.context["view"].count) == (2, 3)
    assert 'class="fp-note warn"' in page.content.decode()


def test_ratio_opens_its_parts(
    counted: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    page = client_of(township_clerk).get(_rows("birth_rate"))

    tiles = [(tile.value, tile.note) for tile in page.context["tiles"]]
    assert [value for value, _note in tiles[1:]] == [2, 7, 9]
    assert page.context["view"].count == 2


def test_region_of_somebody_else_is_not_found(
    counted: SimpleNamespace, outsider: User, client_of: ClientOf
) -> None:
    client = client_of(outsider)

    assert client.get(DASHBOARD).status_code == 404
    assert client.get(_rows("births")).status_code == 404


def test_user_without_a_region_sees_nothing(
    counted: SimpleNamespace, unassigned: User, client_of: ClientOf
) -> None:
    assert client_of(unassigned).get("/indicators/").status_code == 404


def test_administrator_and_clinic_may_not_read_figures(
    counted: SimpleNamespace, administrator: User, clinic: User, client_of: ClientOf
) -> None:
    assert client_of(administrator).get("/indicators/").status_code == 403
    assert client_of(clinic).get("/indicators/").status_code == 403


@pytest.mark.parametrize("query", ["period=2026-13", "period=x", "basis=everybody"])
def test_wrong_period_or_basis_is_said_and_the_usual_one_shown(
    counted: SimpleNamespace, township_clerk: User, client_of: ClientOf, query: str
) -> None:
    page = client_of(township_clerk).get(f"/indicators/?{query}")

    assert page.status_code == 200
    assert len(page.context["problems"]) == 1
    assert page.context["board"].period.code == "2026-01:2026-11"


def test_unknown_measure_is_not_found(
    counted: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    assert client_of(township_clerk).get(_rows("quota")).status_code == 404


def test_empty_system_says_that_nothing_was_counted_yet(
    places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    page = client_of(township_clerk).get("/indicators/")

    assert page.status_code == 200
    assert page.context["board"].is_empty


@pytest.mark.parametrize("code", ["births", "marriages", "households", "population"])
def test_list_takes_as_many_queries_for_one_row_as_for_many(
    counted: SimpleNamespace, county_reader: User, client_of: ClientOf, code: str
) -> None:
    client = client_of(county_reader)
    client.get(_rows(code))

    with CaptureQueriesContext(connection) as village:
        client.get(_rows(code))
    with CaptureQueriesContext(connection) as county:
        client.get(_rows(code, region="999901"))

    assert len(county) == len(village)


def test_catalogue_names_every_formula(township_clerk: User, client_of: ClientOf) -> None:
    page = client_of(township_clerk).get(reverse("indicators:catalogue"))

    assert len(page.context["formulas"]) == 22


def test_person_outside_the_region_is_listed_without_a_link(
    counted: SimpleNamespace, village_worker: User, client_of: ClientOf
) -> None:
    person = counted.widow
    for place in person.residences.all():
        place.valid_to, place.end_reason = "2026-09-01", "move"
        place.save()
        person.residences.create(
            kind=place.kind, region=counted.far_village, valid_from="2026-09-01"
        )
    person.registered_region = person.current_region = counted.far_village
    person.save()

    html = client_of(village_worker).get(_rows("population")).content.decode()

    assert "王桂" in html
    assert f'href="{person.get_absolute_url()}"' not in html
    assert f'href="{counted.wife.get_absolute_url()}"' in html


def test_refresh_settles_the_dashboard(
    counted: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    living(PersonFactory.create(sex="1", birth_date="2026-06-20"), counted.here)
    services.refresh()

    page = client_of(township_clerk).get(DASHBOARD)

    assert not DirtyKey.objects.exists()
    assert _tile(page, 1) == "3"


def _tile(page: Any, number: int) -> str:
    return str(page.context["tiles"][number].value)
