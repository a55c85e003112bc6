"""Many imports under kills, each taken back and brought in again, and what happened to them."""

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
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
from tools.faults.contents import Contents, contents, register_of  # noqa: E402
from tools.faults.processes import Processes  # noqa: E402
from tools.faults.runs import ACTOR, Import, Report, Work, Wrong  # noqa: E402
from tools.faults.undos import BringingInAgain, TakingBack  # noqa: E402

PROJECT = Path(__file__).resolve().parents[2]
DATABASE, TEMPLATE = "fpms_faults", "fpms_faults_template"
VILLAGES = 40
FEWEST_KILLS, MOST_KILLS = 6, 12
FOREIGN = 0.1
WORKS = (Import, TakingBack, BringingInAgain)


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
    expected: dict[int, list[Contents]] = {}
    reports: list[Report] = []
    while (left := options.kills - _killed(reports)) > 0:
        number = len(reports) // len(WORKS)
        rows = options.large if options.large and number % 20 == 12 else options.rows
        path = folder / f"花名册{rows}.xlsx"
        if rows not in expected:
            rosters.write_workbook(path, rows, regions.villages()[:VILLAGES])
            expected[rows] = _undisturbed(options.undisturbed, path, rows, processes, dice)
        kills = _shared(min(left, dice.randint(FEWEST_KILLS, MOST_KILLS)))
        rounds = _round(path, rows, kills, dice, processes)
        for (report, found), wanted in zip(rounds, expected[rows], strict=True):
            reports.append(report)
            _compare(wanted, found)
            print(
                f"{report.work} {number + 1}: {rows} rows, {report.attempts} starts,"
                f" {report.seconds:.0f} s, longest standstill {report.standstill:.0f} s, killed"
                f" {_killed(reports)}: {', '.join(f'{who}@{at}' for who, at in report.kills)}",
                flush=True,
            )
    return reports


def _killed(reports: Sequence[Report]) -> int:
    return sum(len(report.kills) for report in reports)


def _shared(kills: int) -> tuple[int, int, int]:
    """Half of the kills for the import, the rest for taking it back and bringing it in again."""
    others = kills // 2
    return kills - others, others - others // 2, others // 2


def _round(
    path: Path,
    rows: int,
    kills: Sequence[int],
    dice: random.Random,
    processes: Processes,
    foreign: float = FOREIGN,
) -> Iterator[tuple[Report, Contents]]:
    """Bring a roster in, take it back and bring it in again; what stands after each of them."""
    _fresh_database()
    work: Work = Import(rows, kills[0], dice, processes, foreign=foreign, path=path)
    yield work.go(), contents()
    for follows, count in zip(WORKS[1:], kills[1:], strict=True):
        work = follows(rows, count, dice, processes, foreign=foreign, batch=work.batch)
        yield work.go(), contents()


def _undisturbed(
    times: int, path: Path, rows: int, processes: Processes, dice: random.Random
) -> list[Contents]:
    """The contents after each work of a round that nothing happened to; each time the same.

    Taken back, the register is what it was before; brought in again, what the import had made.
    """
    _fresh_database()
    before = contents()
    found = []
    for _time in range(times):
        rounds = list(_round(path, rows, (0, 0, 0), dice, processes, foreign=0.0))
        found.append([stands for _report, stands in rounds])
        seconds = ", ".join(f"{report.work} {report.seconds:.1f} s" for report, _stands in rounds)
        print(f"undisturbed: {rows} rows, {seconds}", flush=True)
    for other in found[1:]:
        for one, another in zip(found[0], other, strict=True):
            _compare(one, another)
    imported, taken_back, again = found[0]
    if not imported["households_person"][0]:
        raise Wrong("nothing came in")
    _compare(register_of(before), register_of(taken_back))
    _compare(register_of(imported), register_of(again))
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
    print(
        f"{len(kills)} kills in {len(reports) // len(WORKS)} imports, each taken back and brought"
        " in again; all of them equal the undisturbed ones"
    )
    for title, counted in (
        ("by work", Counter(report.work for report in reports for _kill in report.kills)),
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
            # The copies of sequences write their next 32 numbers to the log only after it; without
            # it a crash soon after the copying would hand out the same numbers again.
            _server("CHECKPOINT")
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
