"""Run all tests: `python -m tools.test [pytest arguments]`.

Installs the browser, builds front-end files and translations, and runs pytest with the embedded
services, on as many processes as there are processors (at most four). The services are the tests'
own (`.fpms/test`), so that a demo may run beside them.
"""

import os
import sys

from fpms import embedded
from tools import browser, catalogues, frontend, with_services


def main() -> int:
    """Return pytest's exit code."""
    arguments = sys.argv[1:]
    os.environ.setdefault("FPMS_HOME", str(embedded.home() / "test"))
    browser.install()
    frontend.main()
    catalogues.compile_all()
    processes = min(4, os.cpu_count() or 1)
    command = [sys.executable, "-m", "pytest", "-n", str(processes), "--dist", "loadfile"]
    return with_services.run([*command, *arguments])


if __name__ == "__main__":
    sys.exit(main())
