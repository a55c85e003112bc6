"""One job in a process of its own, as a worker's child does it: seconds, and memory at most.

    python -m benchmarks.fresh read 7    (or write; the number is the batch's)

Prints a list in JSON: seconds, megabytes before the work and at its peak.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

PROJECT = Path(__file__).resolve().parents[1]


class Found(NamedTuple):
    """Seconds of the work; megabytes held before it, and at most."""

    seconds: float
    before: float
    peak: float


def measure(act: str, batch_id: int) -> Found:
    """Run one job in a fresh process and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.fresh", act, str(batch_id)],
        cwd=PROJECT,
        env={**os.environ},
        stdout=subprocess.PIPE,
        check=True,
    )
    return Found(*json.loads(done.stdout))


def main(act: str, batch_id: str) -> None:
    """Do the job by Celery's entry point and print the figures."""
    import django

    django.setup()
    from apps.core import jobs
    from apps.core.choices import JobState
    from apps.core.models import Job
    from apps.core.tasks import run_job
    from apps.imports.selectors import READ_JOB, WRITE_JOB

    job: Any = jobs.open_job({"read": READ_JOB, "write": WRITE_JOB}[act], batch_id)
    before = megabytes()
    begun = time.perf_counter()
    run_job(str(job.pk))
    seconds = time.perf_counter() - begun
    if (state := Job.objects.get(pk=job.pk).state) != JobState.DONE:
        raise SystemExit(f"the job ended as {state}")
    print(json.dumps([seconds, before, megabytes()]))


def megabytes(pid: int | str = "self") -> float:
    """The most memory that a process has held; the kernel's other figure counts the parent's too,
    from before."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
