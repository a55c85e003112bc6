"""`manage.py load_regions FILE.csv`: bring the tree of divisions up to a file."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.regions import services
from apps.regions.records import RegionRecord

COLUMNS = ("code", "name", "level", "parent_code", "aliases")


class Command(BaseCommand):
    """Columns: code, name, level (province … group), parent_code, aliases (split by |)."""

    help = "Load administrative divisions from a CSV file in UTF-8; may be repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = services.load(actor=None, records=list(read(options["file"])))
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(
            f"{result.created} created, {result.updated} updated, {result.same} unchanged"
        )


def read(path: Path) -> Iterator[RegionRecord]:
    """Yield the lines of a file of divisions. Raises CommandError for a file that is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(COLUMNS[:4]) - set(reader.fieldnames or ())
            if missing:
                raise CommandError(_("Missing columns: %(names)s") % {"names": ", ".join(missing)})
            for number, row in enumerate(reader, start=2):
                yield _record(row, number)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("%(file)s cannot be read.") % {"file": path.name}) from error


def _record(row: dict[str, str | None], number: int) -> RegionRecord:
    text = {name: (row.get(name) or "").strip() for name in COLUMNS}
    return RegionRecord(
        code=text["code"],
        name=text["name"],
        kind=text["level"],
        parent_code=text["parent_code"],
        aliases=tuple(filter(None, (part.strip() for part in text["aliases"].split("|")))),
        line=number,
    )
