"""Names of browsers."""

import pytest

from apps.core.browsers import name_of

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0.0.0"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (f"Mozilla/5.0 (Windows NT 6.1; Win64; x64) {CHROME} Safari/537.36", "Chrome 109, Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {CHROME} Safari/537.36 Edg/109.0", "Edge 109, Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0) {CHROME} Safari/537.36 QIHU 360SE", "360, Windows"),
        (f"Mozilla/5.0 (Linux; Android 10) {CHROME} MicroMessenger/8.0.4", "WeChat 8, Android"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox 128, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile Safari/604.1",
            "Safari 17, iPhone",
        ),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_browser_is_named_as_people_know_it(said: str, name: str) -> None:
    assert name_of(said) == name
