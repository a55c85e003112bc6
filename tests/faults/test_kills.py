"""A short kill test (`make faults` is the long one): what is killed costs time and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
KILLS = 6


@pytest.mark.slow
def test_imports_and_their_taking_back_survive_kills(tmp_path):
    """With servers, worker and clock of its own: nothing that other tests use is touched."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "FPMS_HOME", "DJANGO_SETTINGS_MODULE"}
    }
    options = {
        "kills": KILLS,
        "rows": 300,
        "large": 0,
        "undisturbed": 1,
        "broker-jobs": 0,
        "seed": 5,
        "home": tmp_path / "home",
    }

    done = subprocess.run(
        [sys.executable, "-m", "tools.faults", *(f"--{k}={v}" for k, v in options.items())],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{KILLS} kills in" in done.stdout
