"""The small kind of roster and a media folder of its own for each test."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.imports import registry
from tests.factories.imports import TinyKind


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def tiny() -> Iterator[TinyKind]:
    """The small kind, registered for one test."""
    kind = TinyKind()
    registry.register(kind)
    yield kind
    registry.unregister(kind.name)
