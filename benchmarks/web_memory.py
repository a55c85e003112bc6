"""The most memory of the web process while a clerk uploads a roster and goes through the wizard."""

import http.client
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management import call_command
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from apps.accounts.choices import Role
from apps.accounts.services import provide_demo_user
from apps.imports.models import Batch
from apps.regions.models import Region
from benchmarks import figures, fresh, rosters
from benchmarks.regions import villages
from benchmarks.serving import Server, serve, sign_in, token_of

PAGES = ("batch_detail", "batch_errors", "batch_preview", "batch_duplicates", "original_file")


def measure(sizes: Sequence[int], as_of: date) -> None:
    """Measure a new server for each size of roster."""
    call_command("collectstatic", verbosity=0, interactive=False)
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="fpms-bench-") as folder:
            path = Path(folder) / f"web-{rows}.xlsx"
            rosters.write_workbook(path, rows, villages(), seed=rows + 1)
            peak, before = _peak(path, as_of)
        figures.write(
            "import.memory_web", peak, "MB", rows=rows, before=round(before), target_at_most=400
        )


def _peak(path: Path, as_of: date) -> tuple[float, float]:
    """Upload a roster and look at its pages; megabytes of the larger web worker, and before."""
    county = Region.objects.get(parent=None)
    user, password = provide_demo_user(
        username="bench", role=Role.COUNTY_OFFICER, region_code=county.code
    )
    values = {"kind": "household_roster", "region": county.pk, "as_of": as_of.isoformat()}
    latest = Batch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    connection.close()
    with serve() as server:
        cookies = sign_in(server.port, user.username, password)
        _get(server, reverse("imports:batch_create"), cookies)
        before = _most(server)
        with path.open("rb") as file:
            _post(server, cookies, {**values, "file": File(file, name=path.name)})
        batch = Batch.objects.get(pk__gt=latest)
        fresh.measure("read", batch.pk)
        for name in PAGES:
            _get(server, reverse(f"imports:{name}", args=[batch.pk]), cookies)
        return _most(server), before


def _get(server: Server, address: str, cookies: str) -> str:
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    line.request("GET", address, headers={"Cookie": cookies})
    answer = line.getresponse()
    content = answer.read()
    # A page of the wizard with nothing to show leads on to the next.
    if answer.status not in (200, 302):
        raise AssertionError(f"{answer.status} {address}")
    return content.decode(errors="replace")


def _post(server: Server, cookies: str, values: Mapping[str, Any]) -> None:
    address = reverse("imports:batch_create")
    token = token_of(_get(server, address, cookies))
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {
        "Cookie": cookies,
        "Content-Type": MULTIPART_CONTENT,
        "Referer": f"http://127.0.0.1:{server.port}{address}",
    }
    content = encode_multipart(BOUNDARY, {**values, "csrfmiddlewaretoken": token})
    line.request("POST", address, content, headers)
    answer = line.getresponse()
    page = answer.read().decode(errors="replace")
    if answer.status != 302:
        raise AssertionError(f"the upload was not taken: {answer.status} {page[:500]}")


def _most(server: Server) -> float:
    """Return the most megabytes that any process of the server has held."""
    return max(fresh.megabytes(pid) for pid in [server.pid, *_children(server.pid)])


def _children(parent: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text(encoding="utf-8")
        except OSError:
            continue
        if int(status.rpartition(")")[2].split()[1]) == parent:
            yield int(folder.name)
