"""Writes of the landing page and the search: only the audit log."""

from typing import Any

from apps.audit import services as audit
from apps.home.selectors import Hits
from apps.households.selectors import looks_like_number


def note_search(*, actor: Any, text: str, hits: Hits) -> None:
    """Write down that somebody searched, by what and with how many hits; not the words."""
    by = "number" if looks_like_number(text) else "name"
    audit.record("home.search.searched", actor=actor, after={"by": by, "hits": hits.count})
