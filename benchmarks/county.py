"""People at the scale of a county, loaded once for the parts that read."""

from django.core.management import call_command

from apps.households.models import Person
from benchmarks import figures


def load(scale: str) -> None:
    """Load the fictional township or county, unless the database already has it."""
    if Person.objects.filter(source="demo").exists():
        return
    with figures.timed() as watch:
        call_command("load_demo", f"--scale={scale}")
    count = Person.objects.count()
    figures.write(
        "demo.load", count / watch.seconds, "rows/s", rows=count, seconds=round(watch.seconds, 1)
    )
