"""Bring the demo's database up to date: `python -m tools.demo_data [--scale county]`.

Migrations, fictional people (once) and one user per role, whose passwords are kept in
`FPMS_HOME/demo-passwords.txt`.
"""

import argparse
import hashlib
import io
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from fpms import embedded

COUNTY, TOWNSHIP, VILLAGE = "999901000000", "999901100000", "999901100200"
REGION_OF_ROLE = {
    "village_worker": VILLAGE,
    "township_clerk": TOWNSHIP,
    "township_leader": TOWNSHIP,
    "clinic": TOWNSHIP,
    "county_officer": COUNTY,
    "auditor": COUNTY,
    "administrator": COUNTY,
}


def main() -> int:
    """Prepare the database; 1 with a message when a command refuses."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo_data", description=__doc__)
    parser.add_argument("--scale", choices=("township", "county"), default="township")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fpms.settings")
    django.setup()
    try:
        migrate()
        load_people(options.scale)
        keep_users()
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def migrate() -> None:
    """Run the migrations that are waiting, if any."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def load_people(scale: str) -> None:
    """Load the fictional people unless this database has them in full.

    The mark is made last: after a stop half-way the command goes on where it was.
    """
    if not (_mark(scale).exists() and _has_people()):
        print("Loading the fictional people …", flush=True)
        call_command("load_demo", scale=scale)
        _mark(scale).touch()


def keep_users() -> None:
    """Make the users at the first start, or again if this database does not know them."""
    path = embedded.home() / "demo-passwords.txt"
    if path.exists() and _has_users():
        return
    lines = [_user_line(role, region) for role, region in REGION_OF_ROLE.items()]
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text("".join(lines), encoding="utf-8")
    draft.replace(path)


def _user_line(role: str, region: str) -> str:
    from apps.regions.models import Region

    output = io.StringIO()
    call_command("create_demo_user", role, region=region, stdout=output)
    username, password = output.getvalue().split()
    name = Region.objects.filter(code=region).latest("pk").name
    return f"  {username:<16} {password:<24} {name}\n"


def _mark(scale: str) -> Path:
    database = settings.DATABASES["default"]
    place = f"{database['HOST']}:{database['PORT']}/{database['NAME']}"
    digest = hashlib.sha256(place.encode()).hexdigest()[:12]
    return embedded.home() / f"demo-{scale}-{digest}"


def _has_people() -> bool:
    from apps.households.models import Person

    return Person.objects.exists()


def _has_users() -> bool:
    from apps.accounts.models import User

    return User.objects.filter(username__in=REGION_OF_ROLE).count() == len(REGION_OF_ROLE)


if __name__ == "__main__":
    sys.exit(main())
