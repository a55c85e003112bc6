"""People at the scale of a county, loaded once for the parts that read."""

import sys

from django.core.management import call_command
from django.core.management.base import OutputWrapper

from apps.households.models import Person
from benchmarks import figures


def load(scale: str) -> None:
    """Load the fictional township or county, unless the database already has it."""
    if Person.objects.filter(source="demo").exists():
        return
    with figures.timed() as watch:
        # Standard output is for figures only.
        call_command("load_demo", f"--scale={scale}", stdout=OutputWrapper(sys.stderr))
    count = Person.objects.count()
    figures.write(
        "demo.load", count / watch.seconds, "rows/s", rows=count, seconds=round(watch.seconds, 1)
    )
