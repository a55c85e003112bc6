"""Find or install Chromium and a Chinese font for the browser tests: `python -m tools.browser`."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def executable() -> str | None:
    """Return the path of the system's Chromium (FPMS_CHROMIUM names another), or None.

    None means: Playwright's own, which its `launch()` finds without a path.
    """
    chosen = os.environ.get("FPMS_CHROMIUM")
    return chosen or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Install what is missing: Debian's packages where we may, else Playwright's Chromium."""
    missing = [] if executable() else ["chromium"]
    if not has_chinese_font():
        missing.append("fonts-noto-cjk")
    if missing and may_install_packages():
        print(f"Installing {' and '.join(missing)} …", flush=True)
        install_packages(missing)
    if not executable():
        print("Fetching Playwright's Chromium …", flush=True)
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        if subprocess.run(command, check=False).returncode:
            sys.exit("No Chromium for the browser tests: install one, or set FPMS_CHROMIUM.")
    if not has_chinese_font():
        print("No Chinese font found: screenshots will show boxes (package fonts-noto-cjk).")


def has_chinese_font() -> bool:
    """Ask fontconfig; without it there is nothing to ask and nothing to draw with."""
    if not shutil.which("fc-list"):
        return False
    answer = subprocess.run(
        ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False
    )
    return bool(answer.stdout.strip())


def may_install_packages() -> bool:
    """Say whether this is a Debian-like system and we are its root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_packages(names: list[str]) -> None:
    """Install Debian packages; a failure is not the end, for there is Playwright's Chromium."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names],
    ):
        subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    install()
