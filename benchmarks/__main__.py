"""`python -m benchmarks [import] [rollup] [pages]`: measure all parts or those named.

Everything happens in a database of its own, which is removed afterwards. `--rows` and `--scale`
make a run smaller while something is being tuned; the figures that count are those of the
defaults.
"""

import argparse
import sys

from benchmarks import figures
from benchmarks.databases import own_database

PARTS = ("import", "rollup", "pages")


def main() -> int:
    """Run the parts asked for and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rows", type=int, default=50_000, help="lines of the roster")
    parser.add_argument("--scale", choices=("township", "county"), default="county")
    parser.add_argument("--keep", action="store_true", help="keep the database for another run")
    options = parser.parse_args()
    parts = options.parts or PARTS
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    figures.begin()
    with own_database(keep=options.keep):
        if "import" in parts:
            from benchmarks import imports

            imports.measure(options.rows)
        if "rollup" in parts or "pages" in parts:
            from benchmarks import county

            county.load(options.scale)
        if "rollup" in parts:
            from benchmarks import rollup

            rollup.measure()
        if "pages" in parts:
            from benchmarks import pages

            pages.measure()
    return 0


if __name__ == "__main__":
    sys.exit(main())
