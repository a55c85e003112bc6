"""Plain names for the browsers that sign in, out of what they say about themselves."""

import re

# The first that fits counts: most browsers also name those they descend from.
BROWSERS = (
    ("WeChat", r"MicroMessenger/(\d+)"),
    ("360", r"(?:QihooBrowser|QHBrowser|360SE|360EE)(?:/(\d+))?"),
    ("QQ", r"QQBrowser/(\d+)"),
    ("Edge", r"Edg(?:A|iOS)?/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Headless)?(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS|OpenHarmony"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Macintosh"),
    ("Linux", "Linux"),
)


def name_of(user_agent: str) -> str:
    """Return "Chrome 109, Windows"; what is not known stays as it was said."""
    parts = [part for part in (_browser(user_agent), _system(user_agent)) if part]
    return ", ".join(parts) or user_agent


def _browser(user_agent: str) -> str:
    for name, pattern in BROWSERS:
        found = re.search(pattern, user_agent)
        if found:
            return f"{name} {found[1] or ''}".strip()
    return ""


def _system(user_agent: str) -> str:
    return next((name for name, words in SYSTEMS if re.search(words, user_agent)), "")
