"""Run one command with the embedded services: `python -m tools.with_services COMMAND …`.

Services that run already (`make services`, a demo) are used and left alone.
"""

import signal
import subprocess
import sys
from types import FrameType

from fpms import embedded


def run(command: list[str], environment: dict[str, str] | None = None) -> int:
    """Run the command, pass the order to end on to it, and return its exit code."""
    with embedded.running(), subprocess.Popen(command, env=environment) as process:

        def pass_on(number: int, _frame: FrameType | None) -> None:
            process.send_signal(number)

        # The terminal sends Ctrl-C to the child too; it must only not end us first.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, pass_on)
        signal.signal(signal.SIGHUP, pass_on)
        return process.wait()


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
