"""Pages under 20 users at once over HTTP, against a view that does one query.

Granian serves them as in production (two workers); the clients are threads of this process that
keep their connections, sign in once and then ask again and again.
"""

import http.client
import statistics
import threading
import time
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.urls import reverse

from apps.accounts.services import provide_demo_user
from apps.core import searches
from apps.core.filters import TOKEN
from apps.households.models import Person
from apps.regions.models import Region
from benchmarks import figures
from benchmarks.serving import serve, sign_in

USERS = 20
SECONDS = 8.0
USER = "bench"


@dataclass
class Page:
    """One page: its name in the figures, and its address."""

    name: str
    path: str


def measure() -> None:
    """Measure hello, list, detail, search and dashboard."""
    call_command("collectstatic", verbosity=0, interactive=False)
    county = Region.objects.get(parent=None)
    user, password = provide_demo_user(
        username=USER, role="county_officer", region_code=county.code
    )
    person = Person.objects.filter(registered_region__isnull=False).order_by("pk").first()
    if person is None:
        raise AssertionError("there are no people to show")
    pages = [
        Page("list", reverse("households:person_list")),
        Page("detail", person.get_absolute_url()),
        Page("search", f"{reverse('home:search')}?{TOKEN}={_words(user.pk)}"),
        Page("dashboard", f"{reverse('indicators:dashboard')}?region={county.pk}"),
    ]
    people = Person.objects.count()
    connection.close()
    with serve("benchmarks.hello:application") as server:
        hello = _ask(server.port, Page("hello", "/"), "")
    _write("pages.hello", hello, people, None)
    with serve() as server:
        cookies = sign_in(server.port, user.username, password)
        for page in pages:
            _write(f"pages.{page.name}", _ask(server.port, page, cookies), people, hello)


def _write(name: str, times: list[float], people: int, hello: list[float] | None) -> None:
    rate = len(times) / SECONDS
    base = len(hello) / SECONDS if hello else None
    figures.write(
        name,
        rate,
        "requests/s",
        baseline=base,
        ratio=rate / base if base else None,
        rows=people,
        users=USERS,
        median_ms=round(statistics.median(times) * 1000, 1),
        p95_ms=round(statistics.quantiles(times, n=20)[-1] * 1000, 1),
        baseline_is="a view of one query" if hello else None,
    )


def _words(user_id: int) -> str:
    """Return the sealed words of a search that finds several people of one name.

    Counts who is registered here: a search that finds one person opens the file at once.
    """
    here = Person.objects.filter(registered_region__isnull=False, died_on__isnull=True)
    names = here.values("name").annotate(people=Count("pk")).filter(people__gte=5)
    found = names.order_by("people", "name").first()
    if found is None:
        raise AssertionError("no two people share a name")
    return searches.seal({"q": found["name"]}, user_id)


# Clients ------------------------------------------------------------------------------------------


def _ask(port: int, page: Page, cookies: str) -> list[float]:
    """Let all users ask for one page for some seconds; the seconds of each answer."""
    times: list[float] = []
    failures: list[str] = []
    until = time.perf_counter() + SECONDS
    users = [
        threading.Thread(target=_user, args=(port, page, cookies, until, times, failures))
        for _user_number in range(USERS)
    ]
    for user in users:
        user.start()
    for user in users:
        user.join()
    if failures:
        raise AssertionError(f"{page.name}: {failures[0]}")
    return times


def _user(
    port: int, page: Page, cookies: str, until: float, times: list[float], failures: list[str]
) -> None:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.perf_counter() < until:
        begun = time.perf_counter()
        line.request("GET", page.path, headers={"Cookie": cookies})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            failures.append(f"{answer.status} {page.path}")
            return
        times.append(time.perf_counter() - begun)
