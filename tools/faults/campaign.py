"""Many imports under kills, one after the other, and the count of what happened."""

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import django
import psycopg2

from fpms import embedded

django.setup()

from django.db import connection  # noqa: E402

from apps.accounts.models import User  # noqa: E402
from apps.regions.models import Region  # noqa: E402
from benchmarks import regions, rosters  # noqa: E402
from tools.faults import broker  # noqa: E402
from tools.faults.contents import Contents, contents  # noqa: E402
from tools.faults.processes import Processes  # noqa: E402
from tools.faults.runs import ACTOR, Report, Run, Wrong  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
DATABASE, TEMPLATE = "fpms_faults", "fpms_faults_template"
VILLAGES = 40
FEWEST_KILLS, MOST_KILLS = 4, 9
FOREIGN = 0.1


def run(options: argparse.Namespace, folder: Path) -> int:
    """Run all of it; 1 when something happened that may not."""
    _prepare()
    log = embedded.home() / "logs" / "faults.log"
    log.parent.mkdir(exist_ok=True)
    log.write_bytes(b"")
    processes = Processes(dict(os.environ), log, include="tools.faults.counting")
    processes.start()
    dice = random.Random(options.seed)
    try:
        reports = _imports(options, folder, processes, dice)
        if reports:
            _summary(reports)
        if options.broker_jobs:
            counts = broker.run(options.broker_jobs, options.broker_restarts, processes, dice)
            print(f"broker: {counts}", flush=True)
    except Wrong as wrong:
        print(f"WRONG: {wrong}", flush=True)
        return 1
    finally:
        processes.stop()
        connection.close()
    return 0


# Imports ------------------------------------------------------------------------------------------


def _imports(
    options: argparse.Namespace, folder: Path, processes: Processes, dice: random.Random
) -> list[Report]:
    expected: dict[int, Contents] = {}
    reports: list[Report] = []
    while (left := options.kills - sum(len(report.kills) for report in reports)) > 0:
        rows = options.large if options.large and len(reports) % 20 == 12 else options.rows
        path = folder / f"花名册{rows}.xlsx"
        if rows not in expected:
            rosters.write_workbook(path, rows, regions.villages()[:VILLAGES])
            expected[rows] = _undisturbed(options.undisturbed, path, rows, processes, dice)
        kills = min(left, dice.randint(FEWEST_KILLS, MOST_KILLS))
        _fresh_database()
        report = Run(path, rows, kills, dice, processes, foreign=FOREIGN).go()
        reports.append(report)
        _compare(expected[rows], contents())
        total = sum(len(report.kills) for report in reports)
        print(
            f"import {len(reports)}: {rows} rows, {report.attempts} starts,"
            f" {report.seconds:.0f} s, longest standstill {report.standstill:.0f} s,"
            f" killed {total}: {', '.join(f'{victim}@{at}' for victim, at in report.kills)}",
            flush=True,
        )
    return reports


def _undisturbed(
    times: int, path: Path, rows: int, processes: Processes, dice: random.Random
) -> Contents:
    """The contents after an import that nothing happened to; each time the same."""
    found = []
    for _time in range(times):
        _fresh_database()
        report = Run(path, rows, 0, dice, processes).go()
        found.append(contents())
        print(f"undisturbed: {rows} rows, {report.seconds:.1f} s", flush=True)
    for other in found[1:]:
        _compare(found[0], other)
    if not found[0]["households_person"][0]:
        raise Wrong("nothing came in")
    return found[0]


def _compare(expected: Contents, found: Contents) -> None:
    different = [
        f"{table}: {expected.get(table)} → {found.get(table)}"
        for table in sorted(expected.keys() | found.keys())
        if expected.get(table) != found.get(table)
    ]
    if different:
        raise Wrong("contents differ: " + "; ".join(different))


def _summary(reports: list[Report]) -> None:
    kills = [kill for report in reports for kill in report.kills]
    print(f"{len(kills)} kills in {len(reports)} imports; every import equals the undisturbed one")
    for title, counted in (
        ("by victim", Counter(victim for victim, _place in kills)),
        ("by place", Counter(place for _victim, place in kills)),
    ):
        print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counted.most_common()))
    print(
        f"starts {sum(report.attempts for report in reports)},"
        f" longest standstill {max(report.standstill for report in reports):.0f} s",
        flush=True,
    )


# Databases ----------------------------------------------------------------------------------------


def _prepare() -> None:
    """Make the database that each import begins with: all tables, the regions, one clerk."""
    _server(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
    _server(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    _server(f"CREATE DATABASE {DATABASE}")
    manage = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(manage, cwd=PROJECT, check=True)
    regions.load_regions()
    actor = User.objects.create(
        username=ACTOR, display_name=ACTOR, role="county_officer", is_active=True
    )
    actor.regions.set(Region.objects.filter(parent=None))
    connection.close()
    _server(f"CREATE DATABASE {TEMPLATE} TEMPLATE {DATABASE}")


def _fresh_database() -> None:
    connection.close()
    for _attempt in range(30):
        try:
            _server(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            _server(f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE}")
            return
        except psycopg2.OperationalError:
            time.sleep(1)  # it recovers from the last kill
    raise Wrong("the database server does not come back")


def _server(statement: str) -> Any:
    session = psycopg2.connect(embedded.database_url("postgres"))
    session.autocommit = True
    try:
        with session.cursor() as cursor:
            cursor.execute(statement)
    finally:
        session.close()
