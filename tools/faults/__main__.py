"""Command line of the kill test: `python -m tools.faults --kills 200` (`make faults`).

Runs imports, takes each back and brings it in again, with servers, worker and clock of its own
(`.fpms/faults`), kills these with -9 at random moments, and demands that each of these works ends
with the very contents of an undisturbed one. Ends with an error at the first thing that may not
happen.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from fpms import embedded


def main() -> int:
    """Run it and print what was killed where; 1 when something happened that may not."""
    options = _options()
    os.environ["FPMS_HOME"] = str(options.home.resolve())
    os.environ["DATABASE_URL"] = embedded.database_url("fpms_faults")
    os.environ["REDIS_URL"] = embedded.redis_url()
    os.environ["DJANGO_SETTINGS_MODULE"] = "fpms.settings"
    with embedded.running(("postgres", "valkey")):
        # Only now: settings read the variables.
        from tools.faults import campaign

        print(f"seed {options.seed}", flush=True)
        with tempfile.TemporaryDirectory(prefix="fpms-faults-") as folder:
            return campaign.run(options, Path(folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rows", type=int, default=2_000, help="lines of most rosters")
    parser.add_argument("--large", type=int, default=20_000, help="lines of every twentieth roster")
    parser.add_argument("--undisturbed", type=int, default=2, help="imports to compare with")
    parser.add_argument("--broker-jobs", type=int, default=1_000)
    parser.add_argument("--broker-restarts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--home", type=Path, default=embedded.home() / "faults")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
