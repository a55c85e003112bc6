"""Load fictional people: a township of 23 villages, or a county of 507."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.home.demo.load import load_townships

REGION_FILES = {"township": "regions.csv", "county": "regions_county.csv"}


class Command(BaseCommand):
    help = (
        "Load fictional people (township: about 30,000, county: about 600,000). "
        "Townships that have their people already are left as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=sorted(REGION_FILES), default="township")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "fixtures" / "demo" / REGION_FILES[options["scale"]]
        call_command("load_regions", str(path), stdout=self.stdout)
        count = load_townships(today=timezone.localdate(), say=self.stdout.write)
        call_command("rollup", "--full", stdout=self.stdout)
        self.stdout.write(f"{count} fictional people loaded.")
